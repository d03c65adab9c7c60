import re

from lxml import html

from odoo import http
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon
from ..common_browser import WebCommon

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ABOUT = {
    "name": "نورة بنت عبدالله العتيبي",
    "identity_type": "national_id",
    "identity_number": "1000000008",
    "birth_date": "1405/04/22",
    "npo_gender": "female",
    "phone": "0501234567",
}
NEED = {
    "description": "لم يُدفع إيجار البيت منذ أربعة أشهر.",
    "amount_requested": "12000",
    "iban": "SA0380000000608010167519",
}


class PortalCommon(AssociationCommon, WebCommon):
    """An applicant and a stranger in the portal of an association."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._new_portal_user("npo_applicant")
        cls.stranger = cls._new_portal_user("npo_portal_stranger")
        cls.partner = cls.portal_user.partner_id
        cls.env["website"].search([], limit=1).company_id = cls.company

    @classmethod
    def _new_portal_user(cls, login, **vals):
        user = new_test_user(
            cls.env,
            login,
            "base.group_portal",
            password=login,  # as start_tour expects
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **vals,
        )
        user.partner_id.company_id = cls.company
        return user

    def setUp(self):
        super().setUp()
        self._log_in(self.portal_user)

    def _log_in(self, user):
        self.authenticate(user.login, user.login)

    # ------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------

    def _get(self, url):
        response = self.url_open(url)
        response.raise_for_status()
        return response, html.fromstring(response.content)

    def _post(self, url, data=None, files=None, **kwargs):
        data = {"csrf_token": http.Request.csrf_token(self), **(data or {})}
        response = self.url_open(url, data=data, files=files, **kwargs)
        return response, html.fromstring(response.content or b"<html/>")

    def _path(self, response):
        """Return where the answer led, without a language."""
        path = response.url.removeprefix(self.base_url()).partition("?")[0]
        return re.sub(r"^/(ar|en|en_US|ar_001)(?=/)", "", path)

    def _value(self, page, name):
        """Return what a form shows in a field."""
        node = page.get_element_by_id(name)
        return node.get("value") if node.tag == "input" else node.text_content()

    def _assert_error(self, page, name):
        """The error stands at its field, is tied to it, and is summed at the top."""
        message = page.get_element_by_id(f"{name}_error").text_content().strip()
        self.assertTrue(message)
        summary = page.get_element_by_id("npo_errors")
        self.assertIn(message, summary.text_content())
        self.assertTrue(summary.xpath(f".//a[@href='#{name}']"))
        field = page.get_element_by_id(name)
        if field.tag != "fieldset":
            self.assertEqual(field.get("aria-invalid"), "true")
        self.assertIn(f"{name}_error", field.get("aria-describedby"))
        return message

    # ------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------

    def _new_draft(self):
        return (
            self.env["npo.request"]
            .with_user(self.portal_user)
            ._portal_draft(self.service)
            .sudo()
        )

    def _filled_draft(self):
        draft = self._new_draft()
        errors = draft.with_user(self.portal_user)._portal_save({**ABOUT, **NEED})
        self.assertFalse(errors)
        return draft

    def _sent_request(self, stage="new"):
        """Return the applicant's request, sent and taken on to a stage by the staff."""
        request = self._filled_draft()
        request.with_user(self.portal_user)._portal_submit()
        if stage != "new":
            request.with_user(self.officer).action_receive()
            self._advance(request, stage) if stage != "data_entry" else None
        return request

    def _rejected_request(self, is_announced=True):
        """Return a request that the committee refused, announced or not yet."""
        request = self._sent_request("committee")
        chair = self.users["chair"]
        reasons = self.env["npo.reason"].search([("kind", "=", "rejection")])
        request.with_user(chair)._decide(
            "rejected", chair, decision_reason_id=reasons[0].id
        )
        if is_announced:
            early = self.env.ref("npo_relations.reason_early_reply_simple")
            request.with_user(chair)._approve_early_reply(early)
            request.with_user(chair).action_announce()
        return request

    def _returned_request(self):
        request = self._sent_request("data_entry")
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        request.with_user(self.officer)._return(reason, "Bring the new contract.")
        return request

    def _agree(self, **data):
        """Return what the last page posts: the ticks, and the notice that it shows."""
        notice = self.env["npo.consent"]._notice(self.company)
        ticks = {"consent_file": "1", "consent_verify": "1", "notice": str(notice.id)}
        return {**ticks, **data}

    def _document(self, request, is_identity):
        """Return a line of the checklist that takes a file, or a number only."""
        return request._portal_documents().filtered(
            lambda document: (
                document.is_identity == is_identity and document.state == "missing"
            )
        )[:1]
