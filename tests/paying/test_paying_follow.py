from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import local_today
from .common import PayingCommon


class FollowCases:
    """The order follows its bill by every path, and by no other (D01, R158)."""

    def _delivery(self, payout):
        return self.env["npo.delivery"].browse(payout.res_id)

    # ------------------------------------------------------------
    # PAID, IN PART, BACK
    # ------------------------------------------------------------

    def test_part_payments(self):
        """D01: in part until the last halala, then paid."""
        payout = self._post(self._order())
        self._pay(payout, amount=4999.99)
        self.assertEqual((payout.state, payout.amount_paid), ("partial", 4999.99))
        self.assertEqual(self._delivery(payout).state, "waiting_payment")
        self._pay(payout)
        self.assertEqual((payout.state, payout.amount_paid), ("paid", 5000))
        self.assertEqual(self._delivery(payout).state, "delivered")
        self.assertTrue(payout.date_paid)

    def test_no_write_off(self):
        """D01: less than all, written off, is not paid in full."""
        payout = self._post(self._order())
        with self.assertRaisesRegex(UserError, "written off"):
            self._pay(
                payout,
                amount=4000,
                payment_difference_handling="reconcile",
                writeoff_account_id=self.company.npo_aid_account_id.id,
            )

    def test_payment_undone(self):
        """D01: an undone reconciliation is money that came back, with a task."""
        payout = self._post(self._order())
        self._pay(payout)
        self._unreconcile(payout)
        self.assertEqual(payout.state, "returned")
        self.assertEqual(self._delivery(payout).state, "waiting_payment")
        self.assertTrue(payout.activity_ids)
        self.assertFalse(payout.date_paid)
        self._pay(payout)
        self.assertEqual(payout.state, "paid")
        self.assertEqual(self._delivery(payout).state, "delivered")

    def test_payment_cancelled_and_drafted(self):
        """D01: a cancelled payment pays nothing; nor does one that is a draft again."""
        payout = self._post(self._order())
        payment = self._pay(payout)
        payment.action_draft()
        self.assertEqual(payout.state, "returned")
        payment.with_user(self.payer).action_post()
        self.assertEqual(payout.state, "paid")
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(payout.state, "returned")
        self.assertFalse(payout.move_id._npo_partials())

    def test_payment_without_entry(self):
        """D01: a payment that books nothing settles nothing."""
        payout = self._post(self._order())
        payment = (
            self.env["account.payment"]
            .with_user(self.payer)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "supplier",
                    "partner_id": payout.payee_id.id,
                    "amount": 5000,
                    "journal_id": self.bank_journal.id,
                    "invoice_ids": [Command.link(payout.move_id.id)],
                }
            )
        )
        payment.outstanding_account_id = False
        payment.action_post()
        self.assertFalse(payment.move_id)
        self.assertEqual(payout.move_id.payment_state, "paid")
        self.assertEqual(payout.state, "to_pay")

    def test_bank_statement(self):
        """D01: a line of the bank's statement pays it."""
        payout = self._post(self._order())
        accountant = self._colleague("accountant", "finance_officer")
        line = (
            self.env["account.bank.statement.line"]
            .with_user(accountant)
            .create(
                {
                    "journal_id": self.bank_journal.id,
                    "amount": -5000,
                    "payment_ref": "Transfer",
                    "partner_id": payout.payee_id.id,
                    "date": local_today(),
                }
            )
        )
        payable = payout.move_id.with_user(accountant)._npo_payable_lines()
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = payable.account_id
        (suspense + payable).reconcile()
        self.assertEqual(payout.state, "paid")

    # ------------------------------------------------------------
    # VOID
    # ------------------------------------------------------------

    def test_draft_and_posted_bill_cancelled(self):
        """D01: a cancelled bill is void, and what was granted may be granted anew."""
        for post in (False, True):
            with self.subTest(post=post):
                payout = self._order()
                if post:
                    self._post(payout)
                payout.move_id.with_user(self.poster).button_cancel()
                self.assertEqual(payout.state, "void")
                self.assertTrue(payout.void_reason)
                delivery = self._delivery(payout)
                self.assertEqual(delivery.state, "planned")
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    payout.move_id.button_draft()
                delivery._end("cancelled", "Test")

    def test_credit_note(self):
        """D01: a credit note for all of it makes it void, one for a part is refused."""
        payout = self._post(self._order())
        bill = payout.move_id.with_user(self.poster)
        part = bill._reverse_moves([{"invoice_date": local_today()}])
        part.invoice_line_ids.price_unit = 1000
        with self.assertRaises(UserError), self.env.cr.savepoint():
            part.action_post()
        self.assertEqual(payout.state, "to_pay")
        part.unlink()
        bill._reverse_moves([{"invoice_date": local_today()}], cancel=True)
        self.assertEqual(payout.state, "void")
        self.assertEqual(self._delivery(payout).state, "planned")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._unreconcile(payout)

    def test_paid_is_not_undone_by_the_way(self):
        """D01: what was paid is neither cancelled, reversed nor a draft again."""
        payout = self._post(self._order())
        self._pay(payout, amount=1000)
        bill = payout.move_id
        for step in (bill.button_cancel, bill.button_draft, bill._reverse_moves):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                step()
        self.assertEqual(payout.state, "partial")

    def test_reset_to_draft(self):
        """D01: posted and unpaid, it may be a draft again, and is posted again."""
        payout = self._post(self._order())
        payout.move_id.with_user(self.poster).button_draft()
        self.assertEqual(payout.state, "to_post")
        self._post(payout)
        self.assertEqual(payout.state, "to_pay")

    def test_blocked(self):
        """D01: a blocked payment is marked, and not made."""
        payout = self._post(self._order())
        payout.move_id.action_toggle_block_payment()
        self.assertEqual((payout.state, payout.is_blocked), ("to_pay", True))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._pay(payout)
        payout.move_id.action_toggle_block_payment()
        self.assertFalse(payout.is_blocked)
        self._pay(payout)
        self.assertEqual(payout.state, "paid")

    # ------------------------------------------------------------
    # CURRENCY, ACCOUNTS, PERIODS
    # ------------------------------------------------------------

    def test_another_currency(self):
        """D01: paid when nothing is left in its currency, whatever the rates did."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        today = local_today()
        for days, rate in ((30, 0.25), (0, 0.2)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "name": fields.Date.subtract(today, days=days),
                    "rate": rate,
                }
            )
        payout = self._order(currency_id=euro.id, amount=1000)
        bill = payout.move_id
        bill.invoice_date = fields.Date.subtract(today, days=20)
        self.assertEqual((bill.currency_id, bill.amount_total), (euro, 1000))
        self._post(payout)
        self._pay(payout, payment_date=today, currency_id=euro.id)
        self.assertEqual(payout.state, "paid")
        exchange = bill._npo_partials().exchange_move_id
        self.assertTrue(exchange, "the rates moved")
        self._unreconcile(payout)
        self.assertEqual(payout.state, "returned")

    def test_account_archived_after_the_bill(self):
        """D01: an account that is archived keeps the bill from being posted."""
        payout = self._order()
        payout.account_id.active = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._post(payout)
        self.assertEqual(payout.state, "to_post")
        payout.account_id.active = True
        self._post(payout)
        payout.account_id.active = False
        self._pay(payout)
        self.assertEqual(payout.state, "paid")

    def test_period_locked_after_the_bill(self):
        """D01: Odoo enters it on the first open day; the amount stays."""
        payout = self._order()
        today = self.company._npo_today()
        payout.move_id.date = fields.Date.subtract(today, days=40)
        lock = fields.Date.subtract(today, days=10)
        self.company.purchase_lock_date = lock
        self._post(payout)
        self.assertGreater(payout.move_id.date, lock)
        self.assertEqual((payout.state, payout.move_id.amount_total), ("to_pay", 5000))

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_who_posts_and_pays(self):
        """R158, P066: neither who granted, handed over or posted, nor a cron."""
        payout = self._order()
        bill = payout.move_id
        finance = self.env.ref("npo_relations.group_npo_finance_officer")
        for name in ("deliverer", "chair", "officer", "grantor", "claims", "manager"):
            with self.subTest(name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    bill.with_user(self.users[name]).action_post()
        for name in ("deliverer", "chair"):  # with the group too: it is the person
            self.users[name].group_ids = [Command.link(finance.id)]
            with self.subTest(name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    bill.with_user(self.users[name]).action_post()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            bill.with_user(SUPERUSER_ID).action_post()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            bill.with_user(self.users["chair"]).sudo().write({"state": "posted"})
        self._post(payout)
        for user in (self.poster, self.users["deliverer"], self.users["chair"]):
            with self.subTest(user.name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    self._pay(payout, user)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._pay(payout, self.env.user)
        self._pay(payout)
        duties = self.env["npo.duty"].search([("res_model", "=", "npo.delivery")])
        self.assertEqual(
            {(duty.duty, duty.user_id) for duty in duties},
            {("post", self.poster), ("pay", self.payer)},
        )

    def test_one_person_where_allowed(self):
        """P066: an association may let one person post and pay."""
        self.company.npo_post_pay_apart = False
        payout = self._post(self._order())
        self._pay(payout, self.poster)
        self.assertEqual(payout.state, "paid")

    def test_paid_by_a_call(self):
        """R158: states, links and amounts are not written by a call."""
        payout = self._post(self._order())
        bill = payout.move_id.with_user(self.payer)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            bill.write({"payment_state": "paid"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            payout.with_user(self.payer).write({"state": "paid"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["account.move"].with_user(self.payer).create(
                {
                    "move_type": "in_invoice",
                    "partner_id": payout.payee_id.id,
                    "npo_payout_id": payout.id,
                }
            )
        other = self._order_again()
        self.assertFalse(other.npo_payout_id)

    def _order_again(self):
        return (
            self.env["account.move"]
            .with_user(self.payer)
            .create({"move_type": "in_invoice", "partner_id": self.file.partner_id.id})
        )

    def test_account_of_another(self):
        """P067: another's account is refused; a new one of one's own is taken."""
        payout = self._order()
        stranger = self.env["res.partner.bank"].create(
            {
                "acc_number": "SA4420000001234567891234",
                "partner_id": self.users["officer"].partner_id.id,
                "allow_out_payment": True,
            }
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            payout.move_id.partner_bank_id = stranger
        self._post(payout)
        self.bank.sudo().allow_out_payment = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._pay(payout)

    def test_tax_by_an_accountant(self):
        """P060: a tax lies within what was approved, with an accountant's reason."""
        payout = self._order()
        tax = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("amount", "=", 15),
            ],
            limit=1,
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            payout.move_id.invoice_line_ids.tax_ids = tax
        with self.assertRaises(UserError), self.env.cr.savepoint():
            payout.with_user(self.poster)._put_tax(tax, "A supply after all")
        accountant = self._colleague("accountant", "finance_officer")
        payout.with_user(accountant)._put_tax(tax, "A supply after all")
        self.assertEqual(payout.move_id.amount_total, 5000)
        self.assertTrue(payout.move_id.amount_tax)


@tagged("post_install", "-at_install")
class TestPayingFollowGeneric(FollowCases, PayingCommon):
    chart = "generic_coa"


@tagged("post_install", "-at_install")
class TestPayingFollowSaudi(FollowCases, PayingCommon):
    chart = "sa"
