from odoo import fields, models

from .complaint import NpoComplaint as Base


class NpoComplaint(models.Model):
    """A complaint that becomes a difference to be settled (R029, R144)."""

    _inherit = Base._name

    dispute_ids = fields.One2many(
        "npo.dispute",
        "complaint_id",
        "Disputes",
        groups="npo_relations.group_npo_complaint_officer,"
        "npo_relations.group_npo_legal_adviser,"
        "npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )

    def action_dispute(self):
        """Open a dispute from the complaint, and show it."""
        self.ensure_one()
        self._require_handler()
        dispute = self.env["npo.dispute"]._open_from(self, {})
        return {
            "type": "ir.actions.act_window",
            "res_model": dispute._name,
            "res_id": dispute.id,
            "view_mode": "form",
        }
