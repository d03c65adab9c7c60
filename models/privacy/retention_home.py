from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """What is due for destruction, for who protects the data (D17)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        _ = self.env._
        own = Domain("company_id", "=", self.env.company.id)
        if self._has_role("data_protection_officer"):
            due = own & Domain("due_count", ">", 0)
            label = _("Kinds of records due for destruction")
            tiles = [*tiles, (label, "warning", "npo.retention.due", due)]
        if self._has_role(
            "data_protection_officer", "general_manager", "governance_officer"
        ):
            waiting = own & Domain("state", "=", "approval")
            label = _("Destructions to approve")
            tiles = [*tiles, (label, "warning", "npo.destruction.session", waiting)]
        return tiles
