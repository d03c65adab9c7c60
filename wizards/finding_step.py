from odoo import fields, models


class NpoFindingStep(models.TransientModel):
    """Ask for what a step of a finding needs: opened, answered, decided (R120)."""

    _name = "npo.finding.step"
    _description = "Step of a Finding"

    step = fields.Selection(
        [
            ("open", "Record the finding"),
            ("answer", "Record the answer"),
            ("confirm", "Confirm"),
            ("dismiss", "Dismiss"),
        ],
        required=True,
    )
    request_id = fields.Many2one("npo.request", required=True)
    finding_id = fields.Many2one("npo.false.declaration")
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    note = fields.Text(required=True)
    amount_recovery = fields.Monetary("Amount to pay back")
    evidence = fields.Binary("Document")
    evidence_name = fields.Char()

    def action_take(self):
        """Take the step."""
        self.ensure_one()
        getattr(self, f"_take_{self.step}")()

    def _take_open(self):
        self.env["npo.false.declaration"]._open(
            self.request_id,
            self.note,
            evidence=self.evidence,
            evidence_name=self.evidence_name,
        )

    def _take_answer(self):
        self.finding_id._record_answer(
            self.note,
            answer_evidence=self.evidence,
            answer_evidence_name=self.evidence_name,
        )

    def _take_confirm(self):
        self.finding_id._confirm(self.note, self.amount_recovery)

    def _take_dismiss(self):
        self.finding_id._dismiss(self.note)
