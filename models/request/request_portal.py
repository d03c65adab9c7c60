from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.arabic import fold, to_latin_digits
from .request import NpoRequest as BaseRequest

# The steps of the form, in their order, with what each asks for.
FORM_STEPS = {
    "about": (
        "name",
        "identity_type",
        "identity_number",
        "birth_date",
        "npo_gender",
        "phone",
        "region_id",
        "city",
    ),
    "need": ("description", "amount_requested", "iban"),
    "documents": (),
    "review": (),
}
CASH_FIELDS = ("amount_requested", "iban")
# Asked, and never waited for.
OPTIONAL_FIELDS = ("region_id", "city")
# Saved together: one without the other is judged by the wrong rule.
SAVED_TOGETHER = ("identity_type", "identity_number")
# Given by ticking in the portal: no file is asked for.
CONSENT_DOCUMENT = "privacy_consent"
# Stages that a request passes only where something asks for it.
OPTIONAL_STAGES = ("clarification", "research")
# What a portal user may read of a request, by whatever way they ask; the rest is the
# association's: who works on it, the study, a decision that is not announced yet.
PORTAL_READABLE = frozenset(
    {
        "id",
        "name",
        "display_name",
        "active",
        "create_date",
        "write_date",
        "company_id",
        "partner_id",
        "beneficiary_id",
        "representative_id",
        "service_id",
        "service_kind",
        "request_type",
        "origin",
        "channel_id",
        "description",
        "currency_id",
        "amount_requested",
        "quantity",
        "priority",
        "stage_id",
        "stage_code",
        "stage_category",
        "is_closed",
        "portal_sentence",
        "date_submitted",
        "date_deadline",
        "earliest_reply_date",
        "reply_deadline",
        "date_announced",
        "date_appeal_end",
        "date_closed",
        "date_return_due",
        "return_note",
        "answer_note",
        "declaration_id",
        "consent_text",
        "completeness",
        "main_output",
        "access_url",
        "access_warning",
    }
)


