from odoo import api, models

from ..people.timeline import NpoTimeline as Base
from ..people.timeline import NpoTimelineMixin
from .compensation import NpoCompensation as BaseCase


class NpoTimeline(models.TransientModel):
    _inherit = Base._name

    @api.model
    def _kind_names(self):
        # EXTENDS npo.timeline
        return {
            **super()._kind_names(),
            "compensation": self.env._("Compensation cases"),
        }


class NpoCompensation(models.Model):
    """A claim, on the page of the person: its number and how far it is."""

    _name = BaseCase._name
    _inherit = [BaseCase._name, NpoTimelineMixin._name]

    _timeline_kind = "compensation"
    _timeline_fields = ("name", "stage_id", "create_date")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        return [(self.create_date, self.name, self.stage_id.name)]
