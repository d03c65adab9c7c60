from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from .complaint_common import ComplaintCommon

LIMIT = 25


@tagged("post_install", "-at_install")
class TestComplaintPdf(ComplaintCommon):
    """Receipt and letters, opened and read back (R205, P076, P098)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.person.lang = "en_US"

    def _print(self, name, records, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.handler)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(f"npo_relations.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return " ".join("".join(read_pdf(content)).split())

    def test_receipt(self):
        """R205: number, code and the day of the answer; not what it is about."""
        case = self._receive()
        text = self._print("report_npo_complaint_receipt", case)
        for word in (case.name, case._tracking_code(), "/track", "AH"):
            self.assertIn(word, text)
        self.assertNotIn(case.title, text)
        self.assertNotIn(self.person.name, text)

    def test_letters(self):
        """P072, P076, P098: received, decided with its appeal steps, not ours."""
        case = self._receive()
        text = self._print("report_npo_complaint_letter", case)
        self.assertIn(case.name, text)
        self.assertIn("Ms Noura", text)
        self.assertIn("looks after it", text)
        decided = self._decided()
        text = self._print("report_npo_complaint_letter", decided)
        self.assertIn("Nobody was at the telephone", text)
        self.assertIn("you may object until", text)
        self.assertIn("had no part in the decision", text)
        case._refer_out("The bank: 800 124 1000.")
        text = self._print("report_npo_complaint_letter", case)
        self.assertIn("800 124 1000", text)
        self.assertIn("not for the association to decide", text)

    def test_sealed(self):
        """P092, P094: who opens the envelope does not even learn that it is one."""
        self.env["npo.focal.person"].create(
            {"user_id": self.users["sealer"].id, "company_id": self.company.id}
        )
        self._portal(self.person)
        case = self._receive(category_id=self._category("harassment").id)
        case = case.with_user(self.users["sealer"])
        case._assess("high", "1")
        case.action_investigate()
        case.sudo().answer = "She was moved to another unit."
        receipt = "report_npo_complaint_receipt"
        for lang, words in (
            ("en_US", ("omplain", "harass", "moved", "decision", "outcome")),
            ("ar_001", ("شكو", "تحرش", "قرار", "moved")),
        ):
            self.person.lang = lang
            for name in (receipt, "report_npo_complaint_letter"):
                text = self._print(name, case, self.users["sealer"])
                with self.subTest(name=name, lang=lang):
                    self.assertIn(case.name, text)
                    self.assertIn("/track", text)
                    told = text.replace(self.company.name, "")
                    for word in (*words, case.title, "/my/"):
                        self.assertNotIn(word, told)
                    if name != receipt:
                        self.assertNotIn(case._tracking_code(), text)

    def test_statements(self):
        """One document of one record in 25 statements."""
        case = self._decided()
        for name in ("report_npo_complaint_receipt", "report_npo_complaint_letter"):
            self._print(name, case)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._print(name, case)
            with self.subTest(name):
                self.assertLessEqual(self.cr.sql_log_count - start, LIMIT)
