from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoDutyExceptionAnswer(models.TransientModel):
    """Allow or refuse that one person does two duties, with a reason (R158)."""

    _name = "npo.duty.exception.answer"
    _description = "Answer an Exception from the Separation of Duties"

    exception_id = fields.Many2one("npo.duty.exception", required=True)
    asked = fields.Char(
        default=lambda self: self._as_asked(
            self.env["npo.duty.exception"].browse(
                self.env.context.get("default_exception_id")
            )
        )
    )
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

    def action_confirm(self):
        """Give the answer; the model checks who may."""
        self.ensure_one()
        if self.asked and self.asked != self._as_asked(self.exception_id):
            raise UserError(
                self.env._("What is asked was changed meanwhile: read it again.")
            )
        self.exception_id._answer(self.answer, self.note)

    @api.model
    def _as_asked(self, exception):
        """Return what tells one wording of what is asked from the next."""
        return str(exception.write_date or "")