class NpoRequest(models.Model):
    """What the applicant does in the portal, on their own requests (R062, R090).

    The controllers call these methods as the portal user; each checks that the
    request is the caller's own and that the stage allows it, then writes with sudo
    only what an applicant may say. Portal users have no right to write.
    """

    _inherit = "npo.request"

    _flow_fields = BaseRequest._flow_fields | {"consent_text"}
    _portal_fields = frozenset(
        {"description", "amount_requested", "quantity", "request_type"}
    )
    _portal_file_fields = frozenset(
        {
            "name",
            "identity_type",
            "identity_number",
            "birth_date",
            "npo_gender",
            "phone",
            "email",
            "region_id",
            "city",
            "iban",
        }
    )

    consent_text = fields.Text(
        "Consent given",
        readonly=True,
        copy=False,
        help="The sentences to which the applicant agreed when sending the request.",
    )

    def _compute_access_url(self):
        super()._compute_access_url()
        for request in self:
            request.access_url = f"/my/requests/{request.id}"

    @api.depends("declaration_id")
    def _compute_portal_sentence(self):
        # EXTENDS npo.case.mixin: two stages need more than their one sentence
        super()._compute_portal_sentence()
        for request in self:
            if request.stage_code == "declaration" and request.declaration_id:
                request.portal_sentence = self.env._(
                    "You signed the declaration. We are preparing your request for the"
                    " committee."
                )
            elif (
                request.stage_code in ("committee", "decided")
                and not request.date_deadline
            ):
                request.portal_sentence = self.env._(
                    "Your request is with the research committee."
                )

    def _has_field_access(self, field, operation):
        # EXTENDS base: the portal reads what concerns the applicant, and writes nothing
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user._is_portal():
            return True
        return operation == "read" and field.name in PORTAL_READABLE

    # ------------------------------------------------------------
    # NOT FROM THE PORTAL
    # ------------------------------------------------------------

    def _check_internal(self):
        """Raise for who does not work in the association: theirs are the forms."""
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Only the staff can do this."))

    def action_share(self):
        # EXTENDS portal
        self._check_internal()
        return super().action_share()

    def action_unarchive(self):
        # EXTENDS base: for its applicant, nothing to bring back is refused as well
        self._check_internal()
        return super().action_unarchive()

    # ------------------------------------------------------------
    # WHOSE, AND WHEN
    # ------------------------------------------------------------

    def _is_own(self):
        """Tell whether the request is the user's own."""
        self.ensure_one()
        return self.sudo().partner_id == self.env.user.partner_id

    def _check_own(self):
        """Raise unless the request belongs to the user.

        :return: the request as superuser
        """
        if not self._is_own():
            raise AccessError(self.env._("This request is not yours."))
        return self.sudo()

    def _lock_own(self):
        """Check that the request is the user's own, and wait for who else moves it.

        A second press of the same button waits here for the first; PostgreSQL then
        has it start again, and it finds the work done.
        """
        request_sudo = self._check_own()
        self.env.cr.execute(
            SQL("SELECT 1 FROM npo_request WHERE id = %s FOR NO KEY UPDATE", self.id)
        )
        return request_sudo

    def _portal_may_edit(self):
        """Tell whether the applicant may still change what they said."""
        return self.sudo().stage_code in ("draft", "returned")

    @api.model
    def _portal_todo_domain(self):
        """Return the domain of what waits for the user to do something."""
        return Domain("partner_id", "=", self.env.user.partner_id.id) & (
            Domain("stage_code", "in", ("draft", "returned"))
            | Domain("stage_code", "=", "declaration")
            & Domain("declaration_id", "=", False)
        )

    def _portal_todo(self):
        """Return what the applicant must do now: send, complete, sign, or False."""
        request = self.sudo()
        if request.stage_code == "declaration":
            return False if request.declaration_id else "sign"
        return {"draft": "send", "returned": "complete"}.get(request.stage_code, False)

    # ------------------------------------------------------------
    # DRAFT
    # ------------------------------------------------------------

    def _portal_draft(self, service):
        """Return the user's draft for a service, made when there is none.

        Pressing twice finds the draft of the first time: one draft a person and
        service is a rule of the table.
        """
        service_sudo = service.sudo()
        if not service_sudo.is_published or not service_sudo.active:
            raise ValidationError(
                self.env._("This service is not open in the portal. Please call us.")
            )
        if draft := self._portal_find_draft(service):
            return draft
        try:
            return self._portal_create(service_sudo)
        except UniqueViolation as error:
            # Both presses found nothing. Begun again, this one finds the draft.
            raise ConcurrencyError(str(error)) from error

    def _portal_find_draft(self, service):
        """Return the user's draft for a service, if there is one."""
        return self.search(
            [
                ("partner_id", "=", self.env.user.partner_id.id),
                ("service_id", "=", service.id),
                ("stage_code", "=", "draft"),
            ],
            limit=1,
        )

    def _portal_create(self, service):
        partner = self.env.user.partner_id
        company = service.company_id
        beneficiary = self.env["npo.beneficiary"].sudo()._for_partner(partner, company)
        request = (
            self.sudo()
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "beneficiary_id": beneficiary.id,
                    "service_id": service.id,
                    "stage_id": self.env["npo.stage"]._get("request", "draft").id,
                    "channel_id": self._portal_channel(company).id,
                    "origin": "self",
                }
            )
        )
        return request.with_env(self.env)

    def _portal_channel(self, company):
        """Return the channel of a request made in the portal (R090)."""
        version = company.sudo().npo_policy_version_id
        channels = self.env["npo.channel"].sudo()
        channels = (
            version._allowed_channels()
            if version
            else channels.search_fetch([("code", "!=", False)], ["code"])
        )
        by_code = {channel.code: channel for channel in channels}
        for code in ("assistance_request", "portal", "website"):
            if code in by_code:
                return by_code[code]
        return channels[:1]

    # ------------------------------------------------------------
    # STEPS OF THE FORM
    # ------------------------------------------------------------

    def _portal_step_fields(self, step):
        """Return the fields that a step of the form asks for, for this service."""
        names = FORM_STEPS[step]
        if self.sudo().service_id.kind != "cash":
            names = tuple(name for name in names if name not in CASH_FIELDS)
        return names

    def _portal_save(self, vals):
        """Save one step of the form: what is right is kept, what is wrong is told.

        :param dict vals: of the request and of the person's file, raw from the form
        :return: {field: message} of what could not be saved
        """
        request_sudo = self._check_own()
        if not self._portal_may_edit():
            raise UserError(
                self.env._("The request was sent already and cannot be changed.")
            )
        known = self._portal_fields | self._portal_file_fields
        vals = {name: vals[name] for name in vals if name in known}
        error = request_sudo._portal_try(vals)
        if not error:
            return {}
        if len(vals) == 1:
            return dict.fromkeys(vals, error)
        groups = [{name: vals[name]} for name in vals if name not in SAVED_TOGETHER]
        groups.append({name: vals[name] for name in SAVED_TOGETHER if name in vals})
        errors = ((group, request_sudo._portal_try(group)) for group in groups)
        return {list(group)[-1]: error for group, error in errors if error}

    def _portal_try(self, vals):
        """Write values, or return why they cannot be written. In sudo."""
        if not vals:
            return False
        try:
            with self.env.cr.savepoint():
                self._portal_store(vals)
        except UserError as error:
            return str(error)
        return False

    def _portal_store(self, vals):
        mine = {name: vals[name] for name in vals if name in self._portal_fields}
        person = {name: vals[name] for name in vals if name not in mine}
        if "amount_requested" in mine:
            mine["amount_requested"] = self._parse_amount(mine["amount_requested"])
        changed = {name for name in mine if mine[name] != (self[name] or "")}
        if changed:
            self.write({name: mine[name] for name in changed})
        if person:
            self.beneficiary_id._portal_write(person)

    def _parse_amount(self, text):
        """Read an amount as people type it: Arabic digits, separators."""
        cleaned = to_latin_digits(str(text or "0")).replace("٫", ".")
        cleaned = cleaned.replace("٬", "").replace(",", "").strip()
        try:
            amount = float(cleaned or 0)
        except ValueError:
            amount = -1
        if not 0 <= amount < 10**9:
            raise ValidationError(
                self.env._("Write the amount in digits, for example 1500.")
            )
        return amount

    def _portal_missing(self, step):
        """Return {field: message} of what a step asks for and was not given yet."""
        request = self.sudo()
        person = request.beneficiary_id
        _ = self.env._
        messages = {
            "name": _("Write your full name."),
            "identity_type": _("Choose the kind of your identity document."),
            "identity_number": _("Write your identity number."),
            "birth_date": _("Write your date of birth."),
            "npo_gender": _("Choose male or female."),
            "phone": _("Write your mobile number."),
            "description": _("Tell us what you need, in your own words."),
            "amount_requested": _("Write the amount you ask for."),
            "iban": _("Write the IBAN of your bank account."),
        }
        missing = {}
        for name in self._portal_step_fields(step):
            if name in OPTIONAL_FIELDS:
                continue
            value = (request if name in self._portal_fields else person)[name]
            if not (value.strip() if isinstance(value, str) else value):
                missing[name] = messages[name]
        return missing

    def _portal_gaps(self):
        """Return what is missing in the steps, as (step, field, message)."""
        return [
            (step, name, message)
            for step in FORM_STEPS
            for name, message in self._portal_missing(step).items()
        ]

    def _portal_first_gap(self):
        """Return the first step of the form in which something is missing."""
        return next(
            (step for step in FORM_STEPS if self._portal_missing(step)), "review"
        )

    def _portal_documents(self):
        """Return the lines of the checklist that ask the applicant for a document."""
        return self.sudo().document_ids.filtered(
            lambda document: document.document_type_id.code != CONSENT_DOCUMENT
        )

    def _portal_missing_documents(self):
        """Return the mandatory documents that the applicant has not handed in."""
        return self._portal_documents() & self.sudo()._missing_documents()

    def _portal_record_document(self, code):
        """Note that a document came into being here, for an officer to match."""
        self.document_ids.filtered(
            lambda document: (
                document.document_type_id.code == code and document.state == "missing"
            )
        ).write({"issue_date": self.company_id._npo_today()})

    def _portal_upload(
        self, document_id, file_name, content, number=None, expiry=None, issued=None
    ):
        """Attach a document to one line of the checklist.

        :param int document_id: line of this very request, else refused
        :param bytes content: checked for size and kind by `npo.document`
        """
        request_sudo = self._check_own()
        if request_sudo.stage_code not in ("draft", "new", "data_entry", "returned"):
            raise UserError(
                self.env._("Documents can no longer be added to this request.")
            )
        document = request_sudo.document_ids.filtered(
            lambda document: document.id == document_id
        )
        if not document:
            raise AccessError(self.env._("This document is not asked of you."))
        if document.state in ("matched", "waived"):
            raise UserError(
                self.env._("We have this document already. Nothing more is needed.")
            )
        document._portal_receive(
            file_name, content, number=number, expiry=expiry, issued=issued
        )
        return document

    # ------------------------------------------------------------
    # SEND, ANSWER, SIGN, WITHDRAW
    # ------------------------------------------------------------

    def _portal_submit(self, purposes=None):
        """Send the request in. Pressing twice sends it once.

        :param purposes: to which the applicant agrees, each ticked by itself
        """
        request_sudo = self._lock_own()
        if request_sudo.date_submitted:
            return
        request_sudo._require_stage("draft")
        if missing := [
            label for value, label in request_sudo._required_information() if not value
        ]:
            raise ValidationError(
                self.env._("Please complete: %s.", ", ".join(missing))
            )
        if purposes:
            self._portal_agree(purposes)
        request_sudo._mark_submitted()
        request_sudo._move("new")

    def _portal_agree(self, purposes):
        """Record what the applicant agrees to, and the notice that stood above it."""
        request_sudo = self.sudo()
        company = request_sudo.company_id
        partner = request_sudo.partner_id
        consents = self.env["npo.consent"]
        given = consents._give(partner, purposes, company, "portal")
        consents._record_notice(partner, company, "portal")
        request_sudo.consent_text = "\n".join(given.mapped("sentence"))
        request_sudo._portal_record_document(CONSENT_DOCUMENT)

    def _portal_answer(self, note):
        """Answer a request that was sent back: it goes to the officer again."""
        request_sudo = self._lock_own()
        if request_sudo.stage_code == "data_entry" and request_sudo.answer_note:
            return  # pressed twice
        request_sudo._require_stage("returned")
        note = (note or "").strip()
        if not note:
            raise ValidationError(
                self.env._("Tell us in a few words what you completed.")
            )
        self._check_text_lengths({"answer_note": note})
        request_sudo._move("data_entry", answer_note=note)
        request_sudo._portal_tell_owner(
            self.env._("The applicant completed the request")
        )

    def _portal_tell_owner(self, summary):
        if self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                user_id=self.user_id.id,
            )

    def _portal_sign(self, signature, ip_address, typed_name=None):
        """Sign the declaration, only while it is asked for (R119).

        :param signature: base64 of the drawing, or nothing where the name is typed
        :param typed_name: for who cannot draw: their own name as it is registered
        """
        request_sudo = self._lock_own()
        if request_sudo.declaration_id:
            return  # pressed twice
        request_sudo._require_stage("declaration")
        typed_name = (typed_name or "").strip()
        if not signature and not typed_name:
            raise ValidationError(
                self.env._("Draw your signature, or type your full name.")
            )
        if not signature and fold(typed_name) != fold(request_sudo.partner_id.name):
            raise ValidationError(
                self.env._(
                    "Type your name as it is in the request: %s.",
                    request_sudo.partner_id.name,
                )
            )
        request_sudo._sign(
            "portal",
            signature=signature or False,
            typed_name=False if signature else typed_name,
            ip_address=ip_address,
        )
        request_sudo._portal_tell_owner(self.env._("The declaration is signed"))

    def _portal_may_withdraw(self):
        """Tell whether the applicant may still take the request back."""
        request = self.sudo()
        return not request.is_closed and not request.date_announced

    def _portal_withdraw(self):
        """Take the request back; a draft is deleted, what was sent is closed."""
        request_sudo = self._lock_own()
        if request_sudo.stage_code == "draft":
            request_sudo.unlink()
            return
        if request_sudo.stage_code == "cancelled":
            return  # pressed twice
        if not self._portal_may_withdraw():
            raise UserError(
                self.env._(
                    "The answer to this request was given already, so it can no longer"
                    " be withdrawn. Please call us."
                )
            )
        request_sudo._require_open()
        reason = self.env.ref("npo_relations.reason_cancel_withdrawn").sudo()
        request_sudo._move("cancelled", close_reason_id=reason.id, outcome="withdrawn")

    # ------------------------------------------------------------
    # TRACKING
    # ------------------------------------------------------------

    def _portal_letter(self):
        """Return which letter the applicant may have now: a decision once announced.

        :return: the kind of letter, or False
        """
        self.ensure_one()
        request = self.sudo()
        kind = request._npo_letter_kind()
        if not kind or (request.decision and not request.date_announced):
            return False
        return kind

    def _portal_steps(self):
        """Return the steps of the policy with what is done, for the tracking page.

        Steps after a refusal, and optional ones that were not needed, are left out.

        :return: list of (title, state) with state done, current or todo
        """
        self.ensure_one()
        request = self.sudo()
        version = request._version()
        if not version or request.stage_code == "cancelled":
            return []
        stages = (
            self.env["npo.stage"]
            .sudo()
            .search_fetch(
                [("kind", "=", "request")],
                ["code", "sequence", "name", "portal_sentence"],
            )
        )
        order = {stage.code: stage.sequence for stage in stages}
        steps = request._portal_policy_steps(version, order)
        if request.stage_code == "rejected" or request.outcome == "referred":
            last = order["decided"]
            return [(step.name, "done") for step, at in steps if at <= last]
        here = order[request._portal_here()]
        current = next((step for step, at in steps if at >= here), None)
        if request.is_closed:
            current, here = None, max(order.values())
        return [
            (
                step.name,
                "current" if step == current else "done" if at < here else "todo",
            )
            for step, at in steps
        ]

    def _portal_policy_steps(self, version, order):
        """Return (step, place) of the steps that this request goes through."""
        log = self.env["npo.stage.log"].search_fetch(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], ["stage_id"]
        )
        visited = set(log.stage_id.mapped("code"))
        steps = self.env["npo.policy.step"].search_fetch(
            [("version_id", "=", version.id)], ["name", "stage_code"]
        )
        return [
            (step, order.get(step.stage_code, 0))
            for step in steps
            if step.stage_code not in OPTIONAL_STAGES or step.stage_code in visited
        ]

    def _portal_here(self):
        """Return the stage at which the request stands for its applicant.

        A paused request stands where it goes on; a decision shows once announced.
        """
        code = self.stage_code
        if code == "on_hold":
            return self.resume_stage_code or "data_entry"
        return {"returned": "data_entry", "decided": "committee"}.get(code, code)

    def _portal_last_sent(self, limit=10):
        """Return the messages sent about the request, newest first."""
        self._check_own()
        return (
            self.env["npo.message"]
            .sudo()
            .search_fetch(
                [("res_model", "=", self._name), ("res_id", "=", self.id)],
                ["subject", "body", "create_date"],
                limit=limit,
            )
        )
