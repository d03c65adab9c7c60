from odoo import api, fields, models

from ..core.immutable_mixin import NpoImmutableMixin


class NpoDeclaration(models.Model):
    """The applicant's signed word that the data is correct (R117–R121).

    Drawn in the portal, or recorded by the officer from paper, with a witness for who
    cannot write. It is kept with a digest of what was declared: when that changes
    later, the declaration no longer counts and is asked for again.
    """

    _name = "npo.declaration"
    _description = "Declaration"
    _inherit = [NpoImmutableMixin._name]
    _order = "id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    text = fields.Text("Declaration", required=True)
    method = fields.Selection(
        [
            ("portal", "Signed in the portal"),
            ("paper", "Signed on paper"),
            ("thumb", "Thumbprint with a witness"),
        ],
        required=True,
    )
    signer_id = fields.Many2one("res.partner", string="Signed by", required=True)
    signature = fields.Image(max_width=1024, max_height=1024)
    typed_name = fields.Char(
        "Signed by typing the name", help="In the portal, by who cannot draw."
    )
    date_signed = fields.Datetime("Signed on", required=True)
    ip_address = fields.Char("From the address", groups="base.group_system")
    witness_name = fields.Char("Witness")
    recorded_by_id = fields.Many2one("res.users", string="Recorded by")
    digest = fields.Char(required=True)
    is_valid = fields.Boolean("In force", default=True)

    @api.model
    def _immutable_refusal(self):
        # OVERRIDE npo.immutable.mixin
        return self.env._("A signed declaration is not changed.")
