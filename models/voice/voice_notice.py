from odoo import api, fields, models

from ..centre.interaction import NpoInteraction as BaseInteraction
from .voice_form import NpoVoiceForm as BaseForm
from .voice_mixin import NpoVoiceMixin as BaseMixin


def _shown_notice():
    return fields.Many2one(
        "npo.consent.text",
        string="Notice shown",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="What the form said about the use of the data when it was sent.",
    )


class NpoVoiceMixin(models.AbstractModel):
    """Which notice stood on the form that was sent (P015)."""

    _inherit = BaseMixin._name

    notice_text_id = _shown_notice()


class NpoInteraction(models.Model):
    """Which notice stood on the form that asked for help (P015)."""

    _inherit = BaseInteraction._name

    notice_text_id = _shown_notice()


class NpoVoiceForm(models.AbstractModel):
    """What is sent without the notice in force being shown is not taken (P015)."""

    _inherit = BaseForm._name

    @api.model
    def _notice_message(self, company, post):
        """Return what is told to who was not shown the notice in force."""
        notice = self.env["npo.consent"]._notice(company)
        if notice and post.get("notice") != str(notice.id):
            return self.env._(
                "Please read how your data is used, and press the button again."
            )
        return ""

    @api.model
    def _vals(self, kind, company, typed):
        # EXTENDS npo.voice.form: keep which notice it was
        vals = super()._vals(kind, company, typed)
        return {**vals, "notice_text_id": self.env["npo.consent"]._notice(company).id}
