import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.upload import extension_kind, file_kind
from .common import JPEG, PDF, PNG, PeopleCommon

ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 64
MZ = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 64
HTML = b"<html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 32
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 32
ZIP = b"PK\x03\x04" + b"\x00" * 64


@tagged("post_install", "-at_install")
class TestFileCheck(PeopleCommon):
    """A file is what it says, small enough, and may be kept (R108, P-series)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file()
        cls.line = cls.Document.create(
            {
                "document_type_id": cls._type("salary_letter").id,
                "beneficiary_id": cls.file.id,
            }
        )

    def _upload(self, content, name, line=None, user=None):
        line = self._as(line or self.line, user or self.officer)
        line.write({"file": base64.b64encode(content), "file_name": name})

    def test_kinds(self):
        """By the first bytes alone."""
        for content, kind in (
            (PDF, "pdf"),
            (PNG, "png"),
            (JPEG, "jpeg"),
            (HEIC, "heic"),
            (ELF, ""),
            (MZ, ""),
            (HTML, ""),
            (SVG, ""),
            (MP4, ""),
            (ZIP, ""),
            (b"", ""),
            (b"hello", ""),
            (MZ + PDF, ""),
            (b" \n" + PDF, ""),
        ):
            with self.subTest(content[:12]):
                self.assertEqual(file_kind(content), kind)
        for name, kind in (
            ("a.pdf", "pdf"),
            ("تقرير.JPG", "jpeg"),
            ("a.b.jpeg", "jpeg"),
            ("a.heif", "heic"),
            ("a.pdf.exe", ""),
            ("a", ""),
            ("pdf", ""),
            ("", ""),
            (None, ""),
        ):
            with self.subTest(name):
                self.assertEqual(extension_kind(name), kind)

    def test_accepted(self):
        """Scans and photographs under their own names."""
        for content, name in (
            (PDF, "letter.pdf"),
            (PNG, "photo.PNG"),
            (JPEG, "صورة.jpg"),
            (HEIC, "IMG_1.HEIC"),
        ):
            self._upload(content, name)
            self.assertTrue(self.line.has_file)
            self.assertEqual(base64.b64decode(self.line.file), content)
            self.assertEqual(self.line.state, "received")

    def test_disguised(self):
        """A programme, a page or an archive under the name of a document."""
        for content, name in (
            (ELF, "letter.pdf"),
            (MZ, "letter.pdf"),
            (MZ + PDF, "letter.pdf"),
            (HTML, "photo.png"),
            (SVG, "photo.png"),
            (ZIP, "letter.pdf"),
            (PDF, "letter.exe"),
            (PDF, "photo.png"),
            (PNG, "letter.pdf"),
            (PDF, "letter"),
            (PDF, "letter.pdf.html"),
            (b"x" * 10, "letter.pdf"),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self._upload(content, name)
        self.assertFalse(self.line.file)
        self.assertEqual(self.line.state, "missing")

    def test_size(self):
        """The association's limit, eleven megabytes against ten."""
        self.company.npo_max_upload_mb = 10
        big = PDF + b"\x00" * (11 * 1024 * 1024)
        with self.assertRaises(UserError) as error:
            self._upload(big, "big.pdf")
        self.assertIn("10", str(error.exception))
        self.company.npo_max_upload_mb = 12
        self._upload(big, "big.pdf")

    def test_every_path(self):
        """Create, write as superuser and import meet the same check."""
        vals = {
            "document_type_id": self.line.document_type_id.id,
            "beneficiary_id": self.file.id,
            "file_name": "letter.pdf",
        }
        with self.assertRaises(UserError):
            self.Document.create({**vals, "file": base64.b64encode(ELF)})
        with self.assertRaises(UserError):
            self.line.sudo().write(
                {"file": base64.b64encode(ELF), "file_name": "a.pdf"}
            )
        with self.assertRaises(UserError):
            self.line.sudo().write({"restricted_file": base64.b64encode(ELF)})
        with self.assertRaises(UserError):
            self.Document.create({**vals, "file": "not base64 !"})
        result = self.Document.load(
            ["document_type_id/.id", "beneficiary_id/.id", "file", "file_name"],
            [
                [
                    str(vals["document_type_id"]),
                    str(self.file.id),
                    base64.b64encode(MZ).decode(),
                    "a.pdf",
                ]
            ],
        )
        self.assertFalse(result["ids"])

    def test_attachment_is_no_way_round(self):
        """The attachment behind the field cannot be made or changed by itself."""
        self._upload(PDF, "letter.pdf")
        attachments = self.env["ir.attachment"]
        attachment = attachments.sudo().search(
            [
                ("res_model", "=", "npo.document"),
                ("res_field", "=", "file"),
                ("res_id", "=", self.line.id),
            ]
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment.with_user(self.officer).write({"datas": base64.b64encode(ELF)})
        with self.assertRaises(AccessError):
            attachments.with_user(self.officer).create(
                {
                    "name": "x.pdf",
                    "res_model": "npo.document",
                    "res_field": "file",
                    "res_id": self.line.id,
                    "datas": base64.b64encode(ELF),
                }
            )
        own = attachments.with_user(self.officer).create(
            {"name": "x", "datas": base64.b64encode(ELF)}
        )
        with self.assertRaises(AccessError):
            own.write({"res_model": "npo.document", "res_id": self.line.id})

    def test_identity_not_copied(self):
        """Glossary 9: identity documents are matched, not copied."""
        for code in ("national_id", "iqama", "passport", "family_card"):
            line = self.Document.create(
                {
                    "document_type_id": self._type(code).id,
                    "beneficiary_id": self.file.id,
                }
            )
            self.assertFalse(line.can_attach)
            with self.subTest(code), self.assertRaises(UserError) as error:
                self._upload(PDF, "id.pdf", line)
            self.assertIn("matched", str(error.exception))
        self.company.npo_identity_copy_basis = "  "
        with self.assertRaises(UserError):
            self._upload(PDF, "id.pdf", line)
        self.company.npo_identity_copy_basis = "Article 5 of …"
        self._upload(PDF, "id.pdf", line)
        self.assertTrue(line.has_file)

    def test_identity_by_change_of_type(self):
        """A file does not become an identity document's by changing the type."""
        self._upload(PDF, "letter.pdf")
        with self.assertRaises(UserError):
            self._as(self.line, self.officer).write(
                {"document_type_id": self._type("national_id").id}
            )

    def test_file_removed(self):
        """Taking the file away makes the line missing again."""
        self._upload(PDF, "letter.pdf")
        self._as(self.line, self.officer).write({"file": False, "file_name": False})
        self.assertFalse(self.line.has_file)
        self.assertEqual(self.line.state, "missing")
