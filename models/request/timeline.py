from odoo import api, models
from odoo.fields import Domain

from ..people.timeline import NpoTimeline as Base
from .delivery import RECEIVED


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
            "outside": _("Referrals to other bodies"),
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

    @api.model
    def _timeline_domain(self, partner):
        # EXTENDS npo.timeline.mixin: what was received
        return super()._timeline_domain(partner) & Domain("state", "in", RECEIVED)

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        method = self._timeline_label("receipt_method", self.receipt_method)
        text = self.env._("Service delivered: %s", self.sudo().service_id.name)
        return [(self.date, text, method)]


class NpoOutsideReferral(models.Model):
    _name = "npo.outside.referral"
    _inherit = ["npo.outside.referral", "npo.timeline.mixin"]

    _timeline_kind = "outside"
    _timeline_order = "date_sent DESC, id DESC"
    _timeline_fields = ("name", "body_id", "date_sent", "date_answered", "result")

    @api.model
    def _timeline_domain(self, partner):
        # EXTENDS npo.timeline.mixin: what was sent
        return super()._timeline_domain(partner) & Domain("date_sent", "!=", False)

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        body = self.sudo().body_id.name
        entries = [(self.date_sent, self.env._("Referred to %s", body), self.name)]
        if self.date_answered:
            result = self._timeline_label("result", self.result)
            text = self.env._("Answer of %s", body)
            entries.append((self.date_answered, text, result))
        return entries


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
