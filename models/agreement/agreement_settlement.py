from odoo import fields, models

from .part_mixin import NpoAgreementPartMixin

METHODS = [
    ("amicable", "Amicable settlement"),
    ("mediation", "Mediation"),
    ("conciliation", "Conciliation"),
    ("arbitration", "Arbitration"),
    ("supervisor", "Supervising body"),
    ("court", "Court"),
]


class NpoAgreementSettlement(models.Model):
    """A step by which disputes are settled, in their order (R029, R148)."""

    _name = "npo.agreement.settlement"
    _description = "Way to Settle Disputes"
    _inherit = [NpoAgreementPartMixin._name]
    _order = "sequence, id"
    _rec_name = "method"

    sequence = fields.Integer(default=10)
    method = fields.Selection(METHODS, required=True, default="amicable")
    days = fields.Integer("Working days", help="0: as long as it takes.")
    body = fields.Char("Before whom", help="Mediator, centre, court, and its place.")

    _method_uniq = models.UniqueIndex(
        "(agreement_id, method)", "This way to settle is named already."
    )
    _days_not_negative = models.Constraint(
        "CHECK (days >= 0)", "Days are not negative."
    )
