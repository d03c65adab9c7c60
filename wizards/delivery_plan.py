from odoo import fields, models


class NpoDeliveryPlan(models.TransientModel):
    """Plan the delivery of a request in instalments (R129)."""

    _name = "npo.delivery.plan"
    _description = "Plan the Delivery"

    request_id = fields.Many2one("npo.request", required=True)
    count = fields.Integer("Instalments", required=True, default=12)
    every = fields.Integer(required=True, default=1)
    unit = fields.Selection(
        [("weeks", "Weeks"), ("months", "Months")], required=True, default="months"
    )
    date_from = fields.Date(
        "First on", required=True, default=fields.Date.context_today
    )

    def action_confirm(self):
        self.ensure_one()
        self.request_id._plan_deliveries(
            self.count, self.unit, self.date_from, every=self.every
        )
