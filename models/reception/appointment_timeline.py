from odoo import api, models

from ..people.timeline import NpoTimelineMixin
from .appointment import NpoAppointment as Base


class NpoTimeline(models.TransientModel):
    _inherit = "npo.timeline"

    @api.model
    def _kind_names(self):
        # EXTENDS npo.timeline
        return {**super()._kind_names(), "appointment": self.env._("Appointments")}


class NpoAppointment(models.Model):
    """The appointments of a person, on the page of the person."""

    _name = Base._name
    _inherit = [Base._name, NpoTimelineMixin._name]

    _timeline_kind = "appointment"
    _timeline_fields = ("name", "official_id", "state", "start", "create_date")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        state = self._timeline_label("state", self.state)
        return [(self.start or self.create_date, self.display_name, state)]
