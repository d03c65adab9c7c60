from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.period_page import NpoPeriodPage
from .visit import NpoVisit as Base

READERS = (
    "service_representative",
    "branch_delegate",
    "centre_officer",
    "general_manager",
)
GENDERS = ("male", "female", False)
KINDS = ("new", "returning")
COLUMNS = [(gender, kind) for gender in GENDERS for kind in KINDS]
DIMENSIONS = ["site_id", "section", "purpose_id", "visitor_kind", "gender"]


class Count(NamedTuple):
    """Who came: [(label of site and section, [(purpose, numbers, total)])], sums."""

    groups: list
    sums: list
    total: int
    women: int
    companions: int


class NpoVisit(models.Model):
    """Counting who came: one query for the sheet, the paper and the file (R172)."""

    _inherit = Base._name

    @api.model
    def _count(self, domain):
        """Count visits by site, section, purpose, new or not, and gender (R209).

        :return: `Count`; the numbers of a row stand in the order of COLUMNS
        """
        rows, companions = {}, 0
        for *keys, kind, gender, count, accompanied in self._read_group(
            domain, DIMENSIONS, ["__count", "companions:sum"]
        ):
            site, section, purpose = keys
            numbers = rows.setdefault((site, section), {}).setdefault(
                purpose, dict.fromkeys(COLUMNS, 0)
            )
            numbers[gender or False, kind or "new"] += count
            companions += accompanied or 0
        sums = [
            sum(numbers[column] for row in rows.values() for numbers in row.values())
            for column in COLUMNS
        ]
        women = sum(
            number
            for (gender, _kind), number in zip(COLUMNS, sums, strict=True)
            if gender == "female"
        )
        groups = self._count_groups(rows)
        return Count(groups, sums, sum(sums), women, companions)

    def _count_groups(self, rows):
        """Return the counted rows in words, in the order of sites and sections."""
        labels = dict(self._fields["section"]._description_selection(self.env))
        order = list(labels)
        groups = []
        for (site, section), row in sorted(
            rows.items(),
            key=lambda item: (
                item[0][0].sequence,
                item[0][0].id,
                order.index(item[0][1]),
            ),
        ):
            lines = [
                (purpose.name, list(numbers.values()), sum(numbers.values()))
                for purpose, numbers in sorted(
                    row.items(), key=lambda item: (item[0].sequence, item[0].id)
                )
            ]
            groups.append((f"{site.name} · {labels[section]}", lines))
        return groups

    @api.model
    def _count_headings(self):
        """Return the headings of COLUMNS: [(gender, [new, came before])]."""
        genders = dict(self._fields["gender"]._description_selection(self.env))
        genders[False] = self.env._("Not told")
        kinds = dict(self._fields["visitor_kind"]._description_selection(self.env))
        return [(genders[one], [kinds[kind] for kind in KINDS]) for one in GENDERS]

    @api.model
    def _count_sentence(self, count):
        """Return a count in one sentence, which the paper begins with."""
        return self.env._(
            "Visitors: %(total)s; women among them: %(women)s; companions: %(more)s.",
            total=count.total,
            women=count.women,
            more=count.companions,
        )


class NpoVisitCount(models.TransientModel):
    """Who came in a period, on paper and as a spreadsheet (R172)."""

    _name = "npo.visit.count"
    _description = "Visitors of a Period"
    _inherit = [NpoPeriodPage._name]

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "npo.site", domain="[('company_id', '=', company_id)]", help="Empty: all sites."
    )
    date_from = fields.Date(
        required=True, default=lambda self: self.env.company._npo_today()
    )
    date_to = fields.Date(
        required=True, default=lambda self: self.env.company._npo_today()
    )

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        if any(page.date_to < page.date_from for page in self):
            raise ValidationError(self.env._("A period does not end before it begins."))

    def _check_reader(self):
        user = self.env.user
        if not any(user.has_group(f"npo_relations.group_npo_{r}") for r in READERS):
            raise AccessError(
                self.env._("Visitors are counted by reception, centre and management.")
            )
        self.check_access("read")
        self.ensure_one()
        self.company_id.check_access("read")

    def _counted(self):
        """Return the count of the period, with the rights of who looks."""
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("day", ">=", self.date_from)
            & Domain("day", "<=", self.date_to)
        )
        if self.site_id:
            domain &= Domain("site_id", "=", self.site_id.id)
        return self.env["npo.visit"]._count(domain)

    def action_print(self):
        """Print the count of the period."""
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_visit_count")
        return report.report_action(self)

    def action_export(self):
        """Offer the count of the period as a spreadsheet."""
        self._check_reader()
        is_rtl = self._document().direction == "rtl"
        content = write_workbook([self._sheet()], is_rtl)
        name = f"visitors-{self.date_from}_{self.date_to}.xlsx"
        return self._offer(content, name)

    def _sheet(self):
        count = self._counted()
        title = self.env._("Visitors")
        names = [
            f"{gender} · {kind}"
            for gender, kinds in self.env["npo.visit"]._count_headings()
            for kind in kinds
        ]
        total = self.env._("Total")
        rows = []
        for label, lines in count.groups:
            rows.append(label)
            rows += [[name, *numbers, line_sum] for name, numbers, line_sum in lines]
        rows.append([total, *count.sums, count.total])
        return Sheet(
            title,
            [
                title,
                self.company_id.name,
                self._period_text(),
                self.env["npo.visit"]._count_sentence(count),
            ],
            [(self.env._("Purpose"), 36), *((name, 14) for name in names), (total, 12)],
            rows,
        )
