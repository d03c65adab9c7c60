from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kpi import DIRECTIONS, NpoKpi


class NpoKpi(models.Model):
    """What a measure should reach (R048, R171)."""

    _inherit = NpoKpi._name

    target_ids = fields.One2many("npo.kpi.target", "kpi_id", "Targets")

    def _targets(self, company, day):
        """Return {measure: (direction, target)} as they stand on a day.

        What the association set last, from a day that has come; else what the product
        proposes. ``(False, 0)`` where nothing is aimed at.
        """
        own = self.env["npo.kpi.target"].sudo()
        own = own.search_fetch(
            [
                ("company_id", "=", company.id),
                ("kpi_id", "in", self.ids),
                ("date_from", "<=", day),
            ],
            ["kpi_id", "direction", "target"],
            order="date_from, id",
        )
        targets = {kpi: (kpi.direction, kpi.default_target) for kpi in self}
        targets |= {line.kpi_id: (line.direction, line.target) for line in own}
        return {kpi: targets[kpi] for kpi in self}

    @api.model
    def _status(self, value, direction, target):
        """Return 'met', 'missed', or False where nothing can be said.

        :param target: for 'up' and 'down' the value of the period before, or None
        """
        if value is None or target is None or not direction:
            return False
        # what is shown with one decimal is judged with no more than two
        value, target = round(value, 2), round(target, 2)
        if direction in ("at_least", "up"):
            is_met = value >= target
        else:
            is_met = value <= target
        return "met" if is_met else "missed"

    def _target_text(self, direction, target):
        """Return a target as people read it; empty where nothing is aimed at."""
        self.ensure_one()
        if not direction:
            return ""
        directions = dict(self._fields["direction"]._description_selection(self.env))
        if direction in ("up", "down"):
            return directions[direction]
        return f"{directions[direction]} {self._value_text(target)}"


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
