from odoo import api, fields, models
from odoo.tools import date_utils, format_date

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.counted_page import NpoCountedPage
from .task import KINDS
from .task_evidence import Tally

# So many of the days that were missed are named; the others are counted.
NAMED_GAPS = 5


class NpoCentrePage(models.TransientModel):
    """The tasks of the centre in a period, each with what shows it (R169–R171)."""

    _name = "npo.centre.page"
    _description = "Tasks of the Centre"
    _inherit = [NpoCountedPage._name]
    _rec_name = "company_id"

    _readers = ("centre_officer", "general_manager", "governance_officer", "auditor")

    company_id = fields.Many2one("res.company", string="Association", required=True)
    vision = fields.Text(related="company_id.npo_service_vision")
    line_ids = fields.One2many("npo.centre.page.line", "page_id", readonly=True)
    organisational_ids = fields.One2many(
        "npo.centre.page.line",
        "page_id",
        domain=[("kind", "=", "organisational")],
        readonly=True,
    )
    supervisory_ids = fields.One2many(
        "npo.centre.page.line",
        "page_id",
        domain=[("kind", "=", "supervisory")],
        readonly=True,
    )
    objective_ids = fields.One2many(
        "npo.centre.page.objective", "page_id", readonly=True
    )
    due_count = fields.Integer("Number due", readonly=True)
    done_count = fields.Integer("Done in time", readonly=True)
    late_count = fields.Integer("Done late", readonly=True)
    missed_count = fields.Integer("Not done", readonly=True)

    @api.depends("company_id")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Tasks of the Centre")

    def _reader_refusal(self):
        # OVERRIDE npo.counted.page
        return self.env._(
            "This page is for the centre, governance, management and internal audit."
        )

    @api.model
    def _new_page(self, company, date_from=None, date_to=None):
        """Return the page of an association, filled; this month without a period."""
        today = company._npo_today()
        page = self.sudo().create(
            {
                "company_id": company.id,
                "date_from": date_from or date_utils.start_of(today, "month"),
                "date_to": date_to or date_utils.end_of(today, "month"),
            }
        )
        page._fill()
        return self.browse(page.id)

    def action_open(self):
        """Open the page of this month."""
        self.browse()._check_reader()
        return self._new_page(self.env.company)._own_action()

    def action_week(self):
        """Show this week, from Sunday on."""
        self._check_reader()
        today = self.company_id._npo_today()
        first = fields.Date.subtract(today, days=(today.weekday() + 1) % 7)
        last = fields.Date.add(first, days=6)
        self.sudo().write({"date_from": first, "date_to": last})
        return self.action_show()

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _fill(self):
        # OVERRIDE npo.counted.page
        self.ensure_one()
        self._check_period()
        period = (self.company_id, self.date_from, self.date_to)
        tasks = self.env["npo.centre.task"].with_company(self.company_id).search([])
        tallies = tasks._tallies(*period)
        rows = [self._row(task, tallies.get(task)) for task in tasks]
        self.line_ids.unlink()
        self.env["npo.centre.page.line"].create(rows)
        self._fill_objectives(*period)
        self.write(
            {
                f"{name}_count": sum(row[name] for row in rows)
                for name in ("due", "done", "late", "missed")
            }
        )

    def _row(self, task, tally):
        """Return the line of a task; without a tally nothing shows it yet."""
        counts = tally or Tally()
        return {
            "page_id": self.id,
            "task_id": task.id,
            "kind": task.kind,
            "responsible": task._responsible(),
            "due": counts.due,
            "done": counts.done,
            "late": counts.late,
            "missed": counts.missed,
            "waiting": counts.waiting,
            "gaps": self._gaps_text(counts.gaps),
            "state": self._row_state(counts) if tally else "nothing",
            "date_from": counts.date_from,
            "date_to": counts.date_to,
        }

    def _row_state(self, tally):
        """Return what is said of a task: the worst that there is."""
        for name in ("missed", "late", "waiting"):
            if getattr(tally, name):
                return name
        return "kept" if tally.done else "idle"

    def _gaps_text(self, gaps):
        """Return on which days, and where, it was not done; the latest first."""
        latest = gaps[::-1][:NAMED_GAPS]
        named = [
            " · ".join(filter(None, (format_date(self.env, first), site.name)))
            for first, site in sorted(latest, key=lambda gap: gap[0], reverse=True)
        ]
        if len(gaps) > NAMED_GAPS:
            named.append(self.env._("And others: %s", len(gaps) - NAMED_GAPS))
        return "\n".join(named)

    def _fill_objectives(self, company, date_from, date_to):
        objectives = self.env["npo.objective"].search([("company_id", "=", company.id)])
        actuals = objectives._actuals(company, date_from, date_to)
        self.objective_ids.unlink()
        self.env["npo.centre.page.objective"].create(
            [
                {
                    "page_id": self.id,
                    "objective_id": objective.id,
                    "target": objective._target_text(),
                    "figure": text,
                    "state": "none" if is_met is None else "met" if is_met else "below",
                }
                for objective, (text, _value, is_met) in actuals.items()
            ]
        )

    def action_record_objectives(self):
        """Keep how the objectives stand: the centre does so each quarter (R171)."""
        self._check_reader()
        self.env["npo.objective"].check_access("write")
        objectives = self.sudo().objective_ids.objective_id
        objectives._record_values(self.company_id, self.date_from, self.date_to)
        return self.action_show()

    # ------------------------------------------------------------
    # PAPER AND FILES
    # ------------------------------------------------------------

    def action_print(self):
        """Print the page."""
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_centre_page")
        return report.report_action(self)

    def action_export(self):
        """Offer the page as a spreadsheet."""
        self._check_reader()
        is_rtl = self._document().direction == "rtl"
        content = write_workbook(self._sheets(), is_rtl)
        return self._offer(content, self._file_name(self.env._("Tasks"), "xlsx"))

    def _totals_text(self):
        return self.env._(
            "Due: %(due)s · done in time: %(done)s · late: %(late)s · not done:"
            " %(missed)s",
            due=self.due_count,
            done=self.done_count,
            late=self.late_count,
            missed=self.missed_count,
        )

    def _parts(self):
        """Return [(name, lines)] of the two kinds of tasks."""
        kinds = self.env["npo.centre.task"]._fields["kind"]
        names = dict(kinds._description_selection(self.env))
        lines = self.line_ids.grouped("kind")
        return [(names[kind], lines[kind]) for kind, _label in KINDS]

    def _labels(self, model, name):
        """Return the words of a selection in the language of the page."""
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _sheets(self):
        _ = self.env._
        states = self._labels("npo.centre.page.line", "state")
        frequencies = self._labels("npo.centre.task", "frequency")
        rows = []
        for part, lines in self._parts():
            rows.append(part)
            rows += [
                [
                    line.number,
                    line.name,
                    frequencies[line.frequency],
                    line.responsible,
                    line.due,
                    line.done,
                    line.late,
                    line.missed,
                    line.waiting,
                    states[line.state],
                    line.gaps or "",
                ]
                for line in lines
            ]
        tasks = Sheet(
            name=_("Tasks"),
            heading=[
                _("Tasks of the Centre"),
                self.company_id.name,
                self._period_text(),
                self._totals_text(),
            ],
            columns=[
                (_("No."), 6),
                (_("Task"), 60),
                (_("Frequency"), 14),
                (_("Responsible"), 24),
                (_("Number due"), 10),
                (_("Done in time"), 10),
                (_("Done late"), 10),
                (_("Not done"), 10),
                (_("Still to be done"), 10),
                (_("State"), 20),
                (_("Not done on"), 30),
            ],
            rows=rows,
        )
        return [tasks, self._objectives_sheet()]

    def _objectives_sheet(self):
        _ = self.env._
        states = self._labels("npo.centre.page.objective", "state")
        return Sheet(
            name=_("Vision"),
            heading=[
                _("Vision of the service"),
                self.vision or "",
                self._period_text(),
            ],
            columns=[
                (_("Objective"), 50),
                (_("Target"), 20),
                (_("Actual"), 30),
                (_("State"), 20),
            ],
            rows=[
                [line.name, line.target, line.figure, states[line.state]]
                for line in self.objective_ids
            ],
        )
