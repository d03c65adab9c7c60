from odoo import models

# Money of the order was, or is, with the payee.
MOVED = ("partial", "paid")


class NpoPayout(models.Model):
    """The state of a payment order follows its bill, whoever changes that (D01).

    ================================  ==========================================
    what happens in the accounting    what becomes of the order
    ================================  ==========================================
    the payee's account is missing    `to_check` until it is validated
    the bill is posted                `to_pay`
    it is posted, then a draft again  `to_post` (refused once money moved)
    a part is paid                    `partial`
    all is paid, nothing outstanding  `paid`: the file goes on
    the payment is undone, cancelled  `returned`, a task for finance: the file
    or sent back by the bank          waits for the money again
    a payment without journal entry   `to_pay`: nothing settles the bill yet
    the payment is blocked            `to_pay`, marked; paying is refused
    the bill is cancelled, or fully   `void`, for good: the file may be granted
    reversed by a credit note         anew, with a new order
    a credit note for a part          refused
    another currency, rates moved     paid when nothing is left in the currency
                                      of the bill
    ================================  ==========================================
    """

    _inherit = "npo.payout"

    def _follow(self):
        """Bring the orders to the state that their bills tell of."""
        for payout in self.sudo():
            if payout.state == "void" or not payout.move_id:
                continue
            state, paid = payout._told_by_bill()
            if paid != payout.amount_paid:
                payout.amount_paid = paid
            blocked = payout.move_id.payment_state == "blocked"
            if blocked != payout.is_blocked:
                payout.is_blocked = blocked
            if state != payout.state:
                payout._go_to(state)

    def _told_by_bill(self):
        """Return (state, amount paid) as the bill tells them now."""
        bill = self.move_id
        if bill.state == "cancel" or bill._npo_is_reversed():
            return "void", 0
        if bill.state == "draft":
            return ("to_post" if self._has_own_account() else "to_check"), 0
        left = bill._npo_left_to_pay()
        paid = self.amount - left
        if self.currency_id.is_zero(left) and bill._npo_is_settled():
            return "paid", self.amount
        if self.currency_id.is_zero(paid) or not bill._npo_is_settled():
            return ("returned" if self.date_returned else "to_pay"), 0
        return "partial", paid

    def _go_to(self, state):
        """Take the order to another state, and let what granted it go on."""
        before = self.state
        source = self._source()
        if before == "paid" and state != "paid":
            self.date_returned = self.company_id._npo_today()
            if state == "to_pay":
                state = "returned"
        self.state = state
        if state == "paid":
            self.write({"date_paid": self._last_payment(), "date_returned": False})
            source._payout_paid(self)
        elif state == "void":
            self.void_reason = self.void_reason or self._why_void()
            source._payout_void(self, self.void_reason)
        elif before == "paid":
            self.date_paid = False
            self._tell_returned()
            source._payout_unpaid(self)

    def _source(self):
        """Return what granted the money, in sudo."""
        return self.env[self.res_model].sudo().browse(self.res_id)

    def _last_payment(self):
        """Return the day on which the last of the money was paid."""
        counterparts = self.move_id._npo_counterparts()
        dates = counterparts.mapped("date")
        return max(dates) if dates else self.company_id._npo_today()

    def _why_void(self):
        if self.move_id.state == "cancel":
            return self.env._("The bill was cancelled.")
        return self.env._("The bill was reversed by a credit note.")

    def _tell_returned(self):
        """Give finance the task to find out why the money came back."""
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Money came back: %s", self.name),
            note=self.env._(
                "The bill %s was paid and is not any more. Find out why, then pay it"
                " again or cancel it.",
                self.move_id.name,
            ),
            user_id=self.company_id._npo_colleague("finance_officer").id,
        )

    def _void(self, reason):
        """Cancel the bills of orders that nothing was paid of, with a reason."""
        orders = self.sudo().filtered(lambda payout: payout.state != "void")
        if orders:
            orders.write({"void_reason": reason})
            orders.move_id.button_cancel()
