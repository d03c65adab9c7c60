from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    # A holiday that moves by a day (moon sighting) moves the deadlines of open cases.

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._npo_refresh_deadlines()
        return leaves

    def write(self, vals):
        result = super().write(vals)
        if {"date_from", "date_to", "company_id", "resource_id", "calendar_id"} & set(
            vals
        ):
            self._npo_refresh_deadlines()
        return result

    def unlink(self):
        holidays = self.filtered(lambda leave: not leave.resource_id)
        companies = holidays.company_id
        has_holidays = bool(holidays)
        result = super().unlink()
        if has_holidays:
            self._npo_refresh_companies(companies)
        return result

    def _npo_refresh_deadlines(self):
        """Have the deadlines of the open cases computed again."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if holidays:
            self._npo_refresh_companies(holidays.company_id)

    def _npo_refresh_companies(self, companies):
        self.env.registry.clear_cache()  # the working time of the associations
        if companies:
            for model in self.env["npo.case.mixin"]._case_models():
                self.env[model].sudo()._refresh_deadlines(companies)
