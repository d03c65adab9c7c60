from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_reading_limit = fields.Integer(
        related="company_id.npo_reading_limit", readonly=False
    )
    npo_list_limit = fields.Integer(related="company_id.npo_list_limit", readonly=False)
    npo_copy_days = fields.Integer(related="company_id.npo_copy_days", readonly=False)
    npo_breach_hours = fields.Integer(
        related="company_id.npo_breach_hours", readonly=False
    )
    npo_breach_reminder_hours = fields.Integer(
        related="company_id.npo_breach_reminder_hours", readonly=False
    )
    npo_privacy_email = fields.Char(
        related="company_id.npo_privacy_email", readonly=False
    )
    npo_privacy_phone = fields.Char(
        related="company_id.npo_privacy_phone", readonly=False
    )
    npo_sms_agreement_id = fields.Many2one(
        related="company_id.npo_sms_agreement_id", readonly=False
    )
    npo_mail_agreement_id = fields.Many2one(
        related="company_id.npo_mail_agreement_id", readonly=False
    )
    npo_undertaking_months = fields.Integer(
        related="company_id.npo_undertaking_months", readonly=False
    )
    npo_undertaking_notice_days = fields.Integer(
        related="company_id.npo_undertaking_notice_days", readonly=False
    )
