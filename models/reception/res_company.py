from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # ⚖ what an association decides of its reception
    npo_max_companions = fields.Integer("Most companions of a visitor", default=20)
    npo_kept_hours = fields.Integer(
        "Hours a counter keeps a visitor",
        default=24,
        help="So long after the line broke a visitor is still registered.",
    )
    npo_pulse_hours = fields.Integer(
        "Hours to rate a visit",
        default=12,
        help="So long after a visit its code opens the five faces.",
    )
    npo_pulse_tries = fields.Integer(
        "Wrong rating codes in an hour",
        default=30,
        help="From one connection, which a whole waiting room may share.",
    )

    _npo_kept_hours_positive = models.Constraint(
        "CHECK (npo_kept_hours > 0)", "A counter keeps a visitor for one hour at least."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_max_companions = fields.Integer(
        related="company_id.npo_max_companions", readonly=False
    )
    npo_kept_hours = fields.Integer(related="company_id.npo_kept_hours", readonly=False)
    npo_pulse_hours = fields.Integer(
        related="company_id.npo_pulse_hours", readonly=False
    )
    npo_pulse_tries = fields.Integer(
        related="company_id.npo_pulse_tries", readonly=False
    )
