from odoo.tests import tagged

from ..common_performance import PerformanceCommon
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintPerformance(PerformanceCommon, ComplaintCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Person {number}", "company_id": cls.company.id}
                for number in range(100)
            ]
        )

    def _complaints(self):
        return self.env["npo.complaint"].with_user(self.handler)

    def _make(self, count):
        vals = self._vals()
        complaints = self._complaints().create(
            [{**vals, "partner_id": partner.id} for partner in self.partners[:count]]
        )
        self.env.flush_all()
        return complaints

    def _at_two_sizes(self, action):
        counts = []
        for size in (10, 90):
            self._make(size)
            action()
            counts.append(self._statements(action))
        return counts

    def test_create(self):
        """One complaint with its three deadlines in 22, 100 in 60."""
        self._make(1)
        one = self._statements(lambda: self._make(1))
        many = self._statements(lambda: self._make(100))
        self.assertLessEqual(one, 22)
        self.assertLessEqual(many, 60)

    def test_list(self):
        """The first 80 in 8 statements, whether 10 or 100 are there."""
        spec = self._view_spec(self._complaints(), "list")
        counts = self._at_two_sizes(
            lambda: self._complaints().web_search_read(
                [("is_closed", "=", False)], spec, limit=80
            )
        )
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_late(self):
        """What is late in 8 statements, counted in 1."""
        spec = self._view_spec(self._complaints(), "list")
        for name in ("is_ack_late", "is_assess_late", "is_overdue", "is_untouched"):
            domain = [(name, "=", True)]
            counts = self._at_two_sizes(
                lambda domain=domain: self._complaints().web_search_read(
                    domain, spec, limit=80
                )
            )
            counted = self._statements(
                lambda domain=domain: self._complaints().search_count(domain)
            )
            with self.subTest(name):
                self.assertLessEqual(counts[1], 8)
                # and how many days without an action are too many
                self.assertLessEqual(counted, 1 + (name == "is_untouched"))

    def test_search(self):
        """What somebody types is found in 8 statements."""
        counts = self._at_two_sizes(
            lambda: self._complaints().name_search("Person 77", limit=80)
        )
        self.assertLessEqual(counts[1], 8)

    def test_move(self):
        """One complaint moved on in 16 statements, 100 in 60."""
        complaints = self._make(100)
        stage = self.env["npo.stage"]._get("complaint", "acknowledged")
        self._statements(lambda: complaints[0].write({"stage_id": stage.id}))  # warm
        one = self._statements(lambda: complaints[1].write({"stage_id": stage.id}))
        many = self._statements(lambda: complaints[2:].write({"stage_id": stage.id}))
        self.assertTrue(all(case.stage_id == stage for case in complaints))
        self.assertLessEqual(one, 16)
        self.assertLessEqual(many, 60)

    def test_form(self):
        """One form opens in 14, and with what was done and asked in 2 more."""
        spec = self._view_spec(self._complaints(), "form")
        case = self._assessed()
        self._statements(lambda: case.web_read(spec))
        self.assertLessEqual(self._statements(lambda: case.web_read(spec)), 14)
        case._send_to_unit(self.unit, "Who was on duty?")
        case.action_ids.create({"complaint_id": case.id, "kind": "meeting"})
        self.assertLessEqual(self._statements(lambda: case.web_read(spec)), 16)
