from odoo import fields, models


class NpoStage(models.Model):
    _inherit = "npo.stage"

    kind = fields.Selection(
        selection_add=[("data_request", "Privacy request")],
        ondelete={"data_request": "cascade"},
    )
