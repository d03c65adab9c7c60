from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ...tools.periods import period_of
from ..core.kpi import NpoKpi
from ..core.kpi_figures import UNKNOWN

# A task of recovery tells of a low answer as plainly as the answer itself.
OPINIONS = ("npo.opinion.answer", "npo.opinion.recovery")
# Who may see figures of any period; to all others a closed month is told, whole.
MANAGING = ("centre_manager", "general_manager")
# Its lines lie over those of the other measures: what is left could be worked out.
OVERLAPPING = ("dimension_scores",)


def _months_of(date_from, date_to):
    """Return the whole months that a period is made of; none if it is not."""
    months, month = [], period_of("month", date_from)
    if month[0] != date_from:
        return []
    while month[1] <= date_to:
        months.append(month)
        month = period_of("month", fields.Date.add(month[1], days=1))
    return months if months and months[-1][1] == date_to else []


class NpoKpi(models.Model):
    """The figures of opinions cannot be taken apart below the management (R079).

    Two periods that overlap differ by a few answers; so do a day and the next one, and
    an association and all its sites but one. So whole months are told when they are
    over, of the whole association, and several together where each is told alone; of
    several, those groups that each month tells. Of a few answers nothing is told to
    anybody.
    """

    _inherit = NpoKpi._name

    def _sees_all_opinions(self):
        """Tell whether the user belongs to the management, or is the system."""
        if self.env.context.get("npo_for_everybody"):
            return False  # what is counted now is kept for others to read
        user = self.env.user
        return user.id == SUPERUSER_ID or any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in MANAGING
        )

    def _withheld(self, company, date_from, date_to, site=None):
        """Return the measures of which this period is not told to the user."""
        return self._withheld_of_each(company, [(date_from, date_to)], site)[0]

    def _withheld_of_each(self, company, periods, site=None):
        """Return, period by period, the measures of which it is not told to the user.

        A statement at most, however many periods of several months there are.
        """
        opinions = self.filtered(
            lambda kpi: kpi.is_opinion or kpi.res_model in OPINIONS
        )
        if not opinions or opinions._sees_all_opinions():
            return [self.browse() for _period in periods]
        today = company.sudo()._npo_today()
        overlapping = opinions.filtered(lambda kpi: kpi.code in OVERLAPPING)
        months = [_months_of(*period) if not site else [] for period in periods]
        whole = [own if own and own[-1][1] < today else [] for own in months]
        several = {month for own in whole if len(own) > 1 for month in own}
        untold = opinions._untold_months(company, sorted(several))
        return [
            overlapping.union(*(untold.get(month, self.browse()) for month in own))
            if own
            else opinions
            for own in whole
        ]

    def _untold_months(self, company, months):
        """Return {month: the measures of which it is not told}.

        It could be worked out: from all of a period together less the other months.
        """
        trend = super()._trend(company, months)
        return {
            month: self.filtered(
                lambda kpi, place=place: not kpi._may_tell(trend[kpi][place], company)
            )
            for place, month in enumerate(months)
        }

    def _figures(self, company, date_from, date_to, site=None):
        # EXTENDS npo.kpi
        told = self - self._withheld(company, date_from, date_to, site)
        figures = super(NpoKpi, told)._figures(company, date_from, date_to, site=site)
        return {
            kpi: figures[kpi]
            if kpi in figures and kpi._may_tell(figures[kpi], company)
            else UNKNOWN
            for kpi in self
        }

    def _may_tell(self, figure, company):
        """Tell whether a total may be told: not of a few answers."""
        return self._is_told(figure, company)

    def _figures_by(self, by, company, date_from, date_to, site=None):
        # EXTENDS npo.kpi: groups of few are taken out here as well
        told = self - self._withheld(company, date_from, date_to, site)
        found = super(NpoKpi, told)._figures_by(
            by, company, date_from, date_to, site=site
        )
        found |= {kpi: {} for kpi in self - told if kpi._by_field(by)}
        few = told._hidden_in_months(by, company, date_from, date_to)
        return {
            kpi: kpi._shown_groups(groups, company, few.get(kpi, ()))[0]
            if kpi.is_opinion
            else groups
            for kpi, groups in found.items()
        }

    def _hidden_in_months(self, by, company, date_from, date_to):
        """Return {measure: the groups that some month of a period does not tell}.

        A quarter less two of its months is the third: one statement for all months.
        """
        opinions = self.filtered(lambda kpi: kpi.is_opinion and kpi._by_field(by))
        opinions = opinions.filtered("date_field")
        months = _months_of(date_from, date_to)
        if not opinions or len(months) < 2 or opinions._sees_all_opinions():
            return {}

        def key(kpi, model, query):
            group = kpi._path_sql(model, kpi._by_field(by), query)
            month = kpi._bucket_sql(model, query, company, months)
            return SQL("concat_ws(':', %s, (%s)::text)", month, group)

        counts = opinions._count_all(company, date_from, date_to, key=key)
        return {
            kpi: {kpi._group_key(by, name, ()) for name in kpi._few_of(parts, company)}
            for kpi, parts in counts.items()
        }

    def _few_of(self, parts, company):
        """Return the groups that are hidden in a month: {"month:group": figure}."""
        months = {}
        for name, figure in parts.items():
            month, _colon, group = name.partition(":")
            months.setdefault(month, {})[group or None] = figure
        hidden = (self._shown_groups(own, company)[1] for own in months.values())
        return set().union(*hidden)

    def _trend(self, company, periods, site=None, kept=False):
        # EXTENDS npo.kpi
        trend = super()._trend(company, periods, site=site, kept=kept)
        withheld_of = self._withheld_of_each(company, periods, site)
        for number, withheld in enumerate(withheld_of):
            for kpi in self:
                if kpi in withheld or not kpi._may_tell(trend[kpi][number], company):
                    trend[kpi] = list(trend[kpi])
                    trend[kpi][number] = UNKNOWN
        return trend
