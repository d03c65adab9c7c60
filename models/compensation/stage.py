from odoo import fields, models


class NpoStage(models.Model):
    _inherit = "npo.stage"

    kind = fields.Selection(
        selection_add=[("compensation", "Compensation")],
        ondelete={"compensation": "cascade"},
    )
