from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_reading_limit = fields.Integer(
        related="company_id.npo_reading_limit", readonly=False
    )
    npo_copy_days = fields.Integer(related="company_id.npo_copy_days", readonly=False)
