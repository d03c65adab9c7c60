from odoo import api, fields, models


class NpoRequestDeliver(models.TransientModel):
    """Record that a service was handed over, whole or in part (R129)."""

    _name = "npo.request.deliver"
    _description = "Deliver the Service"

    request_id = fields.Many2one("npo.request", required=True)
    service_kind = fields.Selection(
        related="request_id.service_kind", related_sudo=False
    )
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    amount = fields.Monetary()
    quantity = fields.Float(digits="Product Unit")
    date = fields.Date("Delivered on", required=True, default=fields.Date.context_today)
    place = fields.Char()
    receipt_method = fields.Selection(
        lambda self: (
            self.env["npo.delivery"]
            ._fields["receipt_method"]
            ._description_selection(self.env)
        ),
        required=True,
        default="signature",
    )
    receiver_name = fields.Char("Received by")
    witness_name = fields.Char("Witness")
    signature = fields.Image("Signature of the receiver")
    note = fields.Text()
    is_short = fields.Boolean(compute="_compute_is_short")
    is_final = fields.Boolean("Nothing more will be delivered")
    shortfall_reason = fields.Char("Why less than was approved")

    @api.depends("amount", "quantity", "request_id")
    def _compute_is_short(self):
        for wizard in self:
            amount, quantity = wizard.request_id._remaining()
            wizard.is_short = wizard.amount < amount or wizard.quantity < quantity

    def action_confirm(self):
        self.ensure_one()
        names = ("amount", "quantity", "date", "place", "receipt_method")
        names += ("receiver_name", "witness_name", "signature", "note")
        final = self.is_short and self.is_final
        delivery = self.request_id._deliver(
            {name: self[name] for name in names},
            shortfall_reason=self.shortfall_reason if final else False,
        )
        receipt = self.env.ref("npo_relations.action_report_npo_delivery_receipt")
        return {**receipt.report_action(delivery), "close_on_report_download": True}
