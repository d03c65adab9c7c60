from odoo import models

from ..core.setup_check import USERS
from ..core.setup_check import NpoSetupCheck as Base

SET_UP = "npo_relations.npo_paying_setup_action"


class NpoSetupCheck(models.TransientModel):
    """What paying needs before the first compensation or aid in money (P064–P067)."""

    _inherit = Base._name

    def _checks(self, company):
        # EXTENDS npo.setup.check
        return [*super()._checks(company), *self._paying_checks(company)]

    def _paying_checks(self, company):
        _ = self.env._
        make = _("Press “Set up”: it makes what is missing in your chart of accounts.")
        gaps = {kind: company._npo_paying_gap(kind) for kind in ("compensation", "aid")}
        funds = [
            company[f"npo_analytic_{kind}_id"].active
            for kind in ("unrestricted", "restricted", "waqf", "zakat")
        ]
        finance = len(company._npo_role_holders("finance_officer"))
        checks = [
            self._check(
                "money",
                "pay_compensation",
                _("Account and journal of compensations"),
                not gaps["compensation"],
                why=gaps["compensation"],
                hint=make,
                action=SET_UP,
            ),
            self._check(
                "money",
                "pay_aid",
                _("Account and journal of aid in money"),
                not gaps["aid"] or company.npo_cash_by_hand,
                why=gaps["aid"],
                hint=make,
                action=SET_UP,
            ),
            self._check(
                "money",
                "pay_funds",
                _("Analytic accounts of the kinds of funds"),
                all(funds),
                why=_("What a fund pays is not told apart in the books."),
                hint=make,
                action=SET_UP,
            ),
            self._check(
                "money",
                "pay_outstanding",
                _("Outstanding account of the bank’s payments"),
                self._has_outstanding(company),
                why=_("A payment without it books nothing, and pays nothing."),
                hint=make,
                action=SET_UP,
            ),
            self._check(
                "money",
                "pay_two",
                _("Two persons of finance"),
                finance > 1 or not company.npo_post_pay_apart,
                why=_("Who posts a bill does not pay it."),
                hint=_("Give the role to a second person."),
                action=USERS,
            ),
        ]
        states = self._payout_states(company)
        if states:  # nobody is owed anything before
            checks.append(
                self._check(
                    "money",
                    "pay_accounts",
                    _("Bank accounts of who is owed money"),
                    "to_check" not in states,
                    why=_("Somebody is owed money and has no validated account."),
                    hint=_("Finance validates it on the contact, after a call."),
                    action="npo_relations.npo_payout_action_to_do",
                )
            )
        return checks

    def _payout_states(self, company):
        """Return the states that there are payment orders in."""
        payouts = self.env["npo.payout"].sudo()
        own = [("company_id", "=", company.id)]
        return {state for (state,) in payouts._read_group(own, ["state"])}

    def _has_outstanding(self, company):
        banks = [
            ("journal_id.company_id", "=", company.id),
            ("journal_id.type", "=", "bank"),
            ("payment_type", "=", "outbound"),
        ]
        lines = self.env["account.payment.method.line"].sudo().search(banks)
        return bool(lines) and all(line.payment_account_id for line in lines)
