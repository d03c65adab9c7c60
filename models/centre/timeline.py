from odoo import models

from ..people.timeline import NpoTimelineMixin
from .interaction import NpoInteraction as Base


class NpoInteraction(models.Model):
    """The contacts with a person, on the page of the person."""

    _name = "npo.interaction"
    _inherit = [Base._name, NpoTimelineMixin._name]

    _timeline_kind = "interaction"
    _timeline_order = "date DESC, id DESC"
    _timeline_fields = ("name", "subject", "channel_id", "date")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        title = f"{self.channel_id.name} · {self.subject}"
        return [(self.date, title, self.register_no or self.name)]
