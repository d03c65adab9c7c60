from odoo import api, models
from odoo.fields import Domain

from ..people.timeline import NpoTimeline as Base
from ..people.timeline import NpoTimelineMixin
from .agreement import NpoAgreement as BaseAgreement
from .dispute import NpoDispute as BaseDispute


class NpoTimeline(models.TransientModel):
    _inherit = Base._name

    @api.model
    def _kind_names(self):
        # EXTENDS npo.timeline
        _ = self.env._
        return {
            **super()._kind_names(),
            "agreement": _("Agreements"),
            "dispute": _("Disputes"),
        }


class NpoAgreement(models.Model):
    """An agreement on the page of each of its parties (R025)."""

    _name = BaseAgreement._name
    _inherit = [BaseAgreement._name, NpoTimelineMixin._name]

    _timeline_kind = "agreement"
    _timeline_fields = ("name", "title", "version_no", "state", "date_from")

    @api.model
    def _timeline_domain(self, partner):
        # OVERRIDE npo.timeline.mixin
        return Domain("party_ids.partner_id", "=", partner.id)

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        state = self._timeline_label("state", self.state)
        return [(self.date_from, self.display_name, state)]


class NpoDispute(models.Model):
    """A dispute on the page of the other party (R144)."""

    _name = BaseDispute._name
    _inherit = [BaseDispute._name, NpoTimelineMixin._name]

    _timeline_kind = "dispute"
    _timeline_fields = ("name", "title", "stage_id", "date_received")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        title = f"{self.name} · {self.title}"
        return [(self.date_received, title, self.stage_id.name)]
