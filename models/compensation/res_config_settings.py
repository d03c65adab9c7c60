from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_mitigation_days = fields.Integer(
        related="company_id.npo_mitigation_days", readonly=False
    )
    npo_admission_user_ids = fields.Many2many(
        related="company_id.npo_admission_user_ids", readonly=False
    )
    npo_release_clause = fields.Text(
        related="company_id.npo_release_clause", readonly=False
    )
