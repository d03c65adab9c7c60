from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PDF, AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementException(AgreementCommon):
    """R146: dealings above the value that no agreement covers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.npo_agreement_threshold = 10000
        template = cls.env["account.chart.template"].with_company(cls.company)
        template.try_loading("generic_coa", company=cls.company, install_demo=False)

    def _bill(self, amount=20000, partner=None, **vals):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "company_id": self.company.id,
                "partner_id": (partner or self.supplier).id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Baskets", "price_unit": amount, "tax_ids": []}
                    )
                ],
                **vals,
            }
        )

    def _dealings(self):
        model = self.env["npo.agreement.exception"].with_user(self.manager)
        return model.search([("company_id", "=", self.company.id)])

    def test_bills(self):
        """Above the value without an agreement; not below, not a refund, not ours."""
        bill = self._bill()
        self._bill(amount=10000)
        self._bill(move_type="in_refund")
        old = self._bill(invoice_date=fields.Date.subtract(self.today, years=3))
        self.assertTrue(old.npo_needs_agreement)
        dealing = self._dealings()
        self.assertRecordValues(
            dealing,
            [
                {
                    "kind": "bill",
                    "res_id": bill.id,
                    "partner_id": self.supplier.id,
                    "amount": 20000,
                    "is_done": False,
                }
            ],
        )
        self.assertTrue(bill.npo_lacks_agreement)
        moves = self.env["account.move"]
        self.assertEqual(moves.search([("npo_lacks_agreement", "=", True)]), bill)
        self._active()
        self.env.invalidate_all()
        self.assertFalse(self._dealings())
        self.assertFalse(bill.npo_lacks_agreement)
        self.assertTrue(bill.npo_needs_agreement)

    def test_payment_order_of_ours(self):
        """What we granted ourselves is no dealing."""
        bill = self._bill()
        self.env["npo.payout"].sudo().create(self._payout_vals(bill))
        self.assertFalse(self._dealings())
        self.assertFalse(bill.npo_needs_agreement)

    def _payout_vals(self, bill):
        return {
            "name": "PAY/1",
            "company_id": self.company.id,
            "kind": "aid",
            "res_model": "npo.request",
            "res_id": 1,
            "res_name": "x",
            "partner_id": self.supplier.id,
            "payee_id": self.supplier.id,
            "currency_id": self.company.currency_id.id,
            "amount": 20000,
            "move_id": bill.id,
            "document": "in_invoice",
            "journal_id": bill.journal_id.id,
            "account_id": bill.invoice_line_ids.account_id.id,
            "analytic_account_id": self._fund_account().id,
        }

    def _fund_account(self):
        plan = self.env["account.analytic.plan"].create({"name": "Fund"})
        return self.env["account.analytic.account"].create(
            {"name": "General", "plan_id": plan.id, "company_id": self.company.id}
        )

    def test_an_agreement_that_ended(self):
        """An agreement covers the days on which it binds, no others."""
        agreement = self._active()
        bill = self._bill(invoice_date=fields.Date.subtract(self.today, days=1))
        self.assertEqual(self._dealings().res_id, bill.id)
        agreement.with_user(self.lawyer)._terminate("x")
        second = self._bill()
        self.assertEqual(set(self._dealings().mapped("res_id")), {bill.id, second.id})

    def test_warn(self):
        """With a warning it is posted, and the bill says so."""
        bill = self._bill()
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        self.assertIn("without an agreement", bill.message_ids[0].body)

    def test_block(self):
        """Refused, until the general manager allows it with a reason."""
        self.company.npo_agreement_check = "block"
        bill = self._bill()
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            bill.action_post()
        self.assertIn("no agreement in force", str(caught.exception))
        dealing = self._dealings()
        with self.assertRaises(AccessError), self.cr.savepoint():
            dealing.with_user(self.lawyer)._allow("x")
        with self.assertRaises(UserError), self.cr.savepoint():
            dealing._allow(" ")
        waivers = self.env["npo.agreement.waiver"]
        with self.assertRaises(AccessError), self.cr.savepoint():
            waivers.with_user(self.manager).create({"reason": "x"})
        waiver = dealing._allow("An emergency of one night.")
        self.assertRecordValues(
            waiver, [{"user_id": self.manager.id, "move_id": bill.id}]
        )
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        self.env.invalidate_all()
        self.assertEqual(self._dealings().waiver_id, waiver)
        self.assertFalse(bill.npo_lacks_agreement)

    def test_off(self):
        """An association may choose not to look."""
        self.company.npo_agreement_check = "off"
        self._bill().action_post()
        self.assertFalse(self._dealings())

    def _referral(self):
        file = self._new_beneficiary()
        purposes = self.env["npo.consent.purpose"]._of(self.company, codes=["share"])
        self.env["npo.consent"]._give(
            file.partner_id,
            purposes,
            self.company,
            "paper",
            proof=PDF,
            proof_name="proof.pdf",
        )
        return (
            self.env["npo.outside.referral"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "body_id": self.supplier.id,
                    "need": "A loan",
                    "is_agreed": True,
                }
            )
        )

    def test_referral(self):
        """R146: a referral to a body outside is by an agreement too."""
        self.company.npo_agreement_check = "block"
        referral = self._referral()
        self.assertFalse(referral.agreement_id)
        self.assertEqual(self._dealings().kind, "referral")
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            referral.action_send()
        self.assertIn("no agreement in force", str(caught.exception))
        agreement = self._active()
        self.env.invalidate_all()
        self.env.add_to_compute(referral._fields["agreement_id"], referral)
        self.assertEqual(referral.agreement_id, agreement)
        referral.action_send()
        self.assertEqual(referral.state, "sent")

    def test_figure(self):
        """The measure counts what needed an agreement, and what had one."""
        kpi = self.env.ref("npo_relations.kpi_dealings_without_agreement")
        first = fields.Date.subtract(self.today, days=30)
        self._bill().action_post()
        self.assertEqual(kpi._figures(self.company, first, self.today)[kpi], (1, 0))
        self._active()
        self.assertEqual(kpi._figures(self.company, first, self.today)[kpi], (1, 1))
