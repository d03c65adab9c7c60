from odoo import fields, models


class NpoVisitSheetStep(models.TransientModel):
    """Close and sign the count of a day, or say why it is opened again (R172)."""

    _name = "npo.visit.sheet.step"
    _description = "Close or Open a Day"

    sheet_id = fields.Many2one("npo.visit.sheet", required=True)
    step = fields.Selection(
        [("close", "Close the day"), ("reopen", "Open the day again")], required=True
    )
    open_count = fields.Integer(related="sheet_id.open_count")
    leave = fields.Boolean("Those still waiting left before they were served")
    signature = fields.Binary(attachment=False)
    typed_name = fields.Char("Or your full name")
    note = fields.Text("Remarks")
    reason = fields.Text()

    def action_confirm(self):
        self.ensure_one()
        if self.step == "reopen":
            self.sheet_id._reopen(self.reason)
            return
        self.sheet_id._close(self.signature, self.typed_name, self.note, self.leave)
        self.signature = False  # it is kept under the count, and not here
