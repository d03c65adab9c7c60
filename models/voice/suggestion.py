from odoo import models

from .voice_mixin import NpoVoiceMixin


class NpoSuggestion(models.Model):
    """What somebody proposes, or thanks for (R054)."""

    _name = "npo.suggestion"
    _description = "Suggestion"
    _inherit = [NpoVoiceMixin._name]

    _stage_kind = "suggestion"
    _first_stage = "new"
    _reference_prefix = "SUG"
    _acknowledge_event = "sug_ack"

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")
