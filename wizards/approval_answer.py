from odoo import fields, models


class NpoApprovalAnswer(models.TransientModel):
    """Answer a higher approval, with a reason (D19)."""

    _name = "npo.approval.answer"
    _description = "Answer a Higher Approval"

    approval_id = fields.Many2one("npo.approval", required=True)
    company_id = fields.Many2one(related="approval_id.company_id", related_sudo=False)
    reason = fields.Text(related="approval_id.reason", related_sudo=False)
    state = fields.Selection(related="approval_id.state", related_sudo=False)
    answer = fields.Selection(
        [("approve", "Approve"), ("refuse", "Refuse")], required=True, default="approve"
    )
    note = fields.Text("Reason", required=True)
    is_board = fields.Boolean(compute="_compute_is_board")
    meeting_id = fields.Many2one("npo.board.meeting", string="Meeting of the board")

    def _compute_is_board(self):
        for wizard in self:
            wizard.is_board = wizard.approval_id._asked() == "board"

    def action_confirm(self):
        self.ensure_one()
        self.approval_id._answer(
            self.answer == "approve", self.note, meeting=self.meeting_id
        )
