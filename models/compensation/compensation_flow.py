from odoo import api, fields, models
from odoo.exceptions import UserError

from ..spending.request_spending import GIVING
from .compensation import NpoCompensation as Base

# Until the decision stands, a claim may be taken back, refused or suspended.
UNDECIDED = (
    "received",
    "admissibility",
    "study",
    "negotiation",
    "decision",
    "approval",
    "suspended",
)
SUSPENDABLE = ("admissibility", "study", "negotiation", "decision")
TODO = "mail.mail_activity_data_todo"
BINDING_STATES = ("active", "to_review", "expired", "terminated")


class NpoCompensation(models.Model):
    """The steps of a case until its conditions are studied, and its ends (R132)."""

    _inherit = Base._name
    _flow_fields = {"date_admitted", "stage_before"}

    _drag_steps = {
        "admissibility": "action_examine",
        "negotiation": "action_negotiate",
        "closed": "action_close",
    }

    relation = fields.Selection(
        [
            ("agreement", "Agreement in force on the day of the harm"),
            ("service", "Terms of a service that was granted"),
            ("none", "No contractual relation"),
        ],
        string="Contractual relation",
        compute="_compute_relation",
        compute_sudo=True,
    )
    date_admitted = fields.Date("Admitted on", readonly=True, copy=False)
    stage_before = fields.Char(readonly=True, copy=False)

    # ------------------------------------------------------------
    # HELPERS OF THE STEPS
    # ------------------------------------------------------------

    def _require_text(self, text, sentence):
        """Return the words of a step, or raise the sentence where it lacks them."""
        if not (text or "").strip():
            raise UserError(sentence)
        return text.strip()

    def _not_after_today(self, day):
        """Return the day on which something happened, today where none is told."""
        today = self.company_id._npo_today()
        if day and day > today:
            raise UserError(self.env._("This day is still to come."))
        return day or today

    def _task(self, user, summary, kind=TODO):
        """Give somebody a task on the case, unless they have it already.

        :param kind: XML id of the type of activity
        """
        case = self.sudo()
        user = user or case.company_id._npo_role_holders("compensation_officer")[:1]
        if not user or case.activity_ids.filtered(
            lambda task: task.user_id == user and task.summary == summary
        ):
            return
        case.with_context(mail_activity_quick_update=True).activity_schedule(
            kind,
            date_deadline=case.company_id._npo_today(),
            summary=summary,
            user_id=user.id,
        )

    def _task_done(self):
        """Take away what the flow asked the user to do: by this step it is done."""
        own = self.sudo().activity_ids.filtered(
            lambda task: task.automated and task.user_id == self.env.user
        )
        own.filtered(lambda task: task.activity_type_id == self.env.ref(TODO)).unlink()

    def _take(self, *stages):
        """Begin a step of the officer: at one of the stages, and nobody's own case."""
        self._require_group("compensation_officer")
        self._require_stage(*stages)
        self._task_done()
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)

    # ------------------------------------------------------------
    # ADMISSIBILITY
    # ------------------------------------------------------------

    @api.depends("agreement_id", "request_id", "date_harm", "partner_id")
    def _compute_relation(self):
        for case in self:
            if case._has_agreement():
                case.relation = "agreement"
            else:
                case.relation = "service" if case._has_service() else "none"

    def _has_agreement(self):
        """Tell whether an agreement with the person was in force at the harm (R133)."""
        agreement, day = self.agreement_id, self.date_harm
        return bool(
            agreement
            and day
            and agreement.state in BINDING_STATES
            and agreement.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
            and (not agreement.date_from or agreement.date_from <= day)
            and (not agreement.date_to or agreement.date_to >= day)
        )

    def _has_service(self):
        """Tell whether a service was granted to the person, under its terms (R133)."""
        request = self.request_id
        return bool(
            request
            and request.partner_id == self.partner_id
            and request.decision in GIVING
            and request.date_announced
        )

    def action_examine(self):
        """Look at whether the claim can be taken up; who does so has the case."""
        self._take("received")
        for case in self:
            case._move("admissibility", user_id=case.user_id.id or self.env.uid)

    def action_admit(self):
        """Take the claim up: it arises from a contractual relation (R133)."""
        self._take("admissibility")
        for case in self:
            if not case.sudo().date_harm:
                raise UserError(self.env._("Enter when it happened."))
            if case.sudo().relation == "none":
                raise UserError(
                    self.env._(
                        "%s arises from no agreement that was in force on that day,"
                        " nor from a service that was granted: name one, or answer that"
                        " it is outside the scope.",
                        case.name,
                    )
                )
            case._begin_findings()
            case._move("study", date_admitted=case.company_id._npo_today())
        self._notify("cpn_admitted")

    def _refuse_scope(self, note):
        """Answer that the claim is outside the scope, with the reason (R133)."""
        self.ensure_one()
        self._take("received", "admissibility")
        if self.sudo().relation != "none":
            raise UserError(
                self.env._(
                    "%s arises from a contractual relation, so it is studied.",
                    self.name,
                )
            )
        note = self._require_text(
            note, self.env._("Write the reason: the letter tells it.")
        )
        self._refuse("outside", note)

    # ------------------------------------------------------------
    # REFUSED, TAKEN BACK, CLOSED
    # ------------------------------------------------------------

    def _refuse(self, outcome, note, referred_to=False):
        """End the case without a compensation, and tell why and how to object."""
        self._check_text_lengths({"answer": note})
        self._drop_open()
        self._move(
            "rejected",
            outcome=outcome,
            answer=note,
            referred_to=referred_to or False,
            date_answered=fields.Datetime.now(),
        )
        self._notify("cpn_outside" if outcome == "outside" else "cpn_rejected")

    def _reject(self, note):
        """Refuse a claim that was negotiated or proposed, with the reason."""
        self.ensure_one()
        self._take("study", "negotiation", "decision")
        note = self._require_text(
            note, self.env._("Write the reason: the letter tells it.")
        )
        self._refuse("refused", note)

    def _drop_open(self):
        """Take back what waits: an offer, an approval, tasks."""
        case = self.sudo()
        case._open_round().result = "void"
        case.approval_id._void()
        case.activity_ids.unlink()

    def _withdraw(self, note=""):
        """Close the claim: the person takes it back."""
        self._check_text_lengths({"answer": note or ""})
        self._drop_open()
        self._move("withdrawn", outcome="withdrawn", answer=note or False)
        self._notify("cpn_withdrawn")

    def _withdraw_at_desk(self, note):
        """Note at the desk that the person takes the claim back."""
        self.ensure_one()
        self._take(*UNDECIDED)
        note = self._require_text(note, self.env._("Write what the person said."))
        self._withdraw(note)

    def action_close(self):
        """Close cases that were paid."""
        self._take("paid")
        self.sudo().activity_ids.unlink()
        self._move("closed")

    # ------------------------------------------------------------
    # WAITING FOR A JUDGMENT
    # ------------------------------------------------------------

    def _suspend(self, note):
        """Let the case wait for the judgment in its dispute; the clock stands."""
        self.ensure_one()
        self._take(*SUSPENDABLE)
        if not self.sudo().dispute_id or self._has_final_judgment():
            raise UserError(
                self.env._(
                    "A case waits for the judgment in a dispute that is still open:"
                    " name the dispute first."
                )
            )
        note = self._require_text(note, self.env._("Write why it waits."))
        self.sudo()._open_round().result = "void"
        self._move("suspended", stage_before=self.stage_code)
        self.sudo().message_post(body=note)
        self._notify("cpn_suspended")

    def action_resume(self):
        """Go on with cases that waited for a judgment."""
        self._take("suspended")
        self._resume()

    def _resume(self):
        for case in self:
            case._move(case.sudo().stage_before or "study", stage_before=False)
            case._task(case.user_id, self.env._("Go on: the judgment was given"))
