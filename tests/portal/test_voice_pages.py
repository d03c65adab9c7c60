import logging
import random
from unittest.mock import patch

from odoo.tests import tagged

from .common import PDF, PortalCommon

_logger = logging.getLogger(__name__)

KINDS = {
    "complain": "npo.complaint",
    "ask": "npo.inquiry",
    "suggest": "npo.suggestion",
}
FORMS = {**KINDS, "help": "npo.interaction"}
TEXT = "انتظرت ساعتين ولم يستقبلني أحد."
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}} ${7*7} <t t-out='env'/>",
    "%s %(x)s {0} {name}",
    "'; DROP TABLE npo_complaint; --",
    "\x00\x01\x02",
    "\u202eabc\u2066def\u2069",
    "\u200b\u200f\ufeff",
    "😀" * 50,
    "ا" * 6000,
    "a@b@c",
    "noura@example.com",
    "0501234567",
    "٠٥٠١٢٣٤٥٦٧",
    "+966501234567",
    "+1",
    "00",
    "\r\n\t ",
    "",
    "1",
    "شكرًا لكم",
]


class VoicePagesCommon(PortalCommon):
    """Somebody without an account in front of the public forms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "npo_form_seconds": 0,
                "npo_posts_per_address": 10**6,
                "npo_posts_per_contact": 10**6,
            }
        )

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _stamp(self, nonce="n"):
        return self.env["npo.flood.guard"]._stamp(nonce)

    def _send(self, kind="complain", files=None, **data):
        notice = self.env["npo.consent"]._notice(self.company)
        data = {
            "description": TEXT,
            "stamp": self._stamp(str(random.random())),
            "notice": notice.id,
            **data,
        }
        return self._post(f"/{kind}", data, files)

    def _newest(self, model="npo.complaint"):
        return self.env[model].search([], order="id desc", limit=1)

    def _count(self, model="npo.complaint"):
        return self.env[model].search_count([])


@tagged("post_install", "-at_install")
class TestVoicePages(VoicePagesCommon):
    """R092, R150, P070, P071: forms for everybody, that lose nothing."""

    def test_forms(self):
        """R092, R150: each form makes its record, by the website, with its number."""
        for kind, model in KINDS.items():
            with self.subTest(kind):
                _response, page = self._get(f"/{kind}")
                required = page.xpath("//*[@required]")
                self.assertEqual(len(required), 1)
                stamp = page.xpath("//input[@name='stamp']/@value")[0]
                response, page = self._send(
                    kind, stamp=stamp, name="نورة", contact="٠٥٠١٢٣٤٥٦٧"
                )
                self.assertTrue(self._path(response).startswith("/sent/"))
                record = self._newest(model)
                self.assertEqual(record.description, TEXT)
                self.assertEqual(record.title, TEXT)
                self.assertEqual(record.channel_id.code, "website")
                self.assertEqual(record.company_id, self.company)
                self.assertEqual(record.contact_name, "نورة")
                self.assertTrue(record.contact_phone.endswith("501234567"))
                text = page.text_content()
                self.assertIn(record.name, text)
                self.assertIn(record._tracking_code(), text)
                lang = page.xpath("/html/@lang")[0].replace("-", "_")
                spoken = record.with_context(lang=lang)
                self.assertIn(spoken._format_date(record.date_deadline), text)
                self.assertTrue(page.xpath("//*[local-name()='svg']"))
                self.assertNotIn(record._tracking_code(), response.url)

    def test_thanks(self):
        """R054: the page asks whether it is a suggestion or thanks."""
        _response, page = self._get("/suggest")
        radios = page.xpath("//input[@name='type']/@value")
        self.assertEqual(radios, ["suggestion", "thanks"])
        for sent, kind in (("thanks", "thanks"), ("note?", "suggestion")):
            self._send("suggest", type=sent)
            self.assertEqual(self._newest("npo.suggestion").kind, kind)
        _response, page = self._send("suggest", type="thanks", description="")
        checked = page.xpath("//input[@name='type'][@checked]/@value")
        self.assertEqual(checked, ["thanks"])

    def test_anonymous(self):
        """R150, P093: by number and code alone; signed in or not, nobody is on it."""
        for user in (None, self.portal_user):
            if user:
                self._log_in(user)
            with self.subTest(bool(user)):
                before = self._count()
                response, page = self._send(
                    is_anonymous="1", name="نورة", files={"files": ("a.pdf", PDF)}
                )
                self.assertEqual(self._count(), before + 1)
                complaint = self._newest()
                self.assertTrue(complaint.is_anonymous)
                self.assertFalse(complaint.partner_id | complaint.representative_id)
                self.assertFalse(complaint.contact_name)
                self.assertIn(complaint._tracking_code(), page.text_content())
                attachment = self.env["ir.attachment"].search(
                    [
                        ("res_model", "=", complaint._name),
                        ("res_id", "=", complaint.id),
                    ]
                )
                self.assertEqual(attachment.name, "a.pdf")
                root = self.env.ref("base.user_root")
                trail = (
                    complaint.create_uid
                    | complaint.write_uid
                    | attachment.create_uid
                    | complaint.stage_log_ids.create_uid
                    | complaint.stage_log_ids.user_id
                    | complaint.message_ids.create_uid
                )
                self.assertFalse(trail - root)
                self.assertFalse(complaint.message_follower_ids)
                self.assertFalse(complaint.message_ids.author_id - root.partner_id)

    def test_help(self):
        """R090, R092: who asks for help is called; tied to no file by what is typed."""
        self._new_beneficiary(phone="0501234567", name="نورة")
        before = self._count("npo.interaction")
        _response, page = self._send("help")
        for name in ("name", "contact"):
            self._assert_error(page, name)
        response, page = self._send(
            "help", name="نورة", contact="0501234567", is_anonymous="1"
        )
        self.assertTrue(self._path(response).startswith("/sent/"))
        asked = self._newest("npo.interaction")
        self.assertEqual(self._count("npo.interaction"), before + 1)
        self.assertFalse(asked.partner_id)
        self.assertEqual(asked.contact_name, "نورة")
        self.assertIn(asked.channel_id.code, ("assistance_request", "website"))
        self.assertEqual(asked.summary, TEXT)
        text = page.text_content()
        self.assertIn(asked.name, text)
        lang = page.xpath("/html/@lang")[0].replace("-", "_")
        self.assertIn(asked.with_context(lang=lang)._call_due_text(), text)
        todo = asked.activity_ids
        self.assertEqual(todo.date_deadline, asked.date_call_due)
        self.assertFalse(todo.user_id.share)
        message = self.env["npo.message"].search(
            [("res_model", "=", asked._name), ("res_id", "=", asked.id)]
        )
        self.assertIn(asked.name, message.body)
        action = asked.with_user(self.officer).action_request()
        self.assertEqual(action["res_model"], "npo.request.intake")

    def test_category(self):
        """P092: who says what it is about has it kept as close as that asks for."""
        sealed = self.env["npo.complaint.category"].search(
            [("confidentiality", "=", "sealed")], limit=1
        )
        for code in (sealed.code, "", "no such code"):
            self._send(category=code)
            complaint = self._newest()
            is_sealed = complaint.confidentiality == "sealed"
            self.assertEqual(is_sealed, bool(code) and code == sealed.code)

    def test_signed_in(self):
        """P071: who is signed in is not asked again, and is on record."""
        self._log_in(self.portal_user)
        _response, page = self._get("/ask")
        self.assertFalse(page.xpath("//input[@name='name' or @name='contact']"))
        self._send("ask")
        inquiry = self._newest("npo.inquiry")
        self.assertEqual(inquiry.partner_id, self.partner)
        self.assertIn(inquiry.received_via, ("portal", "website"))

    def test_error_keeps(self):
        """P071: an error stands at its field, and what was typed comes back."""
        before = self._count()
        _response, page = self._send(description=" \n ", contact="123", name="نورة")
        self._assert_error(page, "description")
        self._assert_error(page, "contact")
        self.assertEqual(self._value(page, "contact"), "123")
        self.assertEqual(self._value(page, "name"), "نورة")
        _response, page = self._send(description="ا" * 6000, is_anonymous="1")
        self._assert_error(page, "description")
        self.assertEqual(len(self._value(page, "description")), 6000)
        self.assertTrue(page.xpath("//input[@name='is_anonymous']/@checked"))
        self.assertEqual(self._count(), before)

    def test_files(self):
        """P093, R150: a false file, a large one and a sixth one are refused."""
        before = self._count()
        self.company.npo_max_upload_mb = 1
        many = [("files", (f"{i}.pdf", PDF, "application/pdf")) for i in range(6)]
        for files in (
            {"files": ("x.pdf", b"MZ no paper")},
            {"files": ("x.exe", PDF)},
            {"files": ("x.pdf", PDF + b"0" * 1024 * 1024)},
            many,
        ):
            _response, page = self._send(files=files)
            self.assertTrue(page.get_element_by_id("npo_errors").text_content())
            self.assertEqual(self._value(page, "description"), TEXT)
        self.assertEqual(self._count(), before)
        response, _page = self._send(files=many[:5])
        self.assertTrue(self._path(response).startswith("/sent/"))
        self.assertEqual(self._count(), before + 1)

    def test_machines(self):
        """R150: a trap filled, no stamp, a false one, too fast: nothing comes in.

        A person who fell into it presses again, and is heard.
        """
        before = self._count()
        self.company.npo_form_seconds = 60
        stamp = self._stamp()
        for data in (
            {"website_url": "http://spam.example"},
            {"stamp": ""},
            {"stamp": "1.2.3"},
            {"stamp": stamp},
        ):
            _response, page = self._send(**data)
            self.assertTrue(page.get_element_by_id("npo_errors").text_content())
            self.assertEqual(self._value(page, "description"), TEXT)
            self.assertEqual(self._value(page, "website_url"), "")
        self.assertEqual(self._count(), before)
        self.company.npo_form_seconds = 0
        self._send(stamp=stamp)
        self.assertEqual(self._count(), before + 1)

    def test_pressed_twice(self):
        """ux.md: what is pressed twice is there once, and shows the same number."""
        before = self._count()
        stamp = self._stamp()
        numbers = set()
        for _press in range(3):
            _response, page = self._send(stamp=stamp)
            numbers.add(page.find_class("o_npo_big_number")[0].text_content())
        self.assertEqual(self._count(), before + 1)
        self.assertEqual(len(numbers), 1)

    def test_limits(self):
        """R150: so many an hour from one address, and from one number."""
        self.company.npo_posts_per_contact = 2
        before = self._count()
        for _time in range(3):
            _response, page = self._send(contact="0501234567")
        self.assertEqual(self._count(), before + 2)
        self.assertIn(TEXT, page.text_content())
        self.company.npo_posts_per_address = 3
        for _time in range(3):
            self._send()
        self.assertEqual(self._count(), before + 3)
        keys = self.env["npo.flood.guard"].search([]).mapped("key")
        for secret in ("127.0.0.1", "501234567"):
            self.assertNotIn(secret, str(keys))

    def test_without_csrf(self):
        """R150: what another site sends in a visitor's name is refused."""
        before = self._count()
        response = self.url_open(
            "/complain", data={"description": TEXT, "stamp": self._stamp()}
        )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self._count(), before)

    def test_sent_token(self):
        """R150: the page of the number is found by its token alone."""
        self._send()
        complaint = self._newest()
        forms = self.env["npo.voice.form"]
        token = forms._sent_token("complain", complaint)
        _response, page = self._get(f"/sent/{token}")
        self.assertIn(complaint.name, page.text_content())
        for wrong in ("x", "AQ", token[:-2], token[::-1], "é", "%00", "A" * 3000):
            with self.subTest(wrong[:9]):
                response = self.url_open(f"/sent/{wrong}")
                self.assertEqual(response.status_code, 404)

    def test_hostile_shown(self):
        """R150: scripts are text, wherever they are shown."""
        script = "<script>alert(1)</script>"
        response, _page = self._send(description=script, name=script)
        complaint = self._newest()
        self.assertEqual(complaint.description, script)
        data = {"reference": complaint.name, "digits": complaint._tracking_code()}
        response, page = self._post(
            "/track", {**data, "step": "reply", "text": f"{script} ثم"}
        )
        self.assertNotIn(script, response.text)
        self.assertIn("alert(1)", page.find_class("o_npo_thread")[0].text_content())

    # ------------------------------------------------------------
    # FOLLOWED BY ITS CODE
    # ------------------------------------------------------------

    def test_track(self):
        """P093, D05: the code opens stage and thread, a wrong one nothing."""
        for kind, model in KINDS.items():
            self._send(kind)
            record = self._newest(model)
            with self.subTest(kind):
                data = {"reference": record.name, "digits": record._tracking_code()}
                _response, page = self._post("/track", data)
                self.assertTrue(page.find_class("o_npo_sentence"))
                self.assertTrue(page.find_class("o_npo_thread"))
                wrong = []
                for reference, digits in (
                    (record.name, "AAAAAAAA"),
                    (f"{record.name[:-5]}99999", record._tracking_code()),
                ):
                    data = {"reference": reference, "digits": digits}
                    _response, page = self._post("/track", data)
                    wrong.append(page.get_element_by_id("npo_errors").text_content())
                    self.assertFalse(page.find_class("o_npo_thread"))
                self.assertEqual(*wrong)

    def test_thread(self):
        """P093: unknown, one reads what is asked, and answers; not who wrote it."""
        self._log_in(self.portal_user)
        self._send(is_anonymous="1")
        complaint = self._newest()
        complaint.message_post(body="Internal: the officer is on leave.")
        self.env["npo.message"].create(
            {
                "res_model": complaint._name,
                "res_id": complaint.id,
                "company_id": self.company.id,
                "subject": "A question",
                "body": "<p>On which day was it?</p>",
            }
        )
        data = {"reference": complaint.name, "digits": complaint._tracking_code()}
        _response, page = self._post("/track", data)
        text = page.find_class("o_npo_thread")[0].text_content()
        self.assertIn("On which day was it?", text)
        self.assertNotIn("on leave", text)
        reply = {**data, "step": "reply", "text": "يوم الأحد"}
        _response, page = self._post("/track", reply, {"files": ("a.pdf", PDF)})
        text = page.find_class("o_npo_thread")[0].text_content()
        self.assertIn("يوم الأحد", text)
        self.assertIn("a.pdf", text)
        said = complaint.message_ids.sorted("id")[-1:]
        self.assertIn("يوم الأحد", said.body)
        self.assertEqual(said.author_id, self.env.ref("base.public_partner"))
        self.assertNotEqual(said.create_uid, self.portal_user)
        _response, page = self._post("/track", {**reply, "text": " "})
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())

    def test_asked_back(self):
        """P093: who left no address is asked on the page, answers, and it goes on."""
        self._send("ask")
        inquiry = self._newest("npo.inquiry")
        inquiry.with_user(self.users["chief"])._ask("لأي شهر؟")
        asked = inquiry.message_log_ids.sorted("id")[-1:]
        asked._deliver()
        self.assertEqual(asked.state, "on_page")
        data = {"reference": inquiry.name, "digits": inquiry._tracking_code()}
        _response, page = self._post("/track", data)
        self.assertIn("لأي شهر؟", page.find_class("o_npo_thread")[0].text_content())
        self._post("/track", {**data, "step": "reply", "text": "رجب"})
        self.assertNotEqual(inquiry.stage_code, "waiting")

    def test_track_sealed(self):
        """P092: of a sealed one, no stage is told."""
        self._send(contact="0501234567")
        complaint = self._newest()
        complaint.confidentiality = "sealed"
        data = {"reference": complaint.name, "digits": "4567"}
        _response, page = self._post("/track", data)
        sentence = page.find_class("o_npo_sentence")[0].text_content()
        lang = page.xpath("/html/@lang")[0].replace("-", "_")
        spoken = complaint.with_context(lang=lang)
        self.assertEqual(sentence, spoken._public_sentence())
        self.assertNotEqual(sentence, spoken.portal_sentence)
        self.assertFalse(page.find_class("o_npo_thread"))

    # ------------------------------------------------------------
    # TEN THOUSAND
    # ------------------------------------------------------------

    def _generated(self, rng):
        """Return a post that somebody or something could send."""

        def pick():
            return rng.choice(HOSTILE) + rng.choice(["", rng.choice(HOSTILE)])

        post = {
            name: pick() if rng.random() < 0.7 else rng.choice([TEXT, "", "نورة"])
            for name in ("description", "name", "contact", "website_url", "x", "")
            if rng.random() < 0.8
        }
        if rng.random() < 0.5:
            post["is_anonymous"] = rng.choice(["1", "on", "", "\x00"])
        if rng.random() < 0.8:
            post["website_url"] = ""
        post["stamp"] = self._stamp(str(rng.random()))
        if rng.random() < 0.95:
            post["notice"] = str(self.env["npo.consent"]._notice(self.company).id)
        if rng.random() < 0.1:
            post["stamp"] = pick()
        return post

    def test_fuzz_read(self):
        """R150: 9,500 generated posts: none breaks, and what is accepted is there."""
        rng = random.Random(6)
        forms = self.env["npo.voice.form"].with_user(self.env.ref("base.public_user"))
        kinds = list(FORMS)
        accepted = dict.fromkeys(FORMS, 0)
        before = {kind: self._count(model) for kind, model in FORMS.items()}
        made = []

        def take(_self, kind, _company, typed, _files):
            made.append((kind, typed))
            return self.env[FORMS[kind]].browse(1), ""

        # what is read and judged, for all; what is made of it, for one in forty
        whole = type(forms)._take
        for number in range(9500):
            kind = rng.choice(kinds)
            post = self._generated(rng)
            taker = whole if number % 40 == 0 else take
            with patch.object(type(forms), "_take", taker):
                record, errors = forms._submit(kind, self.company, post, (), "10.0.0.1")
            self.assertNotEqual(bool(record), bool(errors))
            self.assertTrue(all(errors.values()))
            accepted[kind] += bool(record) and taker is whole
        self.env.flush_all()
        for kind, model in FORMS.items():
            self.assertEqual(self._count(model) - before[kind], accepted[kind])
        self.assertGreater(sum(accepted.values()), 20)
        self.assertGreater(len(made), 1000)

    def test_fuzz_posts(self):
        """R150: 500 generated posts over HTTP: no server error, and nothing is lost."""
        rng = random.Random(7)
        before = {kind: self._count(model) for kind, model in FORMS.items()}
        accepted = dict.fromkeys(FORMS, 0)
        for _number in range(500):
            kind = rng.choice(list(FORMS))
            post = self._generated(rng)
            files = rng.choice([None, None, None, {"files": ("a.pdf", PDF)}])
            if rng.random() < 0.1:
                files = {rng.choice(["files", "description"]): ("\u202e<b>", b"\xff")}
            response, _page = self._post(f"/{kind}", post, files, allow_redirects=False)
            self.assertLess(response.status_code, 500, post)
            accepted[kind] += response.status_code == 303
        for raw in (
            b"description=\xff\xfe&stamp=%ff%00",
            b"description=%D8%A7&description=%00",
            b"&&&===",
            b"\x00" * 1000,
        ):
            for content in ("application/x-www-form-urlencoded", "text/plain", "x/y"):
                response = self.url_open(
                    "/complain", data=raw, headers={"Content-Type": content}
                )
                self.assertLess(response.status_code, 500)
        for kind, model in FORMS.items():
            self.assertEqual(self._count(model) - before[kind], accepted[kind])
        self.assertGreater(sum(accepted.values()), 50)
        _logger.info("accepted of 500: %s", sum(accepted.values()))
