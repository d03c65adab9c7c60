import base64
import io
import struct
import zlib

from PIL import (
    Image,
    WebPImagePlugin,  # noqa: F401  (the platform makes PIL know few kinds)
)
from PIL.PngImagePlugin import PngInfo

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools import upload
from ...tools.upload import UploadError, clean_content, clean_name, take
from ..common_browser import WebCommon
from ..people.common import PDF
from .common import SecurityCommon

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SCRIPT_PDF = PDF.replace(b"<<>>", b"<< /OpenAction << /S /JavaScript /JS (x) >> >>", 1)
PLACE = b"\x18\x00\x00\x00\x01\x00\x00\x00"
MAKER = b"SecretPhone"


def picture(form="JPEG", **options):
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), "green").save(stream, form, **options)
    return stream.getvalue()


def place_of(maker=True):
    """Return what a telephone writes into a photograph: where, and by which one."""
    exif = Image.Exif()
    if maker:
        exif[0x010F] = MAKER.decode()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 42.0, 59.0), 3: "E"})
    return exif


def with_place():
    return picture(exif=place_of().tobytes())


def heic_with_place():
    """Return what stands for a HEIC: its brand, and a TIFF header with a place."""
    gps = struct.pack("<H", 1) + struct.pack("<HHII", 2, 5, 3, 26 + 18)
    gps += struct.pack("<I", 0) + struct.pack("<6I", 24, 1, 42, 1, 59, 1)
    first = struct.pack("<H", 1) + struct.pack("<HHII", 0x8825, 4, 1, 26)
    tiff = b"II*\x00" + struct.pack("<I", 8) + first + struct.pack("<I", 0) + gps
    head = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 32
    xmp = b"<x:xmpmeta><GPSLatitude>24.716</GPSLatitude></x:xmpmeta>"
    return head + b"Exif\x00\x00" + tiff + xmp


