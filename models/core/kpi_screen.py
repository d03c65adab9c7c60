import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.periods import before, period_label, period_of, periods
from .kpi import NpoKpi

# Who reads figures of the association that are not their own work.
READERS = ",".join(
    f"npo_relations.group_npo_{role}"
    for role in (
        "centre_officer",
        "governance_officer",
        "general_manager",
        "auditor",
    )
)
MONTHS = 13


class NpoKpi(models.Model):
    """What the form of a measure shows of the user's association."""

    _inherit = NpoKpi._name

    aim = fields.Char("Target", compute="_compute_aim")
    figure_month = fields.Char(
        "Until today", compute="_compute_figures", groups=READERS
    )
    figure_before = fields.Char(
        "The month before", compute="_compute_figures", groups=READERS
    )
    trend_graph = fields.Text(compute="_compute_trend_graph", groups=READERS)

    @api.depends("direction", "default_target", "unit", "target_ids.target")
    @api.depends_context("company", "lang")
    def _compute_aim(self):
        company = self.env.company
        targets = self._origin._targets(company, company._npo_today())
        for kpi in self:
            aim = targets.get(kpi._origin, (kpi.direction, kpi.default_target))
            kpi.aim = kpi._target_text(*aim)

    @api.depends_context("company", "lang")
    def _compute_figures(self):
        company = self.env.company
        month = period_of("month", company._npo_today())
        last = before("month", *month)
        trend = self._origin._trend(company, [last, month], kept=True)
        for kpi in self:
            figures = trend.get(kpi._origin, [(0, None), (0, None)])
            texts = [kpi._told_text(figure, company) for figure in figures]
            kpi.figure_before, kpi.figure_month = texts

    def _told_text(self, figure, company):
        """Return a figure in words; the opinion of too few is not told."""
        if not self._is_told(figure, company):
            return self.env._("Not enough data")
        return self._figure_text(*figure)

    @api.depends_context("company", "lang")
    def _compute_trend_graph(self):
        """Return the closed months that are kept, as the graph widget wants them."""
        company = self.env.company
        months = periods("month", company._npo_today(), MONTHS)[:-1]
        reported = self._origin._reported(company, months)
        lang = self.env.lang or "ar"
        for kpi in self:
            points = []
            for place, month in enumerate(months):
                figure = reported.get((kpi._origin, place), (0, None))
                value = kpi._figure_value(*figure)
                if value is not None:
                    label = period_label("month", *month, lang=lang)
                    points.append({"x": label, "y": round(value, 2), "name": label})
            graph = [{"values": points, "title": "", "key": kpi.name, "area": False}]
            kpi.trend_graph = json.dumps(graph) if len(points) > 1 else False

    def _check_figures_reader(self):
        """Raise unless the user reads figures that are not their own work."""
        if not self.env.su and not self.env.user.has_groups(READERS):
            raise AccessError(
                self.env._(
                    "The figures are for the centre, governance, management and"
                    " internal audit."
                )
            )
        self.check_access("read")

    def action_records(self):
        """Open the records of this month behind the number, with one's own rights."""
        self._check_figures_reader()
        self.ensure_one()
        self._check_records_readable()
        company = self.env.company
        return self._open_records(company, *period_of("month", company._npo_today()))

    def action_kept_values(self):
        """Open what was reported of the closed months."""
        self._check_figures_reader()
        self.ensure_one()
        self.env["npo.kpi.value"].check_access("read")
        xmlid = "npo_relations.npo_kpi_value_action"
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return {
            **action,
            "views": [(False, "graph"), (False, "list"), (False, "pivot")],
            "domain": [("kpi_id", "=", self.id)],
        }
