from odoo import fields, models


class ResCompany(models.Model):
    """What an association decides about its rounds and its emergencies."""

    _inherit = "res.company"

    npo_emergency_report_hours = fields.Integer(
        "Hours to report an emergency",
        default=24,
        help="⚖ Within how many hours of the clock the general manager has a report"
        " on an emergency.",
    )
    npo_photo_kb = fields.Integer(
        "Size of a photo (KB)",
        default=400,
        help="⚖ A photo of a round is scaled down to so many kilobytes at most, and"
        " keeps nothing of where it was taken.",
    )

    _npo_emergency_report_hours_positive = models.Constraint(
        "CHECK (npo_emergency_report_hours > 0)",
        "There is one hour at least to report an emergency.",
    )
    _npo_photo_kb_range = models.Constraint(
        "CHECK (npo_photo_kb BETWEEN 50 AND 5000)",
        "A photo has between 50 and 5000 kilobytes.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_emergency_report_hours = fields.Integer(
        related="company_id.npo_emergency_report_hours", readonly=False
    )
    npo_photo_kb = fields.Integer(related="company_id.npo_photo_kb", readonly=False)
