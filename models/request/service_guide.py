from odoo import fields, models


class NpoService(models.Model):
    """Which guides tell how a service is used: one without is seen (R176)."""

    _inherit = "npo.service"

    guide_ids = fields.One2many("npo.guide", "service_id", string="Guides")
