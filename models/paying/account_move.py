from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# Where a transaction keeps which payment orders it touches.
KEPT = "npo_payouts_kept"
PAYABLE = ("asset_receivable", "liability_payable")


class AccountMove(models.Model):
    """The bill of a payment order stays what was approved (D01, P060, P066, P067).

    Whoever changes it, by whatever way: when the outermost change is done, the bill is
    compared with its order, and all of it is refused where they differ.
    """

    _inherit = "account.move"

    npo_payout_id = fields.Many2one(
        "npo.payout",
        string="Payment order",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _npo_payout_uniq = models.UniqueIndex(
        "(npo_payout_id) WHERE npo_payout_id IS NOT NULL",
        "A payment order has one bill.",
    )

    # ------------------------------------------------------------
    # KEPT AS APPROVED
    # ------------------------------------------------------------

    @contextmanager
    def _npo_kept(self):
        """Compare bills with their orders once the outermost change is done.

        Odoo changes a bill in many inner steps; between them it may differ.

        :return: a function to be told of moves that were touched
        """
        kept = self.env.cr.cache.setdefault(KEPT, {"depth": 0, "ids": set()})

        def touch(moves):
            kept["ids"].update(moves.sudo().npo_payout_id.ids)

        touch(self)
        kept["depth"] += 1
        try:
            yield touch
            if kept["depth"] == 1 and kept["ids"]:
                payouts = self.env["npo.payout"].sudo().browse(kept["ids"])
                payouts._check_bills()
        finally:
            kept["depth"] -= 1
            if not kept["depth"]:
                kept["ids"].clear()

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_npo_payout_id")
        claimed = {vals.get("npo_payout_id", default) for vals in vals_list} - {None}
        if self.env["npo.payout"].sudo().browse(filter(None, claimed)).move_id:
            raise UserError(self.env._("A payment order has one bill."))
        with self._npo_kept() as touch:
            moves = super().create(vals_list)
            touch(moves)
        return moves

    def write(self, vals):
        if not {"state", "payment_state", "npo_payout_id", "matched_payment_ids"} & set(
            vals
        ):
            with self._npo_kept() as touch:
                result = super().write(vals)
                touch(self)
            return result
        bills = self.filtered(lambda move: move.sudo().npo_payout_id)
        bills._npo_check_step(vals)
        if vals.get("state") in ("draft", "cancel"):
            (self - bills)._npo_check_reversal_stays()
        if vals.get("state") == "posted":
            self._npo_check_posting()
        with self._npo_kept() as touch:
            result = super().write(vals)
            touch(self)
        (bills | self._npo_settled_bills())._npo_follow()
        return result

    def unlink(self):
        if self.sudo().npo_payout_id:
            raise UserError(
                self.env._(
                    "The bill of a payment order is not deleted: cancel it, with a"
                    " reason."
                )
            )
        with self._npo_kept():
            return super().unlink()

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _post(self, soft=True):
        # EXTENDS account: who answers for a bill posts it, not a clock
        bills = self.filtered(lambda move: move.sudo().npo_payout_id)
        if not bills or not soft:
            return super()._post(soft)
        others = self - bills
        posted = super(AccountMove, bills)._post(False)
        return posted | (super(AccountMove, others)._post(soft) if others else others)

    def _npo_check_step(self, vals):
        """Refuse steps of bills that their orders do not allow."""
        _ = self.env._
        state = vals.get("state")
        for bill in self:
            payout = bill.sudo().npo_payout_id
            if payout.state == "void" and state in ("draft", "posted"):
                raise UserError(
                    _(
                        "%s is void: nothing is owed by it any more. What is granted"
                        " again gets a new payment order.",
                        payout.name,
                    )
                )
            if state in ("draft", "cancel") and bill._npo_partials():
                raise UserError(
                    _(
                        "Money was paid on %s: undo the payment first.",
                        payout.name,
                    )
                )
        if vals.get("payment_state", "blocked") not in ("blocked", "not_paid"):
            raise AccessError(
                _("Whether a bill is paid follows from its payments alone.")
            )
        if vals.get("matched_payment_ids"):
            self._npo_claim("pay")

    def _npo_check_posting(self):
        """Check who posts bills of orders, what else is posted against them (P066)."""
        bills = self.filtered(lambda move: move.sudo().npo_payout_id)
        for bill in bills:
            payout = bill.sudo().npo_payout_id
            if not payout._has_own_account():
                raise UserError(
                    self.env._(
                        "%s is paid to a bank account of the payee’s own, validated"
                        " by finance: choose or validate it first.",
                        payout.name,
                    )
                )
        bills._npo_claim("post")
        notes = self.filtered(lambda move: move.reversed_entry_id.sudo().npo_payout_id)
        notes._npo_check_reversal()
        (self - bills)._npo_settled_bills()._npo_claim("pay")

    def _npo_check_reversal(self):
        """A bill is reversed as a whole, and not while money of it is out."""
        for note in self:
            bill = note.reversed_entry_id
            payout = bill.sudo().npo_payout_id
            if bill._npo_partials():
                raise UserError(
                    self.env._(
                        "Money was paid on %s: undo the payment first.", payout.name
                    )
                )
            if payout.state == "void" or bill.state != "posted":
                raise UserError(
                    self.env._(
                        "The bill of %s is not posted, or void already: there is"
                        " nothing to reverse.",
                        payout.name,
                    )
                )
            if (
                note.currency_id != payout.currency_id
                or payout.currency_id.compare_amounts(note.amount_total, payout.amount)
                or note.partner_id != bill.partner_id
            ):
                raise UserError(
                    self.env._(
                        "A payment order is reversed as a whole: the credit note is"
                        " of the same payee and amount as %s.",
                        payout.name,
                    )
                )

    def _npo_check_reversal_stays(self):
        """What a void order was reversed by stays posted, else the bill is back."""
        reversed_bills = self.filtered(lambda move: move.state == "posted").sudo()
        if any(
            payout.state == "void"
            for payout in reversed_bills.reversed_entry_id.npo_payout_id
        ):
            raise UserError(
                self.env._("This bill is void: its reversal is not undone.")
            )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # EXTENDS account: undoing a payment is a step of its own
        for bill in self.filtered(lambda move: move.sudo().npo_payout_id):
            if bill._npo_partials():
                raise UserError(
                    self.env._(
                        "Money was paid on %s: undo the payment first.",
                        bill.sudo().npo_payout_id.name,
                    )
                )
        return super()._reverse_moves(default_values_list, cancel)

    def _npo_claim(self, duty):
        """Record that the user posts or pays; nobody does what excludes it (P066)."""
        payouts = self.sudo().npo_payout_id
        if not payouts:
            return
        if self.env.uid == SUPERUSER_ID:
            raise AccessError(
                self.env._("A payment order is posted and paid by a person.")
            )
        if not self.env.user.has_group("npo_relations.group_npo_finance_officer"):
            raise AccessError(self.env._("A payment order is for finance."))
        for model, orders in payouts.grouped("res_model").items():
            files = self.env[model].browse(orders.mapped("res_id"))
            files._claim_payout_duty(duty)

    # ------------------------------------------------------------
    # WHAT A BILL TELLS
    # ------------------------------------------------------------

    def _npo_payable_lines(self):
        return self.line_ids.filtered(lambda line: line.account_type in PAYABLE)

    def _npo_partials(self):
        """Return what was reconciled with the bills, without rates that moved."""
        lines = self.sudo()._npo_payable_lines()
        return lines.matched_debit_ids | lines.matched_credit_ids

    def _npo_counterparts(self):
        """Return the entries that a bill was reconciled with."""
        partials = self._npo_partials()
        return (partials.debit_move_id | partials.credit_move_id).move_id - self

    def _npo_left_to_pay(self):
        """Return what is outstanding, in the currency of the bill.

        Odoo keeps a payment matched while it is a draft again; we do not count it.
        """
        lines = self.sudo()._npo_payable_lines()
        debits = lines.matched_debit_ids.filtered(
            lambda part: part.debit_move_id.parent_state != "posted"
        )
        credits = lines.matched_credit_ids.filtered(
            lambda part: part.credit_move_id.parent_state != "posted"
        )
        drafts = sum(debits.mapped("credit_amount_currency")) + sum(
            credits.mapped("debit_amount_currency")
        )
        return abs(sum(lines.mapped("amount_residual_currency"))) + drafts

    def _npo_is_settled(self):
        """Tell whether what was reconciled counts: posted, and paid as Odoo says."""
        if "posted" not in self._npo_counterparts().mapped("state"):
            return False
        paid = ("paid", "partial", "blocked")
        return self.move_type == "entry" or self.payment_state in paid

    def _npo_is_reversed(self):
        """Tell whether a reversal took all of the bill back."""
        if self.state != "posted" or self._npo_left_to_pay():
            return False
        notes = self._npo_counterparts().filtered(
            lambda move: move.reversed_entry_id == self
        )
        return bool(notes)

    def _npo_settled_bills(self):
        """Return the bills of orders that these entries are reconciled with."""
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT bill.id
                     FROM account_move_line own
                     JOIN account_partial_reconcile part
                       ON own.id IN (part.debit_move_id, part.credit_move_id)
                     JOIN account_move_line line
                       ON line.id IN (part.debit_move_id, part.credit_move_id)
                     JOIN account_move bill ON bill.id = line.move_id
                    WHERE own.move_id = ANY(%s) AND bill.npo_payout_id IS NOT NULL
                      AND bill.id != own.move_id""",
                self.ids,
            )
        )
        return self.browse(bill_id for (bill_id,) in rows)

    def _npo_follow(self):
        self.sudo().npo_payout_id._follow()
