import base64
import io

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import AssociationCommon
from ..core.test_print_engine import read_pdf

NAME = "جمعية مساكن"
# Statements for one document of one record, the templates being compiled.
LIMIT = 25


@tagged("post_install", "-at_install")
class TestDocumentsPdf(AssociationCommon):
    """The printed documents of a request, opened and read back (R101, R119, R125)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.company.write({"name": NAME, "npo_license_no": "2337"})
        cls.company.partner_id.lang = "ar_001"
        cls.person = cls._new_beneficiary(name="سلمى بنت محمد", lang="ar_001")
        cls.request = cls._new_request(cls.person)
        cls.guest = cls._new_beneficiary(1, name="John Smith", lang="en_US")
        cls.guest.npo_gender = "male"
        cls.guest_request = cls._new_request(cls.guest)

    def _print(self, name, records, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.officer)
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(f"npo_relations.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return read_pdf(content)

    def _decide(self, request, decision, **vals):
        """Put a decision on a request, as the committee leaves it when announced."""
        request.sudo().write(
            {
                "committee_id": self.committee.id,
                "decision": decision,
                "date_decided": fields.Datetime.to_datetime("2026-03-14 10:00:00"),
                "date_announced": fields.Date.to_date("2026-03-15"),
                **vals,
            }
        )

    def _letter(self, request, **kwargs):
        pages = self._print("report_npo_request_letter", request, **kwargs)
        self.assertEqual(len(pages), 1)
        return pages[0]

    def _signature(self):
        stream = io.BytesIO()
        Image.new("RGB", (60, 20), "navy").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    # ------------------------------------------------------------
    # LETTER
    # ------------------------------------------------------------

    def test_arabic_letter(self):
        """Name, reference and both dates of an Arabic letter can be read back."""
        self._decide(self.request, "accepted", amount_approved=9000)
        text = self._letter(self.request)
        for word in ("سلمى", "مساكن", "رمضان", "1447", "مارس", "2026", "2337"):
            self.assertIn(word, text)
        self.assertIn(self.request.name, text)
        self.assertIn("9,000", text)

    def test_english_letter(self):
        """An English contact gets an English letter, from the same report."""
        self._decide(self.guest_request, "accepted", amount_approved=9000.5)
        text = " ".join(self._letter(self.guest_request).split())
        self.assertIn("Mr John Smith", text)
        self.assertIn(f"your request {self.guest_request.name} for", text)
        self.assertIn("was accepted.", text)
        self.assertIn("26 Ramadan 1447 AH", text)
        self.assertIn("15 March 2026", text)
        self.assertIn("SAR 9,000.50", text)
        self.assertIn("Chair of the", text)

    def test_decisions(self):
        """Each decision opens its letter; a refusal tells of the right to object."""
        reason = self.env["npo.reason"].search([("kind", "=", "rejection")], limit=1)
        cases = (
            ("partial", {"decision_note": "Half of it."}, "accepted in part", True),
            ("rejected", {"decision_reason_id": reason.id}, "was not accepted", True),
            ("referred", {"decision_note": "The bank."}, "referred to another", True),
            ("deferred", {"decision_note": "A report."}, "put off until", False),
            ("accepted", {}, "was accepted", False),
            ("accepted", {"conditions": "Bring it."}, "was accepted", True),
        )
        for decision, vals, sentence, may_object in cases:
            with self.subTest(decision=decision):
                self._decide(self.guest_request, decision, **vals)
                text = " ".join(self._letter(self.guest_request).split())
                self.assertIn(sentence, text)
                objection = "right to object to this decision until 26 Shawwal 1447"
                self.assertEqual(objection in text, may_object)
                for value in vals.values():
                    self.assertIn(
                        str(value if value != reason.id else reason.name), text
                    )
                self.guest_request.sudo().write(dict.fromkeys(vals, False))

    def test_reasoning_of_a_rejection_stays_inside(self):
        self._decide(self.guest_request, "rejected", decision_note="Seen at the mall.")
        self.assertNotIn("mall", self._letter(self.guest_request))

    def test_returned(self):
        """A request sent back has a letter that says what to complete, and by when."""
        reason = self.env["npo.reason"].search([("kind", "=", "return")], limit=1)
        self.guest_request._return(reason, "The rent contract.")
        text = " ".join(self._letter(self.guest_request).split())
        self.assertIn("needs to be completed", text)
        self.assertIn("The rent contract.", text)
        self.assertNotIn("Draft", text)

    def test_draft_and_undecided(self):
        """Not announced: a draft. Not decided: no letter."""
        self._decide(self.guest_request, "accepted", date_announced=False)
        text = self._letter(self.guest_request).replace("\n", "")
        self.assertIn("Draft", text)
        with self.assertRaises(UserError):
            self._print("report_npo_request_letter", self.request)

    def test_identity_is_masked(self):
        """The letter shows the end of the identity number only, whoever prints it."""
        self._decide(self.request, "accepted")
        text = self._letter(self.request)
        self.assertNotIn(self.person.identity_number, text)
        self.assertIn(self.person.identity_number[-4:], text)

    def test_two_letters(self):
        """Letters printed together are one PDF, each with its own page numbers."""
        both = self.request | self.guest_request
        self._decide(both, "accepted")
        pages = self._print("report_npo_request_letter", both)
        self.assertEqual(len(pages), 2)
        self.assertIn(self.request.name, pages[0])
        self.assertNotIn(self.request.name, pages[1])
        self.assertIn("Page 1 of 1", pages[1])

    def test_arabic_digits(self):
        """The association's digits, but for identifiers (D07)."""
        self.company.npo_digits = "arabic"
        self._decide(self.request, "accepted", amount_approved=9000)
        text = self._letter(self.request)
        self.assertIn(self.request.name, text)
        for word in ("١٤٤٧", "٢٠٢٦"):  # read in either order
            self.assertTrue(word in text or word[::-1] in text)
        for word in ("1447", "2026م", "9,000"):
            self.assertNotIn(word, text)

    def test_markup(self):
        """HTML in a text is printed as it was typed."""
        self._decide(
            self.guest_request, "accepted", conditions="<img src=x> & <b>y</b>"
        )
        self.assertIn("<img src=x> & <b>y</b>", self._letter(self.guest_request))

    # ------------------------------------------------------------
    # FORM, DECLARATION, RECEIPT
    # ------------------------------------------------------------

    def test_form(self):
        """The filled form: full identity number for the officer, a mask for others."""
        number = self.person.identity_number
        text = "".join(self._print("report_npo_request_form", self.request))
        for word in ("سلمى", number, self.request.name, "SA0380000000608010167519"):
            self.assertIn(word, text)
        manager = self.users["manager"]
        text = "".join(self._print("report_npo_request_form", self.request, manager))
        self.assertNotIn(number, text)
        self.assertNotIn("SA0380000000608010167519", text)
        self.assertIn(number[-4:], text)

    def test_blank_form(self):
        """The blank form has the association's header and nobody's data (R101)."""
        reports = self.env["ir.actions.report"].with_user(self.officer)
        content = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            "npo_relations.report_npo_request_form_blank"
        )[0]
        pages = read_pdf(content)
        self.assertIn("مساكن", pages[0])
        self.assertNotIn("REQ/", "".join(pages))

    def _notice_html(self, report, record):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html(f"npo_relations.{report}", record.ids)
        )
        return content.decode()

    def test_notice_on_the_forms(self):
        """P015: each paper form shows the notice with its version; one filled, its own.

        What a person was shown stays on the form when the association has a newer text.
        """
        consents = self.env["npo.consent"]
        notice = consents._notice(self.company).with_context(lang="ar_001")
        told = notice._sentence(self.company)
        partner = self.request.partner_id
        consents._record_notice(partner, self.company, "paper")
        newer = self.env["npo.consent.text"].create(
            {
                "purpose_id": notice.purpose_id.id,
                "company_id": self.company.id,
                "date_from": self.company._npo_today(),
                "text": "{association} uses your data to help you.",
            }
        )
        new = newer._sentence(self.company)
        self.assertIn(self.company.name, new)
        for report, record in (
            ("report_npo_request_form_blank", self.request.browse()),
            ("report_npo_service_form", self.service),
        ):
            with self.subTest(report):
                html = self._notice_html(report, record)
                self.assertIn(new, html)
                self.assertNotIn(told, html)
        html = self._notice_html("report_npo_request_form", self.request)
        self.assertIn(told, html)
        self.assertNotIn(new, html)

    def test_tool_is_the_form(self):
        """R097, R101: the tool “support request” opens the blank form."""
        tool = self.env["npo.tool"].search(
            [
                ("company_id", "=", self.company.id),
                ("code", "=", "support_request_form"),
            ]
        )
        action = tool.with_user(self.officer).action_open()
        self.assertEqual(
            action["report_name"],
            self.env.ref(
                "npo_relations.action_report_npo_request_form_blank"
            ).report_name,
        )
        tool.url = "https://example.org/form"
        self.assertEqual(tool.action_open()["url"], tool.url)

    def test_blank_form_of_a_service(self):
        pages = self._print("report_npo_service_form", self.service)
        text = " ".join(" ".join(pages).split())
        self.assertIn("مساكن", text)
        self.assertEqual(len(pages), 2)

    def test_declaration(self):
        """What was signed is printed as it was signed, with the signature (R119)."""
        request = self.guest_request.sudo()
        request._sign("portal", signature=self._signature())
        request.declaration_id.text = "My own words."
        text = "".join(self._print("report_npo_request_declaration", request))
        self.assertIn("My own words.", text)
        self.assertIn("Signed by the applicant in the portal", " ".join(text.split()))
        self.assertNotIn(self.guest.identity_number, text)

    def test_declaration_with_a_witness(self):
        request = self.guest_request.sudo()
        request._sign("thumb", witness_name="Ali Witness")
        text = "".join(self._print("report_npo_request_declaration", request))
        self.assertIn("Ali Witness", text)

    def test_declaration_to_sign_on_paper(self):
        """Before it is signed the form has the policy's words and room to sign."""
        text = "".join(
            self._print("report_npo_request_declaration", self.guest_request)
        )
        self.assertIn("Thumbprint", text)
        self.assertIn("Signature of the witness", text)

    def _delivery(self, **vals):
        return (
            self.env["npo.delivery"]
            .sudo()
            .create(
                {
                    "request_id": self.guest_request.id,
                    "amount": 9000,
                    "date": fields.Date.to_date("2026-04-01"),
                    "receipt_method": "signature",
                    "signature": self._signature(),
                    "user_id": self.users["deliverer"].id,
                    **vals,
                }
            )
        )

    def test_receipt(self):
        delivery = self._delivery(receiver_name="Ali Receiver")
        text = " ".join(
            "".join(
                self._print(
                    "report_npo_delivery_receipt", delivery, self.users["manager"]
                )
            ).split()
        )
        for words in (
            delivery.name,
            self.guest_request.name,
            "Ali Receiver",
            "1 April 2026",
            "13 Shawwal 1447 AH",
            "SAR 9,000",
        ):
            self.assertIn(words, text)

    # ------------------------------------------------------------
    # WHO PRINTS
    # ------------------------------------------------------------

    def test_every_role_that_reads_prints(self):
        """Who may read a request can print its documents."""
        self._decide(self.guest_request, "partial", decision_note="Half.")
        for role in (
            "officer",
            "researcher",
            "chair",
            "secretary",
            "manager",
            "auditor",
        ):
            for name in ("letter", "form", "declaration"):
                with self.subTest(role=role, name=name):
                    user = self.users[role]
                    report = f"report_npo_request_{name}"
                    pages = self._print(report, self.guest_request, user)
                    self.assertIn(self.guest_request.name, "".join(pages))

    def test_portal(self):
        """The portal prints with sudo, for a user who sees masks only."""
        user = new_test_user(self.env, "paper_portal", "base.group_portal")
        self._decide(self.guest_request, "accepted")
        reports = self.env["ir.actions.report"].with_user(user).sudo()
        reports = reports.with_context(force_report_rendering=True)
        for name in ("letter", "form", "declaration"):
            content = reports._render_qweb_pdf(
                f"npo_relations.report_npo_request_{name}", self.guest_request.ids
            )[0]
            text = "".join(read_pdf(content))
            self.assertIn(self.guest_request.name, text)
            self.assertNotIn(self.guest.identity_number, text)

    def test_portal_before_the_announcement(self):
        """An applicant gets no letter of a decision that was not announced."""
        user = new_test_user(self.env, "paper_early", "base.group_portal")
        self._decide(self.guest_request, "accepted", date_announced=False)
        reports = self.env["ir.actions.report"].with_user(user).sudo()
        with self.assertRaises(UserError):
            reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                "npo_relations.report_npo_request_letter", self.guest_request.ids
            )

    def test_stranger(self):
        """Who may not read a request cannot print it."""
        user = new_test_user(self.env, "paper_stranger", "base.group_portal")
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self._print("report_npo_request_form", self.guest_request, user)

    # ------------------------------------------------------------
    # COST
    # ------------------------------------------------------------

    def test_statements(self):
        """One document of one record: 25 statements at most; two: hardly more."""
        self._decide(self.request | self.guest_request, "rejected")
        self.request.sudo()._sign("paper")
        delivery = self._delivery()
        cases = (
            ("report_npo_request_letter", self.request),
            ("report_npo_request_form", self.request),
            ("report_npo_request_declaration", self.request),
            ("report_npo_delivery_receipt", delivery),
        )
        for name, records in cases:
            with self.subTest(name=name):
                self._print(name, records, self.users["officer"])
                self.assertLessEqual(self._count(name, records), LIMIT)
        both = self._count(
            "report_npo_request_letter", self.request | self.guest_request
        )
        one = self._count("report_npo_request_letter", self.request)
        self.assertLessEqual(both - one, 6)

    def _count(self, name, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._print(name, records, self.users["officer"])
        return self.env.cr.sql_log_count - before
