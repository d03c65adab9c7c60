from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The association's own choices (each marked ⚖ depends on law or its decision)."""

    _inherit = "res.config.settings"

    npo_short_name = fields.Char(related="company_id.npo_short_name", readonly=False)
    npo_acronym = fields.Char(related="company_id.npo_acronym", readonly=False)
    npo_slogan = fields.Char(related="company_id.npo_slogan", readonly=False)
    npo_region_id = fields.Many2one(related="company_id.npo_region_id", readonly=False)
    npo_license_no = fields.Char(related="company_id.npo_license_no", readonly=False)
    npo_supervisor = fields.Char(related="company_id.npo_supervisor", readonly=False)
    npo_stakeholder_type_ids = fields.Many2many(
        related="company_id.npo_stakeholder_type_ids", readonly=False
    )
    npo_contact_hours = fields.Char(
        related="company_id.npo_contact_hours", readonly=False
    )
    npo_identity_copy_basis = fields.Text(
        related="company_id.npo_identity_copy_basis", readonly=False
    )
    npo_file_validity_months = fields.Integer(
        related="company_id.npo_file_validity_months", readonly=False
    )
    npo_renewal_notice_days = fields.Integer(
        related="company_id.npo_renewal_notice_days", readonly=False
    )
    npo_adult_age = fields.Integer(related="company_id.npo_adult_age", readonly=False)
    npo_restudy_months = fields.Integer(
        related="company_id.npo_restudy_months", readonly=False
    )
    npo_duty_exception_months = fields.Integer(
        related="company_id.npo_duty_exception_months", readonly=False
    )
    npo_visit_in_pairs = fields.Boolean(
        related="company_id.npo_visit_in_pairs", readonly=False
    )
    npo_review_months = fields.Integer(
        related="company_id.npo_review_months", readonly=False
    )
    npo_appeal_review_days = fields.Integer(
        related="company_id.npo_appeal_review_days", readonly=False
    )
    npo_consult_days = fields.Integer(
        related="company_id.npo_consult_days", readonly=False
    )
    npo_inquiry_close_days = fields.Integer(
        related="company_id.npo_inquiry_close_days", readonly=False
    )
    npo_inquiry_reopen_days = fields.Integer(
        related="company_id.npo_inquiry_reopen_days", readonly=False
    )
    npo_work_field_ids = fields.Many2many(
        related="company_id.npo_work_field_ids", readonly=False
    )
    npo_no_action_days = fields.Integer(
        related="company_id.npo_no_action_days", readonly=False
    )
    npo_unit_answer_days = fields.Integer(
        related="company_id.npo_unit_answer_days", readonly=False
    )
    npo_repeat_days = fields.Integer(
        related="company_id.npo_repeat_days", readonly=False
    )
    npo_protection_months = fields.Integer(
        related="company_id.npo_protection_months", readonly=False
    )
    npo_small_count = fields.Integer(
        related="company_id.npo_small_count", readonly=False
    )
    npo_small_answers = fields.Integer(
        related="company_id.npo_small_answers", readonly=False
    )
    npo_answer_days = fields.Integer(
        related="company_id.npo_answer_days", readonly=False
    )
    npo_sms_enabled = fields.Boolean(
        related="company_id.npo_sms_enabled", readonly=False
    )
    npo_attestation_days = fields.Integer(
        related="company_id.npo_attestation_days", readonly=False
    )
    npo_fast_track_days = fields.Integer(
        related="company_id.npo_fast_track_days", readonly=False
    )
    npo_appeal_days = fields.Integer(
        related="company_id.npo_appeal_days", readonly=False
    )
    npo_acknowledgement_days = fields.Integer(
        related="company_id.npo_acknowledgement_days", readonly=False
    )
    npo_reminder_days = fields.Integer(
        related="company_id.npo_reminder_days", readonly=False
    )
    npo_return_days = fields.Integer(
        related="company_id.npo_return_days", readonly=False
    )
    npo_desk_days = fields.Integer(related="company_id.npo_desk_days", readonly=False)
    npo_manager_reminder_days = fields.Integer(
        related="company_id.npo_manager_reminder_days", readonly=False
    )
    npo_escalation_days = fields.Integer(
        related="company_id.npo_escalation_days", readonly=False
    )
    npo_applicant_days = fields.Integer(
        related="company_id.npo_applicant_days", readonly=False
    )
    npo_applicant_reminders = fields.Integer(
        related="company_id.npo_applicant_reminders", readonly=False
    )
    npo_silence_days = fields.Integer(
        related="company_id.npo_silence_days", readonly=False
    )
    npo_referral_days = fields.Integer(
        related="company_id.npo_referral_days", readonly=False
    )
    npo_cash_by_hand = fields.Boolean(
        related="company_id.npo_cash_by_hand", readonly=False
    )
    npo_code_minutes = fields.Integer(
        related="company_id.npo_code_minutes", readonly=False
    )
    npo_code_tries = fields.Integer(related="company_id.npo_code_tries", readonly=False)
    npo_max_upload_mb = fields.Integer(
        related="company_id.npo_max_upload_mb", readonly=False
    )
    npo_max_text = fields.Integer(related="company_id.npo_max_text", readonly=False)
    npo_help_days = fields.Integer(related="company_id.npo_help_days", readonly=False)
    npo_page_user_id = fields.Many2one(
        related="company_id.npo_page_user_id", readonly=False
    )
    npo_service_vision = fields.Text(
        related="company_id.npo_service_vision", readonly=False
    )
    npo_training_hours = fields.Float(
        related="company_id.npo_training_hours", readonly=False
    )
    npo_sample_percent = fields.Float(
        related="company_id.npo_sample_percent", readonly=False
    )
    npo_campaign_days = fields.Integer(
        related="company_id.npo_campaign_days", readonly=False
    )
    npo_internal_days = fields.Integer(
        related="company_id.npo_internal_days", readonly=False
    )
    npo_paper_rows = fields.Integer(related="company_id.npo_paper_rows", readonly=False)
    npo_centre_start = fields.Date(
        related="company_id.npo_centre_start", readonly=False
    )
    npo_page_review_date = fields.Date(
        related="company_id.npo_page_review_date", readonly=False
    )
    npo_page_review_months = fields.Integer(
        related="company_id.npo_page_review_months", readonly=False
    )
    npo_tracking_wait = fields.Integer(
        related="company_id.npo_tracking_wait", readonly=False
    )
    npo_posts_per_address = fields.Integer(
        related="company_id.npo_posts_per_address", readonly=False
    )
    npo_posts_per_contact = fields.Integer(
        related="company_id.npo_posts_per_contact", readonly=False
    )
    npo_form_seconds = fields.Integer(
        related="company_id.npo_form_seconds", readonly=False
    )
    npo_identity_lookups = fields.Integer(
        related="company_id.npo_identity_lookups", readonly=False
    )
    npo_max_files = fields.Integer(related="company_id.npo_max_files", readonly=False)
    npo_digits = fields.Selection(related="company_id.npo_digits", readonly=False)
    npo_calendar_id = fields.Many2one(
        related="company_id.resource_calendar_id",
        string="Working hours of the association",
        readonly=False,
    )
    npo_ramadan_calendar_id = fields.Many2one(
        related="company_id.npo_ramadan_calendar_id", readonly=False
    )
