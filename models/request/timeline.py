from odoo import api, models

from ..people.timeline import NpoTimeline as Base


class NpoTimeline(models.TransientModel):
    _inherit = Base._name

    @api.model
    def _kind_names(self):
        # EXTENDS npo.timeline
        _ = self.env._
        return {
            **super()._kind_names(),
            "request": _("Requests"),
            "delivery": _("Services delivered"),
            "message": _("Messages"),
            "document": _("Documents"),
            "consent": _("Consents"),
            "outreach": _("Calls"),
        }


class NpoRequest(models.Model):
    _name = "npo.request"
    _inherit = ["npo.request", "npo.timeline.mixin"]

    _timeline_kind = "request"
    _timeline_fields = ("name", "service_id", "stage_id", "create_date", "date_closed")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        title = f"{self.name} · {self.service_id.name}"
        return [(self.create_date, title, self.stage_id.name)]


class NpoDelivery(models.Model):
    _name = "npo.delivery"
    _inherit = ["npo.delivery", "npo.timeline.mixin"]

    _timeline_kind = "delivery"
    _timeline_order = "date DESC, id DESC"
    _timeline_fields = ("name", "request_id", "date", "receipt_method")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        method = self._timeline_label("receipt_method", self.receipt_method)
        text = self.env._("Service delivered: %s", self.sudo().service_id.name)
        return [(self.date, text, method)]


class NpoMessage(models.Model):
    _name = "npo.message"
    _inherit = ["npo.message", "npo.timeline.mixin"]

    _timeline_kind = "message"
    _timeline_order = "id DESC"
    _timeline_fields = ("subject", "state", "create_date")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        return [
            (
                self.create_date,
                self.subject,
                self._timeline_label("state", self.state),
            )
        ]
