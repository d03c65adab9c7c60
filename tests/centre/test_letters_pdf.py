from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..core.test_print_engine import read_pdf
from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestLettersPdf(CentreCommon):
    """R089: letters and their register, printed, opened and read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.company.partner_id.lang = "ar_001"
        cls.body = cls.env["res.partner"].create(
            {"name": "وزارة الإسكان", "is_company": True, "lang": "ar_001"}
        )
        cls.incoming = cls._record(
            "letter",
            partner_id=cls.body.id,
            subject="طلب بيانات",
            sender_ref="55/A",
            date_letter="2026-02-27",
            page_count=3,
        )
        cls.outgoing = cls._record(
            "letter",
            direction="out",
            partner_id=cls.body.id,
            subject="رد على طلبكم",
            summary="نرفق لكم ما طلبتم.",
            reply_to_id=cls.incoming.id,
        )

    def _print(self, name, records):
        reports = self.env["ir.actions.report"].with_user(self.officer)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(f"npo_relations.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return read_pdf(content)

    @freeze_time("2026-03-01 08:00:00")
    def test_letter(self):
        """Number, both dates, whom it is to, what it replies to, and its text."""
        (page,) = self._print("report_npo_letter", self.outgoing)
        for text in (self.outgoing.register_no, "55/A", self.incoming.register_no):
            self.assertIn(text, page)
        for word in ("نرفق", "طلبتم", "الإسكان"):
            self.assertIn(word, page)
        self.assertIn("1447", page)  # the year of the Hijra
        self.assertIn("2026", page)

    def test_register(self):
        """Each direction is a register of its own, with what was replied."""
        letters = self.incoming | self.outgoing | self._record()
        pages = self._print("report_npo_letter_register", letters)
        self.assertEqual(len(pages), 2)
        for page, letter in zip(pages, self.incoming | self.outgoing, strict=True):
            self.assertIn(letter.register_no, page)
        self.assertIn("55/A", pages[0])
        self.assertIn(self.outgoing.register_no, pages[0])
        with self.assertRaises(UserError):
            self._record()._registers()

    def test_what_is_printed(self):
        """Only an outgoing letter has a letter to print."""
        self.assertEqual(
            self.outgoing.action_print_letter()["type"], "ir.actions.report"
        )
        for other in (self.incoming, self._record()):
            with self.assertRaises(UserError):
                other.action_print_letter()
