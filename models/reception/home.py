from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """Who came today, who waits, and the counter itself (ux.md, Homes)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role(
            "service_representative",
            "branch_delegate",
            "centre_officer",
            "general_manager",
        ):
            today = self.env["npo.visit"]._today_domain()
            waiting = today & Domain("state", "=", "waiting")
            tiles += [
                (self.env._("Waiting now"), "warning", "npo.visit", waiting),
                (self.env._("Visitors today"), "primary", "npo.visit", today),
            ]
        return tiles

    @api.model
    def _quick_actions(self):
        # EXTENDS npo.home
        actions = super()._quick_actions()
        if self._has_role("service_representative", "branch_delegate"):
            counter = "npo_relations.npo_reception_action"
            actions.append((self.env._("Counter"), "fa-ticket", counter))
        return actions
