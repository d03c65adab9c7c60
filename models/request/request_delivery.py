from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_round

from ..core.guards import check_values
from .delivery import TAKEN

MAX_INSTALMENTS = 60
# What became of a request of which nothing was delivered.
UNSERVED = ("withdrawn", "unreachable", "deceased")


class NpoRequest(models.Model):
    """Step 7 of a request: what was approved is delivered (R129)."""

    _inherit = "npo.request"

    def action_deliver(self):
        """Open the form in which a delivery is recorded."""
        self.ensure_one()
        self._require_group("delivery_officer")
        self._require_stage("delivery")
        remaining_amount, remaining_quantity = self._remaining()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliver the service"),
            "res_model": "npo.request.deliver",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_id": self.id,
                "default_amount": remaining_amount,
                "default_quantity": remaining_quantity,
            },
        }

    def action_plan_delivery(self):
        """Open the form of a plan of instalments."""
        self.ensure_one()
        self._require_group("delivery_officer")
        self._require_stage("delivery")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the delivery"),
            "res_model": "npo.delivery.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    # ------------------------------------------------------------
    # WHAT IS LEFT
    # ------------------------------------------------------------

    def _taken(self):
        """Return {request: (amount, quantity)} delivered or on its way, in one go."""
        groups = (
            self.env["npo.delivery"]
            .sudo()
            ._read_group(
                [("request_id", "in", self.ids), ("state", "in", TAKEN)],
                ["request_id"],
                ["amount:sum", "quantity:sum"],
            )
        )
        taken = {request.id: sums for request, *sums in groups}
        return {request: taken.get(request.id, (0, 0)) for request in self}

    def _remaining(self):
        """Return what is approved and not delivered yet, as (amount, quantity)."""
        self.ensure_one()
        amount, quantity = self._taken()[self]
        return (
            max(self.amount_approved - amount, 0),
            max(self.quantity_approved - quantity, 0),
        )

    def _check_not_more(self):
        """Never give more than was approved."""
        for request, (amount, quantity) in self._taken().items():
            if (
                request.currency_id.compare_amounts(amount, request.amount_approved) > 0
                or float_compare(quantity, request.quantity_approved, 4) > 0
            ):
                raise UserError(
                    self.env._("More than what was approved cannot be delivered.")
                )

    def _check_may_receive(self):
        """Give nothing to a file that ended, or is suspended (D20)."""
        for request in self.sudo():
            file = request.beneficiary_id
            today = request.company_id._npo_today()
            is_over = bool(file.date_renewal) and file.date_renewal < today
            if not file or (file.state == "active" and not is_over):
                continue
            raise UserError(
                self.env._(
                    "%(request)s: nothing is delivered now. %(state)s",
                    request=request.name,
                    state=self.env._("The file ended: bring it up to date first.")
                    if is_over
                    else file.state_sentence,
                )
            )

    # ------------------------------------------------------------
    # DELIVER
    # ------------------------------------------------------------

    def _deliver(self, vals, shortfall_reason=False, delivery=None, outcome=False):
        """Record a delivery; close the request when nothing is left to deliver.

        :param dict vals: of `npo.delivery`; without an amount or a quantity nothing is
            delivered, and the request is closed with a reason
        :param shortfall_reason: why less than approved is final (R129), or False
        :param delivery: the planned one that this is, if any
        :param outcome: what became of it, where nothing at all was delivered
        :return: the delivery, or none
        """
        self.ensure_one()
        self._require_group("delivery_officer")
        self._require_stage("delivery")
        check_values(self, {"delivery_note": shortfall_reason})
        is_cash = self.service_id.kind == "cash"
        vals = {**vals, "quantity" if is_cash else "amount": 0}
        delivery = delivery or self.env["npo.delivery"]
        if vals.get("amount") or vals.get("quantity"):
            delivery = delivery or self._new_planned(vals)
            delivery._hand_over(vals)
        elif not shortfall_reason:
            raise UserError(self.env._("Enter how much is delivered."))
        if shortfall_reason:
            self._end_short(shortfall_reason, outcome)
        self._close_delivered()
        return delivery

    def _new_planned(self, vals):
        """Return a delivery that was not planned before, of just so much."""
        check_values(self.env["npo.delivery"], vals)
        amounts = {name: vals.get(name) or 0 for name in ("amount", "quantity")}
        return (
            self.env["npo.delivery"]
            .sudo()
            .create(
                {
                    "request_id": self.id,
                    "state": "planned",
                    **{f"{name}_planned": value for name, value in amounts.items()},
                }
            )
            .sudo(False)
        )

    def _end_short(self, reason, outcome):
        """Note that nothing more will be delivered, and why."""
        deliveries = self.sudo().delivery_ids
        if not deliveries.filtered(lambda delivery: delivery.state in TAKEN):
            if outcome not in UNSERVED:
                raise UserError(
                    self.env._("Nothing was delivered: say what became of it.")
                )
            self.sudo().outcome = outcome
        deliveries.filtered(lambda delivery: delivery.state == "planned")._end(
            "cancelled", reason
        )
        self.sudo().delivery_note = reason

    def _close_delivered(self):
        """Close the requests of which all is delivered, or the rest given up."""
        waiting = (
            self.env["npo.delivery"]
            .sudo()
            ._read_group(
                [("request_id", "in", self.ids), ("state", "=", "waiting_payment")],
                ["request_id"],
            )
        )
        pending = {request.id for (request,) in waiting}
        taken = self._taken()
        for outcome, requests in self.grouped(
            lambda request: (
                request.id not in pending and request._closing_outcome(*taken[request])
            )
        ).items():
            if outcome:
                requests._move("done", outcome=outcome)
                requests._drop_plans()
        served = self.filtered(
            lambda request: request.outcome in ("served", "served_partially")
        )
        if served:
            served._notify("req_delivered")

    def _drop_plans(self):
        """Cancel what is planned of requests of which all was delivered otherwise."""
        planned = (
            self.env["npo.delivery"]
            .sudo()
            .search([("request_id", "in", self.ids), ("state", "=", "planned")])
        )
        planned._end("cancelled", self.env._("All was delivered already."))

    def _closing_outcome(self, amount, quantity):
        """Return the outcome of a request of which so much is delivered, or False."""
        is_whole = (
            self.currency_id.compare_amounts(amount, self.amount_approved) >= 0
            and float_compare(quantity, self.quantity_approved, 4) >= 0
        )
        if is_whole:
            return "served"
        return self.delivery_note and (self.outcome or "served_partially")

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    def _plan_deliveries(self, count, unit, date_from, every=1):
        """Plan what is left as instalments; once, until they are used up or cancelled.

        :param unit: "weeks" or "months" between two of them
        :return: the planned deliveries, the last with the rest of the division
        """
        self.ensure_one()
        self._require_group("delivery_officer")
        self._require_stage("delivery")
        self._check_may_receive()
        if not 1 <= count <= MAX_INSTALMENTS or not 1 <= every <= MAX_INSTALMENTS:
            raise UserError(
                self.env._("A plan has from 1 to %s instalments.", MAX_INSTALMENTS)
            )
        deliveries = self.env["npo.delivery"].sudo()
        if deliveries.search_count(
            [("request_id", "=", self.id), ("state", "=", "planned")], limit=1
        ):
            raise UserError(
                self.env._("There is a plan already. Cancel what is left of it first.")
            )
        amount, quantity = self._remaining()
        amounts = self._split(amount, count, self.currency_id.rounding)
        quantities = self._split(quantity, count, 1 if quantity >= count else 0.01)
        return deliveries.create(
            [
                {
                    "request_id": self.id,
                    "state": "planned",
                    "instalment": number + 1,
                    "date_planned": date_from + relativedelta(**{unit: every * number}),
                    "amount_planned": amounts[number],
                    "quantity_planned": quantities[number],
                }
                for number in range(count)
            ]
        ).sudo(False)

    def _split(self, total, count, rounding):
        """Return a number in equal parts; the last one has the rest."""
        part = float_round(
            total / count, precision_rounding=rounding, rounding_method="DOWN"
        )
        rest = float_round(total - part * (count - 1), precision_digits=4)
        return [part] * (count - 1) + [rest]
