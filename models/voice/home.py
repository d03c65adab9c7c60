from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The objections that wait for somebody (ux.md, Homes)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("committee_member", "general_manager"):
            label = self.env._("Objections to review")
            waiting = Domain("stage_code", "in", ("received", "late"))
            mine = Domain("stage_code", "=", "review") & Domain(
                "reviewer_id", "=", self.env.uid
            )
            tiles.append((label, "warning", "npo.appeal", waiting | mine))
        return tiles
