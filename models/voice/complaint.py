from odoo import api, fields, models

from ..core.service_level import SEVERITIES
from .voice_mixin import NpoVoiceMixin


class NpoComplaint(models.Model):
    """What went wrong for somebody, followed up until it is solved (R145, R206)."""

    _name = "npo.complaint"
    _description = "Complaint"
    _inherit = [NpoVoiceMixin._name]

    _stage_kind = "complaint"
    _first_stage = "received"
    _reference_prefix = "CMP"
    _acknowledge_event = "cmp_ack"

    severity = fields.Selection(SEVERITIES, required=True, default="medium")

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")

    @api.model
    def _promise_depends(self):
        # EXTENDS npo.clock.mixin
        return [*super()._promise_depends(), "severity"]

    def _clock_severity(self):
        # OVERRIDE npo.clock.mixin
        return self.severity
