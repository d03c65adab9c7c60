from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationPaper(CompensationCommon):
    """Case file, settlement and letters, opened and read back (R136, R142, R143)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.person.lang = cls.company.partner_id.lang = "en_US"

    def _print(self, name, case, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.claims)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(f"npo_relations.report_npo_compensation_{name}", case.ids)
        self.assertEqual(kind, "pdf")
        return " ".join("".join(read_pdf(content)).split())

    def test_file(self):
        """R136: claim, findings, evidence, negotiation, amounts, approval, payments."""
        self._without_accounting()
        case = self._asked()
        case.mitigation_ids.create(
            {
                "compensation_id": case.id,
                "kind": "stop_harm",
                "date_done": self.company._npo_today(),
                "effect": "The shelf is gone.",
            }
        )
        self._approve(case)
        text = self._print("file", case)
        for word in (
            case.name,
            "Three vases were broken",
            "They fell from the shelf.",
            "admission.pdf",
            "The shelf is gone.",
            "We make good what was broken.",
            "Product spoilt or lost",
            "Nothing against it.",
            "Grantor",
            "AH",
        ):
            with self.subTest(word):
                self.assertIn(word, text)

    def test_settlement(self):
        """R142, R143: the offer, the release clause, and room for both signatures."""
        case = self._negotiated()
        text = self._print("settlement", case)
        for word in (
            "Salma Artisan",
            "We make good what was broken.",
            "nothing more to claim",
            "The harmed party",
            "On behalf of the association",
        ):
            with self.subTest(word):
                self.assertIn(word, text)
        self.company.npo_release_clause = "Our own clause."
        self.assertIn("Our own clause.", self._print("settlement", case))

    def test_letters(self):
        """R133, R140: received, outside the scope, refused, granted: each a letter."""
        self._without_accounting()
        case = self._new_case(agreement_id=False)
        self.assertIn("We received your claim", self._print("letter", case))
        case.action_examine()
        case._refuse_scope("There was no agreement.")
        text = self._print("letter", case)
        self.assertIn("outside of what the association compensates", text)
        self.assertIn("There was no agreement.", text)
        self.assertIn("you may object until", text)
        case = self._studied()
        case._find("proof", "not_met", "Nobody admits it.")
        self.assertIn("could not be accepted", self._print("letter", case))
        case = self._asked()
        self._approve(case)
        self.assertIn("is approved", self._print("letter", case))

    def test_arabic(self):
        """The settlement speaks the person's language."""
        self.person.lang = "ar_001"
        case = self._negotiated()
        self.assertIn(case.name, self._print("settlement", case))

    def test_who_prints(self):
        """Finance prints nothing of what was found."""
        self._without_accounting()
        case = self._asked()
        self._approve(case)
        for name in ("file", "letter"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._print(name, case, self.users["payer"])
