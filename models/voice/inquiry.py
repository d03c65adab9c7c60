from odoo import models

from .voice_mixin import NpoVoiceMixin


class NpoInquiry(models.Model):
    """A question that somebody asks, and its answer (R063, R105, R175)."""

    _name = "npo.inquiry"
    _description = "Inquiry"
    _inherit = [NpoVoiceMixin._name]

    _stage_kind = "inquiry"
    _first_stage = "new"
    _reference_prefix = "INQ"
    _acknowledge_event = "inq_ack"

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")
