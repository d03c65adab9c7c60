import base64

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal.common import PortalCommon
from .common import PDF


@tagged("post_install", "-at_install")
class TestConsent(PortalCommon):
    """D18, P011, P015, P021: one purpose, one consent, with words, time and method."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = cls.env["npo.consent"]
        cls.purposes = {
            purpose.code: purpose
            for purpose in cls.env["npo.consent.purpose"]._of(cls.company)
        }
        cls.person = cls._new_beneficiary(1)

    def _give(self, *codes, partner=None, method="phone", **vals):
        purposes = self.env["npo.consent.purpose"].concat(
            *(self.purposes[code] for code in codes)
        )
        return (
            self.consents.with_user(self.officer)
            ._give(
                partner or self.person.partner_id,
                purposes,
                self.company,
                method,
                **vals,
            )
            .sudo()
        )

    def test_purposes(self):
        """P011: the purposes of glossary 13.2, each with a text; essential or free."""
        self.assertEqual(
            {code for code, item in self.purposes.items() if item.is_essential},
            {"file", "verify"},
        )
        self.assertEqual(
            set(self.purposes) - {"file", "verify"},
            {"sensitive", "share", "survey", "media", "awareness"},
        )
        self.assertTrue(self.purposes["sensitive"].is_explicit)  # P012

    def test_give_and_withdraw(self):
        """D18: text version, method, time; the stored column follows the withdrawal."""
        given = self._give("media", method="witness", witness_name="Sara")
        self.assertRecordValues(
            given,
            [
                {
                    "method": "witness",
                    "witness_name": "Sara",
                    "is_current": True,
                    "recorded_by_id": self.officer.id,
                    "company_id": self.company.id,
                    "site_id": self.person.site_id.id,
                }
            ],
        )
        self.assertEqual(given.text_id.version, 1)
        self.assertIn("picture", given.sentence)
        has = self.consents._has_consent
        partner = self.person.partner_id
        self.assertTrue(has(partner, "media", self.company))
        self.assertFalse(has(partner, "survey", self.company))
        given.with_user(self.officer)._withdraw("phone")
        self.assertFalse(given.is_current)
        self.assertEqual(given.withdrawn_by_id, self.officer)
        self.assertFalse(has(partner, "media", self.company))
        self.assertFalse(self.consents.search([("is_current", "=", True)]) & given)
        again = self._give("media")
        self.assertNotEqual(again, given)

    def test_twice(self):
        """Agreeing twice is one consent; the table refuses a second one."""
        first = self._give("survey")
        self.assertEqual(self._give("survey"), first)
        vals = first.copy_data()[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.consents.sudo().create({**vals, "date_given": fields.Datetime.now()})

    def test_new_text(self):
        """A new version asks again: agreeing to it replaces the older consent."""
        old = self._give("survey")
        self.env["npo.consent.text"].create(
            {
                "purpose_id": self.purposes["survey"].id,
                "company_id": self.company.id,
                "date_from": self.company._npo_today(),
                "text": "I agree to be asked by {association}.",
            }
        )
        new = self._give("survey")
        self.assertTrue(old.date_replaced)
        self.assertFalse(old.is_current)
        self.assertEqual(new.text_id.version, 2)
        self.assertEqual(new.sentence, f"I agree to be asked by {self.company.name}.")

    def test_immutable(self):
        """What was agreed to is changed and deleted by nobody, nor is its text."""
        given = self._give("survey")
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        for user in (self.officer, admin):
            own = given.with_user(user)
            for call in (
                lambda own=own: own.write({"method": "paper"}),
                lambda own=own: own.write({"is_current": False}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create(own.copy_data()[0]),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    call()
        for call in (
            lambda: given.write({"sentence": "x"}),
            lambda: given.unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                call()
        given._withdraw("phone")
        with self.assertRaises(AccessError):
            given.write({"date_withdrawn": False})
        for call in (
            lambda: given.text_id.write({"text": "x"}),
            lambda: given.text_id.update_field_translations("text", {"en_US": "x"}),
            lambda: given.text_id.with_user(admin).unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                call()

    def test_desk(self):
        """An officer records paper with its proof; the wrong role and person fail."""
        vals = {
            "partner_id": self.person.partner_id.id,
            "company_id": self.company.id,
            "purpose_ids": self.purposes["media"].ids,
            "method": "paper",
            "proof": base64.b64encode(PDF),
            "proof_name": "consent.pdf",
        }
        forms = self.env["npo.consent.record"]
        forms.with_user(self.officer).create(vals).action_confirm()
        given = self.consents.search([("partner_id", "=", self.person.partner_id.id)])
        self.assertEqual(base64.b64decode(given.proof), PDF)
        form = forms.with_user(self.officer).create({**vals, "step": "withdraw"})
        form.action_confirm()
        self.assertFalse(given.is_current)
        with self.assertRaises(UserError):  # nothing left to withdraw
            form.action_confirm()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            forms.with_user(self.officer).create(
                {**vals, "method": "witness"}
            ).action_confirm()
        delegate = self.users["delegate"]
        with self.assertRaises(AccessError):  # a file of another site
            forms.with_user(delegate).create(vals).action_confirm()
        with self.assertRaises(AccessError):
            forms.with_user(self.users["researcher"]).create(vals)

    def test_readers(self):
        """A delegate reads the consents of the own site, an outsider none."""
        given = self._give("survey")
        delegate = self.users["delegate"]
        self.assertFalse(given.with_user(delegate).has_access("read"))
        self.person.site_id = self.branch
        self.env.flush_all()
        self.assertTrue(given.with_user(delegate).has_access("read"))
        for name in ("governor", "deliverer", "member"):
            self.assertFalse(given.with_user(self.users[name]).has_access("read"))
        self.assertFalse(given.with_user(self.portal_user).has_access("read"))

    def test_messages(self):
        """P021: what is no part of the service goes to who agreed, and stops."""
        template = self.env.ref("npo_relations.mail_template_req_received")
        request = self._new_request(self.person).sudo()
        messages = self.env["npo.message"]
        template.npo_purpose_id = self.purposes["awareness"]
        self.assertFalse(messages._queue(template, request))
        given = self._give("awareness")
        first, second = (
            messages._queue(template, request, event=event) for event in ("", "again")
        )
        self.assertIn("/my/consents", first._mail_body())
        first._deliver()
        self.assertEqual(first.state, "sent")
        given._withdraw("portal")
        self.assertEqual(second.state, "stopped")
        second.state = "outgoing"
        second._deliver()
        self.assertEqual(second.state, "stopped")
        template.npo_purpose_id = False
        self.assertTrue(messages._queue(template, request, event="service"))

    def test_essential_withdrawn(self):
        """Withdrawing what is needed tells who works on the open request."""
        request = self._new_request(self.person).sudo()
        request.user_id = self.officer
        given = self._give("file", "survey")
        given.filtered(lambda item: item.purpose_id.code == "survey")._withdraw("phone")
        self.assertFalse(request.activity_ids)
        given._withdraw("phone")
        self.assertEqual(request.activity_ids.user_id, self.officer)

    def test_batch(self):
        """Asking for many persons is one statement."""
        partners = self.person.partner_id | self.partner
        self._give("survey")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            found = self.consents._consenting(partners, "survey", self.company)
        self.assertEqual(found, self.person.partner_id)

    # ------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------

    def _own(self):
        return self.consents.search(
            [("partner_id", "=", self.partner.id), ("kind", "=", "consent")]
        )

    def test_portal(self):
        """D18: withdrawing in the portal is one press, as giving is."""
        _response, page = self._get("/my/consents")
        cards = page.find_class("o_npo_consent_card")
        self.assertEqual(len(cards), len(self.purposes))
        for card in cards:
            self.assertEqual(len(card.xpath(".//button")), 1)
        url = f"/my/consents/{self.purposes['media'].id}"
        response, page = self._post(url, {"step": "give"})
        self.assertEqual(self._path(response), "/my/consents")
        own = self._own()
        self.assertEqual(own.purpose_id.code, "media")
        self.assertEqual(own.method, "portal")
        self.assertEqual(own.recorded_by_id, self.portal_user)
        _response, page = self._post(url, {"step": "withdraw"})
        self.assertTrue(page.get_element_by_id("npo_saved").text_content())
        self.assertFalse(own.is_current)
        # a purpose that is none, a step that is none: nothing is recorded
        self._post("/my/consents/999999", {"step": "give"})
        self._post(url, {"step": "x"})
        notice = self.consents._notice(self.company).purpose_id
        self._post(f"/my/consents/{notice.id}", {"step": "give"})
        self.assertEqual(self._own(), own)

    def test_portal_of_another(self):
        """Another person's consents are not touched and not shown."""
        other = self._give("media", partner=self.stranger.partner_id)
        url = f"/my/consents/{self.purposes['media'].id}"
        self._post(url, {"step": "withdraw"})
        self.assertTrue(other.is_current)
        self.assertFalse(self._own())

    def test_request_form(self):
        """P011, P015: a tick for each purpose; nothing is sent without the notice."""
        draft = self._filled_draft()
        url = f"/my/requests/{draft.id}/edit/review"
        _response, page = self._get(f"/my/requests/{draft.id}/edit/about")
        self.assertTrue(page.find_class("o_npo_notice"))
        _response, page = self._post(url, self._agree(notice=""))
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self.assertEqual(draft.stage_code, "draft")
        _response, page = self._post(url, self._agree(consent_verify=""))
        self._assert_error(page, "consent_verify")
        self.assertFalse(self._own())
        self._post(url, self._agree(consent_survey="1"))
        self.assertEqual(draft.stage_code, "new")
        self.assertEqual(
            set(self._own().purpose_id.mapped("code")), {"file", "verify", "survey"}
        )
        notice = self.consents.search(
            [("partner_id", "=", self.partner.id), ("kind", "=", "notice")]
        )
        self.assertEqual(notice.text_id, self.consents._notice(self.company))
        # nothing is asked twice
        second = (
            self.env["npo.request"]
            .with_user(self.portal_user)
            ._portal_draft(self._service("repair") or self.service)
        )
        _response, page = self._get(f"/my/requests/{second.id}/edit/review")
        self.assertFalse(page.xpath("//input[@name='consent_file']"))
        self.assertTrue(page.xpath("//input[@name='consent_media']"))

    def test_intake(self):
        """P015: the desk tells a person once how the data is used."""
        vals = {
            "company_id": self.company.id,
            "beneficiary_id": self.person.id,
            "service_id": self.service.id,
            "channel_id": self.channel.id,
            "site_id": self.site.id,
            "description": "Rent",
        }
        intake = self.env["npo.request.intake"].with_user(self.officer)
        form = intake.create(vals)
        with self.assertRaises(UserError):
            form.action_confirm()
        form.is_notice_told = True
        form.action_confirm()
        notice = self.person.npo_consent_ids
        self.assertEqual((notice.kind, notice.method), ("notice", "spoken"))
        self.assertFalse(intake.create(vals).is_notice_needed)
