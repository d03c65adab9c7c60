from odoo import fields, models


class NpoService(models.Model):
    """What one unit of a service costs, for budgets and ceilings (D19)."""

    _inherit = "npo.service"

    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_cost = fields.Monetary(
        "Estimated cost of one unit",
        help="Counted against budgets and ceilings where something else than money is"
        " given.",
    )

    _unit_cost_not_negative = models.Constraint(
        "CHECK (unit_cost >= 0)", "A cost cannot be negative."
    )
