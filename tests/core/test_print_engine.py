import io
import unicodedata
from datetime import date, datetime
from unittest.mock import patch
from urllib.parse import quote

import pypdf
from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

from ...models.core.print_document import PrintDocument
from ...tools import printing
from ...tools.arabic import strip_invisible
from ...tools.qr import qr_svg
from ..common_browser import WebCommon

ATTACKS = (
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file://localhost/etc/passwd",
    "http://127.0.0.1:8069/web/static/img/logo.png",
    "https://example.com/x.png",
    "ftp://example.com/x.png",
    "http://addons.invalid.example.com/web/static/img/logo.png",
    "http://addons.invalid@example.com/web/static/img/logo.png",
    "http://addons.invalid:80/web/static/img/logo.png",
    "http://addons.invalid/etc/passwd",
    "http://addons.invalid/web/static/../../../../../../etc/passwd",
    "http://addons.invalid/web/static/%2e%2e/%2e%2e/__manifest__.py",
    "http://addons.invalid/web/static/..%2f..%2fbase/static/img/logo.png",
    "http://addons.invalid/web/static/..%5c..%5cx.png",
    "http://addons.invalid/web/__manifest__.py",
    "http://addons.invalid/web/static/src/main.js",
    "http://addons.invalid/web/static//etc/passwd.png",
    "http://addons.invalid/web/static/x%00.png",
    "http://addons.invalid/../etc/static/passwd.png",
    "http://addons.invalid/web/content/1",
    "/web/static/img/logo.png",
    "",
)


def read_pdf(content):
    """Return the text of each page: one form of each letter, no invisible marks."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [
        strip_invisible(unicodedata.normalize("NFKC", page.extract_text()))
        for page in pages
    ]


@tagged("post_install", "-at_install")
class TestPrintTools(BaseCommon):
    """What is read while a document is laid out, and what its helper returns."""

    def test_static_files_only(self):
        """Nothing but a static file of an addon has an address."""
        for url in ATTACKS:
            with self.subTest(url=url), self.assertRaises(ValueError):
                printing.static_path(url)

    def test_static_file_is_found(self):
        path = printing.static_path("http://addons.invalid/web/static/img/logo.png")
        self.assertTrue(path.endswith("/web/static/img/logo.png"))
        escaped = "http://addons.invalid/web/static/img%2flogo.png?v=1"
        self.assertEqual(printing.static_path(escaped), path)

    def test_fetcher(self):
        """The fetcher reads static files and data, and refuses the rest."""
        fetch = printing.fetcher_class()()
        for url in ATTACKS:
            with self.subTest(url=url), self.assertRaises(ValueError):
                fetch(url)
        self.assertEqual(fetch("data:text/plain,abc").read(), b"abc")
        logo = fetch("http://addons.invalid/web/static/img/logo.png")
        self.assertTrue(logo.read().startswith(b"\x89PNG"))
        self.assertEqual(logo.content_type, "image/png")

    @mute_logger("weasyprint")
    def test_hostile_document(self):
        """A document that names files and hosts is printed without them."""
        urls = ("file:///etc/passwd", "http://127.0.0.1:1/x", "//host/x", "../x.png")
        html = "".join(
            f'<link rel="stylesheet" href="{url}"/><img src="{url}" alt="missing"/>'
            f'<a rel="attachment" href="{url}">file</a><object data="{url}"></object>'
            f"<style>@import url({url}); p {{background: url({url})}}</style>"
            f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>'
            for url in urls
        )
        with patch("socket.create_connection", side_effect=AssertionError("network")):
            content = printing.render_pdf([f"<html><body>{html}<p>x</p></body></html>"])
        reader = pypdf.PdfReader(io.BytesIO(content))
        self.assertFalse(reader.attachments)
        self.assertNotIn(b"root:", content)

    def test_engines_are_reused(self):
        """The stylesheet is compiled once for documents printed one after another."""
        printing.render_pdf(["<p>one</p>"])
        with patch.object(printing, "_new_engine", side_effect=AssertionError):
            printing.render_pdf(["<p>two</p>"])

    def test_qr(self):
        """The drawing has a quiet zone, three finders and is no larger than needed."""
        svg = qr_svg("https://example.org/my/requests/1")
        self.assertIn('viewBox="0 0 33 33"', svg)
        self.assertIn("M2 2h7v1h-7z", svg)
        self.assertIn("M24 2h7v1h-7z", svg)
        self.assertIn("M2 24h7v1h-7z", svg)

    def _document(self, lang="ar_001", digits="latin", gender="female"):
        self.env["res.lang"]._activate_lang(lang)
        self.env.company.npo_digits = digits
        partner = self.env["res.partner"].create(
            {"name": "سلمى", "lang": lang, "npo_gender": gender}
        )
        return PrintDocument(partner)

    def test_language_of_the_reader(self):
        self.assertEqual(self._document().direction, "rtl")
        english = self._document("en_US")
        self.assertEqual((english.lang, english.direction), ("en_US", "ltr"))
        self.assertEqual(english.record.env.lang, "en_US")

    def test_unknown_language(self):
        """A language that is not installed any more gives way to the association's."""
        document = self._document()
        document.partner.lang = False
        self.env.company.partner_id.lang = "ar_001"
        self.assertEqual(PrintDocument(document.partner).lang, "ar_001")

    def test_digits(self):
        """The association's digits on paper; identifiers stay 0-9 (glossary 30)."""
        arabic = self._document(digits="arabic")
        day = date(2026, 2, 27)
        self.assertEqual(arabic.number(15), "١٥")
        self.assertEqual(arabic.quantity(2.5), "٢.٥")
        self.assertEqual(arabic.hijri(day), "١٠\u00a0رمضان\u00a0١٤٤٧هـ")
        self.assertIn("REQ/2026/00001", arabic.code("REQ/2026/00001"))
        self.assertIn("0501234567", arabic.code("٠٥٠١٢٣٤٥٦٧"))
        self.assertIn("••••••0008", arabic.masked("1000000008"))
        riyal = self.env.ref("base.SAR")
        self.assertIn("١٢٬٥٠٠٫٥٠", arabic.amount(12500.5, riyal))
        english = self._document("en_US", digits="arabic")
        self.assertEqual(english.number(15), "15")
        self.assertIn("SAR\u00a012,500", english.amount(12500, riyal))

    def test_moment_is_a_day_of_the_association(self):
        """23:30 UTC is the next day in Riyadh."""
        self.env.company.resource_calendar_id.tz = "Asia/Riyadh"
        document = self._document()
        self.assertEqual(document.day(datetime(2026, 2, 27, 23, 30)).day, 28)
        self.assertEqual(document.both(False), "")

    def test_sentence(self):
        """Gendered, filled, escaped; a name cannot bring placeholders of its own."""
        document = self._document()
        text = document.text(
            Markup("{المكرم|المكرمة} / {name} {ref} {other}"),
            name="<b>{ref}|{a|b}</b>",
            ref=document.code("REQ/1"),
        )
        self.assertIsInstance(text, Markup)
        plain = strip_invisible(text)
        self.assertTrue(plain.startswith("المكرمة / "))
        self.assertIn("&lt;b&gt;{ref}|{a|b}&lt;/b&gt;", plain)
        self.assertIn("REQ/1", plain)
        self.assertTrue(plain.endswith("{other}"))


