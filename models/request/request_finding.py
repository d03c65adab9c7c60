from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .request_flow import OFFICERS

FINDERS = (*OFFICERS, "social_researcher", "committee_member")
# What a confirmation changes of a request, kept to be put back when it is lifted.
CHANGED = (
    "decision",
    "decision_reason_id",
    "decision_note",
    "amount_approved",
    "quantity_approved",
    "date_announced",
    "date_decided",
    "outcome",
)


class NpoFalseDeclaration(models.Model):
    """Found, answered, then confirmed or dismissed; lifted by an objection (R120)."""

    _inherit = "npo.false.declaration"

    @api.model
    def _open(self, request, finding, **vals):
        """Record what is not true, and ask the person to answer."""
        request.ensure_one()
        request._require_group(*FINDERS)
        if not request.date_submitted or request.stage_code == "cancelled":
            raise UserError(
                self.env._("Nothing was declared that would still count here.")
            )
        if not (finding or "").strip():
            raise UserError(self.env._("Write what is not true, and how you know."))
        if vals.get("evidence"):
            self.env["npo.document"]._check_content(
                vals["evidence"], vals.get("evidence_name"), request.company_id
            )
        request._lock()
        if request._open_finding():
            raise UserError(
                self.env._("There is an open finding on this request already.")
            )
        self.env["npo.duty"]._claim("find", request)
        company = request.company_id
        today = company._npo_today()
        record = self.sudo().create(
            {
                "request_id": request.id,
                "company_id": company.id,
                "site_id": request.site_id.id,
                "partner_id": request.partner_id.id,
                "policy_version_id": request.sudo().policy_version_id.id,
                "finding": finding,
                "found_by_id": self.env.uid,
                "date_opened": today,
                "date_answer_due": fields.Date.add(today, days=company.npo_answer_days),
                **vals,
            }
        )
        record._notify("finding_opened")
        return record

    # ------------------------------------------------------------
    # ANSWERED
    # ------------------------------------------------------------

    def _answer(self, text, **vals):
        """Keep what the person answers; the caller has checked who says it."""
        self.ensure_one()
        finding = self.sudo()
        finding._require_stage("opened")
        if not (text or "").strip():
            raise UserError(self.env._("Write the answer in a few words."))
        if vals.get("answer_evidence"):
            self.env["npo.document"]._check_content(
                vals["answer_evidence"],
                vals.get("answer_evidence_name"),
                finding.company_id,
            )
        today = finding.company_id._npo_today()
        finding._move("answered", answer=text, date_answered=today, **vals)

    def _record_answer(self, text, **vals):
        """Record at the desk what the person answers."""
        self._require_group(*OFFICERS)
        self._answer(text, **vals)

    def action_answer(self):
        return self._open_step("answer", self.env._("Record the person's answer"))

    def action_confirm(self):
        return self._open_step("confirm", self.env._("Confirm the finding"))

    def action_dismiss(self):
        return self._open_step("dismiss", self.env._("Dismiss the finding"))

    def _open_step(self, step, title):
        self.ensure_one()
        self._require_group(*OFFICERS, "general_manager")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.finding.step",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_finding_id": self.id,
                "default_request_id": self.request_id.id,
                "default_step": step,
            },
        }

    # ------------------------------------------------------------
    # DECIDED
    # ------------------------------------------------------------

    def _confirm(self, note, amount_recovery=0):
        """Confirm the finding: refused request, suspended file, aid to pay back."""
        self._decide_finding("confirm", note)
        request = self.request_id
        delivered, _quantity = request._taken().get(request, (0, 0))
        if amount_recovery > delivered:
            raise UserError(
                self.env._("More than what was delivered is not paid back.")
            )
        before = request._reject_for_false_data(note)
        self._move(
            "confirmed",
            outcome="confirmed",
            outcome_note=note,
            decided_by_id=self.env.uid,
            date_outcome=self.company_id._npo_today(),
            amount_recovery=amount_recovery,
            state_before=before,
        )
        self._recover()
        self._notify("finding_confirmed")

    def _dismiss(self, note):
        """Dismiss the finding: everything goes on as it was."""
        self._decide_finding("confirm", note)
        self._move(
            "dismissed",
            outcome="dismissed",
            outcome_note=note,
            decided_by_id=self.env.uid,
            date_outcome=self.company_id._npo_today(),
        )
        self._notify("finding_dismissed")

    def _decide_finding(self, duty, note):
        """Check who decides, and that the person could answer first."""
        self.ensure_one()
        self._require_group("general_manager")
        self._require_stage("opened", "answered")
        self._check_text_lengths({"outcome_note": note})
        if not (note or "").strip():
            raise UserError(self.env._("Write the reasons: the letter tells them."))
        if not self.date_answered and (
            self.company_id._npo_today() <= self.date_answer_due
        ):
            raise UserError(
                self.env._(
                    "The person may answer until %s. Nothing is decided before the"
                    " answer, or the end of that day.",
                    self._format_date(self.date_answer_due),
                )
            )
        self.env["npo.duty"]._claim(duty, self.request_id)

    def _recover(self):
        """Ask for the aid back: accounting makes the claim of it."""

    def _lift(self):
        """Put back what the confirmation changed: an objection was right."""
        self.ensure_one()
        self._require_stage("confirmed")
        self.request_id._restore_after_finding(self.sudo().state_before)
        self._move("lifted", outcome="lifted", amount_recovery=0)
        self._recover()


