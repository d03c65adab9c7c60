from odoo import models
from odoo.exceptions import UserError


class NpoCompensation(models.Model):
    """A claim that becomes a difference to be settled, or judged (R141, R144)."""

    _inherit = "npo.compensation"

    def action_dispute(self):
        """Open a dispute on the claim, and show it; there is one at most."""
        self.ensure_one()
        self._require_group("compensation_officer")
        self.check_access("write")
        if self.is_closed:
            raise UserError(self.env._("The case is closed."))
        if not self.dispute_id:
            self.dispute_id = self.env["npo.dispute"]._open_from(self, {})
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.dispute",
            "res_id": self.dispute_id.id,
            "view_mode": "form",
        }
