from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The inquiries that wait for somebody, and what they teach (ux.md, Homes)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        if not self._has_role("staff"):
            return super()._tiles()
        _ = self.env._
        owed = Domain("stage_category", "=", "open")
        owed &= Domain("date_answered", "=", False)
        mine = owed & Domain("user_id", "=", self.env.uid)
        late = mine & Domain("is_overdue", "=", True)
        asked = Domain("user_id", "=", self.env.uid) & Domain("state", "=", "asked")
        tiles = [
            (_("Inquiries with me"), "primary", "npo.inquiry", mine),
            (_("My inquiries that are late"), "danger", "npo.inquiry", late),
            (_("Asked of me"), "warning", "npo.inquiry.consultation", asked),
        ]
        if self._has_role("centre_manager"):
            unclear = Domain("unclear_instructions", "=", True)
            unclear &= Domain("date_received", ">=", "today -30d")
            label = _("Instructions unclear, 30 days")
            tiles.append((label, "warning", "npo.inquiry", unclear))
        return [*super()._tiles(), *tiles]
