from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import small_groups
from ...tools.opinion_math import margin
from ...tools.periods import before, period_label, period_of, periods
from ...tools.spreadsheet import Sheet, write_workbook
from ..core.counted_page import NpoCountedPage
from .analysis_line import SECTIONS

ANSWERS = "npo.opinion.answer"
# What the measures are read from: (code, codes of the questions, how it is said).
MEASURES = (
    ("csat", ("q_overall",), "share"),
    ("complaint_satisfaction", ("q_cmp_result",), "share"),
    ("nps", ("q_nps",), "promoter"),
    ("ces", ("q_effort",), "five"),
    ("trust_index", ("q_trust1", "q_trust2", "q_trust3"), "hundred"),
    ("impression", ("q_impression",), "share"),
)
SUMS = (
    "__count",
    "score_five:sum",
    "score_hundred:sum",
    "promoter:sum",
    "person_key:some",
)
MEASURED = {code for _name, codes, _how in MEASURES for code in codes}
MONTHS = 12
# What is added up of answers: how many, satisfied, of five, of a hundred, promoters.
WIDTH = 5
# Fewer answers than that say little: it is written beside them (R186).
FEW = 30


class NpoOpinionAnalysis(models.TransientModel):
    """What people think, counted: the one page of opinions for everybody (R186).

    Who manages chooses the period. Anybody else sees one month that is over, by one
    breakdown at a time, and of a few persons nothing: neither another filter nor the
    next day takes it apart (R079).
    """

    _name = "npo.opinion.analysis"
    _description = "Analysis of Opinions"
    _inherit = [NpoCountedPage._name]
    _rec_name = "company_id"

    _readers = (
        "relations_officer",
        "complaint_officer",
        "centre_officer",
        "governance_officer",
        "general_manager",
        "auditor",
    )

    company_id = fields.Many2one("res.company", "Association", required=True)
    by = fields.Selection(
        [
            ("event", "Occasion"),
            ("site_id", "Site"),
            ("service_id", "Service"),
            ("category_id", "Category"),
            ("gender", "Gender"),
            ("channel_id", "Channel"),
            ("source", "How it was answered"),
        ],
        "Broken down by",
        default="event",
        required=True,
    )
    sent_count = fields.Integer("Invitations sent", readonly=True)
    answered_count = fields.Integer("Of these, answered", readonly=True)
    response_rate = fields.Char(readonly=True)
    line_ids = fields.One2many("npo.opinion.analysis.line", "page_id", readonly=True)
    is_manager = fields.Boolean(compute="_compute_is_manager")

    @api.depends("company_id")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Satisfaction")

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self.env["npo.kpi"]._sees_all_opinions()

    def _reader_refusal(self):
        # OVERRIDE npo.counted.page
        return self.env._("This page is for officers, management and internal audit.")

    def action_open(self):
        """Open the page of the last month that is over."""
        self.browse()._check_reader()
        company = self.env.company
        today = company._npo_today()
        first, last = before("month", *period_of("month", today))
        page = self.sudo().create(
            {"company_id": company.id, "date_from": first, "date_to": last}
        )
        page._fill()
        return self.browse(page.id)._own_action()

    # ------------------------------------------------------------
    # COUNT
    # ------------------------------------------------------------

    def _fill(self):
        # OVERRIDE npo.counted.page
        self.ensure_one()
        self._check_period()
        self._keep_to_month()
        self.line_ids.unlink()
        self._count_invitations()
        rows = [*self._measure_rows(), *self._group_rows(), *self._trend_rows()]
        rows += self._reason_rows()
        for row in rows:
            row["page_id"] = self.id
        self.env["npo.opinion.analysis.line"].create(rows)

    def _keep_to_month(self):
        """Bring the period to a month that is over, for who does not manage."""
        if self.env["npo.kpi"]._sees_all_opinions():
            return
        today = self.company_id._npo_today()
        month = period_of("month", min(self.date_from, today))
        if month[1] >= today:
            month = before("month", *period_of("month", today))
        self.write({"date_from": month[0], "date_to": month[1]})

    def _least(self):
        """Return the fewest persons who are told of, to whomever (R071, R079)."""
        return self.company_id.npo_small_answers

    def _domain(self, first=None, last=None):
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", first or self.date_from)
            & Domain("date", "<=", last or self.date_to)
        )

    def _count_invitations(self):
        """Count who was asked and who answered: facts, of which nothing is hidden."""
        start, end = self.company_id._npo_day_bounds(self.date_from, self.date_to)
        rows = self.env["npo.opinion.invitation"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("date_sent", ">=", start),
                ("date_sent", "<", end),
            ],
            ["is_answered"],
            ["__count"],
        )
        counts = dict(rows)
        sent = sum(counts.values())
        answered = counts.get(True, 0)
        rate = f"{100 * answered / sent:.0f}%" if sent else "—"
        self.write(
            {"sent_count": sent, "answered_count": answered, "response_rate": rate}
        )

    def _counted(self, domain, *by):
        """Return {group: figure} of answers, with who stands behind each.

        :param by: what they are grouped by; of several, the group is a tuple
        """
        parts = {}
        answers = self.env[ANSWERS].with_context(npo_least=self._least())
        for (
            *group,
            is_satisfied,
            count,
            five,
            hundred,
            promoters,
            persons,
        ) in answers._read_group(domain, [*by, "is_satisfied"], SUMS):
            numbers = (count, count * is_satisfied, five, hundred, promoters)
            key = tuple(group) if len(by) > 1 else group[0]
            parts.setdefault(key, []).append(small_groups.Figure(numbers, persons))
        return {key: self._total(figures) for key, figures in parts.items()}

    @api.model
    def _total(self, figures):
        """Return one figure of several; none of them is nothing, of nobody."""
        return small_groups.together(figures, WIDTH)

    def _measure_rows(self):
        """Return the lines of the measures, then those of the dimensions."""
        sums = self._counted(self._domain(), "dimension", "question_code")
        names = {
            kpi.code: kpi.name for kpi in self.env["npo.kpi"].search([]) if kpi.code
        }
        rows = [
            self._row(
                "measure",
                names.get(code, code),
                self._total(sums[key] for key in sums if key[1] in codes),
                how=how,
            )
            for code, codes, how in MEASURES
        ]
        labels = dict(
            self.env[ANSWERS]._fields["dimension"]._description_selection(self.env)
        )
        for dimension in sorted({key[0] for key in sums if key[0]}):
            own = {
                code: figure for (dim, code), figure in sums.items() if dim == dimension
            }
            # the measures above are a part of it: what is left is not told of a few
            rest = self._total(own[code] for code in own if code not in MEASURED)
            rows.append(
                self._row(
                    "dimension",
                    labels[dimension],
                    self._total(own.values()),
                    how="five",
                    is_hidden=not small_groups.is_told(rest, self._least()),
                )
            )
        return rows

    def _row(self, section, name, figure, how, is_hidden=False):
        """Return a line: how many, what it comes to, how sure it is."""
        count, satisfied, five, hundred, nps = figure
        is_hidden = is_hidden or not small_groups.is_told(figure, self._least())
        if is_hidden or not count:
            value, sure = self._nothing(is_hidden), ""
        else:
            texts = {
                "share": f"{100 * satisfied / count:.0f}%",
                "promoter": f"{nps / count:.0f}",
                "five": f"{five / count:.2f}",
                "hundred": f"{hundred / count:.0f}%",
            }
            value = texts[how]
            sure = self._sure(count, satisfied) if how == "share" else ""
        return {
            "section": section,
            "name": name,
            "counted": 0 if is_hidden else count,
            "value": value,
            "mean": f"{five / count:.2f}" if count and not is_hidden else "",
            "margin": sure,
            "is_hidden": is_hidden,
        }

    def _nothing(self, is_hidden):
        if is_hidden:
            return self.env._("Not enough answers")
        return self.env._("None in the period")

    def _sure(self, count, satisfied):
        """Return the margin of a share, of all who could have answered (P127)."""
        asked = self.sent_count or None
        text = f"±{margin(satisfied / count, count, asked):.1f}%"
        return text if count >= FEW else self.env._("%s, few answers", text)

    # ------------------------------------------------------------
    # GROUPS, MONTHS, REASONS
    # ------------------------------------------------------------

    def _grouped(self, name, first=None, last=None):
        """Return {group: figure} of the first answers."""
        domain = self._domain(first, last) & Domain("question_code", "=", "q_overall")
        return self._counted(domain, name)

    def _group_rows(self):
        """Return the breakdown of the satisfaction; of few answers nothing (R079)."""
        groups = self._grouped(self.by)
        _told, hidden = small_groups.shown(groups, self._least())
        field = self.env[ANSWERS]._fields[self.by]
        labels = (
            dict(field._description_selection(self.env))
            if field.type == "selection"
            else {}
        )
        unknown = self.env._("Not stated")
        return [
            self._row(
                "group",
                (labels.get(group) or getattr(group, "display_name", "")) or unknown,
                groups[group],
                how="share",
                is_hidden=group in hidden,
            )
            for group in sorted(groups, key=lambda one: -groups[one][0])
        ]

    def _trend_rows(self):
        """Return the satisfaction of twelve months, up to the one shown."""
        months = periods("month", self.date_to, MONTHS)
        by_month = self._grouped("date:month", months[0][0], months[-1][1])
        today = self.company_id._npo_today()
        is_all = self.env["npo.kpi"]._sees_all_opinions()
        return [
            self._row(
                "trend",
                period_label(
                    "month",
                    first,
                    last,
                    lang=self.env.lang or "en_US",
                    digits=self.company_id.npo_digits,
                ),
                by_month.get(first) or self._total([]),
                how="share",
            )
            for first, last in months
            if is_all or last < today
        ]

    def _reason_rows(self):
        """Return what was ticked or coded as the reason, counted (R186)."""
        remarks = self.env["npo.opinion.remark"].with_context(npo_least=self._least())
        found = remarks._read_group(
            self._domain() & Domain("dimension", "!=", False),
            ["kind", "dimension"],
            ["__count", "person_key:some"],
        )
        fields_ = self.env["npo.opinion.remark"]._fields
        kinds = dict(fields_["kind"]._description_selection(self.env))
        labels = dict(fields_["dimension"]._description_selection(self.env))
        figures = {
            (kind, dimension): small_groups.Figure((count,), persons)
            for kind, dimension, count, persons in found
        }
        _told, hidden = small_groups.shown(figures, self._least())
        nothing = self.env._("Not enough answers")
        return [
            {
                "section": "reason",
                "name": f"{kinds[kind]}: {labels[dimension]}",
                "counted": 0 if (kind, dimension) in hidden else count,
                "value": nothing if (kind, dimension) in hidden else str(count),
                "is_hidden": (kind, dimension) in hidden,
            }
            for (kind, dimension), (count,) in figures.items()
        ]

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    def action_export(self):
        """Offer the page as a spreadsheet."""
        self._check_reader()
        _ = self.env._
        sections = dict(SECTIONS)
        labels = self.env["npo.opinion.analysis.line"]._fields["section"]
        sections = dict(labels._description_selection(self.env))
        titles = [_("Part"), _("What"), _("Answers"), _("Figure"), _("Margin")]
        sheet = Sheet(
            name=_("Satisfaction"),
            heading=[self.display_name, self.company_id.name, self._period_text()],
            columns=[(title, 24) for title in titles],
            rows=[
                [
                    sections[line.section],
                    line.name,
                    "" if line.is_hidden else line.counted,
                    line.value,
                    line.margin or "",
                ]
                for line in self.line_ids
            ],
        )
        content = write_workbook([sheet], self._document().direction == "rtl")
        return self._offer(content, self._file_name(_("Satisfaction"), "xlsx"))
