from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.arabic import to_latin_digits


class NpoRequest(models.Model):
    """What the applicant does in the portal, on their own requests (R062, R090).

    The controllers call these methods as the portal user; each checks that the
    request is the caller's own and that the stage allows it, then writes with sudo
    only what an applicant may say. Portal users have no right to write.
    """

    _inherit = "npo.request"

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
            "city",
            "iban",
        }
    )

    def _compute_access_url(self):
        super()._compute_access_url()
        for request in self:
            request.access_url = f"/my/requests/{request.id}"

    def _check_own(self):
        """Raise unless the request belongs to the user."""
        self.ensure_one()
        if self.sudo().partner_id != self.env.user.partner_id:
            raise AccessError(self.env._("This request is not yours."))
        return self.sudo()

    def _portal_draft(self, service):
        """Return the user's draft for a service, made when there is none.

        Pressing twice finds the draft of the first time: one draft a person and
        service is a rule of the table.
        """
        partner = self.env.user.partner_id
        service_sudo = service.sudo()
        if not service_sudo.is_published or not service_sudo.active:
            raise ValidationError(
                self.env._("This service is not open in the portal. Please call us.")
            )
        draft = self.search(
            [
                ("partner_id", "=", partner.id),
                ("service_id", "=", service.id),
                ("stage_code", "=", "draft"),
            ],
            limit=1,
        )
        if draft:
            return draft
        company = service_sudo.company_id
        beneficiary = self.env["npo.beneficiary"].sudo()._for_partner(partner, company)
        stage = self.env["npo.stage"]._get("request", "draft")
        request = (
            self.sudo()
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "beneficiary_id": beneficiary.id,
                    "service_id": service.id,
                    "stage_id": stage.id,
                    "channel_id": self._portal_channel(company).id,
                    "origin": "self",
                }
            )
        )
        return request.with_env(self.env)

    def _portal_channel(self, company):
        """Return the channel of a request made in the portal (R090)."""
        version = company.sudo().npo_policy_version_id
        channels = self.env["npo.channel"].sudo().search([("code", "!=", False)])
        if version:
            channels &= version._allowed_channels()
        by_code = {channel.code: channel for channel in channels}
        for code in ("assistance_request", "portal", "website"):
            if code in by_code:
                return by_code[code]
        return channels[:1]

    def _portal_save(self, vals):
        """Save one step of the form: what was typed is kept, complete or not.

        :param dict vals: of the request and of the person's file, raw from the form
        :raise ValidationError: for a value that is wrong; the others are kept out
            too, and the page shows them again
        """
        request_sudo = self._check_own()
        if request_sudo.stage_code not in ("draft", "returned"):
            raise UserError(
                self.env._("The request was sent already and cannot be changed.")
            )
        mine = {key: vals[key] for key in vals if key in self._portal_fields}
        person = {key: vals[key] for key in vals if key in self._portal_file_fields}
        if "amount_requested" in mine:
            mine["amount_requested"] = self._parse_amount(mine["amount_requested"])
        if mine:
            request_sudo.write(mine)
        if person:
            request_sudo.beneficiary_id._portal_write(person)

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

    def _portal_submit(self):
        """Send the request in. Pressing twice sends it once."""
        request_sudo = self._check_own()
        if request_sudo.date_submitted:
            return
        request_sudo._require_stage("draft")
        if missing := [
            label for value, label in request_sudo._required_information() if not value
        ]:
            raise ValidationError(
                self.env._("Please complete: %s.", ", ".join(missing))
            )
        request_sudo._mark_submitted()
        self._move("new")

    def _portal_answer(self, note):
        """Answer a request that was sent back: it goes to the officer again."""
        request_sudo = self._check_own()
        request_sudo._require_stage("returned")
        self._check_text_lengths({"answer_note": note})
        request_sudo._resume_clock()
        self._move("data_entry", answer_note=note)
        owner = request_sudo.user_id
        if owner:
            request_sudo.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The applicant completed the request"),
                user_id=owner.id,
            )

    def _portal_sign(self, signature, ip_address):
        """Sign the declaration by drawing; only while it is asked for (R119)."""
        request_sudo = self._check_own()
        request_sudo._require_stage("declaration")
        if request_sudo.declaration_id:
            return
        if not signature:
            raise ValidationError(self.env._("Draw your signature first."))
        request_sudo._sign("portal", signature=signature, ip_address=ip_address)
        owner = request_sudo.user_id
        if owner:
            request_sudo.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The declaration is signed"),
                user_id=owner.id,
            )

    def _portal_withdraw(self):
        """Take the request back; a draft is deleted, what was sent is closed."""
        request_sudo = self._check_own()
        if request_sudo.stage_code == "draft":
            request_sudo.unlink()
            return
        request_sudo._require_open()
        reason = self.env.ref("npo_relations.reason_cancel_withdrawn").sudo()
        self._move("cancelled", close_reason_id=reason.id, outcome="withdrawn")

    def _portal_upload(self, document_id, file_name, content, number=None, expiry=None):
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
        document._portal_receive(file_name, content, number=number, expiry=expiry)
        return document

    def _portal_steps(self):
        """Return the steps of the policy with what is done, for the tracking page.

        :return: list of (title, state) with state done, current or todo
        """
        self.ensure_one()
        version = self._version()
        stages = self.env["npo.stage"].sudo().search([("kind", "=", "request")])
        order = {stage.code: stage.sequence for stage in stages}
        here = order.get(self.stage_code, 0)
        return [
            (step.name, self._step_state(order.get(step.stage_code, 0), here))
            for step in version.sudo().step_ids
        ]

    def _step_state(self, step, here):
        if self.is_closed and self.outcome in ("served", "served_partially"):
            return "done"
        if step < here:
            return "done"
        return "current" if step == here else "todo"

    def _portal_last_sent(self):
        """Return the messages sent about the request, newest first."""
        self._check_own()
        return self.sudo().message_log_ids
