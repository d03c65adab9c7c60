from odoo import api, fields, models
from odoo.exceptions import UserError


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
    receiver = fields.Selection(
        [("person", "The person"), ("representative", "A representative")],
        string="Received by",
        required=True,
        default="person",
    )
    representation_ids = fields.Many2many(
        "npo.representative", compute="_compute_representation_ids"
    )
    representation_id = fields.Many2one(
        "npo.representative",
        string="Representative",
        domain="[('id', 'in', representation_ids)]",
    )
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

    @api.depends("request_id")
    def _compute_representation_ids(self):
        """Who may receive for the person today: an expired right is not there (D11)."""
        rights = self.env["npo.representative"]
        for wizard in self:
            request = wizard.request_id
            wizard.representation_ids = rights._valid_representative(
                request.partner_id, "receive", company=request.company_id
            )

    def _receiver_vals(self):
        """Return who received it; the request checks the right."""
        if self.receiver == "person":
            return {"receiver_name": self.request_id.partner_id.name}
        if not self.representation_id:
            raise UserError(self.env._("Choose who received it for the person."))
        return {
            "receiver_name": self.representation_id.representative_id.name,
            "representation_id": self.representation_id.id,
        }

    def action_confirm(self):
        self.ensure_one()
        names = ("amount", "quantity", "date", "place", "receipt_method")
        names += ("witness_name", "signature", "note")
        final = self.is_short and self.is_final
        delivery = self.request_id._deliver(
            {name: self[name] for name in names} | self._receiver_vals(),
            shortfall_reason=self.shortfall_reason if final else False,
        )
        receipt = self.env.ref("npo_relations.action_report_npo_delivery_receipt")
        return {**receipt.report_action(delivery), "close_on_report_download": True}
