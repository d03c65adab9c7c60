from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.guards import check_values
from .dispute import ON_THE_LADDER

HANDLERS = ("legal_adviser", "complaint_officer", "compensation_officer")
# Beyond these a difference is no longer between the parties alone.
BEFORE_OTHERS = ("arbitration", "supervisor", "court")


class NpoDispute(models.Model):
    """How a dispute climbs its ladder (R029, R149)."""

    _inherit = "npo.dispute"

    def _check_step(self, roles, *stages):
        """Raise unless the user may take a step now; nobody serves their own file."""
        self._require_group(*roles)
        self.check_access("write")
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)
        self._require_stage(*stages)

    def _words(self, text):
        """Return a text that a step needs."""
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Write it down first, in a sentence."))
        check_values(self, {"facts": text})
        return text

    def action_begin(self):
        """Begin the first step of the ladder."""
        self._check_step(HANDLERS, "opened")
        for dispute in self:
            dispute._begin(dispute.sudo().step_ids[:1])

    def _next(self, note):
        """End the step without a settlement, and begin the next one."""
        self.ensure_one()
        self._check_step(HANDLERS, *ON_THE_LADDER)
        note = self._words(note)
        step = self.sudo().step_id
        if step.method == "amicable" and not self._is_tried(step):
            raise UserError(
                self.env._(
                    "An amicable settlement is tried first: record a meeting with its"
                    " minutes. To leave it out, the general manager approves a reason."
                )
            )
        self._end_step("failed", note)
        self._begin(self._require_following(step))

    def _skip(self, reason):
        """Leave a step out, for a reason that the general manager approves (R149)."""
        self.ensure_one()
        self._check_step(["general_manager"], "opened", *ON_THE_LADDER)
        reason = self._words(reason)
        dispute = self.sudo()
        step = dispute.step_id or dispute.step_ids[:1]
        following = self._require_following(step)
        dispute.step_id = step
        self._end_step("skipped", reason, approved_by_id=self.env.uid)
        self._begin(following)

    def _is_tried(self, step):
        """Tell whether a meeting of a step was held and written down."""
        return any(
            meeting.is_held and meeting.step_id == step
            for meeting in self.sudo().meeting_ids
        )

    def _require_following(self, step):
        """Return the step after one; raise at the end of the ladder."""
        following = self.sudo().step_ids.filtered(
            lambda one: one.sequence > step.sequence
        )
        if not following:
            raise UserError(
                self.env._(
                    "This is the last step of the ladder: settle it, or record the"
                    " judgment."
                )
            )
        return following[0]

    def _end_step(self, outcome, note=False, **vals):
        """Note on the step now how it ended."""
        step = self.sudo().step_id
        if step and not step.date_end:
            step.write(
                {
                    "date_end": self.company_id._npo_today(),
                    "outcome": outcome,
                    "note": note,
                    **vals,
                }
            )

    def _begin(self, step):
        """Put the dispute at a step, reckon its day, tell the other party."""
        self.ensure_one()
        today = self.company_id._npo_today()
        step.write({"date_start": today, "date_due": self._due(step, today)})
        self._move(step.method, step_id=step.id)
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            step.date_due or today,
            summary=self.env._("Dispute: settle it at this step"),
            user_id=(self.user_id or self._keeper()).id,
        )
        self._notify("dispute_step")

    def _due(self, step, today):
        """Return the day of a step in the working time of the site; none without."""
        if not step.days:
            return False
        calendar = self.company_id._npo_work_calendar(self.site_id.calendar_id)
        due = calendar.add_days(datetime.combine(today, time(9)), step.days)
        return due.date()

    def _keeper(self):
        """Return who looks after disputes."""
        return self.company_id._npo_colleague("legal_adviser", "general_manager")

    @api.model
    def _refresh_deadlines(self, companies):
        # OVERRIDE npo.case.mixin: holidays moved
        waiting = self.sudo().search(
            [("company_id", "in", companies.ids), ("is_closed", "=", False)]
        )
        for dispute in waiting.filtered("step_id"):
            step = dispute.step_id
            step.date_due = dispute._due(step, step.date_start)

    def _next_meeting(self):
        """Return the meeting to come, if there is one."""
        now = fields.Datetime.now()
        coming = self.sudo().meeting_ids.filtered(lambda one: one.date > now)
        return coming.sorted("date")[:1]

    # ------------------------------------------------------------
    # JUDGMENT AND END
    # ------------------------------------------------------------

    def _close(self, note):
        """Close what was settled or judged finally, with what came of it."""
        self._check_step(HANDLERS, "settled", "judgment")
        note = self._words(note)
        for dispute in self.sudo():
            if dispute.stage_code == "judgment" and not dispute.judgment_is_final:
                raise UserError(
                    self.env._(
                        "The judgment can still be objected to: it is not final."
                    )
                )
        self._move("closed", closing_note=note)
        self._notify("dispute_closed")
