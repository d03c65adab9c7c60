from odoo import api, models
from odoo.fields import Domain

from .approval import ROLES


class NpoHome(models.AbstractModel):
    """What waits for a higher approval (D19)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        mine = self._approver_of()
        if mine:
            first = Domain("state", "=", "waiting") & Domain("approver", "in", mine)
            second = Domain("state", "=", "waiting_second")
            second &= Domain("second_approver", "in", mine)
            label = self.env._("Higher approvals to answer")
            tiles.append((label, "warning", "npo.approval", first | second))
        return tiles

    @api.model
    def _approver_of(self):
        """Return the lines of the authority matrix that the user is asked by."""
        mine = [approver for approver, role in ROLES.items() if self._has_role(role)]
        chairs = self.env.user.npo_committee_ids._users("chair", "deputy")
        if "committee_chair" in mine and self.env.user not in chairs:
            mine.remove("committee_chair")
        return mine
