from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_reading_limit = fields.Integer(
        "Protected values within an hour",
        default=40,
        help="⚖ Whoever is shown more than this within an hour is asked what for.",
    )
    npo_copy_days = fields.Integer(
        "Days that a copy of one's data can be downloaded",
        default=14,
        help="⚖ After this it is asked for again.",
    )

    _npo_reading_limit_positive = models.Constraint(
        "CHECK (npo_reading_limit > 0)",
        "The number of values within an hour is one at least.",
    )
    _npo_copy_days_positive = models.Constraint(
        "CHECK (npo_copy_days > 0)",
        "A copy can be downloaded for one day at least.",
    )
