import csv
import io
import json
import re
import zipfile

from lxml import html

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common_browser import WebCommon
from ..common_logs import server_log
from ..people.common import PDF
from .common import SecurityCommon

# One text with all that some programme would run, in a row.
HOSTILE = (
    '=HYPERLINK("http://evil.example","x") <img src=x onerror=alert(1)>'
    " {{ 7*7 }} ${7*7} <t t-out='7*7'/> %(x)s"
)
MARK = "MARKEDPERSON"
# A name has neither < nor >: the model refuses it.
NAME = f"={MARK} {{{{ 7*7 }}}} ${{7*7}}"
PHONE = "0555444333"
# What a subject and the name of a file may be made of.
SUBJECTS = {
    "object.company_id.name",
    "object.file_no or ''",
    "object.name",
    "object.request_id.name",
}


@tagged("post_install", "-at_install")
class TestOutput(SecurityCommon, WebCommon):
    """R157, P038: what a stranger types does nothing, wherever it comes out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["website"].search([], limit=1).company_id = cls.company
        cls.company.write({"npo_form_seconds": 0, "npo_posts_per_address": 1000})
        cls.users["admin"].group_ids |= cls.env.ref("base.group_allow_export")
        cls.portal = cls.users["portal"]
        cls.portal.partner_id.company_id = cls.company
        cls.portal.partner_id.lang = cls.env.lang
        cls.file = cls._new_portal_file(index=0)
        cls.file.partner_id.write({"name": NAME, "phone": PHONE, "city": HOSTILE})
        cls.request = cls._new_request(cls.file, description=HOSTILE).sudo()
        cls.cases = cls._tell()

    @classmethod
    def _tell(cls):
        """Return what a stranger and a person say by every public form."""
        forms = cls.env["npo.voice.form"].with_user(cls.portal)
        guard = cls.env["npo.flood.guard"]
        notice = cls.env["npo.consent"]._notice(cls.company)
        cases = []
        for number, kind in enumerate(("complain", "ask", "suggest", "help")):
            typed = {
                "name": NAME,
                "contact": "",
                "description": HOSTILE,
                "stamp": guard._stamp(str(number)),
                "notice": str(notice.id),
            }
            if kind == "help":
                typed["contact"] = PHONE
            files = [("<img src=x onerror=alert(1)>.pdf", PDF)]
            record, errors = forms._submit(kind, cls.company, typed, files)
            assert not errors, errors
            cases.append(record.sudo())
        privacy = cls.env["npo.data.request"].with_user(cls.portal)
        typed = {"kind": "access", "detail": HOSTILE, "notice": str(notice.id)}
        privacy._portal_ask(cls.company, typed)
        asked = privacy.sudo().search([], limit=1, order="id desc")
        seen = {"date_identity": cls.company._npo_today()}
        asked.write({**seen, "identity_verified_by_id": cls.officer.id})
        cases.append(asked)
        return cases

    def _assert_harmless(self, page, where):
        """No element and no result of what was typed; the text itself is text.

        :return: whether something of it is there at all
        """
        text = page if isinstance(page, str) else page.decode()
        tree = html.fromstring(text or "<p/>")
        with self.subTest(where):
            self.assertFalse(tree.xpath("//*[contains(@onerror, 'alert')]"))
            self.assertFalse(tree.xpath("//img[@src='x']"))
            self.assertNotIn("<t t-out", text)
            for result in ("{{ 49", "$49", " 49 ", ">49<"):
                self.assertNotIn(result, tree.text_content())
        return "HYPERLINK" in text or MARK in text

    # ------------------------------------------------------------
    # MAILS, PAPER, PAGES
    # ------------------------------------------------------------

    def test_messages(self):
        """R157: messages, as they are kept and as they are sent."""
        messages = self.env["npo.message"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(messages)
        shown = {
            message.res_model
            for message in messages
            if self._assert_harmless(message._mail_body(), message.res_model)
        }
        self.assertIn("npo.request", shown)
        for mail in messages._mail_values():
            self._assert_harmless(mail["body_html"], "mail")

    def _reports(self):
        """Return (report, records) of our papers that something here is printed by."""
        records = {case._name: case for case in self.cases}
        records["npo.request"] = self.request
        records["npo.message"] = self.env["npo.message"].search([], limit=1)
        reports = self.env["ir.actions.report"].search(
            [("report_name", "=like", "npo_relations.%")]
        )
        return [
            (report, records[report.model])
            for report in reports
            if report.model in records
        ]

    def test_paper(self):
        """R157: every paper of a case, before it becomes a PDF."""
        found = self._reports()
        self.assertGreater(len(found), 5)
        render = self.env["ir.actions.report"].with_user(self.users["admin"]).sudo()
        shown = 0
        for report, record in found:
            try:
                page = render._render_qweb_html(report.report_name, record.ids)[0]
            except UserError:  # a paper of another step
                continue
            shown += self._assert_harmless(page, report.report_name)
        self.assertGreater(shown, 5)

    def test_pages(self):
        """R157: the person's own pages, and the page without an account."""
        self.authenticate(self.portal.login, self.portal.login)
        voices = [case for case in self.cases if hasattr(case, "_tracking_code")]
        own = {
            f"/my/requests/{self.request.id}",
            *(case.access_url for case in voices if case.access_url),
        }
        for url in ("/my", "/my/requests", "/my/voice", "/my/privacy", *own):
            response = self.url_open(url)
            self.assertEqual(response.status_code, 200, url)
            is_shown = self._assert_harmless(response.text, url)
            self.assertTrue(is_shown or url not in own, url)
        token = http.Request.csrf_token(self)
        for case in voices:
            keys = {"reference": case.name, "digits": case._tracking_code()}
            page = self.url_open("/track", data={**keys, "csrf_token": token})
            self.assertEqual(page.status_code, 200)
            self.assertIn(case.name, page.text)
            self._assert_harmless(page.text, f"/track {case._name}")

    # ------------------------------------------------------------
    # SPREADSHEETS
    # ------------------------------------------------------------

    def _exported(self, kind, groupby=(), domain=()):
        user = self.users["admin"]
        self.authenticate(user.login, user.login)
        data = {
            "model": "npo.suggestion",
            "fields": [
                {"name": "name", "label": "Number", "type": "char"},
                {"name": "description", "label": "=1+1", "type": "text"},
                {"name": "title", "label": "Title", "type": "char"},
            ],
            "ids": False,
            "domain": list(domain),
            "groupby": list(groupby),
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
        }
        response = self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200)
        return response.content

    def _sheet(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            self.assertFalse([name for name in book.namelist() if "rels/sheet" in name])
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("<row", sheet)
        return sheet

    def test_exports(self):
        """R157: Odoo's own lists: CSV, XLSX, in groups; no formula and no link."""
        case = next(one for one in self.cases if one._name == "npo.suggestion")
        for text in ("@SUM(1)", "\t=1+1", "+1+cmd", "{=1}", "external:c:\\x"):
            case.copy({"title": text, "description": text})
        rows = list(csv.reader(io.StringIO(self._exported("csv").decode())))
        cells = [cell for row in rows[1:] for cell in row]
        self.assertIn(f"'{HOSTILE}", cells)
        self.assertFalse([cell for cell in cells if cell[:1] in "=@+\t" and cell])
        for groupby in ((), ("title",), ("company_id",)):
            sheet = self._sheet(self._exported("xlsx", groupby))
            self.assertNotIn("<f>", sheet)
            self.assertNotIn("<f ", sheet)
            self.assertNotIn("<hyperlink", sheet)

    def test_search_not_in_the_log(self):
        """P038: the log tells that a list was exported, not what was searched for."""
        with server_log() as lines:
            self._exported("csv", domain=[("description", "ilike", MARK)])
        told = [line for line in lines if " exported " in line]
        self.assertTrue(told)
        self.assertFalse([line for line in lines if MARK in line])

    def test_pivot(self):
        """R157: a pivot whose titles are names."""
        user = self.users["admin"]
        self.authenticate(user.login, user.login)
        table = {
            "title": "x",
            "model": "npo.suggestion",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": HOSTILE, "width": 1, "height": 1}]],
            "measure_headers": [{"title": "=1", "is_bold": False}],
            "rows": [{"title": HOSTILE, "indent": 0, "values": [{"value": "=2"}]}],
        }
        response = self.url_open(
            "/web/pivot/export_xlsx",
            data={
                "data": json.dumps(table),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("<f>", self._sheet(response.content))

    # ------------------------------------------------------------
    # NAMES, SUBJECTS, LOGS
    # ------------------------------------------------------------

    def _assert_unnamed(self, text, where):
        with self.subTest(where):
            for private in (MARK, PHONE[1:], "1000000008"):
                self.assertNotIn(private, text)

    def test_subjects(self):
        """P038: no subject of ours tells of whom it is; sent or not."""
        templates = self.env["mail.template"].search([])
        names = templates.get_external_id()
        ours = templates.filtered(lambda t: names[t.id].startswith("npo_relations."))
        self.assertGreater(len(ours), 40)
        for template in ours.with_context(lang="en_US"):
            made = set(re.findall(r"{{\s*(.*?)\s*}}", template.subject or ""))
            self.assertLessEqual(made, SUBJECTS, names[template.id])
            if "object.name" in made:
                self._assert_numbered(template.model)
        messages = self.env["npo.message"].search(
            [("company_id", "=", self.company.id)]
        )
        for message in messages:
            self._assert_unnamed(message.subject, message.res_model)

    def _assert_numbered(self, model):
        """What stands for a record of a model is a number that was drawn."""
        model = self.env[model]
        names = {"npo.visit", "npo.opinion.invitation"}
        if model._name not in names:
            self.assertTrue(getattr(model, "_reference_prefix", None), model._name)

    def test_file_names(self):
        """P038: papers and attachments are not called by a person."""
        for report, record in self._reports():
            name = report.print_report_name
            called = name and safe_eval(name, {"object": record})
            self._assert_unnamed(called or "", report.report_name)
        for case in self.cases:
            files = self.env["ir.attachment"].search(
                [("res_model", "=", case._name), ("res_id", "=", case.id)]
            )
            for file in files:
                self._assert_unnamed(file.name, case._name)

    def test_logs_and_addresses(self):
        """P038: a person's walk leaves neither name nor number in log and address."""
        with server_log() as lines:
            self.authenticate(self.portal.login, self.portal.login)
            for url in ("/my", "/my/requests", "/my/voice", "/my/privacy"):
                response = self.url_open(url)
                self._assert_unnamed(response.url, url)
                for link in html.fromstring(response.content).xpath("//a/@href"):
                    self._assert_unnamed(link, f"link of {url}")
            self.url_open(f"/my/requests/{self.request.id}")
            self._exported("csv")
        self.assertTrue([line for line in lines if "exported" in line])
        for line in lines:
            self._assert_unnamed(line, "log")
