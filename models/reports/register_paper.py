from collections import Counter
from datetime import date, datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.classified_mixin import LEVELS
from ..core.print_document import PrintDocument
from .register_export import NpoRegisterExport as Base

# ⚖ Lines of a register on paper; all of them are in its workbook.
PAPER_ROWS = 500
MAX_PAPER_ROWS = 5000  # what is laid out at once must end
DAY_PERCENT = 6  # of the width of the page
# WeasyPrint does not know `unicode-bidi`: the isolates are characters of the text.
_DAY = Markup("\u2066%s\u2069")
_TEXT = Markup("\u2068%s\u2069")


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_paper_rows = fields.Integer(
        "Lines of a register on paper", required=True, default=PAPER_ROWS
    )

    _npo_paper_rows_range = models.Constraint(
        f"CHECK (npo_paper_rows BETWEEN 1 AND {MAX_PAPER_ROWS})",
        "A register on paper has between 1 and 5000 lines.",
    )


class RegisterPaper(PrintDocument):
    """A register on paper, as confidential as the most confidential of its lines."""

    def __init__(self, model, levels):
        super().__init__(model.browse(), lang=model.env.lang)
        self.levels = levels

    def _level(self):
        # EXTENDS: there is no one record whose level it could be (R157)
        order = [level for level, _label in LEVELS]
        return max((*self.levels, super()._level()), key=order.index)

    def cell(self, value, hijri=None):
        """Return a cell as it is read: a day in both calendars, a text as it is.

        As in the workbook, what is not there is empty, and not the number nought.
        """
        if value is None or value is False:
            return ""
        if isinstance(value, (date, datetime)):
            lines = filter(None, (hijri, f"{value:%Y/%m/%d}"))
            return Markup("<br/>").join(_DAY % self.number(line) for line in lines)
        if isinstance(value, str):
            return _TEXT % value
        return self.figure(value)


class NpoRegisterExport(models.TransientModel):
    """The same register on paper: the same columns and rights, fewer lines (D14)."""

    _inherit = Base._name

    def action_print(self):
        """Offer the register that the user looks at as a PDF.

        :param context: as of `action_export`
        """
        model, domain = self._chosen()
        self._check_exporter(model)
        content, counts = self._paper(model, domain)
        self._note(model, counts)
        return self._download(content, f"{self._title(model)}.pdf")

    @api.model
    def _paper(self, model, domain):
        """Return (PDF, {id of the association: rows}) of a register."""
        reports = self.env["ir.actions.report"]
        html, counts = self._paper_html(model, Domain(domain) & self._unsealed(model))
        pages = reports._npo_split_html(html, model._name)
        stream = reports._npo_print_pages([page for _id, page in pages])
        return stream.getvalue(), counts

    @api.model
    def _paper_html(self, model, domain):
        limit = self.env.company.sudo().npo_paper_rows
        columns, batches = self._source(model, domain, limit)
        found = [row for rows in batches for row in rows]
        counts = Counter(company_id for company_id, _row in found)
        document = RegisterPaper(model, self._levels(model, domain))
        total = model.search_count(domain) if len(found) == limit else len(found)
        values = {
            "p": document,
            "title": self.env._("Register: %s", self._title(model)),
            "summary": self._summary(document, len(found), total),
            "columns": self._paper_columns(columns),
            "rows": [self._paper_row(document, columns, row) for _id, row in found],
        }
        template = "npo_relations.npo_register_document"
        return self.env["ir.qweb"]._render(template, values), counts

    @api.model
    def _levels(self, model, domain):
        """Return how far what stands in the register may be told (R157)."""
        if "classification" not in model._fields:
            return []
        groups = model._read_group(domain, ["classification"])
        return [level for (level,) in groups if level]

    @api.model
    def _summary(self, document, shown, total):
        """Return in sentences what the paper holds, and what it leaves out."""
        today = document.both(document.today)
        if shown == total:
            return self.env._(
                "Lines: %(total)s, on %(day)s. Numbers of persons are masked.",
                total=document.figure(total),
                day=today,
            )
        return self.env._(
            "The first %(shown)s of %(total)s lines, on %(day)s: all of them are in the"
            " workbook. Numbers of persons are masked.",
            shown=document.figure(shown),
            total=document.figure(total),
            day=today,
        )

    @api.model
    def _paper_columns(self, columns):
        """Return [(title, width in percent)]: a day is one column in both calendars.

        A day needs the same room in each register; the others share what is left.
        """
        kept = [
            (column, bool(after and after.is_hijri))
            for column, after in zip(columns, [*columns[1:], None], strict=True)
            if not column.is_hijri
        ]
        shares = [0 if is_day else min(max(one.width, 24), 36) for one, is_day in kept]
        left = 100 - DAY_PERCENT * shares.count(0)
        return [
            (column.title, left * share / sum(shares) if share else DAY_PERCENT)
            for (column, _is_day), share in zip(kept, shares, strict=True)
        ]

    @api.model
    def _paper_row(self, document, columns, row):
        """Return the cells of a line, with the Hijri date in the cell of its day."""
        return [
            document.cell(value, hijri)
            for column, value, hijri in zip(columns, row, [*row[1:], None], strict=True)
            if not column.is_hijri
        ]
