from odoo import api, fields, models

from .part_mixin import NpoAgreementPartMixin


class NpoAgreementParty(models.Model):
    """Who is bound by an agreement, in what capacity, and by whose signature."""

    _name = "npo.agreement.party"
    _description = "Party of an Agreement"
    _inherit = [NpoAgreementPartMixin._name]
    _order = "id"
    _rec_name = "partner_id"

    _step_fields = frozenset({"signature", "typed_name", "date_signed", "signed_by_id"})

    partner_id = fields.Many2one(
        "res.partner", string="Party", required=True, index=True, ondelete="restrict"
    )
    is_association = fields.Boolean(compute="_compute_is_association")
    capacity = fields.Char(help="As what it is a party: owner, supplier, trainer…")
    signatory = fields.Char("Signs for it")
    signatory_capacity = fields.Char("In the capacity of")

    # signed in the portal, or by the association here
    signature = fields.Image(max_width=1024, max_height=1024, readonly=True, copy=False)
    typed_name = fields.Char("Signed by typing the name", readonly=True, copy=False)
    signed_by_id = fields.Many2one(
        "res.partner", string="Signed by", readonly=True, copy=False
    )
    date_signed = fields.Datetime("Signed on", readonly=True, copy=False)

    _party_uniq = models.UniqueIndex(
        "(agreement_id, partner_id)", "This party is named already."
    )

    @api.depends("partner_id", "company_id")
    def _compute_is_association(self):
        for party in self:
            association = party.company_id.sudo().partner_id
            party.is_association = party.partner_id == association

    def _sign(self, signature=False, typed_name=False):
        """Keep the signature of the user, who was checked by the step."""
        self.sudo().write(
            {
                "signature": signature,
                "typed_name": typed_name,
                "signed_by_id": self.env.user.partner_id.id,
                "date_signed": fields.Datetime.now(),
            }
        )
