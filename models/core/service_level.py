from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import ormcache

from .kept_mixin import NpoKeptMixin

UNITS = [("hours", "Working hours"), ("days", "Working days")]
SEVERITIES = [
    ("low", "Low"),
    ("medium", "Medium"),
    ("high", "High"),
    ("critical", "Critical"),
]
# What is promised: step -> its two fields.
PROMISES = ("acknowledge", "assess", "answer")


class Promise(NamedTuple):
    """A time that is promised: how many working hours, or working days."""

    amount: int
    unit: str


class NpoServiceLevel(models.Model):
    """Within which working time people are answered (R151, glossary 17.3).

    A line without an association is what holds where the association says nothing
    else; a line without a severity holds for every severity of its kind.
    """

    _name = "npo.service.level"
    _description = "Service Level"
    _inherit = [NpoKeptMixin._name]
    _order = "kind, sequence, id"
    _rec_name = "kind"

    kind = fields.Selection(selection="_kinds", required=True)
    severity = fields.Selection(SEVERITIES, help="Empty: whatever the severity.")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for every association that says nothing else.",
    )
    acknowledge = fields.Integer("Acknowledge within", help="0: no promise.")
    acknowledge_unit = fields.Selection(UNITS, required=True, default="days")
    assess = fields.Integer("Assess within", help="0: no promise.")
    assess_unit = fields.Selection(UNITS, required=True, default="days")
    answer = fields.Integer("Answer within", required=True, default=5)
    answer_unit = fields.Selection(UNITS, required=True, default="days")

    _once = models.UniqueIndex(
        "(COALESCE(company_id, 0), kind, COALESCE(severity, ''))",
        "There is a service level for this already.",
    )
    _positive = models.Constraint(
        "CHECK (acknowledge >= 0 AND assess >= 0 AND answer > 0)",
        "A time that is promised is not negative, and an answer is always promised.",
    )

    @api.model
    def _kinds(self):
        return self.env["npo.stage"]._fields["kind"]._description_selection(self.env)

    @api.model
    @ormcache("company_id", "kind", "severity")
    def _promises(self, company_id, kind, severity):
        """Return what an association promises: {step: Promise}; {} for nothing.

        The association's own line comes first, then the one of the severity.
        """
        levels = self.sudo().search(
            [
                ("kind", "=", kind),
                ("company_id", "in", (company_id, False)),
                ("severity", "in", (severity, False)),
            ]
        )
        best = levels.sorted(lambda level: (not level.company_id, not level.severity))
        return {
            step: Promise(best[0][step], best[0][f"{step}_unit"])
            for step in PROMISES
            if best and best[0][step]
        }
