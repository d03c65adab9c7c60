from odoo import fields, models

from ..core.kpi import NpoKpi as Base


class NpoKpi(models.Model):
    """What a measure says of each site, and scores (R200)."""

    _inherit = Base._name

    unit = fields.Selection(
        selection_add=[("score", "Per cent on average"), ("amount",)],
        ondelete={"score": "set default"},
    )

    def _figure_text(self, counted, kept):
        # EXTENDS npo.kpi
        if self.unit == "score" and counted:
            return f"{kept:.1f}%"
        return super()._figure_text(counted, kept)

    def _figures_by_site(self, company, date_from, date_to):
        """Return {site: (counted, kept)}: one query for each number of all sites."""
        self.ensure_one()
        model = self.env[self.res_model].sudo()
        period = (company, date_from, date_to)
        counted = self._records_domain(*period)
        if self.value_field:
            how = "sum" if self.unit == "amount" else "avg"
            value = f"{self.value_field}:{how}"
            groups = model._read_group(counted, ["site_id"], ["__count", value])
            return {site: (count, figure) for site, count, figure in groups}
        counts = dict(model._read_group(counted, ["site_id"], ["__count"]))
        kept = counts
        if counts and self.kept_domain:
            domain = self._records_domain(*period, kept=True)
            kept = dict(model._read_group(domain, ["site_id"], ["__count"]))
        return {site: (count, kept.get(site, 0)) for site, count in counts.items()}
