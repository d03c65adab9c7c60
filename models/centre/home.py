from odoo import api, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base


class NpoHome(models.AbstractModel):
    """What the centre sees first (ux.md, Homes)."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("centre_officer", "general_manager"):
            late = Domain("is_overdue", "=", True)
            label = self.env._("Late improvements")
            tiles.append((label, "danger", "npo.improvement", late))
        tiles += self._internal_tiles() + self._centre_tiles()
        return tiles + self._submission_tiles()

    @api.model
    def _submission_tiles(self):
        """Return what the general manager is to answer, kind by kind (R188)."""
        if not self._has_role("general_manager"):
            return []
        waiting = Domain("submission_state", "=", "submitted")
        mixin = self.env.registry["npo.submission.mixin"]
        kinds = self.env["ir.model"]
        return [
            (
                self.env._("Submitted to me: %s", kinds._get(name).name),
                "warning",
                name,
                waiting,
            )
            for name in sorted(mixin._inherit_children)
            if not self.env[name]._abstract
            and self.env[name].search_count(waiting, limit=1)
        ]

    @api.model
    def _internal_tiles(self):
        """Return what other units ask of the user, for who was ever asked."""
        model = self.env["npo.internal.request"]
        to_answer = Domain("user_id", "=", self.env.uid) & Domain("state", "=", "open")
        if not model.has_access("read") or not model.search_count(to_answer, limit=1):
            return []
        label = self.env._("Other units ask you")
        return [(label, "primary", model._name, to_answer)]

    @api.model
    def _centre_tiles(self):
        """Return what the centre looks after: campaigns, training, samples, page."""
        if not self._has_role("centre_officer", "general_manager"):
            return []
        _ = self.env._
        running = Domain("state", "=", "running")
        lacking = Domain("lacks_hours", "=", True)
        unfinished = Domain("date_done", "=", False)
        rated = Domain("date_rated", ">=", "today -30d")
        low = rated & Domain("rating", "<=", 2)
        ratings = [
            (_("Ratings of thirty days"), "primary", "npo.rating", rated),
            (_("Of these, not satisfied"), "warning", "npo.rating", low),
        ]
        # what somebody said is not for those who served (R079)
        is_managing = self._has_role("centre_manager", "general_manager")
        return (ratings if is_managing else []) + [
            (_("Campaigns running"), "primary", "npo.campaign", running),
            (_("Who lacks training"), "warning", "npo.service.representative", lacking),
            (_("Samples to look through"), "primary", "npo.sample", unfinished),
        ]
