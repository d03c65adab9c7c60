from odoo import models
from odoo.exceptions import UserError

from .compensation import NpoCompensation as Base
from .compensation_flow import SUSPENDABLE, UNDECIDED


class NpoCompensation(models.Model):
    """The buttons that ask for something before their step."""

    _inherit = Base._name

    def _step_action(self, step, title, **context):
        """Return the form of a step."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.compensation.step",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_step": step,
                "default_compensation_id": self.id,
                **context,
            },
        }

    def _officer_action(self, step, title, **context):
        self._require_group("compensation_officer")
        return self._step_action(step, title, **context)

    def action_outside(self):
        """Open the answer that the claim is outside the scope."""
        return self._officer_action("outside", self.env._("Outside the scope"))

    def action_offer(self):
        """Open the offer."""
        return self._officer_action("offer", self.env._("Make an offer"))

    def action_answered(self):
        """Open what the person said to the offer."""
        return self._officer_action("answer", self.env._("Answer to the offer"))

    def action_judgment(self):
        """Take the amount of the final judgment."""
        self._settle_by_judgment()

    def action_propose(self):
        """Open the proposal."""
        return self._officer_action("propose", self.env._("Propose"))

    def action_legal(self):
        """Open the legal review."""
        self._require_group("legal_adviser")
        return self._step_action("legal", self.env._("Legal review"))

    def action_signed(self):
        """Open who signed the paper for the association."""
        return self._officer_action("signed", self.env._("Signed on paper"))

    def action_pass_limit(self):
        """Open the reason for passing the limit of liability."""
        self._require_group("compensation_approver", "general_manager")
        return self._step_action("limit", self.env._("Pass the limit of liability"))

    def action_reject(self):
        """Open the reason of a refusal."""
        return self._officer_action("reject", self.env._("Refuse"))

    def action_withdraw(self):
        """Open what the person said when taking the claim back."""
        self._require_stage(*UNDECIDED)
        return self._officer_action("withdraw", self.env._("Taken back"))

    def action_suspend(self):
        """Open the reason for waiting."""
        self._require_stage(*SUSPENDABLE)
        return self._officer_action("suspend", self.env._("Wait for the judgment"))

    def action_view_payouts(self):
        """Open the payment orders of the case, and by them the bill."""
        self.ensure_one()
        self.check_access("read")
        self.env["npo.payout"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment orders"),
            "res_model": "npo.payout",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_perform(self):
        """Open the record of what was done."""
        return self._officer_action("perform", self.env._("What was done"))

    def action_answer_approval(self):
        """Open the answer of who approves."""
        self.ensure_one()
        self.check_access("read")
        approval = self.sudo().approval_id
        if not approval:
            raise UserError(self.env._("No approval was asked for yet."))
        return approval.with_env(self.env).action_answer()
