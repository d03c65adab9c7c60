import json
import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import new_users
from ..common_browser import WebCommon
from .access_table import TABLE, read
from .common import ROLE_CODES
from .common_records import EveryRecordCommon

# Whose id stands in the address, by the part of the path before it. An address with an
# id that is not here fails: it has to be said what a foreign one is.
PLACES = {
    "requests": "npo.request",
    "receipt": "npo.delivery",
    "appeals": "npo.appeal",
    "agreements": "npo.agreement",
    "disputes": "npo.dispute",
    "appointments": "npo.appointment",
    "compensations": "npo.compensation",
    "complaints": "npo.complaint",
    "inquiries": "npo.inquiry",
    "suggestions": "npo.suggestion",
    "information": "npo.info.request",
    "visits": "npo.visit",
    "consents": "npo.consent.purpose",
    "privacy": "npo.data.request",
    "policy": "npo.policy",
    "services": "npo.service",
    "guides": "npo.guide",
    "answers": "npo.answer",
    "page": None,
}
OWN_CASES = (
    "npo.request",
    "npo.complaint",
    "npo.inquiry",
    "npo.suggestion",
    "npo.data.request",
    "npo.compensation",
)
# Over true HTTP a sample of what `test_access_rpc` asks of every model.
ROLES_TRIED = ("front", "governor", "auditor", "internal", "alien")
MODELS_TRIED = (
    "npo.beneficiary",
    "npo.complaint",
    "npo.request",
    "npo.household",
    "npo.access.log",
    "npo.compensation",
    "npo.duty",
)
QUIET = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.rpc.controllers")
JSON = {"Content-Type": "application/json"}


