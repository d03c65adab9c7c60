from odoo import api, models

from ..centre.interaction import NpoInteraction as BaseInteraction
from ..people.consent_notice import shown_notice
from .voice_form import NpoVoiceForm as BaseForm
from .voice_mixin import NpoVoiceMixin as BaseMixin


class NpoVoiceMixin(models.AbstractModel):
    """Which notice stood on the form that was sent (P015)."""

    _inherit = BaseMixin._name

    notice_text_id = shown_notice()


class NpoInteraction(models.Model):
    """Which notice stood on the form that asked for help (P015)."""

    _inherit = BaseInteraction._name

    notice_text_id = shown_notice()


class NpoVoiceForm(models.AbstractModel):
    """What is sent without the notice in force being shown is not taken (P015)."""

    _inherit = BaseForm._name

    @api.model
    def _notice_message(self, company, post):
        # EXTENDS npo.voice.form: the notice in force
        return self.env["npo.consent"]._notice_message(company, post)

    @api.model
    def _vals(self, kind, company, typed):
        # EXTENDS npo.voice.form: keep which notice it was
        vals = super()._vals(kind, company, typed)
        return {**vals, "notice_text_id": self.env["npo.consent"]._notice(company).id}