class NpoRequest(models.Model):
    """A request under a finding: nothing is announced or delivered meanwhile."""

    _inherit = "npo.request"

    finding_ids = fields.One2many(
        "npo.false.declaration", "request_id", string="Findings", readonly=True
    )
    has_finding = fields.Boolean(
        "Something declared was in doubt",
        compute="_compute_has_finding",
        store=True,
        precompute=True,
        compute_sudo=True,
    )

    @api.depends("finding_ids")
    def _compute_has_finding(self):
        for request in self:
            request.has_finding = bool(request.finding_ids)

    def action_find_false(self):
        """Open the form in which a false declaration is recorded."""
        self.ensure_one()
        self._require_group(*FINDERS)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Something declared is not true"),
            "res_model": "npo.finding.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id, "default_step": "open"},
        }

    def _open_finding(self):
        """Return the finding that waits for its answer or outcome. In sudo."""
        self.ensure_one()
        domain = [("request_id", "=", self.id), ("is_closed", "=", False)]
        return self.env["npo.false.declaration"].sudo().search(domain, limit=1)

    def _standing_finding(self):
        """Return the confirmed finding for which the request is refused. In sudo."""
        self.ensure_one()
        domain = [("request_id", "=", self.id), ("outcome", "=", "confirmed")]
        return self.env["npo.false.declaration"].sudo().search(domain, limit=1)

    def _check_no_finding(self):
        """Refuse to go on while a finding is open."""
        domain = [("request_id", "in", self.ids), ("is_closed", "=", False)]
        finding = self.env["npo.false.declaration"].sudo().search(domain, limit=1)
        if finding:
            raise UserError(
                self.env._(
                    "%(request)s waits for the outcome of %(finding)s: something that"
                    " was declared may not be true.",
                    request=finding.request_id.name,
                    finding=finding.name,
                )
            )

    def _announce(self, decision):
        # EXTENDS npo.request
        self._check_no_finding()
        return super()._announce(decision)

    # ------------------------------------------------------------
    # EFFECTS
    # ------------------------------------------------------------

    def _reject_for_false_data(self, note):
        """Refuse the request for incorrect data and suspend the file.

        :return: what was there before, for `_restore_after_finding`
        """
        self.ensure_one()
        self._lock()
        request = self.sudo()
        file = request.beneficiary_id
        values = {
            name: request._fields[name].convert_to_write(request[name], request)
            for name in CHANGED
        }
        before = {
            "stage": request.stage_code,
            "file": file.state,
            "values": {
                name: fields.Datetime.to_string(value)
                if name == "date_decided"
                else fields.Date.to_string(value)
                if name == "date_announced"
                else value
                for name, value in values.items()
            },
        }
        reason = self.env.ref("npo_relations.reason_rejection_false_data")
        self._move(
            "rejected",
            decision="rejected",
            decision_reason_id=reason.id,
            decision_note=note,
            amount_approved=0,
            quantity_approved=0,
            date_announced=self.company_id._npo_today(),
            date_decided=fields.Datetime.now(),
            outcome="rejected",
        )
        file._suspend_for_false_data(reason.name)
        return before

    def _restore_after_finding(self, before):
        """Put the request and its file back to where they were."""
        self.ensure_one()
        self._require_stage("rejected")
        self._move(before["stage"], **before["values"])
        file = self.sudo().beneficiary_id
        if file.state in ("suspended", "rejected") and file.state != before["file"]:
            state = "applicant" if before["file"] == "prospect" else before["file"]
            note = self.env._("The finding of a false declaration was lifted.")
            file._change_state(state, note)

    # ------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------

    def _portal_answer_finding(self, text, **vals):
        """Answer a finding; a second press finds it answered."""
        if not self._acts_for_applicant():
            raise AccessError(self.env._("This request is not yours."))
        self._lock()
        finding = self._open_finding()
        if finding and finding.stage_code == "opened":
            self._check_text_lengths({"answer": text or ""})
            finding._answer(text, **vals)


class NpoDelivery(models.Model):
    _inherit = "npo.delivery"

    def _hand_over(self, vals):
        # EXTENDS npo.delivery
        self.request_id._check_no_finding()
        return super()._hand_over(vals)


class NpoBeneficiary(models.Model):
    _inherit = "npo.beneficiary"

    def _suspend_for_false_data(self, note):
        """Suspend a beneficiary's file; who only applied is not entitled."""
        reason = self.env.ref("npo_relations.reason_suspension_false_data")
        for file in self.sudo():
            if file.state in ("active", "expired"):
                file._change_state("suspended", note, reason)
            elif file.state in ("prospect", "applicant"):
                file._change_state("rejected", note)
