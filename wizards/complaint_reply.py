import base64

from odoo import fields, models


class NpoComplaintReply(models.TransientModel):
    """What a unit says that was asked about a complaint (R206).

    It shows what was asked and nothing else of the complaint.
    """

    _name = "npo.complaint.reply"
    _description = "Answer of a Unit"

    assignment_id = fields.Many2one(
        "npo.complaint.assignment", required=True, readonly=True, ondelete="cascade"
    )
    question = fields.Text(related="assignment_id.question", related_sudo=False)
    note = fields.Text("Your answer", required=True)
    evidence = fields.Binary("Document")
    evidence_name = fields.Char()

    def action_confirm(self):
        """Give the answer; the question checks who may."""
        self.ensure_one()
        self.check_access("write")
        files = []
        if self.evidence:
            files = [(self.evidence_name, base64.b64decode(self.evidence))]
        self.assignment_id._answer(self.note, files)
        return {"type": "ir.actions.act_window_close"}
