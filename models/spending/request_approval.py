from odoo import models
from odoo.exceptions import UserError

from ..core.locks import hold
from ..request.request import NpoRequest as Base
from .request_spending import GIVING


class NpoRequest(models.Model):
    """A decision above a ceiling, or of a large amount, waits for who may (D19)."""

    _name = Base._name
    _inherit = [Base._name, "npo.approval.mixin"]

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def _decide(self, decision, members, **vals):
        # EXTENDS npo.request: which money, and whether there is enough of it
        gives = decision in GIVING
        fund = self._paying_fund(vals.get("fund_id")) if gives else None
        if gives:
            self._hold_money(fund)
        vals["fund_id"] = fund.id if fund else False
        result = super()._decide(decision, members, **vals)
        if gives:
            self._ask_higher_approval()
        return result

    def _paying_fund(self, fund_id):
        """Return the fund that pays: the one that is named, else the proposed one."""
        funds = self.env["npo.fund"]
        if not fund_id:
            return funds._proposed_for(self)[self]
        fund = funds.browse(fund_id)
        fund._check_may_pay(self)
        return fund

    def _hold_money(self, fund):
        """Let one decision at a time count on the same fund, family and ceiling."""
        hold(fund)
        ceilings = (
            self.env["npo.ceiling"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)])
        )
        hold(ceilings.filtered(lambda ceiling: ceiling.scope == "service"))
        scopes = set(ceilings.mapped("scope"))
        if "beneficiary" in scopes:
            hold(self.sudo().beneficiary_id)
        if "household" in scopes:
            members = self.env["npo.household.member"]
            hold(members._current_of(self.partner_id).household_id)

    def _ask_higher_approval(self):
        """Ask for the approval of a decision that goes beyond, or is large."""
        request = self.sudo()
        beyond = [
            self._ceiling_sentence(line)
            for line in self._ceilings_left()
            if request.currency_id.compare_amounts(line["need"], line["left"]) > 0
        ]
        self._ask_approval(
            "over_ceiling" if beyond else "aid",
            request.amount_granted,
            "\n".join(beyond),
            subject=request.service_id.name,
        )

    def _undecided(self):
        # EXTENDS npo.request
        return {**super()._undecided(), "approval_id": False, "fund_id": False}

    def _return(self, reason, note):
        # EXTENDS npo.request: with the decision goes what was asked for it
        approvals = self.sudo().approval_id
        result = super()._return(reason, note)
        approvals._void()
        return result

    # ------------------------------------------------------------
    # ANNOUNCE
    # ------------------------------------------------------------

    def _announce(self, decision):
        # EXTENDS npo.request: by whatever way it is announced
        for request in self:
            request._check_approval()
        return super()._announce(decision)

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    def _approval_chairs(self):
        # OVERRIDE npo.approval.mixin
        return self.committee_id._users("chair", "deputy")

    def _check_approval_person(self):
        # OVERRIDE npo.approval.mixin
        if self.create_uid.partner_id == self.env.user.partner_id:
            raise UserError(
                self.env._(
                    "You entered %s yourself. Ask a colleague to approve it.", self.name
                )
            )

    def _approval_refused(self, approval):
        # OVERRIDE npo.approval.mixin: the committee decides anew, within its limits
        self._require_stage("decided")
        self._move("committee", **self._undecided())
