from odoo import fields, models

from ..models.committee.recusal import KINDS


class NpoCommitteeInterest(models.TransientModel):
    """A member declares an interest in a request on the agenda (R124)."""

    _name = "npo.committee.interest"
    _description = "Declaration of Interest"

    item_id = fields.Many2one("npo.committee.item", required=True)
    kind = fields.Selection(KINDS, required=True, default="interest")
    note = fields.Char()

    def action_confirm(self):
        self.ensure_one()
        self.item_id._declare_interest(self.kind, self.note)
