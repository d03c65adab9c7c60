from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PayingCommon


class OrderCases:
    """One order and one draft bill, right to the halala (D01, P060–P068)."""

    def test_one_draft_bill_without_tax(self):
        """D01, P060, P061, P065: amount, account, journal, fund, payee, no tax."""
        delivery = self._hand()
        payout = delivery.payout_ids
        bill = payout.move_id
        self.assertEqual(payout.state, "to_post")
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "draft",
                    "move_type": "in_invoice",
                    "partner_id": self.file.partner_id.id,
                    "amount_total": 5000,
                    "amount_tax": 0,
                    "journal_id": self.company.npo_aid_journal_id.id,
                    "partner_bank_id": self.bank.id,
                    "ref": delivery.name,
                    "invoice_origin": delivery.name,
                    "payment_reference": payout.name,
                    "npo_payout_id": payout.id,
                }
            ],
        )
        line = bill.invoice_line_ids
        self.assertFalse(line.tax_ids)
        self.assertEqual(line.account_id, self.company.npo_aid_account_id)
        fund = str(self.company.npo_analytic_unrestricted_id.id)
        self.assertEqual(line.analytic_distribution, {fund: 100})
        self.assertFalse(bill.narration)
        texts = " ".join(filter(None, [bill.ref, line.name, bill.payment_reference]))
        self.assertNotIn(self.file.name, texts)

    def test_documents(self):
        """D01: a receipt or a journal entry, by the setting."""
        for document in ("in_receipt", "entry"):
            with self.subTest(document):
                self.company.npo_aid_document = document
                if document == "entry":
                    journal = self.company.npo_aid_journal_id.copy({"type": "general"})
                    self.company.npo_aid_journal_id = journal
                payout = self._order(amount=100)
                self.assertEqual(payout.move_id.move_type, document)
                self.assertEqual(payout.move_id.amount_total, 100)
                self._post(payout)
                self.assertEqual(payout.state, "to_pay")
                self._pay(payout)
                self.assertEqual(payout.state, "paid")

    def test_paid_by_another(self):
        """D01, P066, R158: posted by one, paid by another, the delivery is made."""
        delivery = self._hand()
        payout = self._post(delivery.payout_ids)
        self.assertEqual((payout.state, delivery.state), ("to_pay", "waiting_payment"))
        with self.assertRaises(UserError):
            self._pay(payout, self.poster)
        self._pay(payout)
        self.assertEqual(payout.move_id.payment_state, "paid")
        self.assertEqual((payout.state, delivery.state), ("paid", "delivered"))

    def test_only_once(self):
        """D01: a second order for the same file is refused."""
        delivery = self._hand()
        with self.assertRaises(UserError):
            delivery._pay_out()
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"):  # noqa: B017
            with self.env.cr.savepoint():
                delivery.payout_ids.copy({"name": "X"}).flush_recordset()
        self.assertEqual(len(delivery.payout_ids), 1)

    def test_what_is_missing_is_said(self):
        """P064: nothing is written before the journal, account, fund are there."""
        self.fund.analytic_account_id = False
        for name in ("npo_aid_journal_id", "npo_aid_account_id"):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.company[name].active = False
                with self.assertRaises(UserError):
                    self._hand()
                savepoint.rollback()
        for name in ("npo_aid_account_id", "npo_analytic_unrestricted_id"):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.company[name] = False
                with self.assertRaises(UserError):
                    self._hand()
                savepoint.rollback()
        with self.env.cr.savepoint() as savepoint:
            self.request.fund_id = False
            with self.assertRaises(UserError):
                self._hand()
            savepoint.rollback()
        self.company.purchase_lock_date = self.company._npo_today()
        with self.assertRaisesRegex(UserError, "locked"):
            self._hand()
        self.assertFalse(
            self.env["npo.payout"].search([("company_id", "=", self.company.id)])
        )

    def test_compensation_from_unrestricted_only(self):
        """P065: restricted money, an endowment and zakat pay no compensation."""
        for kind in ("restricted", "waqf", "zakat"):
            fund = self.env["npo.fund"].create(
                {
                    "name": kind,
                    "kind": kind,
                    "company_id": self.company.id,
                    "service_ids": self.service.ids,
                }
            )
            with self.subTest(kind), self.assertRaises(UserError):
                self._order(kind="compensation", fund_id=fund.id)
        payout = self._order(kind="compensation")
        self.assertEqual(payout.account_id, self.company.npo_compensation_account_id)
        self.assertEqual(payout.journal_id, self.company.npo_compensation_journal_id)

    def test_zakat_to_its_heads(self):
        """P068: zakat goes to a head of the fund, which the file names."""
        poor, needy = self.env["npo.zakat.head"].search([], limit=2)
        fund = self.env["npo.fund"].create(
            {
                "name": "Zakat",
                "kind": "zakat",
                "company_id": self.company.id,
                "zakat_head_ids": poor.ids,
            }
        )
        for head in (False, needy.id):
            with self.assertRaises(UserError):
                self._order(fund_id=fund.id, zakat_head_id=head)
        payout = self._order(fund_id=fund.id, zakat_head_id=poor.id)
        self.assertEqual(payout.analytic_account_id, self.company.npo_analytic_zakat_id)

    def test_account_is_checked(self):
        """P067: no account of one's own that is validated: it waits to be checked."""
        self.bank.allow_out_payment = False
        payout = self._order()
        self.assertEqual(payout.state, "to_check")
        self.assertFalse(payout.move_id.partner_bank_id)
        with self.assertRaises(UserError):
            self._post(payout)
        self.bank.allow_out_payment = True
        self.assertEqual(payout.state, "to_post")
        self.assertEqual(payout.move_id.partner_bank_id, self.bank)

    def test_bill_is_kept(self):
        """D01: the bill keeps payee, amount, account, journal, fund."""
        payout = self._order()
        bill = payout.move_id.with_user(self.poster)
        line = bill.invoice_line_ids
        other = self.users["officer"].partner_id
        expense = self.company.npo_compensation_account_id
        fund = str(self.company.npo_analytic_zakat_id.id)
        for record, vals in (
            (bill, {"partner_id": other.id}),
            (bill, {"npo_payout_id": False}),
            (bill, {"journal_id": self.company.npo_compensation_journal_id.id}),
            (line, {"price_unit": 4000}),
            (line, {"account_id": expense.id}),
            (line, {"analytic_distribution": {fund: 100}}),
            (line, {"quantity": 2}),
        ):
            with (
                self.subTest(str(vals)),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                record.write(vals)
        bill.write({"invoice_date_due": "2030-01-01", "ref": "X"})
        with self.assertRaises(UserError):
            bill.unlink()
        self.assertFalse(bill.copy().npo_payout_id)


@tagged("post_install", "-at_install")
class TestPayingOrderGeneric(OrderCases, PayingCommon):
    chart = "generic_coa"


@tagged("post_install", "-at_install")
class TestPayingOrderSaudi(OrderCases, PayingCommon):
    chart = "sa"
