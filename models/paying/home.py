from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """What finance sees first: to check, to post, to pay, returned, paid (ux.md)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = []  # what finance does comes before what everybody may be asked
        _ = self.env._
        if self._has_role("finance_officer"):
            tiles += [
                (label, tone, "npo.payout", domain)
                for label, tone, domain in (
                    (_("To check"), "warning", Domain("state", "=", "to_check")),
                    (_("To post"), "primary", Domain("state", "=", "to_post")),
                    (
                        _("To pay"),
                        "primary",
                        Domain("state", "in", ("to_pay", "partial")),
                    ),
                    (_("Came back"), "danger", Domain("state", "=", "returned")),
                    (
                        _("Paid this month"),
                        "primary",
                        Domain("date_paid", ">=", "=1d"),
                    ),
                )
            ]
        if self._has_role("finance_officer", "general_manager"):
            late = Domain("npo_is_late", "=", True)
            tiles.append((_("Late payments"), "danger", "account.move", late))
        return [*tiles, *super()._tiles()]
