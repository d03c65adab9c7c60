from odoo import fields, models
from odoo.exceptions import UserError

STEPS = [
    ("return", "Send back to complete"),
    ("hold", "Put on hold"),
    ("cancel", "Cancel"),
    ("early_reply", "Approve an early reply"),
    ("reopen", "Open again"),
]


class NpoRequestReason(models.TransientModel):
    """Ask for the reason of a step back, a hold, a cancellation or an early reply."""

    _name = "npo.request.reason"
    _description = "Reason of a Step"

    request_ids = fields.Many2many(
        "npo.request",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    step = fields.Selection(STEPS, required=True)
    reason_id = fields.Many2one("npo.reason", required=True)
    note = fields.Text()

    def action_confirm(self):
        """Take the step on all the requests."""
        self.ensure_one()
        if self.reason_id.kind != self.step:
            raise UserError(self.env._("Choose a reason of this list."))
        if self.step == "return":
            if not (self.note or "").strip():
                raise UserError(self.env._("Write what the applicant should complete."))
            self.request_ids._return(self.reason_id, self.note)
        elif self.step == "hold":
            self.request_ids._hold(self.reason_id, self.note)
        elif self.step == "cancel":
            self.request_ids._cancel(self.reason_id)
        elif self.step == "reopen":
            self.request_ids._reopen(self.reason_id, self.note or "")
        else:
            self.request_ids._approve_early_reply(self.reason_id)
