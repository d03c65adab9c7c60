from odoo import models
from odoo.exceptions import UserError, ValidationError

# Lines that Odoo derives, and those that a person enters as text.
DERIVED = ("payment_term", "tax")
TEXTS = ("line_section", "line_subsection", "line_note")


class NpoPayout(models.Model):
    """What a bill keeps of its payment order, whoever changes it (D01, P060)."""

    _inherit = "npo.payout"

    def _check_bills(self):
        """Raise where a bill is not what was approved."""
        for payout in self:
            differs = payout._differs()
            if differs:
                raise ValidationError(
                    self.env._(
                        "The bill of %(order)s is not what was approved: %(what)s."
                        " Its dates, its texts and the payee’s bank account can be"
                        " changed; for anything else cancel it, with a reason.",
                        order=payout.name,
                        what=differs,
                    )
                )

    def _differs(self):
        """Return in what the bill differs from the order; False when in nothing."""
        self.ensure_one()
        _ = self.env._
        bill = self.move_id
        if not bill or bill.npo_payout_id != self:
            return _("it has another bill, or none")
        for label, found, approved in (
            (_("payee"), bill.partner_id, self.payee_id),
            (_("association"), bill.company_id, self.company_id),
            (_("currency"), bill.currency_id, self.currency_id),
            (_("journal"), bill.journal_id, self.journal_id),
            (_("kind of document"), bill.move_type, self.document),
        ):
            if found != approved:
                return label
        if self.currency_id.compare_amounts(bill.amount_total, self.amount):
            return _("amount")
        bank = bill.partner_bank_id
        if bank and bank.partner_id != self.payee_id:
            return _("a bank account of somebody else")
        if bill.auto_post != "no":
            return _("it would be posted by itself")
        if bill.invoice_payment_term_id.early_discount:
            return _("terms with a discount")
        return self._lines_differ(bill)

    def _lines_differ(self, bill):
        _ = self.env._
        fund = {str(self.analytic_account_id.id): 100}
        lines = bill.line_ids.filtered(lambda line: line.display_type not in TEXTS)
        for line in lines:
            if line.partner_id != self.payee_id:
                if line.partner_id != self.payee_id.commercial_partner_id:
                    return _("payee")
            is_payable = line.account_type == "liability_payable"
            if line.display_type in DERIVED or is_payable:
                continue
            if line.display_type != "product" or line.account_id != self.account_id:
                return _("account")
            if line.analytic_distribution != fund:
                return _("fund")
            if line.tax_ids and not self.tax_reason:
                return _("a tax, without an accountant’s reason")
        return False

    def _put_tax(self, taxes, reason):
        """Put a tax on the draft bill: an accountant answers for it, with a reason.

        The total stays what was approved, so the tax lies within it (P060).
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_user"):
            raise UserError(self.env._("A tax on a payment is for an accountant."))
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason first."))
        if self.document == "entry" or self.move_id.state != "draft":
            raise UserError(self.env._("A tax is put on a draft bill."))
        payout = self.sudo()
        with payout.move_id._npo_kept():
            payout.tax_reason = reason if taxes else False
            payout.move_id.invoice_line_ids.tax_ids = taxes
            payout._fit_total()

    def _fit_total(self):
        """Set the price of the line so that the total is what was approved."""
        line = self.move_id.invoice_line_ids
        line.price_unit = self.amount
        total = self.move_id.amount_total
        if self.currency_id.compare_amounts(total, self.amount):
            line.price_unit = self.amount * self.amount / total
