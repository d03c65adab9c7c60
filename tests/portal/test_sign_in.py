import re
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import http
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_logs import server_log
from ..common_performance import PerformanceCommon
from .common import PortalCommon

CODE = re.compile(r"\b\d{6}\b")
WRONG = "000000"


class SignInCommon(PortalCommon):
    """A person without an e-mail address, whose identity was seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary(1, email=False, phone="0555000111")
        cls._verify(cls.file)
        cls.codes = cls.env["npo.sign.in.code"]

    @classmethod
    def _verify(cls, file):
        file.with_user(cls.officer).write({"identity_source": "original"})

    def setUp(self):
        super().setUp()
        self._log_out()

    def _log_out(self):
        self.authenticate(None, None)

    def _give(self, file=None):
        """Return the access that the officer gave, as superuser."""
        action = (file or self.file).with_user(self.officer).action_portal_access()
        return self.env["npo.portal.access"].browse(action["res_id"])

    def _slip(self, access):
        slip = access.with_user(self.officer)._slip()
        return slip["key"].replace(" ", ""), slip["code"]

    def _use_slip(self, key, code, **kwargs):
        return self._post("/sign-in/slip", {"key": key, "code": code}, **kwargs)

    def _post(self, url, data=None, files=None, **kwargs):
        # OVERRIDE: signing in draws a new session, whose token stands on each page
        text = self.url_open("/sign-in/slip").text
        token = re.search(r'csrf_token: "([^"]+)"', text)[1]
        data = {"csrf_token": token, **(data or {})}
        response = self.url_open(url, data=data, files=files, **kwargs)
        return response, html.fromstring(response.content or b"<html/>")

    def _is_in(self):
        """Tell whether the browser is signed in."""
        self.env.flush_all()
        response = self.url_open("/my/home", allow_redirects=False)
        return response.status_code == 200

    @contextmanager
    def _texts(self):
        """Send text messages; collect those that were written."""
        self.company.npo_sms_enabled = True
        before = self.env["sms.sms"].search([]).ids
        sent = []
        yield sent
        with self.enter_registry_test_mode():
            cron = self.env.ref("npo_relations.ir_cron_npo_sign_in_send")
            cron.method_direct_trigger()
        texts = self.env["sms.sms"].search([("id", "not in", before)])
        sent += [(text.number, CODE.search(text.body)[0]) for text in texts]

    def _ask(self, mobile):
        _response, page = self._post("/sign-in", {"mobile": mobile})
        return page

    def _key(self, page):
        [key] = page.xpath("//input[@name='key']/@value")
        return key


@tagged("post_install", "-at_install")
class TestSignInSlip(SignInCommon):
    """D05: an officer's slip lets a person without an e-mail address in."""

    def test_account(self):
        """D05: drawn name, portal only, no address, neither identity nor mobile."""
        access = self._give()
        user = access.user_id
        self.assertTrue(user.share and user.has_group("base.group_portal"))
        self.assertEqual(user.partner_id, self.file.partner_id)
        self.assertFalse(user.email)
        self.assertRegex(user.login, r"^\d{8}$")
        self.assertNotIn(user.login, self.file.identity_number + self.file.phone)
        self.assertEqual(access.given_by_id, self.officer)
        self.assertEqual(self._give(), access, "pressed twice")
        self.assertEqual(access.mobile, "+966555000111")

    def test_kept(self):
        """D05: no column of any row holds the code."""
        access = self._give()
        key, code = self._slip(access)
        self.env.flush_all()
        for table in ("npo_sign_in_code", "npo_portal_access", "mail_message"):
            self.env.cr.execute(f'SELECT * FROM "{table}"')
            self.assertNotIn(f"'{code}'", str(self.env.cr.fetchall()), table)
        row = self.codes.search([("key", "=", key)])
        self.assertNotEqual(row.fingerprint, row.copy({"key": "X"})._fingerprint(code))

    def test_sign_in(self):
        """D05: once, by POST; what a scanner opens uses nothing up."""
        key, code = self._slip(self._give())
        for _open in range(3):
            response, page = self._get(f"/sign-in/slip/{key}")
            self.assertFalse(page.xpath("//input[@name='code']/@value")[0])
            self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self._get(f"/sign-in/slip/{key}?code={code}")
        self.assertFalse(self._is_in())
        response, _page = self._use_slip(key, code)
        self.assertEqual(self._path(response), "/my/choose-password")
        self.assertTrue(self._is_in())
        self._log_out()
        response, page = self._use_slip(key, code)
        self._assert_error(page, "code")
        self.assertFalse(self._is_in())

    def test_password(self):
        """D05: chosen once after a slip; opens by mobile, and by the drawn name."""
        access = self._give()
        self._use_slip(*self._slip(access))
        _response, page = self._post("/my/choose-password", {"password": "xyzzy1"})
        self._assert_error(page, "password")
        self.assertNotIn("xyzzy1", html.tostring(page).decode())
        response, _page = self._post(
            "/my/choose-password", {"password": "وردة وجبل وبحر"}
        )
        self.assertEqual(self._path(response), "/my")
        self.assertTrue(self._is_in(), "the session goes on")
        self._post("/my/choose-password", {"password": "another one"})
        self._log_out()
        typed = {"mobile": "٠٥٥٥٠٠٠١١١", "password": "وردة وجبل وبحر"}
        with mute_logger("odoo.addons.base.models.res_users"):
            _response, page = self._post(
                "/sign-in/password", {**typed, "password": "another one"}
            )
        message = self._assert_error(page, "password")
        _response, page = self._post(
            "/sign-in/password", {**typed, "mobile": "0555000999"}
        )
        self.assertEqual(self._assert_error(page, "password"), message)
        self.assertFalse(self._is_in())
        self._post("/sign-in/password", typed)
        self.assertTrue(self._is_in())

    def test_password_needs_code(self):
        """Nobody chooses a password without having come in by a code just now."""
        user = self.portal_user
        self._log_in(user)
        self._post("/my/choose-password", {"password": "not my right"})
        with self.assertRaises(AccessDenied), mute_logger("odoo.addons.base"):
            user.with_user(user)._check_credentials(
                {"type": "password", "password": "not my right"}, {"interactive": True}
            )

    def test_wrong_codes(self):
        """D05: five tries for a slip, whoever tries and from wherever."""
        key, code = self._slip(self._give())
        for _try in range(5):
            _response, page = self._use_slip(key, WRONG)
            self._assert_error(page, "code")
        self.env["npo.flood.guard"].search([]).unlink()
        self._use_slip(key, code)
        self.assertFalse(self._is_in(), "the slip itself is spent")

    def test_wrong_from_one_connection(self):
        """D05: who tries many slips from one connection waits, the right one too."""
        key, code = self._slip(self._give())
        self.company.npo_sign_in_from_one = 3
        for number in range(3):
            self._use_slip(f"ABCD234{number}", WRONG)
        self._use_slip(key, code)
        self.assertFalse(self._is_in())
        guard = self.env["npo.flood.guard"].search([])
        guard.write({"date_end": "2026-01-01"})
        self._use_slip(key, code)
        self.assertTrue(self._is_in())

    def test_over(self):
        """D05: a slip is good for the days that the association says."""
        key, code = self._slip(self._give())
        slip = self.codes.search([("key", "=", key)])
        slip.date_end -= timedelta(days=self.company.npo_slip_days, minutes=1)
        self._use_slip(key, code)
        self.assertFalse(self._is_in())

    def test_new_slip(self):
        """D05: a new slip ends the former one, the password and the sessions."""
        access = self._give()
        key, code = self._slip(access)
        self._use_slip(key, code)
        self._post("/my/choose-password", {"password": "valley and hill"})
        self.assertTrue(self._is_in())
        access.with_user(self.officer).action_new_slip()
        self.assertFalse(self._is_in())
        self.assertFalse(access.has_password)
        self._log_out()
        self._use_slip(key, code)
        self.assertFalse(self._is_in())
        self._use_slip(*self._slip(access))
        self.assertTrue(self._is_in())

    def test_new_slip_without_password(self):
        """D05: who came in by a code and chose no password is signed out as well."""
        access = self._give()
        self._use_slip(*self._slip(access))
        self.assertTrue(self._is_in())
        access.with_user(self.officer).action_new_slip()
        self.assertFalse(self._is_in())

    def test_ends(self):
        """D05: ended by the officer, or with the file, at once; opened again after."""
        access = self._give()
        self._use_slip(*self._slip(access))
        self.assertTrue(self._is_in())
        self.file.with_user(self.officer).action_close(note="Moved away")
        self.assertFalse(self._is_in())
        self.assertEqual((access.state, access.end_reason), ("ended", "file"))
        self.assertFalse(access.user_id.active)
        with self.assertRaisesRegex(UserError, "verified"):
            self._give()
        self.file.with_user(self.officer).action_reopen(note="Came back")
        again = self._give()
        self.assertNotEqual(again, access)
        self.assertEqual(again.user_id, access.user_id)
        slip = self._slip(again)
        again.with_user(self.officer).action_end()
        self.assertEqual(again.end_reason, "officer")
        self._use_slip(*slip)
        self.assertFalse(self._is_in())

    def test_not_entitled(self):
        """D05, D12: who is not entitled reads the answer there, and may object."""
        access = self._give()
        self._use_slip(*self._slip(access))
        self.file.with_user(self.officer).action_reject(note="Income above the limit")
        self.assertTrue(self._is_in())
        self.assertEqual(access.state, "open")

    def test_who_gives(self):
        """D05: relations officers alone, of a verified person, never of themselves."""
        for who in ("front", "deliverer", "manager", "auditor", "researcher"):
            with self.subTest(who), self.assertRaises(AccessError):
                self.file.with_user(self.users[who]).action_portal_access()
        unseen = self._new_beneficiary(2, email=False)
        with self.assertRaisesRegex(UserError, "verified"):
            self._give(unseen)
        staff = self._new_beneficiary(
            3, partner_id=self.users["front"].partner_id.id, email=False
        )
        self._verify(staff)
        with self.assertRaisesRegex(UserError, "work"):
            self._give(staff)

    def test_own_family(self):
        """D05: nobody holds a slip of their own household, or of whom they act for."""
        access = self._give()
        member = self.officer.partner_id
        lives_with = {
            "company_id": self.company.id,
            "site_id": self.branch.id,
            "member_ids": [
                Command.create(
                    {"relation": "head", "partner_id": self.file.partner_id.id}
                ),
                Command.create({"relation": "son", "partner_id": member.id}),
            ],
        }
        with self.cr.savepoint() as undo:
            self.env["npo.household"].create(lives_with)
            with self.assertRaisesRegex(UserError, "own family"):
                access.with_user(self.officer).action_new_slip()
            undo.rollback()
        self.env.invalidate_all()
        self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.file.partner_id.id,
                "representative_id": member.id,
            }
        )
        with self.assertRaisesRegex(UserError, "own family"):
            access.with_user(self.officer).action_new_slip()
        colleague = self.officer.copy({"login": f"colleague_{self.company.id}"})
        self.assertTrue(access.with_user(colleague).action_new_slip())

    def test_person_is_told(self):
        """D05: of each slip the person is told, by their own way; never the code."""
        self.file.partner_id.email = "person@example.com"
        messages = self.env["npo.message"]
        access = self._give()
        said = [("res_model", "=", access._name), ("res_id", "=", access.id)]
        told = messages.search(said)
        self.assertEqual(told.partner_id, self.file.partner_id)
        self.assertEqual(self._give(), access)
        self.assertEqual(messages.search(said), told, "no slip was issued")
        slips = [self._slip(access)]
        access.with_user(self.officer).action_new_slip()
        slips.append(self._slip(access))
        self.assertEqual(len(messages.search(said)), 2)
        for message in messages.search(said):
            text = f"{message.subject} {message.body}"
            self.assertNotIn(self.officer.name, text)
            for secret in (*slips[0], *slips[1], access.name):
                self.assertNotIn(secret, text)
            message._deliver()
            self.assertEqual((message.state, message.way), ("sent", "email"))

    def test_slip_paper(self):
        """D05: printed for who issued it, as long as it is good; nobody's name."""
        access = self._give()
        key, code = self._slip(access)
        report = "npo_relations.report_npo_sign_in_slip"

        def paper(user):
            reports = self.env["ir.actions.report"].with_user(user)
            return reports._render_qweb_html(report, access.ids)[0].decode()

        page = paper(self.officer)
        self.assertIn(code, page)
        self.assertIn(access.name, page)
        for private in (self.file.name, self.file.identity_number, "555000111"):
            self.assertNotIn(private, page)
        self.assertNotIn(code, paper(self.users["manager"]))
        colleague = self._new_staff("colleague", "relations_officer", self.company)
        self.assertNotIn(code, paper(colleague))
        with self.assertRaises(UserError):
            access.with_user(colleague).action_print_slip()
        self._use_slip(key, code)
        self.assertNotIn(code, paper(self.officer))

    def test_guardian(self):
        """D05, D11: a guardian signs in as themselves, until it is revoked."""
        guardian = self.env["res.partner"].create(
            {"name": "Guardian", "company_id": self.company.id, "phone": "0555000222"}
        )
        record = self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.file.partner_id.id,
                "representative_id": guardian.id,
                "kind": "interdiction",
                "instrument_number": "77",
            }
        )
        with self.assertRaisesRegex(UserError, "identity number"):
            record.with_user(self.officer).action_portal_access()
        record.write({"identity_type": "iqama", "identity_number": "2000000006"})
        action = record.with_user(self.officer).action_portal_access()
        access = self.env["npo.portal.access"].browse(action["res_id"])
        self.assertEqual(access.user_id.partner_id, guardian)
        self._use_slip(*self._slip(access))
        self.assertTrue(self._is_in())
        record.with_user(self.officer).action_revoke(reason="Over")
        self.assertFalse(self._is_in())

    def test_foreign_account(self):
        """D05: an account that no officer opened is opened by none, nor ended."""
        self.portal_user.partner_id.company_id = self.company
        own = self._new_beneficiary(2, partner_id=self.portal_user.partner_id.id)
        self._verify(own)
        with self.assertRaisesRegex(UserError, "e-mail"):
            self._give(own)

    def test_hired(self):
        """D05: who works here by now keeps the account of their work."""
        access = self._give()
        user = access.user_id
        user.write({"group_ids": [Command.set([self.env.ref("base.group_user").id])]})
        user.password = "a password of work"
        kept = self._password_of(user)
        access.with_user(self.officer).action_end()
        self.assertTrue(user.active)
        self.assertEqual(self._password_of(user), kept)
        self.assertEqual(access.state, "ended")

    def _password_of(self, user):
        self.env.flush_all()
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        return self.env.cr.fetchone()

    def test_no_longer_entitled(self):
        """D05, D11: no press ends a right that has run out; nobody comes in by it."""
        access = self._give()
        user = access.user_id
        user._npo_choose_password("some long words")
        credential = {
            "type": "password",
            "login": user.login,
            "password": "some long words",
        }
        checked = user.with_user(user)
        checked._check_credentials(credential, {"interactive": True})
        self.file.sudo().identity_verified_on = False
        with self.assertRaises(AccessDenied):
            checked._check_credentials(credential, {"interactive": True})
        cron = self.env.ref("npo_relations.ir_cron_npo_portal_access_end")
        self.company.partner_id.lang = "ar_001"
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((access.state, access.end_reason), ("ended", "file"))
        note = self.file.message_ids.sorted("id")[-1].body
        arabic = self.env(context={"lang": "ar_001"})
        self.assertIn(arabic._("The access to the portal was ended."), note)
        self.assertNotIn("The access to the portal", note)

    def test_many_end(self):
        """D05: many that end at once cost one hash, and a batch is kept as it ends."""
        files = self.env["npo.beneficiary"].create(
            [
                {
                    "name": f"Many {number}",
                    "company_id": self.company.id,
                    "identity_type": "none",
                    "phone": f"05550003{number:02}",
                }
                for number in range(4)
            ]
        )
        accesses = self.env["npo.portal.access"]
        for file in files:
            accesses |= accesses._give(
                file.partner_id, self.company, beneficiary_id=file.id
            )
        users = accesses.user_id
        tokens = [user._compute_session_token(f"x{user.id}") for user in users]
        self.assertEqual(set(users.mapped("active")), {True})
        context = self.env["res.users"]._crypt_context()
        with (
            patch.object(type(context), "hash", return_value="$x$y$z") as hashed,
            patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress,
        ):
            self.env["npo.portal.access"]._cron_end(batch=3)
        self.assertEqual(hashed.call_count, 2)
        self.assertEqual(
            [call.kwargs["remaining"] for call in progress.call_args_list], [1, 0]
        )
        self.assertEqual(set(accesses.mapped("end_reason")), {"file"})
        users.active = True
        for user, token in zip(users, tokens, strict=True):
            self.assertNotEqual(user._compute_session_token(f"x{user.id}"), token)

    def test_site(self):
        """D05: who serves the file now has the access; the former delegate not."""
        delegate = self.users["delegate"]
        self.file.sudo().site_id = self.branch
        access = self._give()
        self.assertEqual(access.site_id, self.branch)
        access.with_user(delegate).action_new_slip()
        self.file.sudo().site_id = self.site
        with self.assertRaises(AccessError):
            access.with_user(delegate).action_new_slip()

    def test_forged(self):
        """Nobody comes in by a proof of their own, or by one of somebody else's."""
        user = self._give().user_id.with_user(self._give().user_id)
        proof = self.codes._proof(self.portal_user)
        staff = self.officer.with_user(self.officer)
        for who, sent in (
            (user, ""),
            (user, "x"),
            (user, proof),
            (staff, self.codes._proof(self.officer)),
        ):
            with self.assertRaises(AccessDenied):
                who._check_credentials({"type": "npo_code", "proof": sent}, {})
        response = self.url_open(
            "/web/login",
            data={
                "login": user.login,
                "type": "npo_code",
                "proof": self.codes._proof(user),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertNotIn("/my", self._path(response))
        self.assertFalse(self._is_in())

    def test_nothing_in_the_log(self):
        """P038: neither code nor mobile stands in the server's log."""
        key, code = self._slip(self._give())
        with server_log() as lines:
            self._use_slip(key, WRONG)
            self._use_slip(key, code)
            self.url_open("/my")
        self.assertTrue([line for line in lines if "Login successful" in line])
        for private in (code, "555000111", self.file.identity_number):
            self.assertFalse([line for line in lines if private in line])


@tagged("post_install", "-at_install")
class TestSignInMobile(SignInCommon, PerformanceCommon):
    """D05: a one-time code to the mobile, where text messages are on."""

    def test_off(self):
        """D05: without a gateway the page says to ask for a slip."""
        _response, page = self._get("/sign-in")
        self.assertFalse(page.xpath("//input[@name='mobile']"))
        self.assertTrue(page.xpath("//a[contains(@href, '/sign-in/slip')]"))
        self._post("/sign-in", {"mobile": "0555000111"})
        self.assertFalse(self.codes.search([("kind", "=", "text")]))

    def test_code(self):
        """D05: asked for, sent, typed: signed in, once."""
        self._give()
        with self._texts() as sent:
            key = self._key(self._ask("055 500 0111"))
        [(number, code)] = sent
        self.assertEqual(number[-9:], "555000111")
        message = self.env["npo.message"].search([], limit=1, order="id desc")
        self.assertNotIn(code, message.body + message.subject)
        for _use in range(2):
            self._post("/sign-in/code", {"key": key, "code": code})
            self.assertEqual(self._is_in(), not _use)
            self._log_out()
        row = self.codes.search([("key", "=", key)])
        self.assertFalse(row.nonce, "nobody works it out again")

    def test_not_sent(self):
        """D05: no code to a number that changed, nor once the access ended."""
        access = self._give()
        with self._texts() as sent:
            self._ask("0555000111")
            self.file.sudo().phone = "0555000333"
        self.assertFalse(sent)
        self.file.sudo().phone = "0555000111"
        with self._texts() as sent:
            self._ask("0555000111")
            access._end("officer")
        self.assertFalse(sent)

    def test_shared_mobile(self):
        """D05: one mobile opens one account: the second person has the slip."""
        self._give()
        other = self._new_beneficiary(2, email=False, phone="0555000111")
        self._verify(other)
        second = self._give(other)
        self.assertFalse(second.mobile)
        self._use_slip(*self._slip(second))
        self.assertTrue(self._is_in())

    def test_no_hint(self):
        """D05: status, words, headers, where it leads and the work are the same."""
        self._give()
        self.company.npo_sms_enabled = True
        answers, counts = [], []
        for mobile in ("0555000111", "0555000112"):
            with patch.object(type(self.codes), "_draw_code", lambda _self: WRONG):
                self.env.flush_all()
                self.env.invalidate_all()
                start = self.cr.sql_log_count
                response, page = self._post("/sign-in", {"mobile": mobile})
                counts.append(self.cr.sql_log_count - start)
                key = self._key(page)
                wrong, wrong_page = self._post(
                    "/sign-in/code", {"key": key, "code": WRONG}
                )
            answers.append(
                [self._seen(one, key) for one in (response, wrong)]
                + [self._path(response), self._path(wrong)]
            )
        self.assertEqual(*answers)
        _warm, known, unknown = (
            self._statements(lambda m=m: self.codes._ask(self.company, m, "10.0.0.9"))
            for m in ("0555000114", "0555000111", "0555000113")
        )
        self.assertEqual(known, unknown)
        keys = [self.codes._draw(self.company, k, 5, kind="text").key for k in "ab"]
        known, unknown = (
            self._statements(
                lambda k=k: self.codes._enter(self.company, k, "1" * 6, "10.0.0.9")
            )
            for k in (keys[0], "nothing")
        )
        self.assertEqual(known, unknown)

    def _seen(self, response, key):
        """Return what an answer shows, without what is drawn for each page."""
        text = response.text.replace(key, "")
        text = re.sub(r'(csrf_token"? ?[:=]? ?"?value="|csrf_token: ")[^"]*', "", text)
        text = re.sub(r"[0-9a-f]{40}o\d+", "", text)
        names = {"Date", "Set-Cookie", "Content-Length", "Content-Security-Policy"}
        headers = {k: v for k, v in response.headers.items() if k not in names}
        return response.status_code, text, headers

    def test_password_no_hint(self):
        """D05: a mobile that nobody has costs a comparison of passwords as well."""
        access = self._give()
        access.user_id.partner_id.flush_recordset()
        with patch.object(type(self.env["res.users"]), "_crypt_context") as context:
            for mobile in ("0555000111", "0555000112"):
                credential, message = self.codes._credential(
                    self.company, mobile, "some words", "10.0.0.1"
                )
                self.assertIsNone(credential)
                self.assertEqual(message, self.codes._password_message())
        self.assertEqual(context.return_value.verify.call_count, 2)

    def test_password_cooldown(self):
        """D05: where core makes one wait, each mobile still costs one comparison."""
        users = type(self.env["res.users"])
        self._give().user_id._npo_choose_password("valley and hill")
        context = self.env["res.users"]._crypt_context()
        compared, texts = [], []
        for mobile in ("0555000111", "0555000112"):
            with (
                patch.object(users, "_on_login_cooldown", return_value=True),
                patch.object(users, "_crypt_context") as crypt,
                mute_logger("odoo.addons.base.models.res_users"),
            ):
                crypt.return_value.hash.side_effect = context.hash
                crypt.return_value.verify.return_value = False
                data = {"mobile": mobile, "password": "valley and sea"}
                response, _page = self._post("/sign-in/password", data)
                verified = crypt.return_value.verify.call_args_list
                compared.append(len(verified))
                compared.append(crypt.return_value.verify_and_update.call_count)
            texts.append(self._seen(response, mobile[1:]))
        self.assertEqual(compared, [1, 0, 1, 0])
        self.assertEqual(*texts)

    def test_right_is_no_try(self):
        """D05: who comes in uses no try up; wrong ones before and between count."""
        self._give().user_id._npo_choose_password("valley and hill")
        self.company.npo_sign_in_tries = 2
        for password, is_in in (
            ("valley and sea", False),
            ("valley and hill", True),
            ("valley and hill", True),
            ("valley and sea", False),
            ("valley and hill", False),
        ):
            data = {"mobile": "0555000111", "password": password}
            self._post("/sign-in/password", data)
            self.assertEqual(self._is_in(), is_in)
            self._log_out()

    def test_limits(self):
        """D05: five a number, thirty a connection; the same for a number of nobody."""
        self._give()
        self.company.npo_sms_enabled = True
        for mobile in ("0555000111", "0555000112"):
            for turn in range(6):
                _key, error = self.codes._ask(self.company, mobile, f"10.0.1.{turn}")
                self.assertEqual(bool(error), turn == 5, mobile)
        self.company.npo_sign_in_codes = 5
        self.company.npo_sign_in_tries = 20
        for turn in range(6):  # a day, however long one waits between
            _key, error = self.codes._ask(self.company, "0555000777", f"10.0.3.{turn}")
            self.assertEqual(bool(error), turn == 5)
        self.company.npo_sign_in_from_one = 4
        for turn in range(5):
            mobile = f"05550002{turn:02}"
            _key, error = self.codes._ask(self.company, mobile, "10.0.2.1")
            self.assertEqual(bool(error), turn == 4)

    def test_hostile(self):
        """Odd numbers, keys and codes break nothing and let nobody in."""
        self.company.npo_sms_enabled = True
        for text in ("", "%", "\x00", "'; --", "x" * 5000, "٠٥٥", "<b>"):
            _response, page = self._post("/sign-in", {"mobile": text})
            self._assert_error(page, "mobile")
            for url in ("/sign-in/code", "/sign-in/slip"):
                response, _page = self._post(url, {"key": text, "code": text})
                self.assertEqual(response.status_code, 200)
            self.env["npo.flood.guard"].search([]).unlink()
        self.assertFalse(self._is_in())
