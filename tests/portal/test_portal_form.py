from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ABOUT, NEED, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalForm(PortalCommon):
    """Asking for a service in steps that save (R060, R062, R090, R107)."""

    def _edit(self, draft, step):
        return f"/my/requests/{draft.id}/edit/{step}"

    def test_whole_form(self):
        """From the choice of a service to the number: the office sees the same."""
        response, _page = self._post(
            "/my/requests/new", {"service_id": self.service.id}
        )
        draft = self.env["npo.request"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(self._path(response), self._edit(draft, "about"))
        response, _page = self._post(self._edit(draft, "about"), ABOUT)
        self.assertEqual(self._path(response), self._edit(draft, "need"))
        response, _page = self._post(self._edit(draft, "need"), NEED)
        self.assertEqual(self._path(response), self._edit(draft, "documents"))
        response, _page = self._post(self._edit(draft, "documents"), {"go": "next"})
        self.assertEqual(self._path(response), self._edit(draft, "review"))
        response, page = self._post(self._edit(draft, "review"), self._agree())
        self.assertEqual(self._path(response), f"/my/requests/{draft.id}/sent")
        self.assertIn(draft.name, page.text_content())
        self.assertRecordValues(
            draft.with_user(self.officer),
            [
                {
                    "stage_code": "new",
                    "description": NEED["description"],
                    "amount_requested": 12000,
                    "origin": "self",
                    "partner_id": self.partner.id,
                }
            ],
        )
        self.assertEqual(draft.channel_id.code, "assistance_request")
        self.assertTrue(draft.consent_text)
        self.assertTrue(draft.message_log_ids)
        person = draft.beneficiary_id
        self.assertEqual(person.identity_number, "1000000008")
        self.assertEqual(person.birth_date.isoformat(), "1985-01-13")
        self.assertEqual(person.phone, "+966501234567")
        self.assertEqual(person.iban, NEED["iban"])

    def test_leave_and_return(self):
        """What was typed is there again, on every step, back and forth."""
        draft = self._new_draft()
        data = {**ABOUT, "phone": "", "go": "leave"}
        response, _page = self._post(self._edit(draft, "about"), data)
        self.assertEqual(self._path(response), f"/my/requests/{draft.id}")
        _response, page = self._get(self._edit(draft, "about"))
        self.assertEqual(self._value(page, "name"), ABOUT["name"])
        self.assertEqual(self._value(page, "identity_number"), "1000000008")
        self._post(self._edit(draft, "need"), NEED)
        for step in ("documents", "review", "need"):
            _response, page = self._get(self._edit(draft, step))
        self.assertEqual(self._value(page, "description"), NEED["description"])
        self.assertEqual(self._value(page, "amount_requested"), "12000")

    def test_autosave(self):
        """The script saves what is right while typing, and empties nothing."""
        draft = self._new_draft()
        data = {**ABOUT, "identity_number": "12", "phone": "", "autosave": "1"}
        response, _page = self._post(self._edit(draft, "about"), data)
        self.assertEqual(response.status_code, 204)
        self.assertEqual(draft.beneficiary_id.name, ABOUT["name"])
        self.assertFalse(draft.beneficiary_id.identity_number)

    def test_wrong_values_keep_the_others(self):
        """Each wrong value is told at its field; the right ones are saved."""
        cases = {
            "name": "نورة <script>alert(1)</script>",
            "identity_number": "1000000000",
            "birth_date": "1445/01/30",
            "phone": "0521234567",
        }
        for name, wrong in cases.items():
            with self.subTest(name):
                draft = self._new_draft()
                data = {**ABOUT, name: wrong}
                response, page = self._post(self._edit(draft, "about"), data)
                self.assertEqual(self._path(response), self._edit(draft, "about"))
                self._assert_error(page, name)
                self.assertEqual(self._value(page, name), wrong)
                self.assertNotIn("<script>alert", response.text)
                for other in {"name", "phone", "identity_number"} - {name}:
                    self.assertEqual(self._value(page, other), data[other])
                draft.with_user(self.portal_user)._portal_withdraw()

    def test_nothing_filled_in(self):
        """Every empty field of a step is named."""
        draft = self._new_draft()
        empty = dict.fromkeys(ABOUT, "")
        _response, page = self._post(self._edit(draft, "about"), empty)
        for name in ("name", "identity_number", "birth_date", "npo_gender", "phone"):
            self._assert_error(page, name)

    def test_endless_text(self):
        """10,000 characters are refused, shown again, and the rest is saved."""
        draft = self._new_draft()
        text = "حاجة " * 2000
        data = {**NEED, "description": text}
        _response, page = self._post(self._edit(draft, "need"), data)
        self._assert_error(page, "description")
        self.assertEqual(self._value(page, "description").strip(), text.strip())
        self.assertEqual(draft.amount_requested, 12000)

    def test_amounts(self):
        """An amount is read as people type it; what is none is refused."""
        draft = self._new_draft()
        for wrong in ("كثير", "-5", "nan", "9" * 12, "1e400"):
            data = {**NEED, "amount_requested": wrong}
            _response, page = self._post(self._edit(draft, "need"), data)
            self._assert_error(page, "amount_requested")
        self._post(self._edit(draft, "need"), {**NEED, "amount_requested": "١٢٬٥٠٠٫٥"})
        self.assertEqual(draft.amount_requested, 12500.5)

    def test_keys_that_are_not_asked(self):
        """Only the fields of the step are taken from what is posted."""
        draft = self._new_draft()
        data = {
            **NEED,
            "stage_id": "5",
            "decision": "accepted",
            "user_id": str(self.portal_user.id),
            "amount_approved": "99",
            "state": "active",
            "name": "Another",
        }
        self._post(self._edit(draft, "need"), data)
        self.assertEqual(draft.stage_code, "draft")
        self.assertFalse(draft.decision or draft.user_id or draft.amount_approved)
        self.assertEqual(draft.beneficiary_id.state, "prospect")
        self.assertNotEqual(draft.partner_id.name, "Another")

    def test_another_persons_identity(self):
        """The number of somebody else is refused without telling who that is."""
        other = self._new_beneficiary(1)
        draft = self._new_draft()
        data = {**ABOUT, "identity_number": other.identity_number}
        response, page = self._post(self._edit(draft, "about"), data)
        self._assert_error(page, "identity_number")
        self.assertNotIn(other.name, response.text)

    def test_registered_data_is_shown(self):
        """What was matched with the originals is not asked again, nor changed."""
        draft = self._filled_draft()
        draft.beneficiary_id._register_file()
        _response, page = self._get(self._edit(draft, "about"))
        self.assertFalse(page.xpath("//input[@name='identity_number']"))
        self._post(self._edit(draft, "about"), {**ABOUT, "name": "Somebody Else"})
        self.assertEqual(draft.partner_id.name, ABOUT["name"])

    def test_one_draft(self):
        """Pressing twice makes one draft; the second finds it."""
        for _press in range(2):
            self._post("/my/requests/new", {"service_id": self.service.id})
        drafts = self.env["npo.request"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(len(drafts), 1)

    def test_send_twice(self):
        """A double click sends once, and both presses end at the number."""
        draft = self._filled_draft()
        for _press in range(2):
            response, page = self._post(
                self._edit(draft, "review"), self._agree(go="next")
            )
            self.assertEqual(self._path(response), f"/my/requests/{draft.id}/sent")
            self.assertIn(draft.name, page.text_content())
        self.assertEqual(len(draft.message_log_ids), 1)
        logs = draft.stage_log_ids.stage_id.mapped("code")
        self.assertEqual(logs, ["draft", "new"])

    def test_send_needs_consent_and_data(self):
        draft = self._filled_draft()
        _response, page = self._post(self._edit(draft, "review"), {"go": "next"})
        self._assert_error(page, "consent_file")
        self._assert_error(page, "consent_verify")
        draft.description = False
        _response, page = self._post(self._edit(draft, "review"), self._agree())
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self.assertEqual(draft.stage_code, "draft")

    def test_sent_is_not_edited(self):
        """After sending, the steps lead to the request and change nothing."""
        request = self._sent_request("data_entry")
        response, _page = self._post(
            self._edit(request, "need"), {**NEED, "description": "Else"}
        )
        self.assertEqual(self._path(response), f"/my/requests/{request.id}")
        self.assertEqual(request.description, NEED["description"])

    def test_services_of_the_association(self):
        """Only published services of the visitor's own association are offered."""
        other = self._new_association("Other Association", "nbra")
        foreign = self.env["npo.service"].search([("company_id", "=", other.id)])[0]
        closed = self._service("furnishing")
        closed.is_published = False
        response, _page = self._get("/my/requests/new")
        self.assertIn(f"/my/services/{self.service.id}", response.text)
        for service in (foreign, closed):
            self.assertNotIn(f"/my/services/{service.id}", response.text)
            response, _page = self._get(f"/my/services/{service.id}")
            self.assertEqual(self._path(response), "/my")
            _response, page = self._post("/my/requests/new", {"service_id": service.id})
            self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self.assertFalse(
            self.env["npo.request"].search([("partner_id", "=", self.partner.id)])
        )
        response, page = self._get(f"/my/services/{self.service.id}")
        for line in self.service.document_line_ids:
            if line.document_type_id.code == "privacy_consent":
                continue  # ticked and signed here
            name = line.document_type_id.with_context(lang=self._lang(page)).name
            self.assertIn(name, page.text_content())

    def _lang(self, page):
        return page.xpath("/html/@lang")[0].replace("-", "_")

    def test_session_expired(self):
        """Who was logged out comes back to the same step after signing in."""
        draft = self._new_draft()
        self.authenticate(None, None)
        for response in (
            self.url_open(self._edit(draft, "need"), allow_redirects=False),
            self.url_open(self._edit(draft, "need"), data=NEED, allow_redirects=False),
        ):
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])
            self.assertIn(f"{draft.id}%2Fedit%2Fneed", response.headers["Location"])

    def test_forged_form(self):
        """A form from elsewhere, without our token, is refused."""
        draft = self._filled_draft()
        with mute_logger("odoo.http"):
            response = self.url_open(self._edit(draft, "review"), data=self._agree())
        self.assertEqual(response.status_code, 400)
        self.assertEqual(draft.stage_code, "draft")
