from odoo.exceptions import UserError
from odoo.tests import tagged

from ..compensation.common import CompensationCommon
from .common import AccountingCommon


class CompensationCases:
    """A compensation from its approval to the money, by the one code path (D01)."""

    def _approved(self):
        case = self._asked()
        self.env["res.partner.bank"].create(
            {
                "acc_number": "SA4420000001234567891234",
                "partner_id": self.person.id,
                "allow_out_payment": True,
            }
        )
        self._approve(case)
        return case.sudo()

    def test_from_approval_to_payment(self):
        """D01, R158: one bill of what was approved; posted and paid by two others."""
        case = self._approved()
        payout = case.payout_ids
        self.assertEqual(case.stage_code, "payment")
        self.assertEqual((len(payout), payout.state), (1, "to_post"))
        self.assertEqual(payout.move_id.amount_total, case.amount_approved)
        self.assertEqual(payout.account_id, self.company.npo_compensation_account_id)
        self.assertFalse(payout.move_id.invoice_line_ids.tax_ids)
        finance = self.env.ref("npo_relations.group_npo_finance_officer")
        for name in ("claims", "grantor"):
            user = self.users[name]
            user.group_ids += finance
            with self.subTest(name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    self._post(payout, user)
        self._post(payout)
        for name in ("claims", "grantor", "poster"):
            with self.subTest(name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    self._pay(payout, self.users[name])
        self.assertEqual(case.stage_code, "payment")
        self._pay(payout)
        self.assertEqual((payout.state, case.stage_code), ("paid", "paid"))
        self.assertTrue(payout.with_user(self.payer).can_open_case)
        self.assertFalse(
            self.env["npo.duty"].search(
                [("res_model", "=", case._name), ("has_conflict", "=", True)]
            )
        )

    def test_what_it_rests_on(self):
        """D01, R158: who pays sees that it was found and agreed on, never why."""
        case = self._approved()
        evidence = case.payout_ids.with_user(self.payer).evidence
        self.assertIn("4 of 4", evidence)
        self.assertIn(self.grantor.name, evidence)
        for secret in ("shelf", "vases", self.person.name):
            self.assertNotIn(secret, evidence)

    def test_money_came_back(self):
        """D01: unpaid again, the case waits for the money again."""
        case = self._approved()
        payout = self._post(case.payout_ids)
        self._pay(payout)
        self._unreconcile(payout)
        self.assertEqual((payout.state, case.stage_code), ("returned", "payment"))
        self._pay(payout)
        self.assertEqual((payout.state, case.stage_code), ("paid", "paid"))

    def test_bill_cancelled(self):
        """D01: a void bill brings the case back to its approval, for a new order."""
        case = self._approved()
        case.payout_ids.with_user(self.poster)._cancel("The wrong amount")
        self.assertEqual(case.payout_ids.state, "void")
        self.assertEqual(case.stage_code, "approval")


@tagged("post_install", "-at_install")
class TestPayingCompensationGeneric(
    CompensationCases, AccountingCommon, CompensationCommon
):
    chart = "generic_coa"


@tagged("post_install", "-at_install")
class TestPayingCompensationSaudi(
    CompensationCases, AccountingCommon, CompensationCommon
):
    chart = "sa"
