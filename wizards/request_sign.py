from odoo import fields, models


class NpoRequestSign(models.TransientModel):
    """Record a declaration that was signed on paper before the officer (R119)."""

    _name = "npo.request.sign"
    _description = "Declaration Signed on Paper"

    request_id = fields.Many2one("npo.request", required=True)
    method = fields.Selection(
        [("paper", "Signed on paper"), ("thumb", "Thumbprint with a witness")],
        required=True,
        default="paper",
    )
    witness_name = fields.Char("Name of the witness")
    scan = fields.Image("Scan of the signed page", max_width=1920, max_height=1920)
    is_seen = fields.Boolean("I saw the applicant sign", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.request_id._record_paper_signature(
            self.method, self.witness_name, self.scan
        )
