from odoo import api, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The objections that wait for somebody (ux.md, Homes)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("committee_member", "general_manager"):
            label = self.env._("Objections to review")
            waiting = Domain("stage_code", "in", ("received", "late"))
            mine = Domain("stage_code", "=", "review") & Domain(
                "reviewer_id", "=", self.env.uid
            )
            tiles.append((label, "warning", "npo.appeal", waiting | mine))
        if self._has_role("staff"):
            asked = Domain("state", "=", "open") & Domain("user_id", "=", self.env.uid)
            label = self.env._("Asked of me about complaints")
            tiles.append((label, "warning", "npo.complaint.assignment", asked))
        if self._has_role("centre_officer", "complaint_officer"):
            tiles += self._console_tiles()
        return tiles

    @api.model
    def _console_tiles(self):
        """What the centre follows up: mine, late, with nobody, unknown, answered."""
        _ = self.env._
        console = "npo.console"
        owed = Domain("date_answered", "=", False)
        mine = owed & Domain("user_id", "=", self.env.uid)
        nobody = owed & Domain("user_id", "=", False)
        waiting = Domain("stage_category", "=", "paused")
        answered = Domain("date_answered", "!=", False)
        unmatched = Domain("is_unmatched", "=", True)
        return [
            (_("With me"), "primary", console, mine),
            (_("Late answers"), "danger", console, Domain("is_overdue", "=", True)),
            (_("Nobody has it"), "warning", console, nobody),
            (_("Person not matched"), "warning", console, unmatched),
            (_("Waiting for the person"), "primary", console, waiting),
            (_("Answered, feedback awaited"), "primary", console, answered),
        ]
