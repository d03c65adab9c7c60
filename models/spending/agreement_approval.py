from odoo import models

from .approval import NpoApprovalMixin

KIND = "agreement"


class NpoAgreement(models.Model):
    """An agreement of a value that the matrix leaves to others is asked of them."""

    _name = "npo.agreement"
    _inherit = ["npo.agreement", NpoApprovalMixin._name]
    _flow_fields = frozenset({"approval_id"})

    def _await_approval(self):
        # EXTENDS npo.agreement
        self.ensure_one()
        if self.sudo().approval_id:
            self._check_approval()
            return False
        line = self.env["npo.authority.line"]._for(self.company_id, KIND, self.amount)
        is_own = line.approver == "general_manager" and not line.second_approver
        if not line or is_own:
            return False
        return bool(self._ask_approval(KIND, self.amount, "", self.title))

    def _void_approval(self):
        # EXTENDS npo.agreement
        agreements = self.sudo()
        agreements.approval_id._void()
        agreements.approval_id = False

    def _approval_refused(self, approval):
        # EXTENDS npo.approval.mixin: back to who drew it up
        agreement = self.sudo()
        agreement.check_ids.write({"is_ticked": False})
        agreement.write(
            {"state": "draft", "return_reason": approval.note, "approval_id": False}
        )
