from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from .demo_loader import ARABIC, MODULE, QUIET
from .demo_loader import NpoDemo as Base

# Whose aid in money goes through the books.
AID = "masaken"


class NpoDemo(models.AbstractModel):
    """The books of an association: its people of finance, and what it has to pay."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS npo.demo
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        demo._load_aid(AID, demo._find(f"demo_company_{AID}"))

    def _load_aid(self, code, company):
        """Hand a part of an aid in money over: finance is to post its bill."""
        self = self.with_company(company)
        self._load_accounting(code, company)
        request = self.env["npo.request"].search(
            [
                ("company_id", "=", company.id),
                ("stage_code", "=", "delivery"),
                ("service_kind", "=", "cash"),
                ("delivery_ids", "=", False),
            ],
            limit=1,
        )
        if request:
            request.partner_id.bank_ids.allow_out_payment = True
            deliverer = self._find(f"demo_user_delivery_{code}")
            request.with_user(deliverer)._deliver(
                {
                    "amount": request._remaining()[0] / 2,
                    "date": company._npo_today(),
                    "receipt_method": "signature",
                }
            )

    def _load_accounting(self, code, company):
        """Set the accounting up, and return its data; once it is, only return it."""
        data = self._read("payments")
        group = self.env.ref(f"{MODULE}.group_npo_finance_officer")
        staff = data["staff"][code].items()
        self._load_users(code, company, {role: (group, *who) for role, who in staff})
        if not company.chart_template:
            self._load_chart(company)
            company.npo_receipt_above = 5000
            self._load_bills(code, company, data["bills"])
        return data

    def _load_chart(self, company):
        """Give the association a chart of accounts that needs no other module."""
        charts = self.env["account.chart.template"].with_company(company)
        charts.try_loading("generic_coa", company=company, install_demo=False)
        company.currency_id = self.env.ref("base.SAR")
        company._npo_set_up_paying()

    def _load_bills(self, code, company, lines):
        """Enter bills of the supplier: some late, one due, one paid, one a draft."""
        bills = self._as_finance("finance", code, "account.move")
        supplier = self._find(f"demo_party_supply_{code}")
        terms = self.env.ref("account.account_payment_term_30days")
        today = company._npo_today()
        for line in lines:
            bill = bills.create(
                {
                    "move_type": "in_invoice",
                    "partner_id": supplier.id,
                    "ref": line["ref"],
                    "invoice_date": today - timedelta(days=line["days"]),
                    "date": today - timedelta(days=line["days"]),
                    "invoice_payment_term_id": terms.id,
                    "npo_date_received": "received" in line
                    and today - timedelta(days=line["received"]),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": line["label"],
                                "price_unit": line["amount"],
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            if "received" in line:
                bill.action_post()
            if "paid" in line:
                day = today - timedelta(days=line["paid"])
                self._pay_bills(code, bill, payment_date=day)

    def _as_finance(self, role, code, model):
        """Return a model as somebody of finance has it."""
        user = self._find(f"demo_user_{role}_{code}")
        return self.env[model].with_user(user).with_company(user.company_id)

    def _add_account(self, partner, number):
        """Give somebody a bank account that finance validated."""
        if number and not partner.bank_ids:
            partner.bank_ids = [Command.create({"acc_number": number})]
        partner.bank_ids.allow_out_payment = bool(number)

    # ------------------------------------------------------------
    # PAYMENT ORDERS
    # ------------------------------------------------------------

    def _settle_payout(self, code, payout, until, part=0):
        """Take a payment order to a state, by the two people of finance."""
        bill = payout.move_id
        posted = self._as_finance("finance", code, "account.move").browse(bill.id)
        if until == "void":
            orders = self._as_finance("finance", code, "npo.payout")
            orders.browse(payout.id)._cancel("رُصد خطأ في مبلغ التسوية.")
        if until in ("to_check", "to_post", "void"):
            return
        posted.action_post()
        if until == "to_pay":
            return
        self._pay_bills(code, bill, **({"amount": part} if part else {}))
        if until == "returned":
            payer = self._find(f"demo_user_cashier_{code}")
            bill._npo_partials().with_user(payer).unlink()

    def _pay_bills(self, code, bills, **vals):
        """Pay bills by Odoo's own wizard, as the one who pays does."""
        company = bills.company_id
        bank = self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        self._as_finance("cashier", code, "account.payment.register").with_context(
            active_model="account.move",
            active_ids=bills.ids,
            dont_redirect_to_payments=True,
        ).create({"journal_id": bank.id, **vals})._create_payments()
