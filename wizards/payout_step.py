from odoo import fields, models


class NpoPayoutStep(models.TransientModel):
    """A step on a payment order that needs its reason: cancel it, put a tax on it."""

    _name = "npo.payout.step"
    _description = "Step of a Payment Order"

    payout_id = fields.Many2one("npo.payout", required=True)
    company_id = fields.Many2one(related="payout_id.company_id", related_sudo=False)
    step = fields.Selection([("void", "Cancel"), ("tax", "Put a tax")], required=True)
    reason = fields.Char(required=True)
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        domain="[('company_id', 'parent_of', company_id),"
        " ('type_tax_use', '=', 'purchase')]",
    )

    def action_confirm(self):
        """Take the step; the order checks who may."""
        self.ensure_one()
        if self.step == "void":
            self.payout_id._cancel(self.reason)
        else:
            self.payout_id._put_tax(self.tax_ids, self.reason)
