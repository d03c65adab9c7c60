from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The tile of the policies that the user was asked to read (R036)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        mine = Domain("user_id", "=", self.env.uid)
        waiting = mine & Domain("state", "in", ("pending", "late"))
        lines = self.env["npo.policy.acknowledgement"]
        if lines.has_access("read") and lines.search_count(waiting, limit=1):
            label = self.env._("Policies to read")
            tiles.append((label, "warning", lines._name, waiting))
        return tiles
