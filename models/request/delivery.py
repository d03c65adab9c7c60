from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What was handed over; and what is on its way, so that it is not given twice.
RECEIVED = ("partial", "delivered")
TAKEN = (*RECEIVED, "waiting_payment")


class NpoDelivery(models.Model):
    """One hand-over of a service, whole or in part, with its receipt (R129).

    It may be planned first: an instalment of so much on such a day. Its steps are in
    `delivery_flow`.
    """

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
    service_kind = fields.Selection(related="request_id.service_kind")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("waiting_payment", "Waiting for the payment"),
            ("partial", "Delivered in part"),
            ("delivered", "Delivered"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="delivered",
    )

    # planned
    date_planned = fields.Date("Planned for")
    amount_planned = fields.Monetary("Amount planned")
    quantity_planned = fields.Float("Quantity planned", digits="Product Unit")
    instalment = fields.Integer("Instalment", aggregator=None)
    date_calendar = fields.Date(
        "Day", compute="_compute_date_calendar", store=True, precompute=True
    )

    is_on_time = fields.Boolean(
        "On time", compute="_compute_is_on_time", store=True, precompute=True
    )

    # handed over
    amount = fields.Monetary()
    quantity = fields.Float(digits="Product Unit")
    date = fields.Date("Delivered on")
    place_kind = fields.Selection(
        [
            ("site", "At a site of the association"),
            ("home", "At home"),
            ("other", "Elsewhere"),
        ],
        string="Where",
    )
    site_id = fields.Many2one("npo.site", index="btree_not_null", check_company=True)
    place = fields.Char()
    user_id = fields.Many2one("res.users", string="Delivered by", readonly=True)
    item_ids = fields.One2many("npo.delivery.item", "delivery_id", string="Items")
    session_count = fields.Integer("Sessions held")
    attended_count = fields.Integer("Sessions attended")

    # receipt
    receipt_method = fields.Selection(
        [
            ("signature", "Signature"),
            ("otp", "Confirmation code"),
            ("bank", "Bank deposit"),
            ("witness", "Thumbprint with a witness"),
            ("photo", "Photo of the delivery (with consent)"),
        ],
    )
    receiver_name = fields.Char("Received by")
    representation_id = fields.Many2one(
        "npo.representative",
        string="Received by right of",
        index="btree_not_null",
        ondelete="restrict",
    )
    witness_name = fields.Char("Witness")
    signature = fields.Image(max_width=1024, max_height=1024)
    photo = fields.Image(max_width=1600, max_height=1600)
    bank_reference = fields.Char("Reference of the transfer")
    note = fields.Text()

    # taken back
    date_ended = fields.Datetime("Taken back on")
    ended_by_id = fields.Many2one("res.users", string="Taken back by")
    end_reason = fields.Char("Why it was taken back")

    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND quantity >= 0 AND amount_planned >= 0"
        " AND quantity_planned >= 0 AND session_count >= 0 AND attended_count >= 0)",
        "What is delivered cannot be negative.",
    )
    _due_idx = models.Index("(company_id, date_planned) WHERE state = 'planned'")
    # what the measures of a period read
    _planned_idx = models.Index(
        "(company_id, date_planned) WHERE date_planned IS NOT NULL"
    )
    _given_idx = models.Index("(company_id, date) WHERE date IS NOT NULL")

    @api.depends("date", "date_planned")
    def _compute_date_calendar(self):
        for delivery in self:
            delivery.date_calendar = delivery.date or delivery.date_planned

    @api.depends("date", "date_planned")
    def _compute_is_on_time(self):
        for delivery in self:
            given, planned = delivery.date, delivery.date_planned
            delivery.is_on_time = bool(given and planned) and given <= planned

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

    @api.constrains(
        "state",
        "receipt_method",
        "witness_name",
        "bank_reference",
        "date",
        "photo",
        "user_id",
    )
    def _check_receipt(self):
        """What was received has a day, a person and a way of receipt."""
        _ = self.env._
        for delivery in self.filtered(lambda delivery: delivery.state in RECEIVED):
            if not (delivery.date and delivery.user_id and delivery.receipt_method):
                raise ValidationError(
                    _("A delivery says on which day, by whom and how it was received.")
                )
            method = delivery.receipt_method
            if method == "witness" and not delivery.witness_name:
                raise ValidationError(
                    _("A thumbprint needs a witness: write the name.")
                )
            if method == "bank" and not delivery.bank_reference:
                raise ValidationError(
                    _("A bank deposit needs the reference of the transfer.")
                )
            if method == "photo" and not delivery.photo:
                raise ValidationError(_("Take the photo of the delivery first."))
            if delivery.date > delivery.company_id._npo_today():
                raise ValidationError(
                    _("A delivery cannot be recorded before its day.")
                )

    @api.constrains("photo", "request_id")
    def _check_media_consent(self):
        """A photo is taken only of who agreed to it (P011)."""
        for delivery in self.filtered("photo"):
            if not self.env["npo.consent"]._has_consent(
                delivery.partner_id, "media", delivery.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s has not agreed to photos. Choose another way of receipt.",
                        delivery.partner_id.name,
                    )
                )

    @api.constrains("session_count", "attended_count")
    def _check_attendance(self):
        for delivery in self:
            if delivery.attended_count > delivery.session_count:
                raise ValidationError(
                    self.env._("More sessions were attended than held.")
                )


class NpoDeliveryItem(models.Model):
    """A thing that was handed over, in words: no stock is kept (R129)."""

    _name = "npo.delivery.item"
    _description = "Item of a Delivery"
    _order = "delivery_id, id"

    delivery_id = fields.Many2one(
        "npo.delivery", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="delivery_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char("Item", required=True)
    quantity = fields.Float(digits="Product Unit", default=1)
    unit = fields.Char()
    serial = fields.Char("Serial number")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "Of each item, say how many were handed over."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._require_superuser()
        return super().create(vals_list)

    def write(self, vals):
        self._require_superuser()
        return super().write(vals)

    def _require_superuser(self):
        """Items come with their delivery and stay as they were signed for."""
        if not self.env.su:
            raise UserError(self.env._("A delivery that was received is not changed."))
