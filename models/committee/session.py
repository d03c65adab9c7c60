from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.window import add_working_days
from ..core.guards import check_values, without_defaults
from ..core.reference_mixin import NpoReferenceMixin
from .guards import OFFICE, check_written

# The items guard themselves: here they are put in order.
ARRANGED = {"start", "stop", "place", "link", "secretary_id", "notes", "item_ids"}
# What the office writes of a session at each state; the rest is written by its steps.
WRITTEN = {
    "draft": ARRANGED | {"committee_id", "kind"},
    "convened": ARRANGED,
    "open": {"notes", "stop", "item_ids"},
    "closed": {"notes", "minutes_scan", "minutes_scan_name"},
}
# ⚖ How long a new meeting takes, and how long votes are collected in writing.
MEETING = timedelta(hours=2)
CIRCULATION = timedelta(days=3)


class NpoCommitteeSession(models.Model):
    """A session of the committee: a meeting, or a circulation in writing (R123).

    Here: what a session is, and who writes what of it. Its steps are in
    `session_flow`, the invitations in `calendar`, the paper in `minutes`, what
    becomes of its decisions in `letters`.
    """

    _name = "npo.committee.session"
    _description = "Committee Session"
    _inherit = [NpoReferenceMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True
    _reference_prefix = "COM"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    committee_id = fields.Many2one(
        "npo.committee",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_committee_id(),
    )
    company_id = fields.Many2one(
        related="committee_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [("meeting", "Meeting"), ("circulation", "By circulation")],
        required=True,
        default="meeting",
        help="By circulation, the members vote in writing between two meetings.",
    )
    start = fields.Datetime(
        required=True, tracking=True, default=lambda self: self._default_start()
    )
    stop = fields.Datetime(
        "End",
        required=True,
        tracking=True,
        compute="_compute_stop",
        store=True,
        readonly=False,
        precompute=True,
    )
    place = fields.Char("Meeting place", tracking=True)
    link = fields.Char("Link to join")
    secretary_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        compute="_compute_secretary_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', member_ids)]",
    )
    member_ids = fields.Many2many("res.users", compute="_compute_member_ids")
    notes = fields.Text(help="Told in the minutes after the list of decisions.")
    state = fields.Selection(
        [
            ("draft", "Being prepared"),
            ("convened", "Convened"),
            ("open", "In session"),
            ("closed", "Closed"),
            ("signed", "Minutes signed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    date_opened = fields.Datetime("Opened on", readonly=True, copy=False)
    date_closed = fields.Datetime("Closed on", readonly=True, copy=False)
    presided_by_id = fields.Many2one(
        "res.users", string="Presided over by", readonly=True, copy=False
    )
    attendance_ids = fields.One2many(
        "npo.committee.attendance", "session_id", string="Attendance", copy=False
    )
    item_ids = fields.One2many(
        "npo.committee.item", "session_id", string="Agenda", copy=False
    )
    item_count = fields.Integer("Requests", compute="_compute_item_counts")
    pending_count = fields.Integer("Still open", compute="_compute_item_counts")
    decided_count = fields.Integer("Decided", compute="_compute_item_counts")
    # stored: who comes or leaves changes the row that a decision locks
    present_count = fields.Integer(
        "Present", compute="_compute_present_count", store=True
    )
    quorum_needed = fields.Integer(
        readonly=True, copy=False, help="As it was when the session closed."
    )
    quorum_note = fields.Char("Quorum", compute="_compute_quorum_note")
    is_quorate = fields.Boolean("Quorum reached", compute="_compute_quorum_note")

    _ends_after_start = models.Constraint(
        "CHECK (stop > start)", "A session ends after it starts."
    )
    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another session."
    )

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_committee_id(self):
        own = self.env.user.npo_committee_ids
        return own.filtered(lambda c: c.company_id == self.env.company)[:1]

    @api.model
    def _default_start(self):
        """Propose ten o'clock of the next working day."""
        company = self.env.company
        calendar = company._npo_work_calendar()
        day = add_working_days(company._npo_today(), 1, calendar.is_working_day)
        local = datetime.combine(day, time(10), ZoneInfo(company._npo_tz()))
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    @api.depends("kind", "start")
    def _compute_stop(self):
        for session in self:
            span = CIRCULATION if session.kind == "circulation" else MEETING
            session.stop = session.start and session.start + span

    @api.depends("committee_id")
    def _compute_secretary_id(self):
        for session in self:
            secretaries = session.committee_id._users("secretary")
            session.secretary_id = secretaries[:1]

    @api.depends("committee_id")
    def _compute_member_ids(self):
        for session in self:
            session.member_ids = session.committee_id._users()

    @api.depends("item_ids.state")
    def _compute_item_counts(self):
        counts = {
            (session.id, state): count
            for session, state, count in self.env["npo.committee.item"]._read_group(
                [("session_id", "in", self.ids)], ["session_id", "state"], ["__count"]
            )
        }
        for session in self:
            of = {state: counts.get((session._origin.id, state), 0) for state in STATES}
            session.item_count = sum(of.values())
            session.pending_count = of["pending"]
            session.decided_count = of["decided"]

    @api.depends("attendance_ids.state", "attendance_ids.date_left")
    def _compute_present_count(self):
        for session in self:
            session.present_count = len(
                session.attendance_ids.filtered(
                    lambda line: (
                        line.state in ("present", "remote") and not line.date_left
                    )
                )
            )

    @api.depends("attendance_ids.state", "attendance_ids.date_left", "committee_id")
    @api.depends_context("lang")
    def _compute_quorum_note(self):
        for session in self:
            present = len(session._present())
            quorum = session._quorum()
            session.is_quorate = present >= quorum
            session.quorum_note = self.env._(
                "Present with a vote: %(present)s · needed: %(quorum)s",
                present=present,
                quorum=quorum,
            )

    def _quorum(self):
        """Return the quorum of the session, which stays as it closed."""
        if self.quorum_needed or not self.committee_id:
            return self.quorum_needed
        return self.committee_id._quorum()

    def _present(self):
        """Return the users who may vote now: who attends and holds a voting seat.

        By circulation everybody invited attends. Of a session that is over, who did.
        """
        self.ensure_one()
        lines = self.sudo().attendance_ids.filtered(
            lambda line: (
                not line.date_left
                and (self.kind == "circulation" or line.state in ("present", "remote"))
            )
        )
        if self.quorum_needed:
            return lines.filtered("has_vote").user_id
        return lines.user_id & self.committee_id._voters()

    def _presiding(self):
        """Return who presides: the chair, who stands in for them, else the deputy."""
        self.ensure_one()
        committee, present = self.committee_id, self._present()
        if not committee:
            return present.browse()  # a session that is only begun
        chair = committee._users("chair")
        cover = committee._cover_of(chair, self.company_id._npo_today())
        for candidates in (chair, cover, committee._users("deputy")):
            if found := candidates & present:
                return found[0]
        return present.browse()

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        free = WRITTEN["draft"]
        committees = self.env["npo.committee"]
        for vals in vals_list:
            check_written(self, vals, free)
            check_values(self, vals)
            vals.setdefault("committee_id", self._default_committee_id().id)
        companies = [
            committees.browse(vals["committee_id"]).company_id for vals in vals_list
        ]
        references = self._draw_references(companies)
        for vals, reference in zip(vals_list, references, strict=True):
            vals["name"] = reference
        own = without_defaults(self, lambda name: name not in free)
        sessions = super(NpoCommitteeSession, own).create(vals_list)
        sessions = sessions.with_env(self.env)
        if not self.env.su:
            sessions.committee_id._require_seat(*OFFICE)
        return sessions

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        check_values(self, vals)
        for session in self:
            check_written(session, vals, WRITTEN.get(session.state, set()))
        if set(vals) & WRITTEN["draft"] | set(vals) & WRITTEN["closed"]:
            self.committee_id._require_seat(*OFFICE)
            self._check_unsigned()
        result = super().write(vals)
        if {"start", "stop", "place", "link"} & set(vals):
            self._update_event()
        return result

    def _check_unsigned(self):
        """What was signed by one member is not changed for the others."""
        if any(session.attendance_ids.filtered("date_signed") for session in self):
            raise UserError(
                self.env._("A member has signed the minutes: they stay as they are.")
            )

    @api.constrains("secretary_id", "committee_id")
    def _check_secretary(self):
        for session in self.filtered("secretary_id"):
            if session.secretary_id not in session.committee_id._users():
                raise ValidationError(
                    self.env._("The secretary of a session sits in its committee.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A session is not deleted. Cancel it instead."))


STATES = ("pending", "decided", "postponed", "withdrawn")
