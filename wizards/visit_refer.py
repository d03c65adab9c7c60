from odoo import fields, models

from ..models.reception.visit import SECTIONS


class NpoVisitRefer(models.TransientModel):
    """Pass a visitor on to another section or a colleague (R104)."""

    _name = "npo.visit.refer"
    _description = "Refer a Visitor"

    visit_id = fields.Many2one("npo.visit", required=True)
    company_id = fields.Many2one(related="visit_id.company_id")
    section = fields.Selection(SECTIONS)
    user_id = fields.Many2one(
        "res.users",
        "Colleague",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', uid)]",
    )

    def action_confirm(self):
        self.ensure_one()
        self.visit_id._refer(self.section, self.user_id)
