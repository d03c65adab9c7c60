from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class NpoDelivery(models.Model):
    """One hand-over of a service, whole or in part, with its receipt (R129)."""

    _name = "npo.delivery"
    _description = "Service Delivery"
    _inherit = ["npo.reference.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _reference_prefix = "DLV"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="request_id.partner_id", store=True, index=True
    )
    service_id = fields.Many2one(related="request_id.service_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary()
    quantity = fields.Float(digits="Product Unit")
    date = fields.Date("Delivered on", required=True)
    place = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Delivered by", required=True, readonly=True
    )
    receipt_method = fields.Selection(
        [
            ("signature", "Signature"),
            ("otp", "Confirmation code"),
            ("bank", "Bank deposit"),
            ("witness", "Thumbprint with a witness"),
            ("photo", "Photo of the delivery (with consent)"),
        ],
        required=True,
    )
    receiver_name = fields.Char("Received by")
    witness_name = fields.Char("Witness")
    signature = fields.Image(max_width=1024, max_height=1024)
    note = fields.Text()

    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND quantity >= 0)",
        "What is delivered cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the deliveries; they come from the step of the request alone."""
        if not self.env.su:
            raise UserError(
                self.env._("Record a delivery by the button of the request.")
            )
        requests = self.env["npo.request"]
        companies = [
            requests.browse(vals["request_id"]).company_id for vals in vals_list
        ]
        references = self._draw_references(companies)
        for vals, reference in zip(vals_list, references, strict=True):
            vals["name"] = reference
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("A delivery that was received is not changed."))
        return super().write(vals)

    @api.constrains("receipt_method", "witness_name", "receiver_name", "date")
    def _check_receipt(self):
        for delivery in self:
            if delivery.receipt_method == "witness" and not delivery.witness_name:
                raise ValidationError(
                    self.env._("A thumbprint needs a witness: write the name.")
                )
            if delivery.date > delivery.company_id._npo_today():
                raise ValidationError(
                    self.env._("A delivery cannot be recorded before its day.")
                )
