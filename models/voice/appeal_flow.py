from odoo import api, models
from odoo.exceptions import AccessError, UserError

REVIEWERS = ("committee_member", "general_manager", "centre_manager")
CLERKS = ("relations_officer", "branch_delegate")


class NpoAppeal(models.Model):
    """The steps of an objection: lodged, taken by another person, answered (D12)."""

    _inherit = "npo.appeal"

    _drag_steps = {"review": "action_review"}

    # ------------------------------------------------------------
    # LODGED
    # ------------------------------------------------------------

    @api.model
    def _lodge(self, decision, lodger, **vals):
        """Record an objection of the person, or of who may apply for the person.

        :param decision: record of `npo.appealable.mixin`
        :param lodger: contact who objects
        :return: the objection, as superuser
        """
        decision = decision.sudo()
        self._check_lodger(decision, lodger)
        decision._lock()
        if not decision._may_appeal():
            raise UserError(
                self.env._(
                    "There is no decision to object to: it was not announced, or an"
                    " objection to it was lodged already."
                )
            )
        received = vals.setdefault("date_received", decision.company_id._npo_today())
        last_day = decision._appeal_last_day()
        is_late = received > last_day
        self._check_lodged(decision, vals, is_late)
        appeal = self.sudo().create(
            {
                "res_model": decision._name,
                "res_id": decision.id,
                "subject": decision._appeal_subject,
                "company_id": decision.company_id.id,
                "site_id": decision.site_id.id,
                "partner_id": decision.partner_id.id,
                "lodged_by_id": lodger.id,
                "policy_version_id": decision.policy_version_id.id,
                "date_decision": decision._appeal_announced(),
                "decided_before": decision._appeal_decided(),
                "date_last": last_day,
                **vals,
            }
        )
        if is_late:
            appeal._move("late")
        decision._appeal_lodged(appeal)
        appeal._notify("appeal_received")
        return appeal

    @api.model
    def _check_lodger(self, decision, lodger):
        if lodger != decision.partner_id:
            self.env["npo.representative"]._require_representative(
                decision.partner_id, "apply", lodger, decision.company_id
            )

    @api.model
    def _check_lodged(self, decision, vals, is_late):
        """Refuse one without its words, from the future, or late for nothing."""
        if not (vals.get("statement") or "").strip():
            raise UserError(
                self.env._("Write in a few words what you object to, and why.")
            )
        if vals["date_received"] > decision.company_id._npo_today():
            raise UserError(self.env._("An objection is not received before its day."))
        if vals["date_received"] < decision._appeal_announced():
            raise UserError(
                self.env._("An objection is not received before the decision is told.")
            )
        if is_late and not (vals.get("late_reason") or "").strip():
            raise UserError(
                self.env._(
                    "The period to object ended on %s. Write why the objection comes"
                    " later: the reason is weighed first.",
                    decision._format_date(decision._appeal_last_day()),
                )
            )
        if vals.get("evidence"):
            self.env["npo.document"]._check_content(
                vals["evidence"], vals.get("evidence_name"), decision.company_id
            )

    # ------------------------------------------------------------
    # LATE
    # ------------------------------------------------------------

    def action_accept_late(self):
        """Let an objection in although it comes late: its reason is good."""
        self._weigh_lateness()
        self._move("received", late_by_id=self.env.uid)

    def _refuse_late(self, note):
        """Refuse an objection that comes late without a good reason."""
        self._require_note(note)
        self._weigh_lateness()
        self._drop(
            "refused",
            late_by_id=self.env.uid,
            outcome_note=note,
            date_outcome=self.company_id._npo_today(),
        )
        self._notify("appeal_refused")

    def _weigh_lateness(self):
        """Raise unless the user is the manager, or the chair of the committee."""
        self.ensure_one()
        self._require_group(*REVIEWERS)
        self._require_stage("late")
        chairs = self.request_id.sudo().committee_id._users("chair", "deputy")
        is_manager = self.env.user.has_group("npo_relations.group_npo_general_manager")
        if not is_manager and self.env.user not in chairs:
            raise AccessError(
                self.env._("This is for the chair of the committee or the manager.")
            )
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)

    # ------------------------------------------------------------
    # REVIEWED
    # ------------------------------------------------------------

    def action_review(self):
        """Take the review of objections: for who had no part in the decision."""
        self._require_group(*REVIEWERS)
        self._require_stage("received")
        for appeal in self:
            appeal.env["npo.duty"]._claim("review", appeal._decision()._appeal_file())
            appeal._move("review", reviewer_id=self.env.uid, user_id=self.env.uid)

    def action_answer(self):
        """Open the form of the answer, or of refusing what came late."""
        self.ensure_one()
        self._require_group(*REVIEWERS)
        self._require_stage("late", "review")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the objection"),
            "res_model": "npo.appeal.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_appeal_id": self.id},
        }

    def _answer(self, outcome, note, **new):
        """Answer the objection, carry the outcome out, and tell the person.

        :param note: the reasons, which the letter tells
        :param new: decision, amount_approved and quantity_approved of an amendment
        """
        self.ensure_one()
        self._require_group(*REVIEWERS)
        self._require_stage("review")
        if self.reviewer_id != self.env.user:
            raise AccessError(
                self.env._("The review is with %s.", self.reviewer_id.name)
            )
        self._require_note(note)
        self._check_text_lengths({"outcome_note": note})
        decision = self._decision()
        self.env["npo.duty"]._check("review", decision._appeal_file())
        self._move(
            "decided",
            outcome=outcome,
            outcome_note=note,
            date_outcome=self.company_id._npo_today(),
            new_decision=new.get("decision", False),
            new_amount=new.get("amount_approved", 0),
            new_quantity=new.get("quantity_approved", 0),
        )
        self._notify("appeal_decided")
        decision._appeal_apply(self)

    def _require_note(self, note):
        if not (note or "").strip():
            raise UserError(self.env._("Write the reasons: the letter tells them."))

    # ------------------------------------------------------------
    # WITHDRAWN
    # ------------------------------------------------------------

    def action_withdraw(self):
        """Note at the desk that the person takes the objection back."""
        self._require_group(*CLERKS)
        self._require_stage("received", "late", "review")
        self._drop("withdrawn")

    def _drop(self, code, **vals):
        """End objections without an answer: what was decided goes on as it was."""
        self._move(code, **vals)
        for appeal in self:
            appeal._decision()._appeal_dropped(appeal)
