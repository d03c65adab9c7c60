from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

BILLS = ("in_invoice", "in_receipt")
OPEN = ("not_paid", "partial")


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_receipt_above = fields.Monetary(
        "Receipt confirmed above",
        help="A vendor bill above this is posted after somebody confirmed that goods or"
        " service were received. Zero: it is not asked for. ⚖",
    )


class AccountMove(models.Model):
    """A vendor bill is paid on time: received, due, late, days to pay (R160)."""

    _inherit = "account.move"

    npo_date_received = fields.Date(
        "Goods or service received on", copy=False, tracking=True
    )
    npo_received_by_id = fields.Many2one(
        "res.users",
        string="Receipt confirmed by",
        copy=False,
        readonly=True,
        ondelete="restrict",
    )
    npo_date_paid = fields.Date(
        "Paid on", compute="_compute_npo_paid_on_time", store=True
    )
    npo_paid_on_time = fields.Boolean(
        "Paid on time", compute="_compute_npo_paid_on_time", store=True
    )
    npo_days_to_pay = fields.Integer(
        "Days to pay",
        compute="_compute_npo_paid_on_time",
        store=True,
        aggregator="avg",
        help="From the receipt, or else the date of the bill, to the last payment.",
    )
    npo_days_late = fields.Integer("Days late", compute="_compute_npo_days_late")
    npo_is_late = fields.Boolean(
        "Late", compute="_compute_npo_days_late", search="_search_npo_is_late"
    )

    @api.depends("payment_state", "invoice_date_due", "npo_date_received")
    def _compute_npo_paid_on_time(self):
        """Keep when a vendor bill was paid, by its last payment."""
        paid = self.filtered(
            lambda move: (
                move.move_type in BILLS
                and move.state == "posted"
                and move.payment_state in ("paid", "in_payment")
            )
        )
        for move in self - paid:
            move.npo_date_paid = False
            move.npo_paid_on_time = False
            move.npo_days_to_pay = 0
        for move in paid:
            dates = move._npo_counterparts().mapped("date")
            day = max(dates) if dates else move.date
            start = move.npo_date_received or move.invoice_date or move.date
            move.npo_date_paid = day
            move.npo_paid_on_time = day <= (move.invoice_date_due or day)
            move.npo_days_to_pay = max((day - start).days, 0)

    @api.depends("invoice_date_due", "payment_state", "state")
    def _compute_npo_days_late(self):
        today = self.env.company._npo_today()
        for move in self:
            due = move.invoice_date_due
            move.npo_is_late = bool(
                move.move_type in BILLS
                and move.state == "posted"
                and move.payment_state in OPEN
                and due
                and due < today
            )
            move.npo_days_late = (today - due).days if move.npo_is_late else 0

    def _search_npo_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._npo_due_domain() & (
            Domain("invoice_date_due", "<", self.env.company._npo_today())
        )
        return late if True in value else ~late

    @api.model
    def _npo_due_domain(self):
        """Return the domain of the vendor bills that are to be paid."""
        return (
            Domain("move_type", "in", BILLS)
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", OPEN)
        )

    # ------------------------------------------------------------
    # RECEIPT
    # ------------------------------------------------------------

    def action_npo_confirm_receipt(self):
        """Confirm that goods or service of a bill were received: who and when."""
        self._npo_require_bookkeeper()
        for move in self:
            if move.move_type not in BILLS:
                raise UserError(self.env._("Only what is bought is received."))
            move.npo_date_received = (
                move.npo_date_received or move.company_id._npo_today()
            )

    def _npo_require_bookkeeper(self):
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("This is for finance."))

    def write(self, vals):
        # EXTENDS account: who confirms is on record, whatever screen it is
        if "npo_received_by_id" in vals:
            vals = {key: vals[key] for key in vals if key != "npo_received_by_id"}
        if "npo_date_received" in vals:
            by = self.env.uid if vals["npo_date_received"] else False
            vals = {**vals, "npo_received_by_id": by}
        if vals.get("state") == "posted":
            self._npo_check_receipt()
        return super().write(vals)

    def _npo_check_receipt(self):
        """Refuse to post a vendor bill of which nothing was received yet (R160)."""
        for move in self.filtered(lambda move: move.move_type in BILLS):
            limit = move.company_id.sudo().npo_receipt_above
            if (
                limit
                and abs(move.amount_total_signed) > limit
                and not move.npo_date_received
                and not move.sudo().npo_payout_id
            ):
                raise UserError(
                    self.env._(
                        "Confirm first that the goods or the service were received:"
                        " the association asks for it above %s.",
                        limit,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: a receipt is confirmed by a person
        return super().create(
            [
                {
                    **{key: vals[key] for key in vals if key != "npo_received_by_id"},
                    "npo_received_by_id": vals.get("npo_date_received")
                    and self.env.uid,
                }
                for vals in vals_list
            ]
        )
