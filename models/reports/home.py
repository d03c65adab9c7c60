from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base

PREPARING = (
    "centre_officer",
    "governance_officer",
    "finance_officer",
    "data_protection_officer",
)


class NpoHome(models.AbstractModel):
    """Reports to submit; those to answer stand on the manager's home (R188)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role(*PREPARING):
            waiting = Domain("submission_state", "in", ("draft", "returned"))
            label = self.env._("Periodic reports to submit")
            tiles.append((label, "primary", "npo.report.run", waiting))
        return tiles
