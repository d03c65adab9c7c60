from odoo import api, models

from ..people.timeline import NpoTimeline as Base
from ..people.timeline import NpoTimelineMixin
from .complaint import NpoComplaint as BaseComplaint
from .inquiry import NpoInquiry as BaseInquiry
from .suggestion import NpoSuggestion as BaseSuggestion
from .voice_mixin import NpoVoiceMixin as BaseVoice


class NpoTimeline(models.TransientModel):
    _inherit = Base._name

    @api.model
    def _kind_names(self):
        # EXTENDS npo.timeline
        _ = self.env._
        return {
            **super()._kind_names(),
            "interaction": _("Contacts"),
            "inquiry": _("Inquiries"),
            "complaint": _("Complaints"),
            "suggestion": _("Suggestions"),
        }


class NpoVoiceMixin(models.AbstractModel):
    """What a person said, on the page of the person."""

    _name = "npo.voice.mixin"
    _inherit = [BaseVoice._name, NpoTimelineMixin._name]

    _timeline_fields = ("name", "title", "stage_id", "create_date")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        title = f"{self.name} · {self.title}"
        return [(self.create_date, title, self.stage_id.name)]


class NpoInquiry(models.Model):
    _inherit = BaseInquiry._name
    _timeline_kind = "inquiry"


class NpoComplaint(models.Model):
    _inherit = BaseComplaint._name
    _timeline_kind = "complaint"


class NpoSuggestion(models.Model):
    _inherit = BaseSuggestion._name
    _timeline_kind = "suggestion"
