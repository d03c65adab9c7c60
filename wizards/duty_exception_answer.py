from odoo import api, fields, models


class NpoDutyExceptionAnswer(models.TransientModel):
    """Allow or refuse that one person does two duties, with a reason (R158)."""

    _name = "npo.duty.exception.answer"
    _description = "Answer an Exception from the Separation of Duties"

    exception_id = fields.Many2one("npo.duty.exception", required=True)
    # editable, so that the form gives back what was read when it was opened
    as_asked = fields.Text(compute="_compute_as_asked", store=True, readonly=False)
    user_id = fields.Many2one(related="exception_id.user_id", related_sudo=False)
    duty = fields.Selection(related="exception_id.duty", related_sudo=False)
    other_duty = fields.Selection(related="exception_id.other_duty", related_sudo=False)
    scope = fields.Selection(related="exception_id.scope", related_sudo=False)
    date_to = fields.Date(related="exception_id.date_to", related_sudo=False)
    reason = fields.Text(related="exception_id.reason", related_sudo=False)
    answer = fields.Selection(
        [("allowed", "Allow"), ("refused", "Refuse")], required=True, default="allowed"
    )
    note = fields.Text("Reason of the answer", required=True)

    @api.depends("exception_id")
    def _compute_as_asked(self):
        """Keep what was asked when the form was opened: the answer is to that."""
        for answer in self:
            answer.as_asked = answer.exception_id and answer.exception_id._as_asked()

    def action_confirm(self):
        """Give the answer; the model checks who may."""
        self.ensure_one()
        self.exception_id._answer(self.answer, self.note, self.as_asked)
