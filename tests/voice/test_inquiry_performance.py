from lxml import etree

from odoo.tests import tagged

from ..common_performance import PerformanceCommon
from .common import InquiryCommon


@tagged("post_install", "-at_install")
class TestInquiryPerformance(PerformanceCommon, InquiryCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "email": f"p{number}@example.com",
                    "company_id": cls.company.id,
                }
                for number in range(100)
            ]
        )

    def _inquiries(self):
        return self.env["npo.inquiry"].with_user(self.officer)

    def _make(self, count):
        """Return inquiries as the officer registers them."""
        return self._inquiries().create(
            [
                self._vals(partner_id=partner.id, topic_id=self.topic.id)
                for partner in self.partners[:count]
            ]
        )

    def _at_two_sizes(self, action):
        counts = []
        for size in (10, 90):
            self._make(size)
            action()
            counts.append(self._statements(action))
        return counts

    def test_create(self):
        """One inquiry with its deadline and message in 22, 100 in 60."""
        self._make(1)  # warm the registry's caches
        one = self._statements(lambda: self._make(1))
        many = self._statements(lambda: self._make(100))
        self.assertLessEqual(one, 22)
        self.assertLessEqual(many, 60)

    def test_list(self):
        """The first 80 in 8 statements at both sizes."""
        spec = self._view_spec(self._inquiries(), "list")
        counts = self._at_two_sizes(
            lambda: self._inquiries().web_search_read([], spec, limit=80)
        )
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_kanban(self):
        """The board of open inquiries in 16 statements at both sizes."""
        spec = self._view_spec(self._inquiries(), "kanban")
        counts = self._at_two_sizes(
            lambda: self._inquiries().web_read_group(
                [("stage_category", "=", "open")],
                ["stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=spec,
                unfold_read_default_limit=80,
            )
        )
        self.assertLessEqual(counts[1], 16)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_search(self):
        """What an officer types is found in 8 statements at both sizes."""
        view = self._inquiries().get_views([(False, "search")])
        arch = etree.fromstring(view["views"]["search"]["arch"])
        typed = arch.find(".//field[@name='name']").get("filter_domain")
        domain = eval(typed, {"self": "Person 7"})  # noqa: S307 - of our own view
        counts = self._at_two_sizes(
            lambda: self._inquiries().search_fetch(
                domain, ["name", "title", "partner_id"], limit=80
            )
        )
        self.assertLessEqual(counts[1], 8)
        self.assertEqual(counts[0], counts[1])

    def test_form(self):
        """One form opens in 14 statements."""
        spec = self._view_spec(self._inquiries(), "form")
        inquiry = self._make(1)
        self._statements(lambda: inquiry.web_read(spec))  # warm the caches of rules
        self.assertLessEqual(self._statements(lambda: inquiry.web_read(spec)), 14)

    def test_move(self):
        """One card dragged on in 16 statements, 100 in 60."""
        inquiries = self._make(100)
        stage = self.env["npo.stage"]._get("inquiry", "assigned")
        # warm the caches of rules
        self._statements(lambda: inquiries[0].write({"stage_id": stage.id}))
        one = self._statements(lambda: inquiries[1].write({"stage_id": stage.id}))
        many = self._statements(lambda: inquiries[2:].write({"stage_id": stage.id}))
        self.assertEqual(inquiries.stage_id, stage)
        self.assertLessEqual(one, 16)
        self.assertLessEqual(many, 60)

    def test_recompute_deadlines(self):
        """The deadlines of 100 inquiries in 25 statements."""
        inquiries = self._make(100).sudo()

        def recompute():
            inquiries._refresh_deadlines(self.company)
            self.env.flush_all()

        self.assertLessEqual(self._statements(recompute), 25)

    def test_close(self):
        """What was answered is closed by the cron in few statements, 10 or 100."""
        inquiries = self._make(100).sudo()
        for inquiry in inquiries:
            inquiry._answer("So.")
        few = self._statements(inquiries[:10].action_finish)
        many = self._statements(inquiries[10:].action_finish)
        self.assertLessEqual(many, few + 4)
