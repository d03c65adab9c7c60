from odoo import api, models
from odoo.exceptions import UserError

# What says how much of what was paid.
FIXED = {
    "debit_move_id",
    "credit_move_id",
    "amount",
    "debit_amount_currency",
    "credit_amount_currency",
}


class AccountPartialReconcile(models.Model):
    """Every payment of a bill passes here, whatever screen it came from (P066)."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        lines = self.env["account.move.line"]
        pairs = [
            (
                lines.browse(vals["debit_move_id"]).move_id,
                lines.browse(vals["credit_move_id"]).move_id,
            )
            for vals in vals_list
        ]
        bills = self.env["account.move"]
        for pair in pairs:
            for bill, other in (pair, pair[::-1]):
                if bill.sudo().npo_payout_id:
                    self._npo_check_payment(bill, other)
                    if other.reversed_entry_id != bill:
                        bills |= bill
        bills._npo_claim("pay")
        partials = super().create(vals_list)
        partials._npo_bills()._npo_follow()
        return partials

    def write(self, vals):
        if FIXED & set(vals) and self._npo_bills():
            raise UserError(
                self.env._("What was paid is not changed: undo it and enter it again.")
            )
        return super().write(vals)

    def unlink(self):
        bills = self._npo_bills()
        if any(payout.state == "void" for payout in bills.sudo().npo_payout_id):
            raise UserError(
                self.env._("This bill is void: its reversal is not undone.")
            )
        result = super().unlink()
        bills._npo_follow()
        return result

    def _npo_bills(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        return moves.filtered(lambda move: move.sudo().npo_payout_id)

    def _npo_check_payment(self, bill, other):
        """Refuse what does not pay a bill as it was approved."""
        _ = self.env._
        payout = bill.sudo().npo_payout_id
        if other.reversed_entry_id == bill:
            return
        if payout.state == "void":
            raise UserError(
                _("%s is void: nothing is owed by it any more.", payout.name)
            )
        if bill.state != "posted":
            raise UserError(_("%s is paid after it was posted.", payout.name))
        if bill.payment_state == "blocked":
            raise UserError(_("The payment of %s is blocked.", payout.name))
        if not payout._has_own_account():
            raise UserError(
                _(
                    "The bank account of %s is not validated any more: look into it"
                    " before you pay.",
                    payout.name,
                )
            )
        if other.move_type in ("in_refund", "out_refund", "out_invoice"):
            raise UserError(
                _(
                    "%s is paid with money, and not set off against another document.",
                    payout.name,
                )
            )
        payment = other.sudo().origin_payment_id
        if payment and payment._seek_for_lines()[2]:
            raise UserError(
                _(
                    "%s is paid in full: nothing of it is written off.",
                    payout.name,
                )
            )
        account = payment.partner_bank_id
        if account and account != bill.sudo().partner_bank_id:
            raise UserError(
                _("%s is paid to the bank account on its bill.", payout.name)
            )
