from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """What the centre sees first (ux.md, Homes)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("service_representative", "centre_officer"):
            tiles.append(
                (
                    self.env._("Visitors today"),
                    "primary",
                    "npo.interaction",
                    self.env["npo.interaction"]._visitors_domain(),
                )
            )
        if self._has_role("centre_officer", "general_manager"):
            late = Domain("is_overdue", "=", True)
            label = self.env._("Late improvements")
            tiles.append((label, "danger", "npo.improvement", late))
        return tiles
