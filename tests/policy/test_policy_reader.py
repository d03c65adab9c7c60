"""Files and texts that are read, and those that are refused: issue 3, R001-R041."""

import io
import time
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...tools.policy_reader import ReadError, lexicon, read_bytes, read_text, words
from ...tools.policy_reader import docx as docx_reader
from .policy_texts import POLICIES

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_file(body, **parts):
    """Return the bytes of a .docx with this body; other parts by name, "__" for "/"."""
    document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return data.getvalue()


def paragraph(text, style="", number="", depth="0"):
    """Return the XML of a paragraph, in two runs."""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        marks += (
            f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
        )
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>'
        for part in (text[:5], text[5:])
    )
    return f"<w:p><w:pPr>{marks}</w:pPr>{runs}</w:p>"


def row(*cells):
    """Return the XML of a row of a table."""
    inner = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells)
    return f"<w:tr>{inner}</w:tr>"


STYLES = f"""<w:styles xmlns:w="{_W}">
<w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="a2"><w:name w:val="Normal"/></w:style></w:styles>"""
NUMBERING = f"""<w:numbering xmlns:w="{_W}">
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
</w:numbering>"""


def policy_file(**parts):
    """Return a policy as Word writes it."""
    body = (
        paragraph("سياسة تنظيم العلاقة مع المستفيدين", "a1")
        + paragraph("تمهيد", "a1")
        + paragraph("تضع جمعية مرسى الخير السياسات التي تنظم علاقتها.")
        + paragraph("القنوات المستخدمة للتواصل مع المستفيدين", "a1")
        + paragraph("المقابلة", number="3")
        + paragraph("الموقع الإلكتروني", number="3")
        + paragraph("التعامل مع المستفيد", "a1")
        + paragraph("استقبال المستفيد", number="9")
        + paragraph("عرض الطلب على اللجنة خلال ٣٠ يوماً", number="9")
        + paragraph("اعتماد مجلس الإدارة", "a1")
        + paragraph("اعتمد المجلس هذه السياسة بتاريخ 25/12/2024م")
        + f"<w:tbl>{row('م', 'الاسم', 'المنصب')}{row('1', 'فلان', 'عضو')}</w:tbl>"
    )
    return word_file(body, styles=STYLES, numbering=NUMBERING, **parts)


class ReaderCase(BaseCase):
    def assertRefused(self, code, function, *args):
        with self.assertRaises(ReadError) as caught:
            function(*args)
        self.assertEqual(caught.exception.code, code)


