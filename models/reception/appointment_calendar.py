from odoo import api, fields, models
from odoo.exceptions import UserError

from .appointment import NpoAppointment as Base
from .official_slots import LIVE

QUIET = {
    "dont_notify": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "mail_create_nolog": True,
    "tracking_disable": True,
    "npo_appointment_moves": True,
}
TIMES = {"start", "stop", "start_date", "stop_date", "duration", "allday"}


class NpoAppointment(models.Model):
    """The hour in the calendar of the official (R192).

    It is there from the confirmation on, moves along, and goes with the appointment.
    It tells the number of the appointment: not whom, and not what about.
    """

    _inherit = Base._name

    def _follow_in_calendar(self):
        """Bring the calendar to where the appointments are."""
        for one in self:
            if one.state in ("declined", "cancelled"):
                one._calendar_event().unlink()
            elif one.event_id:
                if (one.event_id.start, one.event_id.stop) != (one.start, one.stop):
                    one._calendar_event().write({"start": one.start, "stop": one.stop})
            elif one.state == "confirmed":
                one.event_id = one._calendar_event().create(one._event_vals())

    def _calendar_event(self):
        """Return the event, as the superuser on behalf of whose calendar it is."""
        return self.event_id.with_user(self.user_id).sudo().with_context(**QUIET)

    def _event_vals(self):
        return {
            "name": self.env._("Appointment %s", self.name),
            "start": self.start,
            "stop": self.stop,
            "user_id": self.user_id.id,
            "partner_ids": [fields.Command.set(self.user_id.partner_id.ids)],
            "privacy": "private",
            "show_as": "busy",
            "location": self.site_id.name if self.mode == "in_person" else False,
        }

    def _moved_in_calendar(self):
        """Follow what the official moved in the calendar; the person is asked.

        Where the new time is not free, the calendar says so and changes nothing.
        """
        for one in self:
            event = one.event_id
            if (event.start, event.stop) == (one.start, one.stop):
                continue
            if one.state not in LIVE or event.allday:
                raise UserError(
                    self.env._(
                        "%s is an appointment with a person: move it to an hour, or"
                        " decline it in the appointment.",
                        one.name,
                    )
                )
            one.official_id._check_free(event.start, event.stop, one.purpose_id, one)
            is_moved = event.start != one.start
            one.write(
                {"start": event.start, "stop": event.stop, "date_reminded": False}
            )
            if is_moved:
                one._enter("proposed", "apt_proposed")

    def _refuse_removal(self):
        """Refuse that the hour goes while the person counts on it."""
        for one in self:
            raise UserError(
                self.env._(
                    "A person counts on the appointment %s. Decline or cancel it in"
                    " the appointment: the person is told, and the hour is free.",
                    one.name,
                )
            )


class CalendarEvent(models.Model):
    """An hour that an appointment stands behind moves with it, and only with it."""

    _inherit = "calendar.event"

    def write(self, vals):
        # EXTENDS calendar
        names = set(vals)
        if names.isdisjoint(TIMES | {"active"}) or self._npo_moves_itself():
            return super().write(vals)
        appointments = self._npo_appointments()
        if appointments and vals.get("active", True) is False:
            appointments._refuse_removal()
        result = super().write(vals)
        appointments.invalidate_recordset(["event_id"])
        appointments._moved_in_calendar()
        return result

    @api.ondelete(at_uninstall=False)
    def _npo_unlink_except_appointment(self):
        if not self._npo_moves_itself():
            self._npo_appointments()._refuse_removal()

    def _npo_moves_itself(self):
        """Tell whether the appointment is what moves the event."""
        return self.env.su and self.env.context.get("npo_appointment_moves")

    def _npo_appointments(self):
        """Return the open appointments that stand behind the events, as superuser."""
        return (
            self.env["npo.appointment"]
            .sudo()
            .search([("event_id", "in", self.ids), ("state", "in", LIVE)])
        )
