import re
from inspect import signature
from unittest.mock import patch

from odoo import http
from odoo.tests import new_test_user, tagged

from ..common_browser import WebCommon
from ..common_performance import PerformanceCommon
from .common import SecurityCommon

# A door of core's, by what it asks for, or by how it is called: many take in anything.
ASKED = {"login", "password", "master_pwd", "email", "mobile", "code", "session_code"}
ASKING = re.compile(
    r"^/s$|login|password|signup|authent|passkey|totp|rpc|json|survey/s"
)
SECRETS = {"token", "code", "key", "digits", "access_token", "password", "mobile"}
# Routes that look at what somebody guessed, or take something in: counted, by number
# and by connection. What is sent wrongly, and under which kind it is counted.
CHECKED = {
    "/track": {"reference": "REQ/2026/99999", "digits": "0000"},
    "/sign-in": {"mobile": "0555999888"},
    "/sign-in/code": {"key": "x", "code": "000000"},
    "/sign-in/slip": {"key": "ABCD2345", "code": "000000"},
    "/sign-in/password": {"mobile": "0555999888", "password": "x"},
    "/queue/<string:token>/rate": {"code": "0000"},
    "/web/reset_password": {"login": "99999@example.com"},
}
# Forms: each one that is taken is counted (`_form_limits`, `_answer_openly`).
FORMS = {
    "/complain",
    "/ask",
    "/suggest",
    "/help",
    "/request-information",
    "/opinion/open/<string:code>",
}
# The key is drawn of 144 bits or more, or signed: nobody tries them through.
DRAWN = {
    "/rate/<string:token>": ("npo.rating", "token"),
    "/verify/<string:token>": ("npo.attestation", "token"),
    "/opinion/<string:token>": ("npo.opinion.invitation", "token"),
    "/queue/<string:token>": ("npo.site", "queue_token"),
    "/queue/<string:token>/board": ("npo.site", "queue_token"),
    "/sent/<string:token>": "signed by the server, for two hours",
    "/my/requests/<int:request_id>": "Odoo's own token, compared in constant time",
    "/my/requests/<int:request_id>/print/<string:document>": "as the request",
    "/sign-in/slip/<string:key>": "a key opens nothing without its code",
}
# What is published for everybody: nothing is asked, nothing is taken in.
PUBLISHED = {
    "/rights",
    "/rights/<string:code>",
    "/rights/<string:code>/print",
    "/privacy",
    "/policy",
    "/policy/<int:policy_id>",
    "/policy/<int:policy_id>/print",
    "/information",
    "/information/guides/<int:guide_id>",
    "/service-centre",
    "/service-centre/answers/<int:answer_id>",
    "/service-centre/guides/<int:guide_id>",
    "/service-centre/services/<int:service_id>",
}
# Odoo's own, which this module makes stricter.
ODOO = ("/web/content", "/mail/attachment/upload")
# Doors that Odoo opens, and why each of them is no way in, or tells of nobody.
TRIED = "wrong ones are counted in `res.users._assert_can_auth`"
MANAGER = "the manager of databases: `list_db = False`, as the checklist asks"
LIVE = "of a survey that is shown at one time: its questions, and nobody's answers"
SURVEY = "a key is drawn for the survey, and for each answer; no e-mail is looked for"
CORE = {
    "/web/login": TRIED,
    "/web/login/totp": TRIED,
    "/web/session/authenticate": TRIED,
    "/base_import_module/login_upload": TRIED,
    "/jsonrpc": TRIED,
    "/xmlrpc/<service>": TRIED,
    "/xmlrpc/2/<service>": TRIED,
    "/json/2": "a key for programs, drawn of 160 bits",
    "/json/2/<path:subpath>": "a key for programs, drawn of 160 bits",
    "/json/version": "says which Odoo this is",
    "/auth/passkey/start-auth": "draws what a key of a device signs",
    "/web/signup": "closed without a token; `signup_email` is left out",
    "/web/database/backup": MANAGER,
    "/web/database/change_password": MANAGER,
    "/web/database/create": MANAGER,
    "/web/database/drop": MANAGER,
    "/web/database/duplicate": MANAGER,
    "/web/database/restore": MANAGER,
    "/website_mail/follow": "answers the same for each e-mail; follows what is public",
    "/s": LIVE,
    "/s/<string:session_code>": LIVE,
    "/survey/check_session_code/<string:session_code>": LIVE,
    "/survey/start/<string:survey_token>": SURVEY,
    "/survey/submit/<string:survey_token>/<string:answer_token>": SURVEY,
}
# Of who is signed in: asks for no secret, takes in one of their own.
OWN = {"/my/choose-password"}


