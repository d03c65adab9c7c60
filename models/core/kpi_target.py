from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kpi import DIRECTIONS


class NpoKpiTarget(models.Model):
    """What an association wants of a measure, from a day on (⚖)."""

    _name = "npo.kpi.target"
    _description = "Target of a Measure"
    _order = "kpi_id, date_from desc, id desc"
    _rec_name = "kpi_id"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kpi_id = fields.Many2one(
        "npo.kpi", "Measure", required=True, index=True, ondelete="cascade"
    )
    unit = fields.Selection(related="kpi_id.unit")
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._npo_today(),
        help="What stood before stays the target of the days before.",
    )
    direction = fields.Selection(DIRECTIONS, required=True, default="at_least")
    target = fields.Float(digits="Product Unit", aggregator=None)

    _once_a_day = models.UniqueIndex(
        "(company_id, kpi_id, date_from)",
        "The measure has a target from this day already: change that one.",
    )

    @api.constrains("target", "kpi_id", "direction")
    def _check_target(self):
        for line in self:
            is_share = line.kpi_id.unit in ("percent", "score")
            if line.target < 0 and line.kpi_id.unit != "points":
                raise ValidationError(self.env._("A target is not below zero."))
            if is_share and line.target > 100:
                raise ValidationError(self.env._("No share is above 100%."))

    @api.onchange("kpi_id")
    def _onchange_kpi_id(self):
        if self.kpi_id.direction:
            self.direction = self.kpi_id.direction
            self.target = self.kpi_id.default_target
