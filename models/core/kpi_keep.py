from odoo import fields, models

from ...tools.periods import period_of
from .kpi import NpoKpi
from .kpi_figures import UNKNOWN


class NpoKpi(models.Model):
    """The values of a measure that are kept."""

    _inherit = NpoKpi._name

    value_ids = fields.One2many("npo.kpi.value", "kpi_id", "Kept values")

    def _as_figure(self, counted, kept):
        """Return a figure of stored numbers: records are whole."""
        if not self.value_field and self.unit != "ratio":
            return int(counted), None if kept is None else int(kept)
        is_whole = not self.denominator_id
        return int(counted) if is_whole else counted, kept

    def _keep(self, company, date_from, date_to):
        """Keep what is counted for a closed month, of the association and its sites.

        Values that tell of persons or opinions are kept for the whole alone.
        """
        if not self:
            return
        rows = [
            (kpi, None, figure)
            for kpi, figure in self._figures(company, date_from, date_to).items()
        ]
        open_ = self.filtered(lambda kpi: not (kpi.is_opinion or kpi.is_private))
        by_site = open_._figures_by("site", company, date_from, date_to)
        rows += [
            (kpi, site, figure)
            for kpi, groups in by_site.items()
            for site, figure in groups.items()
            if site
        ]
        targets = self._targets(company, date_to)
        before = self._reported(
            company, [period_of("month", fields.Date.subtract(date_from, days=1))]
        )
        vals = []
        for kpi, site, figure in rows:
            last = before.get((kpi, 0)) if not site else None
            vals.append(
                {
                    "company_id": company.id,
                    "kpi_id": kpi.id,
                    "site_id": site.id if site else None,
                    "date_from": date_from,
                    "date_to": date_to,
                    **kpi._kept_vals(company, figure, *targets[kpi], last),
                }
            )
        self.env["npo.kpi.value"]._insert(vals)

    def _kept_vals(self, company, figure, direction, target, last):
        """Return the columns of a kept figure; an opinion of few is not told."""
        counted, kept = figure
        is_told = self._is_told(figure, company)
        is_told = is_told and not (self.is_opinion and kept is None)
        if not is_told:
            counted, kept = 0, None
        value = self._figure_value(counted, kept)
        if direction in ("up", "down"):
            target = self._figure_value(*last) if last else None
        return {
            "counted": counted or 0,
            "kept": kept or 0,
            "value": value,
            "is_known": kept is not None,
            "is_told": is_told,
            "direction": direction or None,
            "target": target or 0,
            "state": self._status(value, direction, target) or "none",
        }

    def _reported(self, company, months, site=None):
        """Return {(measure, place of the month): (counted, kept)} as reported."""
        lines = self.env["npo.kpi.value"].sudo()
        lines = lines.search(
            [
                ("company_id", "=", company.id),
                ("kpi_id", "in", self.ids),
                ("site_id", "=", site.id if site else False),
                ("date_from", "in", [first for first, _last in months]),
            ]
        )
        places = {month: place for place, month in enumerate(months)}
        found = {}
        for line in lines:
            place = places.get((line.date_from, line.date_to))
            if place is not None:
                kpi = self.browse(line.kpi_id.id)
                found[kpi, place] = line._was() if line.is_told else UNKNOWN
        return found