@tagged("post_install", "-at_install")
class TestPolicyFiles(ReaderCase):
    def test_encodings(self):
        """Issue 3: UTF-8 with and without mark, UTF-16 both ways, Windows-1256."""
        text = POLICIES["plain"]
        expected = read_text(text)
        for encoding, name in (
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
            ("utf-16-be", "utf-16-be"),
            ("cp1256", "windows-1256"),
        ):
            with self.subTest(encoding=encoding):
                reading = read_bytes(text.encode(encoding), "policy.txt")
                self.assertEqual(reading.encoding, name)
                self.assertEqual(reading.source, "txt")
                self.assertEqual(reading.text, text)
                self.assertEqual(reading.clauses, expected.clauses)

    def test_sources(self):
        """Issue 3: text pasted, .txt and .md give the same reading."""
        text = POLICIES["markdown"]
        for source, reading in (
            ("text", read_text(text)),
            ("txt", read_bytes(text.encode(), "p.txt")),
            ("txt", read_bytes(text.encode())),
            ("md", read_bytes(text.encode(), "P.MD")),
        ):
            self.assertEqual(reading.source, source)
            self.assertEqual(reading.facts, read_text(text).facts)

    def test_line_ends(self):
        """The ends of lines of Windows and of old Macs make no difference."""
        text = POLICIES["signed"]
        for end in ("\r\n", "\r"):
            reading = read_text(text.replace("\n", end))
            self.assertEqual(reading.clauses, read_text(text).clauses)

    def test_word_file(self):
        """Issue 3: a .docx with headings, numbers and a table of signatories."""
        reading = read_bytes(policy_file(), "سياسة.docx")
        facts = reading.facts
        self.assertEqual(reading.source, "docx")
        self.assertIsNone(reading.encoding)
        self.assertEqual(facts.association_name, "جمعية مرسى الخير")
        self.assertEqual([c.label for c in facts.channels], ["1", "2"])
        self.assertEqual([s.stage for s in facts.steps], ["new", "committee"])
        self.assertEqual((facts.window.bound, facts.window.value), ("max", 30))
        self.assertEqual(facts.signatory_positions, ["member"])
        self.assertEqual(facts.approval_date, date(2024, 12, 25))
        self.assertFalse(facts.date_uncertain)

    def test_word_headers(self):
        """R015-R017: what stands in the running header and footer only is read."""
        header = f'<w:hdr xmlns:w="{_W}">{paragraph("MKH")}</w:hdr>'
        footer = f'<w:ftr xmlns:w="{_W}">{paragraph("ترخيص رقم 77")}</w:ftr>'
        reading = read_bytes(policy_file(header1=header, footer1=footer), "p.docx")
        self.assertEqual(reading.facts.acronym, "MKH")
        self.assertEqual(reading.facts.license_no, "77")

    def test_word_deletions(self):
        """What was deleted under tracked changes is no part of the text."""
        body = (
            paragraph("سياسة تنظيم العلاقة مع المستفيدين")
            + paragraph("القنوات:")
            + "<w:p><w:ins><w:r><w:t>المقابلة</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>الفاكس</w:delText></w:r></w:del></w:p>"
            + paragraph("الأدوات:")
            + paragraph("لائحة المستفيدين")
        )
        reading = read_bytes(word_file(body), "p.docx")
        self.assertEqual([c.text for c in reading.facts.channels], ["المقابلة"])
        self.assertNotIn("الفاكس", reading.text)


