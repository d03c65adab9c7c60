from odoo import api, fields, models


class NpoRequestDecide(models.TransientModel):
    """Record what the committee decided on a request (R125)."""

    _name = "npo.request.decide"
    _description = "Decision of the Committee"

    request_id = fields.Many2one("npo.request", required=True)
    service_kind = fields.Selection(
        related="request_id.service_kind", related_sudo=False
    )
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    earliest_reply_date = fields.Date(
        related="request_id.earliest_reply_date", related_sudo=False
    )
    reply_deadline = fields.Date(
        related="request_id.reply_deadline", related_sudo=False
    )
    decision = fields.Selection(
        lambda self: (
            self.env["npo.request"]._fields["decision"]._description_selection(self.env)
        ),
        required=True,
    )
    reason_id = fields.Many2one(
        "npo.reason", string="Reason", domain=[("kind", "=", "rejection")]
    )
    note = fields.Text("Reasoning")
    conditions = fields.Text()
    date_valid_until = fields.Date("Valid until")
    amount = fields.Monetary("Amount approved")
    quantity = fields.Float("Quantity approved", digits="Product Unit")
    company_id = fields.Many2one(related="request_id.company_id", related_sudo=False)
    fund_id = fields.Many2one(
        "npo.fund",
        string="Programme or fund",
        domain="[('company_id', '=', company_id)]",
    )
    ceiling_text = fields.Text(related="request_id.ceiling_text", related_sudo=False)
    allowed_member_ids = fields.Many2many(
        "res.users", compute="_compute_allowed_member_ids"
    )
    member_ids = fields.Many2many("res.users", string="Decided by", required=True)

    @api.depends("request_id")
    def _compute_allowed_member_ids(self):
        for wizard in self:
            wizard.allowed_member_ids = wizard.request_id.committee_id._voters()

    def action_confirm(self):
        self.ensure_one()
        self.request_id._decide(
            self.decision,
            self.member_ids,
            decision_reason_id=self.decision == "rejected" and self.reason_id.id,
            decision_note=self.note,
            conditions=self.conditions,
            date_valid_until=self.date_valid_until,
            amount_approved=self.amount,
            quantity_approved=self.quantity,
            fund_id=self.fund_id.id,
        )