@tagged("post_install", "-at_install")
class TestUploads(SecurityCommon, WebCommon):
    """R108, R157, P038: hostile files, by every way in and on the way out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.document = cls.env["npo.document"].create(
            {
                "document_type_id": cls.env["npo.document.type"]
                .search([("code", "=", "salary_letter")], limit=1)
                .id,
                "beneficiary_id": cls.file.id,
            }
        )

    # ------------------------------------------------------------
    # THE ONE LOOK
    # ------------------------------------------------------------

    def test_refused(self):
        """By content, emptiness, and a name that promises something else."""
        for name, content, code in (
            ("a.pdf", b"", "empty"),
            ("a.pdf", HTML, "kind"),
            ("a.png", SVG, "kind"),
            ("a.pdf", b"PK\x03\x04" + b"\x00" * 99, "kind"),
            ("a.html", PDF, "name"),
            ("a.pdf.exe", PDF, "name"),
            ("invoice\u202efdp.exe", PDF, "name"),
            ("a.jpg", picture("PNG"), "name"),
            ("a.gif", b"GIF89a" + HTML, "kind"),
            ("a.jpg", with_place()[:300], "picture"),
        ):
            with self.subTest(name), self.assertRaises(UploadError) as refused:
                take(name, content)
            self.assertEqual(refused.exception.args[0], code, name)

    def test_names(self):
        """P038: no path, no sign that turns, no number of a person, not too long."""
        for typed, kept in (
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\Users\\Noura\\scan.pdf", "scan.pdf"),
            ("photo\u202egpj.exe", "photogpj.exe"),
            ("1000000008.pdf", "file.pdf"),
            ("هوية ١٠٠٠٠٠٠٠٠٨ نورة.pdf", "هوية نورة.pdf"),
            ("SA03 8000 0000 6080 1016 7519 iban.pdf", "iban.pdf"),
            ("call +966501234567.png", "call.png"),
            ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie x.pdf"),
            ('x"; filename=y.html', "x ; filename=y.html"),
            ("${7*7}{{7*7}}.pdf", "7 7 7 7.pdf"),
            ("\u200b\u200f.pdf", "file.pdf"),
            (".pdf", "file.pdf"),
            ("", "file"),
            (None, "file"),
            ("42.zip\u0000", "42.zip"),
            ("تقرير 2026.pdf", "تقرير 2026.pdf"),
            ("scan-1000000008.pdf", "scan.pdf"),
            ("mobile 050-123-4567.pdf", "mobile.pdf"),
            ("REQ-2026-00017 2026-11-22.pdf", "REQ-2026-00017 2026-11-22.pdf"),
        ):
            with self.subTest(typed):
                self.assertEqual(clean_name(typed), kept)
                self.assertEqual(clean_name(kept), kept, "twice is as once")
        self.assertLessEqual(len(clean_name("ا" * 500 + ".pdf")), 80)

    def test_pictures(self):
        """R157: neither place nor device; upright; nothing behind the picture."""
        taken = with_place()
        kept = clean_content(taken)
        self.assertIn(MAKER, taken)
        self.assertNotIn(MAKER, kept)
        with Image.open(io.BytesIO(kept)) as drawn:
            self.assertFalse(drawn.getexif())
            self.assertEqual(drawn.size, (20, 40))
        for form in ("JPEG", "PNG"):
            bare = clean_content(picture(form))
            self.assertEqual(clean_content(bare), bare, "drawn once")
            for hidden in (HTML, b"PK\x03\x04 archive", b"<?php ?>"):
                self.assertNotIn(hidden, clean_content(bare + hidden))
        commented = picture(comment=b"0501234567")
        self.assertNotIn(b"0501234567", clean_content(commented))
        spoken = picture("PNG", pnginfo=_text("Author", "1000000008"))
        self.assertNotIn(b"1000000008", clean_content(spoken))

    def test_heic(self):
        """R157: what cannot be drawn anew loses its place all the same."""
        taken = heic_with_place()
        kept = clean_content(taken)
        self.assertEqual(len(kept), len(taken))
        self.assertNotIn(b"24.716", kept)
        self.assertIn(PLACE, taken)
        self.assertNotIn(PLACE, kept)
        clean_content(taken[:90])  # cut off: nothing to read there

    def test_other_pictures(self):
        """R157: kinds that come in talks alone: the place goes, the points stay."""
        taken = picture("WEBP", exif=place_of())
        kept = clean_content(taken)
        self.assertEqual(len(kept), len(taken))
        for content, has_place in ((taken, True), (kept, False)):
            with Image.open(io.BytesIO(content)) as drawn:
                self.assertEqual(bool(drawn.getexif().get_ifd(0x8825)), has_place)
                drawn.load()
        scan = heic_with_place().partition(b"Exif\x00\x00")[2]  # a TIFF by itself
        self.assertIn(PLACE, scan)
        self.assertNotIn(PLACE, clean_content(scan))

    def test_photograph_of_a_contact(self):
        """R157: the photograph on the contact is a picture and no more."""
        partner = self.file.partner_id
        partner.image_1920 = base64.b64encode(with_place())
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
            + [("res_field", "!=", False)]
        )
        self.assertIn("image_1920", files.mapped("res_field"))
        for file in files:
            self.assertNotIn(MAKER, file.raw, file.res_field)

    def test_too_many_points(self):
        """A small file that would fill the memory."""
        size = struct.pack(">II", 60000, 60000)
        for text in (True, False):  # drawn anew, and taken as it is
            bomb = picture("PNG", pnginfo=_text("a", "b") if text else None)
            head = bomb[12:16] + size + bomb[24:29]
            check = struct.pack(">I", zlib.crc32(head))
            with self.subTest(text), self.assertRaises(UploadError):
                clean_content(bomb[:12] + head + check + bomb[33:])

    def test_cut_off(self):
        """What breaks a library is refused in a word, or kept: nothing is lost."""
        for content in (b"\xff\xd8\xff", picture()[:9], picture("PNG")[:40]):
            with self.subTest(content[:4]), self.assertRaises(UploadError):
                clean_content(content)

    def test_keeps_nobody_busy(self):
        """A HEIC of openings that nobody closes, and of entries without an end."""
        start = heic_with_place()
        endless = start + b"<x:xmpmeta " * 300_000
        self.assertEqual(len(clean_content(endless)), len(endless))
        entries = struct.pack("<H", 65535)
        entry = struct.pack("<HHII", 2, 5, 1_000_000, 8)
        gps = entries + entry * 65535
        tiff = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1)
        tiff += struct.pack("<HHII", 0x8825, 4, 1, 26) + struct.pack("<I", 0) + gps
        many = start + b"Exif\x00\x00" + tiff + b"x" * 2_000_000
        self.assertEqual(len(clean_content(many)), len(many))

    # ------------------------------------------------------------
    # EVERY WAY IN
    # ------------------------------------------------------------

    def _kept(self, record, name="1000000008 x.jpg", content=None):
        """Return what is kept of a photograph that a user attaches to a record."""
        user = self.env(user=self.officer)
        return user["ir.attachment"].create(
            {
                "name": name,
                "raw": content or with_place(),
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def test_whose(self):
        """P020: whose file it is comes as a value: a context leads past no check."""
        context = {"default_res_model": "npo.document", "default_res_id": 1}
        files = self.env(user=self.officer)["ir.attachment"].with_context(**context)
        with self.assertRaises(AccessError):
            files.create({"name": "1000000008 x.jpg", "raw": with_place()})
        context["default_res_model"] = self.file._name
        files = files.with_context(**{**context, "default_res_id": self.file.id})
        kept = files.create({"name": "1000000008 x.jpg", "raw": with_place()})
        self.assertEqual((kept.res_model, kept.res_id), (self.file._name, self.file.id))
        self.assertNotIn(PLACE, kept.raw)
        self.assertNotIn("1000000008", kept.name)

    def test_staff(self):
        """Attached by staff: cleaned, in raw, in base64 and when written again."""
        file = self._kept(self.file)
        self.assertEqual(file.name, "x.jpg")
        self.assertNotIn(MAKER, file.raw)
        file.write({"datas": base64.b64encode(with_place()), "name": "../y.jpg"})
        self.assertEqual(file.name, "y.jpg")
        self.assertNotIn(MAKER, file.raw)

    def test_document(self):
        """The checklist's file: refused or cleaned, by form and by the portal."""
        document = self.document.with_user(self.officer)
        for name, content in (("a.pdf", HTML), ("a.pdf", b""), ("a.svg", SVG)):
            with self.assertRaises(UserError):
                document.write(
                    {"file": base64.b64encode(content) or b" ", "file_name": name}
                )
        document.write(
            {
                "file": base64.b64encode(with_place()),
                "file_name": "C:\\1000000008\u202egpj.jpg",
            }
        )
        document.invalidate_recordset()
        self.assertNotIn(MAKER, base64.b64decode(document.file))
        self.assertEqual(document.file_name, "gpj.jpg")

    def test_chatter(self):
        """A file that waited for its message is cleaned when it comes to stand."""
        waiting = self.env["ir.attachment"].create(
            {
                "name": "0501234567.jpg",
                "raw": with_place(),
                "res_model": "mail.compose.message",
            }
        )
        waiting.write({"res_model": self.file._name, "res_id": self.file.id})
        self.assertEqual(waiting.name, "file.jpg")
        self.assertNotIn(MAKER, waiting.raw)

    def test_forms_and_mail(self):
        """What strangers send: by the public form refused, by mail kept and shut."""
        vals = {
            "company_id": self.company.id,
            "title": "x",
            "description": "x",
            "channel_id": self.env.ref("npo_relations.channel_website").id,
        }
        complaints = self.env["npo.complaint"]
        with self.assertRaises(UserError):
            complaints._receive(vals, [("a.pdf", HTML)])
        case = complaints._receive(vals, [("0501234567.jpg", with_place())])
        [file] = self.env["ir.attachment"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )
        self.assertEqual(file.name, "file.jpg")
        self.assertNotIn(MAKER, file.raw)
        message = case.message_post(
            body="x",
            attachments=[
                ("a.svg", SVG),
                ("1000000008.html", HTML),
                ("p.jpg", with_place()),
                ("broken.jpg", with_place()[:300]),
            ],
        )
        kinds = {file.name: file.mimetype for file in message.attachment_ids}
        opaque = upload.OPAQUE
        self.assertEqual(
            kinds,
            {
                "a.svg": opaque,
                "file.html": opaque,
                "p.jpg": "image/jpeg",
                "broken.jpg": opaque,
            },
        )
        self.assertFalse(
            [file for file in message.attachment_ids[2:3] if MAKER in file.raw]
        )

    # ------------------------------------------------------------
    # ON THE WAY OUT
    # ------------------------------------------------------------

    def test_served(self):
        """R157: what could run is saved and not opened; a photograph is shown."""
        user = self.officer
        self.authenticate(user.login, user.login)
        for name, content, is_saved in (
            ("a.svg", SVG, True),
            ("a.html", HTML, True),
            ("a.xml", b"<?xml version='1.0'?><a/>", True),
            ("a.js", b"alert(1)", True),
            ("a.pdf", SCRIPT_PDF, True),
            ("a.txt", HTML, True),
            ("plain.pdf", PDF, False),
            ("p.jpg", with_place(), False),
        ):
            file = self._kept(self.file, name, content)
            for url in (f"/web/content/{file.id}", f"/web/content/{file.id}/a.html"):
                response = self.url_open(url)
                with self.subTest(name):
                    self.assertEqual(response.status_code, 200)
                    sent = response.headers.get("Content-Disposition", "")
                    self.assertEqual(sent.startswith("attachment"), is_saved)
                    self.assertEqual(
                        response.headers["X-Content-Type-Options"], "nosniff"
                    )
                    if is_saved:
                        policy = response.headers["Content-Security-Policy"]
                        self.assertIn("sandbox", policy)
                        kind = response.headers["Content-Type"]
                        self.assertEqual(kind, upload.OPAQUE)


def _text(key, value):
    info = PngInfo()
    info.add_text(key, value)
    return info
