from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The sealed complaints that one is named for; for all others there are none."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("sealed_officer", "general_manager", "governance_officer"):
            mine = Domain("focal_user_ids", "in", self.env.uid)
            waiting = mine & Domain("is_closed", "=", False)
            label = self.env._("Sealed, with me")
            tiles.append((label, "danger", "npo.complaint", waiting))
        return tiles
