from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import date_utils

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.period_page import NpoPeriodPage

READERS = ("centre_officer", "general_manager")
# The measures that compare the sites, in the order of their columns.
MEASURES = (
    "visits_count",
    "avg_waiting",
    "inspections_done",
    "inspection_score",
    "readiness_signed",
    "complaints_received",
    "rating_satisfied",
)


class NpoOfficeScorecard(models.TransientModel):
    """The sites beside one another over a period (R200).

    Each figure is that of its measure (`npo.kpi`), counted once for all sites.
    """

    _name = "npo.office.scorecard"
    _description = "Scorecard of Sites and Offices"
    _inherit = [NpoPeriodPage._name]

    company_id = fields.Many2one("res.company", string="Association", required=True)
    line_ids = fields.One2many(
        "npo.office.scorecard.line", "scorecard_id", "Sites", readonly=True
    )

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Sites and Offices")

    # ------------------------------------------------------------
    # WHO, WHEN
    # ------------------------------------------------------------

    def _check_reader(self):
        """Raise unless the user supervises the sites, or manages the association."""
        user = self.env.user
        if not self.env.su and not any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in READERS
        ):
            raise AccessError(
                self.env._("The scorecard is for the service centre and management.")
            )
        self.check_access("read")

    def action_open(self):
        """Open the scorecard of this month."""
        self.browse()._check_reader()
        company = self.env.company
        today = company._npo_today()
        page = self.create(
            {
                "company_id": company.id,
                "date_from": date_utils.start_of(today, "month"),
                "date_to": today,
            }
        )
        page.sudo()._fill()
        return page._own_action()

    def action_week(self):
        """Show the last seven days."""
        return self._show_days(6)

    def action_month(self):
        """Show the last thirty days."""
        return self._show_days(29)

    def action_quarter(self):
        """Show the last ninety days."""
        return self._show_days(89)

    def _show_days(self, days):
        self._check_reader()
        today = self.company_id._npo_today()
        first = date_utils.subtract(today, days=days)
        self.write({"date_from": first, "date_to": today})
        return self.action_show()

    def action_show(self):
        """Count again for the period that is entered."""
        self._check_reader()
        self.company_id.check_access("read")
        self.sudo()._fill()
        return self._own_action()

    def _own_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sites and Offices"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def _fill(self):
        """Write the lines anew: a site that did nothing has its line too."""
        self.ensure_one()
        if not (self.date_from and self.date_to) or self.date_from > self.date_to:
            raise UserError(self.env._("Enter a period whose end is not before it."))
        sites = self.env["npo.site"].search([("company_id", "=", self.company_id.id)])
        figures = self._figures(sites)
        self.line_ids = [
            Command.clear(),
            *(Command.create(self._line_vals(site, figures)) for site in sites),
        ]

    def _figures(self, sites):
        """Return {code: {site: (counted, kept)}}; an archived measure has none.

        `kept` is None where too few stand behind a figure to tell it (R079).
        """
        kpis = self.env["npo.kpi"].search([("code", "in", MEASURES)])
        company = self.company_id
        figures = kpis._figures_by("site", company, self.date_from, self.date_to)
        return {
            kpi.code: kpi._told_of(sites, groups, company)
            for kpi, groups in figures.items()
        }

    def _line_vals(self, site, figures):
        def figure(code):
            return figures.get(code, {}).get(site, (0, 0))

        due, done = figure("inspections_done")
        signed_due, signed = figure("readiness_signed")
        rated, satisfied = figure("rating_satisfied")
        complaints, known = figure("complaints_received")
        return {
            "site_id": site.id,
            "visits": figure("visits_count")[0],
            "waiting": figure("avg_waiting")[1],
            "due": due,
            "done": done,
            "score": figure("inspection_score")[1],
            "has_score": bool(figure("inspection_score")[0]),
            "signed_due": signed_due,
            "signed": signed,
            "complaints": complaints,
            "has_complaints": known is not None,
            "ratings": rated,
            "satisfied": 100 * satisfied / rated if rated else 0,
        }

    # ------------------------------------------------------------
    # PAPER AND FILES
    # ------------------------------------------------------------

    def action_print(self):
        """Print the scorecard."""
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_office_scorecard")
        return report.report_action(self)

    def action_export(self):
        """Offer the scorecard as a spreadsheet."""
        self._check_reader()
        self.ensure_one()
        page = self.with_context(lang=self._print_lang())
        sheet = Sheet(
            self.env._("Sites and Offices"),
            [
                self.env._("Sites and Offices"),
                self.company_id.name,
                page._period_text(),
            ],
            [(title, 30 if not n else 16) for n, title in enumerate(page._titles())],
            [line._row() for line in page.line_ids],
        )
        content = write_workbook([sheet], self._document().direction == "rtl")
        return self._offer(content, f"offices-{self.date_from}_{self.date_to}.xlsx")

    def _titles(self):
        """Return the headings of the columns, on paper and in the sheet."""
        return [
            self.env._("Site"),
            self.env._("Supervisor"),
            self.env._("Visitors"),
            self.env._("Average waiting (minutes)"),
            self.env._("Rounds done of due"),
            self.env._("Score (%)"),
            self.env._("Readiness signed in time"),
            self.env._("Complaints"),
            self.env._("Satisfied (%)"),
        ]


class NpoOfficeScorecardLine(models.TransientModel):
    """One site on the scorecard."""

    _name = "npo.office.scorecard.line"
    _description = "Site on the Scorecard"
    _order = "score, id"
    _rec_name = "site_id"

    scorecard_id = fields.Many2one(
        "npo.office.scorecard", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one("npo.site", required=True, ondelete="cascade")
    supervisor_id = fields.Many2one(related="site_id.supervisor_id")
    visits = fields.Integer("Visitors")
    waiting = fields.Float("Average waiting (minutes)", digits=(8, 0), aggregator="avg")
    due = fields.Integer("Rounds due")
    done = fields.Integer("Rounds done")
    has_score = fields.Boolean()
    score = fields.Float("Score (%)", digits=(5, 1), aggregator="avg")
    signed_due = fields.Integer("Readiness due")
    signed = fields.Integer("Readiness signed in time")
    has_complaints = fields.Boolean()
    complaints = fields.Integer(help="Empty where they are too few to be told.")
    ratings = fields.Integer(help="Empty where too few people said how it was.")
    satisfied = fields.Float("Satisfied (%)", digits=(5, 0), aggregator="avg")

    def _row(self):
        """Return the line as paper and sheet show it; a dash where nothing is told."""
        self.ensure_one()
        return [
            self.site_id.name,
            self.supervisor_id.name or "—",
            self.visits,
            round(self.waiting) if self.visits else "—",
            self.env._("%(done)s of %(due)s", done=self.done, due=self.due),
            round(self.score, 1) if self.has_score else "—",
            self.env._("%(done)s of %(due)s", done=self.signed, due=self.signed_due),
            self.complaints if self.has_complaints else "—",
            round(self.satisfied) if self.ratings else "—",
        ]
