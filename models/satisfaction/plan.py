from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .events import EVENTS

QUARTERS = [("1", "First"), ("2", "Second"), ("3", "Third"), ("4", "Fourth")]
YEARS = (2000, 2100)


class NpoOpinionPlan(models.Model):
    """How many opinions are to be asked for in a quarter, and how many came (R185)."""

    _name = "npo.opinion.plan"
    _description = "Plan of Surveys"
    _order = "year desc, quarter desc, event, id"
    _rec_name = "event"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        "Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        required=True,
        default=lambda self: self.env.company._npo_today().year,
        aggregator=None,
    )
    quarter = fields.Selection(
        QUARTERS,
        required=True,
        default=lambda self: str((self.env.company._npo_today().month + 2) // 3),
    )
    event = fields.Selection(
        EVENTS, "Questionnaire", required=True, default="after_service"
    )
    service_id = fields.Many2one(
        "npo.service", "Service", check_company=True, help="Empty: of all services."
    )
    user_id = fields.Many2one(
        "res.users",
        "In charge",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    planned = fields.Integer("Planned", required=True)
    done = fields.Integer("Received", compute="_compute_done")
    share = fields.Float("Per cent done", compute="_compute_done")
    note = fields.Text("How they are asked")

    _once = models.UniqueIndex(
        "(company_id, year, quarter, event, COALESCE(service_id, 0))",
        "This is planned for the quarter already.",
    )
    _planned_positive = models.Constraint(
        "CHECK (planned > 0)", "Plan one answer at least."
    )

    @api.depends("event", "year", "quarter")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["event"]._description_selection(self.env))
        for plan in self:
            name = names.get(plan.event, "")
            plan.display_name = f"{name} {plan.year}/{plan.quarter}"

    @api.constrains("year")
    def _check_year(self):
        for plan in self:
            if not YEARS[0] <= plan.year <= YEARS[1]:
                raise ValidationError(self.env._("This is no year."))

    def _bounds(self):
        """Return the first day of the quarter, and that of the next one."""
        first = fields.Date.to_date(f"{self.year:04}-{3 * int(self.quarter) - 2:02}-01")
        return first, first + relativedelta(months=3)

    @api.depends("company_id", "year", "quarter", "event", "service_id", "planned")
    def _compute_done(self):
        """Count the answers of all plans in one statement, in sudo: plain numbers."""
        ready = self.filtered(lambda plan: plan.year and plan.quarter)
        counts = {}
        if ready:
            spans = [plan._bounds() for plan in ready]
            rows = (
                self.env["npo.opinion.invitation"]
                .sudo()
                ._read_group(
                    [
                        ("company_id", "in", ready.company_id.ids),
                        ("is_answered", "=", True),
                        ("day", ">=", min(first for first, _end in spans)),
                        ("day", "<", max(end for _first, end in spans)),
                    ],
                    ["company_id", "day:quarter", "event", "service_id"],
                    ["__count"],
                )
            )
            counts = {(one[0].id, *one[1:3], one[3].id): one[4] for one in rows}
        for plan in self:
            first = plan._bounds()[0] if plan in ready else None
            plan.done = sum(
                count
                for (company, start, event, service), count in counts.items()
                if (company, start, event) == (plan.company_id.id, first, plan.event)
                and plan.service_id.id in (False, service)
            )
            plan.share = 100 * plan.done / plan.planned if plan.planned else 0
