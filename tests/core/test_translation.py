import ast
import pathlib
import re
from collections import Counter

import polib
from lxml import etree, html

from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools.translate import TRANSLATED_ATTRS

from ..portal.common import PortalCommon

MODULE = "npo_relations"
ARABIC = "ar_001"
ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\{.*?\}\}|\{[\w ]+\}")
# An address in angle brackets is no tag.
TAG = re.compile(r"</?(?![\w.]+@)[\w-]+[^<>]*>")
# Words that Arabic text keeps in Latin letters: formats, programs, sample values.
LATIN = re.compile(
    r"https?://\S*|wkhtmltopdf|WeasyPrint|weasyprint|Pango|Peppol|PEPPOL"
    r"|(?<![A-Za-z])(?:PDF|JPEG|PNG|HEIC|IBAN|EAS|BIS|Billing|DSO|RTC|URL|Ubl|UTC"
    r"|docx|xlsx|pdf|XLSX|CSV|SMS|Excel|Workbook|txt|UTF|Edi|Font|awesome|ISO|RRRD2929|RRRD|XXXXXXXX|email|domain|Endpoint)(?![A-Za-z])"
    r"|[\w.]+@[\w.]+|\bfa-\w+|\bSA\d*\b|\b05[Xx]+\b|\b[A-Z]{3,4}/\d{4}/\d+\b"
)
ENGLISH = re.compile(r"[A-Za-z]{3,}")
# What is code, and never shown as it is: names of fields, keys, expressions.
IS_CODE = re.compile(
    r"expired|undated|answered|assigned|waiting|[a-z]+(_[a-z]+)+|object\..+"
)
GLOSSARY = {
    "Beneficiary Relations": "علاقات المستفيدين",
    "Beneficiaries": "المستفيدون",
    "Support Requests": "طلبات الدعم",
    "Social Research": "البحث الاجتماعي",
    "Research committee": "لجنة البحث",
    "Beneficiary-relations officer": "موظف علاقات المستفيدين",
    "Social-research officer": "مسؤول البحث الاجتماعي",
    "Service representative": "ممثل خدمة المستفيد",
    "Branch delegate": "مندوب المكتب الفرعي",
    "Governance officer": "مسؤول الحوكمة",
    "General manager": "المدير العام",
    "Financial supervisor": "المشرف المالي",
    "Declaration and undertaking": "الإقرار والتعهد",
    "File number": "رقم الملف",
    "Earliest reply": "أقرب موعد للرد",
    "Latest reply": "أقصى موعد للرد",
    "Shortest study": "الحد الأدنى للدراسة",
    "Response Window": "مدة الرد",
    "Matching and verification": "المطابقة والتحقق",
    "Matched with the original": "مطابق للأصل",
    "Referred for clarification": "إحالة للإيضاح",
    "With the research committee": "لدى لجنة البحث",
    "Returned for completion": "معاد للاستكمال",
    "Completing registration": "استكمال التسجيل",
    "Decided": "صدر القرار",
    "Rejected": "مرفوض",
    "Service delivery": "تقديم الخدمة",
    "Receive": "استلام",
    "Refer": "إحالة",
    "Raise to the committee": "رفع للجنة",
    "Announce": "إعلان القرار",
    "Reopen": "إعادة فتح",
    "Main Output": "المخرج الرئيسي",
    "Working days": "أيام عمل",
    "Association": "الجمعية",
    "Applicant": "طالب الدعم",
    "Officer's Tools": "أدوات موظف علاقات المستفيدين",
}


def english_in(text):
    """Return the English words that a reader of ``text`` would see."""
    text = LATIN.sub(" ", PLACEHOLDER.sub(" ", text))
    return ENGLISH.findall(text)


def seen_in(node):
    """Yield the texts of an XML node that a reader sees, attributes included."""
    for child in node.iter(etree.Element):
        if child.tag in ("script", "style", "noscript"):
            continue
        yield child.text or ""
        yield from (
            value for name, value in child.attrib.items() if name in TRANSLATED_ATTRS
        )
    for child in node.iter():
        yield child.tail or "" if child is not node else ""


