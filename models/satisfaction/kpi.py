from odoo import SUPERUSER_ID, models

from ...tools.periods import period_of
from ..core.kpi import NpoKpi
from ..core.kpi_figures import UNKNOWN

# A task of recovery tells of a low answer as plainly as the answer itself.
OPINIONS = ("npo.opinion.answer", "npo.opinion.recovery")
# Who may see figures of any period; to all others a closed month is told, whole.
MANAGING = ("centre_manager", "general_manager")
# Its lines lie over those of the other measures: what is left could be worked out.
OVERLAPPING = ("dimension_scores",)


class NpoKpi(models.Model):
    """The figures of opinions cannot be taken apart below the management (R079).

    Two periods that overlap differ by a few answers; so do a day and the next one, and
    an association and all its sites but one. So a month is told when it is over, of
    the whole association, and neither more nor less of it.
    """

    _inherit = NpoKpi._name

    def _sees_all_opinions(self):
        """Tell whether the user belongs to the management, or is the system."""
        user = self.env.user
        return user.id == SUPERUSER_ID or any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in MANAGING
        )

    def _withheld(self, company, date_from, date_to, site=None):
        """Return the measures of which this period is not told to the user."""
        opinions = self.filtered(lambda kpi: kpi.res_model in OPINIONS)
        if not opinions or opinions._sees_all_opinions():
            return self.browse()
        month = period_of("month", date_from)
        is_closed = month[1] < company.sudo()._npo_today()
        if site or (date_from, date_to) != month or not is_closed:
            return opinions
        return opinions.filtered(lambda kpi: kpi.code in OVERLAPPING)

    def _figures(self, company, date_from, date_to, site=None):
        # EXTENDS npo.kpi
        told = self - self._withheld(company, date_from, date_to, site)
        figures = super(NpoKpi, told)._figures(company, date_from, date_to, site=site)
        if told._sees_all_opinions():
            return {kpi: figures.get(kpi, UNKNOWN) for kpi in self}
        return {
            kpi: figures[kpi]
            if kpi in figures and kpi._may_tell(figures[kpi], company)
            else UNKNOWN
            for kpi in self
        }

    def _may_tell(self, figure, company):
        """Tell whether a total may be told: not of a few answers."""
        return self.res_model not in OPINIONS or self._is_told(figure[0], company)

    def _figures_by(self, by, company, date_from, date_to, site=None):
        # EXTENDS npo.kpi: groups of few are taken out here as well
        told = self - self._withheld(company, date_from, date_to, site)
        found = super(NpoKpi, told)._figures_by(
            by, company, date_from, date_to, site=site
        )
        if told._sees_all_opinions():
            return found
        return {
            kpi: kpi._shown_groups(groups, company)[0]
            if kpi.res_model in OPINIONS
            else groups
            for kpi, groups in found.items()
        }

    def _trend(self, company, periods, site=None, kept=False):
        # EXTENDS npo.kpi
        trend = super()._trend(company, periods, site=site, kept=kept)
        if self._sees_all_opinions():
            return trend
        for number, (date_from, date_to) in enumerate(periods):
            withheld = self._withheld(company, date_from, date_to, site)
            for kpi in self:
                if kpi in withheld or not kpi._may_tell(trend[kpi][number], company):
                    trend[kpi] = list(trend[kpi])
                    trend[kpi][number] = UNKNOWN
        return trend
