import base64

from odoo.tests import tagged

from .common import PDF, PortalCommon

DRAWING = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42m"
    "NkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortalTracking(PortalCommon):
    """Following a request, answering, signing, the letter, withdrawing (R119–R125)."""

    def _url(self, request, path=""):
        return f"/my/requests/{request.id}{path}"

    def test_sentence_and_both_dates(self):
        """The stage is a sentence, the dates stand in both calendars, staff have no
        names."""
        request = self._sent_request("committee")
        response, page = self._get(self._url(request))
        text = page.text_content()
        lang = page.xpath("/html/@lang")[0].replace("-", "_")
        spoken = request.with_context(lang=lang)
        self.assertIn(spoken.portal_sentence, text)
        self.assertIn(spoken._format_date(request.reply_deadline), text)
        self.assertIn(spoken._format_date(request.earliest_reply_date), text)
        for user in self.users.values():
            self.assertNotIn(f">{user.name}<", response.text)
        for code in ("data_entry", "npo.request", "stage_code"):
            self.assertNotIn(code, text)

    def test_steps(self):
        """Done, now, to do; a decision that is not announced does not show."""
        request = self._sent_request("committee")
        states = dict(request._portal_steps())
        self.assertEqual(list(states.values()).count("current"), 1)
        chair = self.users["chair"]
        request.with_user(chair)._decide("accepted", chair, amount_approved=100)
        self.assertEqual(dict(request._portal_steps()), states)

    def test_steps_of_paused_and_closed(self):
        returned = self._returned_request()
        self.assertIn("todo", dict(returned._portal_steps()).values())
        returned.with_user(self.portal_user)._portal_withdraw()
        self.assertFalse(returned._portal_steps())
        rejected = self._rejected_request()
        self.assertEqual(set(dict(rejected._portal_steps()).values()), {"done"})

    def test_letter_after_the_announcement(self):
        """The decision and its letter appear when they are announced, not before."""
        request = self._rejected_request(is_announced=False)
        reason = request.decision_reason_id
        response, page = self._get(self._url(request))
        self.assertFalse(page.find_class("o_npo_letter"))
        self.assertNotIn(reason.name, response.text)
        response, _page = self._get(self._url(request, "/print/letter"))
        self.assertEqual(self._path(response), self._url(request))
        chair = request.with_user(self.users["chair"])
        early = self.env.ref("npo_relations.reason_early_reply_simple")
        chair._approve_early_reply(early)
        chair.action_announce()
        _response, page = self._get(self._url(request))
        self.assertTrue(page.find_class("o_npo_letter"))
        self.assertTrue(page.find_class("o_npo_answer"))

    def test_papers_are_pdf(self):
        request = self._rejected_request()
        for path in ("/print/letter", "/print/form", "/print/declaration"):
            response = self.url_open(self._url(request, path))
            self.assertEqual(response.headers["Content-Type"], "application/pdf")

    def test_todo_comes_first(self):
        """Home shows what is to be done, and nothing when nothing is."""
        _response, page = self._get("/my")
        self.assertFalse(page.find_class("o_npo_todo"))
        request = self._returned_request()
        _response, page = self._get("/my")
        todo = page.find_class("o_npo_todo")[0]
        self.assertIn(request.name, todo.text_content())
        self.assertTrue(page.find_class("o_npo_contact"))

    def test_list(self):
        """Own requests as sentences, open and finished apart, 20 a page."""
        request = self._sent_request()
        _response, page = self._get("/my/requests")
        self.assertEqual(len(page.find_class("o_npo_row")), 1)
        self.assertIn(request.name, page.find_class("o_npo_row")[0].text_content())
        _response, page = self._get("/my/requests?filterby=closed")
        self.assertFalse(page.find_class("o_npo_row"))
        self.env["npo.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "beneficiary_id": request.beneficiary_id.id,
                    "service_id": self.service.id,
                }
            ]
            * 24
        )
        _response, page = self._get("/my/requests?filterby=open")
        self.assertEqual(len(page.find_class("o_npo_row")), 20)
        _response, page = self._get("/my/requests/page/2?filterby=open")
        self.assertEqual(len(page.find_class("o_npo_row")), 5)
        for page_number in ("0", "99"):
            self._get(f"/my/requests/page/{page_number}")

    def test_answer(self):
        """A return is answered with documents and a note; pressing twice sends once."""
        request = self._returned_request()
        paper = self._document(request, is_identity=False)
        data = {"note": "أرفقت العقد الجديد", "go": "send"}
        wrong = {f"file_{paper.id}": ("contract.pdf", b"MZ not a document")}
        _response, page = self._post(self._url(request, "/answer"), data, wrong)
        self._assert_error(page, f"file_{paper.id}")
        self.assertEqual(self._value(page, "note"), data["note"])
        self.assertEqual(request.stage_code, "returned")
        right = {f"file_{paper.id}": ("contract.pdf", PDF)}
        for _press in range(2):
            response, _page = self._post(self._url(request, "/answer"), data, right)
            self.assertEqual(self._path(response), self._url(request))
        self.assertEqual(request.stage_code, "data_entry")
        self.assertEqual(request.answer_note, data["note"])
        self.assertEqual(paper.state, "received")

    def test_answer_opens_what_is_missing(self):
        """R107: what is missing comes first, what we have is folded away."""
        request = self._returned_request()
        request.sudo().description = False
        paper = self._document(request, is_identity=False)
        _response, page = self._get(self._url(request, "/answer"))
        [missing] = page.xpath("//*[@id='missing']")
        links = missing.xpath(".//a/@href")
        self.assertTrue(any(link.endswith("/edit/need#description") for link in links))
        card = f"//*[@id='document_{paper.id}']"
        self.assertEqual(len(page.xpath(card)), 1)
        self.assertFalse(page.xpath(f"//details{card}"))
        paper.sudo().write({"number": "77", "issue_date": "2026-01-01"})
        self.assertEqual(paper.state, "received")
        _response, page = self._get(self._url(request, "/answer"))
        self.assertEqual(len(page.xpath(f"//details{card}")), 1)

    def test_answer_needs_a_note(self):
        request = self._returned_request()
        _response, page = self._post(self._url(request, "/answer"), {"note": "  "})
        self._assert_error(page, "note")
        _response, page = self._post(
            self._url(request, "/answer"), {"note": "x" * 10**4}
        )
        self._assert_error(page, "note")
        self.assertEqual(request.stage_code, "returned")

    def test_returned_is_edited(self):
        """What was said can be corrected while the request is with the applicant."""
        request = self._returned_request()
        url = self._url(request, "/edit/need")
        data = {"description": "أوضح", "amount_requested": "9000", "iban": ""}
        _response, page = self._post(url, data)
        self.assertEqual(request.amount_requested, 9000)

    def test_sign_by_drawing(self):
        request = self._sent_request("declaration")
        for _press in range(2):
            response, _page = self._post(
                self._url(request, "/sign"), {"signature": DRAWING}
            )
            self.assertEqual(self._path(response), self._url(request))
        self.assertEqual(len(request.declaration_ids), 1)
        declaration = request.declaration_id
        self.assertEqual(declaration.method, "portal")
        self.assertTrue(declaration.ip_address)
        self.assertEqual(base64.b64decode(declaration.signature)[:4], b"\x89PNG")

    def test_sign_by_typing(self):
        """Who cannot draw types the own name; another name or nothing is refused."""
        request = self._sent_request("declaration")
        url = self._url(request, "/sign")
        for wrong in ("", "Somebody Else"):
            _response, page = self._post(url, {"typed_name": wrong})
            self._assert_error(page, "typed_name")
            self.assertFalse(request.declaration_id)
        self._post(url, {"typed_name": "نوره بنت عبدالله العتيبي"})
        self.assertTrue(request.declaration_id.typed_name)

    def test_broken_drawings(self):
        request = self._sent_request("declaration")
        for broken in (
            "data:image/png;base64,@@@",
            "data:image/svg+xml;base64,PHN2Zy8+",
            "data:image/png;base64," + base64.b64encode(b"MZ no image").decode(),
            "data:image/png;base64," + "A" * 600_000,
        ):
            _response, page = self._post(
                self._url(request, "/sign"), {"signature": broken}
            )
            self._assert_error(page, "typed_name")
            self.assertFalse(request.declaration_id)

    def test_withdraw(self):
        """Asked first, then closed; a draft is deleted; an answered one stays."""
        request = self._sent_request()
        self._get(self._url(request, "/withdraw"))
        self.assertEqual(request.stage_code, "new")
        for _press in range(2):
            self._post(self._url(request, "/withdraw"))
            self.assertEqual(request.stage_code, "cancelled")
        draft = self._new_draft()
        self._post(self._url(draft, "/withdraw"))
        self.assertFalse(draft.exists())
        answered = self._sent_request("registration")
        self._post(self._url(answered, "/withdraw"))
        self.assertEqual(answered.stage_code, "registration")
