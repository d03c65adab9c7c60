import logging

from odoo.tests import tagged

from .common import PDF, PortalCommon

_logger = logging.getLogger(__name__)

PLACES = {
    "inquiries": "npo.inquiry",
    "complaints": "npo.complaint",
    "suggestions": "npo.suggestion",
    "information": "npo.info.request",
}


@tagged("post_install", "-at_install")
class TestVoicePortal(PortalCommon):
    """R053, R064, R150: what somebody with an account asked and said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website_channel = cls.env.ref("npo_relations.channel_website")
        cls.own = {
            place: cls._said(model, cls.partner) for place, model in PLACES.items()
        }

    @classmethod
    def _said(cls, model, partner, **vals):
        return cls.env[model]._receive(
            {
                "title": "انتظرت ساعتين",
                "description": "انتظرت ساعتين ولم يستقبلني أحد.",
                "channel_id": cls.website_channel.id,
                "company_id": cls.company.id,
                "partner_id": partner.id,
                **vals,
            }
        )

    def _rows(self, page):
        return [row.text_content() for row in page.find_class("o_npo_row")]

    def test_list(self):
        """R053: all on one page, newest first; each kind by itself; the own alone."""
        others = [
            self._said(model, self.stranger.partner_id) for model in PLACES.values()
        ]
        _response, page = self._get("/my/voice")
        rows = self._rows(page)
        self.assertEqual(len(rows), len(PLACES))
        for record in self.own.values():
            self.assertIn(record.name, "".join(rows))
        for record in others:
            self.assertNotIn(record.name, "".join(rows))
        for place, record in self.own.items():
            _response, page = self._get(f"/my/{place}")
            [row] = self._rows(page)
            self.assertIn(record.name, row)
            chosen = page.xpath("//nav//a[@aria-current='true']/@href")
            self.assertTrue(chosen[0].endswith(f"/my/{place}"))
        _response, page = self._get("/my")
        self.assertTrue(page.xpath("//a[contains(@href, '/my/voice')]"))
        counters = {"counters": ["npo_voice_count"]}
        result = self.make_jsonrpc_request("/my/counters", counters)
        self.assertEqual(result["npo_voice_count"], len(PLACES))

    def test_pages(self):
        """R053: twenty a page, and none lost between two."""
        for model in PLACES.values():
            for _number in range(8):
                self._said(model, self.partner)
        seen = []
        for number, rows in ((1, 20), (2, 9 * len(PLACES) - 20)):
            _response, page = self._get(f"/my/voice/page/{number}")
            names = [node.text for node in page.find_class("o_npo_number")]
            self.assertEqual(len(names), rows)
            seen += names
        self.assertEqual(len(set(seen)), 9 * len(PLACES))
        for number in ("0", "99"):
            self._get(f"/my/complaints/page/{number}")

    def test_stranger(self):
        """R053: another's record answers like what does not exist, whatever is done."""
        for place, record in self.own.items():
            before = len(record.message_ids)
            self._log_in(self.stranger)
            for wrong in (record.id, 10**9):
                url = f"/my/{place}/{wrong}"
                response, page = self._get(url)
                self.assertEqual(self._path(response), "/my")
                self.assertNotIn(record.name, page.text_content())
                for step in ("reply", "withdraw", "satisfied", "reopen", "x"):
                    response, _page = self._post(url, {"step": step, "text": "x"})
                    self.assertEqual(self._path(response), "/my")
            self.assertEqual(len(record.message_ids), before)
        self.authenticate(None, None)
        response = self.url_open("/my/voice")
        self.assertIn("/web/login", response.url)

    def test_thread(self):
        """P093: what was meant for the person and what the person wrote, no more."""
        for place, record in self.own.items():
            url = f"/my/{place}/{record.id}"
            record.message_post(body="Internal: on leave.")
            record.with_user(self.officer).sudo().message_post(
                body="Between colleagues.",
                author_id=self.officer.partner_id.id,
                subtype_xmlid="mail.mt_comment",
            )
            self.env["npo.message"].create(
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "subject": "A question",
                    "body": "<p>On which day was it?</p>",
                }
            )
            with self.subTest(place):
                data = {"step": "reply", "text": "<b>يوم الأحد</b>"}
                files = {"files": ("a.pdf", PDF)}
                response, page = self._post(url, data, files)
                self.assertEqual(self._path(response), url)
                text = page.find_class("o_npo_thread")[0].text_content()
                for told in ("On which day", "<b>يوم الأحد</b>", "a.pdf"):
                    self.assertIn(told, text)
                for hidden in ("on leave", "colleagues", self.officer.name):
                    self.assertNotIn(hidden, text)
                written = record.message_ids.filtered(
                    lambda message: message.author_id == self.partner
                )
                self.assertEqual(len(written), 1)
                _response, page = self._post(url, {"step": "reply", "text": " "})
                self.assertTrue(page.get_element_by_id("npo_errors").text_content())
                bad = {"files": ("a.pdf", b"MZ")}
                _response, page = self._post(url, {**data, "text": "نص"}, bad)
                self.assertEqual(self._value(page, "text"), "نص")

    def test_thread_in_order(self):
        """P093: what was told within one second is read in the order of telling."""
        inquiry = self.own["inquiries"]
        inquiry.with_user(self.users["chief"])._send_answer("من أول رجب.")
        told = self.env["npo.message"].search(
            [("res_model", "=", inquiry._name), ("res_id", "=", inquiry.id)], order="id"
        )
        self.assertEqual(len(set(told.mapped("create_date"))), 1)
        thread = inquiry._person_thread()
        self.assertEqual([entry["html"] for entry in thread], told.mapped("body"))
        self.assertGreater(len(told), 1)

    def test_answered(self):
        """R063, R064: the answer is there; the person accepts it, or opens it again."""
        inquiry = self.own["inquiries"]
        url = f"/my/inquiries/{inquiry.id}"
        chief = self.users["chief"]
        _response, page = self._get(url)
        self.assertFalse(page.xpath("//button[@value='satisfied']"))
        inquiry.with_user(chief)._send_answer("من أول رجب.")
        _response, page = self._get(url)
        self.assertIn("من أول رجب.", page.find_class("o_npo_answer")[0].text_content())
        self.assertTrue(page.xpath("//button[@value='satisfied']"))
        self._post(url, {"step": "reopen", "text": "لأي سنة؟"})
        self.assertEqual(inquiry.stage_code, "reopened")
        inquiry.with_user(chief)._send_answer("هذه السنة.")
        for _press in range(2):
            self._post(url, {"step": "satisfied"})
            self.assertEqual(inquiry.stage_code, "closed")

    def test_rate(self):
        """D04: an answer is rated once, by its person, whatever was asked or said."""
        complaint = self.own["complaints"]
        chief = self.users["chief"]
        self.own["inquiries"].with_user(chief)._send_answer("من أول رجب.")
        complaint._tell_decision("not_upheld", "people", "كان المكتب مغلقًا.")
        for place, mark in (("inquiries", "5"), ("complaints", "2")):
            case = self.own[place]
            url = f"/my/{place}/{case.id}"
            with self.subTest(place):
                _response, page = self._get(url)
                self.assertTrue(page.xpath(f"//a[contains(@href, '{url}/rate')]"))
                self._log_in(self.stranger)
                response, _page = self._get(f"{url}/rate")
                self.assertEqual(self._path(response), "/my")
                self.assertFalse(self.env["npo.rating"]._of(case))
                self._log_in(self.portal_user)
                response, page = self._get(f"{url}/rate")
                self.assertIn(case.name, page.text_content())
                self.assertNotIn(case.title, page.text_content())
                self._post(self._path(response), {"rating": mark, "comment": "جيد"})
                rating = self.env["npo.rating"]._of(case)
                self.assertRecordValues(
                    rating,
                    [
                        {
                            "rating": int(mark),
                            "name": case.name,
                            "kind": case._stage_kind,
                        }
                    ],
                )
                self.assertEqual(rating.deliverer_ids, case.user_id)
                _response, page = self._get(url)
                self.assertFalse(page.xpath("//a[contains(@href, '/rate')]"))
                response, _page = self._get(f"{url}/rate")
                self.assertEqual(self._path(response), url)
                self.assertTrue(
                    rating.with_user(self.users["manager"])
                    .with_context(allowed_company_ids=self.company.ids)
                    .search([("id", "=", rating.id)])
                )

    def test_not_rated_before_the_answer(self):
        """D04: what is not answered is not rated, by whichever address."""
        for place, case in self.own.items():
            url = f"/my/{place}/{case.id}"
            with self.subTest(place):
                _response, page = self._get(url)
                self.assertFalse(page.xpath("//a[contains(@href, '/rate')]"))
                response, _page = self._get(f"{url}/rate")
                self.assertEqual(self._path(response), url)
                self.assertFalse(self.env["npo.rating"]._of(case))

    def test_object(self):
        """P077, P078: the person accepts the decision, or objects to it; once."""
        complaint = self.own["complaints"]
        url = f"/my/complaints/{complaint.id}"
        complaint._tell_decision("not_upheld", "people", "كان المكتب مغلقًا.")
        _response, page = self._get(url)
        self.assertTrue(page.xpath("//button[@value='satisfied']"))
        self.assertTrue(page.xpath(f"//a[contains(@href, '{url}/object')]"))
        for _press in range(2):
            response, page = self._post(
                f"{url}/object", {"ground": "error", "statement": "لم يكن مغلقًا."}
            )
        appeal = self.env["npo.appeal"].search([("complaint_id", "=", complaint.id)])
        self.assertEqual(len(appeal), 1)
        self.assertEqual(self._path(response), f"/my/appeals/{appeal.id}")
        self.assertIn(complaint.name, page.text_content())
        self.assertEqual(complaint.stage_code, "appealed")
        self._log_in(self.stranger)
        response, _page = self._get(f"{url}/object")
        self.assertEqual(self._path(response), "/my")

    def test_withdraw(self):
        """P084: the person takes a complaint back, pressing twice once."""
        complaint = self.own["complaints"]
        url = f"/my/complaints/{complaint.id}"
        for _press in range(2):
            self._post(url, {"step": "withdraw"})
            self.assertEqual(complaint.stage_code, "withdrawn")

    def test_sealed_title(self):
        """P092: over a shoulder, a list tells nothing of a sealed one."""
        complaint = self.own["complaints"]
        complaint.confidentiality = "sealed"
        for url in ("/my/voice", f"/my/complaints/{complaint.id}"):
            _response, page = self._get(url)
            heads = page.xpath("//strong | //h1")
            shown = "".join(node.text_content() for node in heads)
            if url == "/my/voice":
                self.assertEqual(shown.count(complaint.title), len(PLACES) - 1)
            else:
                self.assertNotIn(complaint.title, shown)

    # ------------------------------------------------------------
    # SIZE
    # ------------------------------------------------------------

    def _statements(self, url):
        self.url_open(url)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        response = self.url_open(url)
        response.raise_for_status()
        return self.cr.sql_log_count - before, len(response.content)

    def test_size(self):
        """performance.md: list and page at two sizes, form; kilobytes."""
        complaint = self.own["complaints"]
        budgets = {
            "/my/voice": (16, 40),
            f"/my/complaints/{complaint.id}": (20, 60),
            "/complain": (16, 60),
            "/track": (12, 60),
        }
        small = {url: self._statements(url)[0] for url in budgets}
        for model in PLACES.values():
            for _number in range(12):
                self._said(model, self.partner)
        for _number in range(10):
            complaint.with_user(self.portal_user)._portal_reply("نص")
        for url, (most, kilobytes) in budgets.items():
            statements, size = self._statements(url)
            with self.subTest(url):
                _logger.info("%s: %s statements, %s bytes", url, statements, size)
                self.assertLessEqual(statements, most)
                self.assertLessEqual(statements, small[url] + 2)
                self.assertLess(size, kilobytes * 1024)
