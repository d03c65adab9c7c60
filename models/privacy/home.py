from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The tiles of privacy requests, for who answers them (P014)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if not self._has_role("data_protection_officer"):
            return tiles
        waiting = Domain("stage_category", "=", "open")
        late = Domain("is_overdue", "=", True)
        reading = Domain("state", "=", "open")
        model = "npo.data.request"
        return [
            *tiles,
            (self.env._("Privacy requests to answer"), "primary", model, waiting),
            (self.env._("Privacy requests past their day"), "danger", model, late),
            (
                self.env._("Unusual reading to be explained"),
                "danger",
                "npo.access.alert",
                reading,
            ),
        ]
