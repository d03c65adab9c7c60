import base64
import io
from datetime import date

import pypdf
from PIL import Image

from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from .common import PolicyCommon

TEXT = (
    # depth, role, is_heading, label, text
    (0, "preamble", True, "", "تمهيد"),
    (1, "paragraph", False, "", "تضع {association} سياساتها ٢٠٢٤."),
    (0, "detailed_objectives", True, "", "الأهداف التفصيلية"),
    (1, "objective", False, "", "تقدير الحاجة"),
    (1, "objective", False, "", "قياس الرضا"),
    (0, "channels", True, "", "القنوات المستخدمة"),
    (1, "channel", False, "1-", "المقابلة"),
    (1, "channel", False, "2-", "الاتصالات الهاتفية"),
)
SWITCHES = (
    "print_toc",
    "print_info_block",
    "print_approval_block",
    "print_approval_line",
    "print_basmala",
    "print_thanks",
)
BASMALA = "In the name of God"

INFORMATION = (
    "Name of the document",
    "Approval status of the document",
    "Date of the approval",
    "Number of the approving minutes",
    "Number of the issue",
    "Date of the issue",
)


@tagged("post_install", "-at_install")
class TestPolicyPdf(PolicyCommon):
    """The policy as a PDF, opened and read back (R002, R004–R018)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.company.write(
            {
                "name": "جمعية مساكن",
                "npo_short_name": "مساكن الخير",
                "npo_acronym": "MSKN",
                "npo_slogan": "رعاية وسكن",
                "npo_license_no": "2337",
                "npo_region_id": cls.env["npo.region"]
                .search([("code", "=", "makkah")])
                .id,
            }
        )
        cls.company.partner_id.lang = "en_US"
        cls.version.write({"title_as_approved": "Relations policy", **cls._all(True)})
        cls._write_text(cls.version)

    @classmethod
    def _all(cls, value):
        return dict.fromkeys(SWITCHES, value)

    @classmethod
    def _write_text(cls, version, text=TEXT):
        parents = {}
        for number, (depth, role, is_heading, label, words) in enumerate(text):
            parents[depth] = cls.env["npo.policy.clause"].create(
                {
                    "version_id": version.id,
                    "parent_id": parents[depth - 1].id if depth else False,
                    "sequence": number,
                    "role": role,
                    "is_heading": is_heading,
                    "label": label,
                    "text": words,
                }
            )

    @classmethod
    def _approve(cls, **vals):
        cls.version.write(
            {
                "approved_by_body": "board",
                "approval_date": date(2023, 12, 23),
                "issue_date": date(2023, 12, 24),
                "meeting_text": "اجتماع مجلس الإدارة",
                "version_label": "النسخة الأولى",
                **vals,
            }
        )
        return cls._put_in_force()

    def _content(self, version=None):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        return reports._render_qweb_pdf(
            "npo_relations.report_policy", (version or self.version).ids
        )[0]

    def _pages(self, version=None):
        return [" ".join(page.split()) for page in read_pdf(self._content(version))]

    def test_approved(self):
        """R002, R004, R009, R013, R015–R017: cover, block, names on each page."""
        self.env["npo.policy.signatory"].create(
            [
                {"version_id": self.version.id, "position": position}
                for position in ("chair", "vice_chair")
            ]
        )
        pages = self._pages(self._approve())
        cover, text = pages[0], pages[2]
        for words in ("Relations policy", "النسخة الأولى", BASMALA, "1445", "2023"):
            self.assertIn(words, cover)
        rows = [cover.index(words) for words in INFORMATION]
        self.assertEqual(rows, sorted(rows))
        for page in pages:
            for words in ("جمعية مساكن", "MSKN", "مساكن الخير", "رعاية وسكن", "2337"):
                self.assertIn(words, page)
        self.assertIn("تضع جمعية مساكن سياساتها", text)
        self.assertNotIn("{association}", "".join(pages))
        self.assertRegex(text, "Chair of the board of ?جمعية مساكن")
        self.assertIn("Page 3 of 4", text)
        self.assertNotIn("Draft", "".join(pages))

    def test_contents(self):
        """R014: the contents are the headings, each with the page it is on."""
        reader = pypdf.PdfReader(io.BytesIO(self._content(self._approve())))
        links = [
            note.get_object() for note in reader.pages[1].get("/Annots", ()) if note
        ]
        linked = {link.get("/Dest") or link["/A"]["/D"] for link in links}
        self.assertEqual(len(linked), 4)  # three parts and the approval
        self.assertLessEqual(linked, set(reader.named_destinations))
        contents = self._pages()[1]
        order = [contents.index(words) for words in ("تمهيد", "الأهداف", "القنوات")]
        self.assertEqual(order, sorted(order))
        for words in ("تمهيد", "التفصيلية", "المستخدمة", "Approval of the board"):
            self.assertRegex(contents, f"{words} ?3")

    def test_contents_follow_headings(self):
        """R014: moving a heading moves it in the contents."""
        self.version.root_clause_ids[-1].sequence = -1
        titles = [
            row["text"]
            for row in self.version._text_contents(self.version._text_rows())
        ]
        self.assertEqual(titles[0], "القنوات المستخدمة")

    def test_draft(self):
        """R003, R009: a draft is marked on each page, and has no approval."""
        for page in self._pages():
            self.assertIn("Draft", page)
        self.assertNotIn("Approval of the board", "".join(self._pages()))
        self.version.action_submit()
        self.assertIn("Draft", self._pages()[0])

    def test_superseded(self):
        """R003: a superseded version says so."""
        version = self._approve()
        second = version.copy()
        second.meeting_text = "20"
        self._put_in_force(second)
        page = self._pages(version)[0]
        self.assertNotIn("Draft", page)
        self.assertIn("No longer in force", page)

    def test_switches(self):
        """R014, R018: what is switched off is not printed; toggling changes the PDF."""
        self.version.write(self._all(False))
        off = self._pages(self._approve())
        self.assertEqual(len(off), 2)
        for words in (BASMALA, INFORMATION[0], "List of contents", "Thank you"):
            self.assertNotIn(words, "".join(off))

    def test_opening_and_closing(self):
        """R018: own words instead of the basmala and the thanks."""
        self.version.write({"opening_text": "الحمد لله", "closing_text": "مع الشكر"})
        pages = self._pages()
        self.assertIn("الحمد لله", pages[0])
        self.assertNotIn(BASMALA, pages[0])
        self.assertIn("مع الشكر", pages[-1])

    def test_digits(self):
        """An Arabic policy: digits of the association, the text as approved."""
        self.version.title_as_approved = "سياسة العلاقة"
        self.company.npo_digits = "arabic"
        rows = self.version._text_rows("arabic")
        labels = [row["label"] for row in rows]
        self.assertEqual(labels, ["", "", "", "١", "٢", "", "١", "٢"])
        pages = self._pages(self._approve())
        self.assertTrue("١٤٤٥" in pages[0] or "٥٤٤١" in pages[0])
        self.assertIn("٣", pages[1])
        self.assertEqual(self.version._text_rows()[1]["label"], "")
        self.assertIn("٢٠٢٤", self.version._text_rows()[1]["text"])

    def test_year_only(self):
        """R006: of an approval known by its year, no day is made up."""
        version = self._approve(
            approval_date=False,
            issue_date=False,
            approval_year=2021,
            meeting_text="الاجتماع الأول",
        )
        cover = self._pages(version)[0]
        self.assertRegex(cover, "Approved in: ?الاجتماع الأول")
        self.assertRegex(cover, "Date of the approval ?2021")
        self.assertNotIn("14", cover)

    def test_empty(self):
        """A version whose text was not entered prints, and says so."""
        version = self._new_version(title_as_approved="سياسة")
        self.assertEqual(len(self._pages(version)), 2)

    def test_statements(self):
        """The statements do not grow with the clauses."""
        counts = []
        for extra in (0, 60):
            self._write_text(self.version, [(0, "paragraph", False, "", "نص")] * extra)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.version._text_rows()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_logo(self):
        """R015: the association's own logo stands on the cover."""
        stream = io.BytesIO()
        Image.new("RGB", (60, 60), "navy").save(stream, "PNG")
        self.company.logo = base64.b64encode(stream.getvalue())
        reader = pypdf.PdfReader(io.BytesIO(self._content()))
        self.assertTrue(list(reader.pages[0].images))
