from odoo import fields, models


class NpoStage(models.Model):
    _inherit = "npo.stage"

    kind = fields.Selection(
        selection_add=[("dispute", "Dispute")], ondelete={"dispute": "cascade"}
    )
