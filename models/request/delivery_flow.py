from odoo import fields, models
from odoo.exceptions import UserError

from ..core.guards import check_values
from ..core.locks import hold
from .delivery import RECEIVED

# What may be told of a hand-over; the rest is worked out.
HANDED_FIELDS = frozenset(
    {
        "amount",
        "quantity",
        "date",
        "place_kind",
        "site_id",
        "place",
        "item_ids",
        "session_count",
        "attended_count",
        "receipt_method",
        "receiver_name",
        "representation_id",
        "witness_name",
        "signature",
        "photo",
        "bank_reference",
        "note",
    }
)


class NpoDelivery(models.Model):
    """The steps of a delivery: handed over, paid, taken back (R129)."""

    _inherit = "npo.delivery"

    def _require_state(self, *states):
        """Raise unless all the deliveries are in one of the states, now."""
        hold(self)
        self.invalidate_recordset(["state"])
        wrong = self.filtered(lambda delivery: delivery.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(delivery)s is “%(state)s” now, so this step does not apply.",
                    delivery=wrong[0].name,
                    state=labels[wrong[0].state],
                )
            )

    # ------------------------------------------------------------
    # HAND OVER
    # ------------------------------------------------------------

    def action_deliver(self):
        """Open the form of the hand-over for one planned delivery."""
        self.ensure_one()
        action = self.request_id.action_deliver()
        action["context"] |= {
            "default_delivery_id": self.id,
            "default_amount": self.amount_planned,
            "default_quantity": self.quantity_planned,
        }
        return action

    def _hand_over(self, vals):
        """Record that planned deliveries were handed over, any number in one step.

        How much of each is in `vals`, or as it was planned. Cash waits for finance
        where the association does not pay by hand.
        """
        requests = self.request_id
        requests._require_group("delivery_officer")
        requests._require_stage("delivery")
        hold(requests)
        self._require_state("planned")
        vals = {name: vals[name] for name in vals if name in HANDED_FIELDS}
        check_values(self, vals)
        requests._check_may_receive()
        requests._check_codes(vals.get("receipt_method"))
        self.env["npo.duty"]._claim("deliver", requests)
        for state, deliveries in self.grouped(
            lambda delivery: delivery._state_after(vals)
        ).items():
            deliveries.sudo().write({**vals, "state": state, "user_id": self.env.uid})
        if not {"amount", "quantity"} & set(vals):
            for amounts, deliveries in self.grouped(
                lambda delivery: (delivery.amount_planned, delivery.quantity_planned)
            ).items():
                deliveries.sudo().write(
                    dict(zip(("amount", "quantity"), amounts, strict=True))
                )
        requests._check_not_more()

    def _deliver_planned(self, date, method, reference=False):
        """Hand over as planned, any number in one step; close what is whole."""
        if not self:
            raise UserError(self.env._("Choose the planned deliveries first."))
        self._hand_over(
            {"date": date, "receipt_method": method, "bank_reference": reference}
        )
        self.request_id._close_delivered()

    def _state_after(self, vals):
        """Return the state that a hand-over leads to."""
        company = self.company_id
        if self.service_kind == "cash" and not company.npo_cash_by_hand:
            return "waiting_payment"
        return self._received_state(
            vals.get("amount", self.amount_planned),
            vals.get("quantity", self.quantity_planned),
        )

    def _received_state(self, amount, quantity):
        """Tell whether so much is all that was planned, or a part of it."""
        less = self.currency_id.compare_amounts(amount, self.amount_planned) < 0
        return "partial" if less or quantity < self.quantity_planned else "delivered"

    def _payment_confirmed(self, reference, date=None):
        """Finance paid: the cash is delivered. Called by who pays, in sudo.

        :param reference: of the transfer or the payment
        """
        self._require_state("waiting_payment")
        check_values(self, {"bank_reference": reference})
        for (company, state), deliveries in self.grouped(
            lambda delivery: (
                delivery.company_id,
                delivery._received_state(delivery.amount, delivery.quantity),
            )
        ).items():
            deliveries.sudo().write(
                {
                    "state": state,
                    "bank_reference": reference,
                    "date": date or company._npo_today(),
                }
            )
        self.request_id._close_delivered()

    # ------------------------------------------------------------
    # STEPS WITH A REASON
    # ------------------------------------------------------------

    def _step_action(self, step, title):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.delivery.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids, "default_step": step},
        }

    def action_deliver_planned(self):
        """Hand over planned deliveries as they were planned, in one step."""
        return self._step_action("deliver", self.env._("Deliver as planned"))

    def action_reverse(self):
        return self._step_action("reverse", self.env._("Take a delivery back"))

    def action_cancel(self):
        return self._step_action("cancel", self.env._("Cancel a planned delivery"))

    def action_confirm_payment(self):
        return self._step_action("pay", self.env._("Confirm the payment"))

    def _require_role(self, *roles):
        self.check_access("read")
        self.env["npo.home"]._require_role(*roles)

    def _confirm_payment(self, reference):
        """Confirm by hand that finance paid; another person than who handed in."""
        self._require_role("general_manager")
        if not (reference or "").strip():
            raise UserError(self.env._("Write the reference of the transfer."))
        if self.env.user in self.user_id:
            raise UserError(self.env._("Another person confirms the payment."))
        self._payment_confirmed(reference)

    def _end(self, state, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason first."))
        check_values(self, {"end_reason": reason})
        self.sudo().write(
            {
                "state": state,
                "end_reason": reason,
                "date_ended": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
            }
        )

    def _reverse(self, reason):
        """Take deliveries back: with a reason, by another person than delivered them.

        What was approved is then to be delivered again: a closed request opens.
        """
        self._require_role("delivery_officer", "general_manager")
        requests = self.request_id
        requests._require_stage("delivery", "done")
        self._require_state(*RECEIVED, "waiting_payment")
        self.env["npo.duty"]._claim("reverse", requests)
        self._end("returned", reason)
        closed = requests.filtered(lambda request: request.stage_code == "done")
        if closed:
            closed._move("delivery", outcome=False, delivery_note=False)

    def _cancel(self, reason):
        """Cancel planned deliveries; what is approved stays to be delivered."""
        self._require_role("delivery_officer")
        self._require_state("planned")
        self._end("cancelled", reason)
