from odoo.tests import tagged

from ..common_performance import PerformanceCommon
from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestCentreSize(PerformanceCommon, CentreCommon):
    """Statement budgets of performance.md for contacts and suggestions, two sizes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.persons = cls.env["res.partner"].create(
            [
                {"name": f"Person {number}", "company_id": cls.company.id}
                for number in range(100)
            ]
        )

    def _vals(self, model, count):
        name = "subject" if model == "npo.interaction" else "title"
        return [
            {
                name: "The rent",
                "company_id": self.company.id,
                "site_id": self.site.id,
                "channel_id": self.channel.id,
                "partner_id": person.id,
            }
            for person in self.persons[:count]
        ]

    def _records(self, model):
        return self.env[model].with_user(self.officer)

    def _at_two_sizes(self, model, action):
        counts = []
        for size in (10, 90):
            self._records(model).create(self._vals(model, size))
            action()
            counts.append(self._statements(action))
        return counts

    def test_create(self):
        """One in 22 statements, and 100 in as many: contacts and suggestions."""
        for model in ("npo.interaction", "npo.suggestion"):
            records = self._records(model)
            records.create(self._vals(model, 1))  # warm the registry's caches
            one = self._statements(
                lambda r=records, m=model: r.create(self._vals(m, 1))
            )
            many = self._statements(
                lambda r=records, m=model: r.create(self._vals(m, 100))
            )
            with self.subTest(model, one=one, many=many):
                self.assertLessEqual(one, 22)
                self.assertLessEqual(many, one + 2)

    def test_register_letters(self):
        """A hundred letters get their numbers in as many statements as one."""
        letter = self.env.ref("npo_relations.channel_letter")
        vals = self._vals("npo.interaction", 100)
        vals = [{**line, "channel_id": letter.id} for line in vals]
        letters = self._records("npo.interaction")
        letters.create(vals[:1])
        one = self._statements(lambda: letters.create(vals[:1]))
        many = self._statements(lambda: letters.create(vals))
        self.assertLessEqual(many, one + 12)

    def test_list(self):
        """The first 80 in 8 statements, whether 10 or 100 are there."""
        for model in ("npo.interaction", "npo.suggestion"):
            records = self._records(model)
            spec = self._view_spec(records, "list")
            counts = self._at_two_sizes(
                model,
                lambda r=records, s=spec: r.web_search_read([], s, limit=80),
            )
            with self.subTest(model, counts=counts):
                self.assertLessEqual(counts[1], 8)
                self.assertLessEqual(counts[1], counts[0] + 1)

    def test_form(self):
        """One contact opens in 20: 5 of them count what came of it."""
        contacts = self._records("npo.interaction")
        spec = self._view_spec(contacts, "form")
        contact = contacts.create(self._vals("npo.interaction", 1))
        self._statements(lambda: contact.web_read(spec))
        count = self._statements(lambda: contact.web_read(spec))
        self.assertLessEqual(count, 20)
