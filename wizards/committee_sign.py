from odoo import fields, models


class NpoCommitteeSign(models.TransientModel):
    """A member signs the minutes of a session (R123)."""

    _name = "npo.committee.sign"
    _description = "Signature under the Minutes"

    session_id = fields.Many2one("npo.committee.session", required=True)
    signature = fields.Binary(attachment=False)

    def action_confirm(self):
        self.ensure_one()
        self.session_id._sign(self.signature)
        self.signature = False  # it is kept under the minutes, and not here
