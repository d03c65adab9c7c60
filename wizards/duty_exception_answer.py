from odoo import fields, models


class NpoDutyExceptionAnswer(models.TransientModel):
    """Allow or refuse that one person does two duties, with a reason (R158)."""

    _name = "npo.duty.exception.answer"
    _description = "Answer an Exception from the Separation of Duties"

    exception_id = fields.Many2one("npo.duty.exception", required=True)
    reason = fields.Text(related="exception_id.reason", related_sudo=False)
    answer = fields.Selection(
        [("allowed", "Allow"), ("refused", "Refuse")], required=True, default="allowed"
    )
    note = fields.Text("Reason of the answer", required=True)

    def action_confirm(self):
        """Give the answer; the model checks who may."""
        self.ensure_one()
        self.exception_id._answer(self.answer, self.note)