class PrintCommon(BaseCommon):
    """A report marked for WeasyPrint, on contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.env.company.write({"npo_license_no": "2337", "npo_acronym": "NBRA"})
        cls.env["ir.ui.view"].create(
            [
                cls._view(
                    "test_print",
                    '<t t-call="npo_relations.npo_print_shell"><t t-foreach="docs" '
                    't-as="o"><t t-call="npo_relations.test_print_document" '
                    't-lang="npo_print(o).lang"/></t></t>',
                ),
                cls._view(
                    "test_print_document",
                    '<t t-set="p" t-value="npo_print(o)"/>'
                    '<t t-set="o" t-value="p.record"/>'
                    '<t t-call="npo_relations.npo_print_layout" title="\'Test\'" '
                    "reference=\"'REQ/2026/00001'\" watermark=\"o.ref == 'draft'\">"
                    '<h1 t-out="o.name"/><p t-out="p.both(o.create_date)"/>'
                    '<table class="npo_table"><thead><tr><th>Heading</th></tr></thead>'
                    '<tr t-foreach="range(o.color)" t-as="i"><td t-out="p.number(i)"/>'
                    "</tr></table></t>",
                ),
            ]
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Test",
                "model": "res.partner",
                "report_type": "qweb-pdf",
                "report_name": "npo_relations.test_print",
                "npo_weasyprint": True,
            }
        )
        cls.arabic, cls.english = cls.env["res.partner"].create(
            [
                {"name": "سلمى بنت محمد", "lang": "ar_001", "color": 70},
                {"name": "John <script>x</script>", "lang": "en_US", "ref": "draft"},
            ]
        )

    @classmethod
    def _view(cls, name, arch):
        return {
            "name": name,
            "key": f"npo_relations.{name}",
            "type": "qweb",
            "arch": f'<t t-name="npo_relations.{name}">{arch}</t>',
        }


@tagged("post_install", "-at_install")
class TestPrintEngine(PrintCommon):
    """The report through Odoo's own calls."""

    def _print(self, partners, **context):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True, **context
        )
        content, kind = reports._render_qweb_pdf(self.report.report_name, partners.ids)
        self.assertEqual(kind, "pdf")
        return content

    def test_arabic_document(self):
        """Joined Arabic text; table heads, header and footer on every page."""
        pages = read_pdf(self._print(self.arabic))
        self.assertGreater(len(pages), 1)
        for word in ("سلمى", "محمد", PrintDocument(self.arabic).today.strftime("%Y")):
            self.assertIn(word, pages[0])
        for page in pages:
            for word in ("Heading", "2337", "NBRA", "REQ/2026/00001"):
                self.assertIn(word, page)

    def test_languages_and_page_numbers(self):
        """Two records are one PDF, each in its language, each counted from page 1."""
        content = self._print(self.arabic | self.english)
        pages = read_pdf(content)
        alone = read_pdf(self._print(self.english))
        self.assertEqual(len(alone), 1)
        self.assertIn("Page 1 of 1", alone[0])
        self.assertIn("Draft", alone[0].replace("\n", ""))
        self.assertIn("Page 1 of 1", pages[-1])
        self.assertIn("John", pages[-1])
        self.assertNotIn("John", pages[0])
        root = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
        self.assertEqual(root["/Lang"], "ar-001")

    def test_markup_in_a_name(self):
        """What people typed is text, never markup."""
        self.assertIn("<script>x</script>", read_pdf(self._print(self.english))[0])

    def test_html_unless_rendering_is_forced(self):
        """As with Odoo's own reports, tests get the HTML when they do not ask."""
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            self.report.report_name, self.english.ids
        )
        self.assertEqual(kind, "html")
        self.assertIn(b"&lt;script&gt;", content)

    def test_attachments(self):
        """A kept document is one attachment a record, printed again from it."""
        self.report.write(
            {"attachment": "object.lang + '.pdf'", "attachment_use": True}
        )
        partners = self.arabic | self.english
        first = read_pdf(self._print(partners))
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", partners.ids)]
        )
        self.assertEqual(set(attachments.mapped("name")), {"ar_001.pdf", "en_US.pdf"})
        kept = read_pdf(
            attachments.filtered(lambda kept: kept.res_id == self.english.id).raw
        )
        self.assertEqual(kept, first[-1:])
        with patch.object(printing, "render_pdf", side_effect=AssertionError):
            self.assertEqual(read_pdf(self._print(partners)), first)

    def test_same_record_twice(self):
        self.assertEqual(
            len(read_pdf(self._print(self.english + self.english))),
            len(read_pdf(self._print(self.english))),
        )

    def test_nothing_to_print(self):
        with self.assertRaisesRegex(UserError, "nothing to print"):
            self._print(self.env["res.partner"])

    def test_missing_weasyprint(self):
        """Where WeasyPrint is missing, people are told what to install."""
        error = printing.MissingEngineError("no pango")
        with (
            patch.object(printing, "_weasyprint", side_effect=error),
            self.assertRaisesRegex(UserError, "WeasyPrint is not installed"),
        ):
            self._print(self.english)

    def test_action(self):
        """The web client learns that no wkhtmltopdf is needed, and asks no layout."""
        self.env.company.external_report_layout_id = False
        reports = self.report.with_user(self.env.ref("base.user_admin"))
        action = reports.report_action(self.english)
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertTrue(action["npo_weasyprint"])
        self.assertIn("npo_weasyprint", self.report._get_readable_fields())

    def test_other_reports_are_left_alone(self):
        """A report without the mark goes Odoo's own way."""
        self.report.npo_weasyprint = False
        path = "odoo.addons.base.models.ir_actions_report.IrActionsReport"
        with (
            patch(f"{path}.get_wkhtmltopdf_state", lambda self: "install"),
            self.assertRaisesRegex(UserError, "Wkhtmltopdf"),
            mute_logger("odoo.addons.base.models.ir_qweb"),
        ):
            self.report.report_name = "web.preview_externalreport"
            self._print(self.english)


