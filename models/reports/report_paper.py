from markupsafe import Markup

from odoo import api, fields, models

from ...tools import charts
from ..core.print_document import PrintDocument
from .report_run import NpoReportRun as Base


class NpoReportRun(models.Model):
    """On paper, in the language in which it was filled in (D14)."""

    _inherit = Base._name

    def action_print(self):
        """Print the report."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_report_run")
        return report.report_action(self)

    @api.depends("content")
    def _compute_content_html(self):
        """Show the tables on the screen as on paper, without the measures."""
        qweb = self.env["ir.qweb"]
        for run in self:
            document = run._document()
            values = {"p": document, "o": document.record, "is_screen": True}
            run.content_html = (
                qweb._render("npo_relations.npo_report_parts", values)
                if run.content
                else False
            )

    def _document(self):
        return PrintDocument(self, lang=self._print_lang())

    def _part_lines(self, number):
        """Return the measures of a part."""
        return self.line_ids.filtered(lambda line: line.part == number)

    def _cell(self, document, cell):
        """Return a cell as it is read: both dates, the digits of the document."""
        if isinstance(cell, dict):
            return document.both(fields.Date.to_date(cell["date"]))
        return document.figure(cell)

    def _bars(self, document, part):
        """Return a drawing for each row, or nothing where the part has none."""
        column = part.get("bars")
        rows = part.get("rows") or []
        if not column or len(rows) < 2:
            return []
        values = [
            row[column] if isinstance(row[column], (int, float)) else 0 for row in rows
        ]
        is_rtl = document.direction == "rtl"
        greatest = max(values)
        return [charts.bar(v, greatest, document.color, is_rtl) for v in values]

    @api.model
    def _trend_image(self, document, line):
        """Return the drawing of the last periods of a measure."""
        is_rtl = document.direction == "rtl"
        return charts.trend(line.trend or [], document.color, is_rtl)

    def _written_parts(self):
        """Return [(heading, text)] of what was written; what is empty is not."""
        written = [
            (self.env._("Notes of the analyst"), self.notes),
            (self.env._("Recommendations"), self.recommendations),
        ]
        return [part for part in written if part[1]]

    def _period_lines(self, document):
        """Return the period as both calendars tell it."""
        return Markup("%s – %s") % (
            document.both(self.date_from),
            document.both(self.date_to),
        )
