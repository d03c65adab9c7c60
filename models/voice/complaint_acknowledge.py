from odoo import api, fields, models

from .complaint import NpoComplaint as Base
from .complaint_flow import WORKED_ON


class NpoComplaint(models.Model):
    """Told at once that it came in, by a way that is safe for the person (P094).

    Where nobody can be written to, or nobody should be, there is a task to tell them
    by telephone instead of a message.
    """

    _inherit = Base._name

    no_messages = fields.Boolean(
        "Send no messages", help="Neither mail nor text messages: they are not safe."
    )
    no_letter = fields.Boolean("No letter to the home")
    quiet_until = fields.Datetime(
        "Not before", help="The person is not contacted before this moment."
    )
    safe_contact = fields.Char(
        "Safe way to reach the person",
        help="As the person says: a number, hours, who may answer.",
    )

    def _acknowledge(self):
        """Give it to somebody, and tell the person with whom it is (P072)."""
        # EXTENDS npo.voice.mixin
        for case in self:
            if not case.user_id:
                case._assign_handler()
            case._tell_manager()
            if case._may_write_to() or not case._can_be_told():
                super(NpoComplaint, case)._acknowledge()
                case._mark_acknowledged()
            else:
                case._task_to_tell(Base._acknowledge_event)

    def _mark_acknowledged(self):
        self._move("acknowledged", date_acknowledged=fields.Datetime.now())

    def _may_write_to(self):
        """Tell whether the person has an address, and messages are safe."""
        self.ensure_one()
        if self.no_messages:
            return False
        if self.quiet_until and self.quiet_until > fields.Datetime.now():
            return False
        has_mail = self.partner_id.email or self.contact_email
        can_text = "sms.sms" in self.env and self.company_id.npo_sms_enabled
        return bool(has_mail or (can_text and self._mobile()))

    def _can_be_told(self):
        """Tell whether there is anybody to call: who stays unknown follows it."""
        self.ensure_one()
        return bool(self.partner_id or self.contact_name or self._mobile())

    def _notify(self, event, once=""):
        # EXTENDS npo.case.mixin: never by a way that is not safe
        told = self.sudo().filtered(lambda case: case._may_write_to())
        if told:
            super(NpoComplaint, told.with_env(self.env))._notify(event, once=once)
        for case in self.sudo() - told:
            if case._can_be_told():
                case._task_to_tell(event)

    def _task_to_tell(self, event):
        """Have who handles it tell the person by telephone, not before it is safe."""
        day = self.quiet_until and fields.Date.to_date(self.quiet_until)
        self._task(
            self.user_id,
            self._telling(event),
            self.safe_contact or "",
            max(day, self.company_id._npo_today()) if day else None,
        )

    @api.model
    def _telling(self, event):
        """Return what a task to tell something is called."""
        if event == Base._acknowledge_event:
            return self.env._("Tell the person by telephone that it came in")
        if event == "cmp_question":
            return self.env._("Ask the person by telephone")
        if event == "cmp_update":
            return self.env._("Tell the person by telephone how far it is")
        return self.env._("Tell the person the answer by telephone")

    def action_acknowledge(self):
        """Note that the person was told by telephone: number, day, with whom (P072)."""
        self._take("received")
        self._end_tasks(self._telling(Base._acknowledge_event))
        self.env["npo.complaint.action"].sudo().create(
            [
                {"complaint_id": case.id, "kind": "contacted", "user_id": self.env.uid}
                for case in self
            ]
        )
        self._mark_acknowledged()

    def action_tell_progress(self):
        """Tell the person that it is being dealt with, and until when; once a day."""
        self._take(*WORKED_ON, "proposed")
        for case in self:
            case._notify("cmp_update", once=f"day-{case.company_id._npo_today()}")
