from ..common import local_today


class PaymentActions:
    """Every way in which money goes out for a bill, and comes back."""

    def _do_register(self, case, user):
        self._bill(case, user)
        self._pay(self._there(self._live(case)), user)

    def _do_part(self, case, user):
        bill = self._bill(case, user)
        left = bill._npo_left_to_pay()
        part = bill.currency_id.round(left * self.random.choice((0.01, 0.33, 0.9)))
        self._pay(
            self._there(self._live(case)),
            user,
            amount=part,
            currency_id=bill.currency_id.id,
            payment_difference_handling="open",
        )

    def _do_written_off(self, case, user):
        bill = self._bill(case, user)
        self._pay(
            self._there(self._live(case)),
            user,
            amount=bill.currency_id.round(bill._npo_left_to_pay() * 0.5),
            currency_id=bill.currency_id.id,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company.npo_aid_account_id.id,
        )

    def _do_together(self, case, user):
        """Pay all that is to be paid in one go, and in one payment."""
        live = self.env["npo.payout"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "in", ("to_pay", "returned")),
            ]
        )
        live = self._there(live).filtered(
            lambda payout: payout.currency_id == live[0].currency_id
        )
        before = {payout: payout.move_id._npo_partials() for payout in live}
        wizard = (
            self.env["account.payment.register"]
            .with_user(user)
            .with_context(
                active_model="account.move",
                active_ids=live.move_id.ids,
                dont_redirect_to_payments=True,
            )
            .create({"journal_id": self.bank_journal.id, "group_payment": True})
        )
        wizard._create_payments()
        # a bill that a payment in draft is matched with has nothing left, and stays
        return [
            payout.res_id
            for payout in live
            if payout.move_id._npo_partials() - before[payout]
        ]

    def _do_reconcile(self, case, user):
        """Enter a payment by itself, then match it by hand."""
        bill = self._bill(case, user)
        before = bill._npo_partials()
        payment = (
            self.env["account.payment"]
            .with_user(user)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "supplier",
                    "partner_id": bill.partner_id.id,
                    "partner_bank_id": bill.partner_bank_id.id,
                    "amount": bill.currency_id.round(
                        bill._npo_left_to_pay() * self.random.choice((0.5, 1, 1.5))
                    ),
                    "currency_id": bill.currency_id.id,
                    "journal_id": self.bank_journal.id,
                    "memo": bill.sudo().npo_payout_id.name,
                }
            )
        )
        payment.action_post()
        lines = (payment.move_id + bill)._npo_payable_lines()
        lines.filtered(lambda line: not line.reconciled).reconcile()
        return case.ids if bill._npo_partials() - before else []

    def _do_statement(self, case, user):
        """Match a line of the bank's statement."""
        bill = self._bill(case, user)
        before = bill._npo_partials()
        line = (
            self.env["account.bank.statement.line"]
            .with_user(user)
            .create(
                {
                    "journal_id": self.bank_journal.id,
                    "amount": bill.line_ids.filtered(
                        lambda one: one.account_type == "liability_payable"
                    ).amount_residual,
                    "payment_ref": "Transfer",
                    "partner_id": bill.partner_id.id,
                    "date": local_today(),
                }
            )
        )
        payable = bill._npo_payable_lines()
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = payable.account_id
        (suspense + payable).reconcile()
        return case.ids if bill._npo_partials() - before else []

    def _do_unreconcile(self, case, user):
        bill = self._bill(case, user)
        self._there(bill._npo_partials()[-1:]).with_user(user).unlink()

    def _do_unreconcile_all(self, case, user):
        lines = self._bill(case, user)._npo_payable_lines()
        self._there(lines.filtered("matching_number")).remove_move_reconcile()

    def _do_payment_back(self, case, user):
        payment = self._payments(case, user)
        step = self.random.choice(("action_draft", "action_cancel", "action_reject"))
        getattr(payment, step)()

    def _do_payment_reversed(self, case, user):
        """The bank sends the transfer back: its entry is reversed."""
        move = self._payments(case, user).move_id
        self._there(move)._reverse_moves(cancel=True)

    def _do_pay_again(self, case, user):
        payment = self._payments(case, user)
        before = payment.state
        payment.action_post()
        # one that was refused by the bank stays so: nothing is paid
        if payment.state in (before, "rejected", "canceled"):
            return []
        return payment._npo_bills().sudo().npo_payout_id.mapped("res_id")

    def _do_payment_deleted(self, case, user):
        payment = self._payments(case, user)
        payment.action_draft()
        payment.unlink()