@tagged("post_install", "-at_install")
class TestRefused(ReaderCase):
    def test_empty(self):
        """Issue 3: nothing to read."""
        for data in (b"", b"  \r\n\t", b"\xef\xbb\xbf", "\ufeff \n".encode()):
            self.assertRefused("empty", read_bytes, data, "p.txt")
        for text in ("", " \n ", "\ufeff"):
            self.assertRefused("empty", read_text, text)

    def test_too_large(self):
        """Issue 3: 5 MB, and a text of more lines than any policy has."""
        self.assertRefused("too_large", read_bytes, b"a" * 5_000_001, "p.txt")
        self.assertRefused("too_large", read_bytes, b"a" * 5_242_880, "p.txt")
        self.assertRefused("too_large", read_text, "بند\n" * 30_000)
        self.assertRefused("too_large", read_text, "\ufdfa" * 40_000)

    def test_encoding(self):
        """Issue 3: no mojibake is read."""
        text = POLICIES["plain"]
        for data in (
            text.encode("iso8859_6", errors="ignore"),
            text.encode("utf-32"),
            text.encode("utf-16") + b"\x00",
            text.encode()[:-1] + b"\xff" + text.encode(),
            "Ünïcödé téxt wïth àccénts ".encode("latin-1") * 40,
        ):
            self.assertRefused("encoding", read_bytes, data, "p.txt")

    def test_kind(self):
        """Issue 3: another kind of file, whatever its name says."""
        noise = bytes(range(256)) * 8
        for data, name in (
            (b"%PDF-1.7\n" + noise, "p.txt"),
            (b"%PDF-1.7\n" + noise, ""),
            (b"MZ" + noise, "p.md"),
            (b"\x7fELF" + noise, "p.txt"),
            (b"\x89PNG\r\n" + noise, "p"),
            (b"{\\rtf1 }", "p.txt"),
            (b"\xd0\xcf\x11\xe0" + noise, "p.doc"),
            (noise, "p.txt"),
            (POLICIES["plain"].encode(), "p.pdf"),
            (POLICIES["plain"].encode(), "p.exe"),
        ):
            with self.subTest(name=name, start=data[:4]):
                self.assertRefused("kind", read_bytes, data, name)
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("a.txt", "a")
        self.assertRefused("kind", read_bytes, other.getvalue(), "p.zip")

    def test_damaged(self):
        """Issue 3: a .docx that is none, cut short or altered."""
        data = policy_file()
        for broken in (
            b"no zip at all",
            POLICIES["plain"].encode(),
            data[:200],
            data[: len(data) // 2],
            data[:-30],
            b"PK\x03\x04" + b"\x00" * 500,
            word_file("<w:p>"),
        ):
            self.assertRefused("damaged", read_bytes, broken, "p.docx")
        for place in range(0, len(data), 7):
            altered = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
            try:
                read_bytes(altered, "p.docx")
            except ReadError as error:
                self.assertIn(
                    error.code, ("damaged", "kind", "not_policy", "empty", "too_large")
                )

    def test_word_entities(self):
        """A document type is refused: no entity is expanded, no file is fetched."""
        document = (
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p>'
            "</w:body></w:document>"
        )
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("word/document.xml", document)
        self.assertRefused("damaged", read_bytes, data.getvalue(), "p.docx")

    def test_zip_bomb(self):
        """A small file that unfolds to a large one is refused before it does."""
        data = word_file(paragraph("ا" * 3_000_000))
        self.assertLess(len(data), 100_000)
        self.assertRefused("too_large", read_bytes, data, "p.docx")
        with patch.object(docx_reader, "MAX_PART", 100):
            self.assertRefused("too_large", read_bytes, policy_file(), "p.docx")

    def test_not_policy(self):
        """Issue 3: letters, contracts, lists and noise are no policy."""
        for text in (
            "قائمة المشتريات\n- خبز\n- حليب\n- تمر",
            "السلام عليكم\n\nنرفق لكم سياسة العلاقة مع المستفيدين للاطلاع.\n\nمع الشكر",
            "عقد إيجار\n\nتمهيد\n\nاتفق الطرفان.\n\nالتعريفات:\n\nالمؤجر: فلان.",
            "Minutes of the meeting\n\n1. Opening\n2. Any other business",
            "سياسة",
            "ـ" * 5000,
            "\x00\x01\x02",
            "٥" * 5000,
        ):
            with self.subTest(text=text[:20]):
                self.assertRefused("not_policy", read_text, text)

    def test_time(self):
        """No text makes the reading hang: long lines, and many of them.

        The bound is generous; a pattern that backtracks would take minutes.
        """
        for unit in (
            "-", "5", "1/", ".", "(", "|", "<a ", "&", "كلمة ", "ب ", "جمعية ",
            "5 رجب ", "خلال مدة لا تقل عن ", "- بند\n", "- بند:\n",
            "التعامل مع المستفيد\n", "أ\tب\n", "المحتويات\n",
            "رئيس مجلس الإدارة\n", "نص متكرر\n",
        ):  # fmt: skip
            with self.subTest(unit=unit):
                text = POLICIES["plain"] + unit * (30_000 // len(unit))
                start = time.monotonic()
                read_text(text)
                self.assertLess(time.monotonic() - start, 20)
        for unit in ("-", "5"):
            self.assertRefused(
                "too_large", read_bytes, unit.encode() * 5_000_000, "p.txt"
            )


@tagged("post_install", "-at_install")
class TestReaderData(BaseCase):
    def test_no_association(self):
        """R210: neither the code nor its data names an association."""
        names = "مساكن حرفة غمار القلوب المتقاعدين".split()
        folder = Path(lexicon.__file__).parent
        for path in folder.glob("*.py"):
            text = path.read_text(encoding="utf-8")
            for name in names:
                with self.subTest(path=path.name, name=name):
                    self.assertNotRegex(text, rf"(?<!\w){name}(?!\w)")

    def test_no_orm(self):
        """The reader imports neither Odoo nor anything that fetches."""
        folder = Path(lexicon.__file__).parent
        for path in folder.glob("*.py"):
            text = path.read_text(encoding="utf-8")
            self.assertNotRegex(text, r"(?m)^\s*(?:from|import)\s+(?:odoo|requests)\b")

    def test_phrases(self):
        """Annex D: no phrase of the lexicon holds a slip itself."""
        for phrase, kind in words.PHRASES:
            self.assertIn(kind, ("spelling", "word"))
            self.assertNotIn("  ", phrase)
