from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..request.request_print import OBJECTIONABLE
from .appeal_flow import CLERKS

GRANTING = ("accepted", "partial")


class NpoRequest(models.Model):
    """The committee's decision as the person objects to it, and what comes of it."""

    _name = "npo.request"
    _inherit = ["npo.request", "npo.appealable.mixin"]

    _appeal_subject = "committee_decision"

    appeal_ids = fields.One2many(
        "npo.appeal", "request_id", string="Objections", readonly=True
    )

    appeal_state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        string="Objection",
        compute="_compute_appeal_state",
        store=True,
        precompute=True,
        compute_sudo=True,
    )

    @api.depends("appeal_ids.is_closed")
    def _compute_appeal_state(self):
        for request in self:
            appeals = request.appeal_ids
            is_open = any(not appeal.is_closed for appeal in appeals)
            request.appeal_state = bool(appeals) and ("open" if is_open else "closed")

    def _appeal_announced(self):
        # OVERRIDE npo.appealable.mixin: what was granted in full hurts nobody
        hurts = self.decision in OBJECTIONABLE or (
            self.decision == "accepted" and self.conditions
        )
        return hurts and self.date_announced

    def _appeal_decided(self):
        """Return the decision as it stood when the person objected, for the record."""
        decisions = dict(self._fields["decision"]._description_selection(self.env))
        reason = self.decision_reason_id.name
        return " · ".join(filter(None, (decisions.get(self.decision), reason)))

    def _require_appeal_clerk(self):
        # OVERRIDE npo.appealable.mixin
        self._require_group(*CLERKS)

    # ------------------------------------------------------------
    # OUTCOME
    # ------------------------------------------------------------

    def _appeal_apply(self, appeal):
        # OVERRIDE npo.appealable.mixin
        if appeal.outcome == "confirmed":
            return
        if finding := self._standing_finding():
            self._appeal_apply_finding(appeal, finding)
            return
        self._require_stage("registration", "delivery", "done", "rejected")
        if appeal.outcome == "new_study":
            self._check_undelivered()
            self._reopen_decision()
            self._notify("req_to_committee")
            return
        if appeal.outcome == "reversed":  # as it was asked for
            new = {
                "amount_approved": self.amount_requested,
                "quantity_approved": self.quantity,
            }
            self._decide_on_appeal("accepted", appeal, **new)
            return
        self._decide_on_appeal(
            appeal.new_decision,
            appeal,
            amount_approved=appeal.new_amount,
            quantity_approved=appeal.new_quantity,
        )

    def _appeal_apply_finding(self, appeal, finding):
        """Lift a finding that was wrong: all is put back as it was (R120)."""
        if appeal.outcome != "reversed":
            raise UserError(
                self.env._("A finding of a false declaration is confirmed or annulled.")
            )
        finding.with_user(self.env.user)._lift()

    def _check_undelivered(self):
        if any(self._taken().get(self, ())):
            raise UserError(
                self.env._(
                    "Something was delivered on this request already: amend the"
                    " decision instead of having it studied anew."
                )
            )

    def _reopen_decision(self, **vals):
        """Put the request before its committee again; a new answer is owed.

        The clock starts anew under the parameters that the request has. What was
        answered first stays on the objection.
        """
        self.ensure_one()
        planned = self.sudo().delivery_ids.filtered(lambda d: d.state == "planned")
        if planned:
            planned._end("cancelled", self.env._("The decision was changed."))
        self.sudo().beneficiary_id._mark_applicant()
        self._move(
            "committee",
            **{
                **self._undecided(),
                "outcome": False,
                "date_announced": False,
                "date_clock_start": self.company_id._npo_today(),
                "date_paused": False,
                "paused_days": 0,
                "paused_working_days": 0,
                **vals,
            },
        )

    def _decide_on_appeal(self, decision, appeal, **vals):
        """Replace the decision by that of who reviewed the objection, and announce it.

        The review was its study: no shortest study time applies. Where something else
        still holds the announcement up, the chair announces it later.
        """
        vals = {**vals, **self._given(decision, vals)}
        if decision not in GRANTING:
            raise UserError(self.env._("Amending means to accept, in full or in part."))
        self._check_decision(decision, vals)
        self._check_registrar(self.env.user)
        amount, quantity = self._taken().get(self, (0, 0))
        if vals["amount_approved"] < amount or vals["quantity_approved"] < quantity:
            raise UserError(self.env._("More than that was delivered already."))
        self._reopen_decision(study_min_value=0)
        fund = self._paying_fund(False)
        self._hold_money(fund)
        self._move(
            "decided",
            decision=decision,
            fund_id=fund.id,
            decision_note=appeal.outcome_note,
            date_decided=fields.Datetime.now(),
            decided_by_ids=[Command.set(self.env.user.ids)],
            **vals,
        )
        self._ask_higher_approval()
        if not self._next_step_note():
            self._announce(decision)
