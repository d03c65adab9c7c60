from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """What waits for who studies families and keeps files (ux.md, Homes)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("social_researcher"):
            tiles += self._study_tiles()
        if self._has_role("social_researcher", "relations_officer", "branch_delegate"):
            label = self.env._("Files to renew")
            domain = self.env["npo.beneficiary"]._to_renew_domain(self.env.company)
            tiles.append((label, "warning", "npo.beneficiary", domain))
        return tiles

    def _study_tiles(self):
        _ = self.env._
        model = "npo.assessment"
        mine = Domain("researcher_id", "=", self.env.uid)
        drafts = mine & Domain("state", "=", "draft")
        return [
            (_("Visits today"), "primary", model, drafts & self._today("date_visit")),
            (_("Studies being written"), "primary", model, drafts),
            (
                _("To be studied again"),
                "warning",
                model,
                mine & Domain("is_restudy_due", "=", True),
            ),
        ]

    def _today(self, name):
        """Return the domain of a moment of the association's own day."""
        company = self.env.company
        start, end = company._npo_day_bounds(*[company._npo_today()] * 2)
        return Domain(name, ">=", start) & Domain(name, "<", end)
