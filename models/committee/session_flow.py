from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from .guards import OFFICE
from .session import NpoCommitteeSession as Base


class NpoCommitteeSession(models.Model):
    """The steps of a session: agenda, convening, opening, closing (R123)."""

    _inherit = Base._name

    is_office = fields.Boolean(compute="_compute_my_role")
    is_presiding = fields.Boolean(compute="_compute_my_role")
    next_step_note = fields.Char(compute="_compute_next_step_note")

    @api.depends("committee_id", "present_count")
    @api.depends_context("uid")
    def _compute_my_role(self):
        """Tell what the user may do: prepare and record, or open, close and cast."""
        user = self.env.user
        for session in self:
            committee, presiding = session.committee_id, session._presiding()
            session.is_office = user in committee._users(*OFFICE)
            heads = presiding or committee._users("chair", "deputy")
            session.is_presiding = user in heads

    @api.depends("state", "item_ids.state", "present_count")
    @api.depends_context("lang")
    def _compute_next_step_note(self):
        for session in self:
            session.next_step_note = session._next_step_note()

    def _next_step_note(self):
        """Say what the session waits for, at each state."""
        _ = self.env._
        if self.state == "draft":
            if not self.item_count:
                return _("Draw the agenda: it takes all that waits for the committee.")
            return _("Look through the agenda, then convene the members.")
        if self.state == "convened":
            return _("The secretary records who is there, then the chair opens.")
        if self.state == "open" and not self.is_quorate and self.kind == "meeting":
            return _("Without the quorum nothing can be decided yet.")
        if self.state == "open":
            return _("Requests still to decide: %s.", self.pending_count)
        if self.state == "closed" and self.ripe_count:
            return _("Decisions that may be announced today: %s.", self.ripe_count)
        if self.state == "closed":
            return _("Signatures missing under the minutes: %s.", self.unsigned_count)
        return False

    def _require_state(self, *states):
        """Raise unless the sessions are in one of the states; lock them first."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "A colleague is working on this session at this very moment. Reload"
                    " the page to see what was done, then try again."
                )
            ) from None
        self.invalidate_recordset(["state"])
        for session in self:
            if session.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(session)s is at “%(state)s” now, so this step does not"
                        " apply.",
                        session=session.name,
                        state=labels[session.state],
                    )
                )

    def _require_presiding(self):
        """Raise unless the user presides: the chair, or the deputy without the chair.

        Before anybody has come, both may: somebody has to begin.
        """
        for session in self:
            presiding = session._presiding()
            roles = () if presiding == self.env.user else ("chair", "deputy")
            session.committee_id._require_seat(*roles)
            if presiding and presiding != self.env.user:
                raise UserError(
                    self.env._("%s presides over this session.", presiding.name)
                )

    # ------------------------------------------------------------
    # AGENDA
    # ------------------------------------------------------------

    def action_draw_agenda(self):
        """Put all that waits for the committee on the agenda, most pressing first."""
        self.ensure_one()
        self.committee_id._require_seat(*OFFICE)
        self._require_state("draft", "convened", "open")
        self._draw(self._ready_requests())

    def _ready_requests(self):
        """Return the requests that wait for a decision and are on no open agenda."""
        ready = Domain("committee_id", "=", self.committee_id.id)
        ready &= Domain("stage_code", "=", "committee")
        ready &= ~Domain("committee_item_ids", "any", [("state", "=", "pending")])
        return (
            self.env["npo.request"]
            .sudo()
            .search(ready, order="reply_deadline, priority desc, id")
        )

    def _draw(self, requests):
        """Put requests on the agenda, with the recusals that are known already."""
        first = max(self.sudo().item_ids.mapped("sequence"), default=0) + 1
        items = (
            self.env["npo.committee.item"]
            .sudo()
            .create(
                [
                    {
                        "session_id": self.id,
                        "request_id": request.id,
                        "sequence": number,
                        **request._proposed_motion(),
                    }
                    for number, request in enumerate(requests, first)
                ]
            )
        )
        items._recuse_known()
        return items

    # ------------------------------------------------------------
    # CONVENE, OPEN, CLOSE
    # ------------------------------------------------------------

    def action_convene(self):
        """Invite the members; a meeting goes into their calendars."""
        self.committee_id._require_seat(*OFFICE)
        self._require_state("draft")
        for session in self:
            if not session.item_ids:
                raise UserError(
                    self.env._("Draw the agenda first: nothing is on it yet.")
                )
            session._sync_seats()
        self.sudo().write({"state": "convened"})
        self._create_event()

    def action_open(self):
        """Open the session; decisions need the quorum, opening does not."""
        self._require_presiding()
        self._require_state("convened")
        for session in self:
            session._sync_seats()
            session.item_ids.sudo()._recuse_known()
        self.sudo().write({"state": "open", "date_opened": fields.Datetime.now()})

    def action_close_session(self):
        """Close the session; what is still open goes to the next one (R123)."""
        self._require_presiding()
        self._require_state("open")
        for session in self:
            own = session.sudo()
            open_items = own.item_ids.filtered(lambda item: item.state == "pending")
            open_items.write({"state": "postponed"})
            waiting = own.attendance_ids.filtered(lambda x: x.state == "expected")
            if session.kind == "meeting":
                waiting.write({"state": "absent"})
            own.presided_by_id = session._presiding() or self.env.user
            own.quorum_needed = session.committee_id._quorum()
        self.sudo().write({"state": "closed", "date_closed": fields.Datetime.now()})

    def action_cancel(self):
        """Call the session off: its requests are free for another one."""
        self.committee_id._require_seat(*OFFICE)
        self._require_state("draft", "convened", "open")
        items = self.sudo().item_ids
        if "decided" in items.mapped("state"):
            raise UserError(
                self.env._("A session that has decided is closed, and not cancelled.")
            )
        items.filtered(lambda i: i.state == "pending").write({"state": "postponed"})
        self.sudo().write({"state": "cancelled"})
        self._cancel_event()

    # ------------------------------------------------------------
    # SEATS
    # ------------------------------------------------------------

    def action_all_present(self):
        """Note that everybody who is expected is there."""
        self.committee_id._require_seat(*OFFICE)
        self._require_state("convened", "open")
        lines = self.attendance_ids.filtered(lambda line: line.state == "expected")
        lines._mark("present")

    def _sync_seats(self):
        """Let who holds a seat attend, and end the attendance of who lost theirs."""
        self.ensure_one()
        seats = self.committee_id._seats()
        lines = self.sudo().attendance_ids
        gone = lines.filtered(
            lambda line: not line.date_left and line.user_id not in seats.user_id
        )
        gone._leave()
        lines.create(
            [
                {
                    "session_id": self.id,
                    "user_id": seat.user_id.id,
                    "role": seat.role,
                    "has_vote": seat.has_vote,
                }
                for seat in seats
                if seat.user_id not in lines.user_id
            ]
        )


class NpoCommittee(models.Model):
    _inherit = "npo.committee"

    session_ids = fields.One2many("npo.committee.session", "committee_id")

    def _sync_sessions(self):
        """A change of the seats counts at once in the sessions under way."""
        sessions = (
            self.env["npo.committee.session"]
            .sudo()
            .search(
                [
                    ("committee_id", "in", self.ids),
                    ("state", "in", ("convened", "open")),
                ]
            )
        )
        for session in sessions:
            session._sync_seats()


class NpoCommitteeMember(models.Model):
    _inherit = "npo.committee.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members.committee_id._sync_sessions()
        return members

    def write(self, vals):
        result = super().write(vals)
        self.committee_id._sync_sessions()
        return result

    def unlink(self):
        committees = self.committee_id
        result = super().unlink()
        committees._sync_sessions()
        return result
