import base64
from ast import literal_eval
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date, Datetime
from odoo.tests import tagged

from ..common import AssociationCommon


class DeliveryCommon(AssociationCommon):
    """Requests that are approved and wait for their delivery."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deliverer = cls.users["deliverer"]
        cls.second = cls._new_staff("deliverer_two", "delivery_officer", cls.company)
        cls.today = cls.company._npo_today()

    def _request(self, index=0, **vals):
        request = self._advance(
            self._new_request(self._new_beneficiary(index), **vals), "delivery"
        )
        return request.with_user(self.deliverer)

    def _vals(self, **vals):
        return {"date": self.today, "receipt_method": "signature", **vals}

    def _code_of(self, call):
        """Return the code that a call sends."""
        with patch(
            "odoo.addons.npo_relations.models.core.one_time_code.secrets.randbelow",
            return_value=1234,
        ):
            call()
        return "001234"


@tagged("post_install", "-at_install")
class TestDelivery(DeliveryCommon):
    """R129: planned, handed over, received, taken back."""

    def test_plan(self):
        """Instalments: equal, dated, once; each closes a part, the last the request."""
        request = self._request(amount_requested=1000)
        plan = request._plan_deliveries(3, "months", self.today)
        self.assertEqual(plan.sudo().mapped("amount_planned"), [333.33, 333.33, 333.34])
        self.assertEqual(plan.sudo()[1].date_planned, Date.add(self.today, months=1))
        with self.assertRaisesRegex(UserError, "plan already"):
            request._plan_deliveries(3, "months", self.today)
        due = self.env["npo.delivery"].search_count(
            [("request_id", "=", request.id), ("date_planned", "<=", "today +6d")]
        )
        self.assertEqual(due, 1)
        for delivery in plan[:2]:
            delivery._deliver_planned(self.today, "signature")
        self.assertEqual(request.stage_code, "delivery")
        plan[2]._cancel("Asked for it at once")
        request._deliver(self._vals(amount=333.34))
        self.assertRecordValues(request, [{"stage_code": "done", "outcome": "served"}])
        self.assertEqual(
            set(request.sudo().delivery_ids.mapped("state")), {"delivered", "cancelled"}
        )

    def _columns(self, domain):
        """Return the stages that a board shows to the delivery officer."""
        groups = (
            self.env["npo.request"]
            .with_user(self.deliverer)
            .with_context(read_group_expand=True)
            .web_read_group(domain, ["stage_id"], ["__count"])["groups"]
        )
        stages = self.env["npo.stage"].browse(group["stage_id"][0] for group in groups)
        return stages.mapped("code")

    def test_board(self):
        """R129: the board of what is to be delivered has no columns of other stages."""
        due = self.env.ref("npo_relations.npo_request_action_delivery")
        every = self.env.ref("npo_relations.npo_request_action")
        unfolded = self.env["npo.stage"].search(
            [("kind", "=", "request"), ("fold", "=", False)]
        )
        self.assertEqual(self._columns(literal_eval(due.domain)), ["delivery"])
        self._request()
        self.assertEqual(self._columns(literal_eval(due.domain)), ["delivery"])
        self.assertGreater(len(unfolded), 5)
        self.assertEqual(
            self._columns(literal_eval(every.domain)), unfolded.mapped("code")
        )
        self.assertEqual(self._columns([]), unfolded.mapped("code"))

    def test_a_part_of_an_instalment(self):
        """Less than planned is delivered in part; the rest stays to be delivered."""
        request = self._request(amount_requested=1000)
        plan = request._plan_deliveries(2, "weeks", self.today, every=2)
        request._deliver(self._vals(amount=300), delivery=plan[0])
        self.assertEqual(plan[0].state, "partial")
        self.assertEqual(request._remaining(), (700, 0))
        with self.assertRaisesRegex(UserError, "does not apply"):
            request._deliver(self._vals(amount=1), delivery=plan[0])

    def test_expired_file(self):
        """D20: nothing recurring, nothing at all, for a file that is over."""
        request = self._request()
        plan = request._plan_deliveries(2, "months", self.today)
        file = request.sudo().beneficiary_id
        file.date_renewal = Date.subtract(self.today, days=1)
        with self.assertRaisesRegex(UserError, "file ended"):
            plan[0]._deliver_planned(self.today, "signature")
        plan._cancel("Over")
        with self.assertRaisesRegex(UserError, "file ended"):
            request._plan_deliveries(2, "months", self.today)
        file.date_renewal = Date.add(self.today, days=1)
        file.with_user(self.officer).action_suspend(note="Moved away")
        with self.assertRaisesRegex(UserError, "Suspended"):
            request._deliver(self._vals(amount=5))

    def test_items(self):
        """In kind: what was handed over stands on the receipt, and stays."""
        furnishing = self._service("furnishing")
        request = self._request(
            service_id=furnishing.id, quantity=2, amount_requested=0
        )
        item = {"name": "Fridge", "quantity": 2, "unit": "piece", "serial": "S-1"}
        delivery = request._deliver(
            self._vals(quantity=2, place_kind="home", item_ids=[Command.create(item)])
        )
        self.assertEqual(request.stage_code, "done")
        self.assertRecordValues(delivery.item_ids, [item])
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "npo_relations.report_npo_delivery_receipt", delivery.ids
            )[0]
            .decode()
        )
        for text in ("Fridge", "S-1", "piece"):
            self.assertIn(text, html)
        with self.assertRaises(UserError):
            delivery.item_ids.write({"quantity": 9})

    def test_code(self):
        """A code: sent, kept as a fingerprint, few tries, once, masked in the log."""
        request = self._request()
        code = self._code_of(request._send_receipt_code)
        record = self.env["npo.receipt.code"].search([("request_id", "=", request.id)])
        self.assertNotIn(code, record.fingerprint)
        message = request.sudo().message_log_ids.sorted("id")[-1:]
        self.assertNotIn(code, message.body)
        mail = self.env["mail.mail"].search([], limit=1, order="id desc")
        self.assertIn(code, mail.body_html)
        with self.assertRaisesRegex(UserError, "not confirmed"):
            request._deliver(self._vals(amount=5, receipt_method="otp"))
        self.assertIn("4", request._try_receipt_code("999999"))
        for _turn in range(4):
            request._try_receipt_code("999999")
        self.assertIn("Too many", request._try_receipt_code(code))
        code = self._code_of(request._send_receipt_code)
        self.assertFalse(request._try_receipt_code(code))
        request._deliver(self._vals(amount=5, receipt_method="otp"))
        with self.assertRaisesRegex(UserError, "not confirmed"):
            request._deliver(self._vals(amount=5, receipt_method="otp"))
        code = self._code_of(request._send_receipt_code)
        record = self.env["npo.receipt.code"].search([("request_id", "=", request.id)])
        record.date_end = Datetime.subtract(Datetime.now(), minutes=1)
        self.assertIn("no code", request._try_receipt_code(code))

    def test_code_by_the_form(self):
        """A wrong code comes back to the form and costs a try."""
        request = self._request()
        code = self._code_of(request._send_receipt_code)
        form = (
            self.env["npo.request.deliver"]
            .with_user(self.deliverer)
            .create(
                {
                    "request_id": request.id,
                    "amount": 12000,
                    "receipt_method": "otp",
                    "code": "000000",
                }
            )
        )
        self.assertEqual(form.action_confirm()["res_id"], form.id)
        self.assertIn("4", form.code_note)
        form.code = code
        form.action_confirm()
        self.assertEqual(request.stage_code, "done")

    def test_code_without_address(self):
        """Who has no address for it is not told that a code was sent."""
        request = self._request()
        request.sudo().partner_id.email = False
        with self.assertRaisesRegex(UserError, "no address"):
            request._send_receipt_code()

    def test_receipts(self):
        """A transfer has its reference, a photo the person's consent."""
        request = self._request()
        with self.assertRaisesRegex(ValidationError, "reference"):
            request._deliver(self._vals(amount=5, receipt_method="bank"))
        pixel = self.env["res.partner"]._avatar_get_placeholder()
        photo = {"receipt_method": "photo", "photo": base64.b64encode(pixel)}
        with self.assertRaisesRegex(ValidationError, "not agreed to photos"):
            request._deliver(self._vals(amount=5, **photo))
        media = self.env.ref("npo_relations.consent_purpose_media")
        self.env["npo.consent"]._give(
            request.sudo().partner_id, media, self.company, "paper"
        )
        self.assertTrue(request._deliver(self._vals(amount=5, **photo)))

    def test_representative(self):
        """D11: who receives for another does so by a right that is valid today."""
        request = self._request()
        relative = self.env["res.partner"].create({"name": "A Relative"})
        right = self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": request.sudo().partner_id.id,
                "representative_id": relative.id,
                "kind": "companion",
                "may_apply": False,
                "may_sign": False,
                "may_receive": False,
            }
        )
        with self.assertRaisesRegex(UserError, "right to receive"):
            request._deliver(self._vals(amount=5, representation_id=right.id))
        right.may_receive = True
        delivery = request._deliver(self._vals(amount=5, representation_id=right.id))
        self.assertEqual(delivery.receiver_name, "A Relative")

    def test_payment(self):
        """Cash waits for finance, unless it is paid by hand."""
        self.company.npo_cash_by_hand = False
        request = self._request()
        delivery = request._deliver(self._vals(amount=12000, receipt_method="bank"))
        self.assertEqual(delivery.state, "waiting_payment")
        self.assertEqual(request._remaining(), (0, 0))
        self.assertEqual(request.stage_code, "delivery")
        with self.assertRaises(UserError):
            request._deliver(self._vals(amount=1))
        with self.assertRaises(AccessError):
            delivery._confirm_payment("TRF-1")
        manager = delivery.with_user(self.users["manager"])
        with self.assertRaisesRegex(UserError, "reference"):
            manager._confirm_payment(" ")
        manager._confirm_payment("TRF-1")
        self.assertRecordValues(
            delivery.sudo(), [{"state": "delivered", "bank_reference": "TRF-1"}]
        )
        self.assertEqual(request.stage_code, "done")

    def test_reversal(self):
        """A second person takes it back, with a reason; the request opens again."""
        request = self._request()
        delivery = request._deliver(self._vals(amount=12000))
        self.assertEqual(request.stage_code, "done")
        with self.assertRaisesRegex(UserError, "cannot do this step"):
            delivery._reverse("Wrong person")
        second = delivery.with_user(self.second)
        with self.assertRaisesRegex(UserError, "reason"):
            second._reverse("")
        with self.assertRaises(AccessError):
            delivery.with_user(self.officer)._reverse("Wrong person")
        second._reverse("Wrong person")
        self.assertRecordValues(
            request.sudo(),
            [{"stage_code": "delivery", "outcome": False, "amount_granted": 12000}],
        )
        self.assertEqual(request._remaining(), (12000, 0))
        with self.assertRaisesRegex(UserError, "does not apply"):
            second._reverse("Again")

    def test_nothing_delivered(self):
        """A request of which nothing could be delivered is closed with what became."""
        request = self._request()
        with self.assertRaisesRegex(UserError, "what became of it"):
            request._deliver({}, shortfall_reason="Moved away")
        request._deliver({}, shortfall_reason="Moved away", outcome="unreachable")
        self.assertRecordValues(
            request.sudo(),
            [{"stage_code": "done", "outcome": "unreachable", "amount_granted": 0}],
        )

    def test_attendance(self):
        """Of a training: how many sessions were held, and attended."""
        request = self._request()
        with self.assertRaisesRegex(ValidationError, "attended"):
            request._deliver(self._vals(amount=5, session_count=3, attended_count=4))

    def test_many_at_once(self):
        """Planned deliveries in one step: few statements more for 50 than for 9."""
        base = self._request().sudo()
        requests = self.env["npo.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "beneficiary_id": base.beneficiary_id.id,
                    "service_id": self.service.id,
                }
                for _number in range(60)
            ]
        )
        requests.write(
            {
                "stage_id": base.stage_id.id,
                "decision": "accepted",
                "amount_approved": 100,
                "date_to_delivery": Datetime.now(),
            }
        )
        deliveries = self.env["npo.delivery"].create(
            [
                {
                    "request_id": request.id,
                    "state": "planned",
                    "amount_planned": 100,
                    "date_planned": self.today,
                }
                for request in requests
            ]
        )
        self.env.flush_all()

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.with_user(self.deliverer)._deliver_planned(self.today, "signature")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(deliveries[:1])
        few, many = count(deliveries[1:10]), count(deliveries[10:])
        self.assertEqual(set(requests.mapped("stage_code")), {"done"})
        self.assertLessEqual(many - few, 20)
        self.assertLessEqual(many, 120)


