from odoo import fields
from odoo.tests import freeze_time, tagged

from ..common_performance import PerformanceCommon
from .common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementPerformance(PerformanceCommon, AgreementCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suppliers = cls.env["res.partner"].create(
            [
                {"name": f"Supplier {number}", "company_id": cls.company.id}
                for number in range(90)
            ]
        )
        cls.agreement = cls._active()

    def _make(self, count):
        vals = self._vals(settlement_ids=[], state="active")
        agreements = self.env["npo.agreement"].create(
            [{**vals, "partner_id": one.id} for one in self.suppliers[:count]]
        )
        self.env.flush_all()
        return agreements

    def _model(self, name):
        return self.env[name].with_user(self.lawyer)

    def _at_two_sizes(self, action):
        counts = []
        for size in (10, 80):
            self._make(size)
            action()
            counts.append(self._statements(action))
        return counts

    def _listed(self, name, domain):
        model = self._model(name)
        spec = self._view_spec(model, "list")
        return lambda: model.web_search_read(domain, spec, limit=80)

    def test_lists(self):
        """Agreements, in force and ending, in 8 statements at both sizes."""
        for domain in ([], [("is_ending", "=", True)], [("has_file", "=", False)]):
            with self.subTest(str(domain)):
                counts = self._at_two_sizes(self._listed("npo.agreement", domain))
                self.assertLessEqual(counts[1], 8)
                self.assertLessEqual(counts[1], counts[0] + 1)

    def test_list_of_disputes(self):
        """Disputes in 8 statements."""
        for _number in range(3):
            self._dispute(self.agreement)
        action = self._listed("npo.dispute", [("is_closed", "=", False)])
        action()
        self.assertLessEqual(self._statements(action), 8)

    def test_list_of_dealings(self):
        """Dealings without an agreement in 8 statements."""
        action = self._listed("npo.agreement.exception", [])
        action()
        self.assertLessEqual(self._statements(action), 8)

    def _opened(self, record):
        model = self._model(record._name)
        own = model.browse(record.id)
        spec = self._view_spec(model, "form")
        return lambda: own.web_read(spec)

    def test_forms(self):
        """An agreement and a dispute open in 14 statements."""
        dispute = self._dispute(self.agreement)
        dispute.action_begin()
        for record in (self.agreement, dispute):
            action = self._opened(record)
            action()
            with self.subTest(record._name):
                self.assertLessEqual(self._statements(action), 14)

    def test_cron(self):
        """Eighty that are due are marked in batch; nothing is said twice."""
        self._make(80).write({"review_date": self.today})
        model = self.env["npo.agreement"]
        self.enterContext(freeze_time(fields.Datetime.now()))
        due = model.search(model._due_domain())
        self.assertEqual(len(due), 80)
        taken = self._statements(lambda: due._follow(self.company))
        self.assertLessEqual(taken, 60)
        self.assertFalse(model.search(model._due_domain()))
        self.assertLessEqual(
            self._statements(lambda: model.search(model._due_domain())), 4
        )