def seen_words(markup):
    """Return the English words in a piece of markup, or in plain text."""
    if "<" not in markup:
        return english_in(markup)
    node = html.fragment_fromstring(markup, create_parent="div")
    return [word for text in seen_in(node) for word in english_in(text)]


@tagged("post_install", "-at_install")
class TestTranslationFile(BaseCase):
    """The Arabic file is whole and fits its source (D07)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.po = polib.pofile(str(ROOT / "i18n" / "ar.po"))
        cls.pot = polib.pofile(str(ROOT / "i18n" / f"{MODULE}.pot"))
        cls.entries = [entry for entry in cls.po if not entry.obsolete]

    def _assert_none(self, wrong):
        wrong = list(wrong)
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def test_complete(self):
        """Every string of the template has an Arabic text, and none is a guess."""
        self._assert_none([entry.msgid for entry in self.po.untranslated_entries()])
        self._assert_none([entry.msgid for entry in self.po.fuzzy_entries()])
        missing = {e.msgid for e in self.pot} - {e.msgid for e in self.entries}
        self._assert_none(missing)

    def test_placeholders_and_tags(self):
        """What is filled in, and the tags, are those of the source."""
        for pattern in (PLACEHOLDER, TAG):
            self._assert_none(
                (entry.msgid, entry.msgstr)
                for entry in self.entries
                if Counter(pattern.findall(entry.msgid))
                != Counter(pattern.findall(entry.msgstr))
            )

    def test_alternatives(self):
        """Where English has {masculine|feminine}, Arabic has its own two forms."""
        pattern = re.compile(r"\{[^{}|]+\|[^{}|]+\}")
        self._assert_none(
            (entry.msgid, entry.msgstr)
            for entry in self.entries
            if pattern.search(entry.msgid)
            and not pattern.search(entry.msgstr)
            and "Dear {Sir|Madam}" not in entry.msgid  # a greeting for both
        )

    def test_is_arabic(self):
        """Every text is in Arabic letters, with Arabic punctuation."""
        latin_comma = re.compile(r"[\u0621-\u064a][,;?]|[\u0621-\u064a] ?[\"“”]")
        wrong = []
        for entry in self.entries:
            text = TAG.sub(" ", entry.msgstr)
            if IS_CODE.fullmatch(entry.msgid):
                self.assertEqual(entry.msgid, entry.msgstr)
            elif english_in(text) or (
                english_in(TAG.sub(" ", entry.msgid))
                and not re.search(r"[\u0621-\u064a]", text)
            ):
                wrong.append((entry.msgid, entry.msgstr))
            elif latin_comma.search(text) and not self._is_foreign(entry):
                wrong.append((entry.msgid, entry.msgstr))
        self._assert_none(wrong)

    def _is_foreign(self, entry):
        """Say whether the string is of another module, by an inherited field."""
        return all(
            f"{MODULE}.field_npo_beneficiary__" in place
            for place, _line in entry.occurrences
        )

    def test_glossary(self):
        """The terms of the glossary are used, word for word."""
        found = {entry.msgid: entry.msgstr for entry in self.entries}
        self.assertEqual({key: found.get(key) for key in GLOSSARY}, GLOSSARY)

    def test_avoided_words(self):
        """Words that the glossary keeps for something else, and slips of spelling."""
        avoided = re.compile(
            r"الشكاوي\b|مسئول|مستخدمين|شئون|الكتروني|إجرائات|ة\s+البحث\s+العلمي"
        )
        self._assert_none(
            entry.msgstr
            for entry in self.entries
            if avoided.search(entry.msgstr) and not self._is_foreign(entry)
        )


@tagged("post_install", "-at_install")
class TestArabicScreens(PortalCommon):
    """Whoever reads Arabic reads no English: screens, data, pages, paper (D07)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if ARABIC not in dict(cls.env["res.lang"].get_installed()):
            cls.env["res.lang"]._activate_lang(ARABIC)
            installed = [("state", "=", "installed")]
            modules = cls.env["ir.module.module"].search(installed)
            modules._update_translations(ARABIC)
        cls._speak_arabic()
        cls.arabic = cls.env(context={**cls.env.context, "lang": ARABIC})

    @classmethod
    def _speak_arabic(cls):
        """Have everybody, and whatever has a name in these tests, in Arabic."""
        language = cls.env["res.lang"]._get_data(code=ARABIC)
        cls.company.name = "جمعية التجربة"
        cls.company.partner_id.lang = ARABIC
        for user in (*cls.users.values(), cls.portal_user):
            user.write({"name": "منى", "lang": ARABIC})
        cls.branch.name = "المكتب الفرعي"
        cls.env["website"].search([], limit=1).write(
            {
                "language_ids": [Command.set([language.id])],
                "default_lang_id": language.id,
            }
        )

    def _assert_arabic(self, seen):
        """Take (where, text) of what is seen; fail with every English word of it."""
        wrong = [
            f"{where}: {' '.join(words)} [{text.strip()[:90]}]"
            for where, text in seen
            if text and (words := seen_words(text))
        ]
        self.assertFalse(wrong, "\n".join(wrong))

    # ------------------------------------------------------------
    # RECORDS OF THE MODULE
    # ------------------------------------------------------------

    def _module_records(self):
        """Yield the records that the module brings, by model, in Arabic."""
        data = self.env["ir.model.data"].search([("module", "=", MODULE)])
        for model, rows in data.grouped("model").items():
            if model in self.env:
                yield self.arabic[model].browse(rows.mapped("res_id")).exists()

    def _texts(self, records):
        """Yield the translated texts of records."""
        names = [
            name
            for name, field in records._fields.items()
            if field.translate and field.store and name != "arch_prev"
        ]
        for record in records:
            if record._name == "ir.model.fields" and self._is_foreign(record):
                continue
            for name in names:
                value = record[name] or ""
                terms = [value]
                if callable(records._fields[name].translate):
                    terms = records._fields[name].get_trans_terms(value)
                elif IS_CODE.fullmatch(value):
                    continue
                for term in terms:
                    yield f"{record} {record.display_name} {name}", term

    def _is_foreign(self, record):
        """Say whether a field is the contact's own, labelled by another module."""
        field = self.env[record.model]._fields.get(record.name)
        return field is None or field.inherited

    def test_records(self):
        """Views, menus, actions and their help, labels, groups, templates, data."""
        for records in self._module_records():
            with self.subTest(model=records._name):
                self._assert_arabic(self._texts(records))

    def test_expressions_of_views(self):
        """No English is written inside an expression of a view, out of reach."""
        attributes = re.compile(
            r"t-(out|esc|field|valuef?|att-(title|aria-label|placeholder|alt|string))$"
        )
        views = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.ui.view")]
        )
        seen = []
        for view in self.env["ir.ui.view"].browse(views.mapped("res_id")):
            for node in etree.fromstring(view.arch_db).iter(etree.Element):
                for name, value in node.attrib.items():
                    if attributes.match(name):
                        seen += [(view.key, text) for text in self._literals(value)]
        self._assert_arabic(seen)

    def _literals(self, expression):
        """Return the texts in a Python expression that read like words."""
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except SyntaxError:
            return []
        return [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"[A-Z][a-z]{2}|[a-z]{3} [a-z]", node.value)
        ]

    def test_selections(self):
        """The choices of every field, those that are computed too."""
        seen = []
        for name in self.env["ir.model"].search([("model", "=like", "npo.%")]):
            model = self.arabic[name.model]
            for field, about in model.fields_get(attributes=["selection"]).items():
                if (name.model, field) == ("npo.guide", "lang"):
                    continue  # languages are listed by their own names
                is_ours = MODULE in model._fields[field]._modules
                if is_ours and not model._fields[field].inherited:
                    for value, label in about.get("selection") or ():
                        seen.append((f"{name.model}.{field} {value}", label))
        self._assert_arabic(seen)

    def test_views_open(self):
        """Each view of each model is served in Arabic, as the web client asks."""
        for name in self.env["ir.model"].search([("model", "=like", "npo.%")]):
            model = self.arabic[name.model]
            if model._abstract:
                continue
            types = set(
                self.env["ir.ui.view"]
                .search([("model", "=", name.model)])
                .mapped("type")
            ) - {"qweb"}
            served = model.get_views([(False, kind) for kind in sorted(types)])
            for kind, view in served["views"].items():
                node = etree.fromstring(view["arch"])
                with self.subTest(model=name.model, view=kind):
                    self._assert_arabic((kind, text) for text in seen_in(node))

    # ------------------------------------------------------------
    # WHAT PROFILES BRING, HOMES
    # ------------------------------------------------------------

    def test_profiles(self):
        """Policy, tools, services and documents of each profile have Arabic names."""
        codes = ("nbra", "masaken", "little_hearts", "ghimar", "harfa")
        for number, code in enumerate(codes):
            company = self._new_association(f"جمعية رقم {number}", code)
            for model in self.env["ir.model"].search([("model", "=like", "npo.%")]):
                records = self.arabic[model.model]
                if records._abstract or records._transient:
                    continue
                if "company_id" not in records._fields:
                    continue
                found = records.search([("company_id", "=", company.id)])
                with self.subTest(profile=code, model=model.model):
                    self._assert_arabic(self._texts(found))

    def test_homes(self):
        for name, user in self.users.items():
            home = self.arabic["npo.home"].with_user(user).get_home()
            seen = [tile["label"] for tile in home["tiles"]]
            seen += [action["label"] for action in home["actions"]]
            with self.subTest(user=name):
                self._assert_arabic(("home", label) for label in seen)

    # ------------------------------------------------------------
    # PORTAL AND PAPER
    # ------------------------------------------------------------

    def _seen_on_page(self, url):
        response = self.url_open(url)
        response.raise_for_status()
        page = html.fromstring(response.content)
        self.assertEqual(page.get("lang"), "ar-001")
        self.assertEqual(page.xpath("//*[@id='wrapwrap']/@class")[0].count("o_rtl"), 1)
        main = page.xpath("//main")[0]
        return [(url, text) for text in seen_in(main)]

    def test_portal(self):
        """Every page of an applicant, from the choice of a service to the answer."""
        draft = self._filled_draft()
        pages = ["/my", "/my/requests", "/my/requests/new"]
        pages.append(f"/my/services/{self.service.id}")
        edit = f"/my/requests/{draft.id}/edit"
        pages += [f"{edit}/{step}" for step in ("about", "need", "documents", "review")]
        pages += [f"/my/requests/{draft.id}", f"/my/requests/{draft.id}/withdraw"]
        for url in pages:
            with self.subTest(url=url):
                self._assert_arabic(self._seen_on_page(url))

    def _assert_request_pages(self, request, *pages):
        for page in ("", *pages):
            with self.subTest(stage=request.stage_code, page=page):
                url = f"/my/requests/{request.id}{page}"
                self._assert_arabic(self._seen_on_page(url))

    def test_portal_new(self):
        self._assert_request_pages(self._sent_request(), "/sent", "/withdraw")

    def test_portal_returned(self):
        request = self._sent_request("data_entry")
        reason = self.env.ref(f"{MODULE}.reason_return_missing_document")
        request.with_user(self.officer)._return(reason, "عقد الإيجار الجديد")
        self._assert_request_pages(request, "/answer")

    def test_portal_declaration(self):
        self._assert_request_pages(self._sent_request("declaration"), "/sign")

    def test_portal_committee(self):
        self._assert_request_pages(self._sent_request("committee"))

    def test_portal_rejected(self):
        self._assert_request_pages(self._rejected_request())

    def test_messages(self):
        """The messages of a request are in Arabic, and every placeholder is filled."""
        messages = self._rejected_request().sudo().message_log_ids
        self.assertGreater(len(messages), 2)
        for message in messages:
            with self.subTest(message=message.template_id.name):
                self._assert_arabic([("subject", message.subject)])
                self._assert_arabic([("body", message.body)])
                self.assertNotRegex(message.body, r"[{}|]")

    def test_paper(self):
        """The documents of a request, and its blank form, are Arabic throughout."""
        request = self._rejected_request()
        reports = (
            ("request_form", request),
            ("request_declaration", request),
            ("request_letter", request),
            ("request_form_blank", request.browse()),
            ("service_form", self.service),
        )
        for name, records in reports:
            report = self.arabic["ir.actions.report"].with_user(self.officer)
            content, _kind = report._render_qweb_html(
                f"{MODULE}.report_npo_{name}", records.ids
            )
            page = html.fromstring(content)
            with self.subTest(report=name):
                self._assert_arabic((name, text) for text in seen_in(page.body))