@tagged("post_install", "-at_install")
class TestOutsideReferral(AssociationCommon):
    """R056: referred to another body, with consent, a letter and a dated result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._new_request()
        cls.body = cls.env["res.partner"].create(
            {"name": "Bank of Social Loans", "is_company": True}
        )

    def _referral(self):
        action = self.request.action_refer_outside()
        return (
            self.env["npo.outside.referral"]
            .with_user(self.officer)
            .with_context(action["context"])
            .create({"body_id": self.body.id, "need": "A loan for a sewing machine"})
        )

    def _agree(self):
        share = self.env.ref("npo_relations.consent_purpose_share")
        self.env["npo.consent"]._give(
            self.request.sudo().partner_id, share, self.company, "paper"
        )

    def test_consent(self):
        """Without the consent to share, and for this body, nothing is sent."""
        referral = self._referral()
        referral.is_agreed = True
        with self.assertRaisesRegex(UserError, "agree first"):
            referral.action_send()
        self._agree()
        referral.is_agreed = False
        with self.assertRaisesRegex(UserError, "agree first"):
            referral.action_send()
        referral.is_agreed = True
        referral.action_send()
        self.assertRecordValues(
            referral,
            [{"state": "sent", "date_sent": self.company._npo_today()}],
        )
        self.assertTrue(referral.sudo().consent_id)
        self.assertEqual(self.request.sudo().outside_referral_ids, referral.sudo())

    def test_result(self):
        """The result and its day close it; what was sent is not changed."""
        self._agree()
        referral = self._referral()
        referral.is_agreed = True
        referral.action_send()
        with self.assertRaisesRegex(UserError, "not changed"):
            referral.need = "Something else"
        with self.assertRaises(UserError):
            referral.action_answered()
        today = self.company._npo_today()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            referral.date_answered = Date.add(today, days=1)
        referral.write({"result": "accepted", "date_answered": today})
        referral.action_answered()
        self.assertEqual(referral.state, "answered")
        with self.assertRaises(UserError):
            referral.unlink()
        kinds = [
            entry["title"]
            for entry in self.env["npo.outside.referral"]
            .with_user(self.officer)
            ._timeline_entries(self.request.sudo().partner_id, 10)
        ]
        self.assertEqual(len(kinds), 2)

    def test_by_its_steps(self):
        """State, consent and dates of sending are nobody's to write."""
        referral = self._referral()
        for vals in ({"state": "sent"}, {"date_sent": "2026-01-01"}):
            with self.assertRaises(AccessError):
                referral.write(vals)
        with self.assertRaises(AccessError):
            self._referral().with_user(self.users["deliverer"]).action_send()

    def test_letter(self):
        """The letter tells what was agreed to, and no identity number."""
        self._agree()
        referral = self._referral()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "npo_relations.report_npo_outside_referral", referral.ids
            )[0]
            .decode()
        )
        self.assertIn("sewing machine", html)
        self.assertNotIn(self.request.sudo().beneficiary_id.identity_number, html)
