import logging
import os
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from .walk import Walker

_logger = logging.getLogger(__name__)

# One row for each case and each of its orders that is not void, as the database has it.
STAND = """
    SELECT kase.id, kase.name, stage.code, kase.amount_approved::text,
           kase.currency_id, payout.currency_id, move.currency_id,
           payout.state, payout.amount::text, payout.amount_paid::text,
           move.state, move.payment_state, move.amount_total::text,
           move.amount_residual::text,
           (SELECT sum(part.credit_amount_currency)::text
              FROM account_partial_reconcile part
              JOIN account_move_line own ON own.id = part.credit_move_id
              JOIN account_move_line other ON other.id = part.debit_move_id
             WHERE own.move_id = move.id AND other.parent_state != 'posted'),
           (SELECT count(*) FROM account_move other
             WHERE other.npo_payout_id = payout.id)
      FROM npo_compensation kase
      JOIN npo_stage stage ON stage.id = kase.stage_id
 LEFT JOIN npo_payout payout ON payout.res_model = 'npo.compensation'
       AND payout.res_id = kase.id AND payout.state != 'void'
 LEFT JOIN account_move move ON move.id = payout.move_id
     WHERE kase.company_id = %s
"""
# What the books say of compensations, and what orders that are not void say.
BOOKS = """
    SELECT (SELECT sum(line.balance)::text
              FROM account_move_line line
             WHERE line.account_id = %(account)s AND line.parent_state = 'posted'),
           (SELECT sum(line.balance)::text
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN npo_payout payout ON payout.id = move.npo_payout_id
             WHERE line.account_id = %(account)s AND move.state = 'posted'
               AND payout.state != 'void'),
           (SELECT count(*)
              FROM npo_payout payout
              JOIN account_move move ON move.id = payout.move_id
             WHERE payout.company_id = %(company)s AND payout.state = 'void'
               AND move.state != 'cancel'
               AND (move.state != 'posted' OR move.amount_residual != 0
                    OR move.payment_state != 'reversed'))
"""
GRANTED = ("payment", "paid", "closed")


class WalkCases(Walker):
    """Whatever is done in whatever order, the money is right after each step."""

    def _walk(self, seed, steps):
        _logger.info("Random walk on %s: seed %s, %s steps.", self.chart, seed, steps)
        self._begin(seed)
        states, done = Counter(), 0
        for number in range(steps):
            if not number % 100:
                self._plan_by_size()
            done += self._step()
            try:
                states.update(self._assert_right())
            except AssertionError as error:
                raise AssertionError(
                    f"{error}\nSeed {seed}, step {number}, after:\n{self._told()}"
                ) from error
        self._assert_duties()
        _logger.info(
            "Random walk on %s: %s steps, %s done, %s refused; %s; %s.",
            self.chart,
            steps,
            done,
            steps - done,
            dict(states),
            {action: tuple(tally) for action, tally in sorted(self.tally.items())},
        )
        return states

    def _told(self):
        """Return the last steps, for who looks for the fault."""
        return "\n".join(map(str, self.history[-20:]))

    def _assert_right(self):
        """Compare cases, orders, bills and books to the halala.

        :return: the states of the orders that are not void
        """
        self.env.cr.execute(STAND, [self.company.id])
        rows = self.env.cr.fetchall()
        ids = [row[0] for row in rows]
        self.assertEqual(len(ids), len(set(ids)), "one order for a case at most")
        for row in rows:
            self._assert_case(*row[1:])
        account = self.company.npo_compensation_account_id.id
        self.env.cr.execute(BOOKS, {"account": account, "company": self.company.id})
        booked, ordered, wrongly_void = self.env.cr.fetchone()
        booked, ordered = Decimal(booked or 0), Decimal(ordered or 0)
        self.assertEqual(booked, ordered, "the books hold what was ordered, no more")
        self.assertFalse(wrongly_void, "a void order has a cancelled or reversed bill")
        return [row[7] for row in rows if row[7]]

    def _assert_case(
        self, name, stage, approved, money, ordered_money, billed_money, state,
        amount, paid, bill, payment_state, total, residual, drafts, bills,
    ):  # fmt: skip
        """Assert that a case, its order and its bill tell the same."""
        approved, amount, paid, total, left, drafts = (
            Decimal(number or 0)
            for number in (approved, amount, paid, total, residual, drafts)
        )
        left += drafts  # Odoo keeps a payment matched that is a draft again
        if stage not in GRANTED:
            self.assertFalse(approved or state, (name, stage, approved, state))
            return
        self.assertTrue(approved and state and bill, (name, stage, state, bill))
        self.assertEqual((approved, approved), (amount, total), name)
        self.assertEqual((money, money), (ordered_money, billed_money), name)
        self.assertEqual(bills, 1, name)
        self.assertIn(bill, ("draft", "posted"), name)
        is_settled = bill == "posted" and payment_state == "paid" and not left
        self.assertEqual(stage in ("paid", "closed"), is_settled, (name, stage))
        self.assertEqual(state == "paid", is_settled, (name, state))
        self.assertEqual(state in ("to_check", "to_post"), bill == "draft", name)
        if payment_state != "blocked":
            self.assertEqual(paid, amount - left if bill == "posted" else 0, name)

    def _assert_duties(self):
        """Nobody did two duties on a case that exclude one another (R158)."""
        pairs = self.env["npo.duty"]._incompatible
        for case_id, duties in self.ledger.items():
            for one, other in pairs:
                both = duties[one] & duties[other]
                self.assertFalse(both, (one, other, both, self.deeds[case_id]))
        self.assertFalse(
            self.env["npo.duty"].search(
                [
                    ("res_model", "=", "npo.compensation"),
                    ("company_id", "=", self.company.id),
                    ("has_conflict", "=", True),
                ]
            )
        )


# What the suite walks; further, or elsewhere, by the environment.
SEED = int(os.environ.get("NPO_WALK_SEED", 1))
STEPS = int(os.environ.get("NPO_WALK_STEPS", 3750))


@tagged("post_install", "-at_install")
class TestPayingWalkGeneric(WalkCases):
    chart = "generic_coa"

    def test_walk(self):
        """D01, R158: in two currencies, by all persons, through all states."""
        states = self._walk(SEED, STEPS)
        for state in ("to_check", "to_post", "to_pay", "partial", "paid", "returned"):
            self.assertTrue(states[state], f"the walk came by {state}")


@tagged("post_install", "-at_install")
class TestPayingWalkSaudi(WalkCases):
    chart = "sa"

    def test_walk(self):
        """D01, R158: the same on the Saudi chart, shorter."""
        self._walk(SEED + 1000, STEPS // 3)
