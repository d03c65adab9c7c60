from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..common import local_today
from ..common_performance import PerformanceCommon
from ..paying.common import AccountingCommon
from ..portal.common import PDF
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationPerformance(PerformanceCommon, CompensationCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    def _cases(self):
        return self.env["npo.compensation"].with_user(self.claims)

    def _at_two_sizes(self, action):
        """Return the statements of an action with 10 and with 90 cases."""
        counts = []
        for size in (10, 80):
            self._cases().create([self._vals() for _number in range(size)])
            action()
            counts.append(self._statements(action))
        return counts

    def test_list(self):
        """The first 80 in 8 statements, whether 10 or 90 are there."""
        spec = self._view_spec(self._cases(), "list")
        counts = self._at_two_sizes(
            lambda: self._cases().web_search_read(
                [("is_closed", "=", False)], spec, limit=80
            )
        )
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_kanban(self):
        """The board of open cases in 16 statements at both sizes."""
        spec = self._view_spec(self._cases(), "kanban")
        counts = self._at_two_sizes(
            lambda: self._cases().web_read_group(
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
        names = ("name", "title", "partner_id")
        domain = Domain.OR([(name, "ilike", "Salma")] for name in names)
        spec = self._view_spec(self._cases(), "list")
        counts = self._at_two_sizes(
            lambda: self._cases().web_search_read(domain, spec, limit=80)
        )
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_form(self):
        """One form opens in 13 of its own, and two for each list that it shows."""
        spec = self._view_spec(self._cases(), "form")
        case = self._asked()
        lists = sum(
            case._fields[name].type in ("one2many", "many2many") for name in spec
        )
        counts = []
        for size in (0, 20):
            case._attach([(f"{size}-{number}.pdf", PDF) for number in range(size)])
            self._statements(lambda: case.web_read(spec))
            counts.append(self._statements(lambda: case.web_read(spec)))
        self.assertLessEqual(counts[1], 13 + 2 * lists)
        self.assertEqual(*counts)

    def test_approve(self):
        """One approval, without the bill, in 25 statements."""
        self._without_accounting()
        first, second = self._asked(), self._asked()
        self._statements(lambda: self._approve(first))
        approval = second.sudo().approval_id.with_user(self.grantor)
        count = self._statements(lambda: approval._answer(True, "Fair."))
        self.assertEqual(second.stage_code, "payment")
        self.assertLessEqual(count, 25)


@tagged("post_install", "-at_install")
class TestCompensationBillPerformance(
    PerformanceCommon, CompensationCommon, AccountingCommon
):
    """What the approval costs beside the statements of Odoo's own bill (D01)."""

    def test_approve_with_bill(self):
        """Approved, ordered and billed; a bill of the same alone takes core 40."""
        company = self.company
        bills = (
            self.env["account.move"]
            .with_company(company)
            .with_context(tracking_disable=True, mail_create_nolog=True)
        )
        vals = {
            "move_type": "in_invoice",
            "partner_id": self.person.id,
            "invoice_date": local_today(),
            "journal_id": company.npo_compensation_journal_id.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "price_unit": 3000,
                        "account_id": company.npo_compensation_account_id.id,
                        "tax_ids": [Command.clear()],
                        "analytic_distribution": {
                            str(company.npo_analytic_unrestricted_id.id): 100
                        },
                    }
                )
            ],
        }
        bills.create(vals)
        core = self._statements(lambda: bills.create(vals))
        first, second = self._asked(), self._asked()
        self._statements(lambda: self._approve(first))
        count = self._statements(lambda: self._approve(second))
        self.assertEqual(len(second.sudo().payout_ids.move_id), 1)
        self.assertLessEqual(count - core, 30, (count, core))
