from odoo import fields, models


class NpoAppealAnswer(models.TransientModel):
    """Answer an objection, or refuse one that comes late without a good reason."""

    _name = "npo.appeal.answer"
    _description = "Answer to an Objection"

    appeal_id = fields.Many2one("npo.appeal", required=True)
    stage_code = fields.Char(related="appeal_id.stage_code", related_sudo=False)
    request_id = fields.Many2one(related="appeal_id.request_id", related_sudo=False)
    res_model = fields.Char(related="appeal_id.res_model", related_sudo=False)
    service_kind = fields.Selection(
        related="request_id.service_kind", related_sudo=False
    )
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    outcome = fields.Selection(
        lambda self: (
            self.env["npo.appeal"]._fields["outcome"]._description_selection(self.env)
        )
    )
    decision = fields.Selection(
        [("accepted", "Acceptance"), ("partial", "Partial acceptance")],
        string="New decision",
    )
    amount = fields.Monetary("Amount approved")
    quantity = fields.Float("Quantity approved", digits="Product Unit")
    note = fields.Text("Reasons, as the letter tells them", required=True)

    def action_confirm(self):
        """Answer the objection as written here."""
        self.ensure_one()
        if self.stage_code == "late":
            self.appeal_id._refuse_late(self.note)
            return
        new = {}
        if self.outcome == "amended" and self.decision:
            new = {
                "decision": self.decision,
                "amount_approved": self.amount,
                "quantity_approved": self.quantity,
            }
        self.appeal_id._answer(self.outcome, self.note, **new)
