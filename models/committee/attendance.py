from odoo import api, fields, models
from odoo.exceptions import UserError

from .guards import OFFICE


class NpoCommitteeAttendance(models.Model):
    """A member at a session: invited, there or not, and under the minutes (R123)."""

    _name = "npo.committee.attendance"
    _description = "Attendance of a Session"
    _order = "session_id, sequence, id"
    _rec_name = "user_id"

    session_id = fields.Many2one(
        "npo.committee.session", required=True, index=True, ondelete="cascade"
    )
    session_state = fields.Selection(related="session_id.state")
    committee_id = fields.Many2one(
        related="session_id.committee_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Member", required=True, index=True)
    # as the seat was held in this session
    role = fields.Selection(
        lambda self: (
            self.env["npo.committee.member"]
            ._fields["role"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    has_vote = fields.Boolean("Votes")
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("present", "Present"),
            ("remote", "Present from afar"),
            ("absent", "Absent"),
            ("excused", "Excused"),
        ],
        required=True,
        default="expected",
    )
    date_joined = fields.Datetime("Joined")
    date_left = fields.Datetime("Left")
    signature = fields.Binary(attachment=True)
    date_signed = fields.Datetime("Signed on")

    _once = models.UniqueIndex(
        "(session_id, user_id)", "This member attends the session already."
    )

    @api.depends("role")
    def _compute_sequence(self):
        order = ("chair", "deputy", "member", "secretary")
        for line in self:
            line.sequence = order.index(line.role) if line.role in order else 9

    def action_present(self):
        self._record("present")

    def action_remote(self):
        self._record("remote")

    def action_absent(self):
        self._record("absent")

    def action_excuse(self):
        self._record("excused")

    def _record(self, state):
        """The office notes who is there, before and during the session."""
        self.committee_id._require_seat(*OFFICE)
        self.session_id._require_state("convened", "open")
        self._mark(state)

    def action_leave(self):
        """Note that members leave before the end: what is open goes on without them."""
        self.committee_id._require_seat(*OFFICE)
        self.session_id._require_state("open")
        self.sudo()._leave()

    def _mark(self, state):
        """Note whether members are there; who is not has no vote that counts."""
        if self.filtered(lambda line: line.user_id not in line.committee_id._users()):
            raise UserError(self.env._("The seat of this member has ended."))
        lines = self.sudo()
        if state in ("present", "remote"):
            now = fields.Datetime.now()
            for line in lines:
                line.write(
                    {
                        "state": state,
                        "date_joined": line.date_joined or now,
                        "date_left": False,
                    }
                )
            return
        lines.write({"state": state, "date_joined": False, "date_left": False})
        lines._drop_open_votes()

    def _leave(self):
        """End the attendance; the votes of who leaves stand on decided items only."""
        if self:
            self.write({"date_left": fields.Datetime.now()})
            self._drop_open_votes()

    def _drop_open_votes(self):
        for line in self:
            items = line.session_id.item_ids.filtered(lambda i: i.state == "pending")
            items.vote_ids.filtered(lambda v, u=line.user_id: v.user_id == u).unlink()
