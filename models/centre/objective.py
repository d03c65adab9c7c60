from odoo import api, fields, models
from odoo.exceptions import ValidationError

DIRECTIONS = [("high", "At least"), ("low", "At most")]


class NpoObjective(models.Model):
    """What the vision means in numbers: a measure and its target (R171)."""

    _name = "npo.objective"
    _description = "Objective of the Service"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kpi_id = fields.Many2one("npo.kpi", "Measure", required=True, ondelete="restrict")
    direction = fields.Selection(DIRECTIONS, required=True, default="high")
    target = fields.Float(required=True, digits="Product Unit")
    value_ids = fields.One2many("npo.objective.value", "objective_id", "Recorded")

    @api.constrains("target", "kpi_id")
    def _check_target(self):
        for objective in self:
            is_share = objective.kpi_id.unit == "percent"
            if objective.target < 0 or (is_share and objective.target > 100):
                raise ValidationError(
                    self.env._("The target of “%s” cannot be reached.", objective.name)
                )

    def _is_met(self, value):
        """Tell whether a value reaches the target."""
        self.ensure_one()
        return (
            value >= self.target if self.direction == "high" else value <= self.target
        )

    def _target_text(self):
        """Return the target as people read it."""
        self.ensure_one()
        directions = dict(self._fields["direction"]._description_selection(self.env))
        unit = "%" if self.kpi_id.unit == "percent" else ""
        return f"{directions[self.direction]} {self.target:g}{unit}"

    def _actuals(self, company, date_from, date_to):
        """Return {objective: (text, value, whether it is met)} of a period.

        Nothing counted is neither met nor missed: None.
        """
        # what is kept is read by others than who counts it (R079)
        kpis = self.kpi_id.with_context(npo_for_everybody=True)
        figures = kpis._figures(company, date_from, date_to)
        actuals = {}
        for objective in self:
            kpi = objective.kpi_id
            counted, kept = figures[kpi]
            value = kpi._figure_value(counted, kept)
            is_met = objective._is_met(value) if counted else None
            actuals[objective] = (kpi._figure_text(counted, kept), value, is_met)
        return actuals

    def _record_values(self, company, date_from, date_to):
        """Keep how the objectives stood in a period, as superuser."""
        day = company._npo_today()
        return self.env["npo.objective.value"].create(
            [
                {
                    "objective_id": objective.id,
                    "company_id": company.id,
                    "date": day,
                    "date_from": date_from,
                    "date_to": date_to,
                    "figure": text,
                    "value": value,
                    "target": objective.target,
                    "is_met": bool(is_met),
                }
                for objective, (text, value, is_met) in self._actuals(
                    company, date_from, date_to
                ).items()
            ]
        )


class NpoObjectiveValue(models.Model):
    """How an objective stood when it was looked at: what was said then stays."""

    _name = "npo.objective.value"
    _description = "Recorded Value of an Objective"
    _order = "date desc, id desc"
    _rec_name = "objective_id"

    objective_id = fields.Many2one(
        "npo.objective", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True, readonly=True
    )
    date = fields.Date("Recorded on", required=True, readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    figure = fields.Char("Figure of the period", readonly=True)
    value = fields.Float(readonly=True, aggregator=None)
    target = fields.Float(readonly=True, aggregator=None)
    is_met = fields.Boolean("Reached", readonly=True)
