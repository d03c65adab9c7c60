from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import local_today
from .common import PayingCommon


@tagged("post_install", "-at_install")
class TestPayingTerms(PayingCommon):
    """When a bill is due, in which currency, and what it rests on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Supplier", "is_company": True, "company_id": cls.company.id}
        )
        cls.usual, cls.agreed = cls._term(30), cls._term(10)
        cls.vendor.with_company(
            cls.company
        ).property_supplier_payment_term_id = cls.usual

    @classmethod
    def _term(cls, days, **vals):
        return cls.env["account.payment.term"].create(
            {
                "name": f"{days} days",
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": days}
                    )
                ],
                **vals,
            }
        )

    def _agreement(self, **vals):
        agreement = self.env["npo.agreement"].create(
            {
                "title": "Supply",
                "kind": "supplier",
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "date_from": fields.Date.subtract(local_today(), days=5),
                "payment_term_id": self.agreed.id,
            }
        )
        agreement.sudo().write({"state": "active", **vals})
        return agreement

    def _bill(self, partner=None):
        return (
            self.env["account.move"]
            .with_user(self.poster)
            .with_company(self.company)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": (partner or self.vendor).id,
                    "invoice_date": local_today(),
                    "invoice_line_ids": [
                        Command.create({"name": "Rice", "price_unit": 100})
                    ],
                }
            )
        )

    def test_terms_of_the_agreement(self):
        """R160: a bill falls due as the agreement in force says."""
        bill = self._bill()
        self.assertEqual(bill.invoice_payment_term_id, self.usual)
        self.assertEqual(bill.npo_agreed_terms_id, self.usual)
        agreement = self._agreement()
        bill = self._bill()
        self.assertEqual(bill.invoice_payment_term_id, self.agreed)
        self.assertEqual(bill.npo_agreed_terms_id, self.agreed)
        due = fields.Date.add(local_today(), days=10)
        self.assertEqual(bill.invoice_date_due, due)
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.vendor.id}
        )
        self.assertEqual(self._bill(branch).invoice_payment_term_id, self.agreed)
        bill.invoice_payment_term_id = self.usual
        self.assertEqual(bill.npo_agreed_terms_id, self.agreed, "what was agreed on")
        agreement.sudo().state = "terminated"
        self.assertEqual(self._bill().invoice_payment_term_id, self.usual)

    def test_terms_of_another_day(self):
        """R160: not of an agreement that is not in force on the day of the bill."""
        self._agreement(date_to=fields.Date.subtract(local_today(), days=1))
        self.assertEqual(self._bill().invoice_payment_term_id, self.usual)

    def test_terms_statements(self):
        """R160: the terms of many bills are looked up as those of one."""
        self._agreement()
        counts = []
        for size in (1, 20):
            bills = self.env["account.move"].browse(
                [self._bill().id for _index in range(size)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            bills.mapped("npo_agreed_terms_id")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    def test_no_early_discount(self):
        """P060: terms with a discount would pay less than was approved."""
        payout = self._order()
        discount = self._term(
            20, early_discount=True, discount_percentage=2, discount_days=5
        )
        bill = payout.move_id.with_user(self.poster)
        with self.assertRaisesRegex(ValidationError, "discount"):
            with self.env.cr.savepoint():
                bill.invoice_payment_term_id = discount
        bill.invoice_payment_term_id = self.agreed
        self.assertEqual(bill.amount_total, payout.amount)

    def test_documents_in_another_currency(self):
        """D01: a receipt and an entry in another currency are paid in full, once."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": local_today(),
                "rate": 0.23,
            }
        )
        for document in ("in_receipt", "entry"):
            with self.subTest(document):
                self.company.npo_aid_document = document
                if document == "entry":
                    journal = self.company.npo_aid_journal_id.copy({"type": "general"})
                    self.company.npo_aid_journal_id = journal
                payout = self._order(currency_id=euro.id, amount=333.33)
                bill = payout.move_id
                self.assertEqual((bill.currency_id, bill.move_type), (euro, document))
                payable = bill._npo_payable_lines()
                self.assertEqual(sum(payable.mapped("amount_currency")), -333.33)
                self._post(payout)
                self._pay(payout, currency_id=euro.id)
                self.assertEqual((payout.state, payout.amount_paid), ("paid", 333.33))
                self.assertEqual(sum(payable.mapped("amount_residual")), 0)

    def test_evidence_of_an_aid(self):
        """D01, R158: what an aid rests on; no service, no ground, no name."""
        self.request.description = "For the dialysis"
        payout = self._order().with_user(self.poster)
        evidence = payout.evidence
        self.assertIn(self.request.name, evidence)
        self.assertIn("Signature", evidence)
        for secret in (
            self.file.name,
            self.file.identity_number,
            self.request.service_id.name,
            "dialysis",
        ):
            self.assertNotIn(secret, evidence)
        with self.assertRaises(AccessError):
            payout.with_user(self.users["researcher"]).read(["evidence"])
