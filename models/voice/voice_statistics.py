from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.period_page import NpoPeriodPage

READERS = (
    "centre_officer",
    "complaint_officer",
    "general_manager",
    "auditor",
)
PERIOD = ("company_id", "date_from", "date_to")
WAYS = ("centre", "website", "portal", "other")
# The tables of a kind: the dimension of the rows, each crossed with the way it came.
TABLES = {
    "complaint": ("category_id", "severity", "site_id", "channel_id", "stage_id"),
    "inquiry": ("topic_id", "work_field_id", "site_id", "channel_id", "stage_id"),
    "suggestion": ("site_id", "channel_id", "stage_id"),
}


class Table(NamedTuple):
    """A table: its title, (label, numbers by way, total) of its rows, the sums."""

    title: str
    rows: list
    sums: list


class NpoVoiceStatistics(models.TransientModel):
    """The statistics of a period, on paper and as a spreadsheet (R177–R180).

    Each number is that of `npo.voice.report`: the page, the paper and the screen of
    the statistics never disagree.
    """

    _name = "npo.voice.statistics"
    _description = "Statistics of a Period"
    _inherit = [NpoPeriodPage._name]

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        required=True,
        default=lambda self: date_utils.start_of(self.env.company._npo_today(), "year"),
    )
    date_to = fields.Date(
        required=True, default=lambda self: self.env.company._npo_today()
    )
    sealed_text = fields.Text("Sealed complaints", compute="_compute_sealed_text")

    @api.depends(*PERIOD)
    def _compute_sealed_text(self):
        for statistics in self:
            is_filled = all(statistics[name] for name in PERIOD)
            rows = statistics._sealed_rows() if is_filled else []
            statistics.sealed_text = "\n".join(": ".join(row) for row in rows)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for statistics in self:
            if statistics.date_to < statistics.date_from:
                raise ValidationError(
                    self.env._("A period does not end before it begins.")
                )

    def _check_reader(self):
        user = self.env.user
        if not any(
            user.has_group(f"npo_relations.group_npo_{name}") for name in READERS
        ):
            raise AccessError(
                self.env._("The statistics are for the centre, management and audit.")
            )
        self.check_access("read")
        self.ensure_one()
        self.company_id.check_access("read")

    # ------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------

    def _period(self):
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )

    def _tables(self):
        """Return the tables of the period, kind by kind: [(kind's label, [Table])]."""
        report = self.env["npo.voice.report"]
        labels = dict(report._fields["kind"]._description_selection(self.env))
        return [
            (labels[kind], [self._counted(kind, name) for name in names])
            for kind, names in TABLES.items()
        ]

    def _counted(self, kind, dimension):
        """Count the cases of a kind by a dimension and the way they came (R179)."""
        report = self.env["npo.voice.report"]
        domain = self._period() & Domain("kind", "=", kind)
        counts = {}
        for value, way, count in report._read_group(
            domain, [dimension, "received_via"], ["__count"]
        ):
            row = counts.setdefault(value or False, dict.fromkeys(WAYS, 0))
            row[way or "other"] += count
        rows = [
            (self._label(dimension, value), [row[way] for way in WAYS])
            for value, row in counts.items()
        ]
        rows.sort(key=lambda row: (-sum(row[1]), row[0]))
        sums = [sum(row[1][place] for row in rows) for place in range(len(WAYS))]
        field = report._fields[dimension]
        return Table(
            field._description_string(self.env),
            [[label, *numbers, sum(numbers)] for label, numbers in rows],
            [*sums, sum(sums)],
        )

    def _sealed_rows(self):
        """Return [(month, how many sealed complaints)]; few are told as “fewer than”.

        None at all is told the same way: the one would tell of the other (P092).
        """
        counts = dict(
            self.env["npo.voice.report"]._read_group(
                self._period()
                & Domain("kind", "=", "complaint")
                & Domain("is_sealed", "=", True),
                ["date:month"],
                ["__count"],
            )
        )
        fewer = self.env._("fewer than %s", self.company_id.sudo().npo_small_count)
        month = date_utils.start_of(self.date_from, "month")
        rows = []
        while month <= self.date_to:
            if month >= self.date_from:  # the day on which its cases are counted
                name = format_date(self.env, month, self._print_lang(), "MMMM y")
                rows.append((name, str(counts.get(month, fewer))))
            month = fields.Date.add(month, months=1)
        return rows

    def _label(self, dimension, value):
        """Return how a row is called; what is sealed or empty says so."""
        if not value:
            return self.env._("Not told")
        field = self.env["npo.voice.report"]._fields[dimension]
        if field.type == "many2one":
            return value.sudo().display_name
        return dict(field._description_selection(self.env))[value]

    def _headings(self):
        ways = dict(
            self.env["npo.voice.report"]
            ._fields["received_via"]
            ._description_selection(self.env)
        )
        return [*(ways[way] for way in WAYS), self.env._("Total")]

    def _figures(self):
        """Return the figures of each kind: [(label, count, late, hours, actions)]."""
        report = self.env["npo.voice.report"]
        labels = dict(report._fields["kind"]._description_selection(self.env))
        late = dict(
            report._read_group(
                self._period() & Domain("is_late", "=", True), ["kind"], ["__count"]
            )
        )
        groups = report._read_group(
            self._period(),
            ["kind"],
            ["__count", "answer_hours:avg", "action_count:sum"],
        )
        return [
            (
                labels[kind],
                count,
                late.get(kind, 0),
                "—" if hours in (None, False) else round(hours, 1),
                actions or 0,
            )
            for kind, count, hours, actions in groups
        ]

    # ------------------------------------------------------------
    # PAPER AND FILES
    # ------------------------------------------------------------

    def action_print(self):
        """Print the statistics."""
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_voice_statistics")
        return report.report_action(self)

    def action_export(self):
        """Offer the statistics as a spreadsheet."""
        self._check_reader()
        is_rtl = self._document().direction == "rtl"
        content = write_workbook(self._sheets(), is_rtl)
        name = f"statistics-{self.date_from}_{self.date_to}.xlsx"
        return self._offer(content, name)

    def _figure_titles(self):
        return [
            self.env._("Kind"),
            self.env._("Count"),
            self.env._("Late"),
            self.env._("Working hours to the answer"),
            self.env._("Actions taken"),
        ]

    def _sheets(self):
        heading = [
            self.env._("Statistics"),
            self.company_id.name,
            self._period_text(),
        ]
        sheets = [
            Sheet(
                self.env._("Figures"),
                heading,
                [(title, 24) for title in self._figure_titles()],
                [list(row) for row in self._figures()],
            )
        ]
        sealed = self.env._("Sealed complaints")
        sheets.append(
            Sheet(
                sealed,
                [*heading, sealed],
                [(self.env._("Month"), 24), (self.env._("Count"), 24)],
                [list(row) for row in self._sealed_rows()],
            )
        )
        for label, tables in self._tables():
            rows = []
            for table in tables:
                rows += [table.title, *table.rows]
                rows.append([self.env._("Total"), *table.sums])
            columns = [(label, 40), *((name, 12) for name in self._headings())]
            sheets.append(Sheet(label, [*heading, label], columns, rows))
        return sheets
