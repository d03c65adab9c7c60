from odoo import api, models


class AccountPayment(models.Model):
    """A payment that names the bill of a payment order (P066)."""

    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._npo_check_going()
        return payments

    def write(self, vals):
        bills = self._npo_bills() if "state" in vals else self.env["account.move"]
        result = super().write(vals)
        if {"state", "invoice_ids"} & set(vals):
            self._npo_check_going()
            (bills | self._npo_bills())._npo_follow()
        return result

    def unlink(self):
        bills = self._npo_bills()
        result = super().unlink()
        bills._npo_follow()
        return result

    def _npo_bills(self):
        """Return the bills of orders that payments name or are reconciled with."""
        named = self.sudo().invoice_ids.filtered("npo_payout_id")
        moves = self.env["account.move"].browse(named.ids)
        return moves | self.move_id._npo_settled_bills()

    def _npo_check_going(self):
        """Who sends money for a bill pays it, with or without a journal entry."""
        going = self.filtered(lambda payment: payment.state in ("in_process", "paid"))
        named = going.sudo().invoice_ids.filtered("npo_payout_id")
        self.env["account.move"].browse(named.ids)._npo_claim("pay")
