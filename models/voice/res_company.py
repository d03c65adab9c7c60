from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_appeal_review_days = fields.Integer(
        "Days to answer an objection",
        default=15,
        help="Within how many working days an objection is answered.",
    )
    npo_consult_days = fields.Integer(
        "Days for a unit that is asked",
        default=2,
        help="⚖ Working days in which the competent unit answers its colleague.",
    )
    npo_inquiry_close_days = fields.Integer(
        "Days until an answered inquiry is closed",
        default=7,
        help="⚖ Without a word of the person after the answer.",
    )
    npo_inquiry_reopen_days = fields.Integer(
        "Days to come back to an answer",
        default=30,
        help="⚖ How long after the answer the person may have it opened again.",
    )
    npo_no_action_days = fields.Integer(
        "Days without an action on a complaint",
        default=7,
        help="After so many days an open complaint is listed as “no action taken”.",
    )
    npo_unit_answer_days = fields.Integer(
        "Days for a unit to answer",
        default=3,
        help="Within how many working days a unit answers about a complaint.",
    )
    npo_repeat_days = fields.Integer(
        "Days in which a complaint repeats another",
        default=90,
        help="What the same person says again within these days is shown with it.",
    )
    npo_protection_months = fields.Integer(
        "Months of protection after a complaint",
        default=6,
        help="Who refuses or suspends something of a person who complained needs the"
        " approval of a manager who is not concerned. 0: no protection.",
    )

    _npo_complaint_days_positive = models.Constraint(
        "CHECK (npo_no_action_days > 0 AND npo_unit_answer_days > 0"
        " AND npo_repeat_days > 0 AND npo_protection_months >= 0)",
        "The days of complaints are one at least.",
    )
    _npo_appeal_days_positive = models.Constraint(
        "CHECK (npo_appeal_review_days > 0)",
        "An objection is answered in one day at least.",
    )
    _npo_inquiry_days_positive = models.Constraint(
        "CHECK (npo_consult_days > 0 AND npo_inquiry_close_days > 0"
        " AND npo_inquiry_reopen_days >= npo_inquiry_close_days)",
        "Units have a day to answer, people a day to reply, and may come back to an"
        " answer until it is closed at least.",
    )
