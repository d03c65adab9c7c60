from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_small_answers = fields.Integer(
        "Fewest answers that are told",
        default=5,
        help="⚖ Of fewer answers than this nothing is told: who gave them could be"
        " worked out.",
    )

    _npo_small_answers_positive = models.Constraint(
        "CHECK (npo_small_answers > 0)",
        "The fewest answers that are told are one at least.",
    )
