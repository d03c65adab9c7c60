from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ..core.guards import without_defaults
from ..core.locks import queue_for
from .appointment import NpoAppointment as Base
from .official import MAX_DAYS
from .official_slots import LIVE

# Who asks for others at the counter or by telephone, and who answers for an official.
ASKERS = ("service_representative", "branch_delegate", "centre_officer")
COORDINATORS = ("relations_officer", "centre_officer")
# States that wait for the official; the proposed ones wait for the person.
TO_ANSWER = ("requested", "rescheduled")


class NpoAppointment(models.Model):
    """The steps: both agree to a time, and what became of it (R192, R193)."""

    _inherit = Base._name

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    @api.model
    def _has_role(self, *roles):
        user = self.env.user
        return any(user.has_group(f"npo_relations.group_npo_{role}") for role in roles)

    def _may_answer(self):
        """Tell whether the user answers: the official, and who coordinates."""
        if self.env.su or self._has_role(*COORDINATORS):
            return True
        return all(one.sudo().user_id == self.env.user for one in self)

    def _require_answerer(self):
        if not self._may_answer():
            raise AccessError(
                self.env._("The official answers, or who coordinates the appointments.")
            )

    def _require_staff(self):
        """Raise unless the user arranges appointments, or this one is with the user."""
        if not (self.env.su or self._has_role(*ASKERS) or self._may_answer()):
            raise AccessError(
                self.env._("Appointments are arranged at the counter, or by officials.")
            )

    @api.model
    def _require_asker(self, official):
        """Raise unless the user asks for others, or is the official."""
        if not self._has_role(*ASKERS) and official.sudo().user_id != self.env.user:
            raise AccessError(
                self.env._("Appointments are arranged at the counter, or by officials.")
            )

    def _begin(self, *states):
        """Lock what a step is about, and raise unless it is in one of the states."""
        self.check_access("read")
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("A colleague is changing this appointment at this moment.")
            ) from None
        self.invalidate_recordset(["state", "start", "stop"])
        if any(one.state not in states for one in self):
            raise UserError(
                self.env._("This step does not apply now. Reload the page.")
            )

    # ------------------------------------------------------------
    # ASKED FOR
    # ------------------------------------------------------------

    @api.model
    def _ask(self, official, vals, start=None, is_agreed=True):
        """Record that a person asks to meet an official.

        :param vals: partner_id, subject, and what else is known
        :param start: the time that was chosen, if one was
        :param is_agreed: the person agrees to the time; otherwise it is proposed
        :return: the appointment, as the user
        """
        official._check_receives()
        company = official.sudo().company_id
        appointment = without_defaults(self.sudo().with_company(company)).create(
            {**vals, "official_id": official.id, "company_id": company.id}
        )
        if start:
            appointment.with_env(self.env)._settle(start, is_agreed)
        else:
            appointment._give_task(self.env._("An appointment is asked for"))
        return appointment.with_env(self.env)

    def _settle(self, start, is_agreed):
        """Take a time, and the state that follows from who has agreed to it.

        :param is_agreed: the person agrees to the time
        """
        own = self.sudo()
        is_official = self.env.user == own.user_id
        was_confirmed = bool(own.date_confirmed)
        own._take(start, with_lead=self.env.user.share)
        if not is_agreed:
            own._enter("proposed", "apt_proposed")
        elif is_official:
            own._enter("confirmed", "apt_confirmed")
        else:
            own._enter("rescheduled" if was_confirmed else "requested")

    def _take(self, start, with_lead=False):
        """Take a time that is free, or raise with the next ones that are.

        Others who choose of the same official wait for each other, so that the one
        who comes later is told what is left then.
        """
        self.ensure_one()
        official = self.official_id
        furthest = fields.Datetime.now() + timedelta(days=MAX_DAYS + 1)
        start = min(start.replace(second=0, microsecond=0), furthest)
        stop = start + timedelta(minutes=official._minutes(self.purpose_id))
        queue_for(official)
        official._check_free(start, stop, self.purpose_id, self, with_lead)
        self.write({"start": start, "stop": stop, "date_reminded": False})

    # ------------------------------------------------------------
    # BOTH AGREE
    # ------------------------------------------------------------

    def action_choose_time(self):
        """Choose a time with the person, or propose one."""
        return self._open_form("move", self.env._("Choose a time"))

    def action_decline(self):
        """Say why the official does not receive the person."""
        self._require_answerer()
        return self._open_form("decline", self.env._("Decline the appointment"))

    def _open_form(self, step, name):
        """Open the form of a step that asks for something."""
        self.ensure_one()
        self._require_staff()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "npo.appointment.book",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_step": step,
                "default_appointment_id": self.id,
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_official_id": self.official_id.id,
                "default_purpose_id": self.purpose_id.id,
            },
        }

    def action_confirm(self):
        """The official agrees to the time."""
        for one in self:
            one._require_answerer()
            one._begin(*TO_ANSWER)
            one._confirm()

    def action_agree(self):
        """The person agrees to the time that was proposed."""
        self._require_staff()
        for one in self:
            one._begin("proposed")
            one._confirm()

    def _confirm(self):
        """Confirm a time that is free still: meanwhile something can have come up."""
        own = self.sudo()
        if not own.start:
            raise UserError(self.env._("Choose a time first."))
        own.official_id._check_free(own.start, own.stop, own.purpose_id, own)
        own._enter("confirmed", "apt_confirmed")

    def _propose(self, start, reason=None):
        """Propose a time, or another one, in the name of the official."""
        self._require_answerer()
        self._begin(*LIVE)
        self.sudo().reason = reason
        self._settle(start, is_agreed=False)

    def _reschedule(self, start):
        """Take another time, which the person asks for or agrees to."""
        self._require_staff()
        self._begin(*LIVE)
        self._settle(start, is_agreed=True)

    def _decline(self, reason):
        """The official does not receive the person, and says why."""
        self._require_answerer()
        self._begin(*LIVE)
        if not (reason or "").strip():
            raise UserError(self.env._("Write why: the person reads it."))
        self.sudo().reason = reason
        self.sudo()._enter("declined", "apt_declined")

    def action_cancel(self):
        """The person does not come any more, or the matter is settled."""
        self._require_staff()
        for one in self:
            one._begin(*LIVE)
            one.sudo()._enter("cancelled", "apt_cancelled")

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    def action_held(self):
        """The meeting took place."""
        self._require_staff()
        self._begin("confirmed")
        self._check_begun()
        self.sudo()._enter("held")

    def action_no_show(self):
        """The person did not come."""
        self._require_staff()
        self._begin("confirmed")
        self._check_begun()
        if any(one.date_arrived for one in self):
            raise UserError(self.env._("The person is here: the arrival is noted."))
        self.sudo()._enter("no_show")

    def _check_begun(self):
        now = fields.Datetime.now()
        if any(one.start > now and not one.date_arrived for one in self):
            raise UserError(
                self.env._("The appointment has not begun yet. Record this afterwards.")
            )

    # ------------------------------------------------------------
    # MOVING
    # ------------------------------------------------------------

    def _enter(self, state, message=None):
        """Move to a state as superuser; the step has checked who and what.

        :param message: what the person is told of it, by the name of its template
        """
        vals = {"state": state}
        if state == "confirmed":
            vals["date_confirmed"] = fields.Datetime.now()
        self.write(vals)
        self._follow_in_calendar()
        self._end_tasks()
        if state in TO_ANSWER:
            self._give_task(self.env._("An appointment is asked for"))
        if message:
            self._tell(message)

    def _give_task(self, summary):
        """Give the officials one task for each of the appointments."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        model = self.env["ir.model"]._get(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": one.id,
                    "activity_type_id": todo.id,
                    "summary": summary,
                    "date_deadline": one._task_day(),
                    "user_id": one.user_id.id,
                }
                for one in self
                if one.user_id.active
            ]
        )

    def _task_day(self):
        """Return the day of a task: today, or that of what was agreed."""
        if self.state == "confirmed":
            return self.official_id._local(self.start).date()
        return self.company_id._npo_today()

    def _end_tasks(self):
        """Take away the tasks of a state that is left."""
        self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
