from odoo import api, models
from odoo.fields import Domain

from ..request.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """The tiles of the committee's sessions (ux.md, Homes)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("committee_member"):
            tiles += self._session_tiles()
        return tiles

    def _session_tiles(self):
        _ = self.env._
        own = Domain("committee_id", "in", self.env.user.npo_committee_ids.ids)
        item, session = "npo.committee.item", "npo.committee.session"
        coming = own & Domain("session_state", "in", ("convened", "open"))
        return [
            (
                _("Sessions to attend"),
                "primary",
                session,
                own & Domain("state", "in", ("convened", "open")),
            ),
            (
                _("Not studied yet"),
                "primary",
                item,
                coming
                & Domain("state", "=", "pending")
                & Domain("is_studied", "=", False),
            ),
            (_("Votes to give"), "warning", item, own & Domain("may_vote", "=", True)),
            (
                _("Minutes to sign"),
                "primary",
                session,
                own
                & Domain("state", "=", "closed")
                & Domain(
                    "attendance_ids",
                    "any",
                    [
                        ("user_id", "=", self.env.uid),
                        ("state", "in", ("present", "remote")),
                        ("date_signed", "=", False),
                    ],
                ),
            ),
        ]
