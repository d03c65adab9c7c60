from odoo import api, fields, models

from .complaint import NpoComplaint


class NpoCaseRecordMixin(models.AbstractModel):
    """What was logged of a complaint, tied to it: its rules go by this column."""

    _inherit = "npo.case.record.mixin"

    complaint_id = fields.Many2one(
        NpoComplaint._name,
        compute="_compute_complaint_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("res_model", "res_id")
    def _compute_complaint_id(self):
        for record in self:
            is_complaint = record.res_model == NpoComplaint._name
            record.complaint_id = is_complaint and record.res_id
