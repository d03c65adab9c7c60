from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.counted_page import NpoCountedPage

# A unit without a training for so long is named (R080).
MONTHS_WITHOUT_TRAINING = 12


class NpoDepartmentPage(models.TransientModel):
    """The scorecard of the units: the same measures for each of them (R080).

    A measure stands on it when it says where its records name the unit.
    """

    _name = "npo.department.page"
    _description = "Scorecard of the Units"
    _inherit = [NpoCountedPage._name]
    _rec_name = "company_id"

    _readers = ("centre_officer", "general_manager", "governance_officer", "auditor")

    company_id = fields.Many2one("res.company", string="Association", required=True)
    line_ids = fields.One2many("npo.department.page.line", "page_id", readonly=True)
    untrained_count = fields.Integer("Units without training", readonly=True)

    @api.depends("company_id")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Scorecard of the Units")

    def _reader_refusal(self):
        # OVERRIDE npo.counted.page
        return self.env._(
            "This page is for the centre, governance, management and internal audit."
        )

    def action_open(self):
        """Open the page of this quarter."""
        self.browse()._check_reader()
        company = self.env.company
        today = company._npo_today()
        page = self.sudo().create(
            {
                "company_id": company.id,
                "date_from": date_utils.start_of(today, "quarter"),
                "date_to": date_utils.end_of(today, "quarter"),
            }
        )
        page._fill()
        return self.browse(page.id)._own_action()

    def _fill(self):
        # OVERRIDE npo.counted.page
        self.ensure_one()
        self._check_period()
        company = self.company_id
        departments = self.env["hr.department"].search(
            [("company_id", "in", (company.id, False))]
        )
        figures = self._kpis()._figures_by(
            "department", company, self.date_from, self.date_to
        )
        told = {
            kpi: kpi._told_of(departments, groups, company)
            for kpi, groups in figures.items()
        }
        trained = self._trained(company)
        self.line_ids.unlink()
        self.env["npo.department.page.line"].create(
            [
                row
                for department in departments
                for row in self._rows(department, department in trained, told)
            ]
        )
        self.untrained_count = len(departments - trained)

    def _kpis(self):
        return self.env["npo.kpi"].search([("department_field", "!=", False)])

    def _trained(self, company):
        """Return the units of whom somebody was trained in the last twelve months."""
        since = fields.Date.subtract(
            company._npo_today(), months=MONTHS_WITHOUT_TRAINING
        )
        attended = (
            Domain("company_id", "=", company.id)
            & Domain("is_attended", "=", True)
            & Domain("date", ">=", since)
        )
        rows = self.env["npo.training.attendee"]._read_group(
            attended, [], ["department_id:recordset"]
        )
        return rows[0][0]

    def _rows(self, department, is_trained, figures):
        """Return the lines of a unit: itself, then each measure."""
        rows = [
            {
                "page_id": self.id,
                "department_id": department.id,
                "is_untrained": not is_trained,
            }
        ]
        for kpi, by_department in figures.items():
            counted, kept = by_department[department]
            rows.append(
                {
                    "page_id": self.id,
                    "department_id": department.id,
                    "kpi_id": kpi.id,
                    "figure": kpi._figure_text(counted, kept),
                    "exceptions": kpi._exceptions(counted, kept),
                }
            )
        return rows

    # ------------------------------------------------------------
    # PAPER AND FILES
    # ------------------------------------------------------------

    def action_print(self):
        """Print the page."""
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_department_page")
        return report.report_action(self)

    def action_export(self):
        """Offer the page as a spreadsheet."""
        self._check_reader()
        _ = self.env._
        titles, rows = self._matrix()
        sheet = Sheet(
            name=_("Units"),
            heading=[self.display_name, self.company_id.name, self._period_text()],
            columns=[(title, 24) for title in titles],
            rows=rows,
        )
        content = write_workbook([sheet], self._document().direction == "rtl")
        return self._offer(content, self._file_name(_("Units"), "xlsx"))

    def _matrix(self):
        """Return (titles, rows): a row for each unit, a column for each measure."""
        _ = self.env._
        kpis = self.line_ids.kpi_id
        rows = []
        for department, lines in self.line_ids.grouped("department_id").items():
            figures = {line.kpi_id: line.figure for line in lines}
            is_untrained = any(lines.mapped("is_untrained"))
            trained = _("No training in 12 months") if is_untrained else ""
            rows.append([department.name, *(figures[kpi] for kpi in kpis), trained])
        return [_("Unit"), *kpis.mapped("name"), _("Training")], rows


class NpoDepartmentPageLine(models.TransientModel):
    """A unit, or a measure of it."""

    _name = "npo.department.page.line"
    _description = "Measure of a Unit"
    _order = "page_id, id"

    page_id = fields.Many2one("npo.department.page", index=True, ondelete="cascade")
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="cascade")
    kpi_id = fields.Many2one("npo.kpi", readonly=True, ondelete="cascade")
    name = fields.Char(compute="_compute_name")
    figure = fields.Char("Figures of the period", readonly=True)
    exceptions = fields.Integer(readonly=True)
    is_untrained = fields.Boolean("No training in 12 months", readonly=True)

    @api.depends("department_id", "kpi_id")
    def _compute_name(self):
        for line in self:
            line.name = line.kpi_id.name or line.department_id.name

    def action_records(self):
        """Open what was counted of the unit, with the reader's own rights."""
        self.page_id._check_reader()
        self.check_access("read")
        self.ensure_one()
        page, kpi = self.page_id, self.kpi_id
        kpi._check_records_readable()
        action = kpi._open_records(page.company_id, page.date_from, page.date_to)
        own = Domain(kpi.department_field, "=", self.department_id.id)
        return {**action, "domain": list(Domain(action["domain"]) & own)}
