from odoo import api, fields, models
from odoo.fields import Domain


class NpoHome(models.AbstractModel):
    """The tiles of support requests, by role (ux.md, Homes)."""

    _inherit = "npo.home"

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        tiles = super()._tiles()
        if self._has_role("relations_officer", "branch_delegate"):
            tiles += self._officer_tiles()
        if self._has_role("social_researcher"):
            tiles += self._researcher_tiles()
        if self._has_role("committee_member"):
            tiles += self._committee_tiles()
        if self._has_role("delivery_officer"):
            stage = Domain("stage_code", "=", "delivery")
            label = self.env._("Services to deliver")
            tiles.append((label, "primary", "npo.request", stage))
            label = self.env._("Deliveries due this week")
            due = Domain("state", "=", "planned")
            week = fields.Date.add(self.env.company._npo_today(), days=6)
            due &= Domain("date_planned", "<=", week)
            tiles.append((label, "warning", "npo.delivery", due))
        if self._has_role("general_manager", "auditor"):
            tiles += self._manager_tiles()
        return tiles

    def _officer_tiles(self):
        _ = self.env._
        today = self.env.company._npo_today()
        mine = Domain("user_id", "=", self.env.uid)
        is_open = Domain("stage_category", "=", "open")
        stage = "stage_code"
        return [
            (_("New, to receive"), "primary", "npo.request", Domain(stage, "=", "new")),
            (_("My open requests"), "primary", "npo.request", mine & is_open),
            (
                _("Came back completed"),
                "warning",
                "npo.request",
                mine
                & Domain(stage, "=", "data_entry")
                & Domain("answer_note", "!=", False),
            ),
            (
                _("Late"),
                "danger",
                "npo.request",
                mine & Domain("is_overdue", "=", True),
            ),
            (
                _("Waiting for the applicant"),
                "primary",
                "npo.request",
                mine
                & (
                    Domain("stage_category", "=", "paused")
                    | Domain(stage, "=", "declaration")
                ),
            ),
            (
                _("To call about a service"),
                "primary",
                "npo.outreach",
                Domain("state", "in", ("to_call", "called"))
                & (
                    Domain("date_next_call", "=", False)
                    | Domain("date_next_call", "<=", today)
                ),
            ),
            (
                _("Accepted, to register"),
                "warning",
                "npo.request",
                Domain(stage, "=", "registration"),
            ),
        ]

    def _researcher_tiles(self):
        _ = self.env._
        today = self.env.company._npo_today()
        mine = Domain("researcher_id", "=", self.env.uid)
        open_referrals = mine & Domain("state", "=", "open")
        return [
            (_("Referrals to answer"), "primary", "npo.referral", open_referrals),
            (
                _("Referrals answered late"),
                "danger",
                "npo.referral",
                open_referrals & Domain("date_due", "<", today),
            ),
            (
                _("Cases to study"),
                "primary",
                "npo.request",
                mine & Domain("stage_code", "=", "research"),
            ),
        ]

    def _committee_tiles(self):
        _ = self.env._
        today = self.env.company._npo_today()
        own = Domain("committee_id", "in", self.env.user.npo_committee_ids.ids)
        waiting = own & Domain("stage_code", "in", ("committee", "decided"))
        return [
            (
                _("To study and decide"),
                "primary",
                "npo.request",
                own & Domain("stage_code", "=", "committee"),
            ),
            (
                _("May be announced"),
                "warning",
                "npo.request",
                own
                & Domain("stage_code", "=", "decided")
                & Domain("earliest_reply_date", "<=", today),
            ),
            (
                _("Answer due soon"),
                "warning",
                "npo.request",
                waiting & Domain("window_state", "=", "due_soon"),
            ),
            (
                _("Answer late"),
                "danger",
                "npo.request",
                waiting & Domain("window_state", "=", "overdue"),
            ),
        ]

    def _manager_tiles(self):
        _ = self.env._
        is_open = Domain("stage_category", "=", "open")
        return [
            (_("Open requests"), "primary", "npo.request", is_open),
            (_("Late"), "danger", "npo.request", Domain("is_overdue", "=", True)),
            (
                _("Answer late"),
                "danger",
                "npo.request",
                Domain("window_state", "=", "overdue"),
            ),
            (
                _("With the committee"),
                "primary",
                "npo.request",
                Domain("stage_code", "in", ("committee", "decided")),
            ),
        ]

    @api.model
    def _quick_actions(self):
        # EXTENDS npo.home
        actions = super()._quick_actions()
        if self._has_role("relations_officer", "branch_delegate"):
            actions.append(
                (
                    self.env._("Receive a person"),
                    "fa-user-plus",
                    "npo_relations.npo_request_intake_action",
                )
            )
            actions.append(
                (
                    self.env._("Find a beneficiary"),
                    "fa-search",
                    "npo_relations.npo_beneficiary_action",
                )
            )
        return actions

    @api.model
    def _next_domain(self):
        # EXTENDS npo.home
        domain = super()._next_domain()
        uid = self.env.uid
        if self._has_role("relations_officer", "branch_delegate"):
            own = Domain("user_id", "=", uid) & Domain(
                "stage_code",
                "in",
                ("data_entry", "verification", "declaration", "registration"),
            )
            domain |= own | Domain("stage_code", "=", "new")
        if self._has_role("social_researcher"):
            domain |= Domain("researcher_id", "=", uid) & Domain(
                "stage_code", "in", ("clarification", "research")
            )
        if self._has_role("committee_member"):
            domain |= Domain(
                "committee_id", "in", self.env.user.npo_committee_ids.ids
            ) & Domain("stage_code", "in", ("committee", "decided"))
        if self._has_role("delivery_officer"):
            domain |= Domain("stage_code", "=", "delivery")
        if self._has_role("general_manager"):
            domain |= Domain("is_overdue", "=", True)
        return domain
