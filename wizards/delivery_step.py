from odoo import fields, models


class NpoDeliveryStep(models.TransientModel):
    """A step on one or many deliveries: as planned, paid, cancelled, taken back."""

    _name = "npo.delivery.step"
    _description = "Step of Deliveries"

    delivery_ids = fields.Many2many(
        "npo.delivery",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    step = fields.Selection(
        [
            ("deliver", "Deliver as planned"),
            ("pay", "Confirm the payment"),
            ("cancel", "Cancel"),
            ("reverse", "Take back"),
        ],
        required=True,
    )
    date = fields.Date(default=fields.Date.context_today)
    receipt_method = fields.Selection(
        [
            ("signature", "Signature on the printed receipt"),
            ("bank", "Bank deposit"),
        ],
        default="signature",
    )
    reference = fields.Char("Reference of the transfer")
    reason = fields.Char()

    def action_confirm(self):
        """Take the step on all; the model checks who may."""
        self.ensure_one()
        deliveries = self.delivery_ids
        if self.step == "deliver":
            deliveries._deliver_planned(self.date, self.receipt_method, self.reference)
        elif self.step == "pay":
            deliveries._confirm_payment(self.reference)
        elif self.step == "cancel":
            deliveries._cancel(self.reason)
        else:
            deliveries._reverse(self.reason)
