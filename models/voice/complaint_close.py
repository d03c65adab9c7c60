from odoo import fields, models
from odoo.exceptions import UserError

from .complaint import NpoComplaint as Base
from .complaint_flow import WORKED_ON

CLOSED = (
    "closed_accepted",
    "closed_final",
    "unfounded",
    "withdrawn",
    "duplicate",
    "out_of_scope",
)
OPEN = ("received", *WORKED_ON, "waiting", "proposed")


class NpoComplaint(models.Model):
    """How a complaint ends, and begins again (P077, P098, R206)."""

    _inherit = Base._name

    is_satisfied = fields.Boolean("The person is satisfied", readonly=True, copy=False)
    is_dissatisfied = fields.Boolean(
        "The person is not satisfied", readonly=True, copy=False
    )
    satisfaction_note = fields.Text(
        "What the person says to the answer", readonly=True, copy=False, prefetch=False
    )
    closing_note = fields.Text("Why it was closed", readonly=True, copy=False)
    duplicate_of_id = fields.Many2one(
        Base._name,
        string="Repeats",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    duplicate_ids = fields.One2many(Base._name, "duplicate_of_id", string="Repeated by")
    reopen_count = fields.Integer("Times opened again", readonly=True, copy=False)
    earlier_answers = fields.Text(readonly=True, copy=False, prefetch=False)

    # ------------------------------------------------------------
    # ACCEPTED OR FINAL
    # ------------------------------------------------------------

    def _hear(self, is_satisfied, note=""):
        """Note what the person says to the answer (P077).

        Whoever accepts it closes the complaint; of who does not, it is on record.
        """
        self.ensure_one()
        self._require_stage("decided")
        self._check_text_lengths({"satisfaction_note": note})
        heard = {"satisfaction_note": (note or "").strip() or False}
        if is_satisfied:
            self._check_units_answered()
            self._end_tasks()
            self._move(
                "closed_accepted", is_satisfied=True, is_dissatisfied=False, **heard
            )
            return
        self.sudo().write({"is_dissatisfied": True, **heard})
        self._task(self.user_id, self.env._("The person is not satisfied"))

    def action_close_final(self):
        """Close for good: the period to object has passed (P077)."""
        self._take("decided")
        self._check_units_answered()
        for case in self:
            last_day = case._appeal_last_day()
            if last_day and last_day >= case.company_id._npo_today():
                raise UserError(
                    self.env._(
                        "%(case)s can be objected to until %(day)s. Close it when the"
                        " person accepts the answer, or after this day.",
                        case=case.name,
                        day=case._format_date(last_day),
                    )
                )
            case._close_final()

    def _close_final(self):
        """Close with the decision as it stands."""
        self._end_tasks()
        is_unfounded = self.outcome == "not_upheld"
        self._move("unfounded" if is_unfounded else "closed_final")

    # ------------------------------------------------------------
    # CLOSED WITHOUT A DECISION
    # ------------------------------------------------------------

    def _withdraw(self, note=""):
        """Take the complaint back, as the person asked; units need not answer."""
        self._require_stage(*OPEN, "decided")
        self._check_text_lengths({"closing_note": note})
        for case in self:
            case._open_assignments()._end("void")
            case._end_tasks()
            case._move("withdrawn", closing_note=(note or "").strip() or False)

    def _take_back(self, note=""):
        """Note at the desk that the person takes the complaint back."""
        self._take(*OPEN, "decided")
        self._withdraw(note)

    def _mark_duplicate(self, first):
        """Close what repeats another; its person is told of the first one's number."""
        self.ensure_one()
        self._take("received", *WORKED_ON, "waiting")
        self._check_units_answered()
        first.check_access("read")
        while first.duplicate_of_id:
            first = first.duplicate_of_id
        if first == self or first.company_id != self.company_id:
            raise UserError(
                self.env._("Choose the complaint that came first, not this one.")
            )
        if self._is_of_another(first):
            raise UserError(
                self.env._(
                    "%s is another person's: each of them is owed an answer.",
                    first.name,
                )
            )
        self._end_tasks()
        self._move("duplicate", duplicate_of_id=first.id)
        self._notify("cmp_duplicate")

    def _refer_out(self, answer):
        """Tell the person that it is not the association's, and where to go (P098)."""
        self.ensure_one()
        self._take("received", *WORKED_ON)
        self._check_units_answered()
        answer = self._require_text(
            answer, self.env._("Write where the person can go with it.")
        )
        self._check_text_lengths({"answer": answer})
        self._end_tasks()
        self._move(
            "out_of_scope",
            outcome="referred",
            answer=answer,
            date_answered=fields.Datetime.now(),
        )
        self._notify("cmp_out_of_scope")

    # ------------------------------------------------------------
    # OPENED AGAIN
    # ------------------------------------------------------------

    def _reopen(self, note):
        """Open it again: a new answer is owed, and the first one stays on record."""
        self.ensure_one()
        self._require_stage(*CLOSED, "decided", "appealed")
        note = self._require_text(
            note, self.env._("Write why the complaint is opened again.")
        )
        self._move(
            "reopened",
            reopen_count=self.reopen_count + 1,
            date_reopened=fields.Datetime.now(),
            paused_hours=0,
            date_answered=False,
            is_satisfied=False,
            duplicate_of_id=False,
            earlier_answers=self._earlier_answers(note),
            **self._undecided(),
        )
        if not self.user_id:
            self.sudo()._assign_handler()
        self._task(self.user_id, self.env._("A complaint was opened again"))

    def _undecided(self):
        """Return the values of a complaint without a decision."""
        return {
            "outcome": False,
            "answer": False,
            "date_proposed": False,
            "proposed_by_id": False,
            "approved_by_id": False,
            "date_approved": False,
            "decided_by_id": False,
        }

    def _earlier_answers(self, note):
        """Return what was answered until now, and why that did not end it."""
        case = self.sudo()
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        answered = " · ".join(
            filter(
                None,
                (
                    case._moment_text(case.date_answered),
                    outcomes.get(case.outcome),
                    case.answer,
                ),
            )
        )
        reason = self.env._("Opened again: %s", note)
        return "\n".join(filter(None, (case.earlier_answers, answered, reason)))
