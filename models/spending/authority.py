from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.guards import check_values

APPROVERS = [
    ("committee_chair", "Chair of the committee"),
    ("general_manager", "General manager"),
    ("board", "Board of directors"),
    ("compensation_approver", "Compensation approver"),
]
KINDS = [
    ("aid", "Decision on a support request"),
    ("over_ceiling", "Decision above a ceiling or a budget"),
    ("refusal", "Refusal that is looked at twice"),
    ("agreement", "Agreement"),
    ("compensation", "Compensation of a harmed party"),
]


class NpoAuthorityLine(models.Model):
    """A line of the authority matrix: who approves how much (P066) ⚖.

    A kind of its own for each thing that is approved by amount. Where no line says
    anything, a decision within the ceilings stands as it was taken, and one above
    them is for the general manager.
    """

    _name = "npo.authority.line"
    _description = "Authority Line"
    _order = "company_id, kind, amount_from"
    _rec_name = "approver"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, string="What", required=True, default="aid")
    amount_from = fields.Monetary("Above")
    amount_to = fields.Monetary("Up to", help="0: without end.")
    approver = fields.Selection(
        APPROVERS, string="Approved by", required=True, default="general_manager"
    )
    second_approver = fields.Selection(APPROVERS, string="And by")

    _in_order = models.Constraint(
        "CHECK (amount_from >= 0 AND (amount_to = 0 OR amount_to > amount_from))",
        "The amounts of a line go from the lower to the higher.",
    )

    @api.constrains("company_id", "kind", "amount_from", "amount_to", "active")
    def _check_overlap(self):
        for lines in (
            self.search(
                [("company_id", "in", self.company_id.ids)], order="amount_from"
            )
            .grouped(lambda line: (line.company_id, line.kind))
            .values()
        ):
            for line, following in zip(lines, lines[1:], strict=False):
                if not line.amount_to or line.amount_to > following.amount_from:
                    raise ValidationError(
                        self.env._(
                            "Two lines of the authority matrix are about the same"
                            " amounts."
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        return super().write(vals)

    @api.model
    def _for(self, company, kind, amount):
        """Return the line that an amount falls under, or none."""
        lines = self.sudo().search(
            [("company_id", "=", company.id), ("kind", "=", kind)]
        )
        return lines.filtered(
            lambda line: (
                (not line.amount_from or amount > line.amount_from)
                and (not line.amount_to or amount <= line.amount_to)
            )
        )[:1]
