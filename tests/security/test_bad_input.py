from markupsafe import Markup
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SecurityCommon

LONG = "x" * 10000
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@tagged("post_install", "-at_install")
class TestBadInput(SecurityCommon):
    """Endless texts, markup, and numbers and dates that are none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._new_request()
        cls.reason = cls.env.ref("npo_relations.reason_return_missing_document")

    def test_long_texts(self):
        """Ten thousand characters are refused with a sentence, wherever typed."""
        request = self.request
        chair = self.users["chair"]
        for call in (
            lambda: request.write({"description": LONG}),
            lambda: request.copy({"description": LONG}),
            lambda: request._return(self.reason, LONG),
            lambda: request._refer(self.users["researcher"], question=LONG),
            lambda: request.verification_ids[:1].write({"note": LONG}),
            lambda: request.document_ids[:1].action_mismatch(LONG),
            lambda: request.document_ids[:1].action_waive(LONG),
            lambda: request.document_ids[:1].write({"issuer": LONG}),
        ):
            error = self._assert_refused(call, ValidationError)
            self.assertIn("10000", str(error))
        referral = request._refer(self.users["researcher"], question="What?")
        own = self._as("researcher", referral.sudo())
        self._assert_refused(lambda: own.write({"answer": LONG}), ValidationError)
        own.write({"answer": "So.", "is_understood": True})
        own.action_answer()
        decided = self._advance(request, "committee").with_user(chair)
        for vals in ({"decision_note": LONG}, {"conditions": LONG}):
            self._assert_refused(
                lambda v=vals: decided._decide(
                    "accepted", chair, amount_approved=12000, **v
                ),
                ValidationError,
            )
        delivering = self._advance(request, "delivery").with_user(
            self.users["deliverer"]
        )
        vals = {
            "amount": 1,
            "date": self.company._npo_today(),
            "receipt_method": "bank",
            "bank_reference": "77",
        }
        self._assert_refused(
            lambda: delivering._deliver({**vals, "note": LONG}), ValidationError
        )
        self._assert_refused(
            lambda: delivering._deliver(vals, shortfall_reason=LONG), ValidationError
        )

    def test_the_limit_itself(self):
        """What is just as long as allowed is kept whole."""
        text = "x" * self.company.npo_max_text
        self.request.description = text
        self.assertEqual(self.request.description, text)
        self._assert_refused(
            lambda: self.request.write({"description": text + "x"}), ValidationError
        )

    def test_markup(self):
        """What is typed is text: in messages, in the chatter, in the portal."""
        request = self.request
        request.description = SCRIPT
        request._return(self.reason, SCRIPT)
        request.message_post(body=SCRIPT)
        html = [
            *request.sudo().message_log_ids.mapped("body"),
            *request.sudo().message_ids.mapped("body"),
        ]
        self.assertGreater(len(html), 1)
        for body in html:
            self.assertNotIn("<script", body)
            self.assertNotIn("<img src=x", body)
        told = "".join(request.sudo().message_log_ids.mapped("body"))
        self.assertIn("&lt;script", told)
        stage = request.stage_id.sudo()
        stage.portal_sentence = SCRIPT
        request.invalidate_recordset()
        self.assertNotIsInstance(request.portal_sentence, Markup)
        view = self.env["ir.qweb"]._render(
            self.env["ir.ui.view"]
            .create(
                {
                    "type": "qweb",
                    "arch": '<t t-name="x"><p t-out="o.portal_sentence"/></t>',
                }
            )
            .id,
            {"o": request},
        )
        self.assertNotIn("<script", view)

    def test_names(self):
        """A name holds no markup, by the file or by the contact."""
        file = self.request.beneficiary_id.with_user(self.officer)
        self._assert_refused(lambda: file.write({"name": SCRIPT}), ValidationError)
        self._assert_refused(
            lambda: file.partner_id.write({"name": SCRIPT}), ValidationError
        )

    def test_a_name_is_corrected(self):
        """The desk corrects the name of who has an account: its holder is renamed."""
        file = self.request.beneficiary_id
        bank = file.partner_id.bank_ids
        self.assertTrue(bank)
        for who in ("officer", "front"):
            self._as(who, file).write({"name": f"Corrected By {who}"})
            self.assertEqual(bank.acc_holder_name, f"Corrected By {who}")

    @mute_logger("odoo.sql_db")
    def test_amounts(self):
        """Negative, huge, infinite and no number at all."""
        for name in ("amount_requested", "quantity"):
            for value in (1e9, 1e30, float("nan"), float("inf"), -1e30):
                with self.subTest(f"{name} {value}"):
                    self._assert_refused(
                        lambda n=name, v=value: self.request.write({n: v}),
                        ValidationError,
                    )
            self._assert_refused(
                lambda n=name: self.request.write({n: -1}), IntegrityError
            )
        chair = self.users["chair"]
        request = self._advance(self.request, "committee").with_user(chair)
        for value in (float("nan"), float("inf"), 1e12):
            self._assert_refused(
                lambda v=value: request._decide("accepted", chair, amount_approved=v),
                ValidationError,
            )
        self._assert_refused(
            lambda: request._decide("accepted", chair, amount_approved=-5),
            IntegrityError,
        )
        request._decide("accepted", chair, amount_approved=12000)
        delivering = self._advance(
            self._new_request(self._new_beneficiary(1)), "delivery"
        ).with_user(self.users["deliverer"])
        vals = {
            "date": self.company._npo_today(),
            "receipt_method": "bank",
            "bank_reference": "77",
        }
        for value in (float("nan"), float("inf"), 1e12, 12000.01):
            self._assert_refused(
                lambda v=value: delivering._deliver({**vals, "amount": v})
            )
        self._assert_refused(
            lambda: delivering._deliver({**vals, "amount": -5}), IntegrityError
        )

    def test_dates(self):
        """Dates at the ends of the calendar break no screen."""
        line = self.request.document_ids[:1]
        file = self.request.beneficiary_id.with_user(self.officer)
        line.write({"issue_date": "0001-01-01", "expiry_date": "9999-12-31"})
        self.assertTrue(line.validity)
        for day in ("0001-01-01", "1899-12-31", "9999-12-31"):
            self._assert_refused(
                lambda d=day: file.write({"birth_date": d}), ValidationError
            )
        for day in ("0001-01-01", "9999-12-31"):
            self.assertTrue(self.request._format_date(fields.Date.to_date(day)))
        delivering = self._advance(self.request, "delivery").with_user(
            self.users["deliverer"]
        )
        self._assert_refused(
            lambda: delivering._deliver(
                {
                    "amount": 1,
                    "date": "9999-12-31",
                    "receipt_method": "bank",
                    "bank_reference": "77",
                }
            ),
            ValidationError,
        )
