from odoo import models
from odoo.fields import Command


class NpoPayout(models.Model):
    """The bill of a payment order: without a tax, from its fund, to its payee."""

    _inherit = "npo.payout"

    def _make_bills(self):
        """Make one draft bill for each order, in one step for each association."""
        moves = self.env["account.move"].with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            default_move_type=False,
        )
        for company, payouts in self.grouped("company_id").items():
            accounts = payouts._own_accounts()
            bills = moves.with_company(company).create(
                [payout._bill_vals(accounts[payout]) for payout in payouts]
            )
            for payout, bill in zip(payouts, bills, strict=True):
                payout.move_id = bill.id

    def _own_accounts(self):
        """Return {order: the payee's own validated bank account, or none} (P067)."""
        banks = self.env["res.partner.bank"].search_fetch(
            [
                ("partner_id", "in", self.payee_id.ids),
                ("allow_out_payment", "=", True),
                ("company_id", "in", [False, *self.company_id.ids]),
            ],
            ["partner_id", "company_id", "active", "allow_out_payment"],
        )
        by_owner = banks.grouped("partner_id")
        none = banks.browse()
        return {
            payout: by_owner.get(payout.payee_id, none).filtered(
                lambda bank, company=payout.company_id: (
                    not bank.company_id or bank.company_id == company
                )
            )[:1]
            for payout in self
        }

    def _bill_vals(self, bank):
        """Return the values of the bill of one order; no text in it names a person."""
        self.ensure_one()
        today = self.company_id._npo_today()
        vals = {
            "move_type": self.document,
            "npo_payout_id": self.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "partner_id": self.payee_id.id,
            "currency_id": self.currency_id.id,
            "date": today,
            "ref": self.res_name,
            "partner_bank_id": bank.id,
        }
        if self.document == "entry":
            return {**vals, "line_ids": self._entry_lines(today)}
        return {
            **vals,
            "invoice_date": today,
            "invoice_date_due": self.date_due,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "invoice_origin": self.res_name,
            "payment_reference": self.name,
            "narration": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        **self._expense_vals(),
                        "quantity": 1,
                        "price_unit": self.amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _expense_vals(self):
        return {
            "name": self._bill_label(),
            "account_id": self.account_id.id,
            "analytic_distribution": {str(self.analytic_account_id.id): 100},
        }

    def _entry_lines(self, today):
        """Return the two sides of a journal entry."""
        balance = self.currency_id._convert(
            self.amount, self.company_id.currency_id, self.company_id, today
        )
        payable = self.payee_id.with_company(
            self.company_id
        ).property_account_payable_id
        common = {"partner_id": self.payee_id.id, "currency_id": self.currency_id.id}
        return [
            Command.create(
                {
                    **common,
                    **self._expense_vals(),
                    "balance": balance,
                    "amount_currency": self.amount,
                    "tax_ids": [Command.clear()],
                }
            ),
            Command.create(
                {
                    **common,
                    "name": self.name,
                    "account_id": payable.id,
                    "balance": -balance,
                    "amount_currency": -self.amount,
                    "date_maturity": self.date_due,
                }
            ),
        ]

    def _bill_label(self):
        """Return the text of the bill's line: what it is and the case's number."""
        label = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return f"{label}: {self.res_name}"

    def _has_own_account(self):
        """Tell whether the bill goes to a validated account of the payee's own."""
        bank = self.move_id.partner_bank_id
        return bool(
            bank.active and bank.allow_out_payment and bank.partner_id == self.payee_id
        )

    def _take_accounts(self):
        """Put the payee's own account on draft bills that wait for one."""
        waiting = self.filtered(
            lambda payout: (
                payout.move_id.state == "draft" and not payout._has_own_account()
            )
        )
        for payout, bank in waiting._own_accounts().items():
            if bank:
                payout.move_id.partner_bank_id = bank
