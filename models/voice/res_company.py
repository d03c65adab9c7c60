from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_appeal_review_days = fields.Integer(
        "Days to answer an objection",
        default=15,
        help="Within how many working days an objection is answered.",
    )

    _npo_appeal_days_positive = models.Constraint(
        "CHECK (npo_appeal_review_days > 0)",
        "An objection is answered in one day at least.",
    )
