from inspect import signature

from odoo import http
from odoo.tests import tagged

from ..common_browser import WebCommon
from ..common_performance import PerformanceCommon
from .common import SecurityCommon

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
# Of who is signed in: asks for no secret, takes in one of their own.
OWN = {"/my/choose-password"}


@tagged("post_install", "-at_install")
class TestCodeRoutes(SecurityCommon, WebCommon, PerformanceCommon):
    """D05: every page that everybody can open is counted, or says why not."""

    def _routes(self):
        """Return {path: (auth, names of its parameters)} of the running registry."""
        rules = http._generate_routing_rules(
            sorted(self.env.registry._init_modules), nodb_only=False
        )
        return {
            path: (
                endpoint.routing["auth"],
                set(signature(endpoint.original_endpoint).parameters),
            )
            for path, endpoint in rules
            if endpoint.original_endpoint.__module__.startswith(
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
