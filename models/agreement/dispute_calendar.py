from datetime import timedelta

from odoo import api, fields, models

from .dispute_step import NpoDisputeMeeting as Base


class NpoDisputeMeeting(models.Model):
    """A meeting to come stands in the calendar of who leads the dispute (R149).

    The invitation names nobody: it tells the number of the dispute, where and when.
    The other party is invited by a message of the association's own.
    """

    _inherit = Base._name

    event_id = fields.Many2one(
        "calendar.event", string="In the calendar", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        now = fields.Datetime.now()
        coming = meetings.sudo().filtered(lambda one: one.date > now)
        events = coming.event_id.create(
            [
                {
                    **meeting._event_vals(),
                    **meeting._event_owner(),
                    "privacy": "confidential",
                }
                for meeting in coming
            ]
        )
        for meeting, event in zip(coming, events, strict=True):
            meeting.event_id = event
        return meetings

    def write(self, vals):
        result = super().write(vals)
        if {"date", "place"} & set(vals):
            for meeting in self.sudo().filtered("event_id"):
                meeting.event_id.write(meeting._event_vals())
        return result

    def unlink(self):
        events = self.sudo().event_id
        result = super().unlink()
        events.unlink()
        return result

    def _event_vals(self):
        return {
            "name": self.env._("Meeting on the dispute %s", self.dispute_id.name),
            "start": self.date,
            "stop": self.date + timedelta(hours=1),
            "location": self.place,
        }

    def _event_owner(self):
        """Return who is invited, and the dispute that the meeting is about."""
        dispute = self.dispute_id
        leader = dispute.user_id or self.env.user
        return {
            "user_id": leader.id,
            "partner_ids": [
                fields.Command.set((leader | self.env.user).partner_id.ids)
            ],
            "res_model_id": self.env["ir.model"]._get_id(dispute._name),
            "res_id": dispute.id,
        }
