from odoo import fields, models

from .request_flow import OFFICERS


class NpoRequest(models.Model):
    """What of a request was referred to bodies outside (R056)."""

    _inherit = "npo.request"

    outside_referral_ids = fields.One2many(
        "npo.outside.referral",
        "request_id",
        string="Referrals to other bodies",
        groups="npo_relations.group_npo_relations_officer,"
        "npo_relations.group_npo_branch_delegate,"
        "npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )

    def action_refer_outside(self):
        """Open a new referral of the applicant to another body."""
        self.ensure_one()
        self._require_group(*OFFICERS)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refer to another body"),
            "res_model": "npo.outside.referral",
            "view_mode": "form",
            "context": {
                "default_request_id": self.id,
                "default_beneficiary_id": self.beneficiary_id.id,
                "default_company_id": self.company_id.id,
                "default_need": self.decision_note or False,
            },
        }
