from datetime import timedelta
from typing import NamedTuple

from odoo import models
from odoo.tools import date_utils

from .task import NpoCentreTask as Base


class Tally(NamedTuple):
    """How a task stands in a period; its gaps are (first day, site) not done."""

    done: int = 0
    late: int = 0
    missed: int = 0
    waiting: int = 0
    gaps: tuple = ()
    date_from: object = None
    date_to: object = None

    @property
    def due(self):
        return self.done + self.late + self.missed + self.waiting


class NpoCentreTask(models.Model):
    """What was due in a period, and what of it was done: counted, never typed (R170).

    A daily task is due on the working days of each active site, in the working time
    of that site; a longer one in the week, month or quarter that ends in the period or
    is under way. Nothing is due before the association began with it.
    """

    _inherit = Base._name

    def _tallies(self, company, date_from, date_to):
        """Return {task: its tally} of an association; as superuser, for the figures."""
        today = company._npo_today()
        sites = self.env["npo.site"].search([("company_id", "=", company.id)])
        return {
            task: task._tally_each(company, date_from, date_to)
            if task.is_each or task.frequency == "event"
            else task._tally_cycles(company, sites, date_from, date_to, today)
            for task in self
            if task.kpi_id
        }

    # ------------------------------------------------------------
    # EACH RECORD IS DUE
    # ------------------------------------------------------------

    def _tally_each(self, company, date_from, date_to):
        kpi = self.kpi_id
        period = (company, date_from, date_to)
        counted, kept = kpi._figures(*period)[kpi]
        done = counted
        if counted and self.done_domain:
            domain = kpi._records_domain(*period)
            domain &= kpi._evaluate(self.done_domain, company)
            done = self.env[kpi.res_model].sudo().search_count(domain)
        kept = kept if kpi.kept_domain and kpi.is_promise else done
        return Tally(kept, done - kept, counted - done, 0, (), date_from, date_to)

    # ------------------------------------------------------------
    # A DAY, A WEEK, A MONTH, A QUARTER IS DUE
    # ------------------------------------------------------------

    def _tally_cycles(self, company, sites, date_from, date_to, today):
        """Return the tally of a task that is due once in each cycle, at each site."""
        cells = {}  # {(site id or False, first day): last day}
        for site in sites if self.site_field else (sites.browse(),):
            calendar = company._npo_work_calendar(site.calendar_id)
            since = max(filter(None, (company._npo_centre_since(), site.date_open)))
            for first, last in self._cycles(calendar, date_from, date_to, today):
                if last >= since:
                    cells[site.id, first] = last
        if not cells:
            return Tally(date_from=date_from, date_to=date_to)
        start = min(first for _site, first in cells)
        end = max(cells.values())
        kept, done = self._filled(company, start, end)
        late, open_ = done - kept, cells.keys() - kept - done
        missed = sorted(cell for cell in open_ if cells[cell] < today)
        return Tally(
            done=len(cells.keys() & kept),
            late=len(cells.keys() & late),
            missed=len(missed),
            waiting=len(open_) - len(missed),
            gaps=tuple((first, sites.browse(site)) for site, first in missed),
            date_from=start,
            date_to=end,
        )

    def _cycles(self, calendar, date_from, date_to, today):
        """Yield (first, last) day of the cycles that are due in a period by today."""
        if self.frequency == "day":
            day = date_from
            while day <= min(date_to, today):
                if calendar.is_working_day(day):
                    yield day, day
                day += timedelta(days=1)
            return
        first = self._cycle_start(date_from)
        while first <= min(date_to, today):
            last = self._cycle_end(first)
            is_running = first <= today <= last and date_from <= today <= date_to
            if last <= date_to or is_running:
                yield first, last
            first = last + timedelta(days=1)

    def _cycle_start(self, day):
        """Return the first day of the cycle of a day; the week begins on Sunday."""
        if self.frequency == "day":
            return day
        if self.frequency == "week":
            return day - timedelta(days=(day.weekday() + 1) % 7)
        return date_utils.start_of(day, self.frequency)

    def _cycle_end(self, first):
        if self.frequency == "week":
            return first + timedelta(days=6)
        return date_utils.end_of(first, self.frequency)

    def _filled(self, company, start, end):
        """Return two sets of (site id, first day): kept in time, done at all."""
        kpi = self.kpi_id
        period = (company, start, end)
        done_domain = kpi._records_domain(*period)
        if self.done_domain:
            done_domain &= kpi._evaluate(self.done_domain, company)
        done = self._cells_of(company, done_domain)
        if not (kpi.kept_domain and kpi.is_promise):  # nothing was promised: not late
            return done, done
        kept = self._cells_of(company, kpi._records_domain(*period, kept=True))
        return kept, done | kept

    def _cells_of(self, company, domain):
        """Return the cells in which there are records, in the days of the company."""
        model = self.env[self.kpi_id.res_model].sudo()
        groupby = [f"{self.kpi_id.date_field}:day"]
        if self.site_field:
            groupby.append(self.site_field)
        rows = model.with_context(tz=company._npo_tz())._read_group(domain, groupby)
        is_moment = self.kpi_id._date_type() == "datetime"
        return {
            (
                row[1].id if self.site_field else False,
                self._cycle_start(row[0].date() if is_moment else row[0]),
            )
            for row in rows
        }
