from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """Policies that the user was asked to read; obligations to be met (R036, R155)."""

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
        return [*tiles, *self._obligation_tiles()]

    @api.model
    def _obligation_tiles(self):
        """Return a tile of the user's own that are due, and of all that are overdue."""
        obligations = self.env["npo.compliance.obligation"]
        if not obligations.has_access("read"):
            return []
        own = Domain("company_id", "=", self.env.company.id)
        mine = own & Domain("user_id", "=", self.env.uid)
        mine &= Domain("state", "in", ("open", "overdue"))
        mine &= Domain("date_notice", "<=", self.env.company._npo_today())
        tiles = []
        if obligations.search_count(mine, limit=1):
            label = self.env._("Obligations to meet")
            tiles.append((label, "warning", obligations._name, mine))
        overdue = own & Domain("state", "=", "overdue")
        watches = self._has_role("general_manager", "governance_officer")
        if watches and obligations.search_count(overdue, limit=1):
            label = self.env._("Overdue obligations")
            tiles.append((label, "danger", obligations._name, overdue))
        return tiles
