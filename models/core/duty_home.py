from odoo import api, models
from odoo.fields import Domain

from .home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """What the general manager, or the chair of the board, is asked to allow (R158)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles, model = super()._tiles(), "npo.duty.exception"
        if not self.env[model].has_access("read"):
            return tiles
        asked = Domain("state", "=", "asked") & Domain("is_mine", "=", True)
        if not self.env[model].search_count(asked, limit=1):
            return tiles
        label = self.env._("Exceptions from duties to answer")
        return [*tiles, (label, "warning", model, asked)]