@tagged("post_install", "-at_install")
class TestPrintHttp(WebCommon, PrintCommon):
    """The report as the web client gets it."""

    def test_route(self):
        """Odoo's own route answers with the PDF."""
        self.authenticate("admin", "admin")
        context = quote('{"force_report_rendering": true}')
        url = f"/report/pdf/{self.report.report_name}/{self.english.id}"
        response = self.url_open(f"{url}?context={context}")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("John", read_pdf(response.content)[0])

    def test_web_client(self):
        """The client downloads it without asking for wkhtmltopdf; others not."""
        self.browser_js(
            "/odoo",
            """
            const { registry } = odoo.loader.modules.get("@web/core/registry");
            const network = odoo.loader.modules.get("@web/core/network/download");
            const handler = registry
                .category("ir.actions.report handlers")
                .get("npo_weasyprint");
            const calls = [];
            network.download._download = async (options) => calls.push(options.url);
            const env = { services: { ui: { block() {}, unblock() {} } } };
            const action = {
                report_type: "qweb-pdf", report_name: "x", context: { active_ids: [1] },
            };
            (async () => {
                const left = await handler(action, {}, env);
                action.npo_weasyprint = true;
                const done = await handler(action, {}, env);
                if (left || !done || calls.join() !== "/report/download") {
                    throw new Error(`handled: ${left} ${done} ${calls}`);
                }
                console.log("test successful");
            })();
            """,
            "odoo.isReady === true",
            login="admin",
            timeout=240,
        )
