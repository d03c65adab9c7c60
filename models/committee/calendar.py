from odoo import fields, models

from .session import NpoCommitteeSession as Base


class NpoCommitteeSession(models.Model):
    """The invitation in the calendars of the members (R123).

    It says when and where, and nothing of the agenda.
    """

    _inherit = Base._name

    event_id = fields.Many2one(
        "calendar.event", string="Invitation", readonly=True, copy=False
    )

    def _event_vals(self):
        return {
            "name": f"{self.committee_id.name} · {self.name}",
            "start": self.start,
            "stop": self.stop,
            "location": self.place,
            "videocall_location": self.link,
        }

    def _create_event(self):
        """Invite the members of meetings; a circulation has no hour to keep."""
        for session in self.filtered(lambda session: session.kind == "meeting"):
            members = session.attendance_ids.user_id
            own = session.sudo()  # sudo: whoever convenes, for all the members
            own.event_id = own.env["calendar.event"].create(
                {
                    **session._event_vals(),
                    "user_id": (session.secretary_id or self.env.user).id,
                    "partner_ids": [fields.Command.set(members.partner_id.ids)],
                    "privacy": "confidential",
                }
            )

    def _update_event(self):
        """Move the invitation along; the calendar tells the members."""
        for session in self.sudo().filtered("event_id"):
            session.event_id.write(session._event_vals())

    def _cancel_event(self):
        self.sudo().event_id.unlink()
