from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import periods
from .report_run import TO_SUBMIT
from .report_run import NpoReportRun as Base

TREND = 6  # periods on the line of a measure


class NpoReportRun(models.Model):
    """Filling in: each number is that of its measure (`npo.kpi`), counted once.

    What is filled in is kept as data: lines for measures, and in `content` the parts
    in their order: ``{"title", "kind", "headings", "rows", "sums", "note", "bars"}``.
    A cell is a text, a number, or ``{"date": "2026-01-31"}``; ``bars`` is the column
    that is drawn.
    """

    _inherit = Base._name

    def action_fill(self):
        """Fill in the figures of the period; as long as it was not submitted."""
        self.check_access("write")
        for run in self:
            if run.submission_state not in TO_SUBMIT:
                raise UserError(
                    self.env._("The figures of a submitted report stay as they are.")
                )
        for run in self.sudo():
            run._for_its_readers()._fill(self.env.user)

    def _for_its_readers(self):
        """Return the report in the language of its paper, and for whoever reads it.

        What one may see who fills it in is not what all may see who read it (R079).
        """
        lang = self._print_lang()
        return self.with_context(lang=lang, npo_for_everybody=True)

    def _fill(self, user):
        """Write lines and parts anew; in the language of the paper, as superuser."""
        self.ensure_one()
        self.write(
            {
                **self._filled_vals(),
                "filled_by_id": user.id,
                "date_filled": fields.Datetime.now(),
                "date_recounted": False,
            }
        )

    def _filled_vals(self):
        """Return what the report says: its lines, its parts and the one sentence."""
        sections = self.type_id.section_ids.filtered(
            lambda section: section.kpi_ids or section.kind in ("table", "text")
        )
        measured = self._measured(sections)
        lines, parts = [], []
        for number, section in enumerate(sections):
            if section.kind == "measures":
                lines += self._line_vals(section, number, measured)
            parts.append(self._part(section, number))
        return {
            "line_ids": [Command.clear(), *map(Command.create, lines)],
            "content": parts,
            "summary": self._summary(lines),
        }

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _periods(self):
        """Return the periods of the trend, oldest first; the last one is its own."""
        own = (self.date_from, self.date_to)
        if periods.period_of(self.cadence, self.date_from, self.calendar) != own:
            length = self.date_to - self.date_from
            end = fields.Date.subtract(self.date_from, days=1)
            return [(end - length, end), own]
        return periods.periods(self.cadence, self.date_to, TREND, self.calendar)

    def _measured(self, sections):
        """Return {measure: [(counted, kept), …]} and {measure: target} of the period.

        A statement for all measures and periods, one for the targets, and one for what
        stands as it does.
        """
        kpis = sections.filtered(lambda part: part.kind == "measures").kpi_ids
        if not kpis:
            return {}, {}
        trend = kpis._trend(self.company_id, self._periods(), site=self._site())
        for kpi, figure in self._standing(kpis).items():
            trend[kpi][-1] = figure
        return trend, kpis._targets(self.company_id, self.date_to)

    def _standing(self, kpis):
        """Return {measure: figure} of what stands as it does, whatever the period.

        A report on last month tells how it is on the day it is filled in.
        """
        standing = kpis.filtered(lambda kpi: not kpi.date_field)
        days = (self.company_id, self.date_from, self.date_to)
        return standing._figures(*days, site=self._site()) if standing else {}

    def _site(self):
        return self.site_id or None

    def _line_vals(self, section, number, measured):
        """Return the values of the lines of a part."""
        trend, targets = measured
        return [
            {
                "part": number,
                "sequence": place,
                **self._measure_vals(kpi, trend[kpi], targets.get(kpi)),
            }
            for place, kpi in enumerate(section.kpi_ids.sorted("sequence"))
        ]

    def _measure_vals(self, kpi, figures, wanted):
        values = [self._told_value(kpi, figure) for figure in figures]
        value, before = values[-1], values[-2]
        direction, target = wanted or (False, 0)
        if direction in ("up", "down"):
            target = before
        return {
            "kpi_id": kpi.id,
            "name": kpi.name,
            **self._reported(kpi, figures[-1]),
            "has_value": value is not None,
            "value": value or 0,
            "text": self._told_text(kpi, figures[-1]),
            "has_before": before is not None,
            "before_value": before or 0,
            "before_text": self._told_text(kpi, figures[-2]),
            "trend": values,
            "target": target or 0,
            "target_text": kpi._target_text(direction, target) or "",
            "status": kpi._status(value, direction, target),
        }

    def _told_value(self, kpi, figure):
        """Return the number of a figure; None where nothing, or too little, is told."""
        is_told = kpi._is_told(figure, self.company_id)
        return kpi._figure_value(*figure) if is_told else None

    def _told_text(self, kpi, figure):
        if not kpi._is_told(figure, self.company_id):
            return self.env._("Too few answers to tell")
        return kpi._figure_text(*figure)

    def _reported(self, kpi, figure):
        """Return what was counted, to be compared later; of too few it is nothing."""
        if not kpi._is_told(figure, self.company_id):
            return {"counted": 0, "kept": 0}
        return {"counted": figure[0] or 0, "kept": figure[1] or 0}

    def _summary(self, lines):
        """Return what the report says, in one sentence."""
        met = sum(line["status"] == "met" for line in lines)
        missed = sum(line["status"] == "missed" for line in lines)
        if not lines:
            return self.env._("The tables of the period follow.")
        if not met + missed:
            return self.env._(
                "Measures: %s. None could be compared with a target.", len(lines)
            )
        return self.env._(
            "Targets reached: %(met)s of %(all)s; not reached: %(missed)s.",
            met=met,
            all=met + missed,
            missed=missed,
        )

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _part(self, section, number):
        part = {"title": section.name, "kind": section.kind, "number": number}
        if section.kind == "text":
            part["note"] = section.text
        elif section.kind == "breakdown":
            part |= self._broken_down(section)
        elif section.kind == "table":
            table = self.env["npo.report.table"]
            part |= table._build(section.table_code, self)
        return part

    def _broken_down(self, section):
        """Return a measure, or several, by site, service and so on: a row for each.

        What could point at persons is left out by the rule of the measure.
        """
        kpis = section.kpi_ids.sorted("sequence")
        found = kpis._figures_by(
            section.by, self.company_id, self.date_from, self.date_to, site=self._site()
        )
        kpis = kpis.filtered(found.__contains__)
        cells, hidden = {}, 0
        for place, kpi in enumerate(kpis):
            shown, few = kpi._shown_groups(found[kpi], self.company_id)
            hidden += len(few)
            for key, figure in shown.items():
                label = kpi._group_name(section.by, key)
                row = cells.setdefault(label, ["—"] * len(kpis))
                row[place] = self._group_cell(kpi, figure)
        rows = [[label, *row] for label, row in cells.items()]
        rows.sort(key=lambda row: (-_number(row[1]), row[0]) if kpis else row)
        labels = dict(section._fields["by"]._description_selection(self.env))
        few = self.env._("Not shown, for there were too few: %s", hidden)
        return {
            "headings": [labels[section.by], *kpis.mapped("name")],
            "rows": rows,
            "note": few if hidden else "",
            "bars": 1 if kpis else False,
        }

    def _group_cell(self, kpi, figure):
        """Return a number where it is one, else a dash."""
        value = kpi._figure_value(*figure)
        return "—" if value is None else round(value, 1)

    # ------------------------------------------------------------
    # CORRECTIONS
    # ------------------------------------------------------------

    def action_recount(self):
        """Count again and show beside what was reported; it stays as it was."""
        self.check_access("read")
        now = fields.Datetime.now()
        for run in self.sudo():
            if not run.date_filled:
                raise UserError(self.env._("Fill in the figures first."))
            run._for_its_readers()._recount()
            run.date_recounted = now

    def _recount(self):
        """Count what lies in the period; how things stood that day is no more known."""
        lines = self.line_ids.filtered("kpi_id.date_field")
        kpis = lines.kpi_id
        figures = kpis._figures(
            self.company_id, self.date_from, self.date_to, site=self._site()
        )
        for line in lines:
            now = self._reported(line.kpi_id, figures[line.kpi_id])
            line.write(
                {
                    "is_corrected": any(
                        round(number, 4) != round(line[name], 4)
                        for name, number in now.items()
                    ),
                    "now_text": self._told_text(line.kpi_id, figures[line.kpi_id]),
                }
            )


def _number(cell):
    return cell if isinstance(cell, (int, float)) else -1
