from odoo.exceptions import UserError
from odoo.tests import tagged

from ..paying.common import AccountingCommon
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationPaying(CompensationCommon, AccountingCommon):
    """D01: from the approval to the payment, through Odoo's accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.person.id,
                "acc_number": "SA0380000000608010167519",
                "allow_out_payment": True,
            }
        )

    def _approved(self, **vals):
        case = self._asked(**vals)
        self._approve(case)
        return case.sudo()

    def test_d01_one_bill(self):
        """D01: approval makes one draft bill of the amount, without tax."""
        case = self._approved()
        payout = case.payout_ids
        self.assertEqual(len(payout), 1)
        self.assertEqual(payout.amount, 3000)
        bill = payout.move_id
        self.assertEqual((bill.state, bill.amount_total), ("draft", 3000))
        self.assertFalse(bill.invoice_line_ids.tax_ids)
        self.assertEqual(bill.partner_id, self.person)

    def test_d01_followed(self):
        """D01: paid when Odoo says so, owed again when the money comes back."""
        case = self._approved()
        payout = case.payout_ids
        self._post(payout)
        self.assertEqual(case.stage_code, "payment")
        self._pay(payout)
        self.assertEqual(case.stage_code, "paid")
        self.assertEqual(len(self._told(case, "cpn_paid")), 1)
        [payment] = case._portal_payments()
        self.assertTrue(payment["is_paid"] and payment["date"])
        self._unreconcile(payout)
        self.assertEqual(case.stage_code, "payment")
        self._pay(payout)
        self.assertEqual(case.stage_code, "paid")
        case.with_user(self.claims).action_close()
        self.assertEqual(case.stage_code, "closed")

    def test_d01_void(self):
        """D01: a bill that is taken back leads to a new approval, and one new bill."""
        case = self._approved()
        first = case.payout_ids
        first.move_id.with_user(self.poster).button_cancel()
        self.assertEqual(case.stage_code, "approval")
        self.assertFalse(case.amount_approved)
        self.assertEqual(case.approval_id.state, "waiting")
        self._approve(case)
        self.assertEqual(case.stage_code, "payment")
        second = case.payout_ids - first
        self.assertEqual(len(second), 1)
        self.assertEqual((first.state, second.amount), ("void", 3000))

    def test_r158_others_pay(self):
        """R158: who proposed or approved neither posts nor pays, finance or not."""
        case = self._approved()
        bookkeeper = self.env.ref("npo_relations.group_npo_finance_officer")
        for user in (self.claims, self.grantor):
            user.group_ids += bookkeeper
            with self.subTest(user.name), self.assertRaises(UserError):
                self._post(case.payout_ids, user)
        self._post(case.payout_ids)
        for user in (self.claims, self.grantor, self.poster):
            with self.subTest(user.name), self.assertRaises(UserError):
                self._pay(case.payout_ids, user)

    def test_d01_nothing_half(self):
        """D01: where no bill can be made, nothing was approved."""
        self.company.npo_compensation_journal_id = False
        case = self._asked()
        with self.assertRaisesRegex(UserError, "not set up"), self.cr.savepoint():
            self._approve(case)
        self.assertEqual(case.stage_code, "approval")
        self.assertFalse(case.sudo().payout_ids)
