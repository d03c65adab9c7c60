import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from .common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementPaper(AgreementCommon):
    """The agreement, the deed and the register, opened and read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.supplier.lang = "en_US"
        cls.agreement = cls._active()

    def _print(self, name, records, user=None, **context):
        reports = self.env["ir.actions.report"].with_user(user or self.lawyer)
        content, kind = reports.with_context(
            force_report_rendering=True, **context
        )._render_qweb_pdf(f"npo_relations.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return " ".join("".join(read_pdf(content)).split())

    def test_agreement(self):
        """R026, R029: parties, duties and how they are done, the ladder, the review."""
        text = self._print("report_npo_agreement", self.agreement)
        for words in (
            self.agreement.name,
            "Food Basket Supply",
            "Brings the baskets",
            "By bank transfer",
            "A written warning",
            "Amicable settlement",
            "Consequences of default",
            "AH",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        self.supplier.lang = "ar_001"
        self.assertIn("الموافق", self._print("report_npo_agreement", self.agreement))

    def test_deed(self):
        """R144: parties, facts, terms, amount, release, both signatures."""
        dispute = self._dispute(self.agreement)
        with self.assertRaises(UserError):
            dispute.action_print_deed()
        dispute._offer_deed("They pay back in two parts.", 500)
        text = self._print("report_npo_dispute_deed", dispute)
        for words in (
            dispute.name,
            "Food Basket Supply",
            "ten days late",
            "two parts",
            "500",
            "releases the other",
            "Second party",
            "AH",
        ):
            with self.subTest(words):
                self.assertIn(words, text)

    def _register(self, user=None, **vals):
        model = self.env["npo.agreement.register"].with_user(user or self.lawyer)
        return model.create({"company_id": self.company.id, **vals})

    def test_register(self):
        """R146: the register on paper: in force, or all of them, of one kind."""
        draft = self._draft(title="A draft of the lease", kind="lease")
        text = self._print("report_npo_agreement_register", self._register())
        self.assertIn("Supply of food", text)
        self.assertNotIn(draft.name, text)
        every = self._register(which="all")
        self.assertIn(draft.name, self._print("report_npo_agreement_register", every))
        leases = self._register(which="all", kind="lease")
        self.assertEqual(leases._agreements(), draft.with_user(self.lawyer))
        every.action_print()

    def test_spreadsheet(self):
        """The register as a spreadsheet: right to left in Arabic, both calendars."""
        for lang, is_rtl, era in (("en_US", False, "AH"), ("ar_001", True, "هـ")):
            register = self._register().with_context(lang=lang)
            action = register.action_export()
            self.assertIn(f"/{register.id}/file", action["url"])
            content = register.with_context(bin_size=False).file
            book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(content)))
            sheet = book.worksheets[0]
            cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
            with self.subTest(lang):
                self.assertEqual(bool(sheet.sheet_view.rightToLeft), is_rtl)
                self.assertIn(self.agreement.name, cells)
                self.assertIn("50000", cells)
                self.assertTrue(any(era in cell for cell in cells))

    def test_who_takes_the_register(self):
        """The register is for legal advice, governance and management."""
        for name in ("governor", "manager"):
            self._register(self.users[name]).action_export()
        with self.assertRaises(AccessError):
            self._register(self.officer)
        own = self._register().with_user(self.users["payer"])
        with self.assertRaises(AccessError):
            own.action_print()
