import base64
import io

from odoo import api, fields, models

from ...tools.workbook import Book, Column, hijri_text
from .report_fill import TREND
from .report_run import NpoReportRun as Base


class NpoReportRun(models.Model):
    """The report as a workbook: real numbers and days, and charts to go on with (D14).

    The same parts as on paper, a sheet for each table.
    """

    _inherit = Base._name

    def action_export(self):
        """Offer the report as a workbook."""
        self.ensure_one()
        self.check_access("read")
        form = (
            self.env["npo.register.export"]
            .sudo()  # sudo: made for this user
            .create(
                {
                    "file": base64.b64encode(self._workbook()),
                    "file_name": f"{self.name.replace('/', '-')}.xlsx",
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{form._name}/{form.id}/file"
            "?download=true&filename_field=file_name",
            "target": "download",
        }

    def _workbook(self):
        """Return the bytes of the workbook, in the language of the paper."""
        run = self.with_context(lang=self._print_lang())
        document = run._document()
        stream = io.BytesIO()
        with Book(stream, document.direction == "rtl") as book:
            run._write_cover(book, document)
            for part in run.content or []:
                if part["kind"] == "measures":
                    run._write_measures(book, part)
                elif part.get("headings"):
                    run._write_table(book, part)
        return stream.getvalue()

    def _heading(self, title):
        return [title, self.company_id.sudo().name, self._period_label(self.env.lang)]

    def _write_cover(self, book, document):
        """Write who reports to whom, on which days, and what was written."""
        _ = self.env._
        title = self.type_id.name
        page = book.page(
            title,
            [title, self.company_id.sudo().name],
            [Column(_("Report"), 30), Column(self.name or "—", 80)],
        )
        by = self.submitted_by or self.filled_by_id or self.user_id
        states = self._fields["submission_state"]._description_selection(self.env)
        rows = [
            (_("To"), self._addressee()),
            (_("Period"), self._period_label(self.env.lang)),
            (_("From"), document.both(self.date_from)),
            (_("To the day"), document.both(self.date_to)),
            (_("Site"), self.site_id.name or _("All")),
            (_("Prepared by"), by.name or "—"),
            (_("State"), dict(states).get(self.submission_state, "—")),
            (_("In one sentence"), self.summary or "—"),
            *self._written_parts(),
        ]
        if self.manager_remarks:
            rows.append((_("Remarks of the manager"), self.manager_remarks))
        for label, value in rows:
            page.add([label, str(value)])

    def _write_measures(self, book, part):
        """Write the measures with their last periods, and a small line of them."""
        _ = self.env._
        status = dict(self.line_ids._fields["status"]._description_selection(self.env))
        columns = [
            Column(_("Measure"), 40),
            Column(_("Number"), 12),
            Column(_("Figure"), 28),
            Column(_("Target"), 18),
            Column(_("Status"), 14),
            Column(_("The period before"), 28),
            *(Column(label, 12) for label in self._trend_labels()),
            Column(_("Trend"), 20),
        ]
        if self.date_recounted:
            columns.append(Column(_("Counted again"), 28))
        page = book.page(part["title"], self._heading(part["title"]), columns)
        first = 6
        for line in self._part_lines(part["number"]):
            trend = self._padded(line.trend)
            row = [
                line.name,
                line.value if line.has_value else None,
                line.text,
                line.target_text,
                status.get(line.status),
                line.before_text,
                *trend,
                None,
            ]
            if self.date_recounted:
                row.append(line.now_text)
            page.add(row)
            page.sparkline(first + len(trend), first, first + len(trend) - 1)

    def _trend_labels(self):
        return [self._trend_label(*days) for days in self._periods()]

    def _trend_label(self, first, last):
        return f"{first} – {last}" if first != last else str(first)

    @api.model
    def _padded(self, trend):
        """Return the numbers of the periods, as many as there are columns."""
        wanted = len(self._periods())
        trend = list(trend or [])[-TREND:]
        return [None] * (wanted - len(trend)) + trend[-wanted:]

    def _write_table(self, book, part):
        """Write a table; a day takes two columns, one for each calendar."""
        rows = part["rows"]
        days = {
            place
            for row in rows
            for place, cell in enumerate(row)
            if isinstance(cell, dict)
        }
        columns = []
        for place, title in enumerate(part["headings"]):
            columns.append(Column(title, 16 if place else 40))
            if place in days:
                columns.append(Column(self.env._("%s (Hijri)", title), 16))
        page = book.page(part["title"], self._heading(part["title"]), columns)
        for row in rows:
            page.add(self._spread(row, days))
        bars = part.get("bars")
        if bars and len(rows) > 1:
            at = bars + len([place for place in days if place < bars])
            page.chart(at, part["headings"][bars])
        if part.get("sums"):
            page.add(self._spread(part["sums"], days), "sum")
        if not rows:
            page.line(self.env._("Nothing in the period."))
        if part.get("note"):
            page.line(part["note"])

    @api.model
    def _spread(self, row, days):
        """Return the cells of a row as the sheet has them."""
        cells = []
        for place, cell in enumerate(row):
            day = fields.Date.to_date(cell["date"]) if isinstance(cell, dict) else None
            cells.append(day or cell)
            if place in days:
                cells.append(hijri_text(day) if day else None)
        return cells
