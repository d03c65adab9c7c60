from odoo.exceptions import UserError
from odoo.fields import Command

from ..common import local_today


class BillActions:
    """What finance does to a bill, and what nobody may."""

    # ------------------------------------------------------------
    # WHAT IS THERE
    # ------------------------------------------------------------

    def _live(self, case):
        return case.sudo().payout_ids.filtered(lambda payout: payout.state != "void")

    def _bill(self, case, user):
        payouts = self._live(case) or case.sudo().payout_ids[:1]
        return self._there(payouts.move_id).with_user(user)

    def _there(self, records):
        """Nothing to do it with is as good as a refusal."""
        if not records:
            raise UserError("Nothing is there.")
        return records

    def _payments(self, case, user):
        payments = case.sudo().payout_ids.move_id._npo_counterparts().origin_payment_id
        mine = self.env["account.payment"].search(
            [("memo", "=", case.sudo().payout_ids[:1].name)], limit=3
        )
        return self._there(payments | mine)[:1].with_user(user)

    # ------------------------------------------------------------
    # THE BILL
    # ------------------------------------------------------------

    def _do_post(self, case, user):
        self._bill(case, user).action_post()

    def _do_draft(self, case, user):
        self._bill(case, user).button_draft()

    def _do_cancel(self, case, user):
        if self.random.random() < 0.5:
            raise UserError("Thought better of it.")
        self._bill(case, user).button_cancel()

    def _do_void(self, case, user):
        payout = self._there(self._live(case)).with_user(user)
        payout._cancel("The wrong person")

    def _do_credit(self, case, user):
        bill = self._bill(case, user)
        wizard = self.env["account.move.reversal"].with_user(user)
        wizard = wizard.with_context(active_model="account.move", active_ids=bill.ids)
        wizard.create({"journal_id": bill.journal_id.id}).refund_moves()

    def _do_reverse(self, case, user):
        bill = self._bill(case, user)
        bill._reverse_moves([{"invoice_date": local_today()}], cancel=True)

    def _do_credit_part(self, case, user):
        bill = self._bill(case, user)
        note = bill._reverse_moves([{"invoice_date": local_today()}])
        note.invoice_line_ids.price_unit -= 0.01
        note.action_post()

    def _do_post_credit(self, case, user):
        bill = self._bill(case, user)
        note = bill.reversal_move_ids.filtered(lambda move: move.state == "draft")
        self._there(note)[:1].action_post()
        (note[:1] + bill)._npo_payable_lines().reconcile()

    def _do_note_back(self, case, user):
        """Undo a reversal, by which the bill would be owed again."""
        notes = case.sudo().payout_ids.move_id.reversal_move_ids.with_user(user)
        note = self._there(notes)[:1]
        if note.state == "posted":
            note.button_draft()
        note.unlink()

    def _do_block(self, case, user):
        self._bill(case, user).action_toggle_block_payment()

    def _do_tax(self, case, user):
        payout = self._there(self._live(case)).with_user(user)
        payout._put_tax(self.tax if self.random.random() < 0.6 else self.tax[:0], "So.")

    def _do_trust(self, case, user):
        bank = self.bank.with_user(user)
        bank.allow_out_payment = not bank.allow_out_payment

    # ------------------------------------------------------------
    # WHAT NOBODY MAY
    # ------------------------------------------------------------

    def _do_forbidden(self, case, user):
        """Call what no screen offers; it is refused, or changes no money."""
        payout = self._there(case.sudo().payout_ids)[:1].with_user(user)
        bill = payout.sudo().move_id.with_user(user)
        paid = self.env["npo.stage"]._get("compensation", "paid")
        self.random.choice(
            (
                payout.unlink,
                bill.unlink,
                lambda: payout.write({"state": "paid"}),
                lambda: payout.write({"amount": 1}),
                lambda: bill.write({"payment_state": "paid"}),
                lambda: bill.write({"npo_payout_id": False}),
                lambda: bill.write({"partner_id": self.manager.partner_id.id}),
                lambda: bill.invoice_line_ids.write({"price_unit": 1}),
                lambda: bill.invoice_line_ids.write({"quantity": 2}),
                lambda: bill.line_ids.write({"balance": 1}),
                lambda: bill.invoice_line_ids.unlink(),
                lambda: bill.write(
                    {"invoice_line_ids": [Command.create({"price_unit": 0.01})]}
                ),
                bill.copy,
                lambda: bill.copy({"npo_payout_id": payout.id}),
                lambda: case.write({"amount_approved": 1}),
                lambda: case.write({"stage_id": paid.id}),
                lambda: case.head_ids.write({"amount_agreed": 1}),
                lambda: case.head_ids.unlink(),
                case.unlink,
                case._pay_out,
                lambda: (
                    case.sudo().approval_id.with_user(user).write({"state": "approved"})
                ),
            )
        )()
