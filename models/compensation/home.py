from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """What waits in the compensation cases (ux.md, Homes)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        version = self.env.company.sudo().npo_policy_version_id
        if not version.use_compensation:
            return super()._tiles()
        tiles = []
        _ = self.env._
        case = "npo.compensation"
        if self._has_role("compensation_officer"):
            open_ones = Domain("is_closed", "=", False)
            mine = Domain("user_id", "in", (False, self.env.uid))
            tiles += [
                (
                    _("Claims to look at"),
                    "warning",
                    case,
                    Domain("stage_code", "in", ("received", "admissibility")),
                ),
                (_("Compensation cases with me"), "primary", case, open_ones & mine),
                (
                    _("Damages that nothing limits"),
                    "danger",
                    case,
                    Domain("is_unmitigated", "=", True),
                ),
            ]
        if self._has_role("legal_adviser"):
            waits = Domain("stage_code", "=", "decision")
            waits &= Domain("date_proposed", "!=", False)
            waits &= Domain("legal_opinion", "=", False)
            tiles.append((_("Compensations to review"), "warning", case, waits))
        return [*tiles, *super()._tiles()]
