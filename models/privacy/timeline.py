from odoo import api, models

from .data_request import NpoDataRequest as BaseDataRequest


class NpoTimeline(models.TransientModel):
    _inherit = "npo.timeline"

    @api.model
    def _kind_names(self):
        # EXTENDS npo.timeline
        return {**super()._kind_names(), "privacy": self.env._("Privacy requests")}


class NpoDataRequest(models.Model):
    _name = BaseDataRequest._name
    _inherit = [BaseDataRequest._name, "npo.timeline.mixin"]

    _timeline_kind = "privacy"
    _timeline_fields = ("name", "kind", "stage_id", "date_received")
    _timeline_order = "date_received DESC, id DESC"

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        kind = self._timeline_label("kind", self.kind)
        return [(self.date_received, f"{self.name} · {kind}", self.stage_id.name)]