@tagged("post_install", "-at_install")
class TestAccessOverHttp(EveryRecordCommon, WebCommon):
    """D02, R157: the table over the wire, and each address with another's id."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= new_users(
            cls.env,
            cls.company,
            {"alien": (f"alien_{cls.company.id}", "base.group_portal")},
        )
        cls.person = cls.request.partner_id
        cls.marks = {cls.person.name, "1000000008", "0000608010167519"}
        for name in OWN_CASES:
            domain = [
                ("company_id", "=", cls.company.id),
                ("partner_id", "=", cls.person.id),
            ]
            cls.marks |= set(cls.env[name].search(domain).mapped("name"))
        cls.marks.discard(False)
        cls.letters = {
            line["model"]: {
                "alien": line["portal_beneficiary"],
                **{role: line[code] for role, code in ROLE_CODES.items()},
            }
            for line in read(TABLE)
        }
        cls.env.flush_all()

    def _sign_in(self, role):
        user = self.users[role]
        self.authenticate(user.login, user.login.ljust(8, "x"))

    def _post(self, url, params, **headers):
        return self.url_open(url, data=json.dumps(params), headers=JSON | headers)

    def _assert_tells_nothing(self, response, label):
        with self.subTest(label):
            self.assertNotEqual(response.status_code, 500)
            text = response.text
            self.assertEqual([mark for mark in self.marks if mark in text], [])

    # ------------------------------------------------------------
    # THE TABLE
    # ------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_call_kw(self):
        """D02: what a browser asks is answered as the table has it."""
        for role in ROLES_TRIED:
            self._sign_in(role)
            for model in MODELS_TRIED:
                call = {
                    "model": model,
                    "method": "web_search_read",
                    "args": [[], {"display_name": {}}],
                    "kwargs": {},
                }
                url = f"/web/dataset/call_kw/{model}/web_search_read"
                answer = self._post(url, {"params": call}).json()
                with self.subTest(f"{role} {model}"):
                    self.assertEqual(
                        "result" in answer, "r" in self.letters[model][role]
                    )

    @mute_logger(*QUIET)
    def test_json_2(self):
        """D02: a programme with a key gets what its user gets, and no more."""
        soon = fields.Datetime.now() + timedelta(days=1)
        for role in ("auditor", "governor", "internal"):
            user = self.users[role]
            keys = self.env["res.users.apikeys"].with_user(user).sudo()
            key = keys._generate("rpc", "test", soon)
            for model in MODELS_TRIED:
                answer = self._post(
                    f"/json/2/{model}/search_read",
                    {"domain": [], "fields": ["display_name"]},
                    Authorization=f"bearer {key}",
                )
                with self.subTest(f"{role} {model}"):
                    self.assertEqual(
                        answer.status_code == 200, "r" in self.letters[model][role]
                    )

    @mute_logger(*QUIET)
    def test_export(self):
        """R154: a file to take along has no field that is not one's own to read."""
        self.users["auditor"].group_ids |= self.env.ref("base.group_allow_export")
        for role, model, name in (
            ("auditor", "npo.beneficiary", "identity_number"),
            ("auditor", "npo.request", "beneficiary_id/identity_number"),
            ("auditor", "npo.document", "number"),
            ("internal", "npo.beneficiary", "name"),
            ("governor", "npo.request", "partner_id/name"),
        ):
            self._sign_in(role)
            record = self._record(model)
            data = {
                "model": model,
                "fields": [{"name": name, "label": name, "type": "char"}],
                "ids": record.ids,
                "domain": [],
                "import_compat": False,
                "context": {},
            }
            for kind in ("csv", "xlsx"):
                response = self.url_open(
                    f"/web/export/{kind}",
                    data={"data": json.dumps(data), "csrf_token": self._token()},
                )
                self.assertNotEqual(response.status_code, 200, f"{role} {name}")

    def _token(self):
        return Request.csrf_token(self)

    # ------------------------------------------------------------
    # BESIDE THE RECORD
    # ------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_reports(self):
        """R157: no paper of a record is made for who may not read the record."""
        reports = self.env["ir.actions.report"].search([("model", "=like", "npo.%")])
        self.assertGreater(len(reports), 40)
        for role in ("internal", "alien"):
            self._sign_in(role)
            for report in reports:
                record = self._record(report.model)
                url = f"/report/html/{report.report_name}/{record[:1].id or 1}"
                self._assert_tells_nothing(self.url_open(url), f"{role} {url}")

    @mute_logger(*QUIET)
    def test_files(self):
        """R157: no file of a record of ours is for who has no part in it."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=like", "npo.%"),
                ("res_field", "in", (False, *self._file_fields())),
                ("public", "=", False),
                ("company_id", "in", (False, self.company.id)),
            ],
            limit=20,
            order="id desc",
        )
        paper = self.env["ir.attachment"].create(
            {
                "name": "x.txt",
                "raw": self.person.name.encode(),
                "res_model": "npo.request",
                "res_id": self.request.id,
            }
        )
        for role in ("internal", "alien", "governor"):
            self._sign_in(role)
            for file in files | paper:
                for url in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                    self._assert_tells_nothing(self.url_open(url), f"{role} {url}")

    def _file_fields(self):
        return {
            field.name
            for name in self._npo_models(transient=False)
            for field in self.env[name]._fields.values()
            if field.type == "binary"
        }

    @mute_logger(*QUIET)
    def test_talk(self):
        """R157: the discussion of a record is for who reads the record."""
        names = [
            name
            for name in self._npo_models(transient=False)
            if "message_ids" in self.env[name]._fields
        ]
        self.assertGreater(len(names), 15)
        said = f"Said of {self.person.name}"
        for name in names:
            if record := self._record(name)[:1]:
                record.sudo().message_post(body=said)
        for role in ("internal", "alien"):
            self._sign_in(role)
            for name in names:
                params = {"thread_model": name, "thread_id": self._record(name)[:1].id}
                response = self._post("/mail/thread/messages", {"params": params})
                self._assert_tells_nothing(response, f"{role} {name}")

    @mute_logger(*QUIET)
    def test_mail_templates(self):
        """R157: nobody has a letter written about a record that they may not read."""
        found = self.env["mail.template"].search([("model", "=like", "npo.%")])
        templates = {template.model: template for template in found}
        self.assertGreater(len(templates), 8)
        told, tried = [], 0
        for role in ("internal", "governor"):
            self._sign_in(role)
            for name, template in templates.items():
                record = self._record(name)[:1]
                if self._as(role, record)._filtered_access("read"):
                    continue
                tried += 1
                vals = {
                    "model": name,
                    "res_ids": str(record.ids),
                    "template_id": template.id,
                    "composition_mode": "comment",
                }
                call = {
                    "model": "mail.compose.message",
                    "method": "web_save",
                    "args": [[], vals, {"subject": {}, "body": {}}],
                    "kwargs": {},
                }
                url = "/web/dataset/call_kw/mail.compose.message/web_save"
                answer = self._post(url, {"params": call}).text
                if any(json.dumps(mark)[1:-1] in answer for mark in self.marks):
                    told.append((role, template.name, answer[:300]))
        self.assertGreater(tried, 12)
        self.assertEqual(told, [])

    # ------------------------------------------------------------
    # EVERY ADDRESS
    # ------------------------------------------------------------

    def _addresses(self):
        """Return every address of ours that a browser may get, with another's ids."""
        found = set()
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.cr.dbname, create=True):
            routing_map = self.env["ir.http"].routing_map()
        for rule in routing_map.iter_rules():
            endpoint = rule.endpoint
            ours = endpoint.func.__module__.startswith("odoo.addons.npo_relations.")
            routing = endpoint.routing
            if not ours or routing.get("type", "http") != "http":
                continue
            if rule.rule.startswith("/web/"):  # Odoo's own: see the files above
                continue
            if rule.methods and "GET" not in rule.methods:
                continue
            found |= set(self._urls(rule))
        return sorted(found)

    def _urls(self, rule):
        """Return the address of a rule, once for each choice that it offers."""
        urls = [""]
        before = ""
        for is_dynamic, data in rule._trace:
            if data == "|" or (not is_dynamic and data.startswith("|")):
                data = data.lstrip("|")
            if not is_dynamic:
                urls = [url + data for url in urls]
                before = [part for part in data.split("/") if part][-1:] or [before]
                before = before[0]
                continue
            converter = rule._converters[data]
            if hasattr(converter, "items"):
                urls = [url + item for url in urls for item in converter.items]
                before = ""
            elif "int" in type(converter).__name__.lower():
                urls = [url + str(self._foreign_id(url)) for url in urls]
            else:
                urls = [f"{url}x" for url in urls]
        return urls

    def _foreign_id(self, url):
        place = [part for part in url.split("/") if part][-1]
        self.assertIn(place, PLACES, f"Whose id is in {url}?")
        name = PLACES[place]
        return (self._record(name)[:1].id if name else 0) or 1

    @mute_logger(*QUIET)
    def test_every_address(self):
        """R154, R157: no page, public or of the portal, shows another's case."""
        urls = self._addresses()
        self.assertGreater(len(urls), 55)
        for role in (None, "alien"):
            if role:
                self._sign_in(role)
            else:
                self.authenticate(None, None)
            for url in urls:
                response = self.url_open(url)
                self._assert_tells_nothing(response, f"{role} {url}")
        # the other side: whose it is sees it, with a login of their own
        accesses = self.env["npo.portal.access"].sudo()
        live = accesses.search([("user_id", "=", self.users["portal"].id)])
        live.date_ended = fields.Datetime.now()
        self._sign_in("portal")
        own = self.url_open(f"/my/requests/{self.request.id}").text
        self.assertIn(self.request.name, own)