@tagged("post_install", "-at_install")
class TestCodeRoutes(SecurityCommon, WebCommon, PerformanceCommon):
    """D05: every page that everybody can open is counted, or says why not."""

    def _routes(self, ours=True):
        """Return {path: (auth, names of its parameters)} of the running registry.

        :param ours: of this module alone; False: of all that are installed
        """
        rules = http._generate_routing_rules(
            sorted(self.env.registry._init_modules), nodb_only=False
        )
        return {
            path: (
                endpoint.routing["auth"],
                set(signature(endpoint.original_endpoint).parameters),
            )
            for path, endpoint in rules
            if not ours
            or endpoint.original_endpoint.__module__.startswith(
                "odoo.addons.npo_relations."
            )
        }

    def test_every_route_is_decided(self):
        """A new public page fails here until somebody says how it is protected."""
        decided = {*CHECKED, *FORMS, *DRAWN, *PUBLISHED}
        routes = self._routes()
        public = {
            path
            for path, (auth, _names) in routes.items()
            if auth != "user" and not path.startswith(ODOO)
        }
        self.assertEqual(public - decided, set(), "not decided")
        self.assertEqual(decided - public, set(), "no longer there")
        asking = {
            path
            for path, (auth, names) in routes.items()
            if auth == "user" and names & SECRETS
        }
        self.assertEqual(asking, OWN)

    def test_counted(self):
        """D05: each wrong try is on record, by connection, in the database."""
        self.authenticate(None, None)
        self.env["website"].search([], limit=1).company_id = self.company
        self.company.npo_sms_enabled = True
        site = self.env["npo.site"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        site.queue_token = "a" * 24
        guards = self.env["npo.flood.guard"]
        for path, typed in CHECKED.items():
            url = path.replace("<string:token>", site.queue_token)
            guards.search([]).unlink()
            token = http.Request.csrf_token(self)
            for _turn in range(2):
                response = self.url_open(url, data={**typed, "csrf_token": token})
                self.assertEqual(response.status_code, 200)
            rows = guards.search([("company_id", "=", self.company.id)])
            with self.subTest(path):
                self.assertTrue(rows)
                self.assertEqual(set(rows.mapped("hits")), {2})
                for private in ("127.0.0.1", "0555999888", "99999"):
                    self.assertNotIn(private, str(rows.mapped("key")))

    def test_core_is_decided(self):
        """D05: core's own doors too: a new one fails here until it is looked at."""
        asking = {
            path
            for path, (auth, names) in self._routes(ours=False).items()
            if auth in ("public", "none") and (names & ASKED or ASKING.search(path))
        }
        decided = {*CHECKED, *FORMS, *DRAWN, *CORE}
        self.assertEqual(asking - decided - PUBLISHED, set(), "not decided")
        self.assertEqual(set(CORE) - asking, set(), "no longer there")

    def test_drawn_keys(self):
        """What opens a page by itself has 144 bits, and one index that is unique."""
        self.env.cr.execute(
            """
            SELECT tablename || '.' || substring(indexdef from '\\((\\w+)\\)')
              FROM pg_indexes WHERE indexdef LIKE 'CREATE UNIQUE%'
            """
        )
        unique = {row[0] for row in self.env.cr.fetchall()}
        for kept in DRAWN.values():
            if isinstance(kept, tuple):
                model, name = kept
                self.assertIn(f"{self.env[model]._table}.{name}", unique)
        self.assertGreaterEqual(len(self.site._queue_address().rpartition("/")[2]), 24)

    # ------------------------------------------------------------
    # A FORGOTTEN PASSWORD
    # ------------------------------------------------------------

    def _askers(self):
        """Return what is typed of who has an e-mail, of who has none, and of nobody."""
        self.officer.email = "known@example.com"
        without = new_test_user(self.env, "48151623", "base.group_portal", email=False)
        without.name = "Private Name"
        self.env.flush_all()
        self.env["website"].search([], limit=1).company_id = self.company
        self.authenticate(None, None)
        return "known@example.com", without.login, "nobody@example.com"

    def _ask_reset(self, login, **data):
        """Return status and words, without what is drawn for each page."""
        data = {"login": login, "csrf_token": http.Request.csrf_token(self), **data}
        response = self.url_open("/web/reset_password", data=data)
        text = re.sub(r"csrf_token[^,>]*|[0-9a-f]{40}o\d+", "", response.text)
        return response.status_code, text.replace(login, "")

    def test_reset_tells_nothing(self):
        """D05: a forgotten password: one answer and one work, and no name is shown."""
        typed = self._askers()
        answers = [self._ask_reset(login) for login in typed]
        self.assertEqual(answers[0][0], 200)
        self.assertIn("alert-success", answers[0][1])
        self.assertNotIn("Private Name", answers[1][1])
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0], answers[2])
        codes = self.env["npo.sign.in.code"]
        _warm, *counts = (
            self._statements(
                lambda login=login: codes._ask_reset(self.company, login, "10.0.0.1")
            )
            for login in ("else@example.com", *typed)
        )
        self.assertEqual(len(set(counts)), 1, counts)
        for url in (
            "/web/reset_password?signup_email=%s",
            "/web/reset_password?token=x&signup_email=%s",
            "/web/signup?token=x&signup_email=%s",
        ):
            response = self.url_open(url % typed[0], allow_redirects=False)
            self.assertEqual(response.status_code, 200, url)

    def test_reset_is_sent(self):
        """D05: the mail goes out afterwards, to who has an e-mail, once."""
        for login in self._askers():
            self._ask_reset(login)
        users = self.env["res.users"]
        sent = []
        mails = type(self.env["mail.mail"])
        with (
            patch.object(mails, "send", lambda mail: sent.append(mail.email_to)),
            self.enter_registry_test_mode(),
        ):
            cron = self.env.ref("npo_relations.ir_cron_npo_sign_in_send")
            for _turn in range(2):
                cron.method_direct_trigger()
        self.assertEqual(sent, ["known@example.com"])
        self.env.invalidate_all()
        partner = self.officer.partner_id
        self.assertEqual(partner.signup_type, "reset")
        # core's link still works
        token = partner._generate_signup_token()
        page = self.url_open(f"/web/reset_password?token={token}").text
        self.assertIn('name="confirm_password"', page)
        new = "a new long password"
        self._ask_reset("", token=token, password=new, confirm_password=new)
        credential = {"type": "password", "login": self.officer.login, "password": new}
        users.authenticate(credential, {"interactive": False})

    def test_reset_limits(self):
        """D05: too many: the same words for who is there and who is not."""
        typed = self._askers()
        self.company.npo_sign_in_tries = 1
        first = self._ask_reset(typed[0])
        answers = [self._ask_reset(login) for login in (*typed, typed[2])]
        self.assertNotEqual(answers[0], first)
        self.assertEqual(answers[0], answers[3])
        self.assertEqual(answers[1], first)
        self.company.npo_sign_in_from_one = 3
        self.assertEqual(self._ask_reset("one.more@example.com"), answers[0])

    def test_tracking_tells_nothing(self):
        """D05: a number that exists and one that does not: answer and work alike."""
        request = self._new_request()
        request.sudo().date_submitted = self.company._npo_today()
        tracking = self.env["npo.tracking"]
        answers, counts = [], []
        for reference in ("REQ/2026/77777", request.name, "REQ/2026/88888"):
            counts.append(
                self._statements(
                    lambda ref=reference: answers.append(
                        tracking._look(self.company, ref, "0000", "10.0.0.1")[1]
                    )
                )
            )
        self.assertEqual(set(answers), {"nothing"})
        _warm, known, unknown = counts
        self.assertLessEqual(known - unknown, 4, counts)
