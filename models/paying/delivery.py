from odoo import fields, models
from odoo.exceptions import UserError

from ..request.delivery import NpoDelivery as RequestDelivery
from .payable_mixin import NpoPayableMixin


class NpoDelivery(models.Model):
    """Aid in money is paid as a compensation is: one order, one bill (D01, P061).

    Where an association did not set its accounting up, the general manager confirms
    the payment by hand as before.
    """

    _name = "npo.delivery"
    _inherit = [RequestDelivery._name, NpoPayableMixin._name]

    representative_id = fields.Many2one(related="representation_id.representative_id")

    def _payout_vals(self):
        request = self.request_id
        return {
            "kind": "aid",
            "partner_id": self.partner_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "fund_id": request.fund_id.id,
            "description": request.name,
            "zakat_head_id": request.beneficiary_id.zakat_head_id.id,
            "representation_id": self.representation_id.id,
        }

    def _is_paid_by_accounting(self):
        """Tell whether the association pays its aid through the accounting."""
        company = self.company_id.sudo()
        return bool(company.npo_aid_journal_id or company.npo_aid_account_id)

    def _live_payouts(self):
        return self.sudo().payout_ids.filtered(lambda payout: payout.state != "void")

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _hand_over(self, vals):
        # EXTENDS npo.delivery: what waits for finance is ordered at once
        super()._hand_over(vals)
        self.filtered(
            lambda delivery: (
                delivery.state == "waiting_payment"
                and delivery._is_paid_by_accounting()
            )
        )._pay_out()

    def _confirm_payment(self, reference):
        # EXTENDS npo.delivery: what the accounting pays, it confirms
        if self._live_payouts():
            raise UserError(
                self.env._(
                    "This is paid through the accounting: it is delivered when the"
                    " bill is paid."
                )
            )
        return super()._confirm_payment(reference)

    def _reverse(self, reason):
        # EXTENDS npo.delivery: an unpaid bill goes with it
        payouts = self._live_payouts()
        paid = payouts.filtered(lambda payout: payout.state in ("partial", "paid"))
        if paid:
            raise UserError(
                self.env._(
                    "%s was paid: ask finance to undo the payment first, then take the"
                    " delivery back.",
                    paid[0].name,
                )
            )
        super()._reverse(reason)
        payouts._void(reason)

    def _claim_payout_duty(self, duty):
        # EXTENDS npo.payable.mixin: nor did they decide or hand over the request
        self.env["npo.duty"]._check(duty, self.sudo().request_id)
        return super()._claim_payout_duty(duty)

    def _payout_granted_by(self):
        # OVERRIDE npo.payable.mixin: who decided the request, or recorded its decision
        duties = self.env["npo.duty"]
        request = self.sudo().request_id
        return duties._persons("approve", request) or duties._persons("decide", request)

    # ------------------------------------------------------------
    # WHAT FINANCE DID
    # ------------------------------------------------------------

    def _payout_paid(self, payout):
        if not self.receipt_method:
            self.receipt_method = "bank"
        self._payment_confirmed(payout.move_id.name, payout.date_paid)

    def _payout_unpaid(self, payout):
        """The money came back: it waits again, a closed request opens."""
        self.state = "waiting_payment"
        request = self.request_id
        if request.stage_code == "done":
            request._move("delivery", outcome=False, delivery_note=False)

    def _payout_void(self, payout, reason):
        """Nothing is paid by this bill: what was approved can be handed over anew."""
        if self.state == "waiting_payment":
            self.write(
                {
                    "state": "planned",
                    "amount": 0,
                    "date": False,
                    "receipt_method": False,
                    "user_id": False,
                }
            )
