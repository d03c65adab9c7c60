from odoo import fields, models


class NpoReason(models.Model):
    _inherit = "npo.reason"

    kind = fields.Selection(
        selection_add=[("privacy", "Refusal of a privacy request")],
        ondelete={"privacy": "cascade"},
    )
