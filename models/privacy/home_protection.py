from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """Incidents for the data-protection officer; what each person is to sign."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        _ = self.env._
        tiles = super()._tiles()
        mine = Domain("user_id", "=", self.env.uid) & Domain("date_signed", "=", False)
        model = "npo.undertaking"
        if self._has_role("staff") and self.env[model].search_count(mine, limit=1):
            tiles = [*tiles, (_("Undertakings to sign"), "warning", model, mine)]
        if not self._has_role("data_protection_officer"):
            return tiles
        incidents = "npo.data.breach"
        open_ = Domain("state", "!=", "closed")
        late = Domain("is_overdue", "=", True)
        return [
            *tiles,
            (_("Data incidents"), "warning", incidents, open_),
            (_("Incidents late with the authority"), "danger", incidents, late),
        ]

    @api.model
    def _quick_actions(self):
        # EXTENDS npo.home: everybody of the staff may see an incident (R157)
        actions = super()._quick_actions()
        if self._has_role("staff"):
            label = self.env._("Report a data incident")
            action = "npo_relations.npo_data_breach_report_action"
            actions.append((label, "fa-shield", action))
        return actions
