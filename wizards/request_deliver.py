from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.request.delivery_flow import HANDED_FIELDS


class NpoRequestDeliver(models.TransientModel):
    """Record that a service was handed over, whole or in part (R129)."""

    _name = "npo.request.deliver"
    _description = "Deliver the Service"

    request_id = fields.Many2one("npo.request", required=True)
    delivery_id = fields.Many2one("npo.delivery", string="Planned delivery")
    company_id = fields.Many2one(related="request_id.company_id", related_sudo=False)
    partner_id = fields.Many2one(related="request_id.partner_id", related_sudo=False)
    service_kind = fields.Selection(
        related="request_id.service_kind", related_sudo=False
    )
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    amount = fields.Monetary()
    quantity = fields.Float(digits="Product Unit")
    date = fields.Date("Delivered on", required=True, default=fields.Date.context_today)
    place_kind = fields.Selection(
        lambda self: self._delivery_labels("place_kind"), string="Where", default="site"
    )
    site_id = fields.Many2one("npo.site", domain="[('company_id', '=', company_id)]")
    place = fields.Char()
    item_ids = fields.One2many("npo.request.deliver.item", "wizard_id", string="Items")
    session_count = fields.Integer("Sessions held")
    attended_count = fields.Integer("Sessions attended")
    receipt_method = fields.Selection(
        lambda self: self._delivery_labels("receipt_method"),
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
    photo = fields.Image("Photo of the delivery")
    bank_reference = fields.Char("Reference of the transfer")
    code = fields.Char("Code")
    code_note = fields.Char(readonly=True)
    note = fields.Text()
    is_awaited = fields.Boolean(compute="_compute_is_awaited")
    is_short = fields.Boolean(compute="_compute_is_short")
    is_final = fields.Boolean("Nothing more will be delivered")
    shortfall_reason = fields.Char("Why less than was approved")
    outcome = fields.Selection(
        [
            ("withdrawn", "Withdrawn by the applicant"),
            ("unreachable", "Could not be reached"),
            ("deceased", "Deceased"),
        ],
        string="If nothing was delivered",
    )

    @api.model
    def _delivery_labels(self, name):
        return self.env["npo.delivery"]._fields[name]._description_selection(self.env)

    @api.depends("request_id")
    def _compute_is_awaited(self):
        for wizard in self:
            company = wizard.request_id.company_id.sudo()
            wizard.is_awaited = (
                wizard.service_kind == "cash" and not company.npo_cash_by_hand
            )

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
        """Return who received it; the request checks the right and takes the name."""
        if self.receiver == "person":
            return {"receiver_name": self.request_id.partner_id.name}
        if not self.representation_id:
            raise UserError(self.env._("Choose who received it for the person."))
        return {"representation_id": self.representation_id.id}

    def action_send_code(self):
        """Send the person a code, and go on in this form."""
        self.ensure_one()
        self.request_id._send_receipt_code()
        self.code_note = self.env._("The code was sent. Ask the receiver for it.")
        return self._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliver the service"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_confirm(self):
        self.ensure_one()
        is_given = self.amount or self.quantity
        if is_given and self.receipt_method == "otp":
            self.code_note = self.request_id._try_receipt_code(self.code)
            if self.code_note:
                return self._again()
        final = self.is_short and self.is_final
        delivery = self.request_id._deliver(
            self._vals(),
            shortfall_reason=self.shortfall_reason if final else False,
            delivery=self.delivery_id,
            outcome=self.outcome,
        )
        if not delivery or delivery.sudo().state == "waiting_payment":
            return {"type": "ir.actions.act_window_close"}
        receipt = self.env.ref("npo_relations.action_report_npo_delivery_receipt")
        return {**receipt.report_action(delivery), "close_on_report_download": True}

    def _vals(self):
        """Return the values of the delivery."""
        others = {"item_ids", "site_id", "representation_id", "receiver_name"}
        return {
            **{name: self[name] for name in HANDED_FIELDS - others},
            **self._receiver_vals(),
            "site_id": self.site_id.id,
            "item_ids": [
                Command.create(
                    {
                        "name": item.name,
                        "quantity": item.quantity,
                        "unit": item.unit,
                        "serial": item.serial,
                    }
                )
                for item in self.item_ids
            ],
        }


class NpoRequestDeliverItem(models.TransientModel):
    """A thing that is handed over."""

    _name = "npo.request.deliver.item"
    _description = "Item to Deliver"

    wizard_id = fields.Many2one(
        "npo.request.deliver", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Item", required=True)
    quantity = fields.Float(digits="Product Unit", default=1)
    unit = fields.Char()
    serial = fields.Char("Serial number")
