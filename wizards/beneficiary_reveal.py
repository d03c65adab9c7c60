from odoo import fields, models
from odoo.exceptions import UserError


class NpoBeneficiaryReveal(models.TransientModel):
    """Ask why a number is to be shown, and show it once."""

    _name = "npo.beneficiary.reveal"
    _description = "Show a Number"

    # whose: one of these
    beneficiary_id = fields.Many2one("npo.beneficiary")
    document_id = fields.Many2one("npo.document")
    member_id = fields.Many2one("npo.household.member")
    representative_id = fields.Many2one("npo.representative")
    assessment_id = fields.Many2one("npo.assessment")
    field_name = fields.Selection(
        [
            ("identity_number", "Identity number"),
            ("iban", "IBAN"),
            ("number", "Document number"),
            ("restricted_number", "Document number (restricted)"),
            ("instrument_number", "Instrument number"),
            ("owner_iban", "Owner's IBAN"),
        ],
        string="Number",
        required=True,
        default="identity_number",
    )
    reason = fields.Char("What it is needed for")

    def action_confirm(self):
        """Show the number in a note of the screen; the model checks and logs."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write what the number is needed for."))
        record = (
            self.document_id
            or self.member_id
            or self.representative_id
            or self.assessment_id
            or self.beneficiary_id
        )
        if not record:
            raise UserError(self.env._("Open the number from its file."))
        value = record._reveal(self.field_name, reason)
        if not value:
            raise UserError(self.env._("There is no such number on record."))
        labels = dict(self._fields["field_name"]._description_selection(self.env))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": labels[self.field_name],
                # left-to-right whatever the language
                "message": f"\u2066{value}\u2069",
                "type": "info",
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
