from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The tiles of agreements and disputes: to review, to approve, late."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        return [*super()._tiles(), *self._agreement_tiles()]

    def _agreement_tiles(self):
        _ = self.env._
        agreement, dispute = "npo.agreement", "npo.dispute"
        legal = Domain("state", "=", "legal_review")
        unticked = Domain("check_ids", "any", [("is_ticked", "=", False)])
        tiles = []
        if self._has_role("legal_adviser"):
            tiles += [
                (_("Agreements to look at"), "primary", agreement, legal & unticked),
                (
                    _("Agreements to review again"),
                    "warning",
                    agreement,
                    Domain("state", "=", "to_review"),
                ),
                (
                    _("Disputes past the day of their step"),
                    "danger",
                    dispute,
                    Domain("is_overdue", "=", True),
                ),
            ]
        if self._has_role("general_manager"):
            tiles += [
                (_("Agreements to approve"), "primary", agreement, legal),
                (
                    _("Dealings without an agreement"),
                    "warning",
                    "npo.agreement.exception",
                    Domain("waiver_id", "=", False),
                ),
            ]
        return tiles
