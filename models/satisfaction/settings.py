from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_opinion_reminder_days = fields.Integer(
        related="company_id.npo_opinion_reminder_days", readonly=False
    )
    npo_opinion_rest_days = fields.Integer(
        related="company_id.npo_opinion_rest_days", readonly=False
    )
    npo_opinion_window_days = fields.Integer(
        related="company_id.npo_opinion_window_days", readonly=False
    )
    npo_opinion_visit_share = fields.Integer(
        related="company_id.npo_opinion_visit_share", readonly=False
    )
    npo_opinion_low_score = fields.Float(
        related="company_id.npo_opinion_low_score", readonly=False
    )
    npo_opinion_recovery_days = fields.Integer(
        related="company_id.npo_opinion_recovery_days", readonly=False
    )
    npo_opinion_anonymous = fields.Boolean(
        related="company_id.npo_opinion_anonymous", readonly=False
    )
    npo_opinion_needs_consent = fields.Boolean(
        related="company_id.npo_opinion_needs_consent", readonly=False
    )
