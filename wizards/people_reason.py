from odoo import fields, models
from odoo.exceptions import UserError


class NpoBeneficiaryReason(models.TransientModel):
    """Ask for the reason of a change of state of a file."""

    _name = "npo.beneficiary.reason"
    _description = "Reason of a File's State"

    beneficiary_ids = fields.Many2many(
        "npo.beneficiary",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    step = fields.Selection(
        [
            ("suspend", "Suspend"),
            ("reactivate", "Reactivate"),
            ("close", "Close"),
            ("reject", "Not entitled"),
            ("reopen", "Reopen"),
            ("blacklist", "Bar"),
            ("dispute_identity", "Dispute the identity"),
            ("settle_identity", "Settle the dispute"),
        ],
        required=True,
    )
    reason_id = fields.Many2one("npo.reason")
    note = fields.Text("Reason in words")

    def action_confirm(self):
        """Take the step on all the files; the model checks who may."""
        self.ensure_one()
        files = self.beneficiary_ids
        if self.step == "suspend":
            files.action_suspend(reason_id=self.reason_id.id, note=self.note)
        else:
            getattr(files, f"action_{self.step}")(note=self.note)


class NpoDocumentReason(models.TransientModel):
    """Ask what does not match on a document, or why it is waived."""

    _name = "npo.document.reason"
    _description = "Reason of a Document's State"

    document_ids = fields.Many2many(
        "npo.document",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    step = fields.Selection(
        [("mismatch", "Does not match"), ("waive", "Waive")], required=True
    )
    note = fields.Text("Reason in words")

    def action_confirm(self):
        """Take the step on all the lines; the model checks who may."""
        self.ensure_one()
        if not (self.note or "").strip():
            raise UserError(self.env._("Write the reason first."))
        if self.step == "mismatch":
            self.document_ids.action_mismatch(self.note)
        else:
            self.document_ids.action_waive(self.note)
