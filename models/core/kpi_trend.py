from odoo import models
from odoo.tools import SQL

from .kpi import NpoKpi
from .kpi_figures import UNKNOWN
from .kpi_sql import BOUNDS


class NpoKpi(models.Model):
    """How the number of a measure went, period after period."""

    _inherit = NpoKpi._name

    def _trend(self, company, periods, site=None, kept=False):
        """Return {measure: [(counted, kept), …]}, a figure for each period.

        One statement. What stands as it is now is known of the period of today alone,
        and of closed months that were kept.

        :param periods: [(first day, last day)…] in order, none over another
        :param kept: take closed months as they were reported (`npo.kpi.value`)
        """
        if not periods:
            return {kpi: [] for kpi in self}
        self._check_order(periods)
        asked = self._with_denominators()
        if site:
            asked = asked.filtered("site_field")
        reported = self._reported(company, periods, site) if kept else {}
        begin = (self & asked)._first_to_count(periods, reported)
        counts = asked._counts_by_period(company, periods[begin:], site)
        trend = {
            kpi: [UNKNOWN] * begin + kpi._in_order(counts, company, periods[begin:])
            if kpi in counts
            else [UNKNOWN] * len(periods)
            for kpi in self
        }
        for (kpi, place), figure in reported.items():
            trend[kpi][place] = figure
        return trend

    def _first_to_count(self, periods, reported):
        """Return the place of the first period that was not reported of all measures.

        What was reported need not be counted: a trend takes no longer as cases add up.
        """
        dated = self.filtered("date_field")
        last = len(periods) - 1
        return next(
            (
                place
                for place in range(last)
                if any((kpi, place) not in reported for kpi in dated)
            ),
            last,
        )

    def _check_order(self, periods):
        days = [day for period in periods for day in period]
        is_apart = all(
            last < first
            for (_from, last), (first, _to) in zip(periods, periods[1:], strict=False)
        )
        if days != sorted(days) or not is_apart:
            raise ValueError(periods)

    def _counts_by_period(self, company, periods, site):
        """Return {measure: {place of the period: (counted, kept)}}.

        What is not dated stands in all of them: what is divided by it is divided by
        what stands now.
        """
        first, last = periods[0][0], periods[-1][1]

        def key(kpi, model, query):
            if not kpi.date_field:
                return SQL("NULL")
            return kpi._bucket_sql(model, query, company, periods)

        counts = self._count_all(company, first, last, site, key)
        return {
            kpi: kpi._by_place(groups, company, periods)
            if kpi.date_field
            else dict.fromkeys(range(len(periods)), groups.get(None, (0, 0)))
            for kpi, groups in counts.items()
        }

    def _bucket_sql(self, model, query, company, periods):
        """Return the SQL of which bound the day of a record comes after."""
        date_type = self._date_type()
        return SQL(
            "width_bucket(%s, %s::%s)",
            self._path_sql(model, self.date_field, query),
            self._all_bounds(company, periods),
            BOUNDS[date_type],
        )

    def _all_bounds(self, company, periods):
        bounds = {
            bound for period in periods for bound in self._bounds(company, *period)
        }
        return sorted(bounds)

    def _by_place(self, groups, company, periods):
        """Return the groups by the place of their period; days between have none."""
        bounds = self._all_bounds(company, periods)
        starts = {
            bounds.index(self._bounds(company, *period)[0]) + 1: place
            for place, period in enumerate(periods)
        }
        return {
            starts[int(name)]: figure
            for name, figure in groups.items()
            if int(name) in starts
        }

    def _in_order(self, counts, company, periods):
        """Return a figure for each period; what stands now is of today alone."""
        figures = self._divided(counts)
        today = company._npo_today()
        return [
            figures.get(place, (0, 0))
            if self.date_field or first <= today <= last
            else UNKNOWN
            for place, (first, last) in enumerate(periods)
        ]
