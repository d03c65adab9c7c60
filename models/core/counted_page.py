from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils

from .period_page import NpoPeriodPage


class NpoCountedPage(models.AbstractModel):
    """A page whose lines are counted for a period, and again for another one.

    Counting writes its lines in sudo, for an auditor writes nothing; the page stays
    its reader's own.
    """

    _name = "npo.counted.page"
    _description = "Page That Is Counted"
    _inherit = [NpoPeriodPage._name]

    # Roles that read it, without the prefix of their groups.
    _readers = ()

    def _reader_refusal(self):
        """Return why somebody else does not see the page."""
        return self.env._("This page is for another role.")

    def _fill(self):
        """Write the lines anew for the period; as superuser."""
        raise NotImplementedError

    @api.model
    def _is_reader(self):
        """Tell whether the user has a role that the page is for."""
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in self._readers
        )

    def _check_reader(self):
        """Raise unless the page is for the user, and the user's own."""
        if not self._is_reader():
            raise AccessError(self._reader_refusal())
        self.check_access("read")
        # a page is made with any association in it, and filled in as superuser
        if not self.env.su and self.sudo().company_id - self.env.user.company_ids:
            raise AccessError(self._reader_refusal())

    def _check_period(self):
        if not (self.date_from and self.date_to) or self.date_from > self.date_to:
            raise UserError(self.env._("Enter a period whose end is not before it."))

    def _own_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_month(self):
        """Show this month."""
        return self._show_period("month")

    def action_quarter(self):
        """Show this quarter."""
        return self._show_period("quarter")

    def action_year(self):
        """Show this year."""
        return self._show_period("year")

    def action_last_year(self):
        """Show the year before."""
        return self._show_period("year", years=1)

    def _show_period(self, granularity, **before):
        """Show the month, quarter or year of a day: today, or so long before."""
        self._check_reader()
        day = date_utils.subtract(self.company_id._npo_today(), **before)
        self.sudo().write(
            {
                "date_from": date_utils.start_of(day, granularity),
                "date_to": date_utils.end_of(day, granularity),
            }
        )
        return self.action_show()

    def action_show(self):
        """Count again for the period that is entered."""
        self._check_reader()
        self.sudo()._fill()
        return self._own_action()

    def _file_name(self, what, extension):
        code = self.company_id.npo_acronym or self.company_id.npo_profile_code
        parts = (what, code, f"{self.date_from}_{self.date_to}")
        return "-".join(filter(None, parts)).replace(" ", "_") + f".{extension}"
