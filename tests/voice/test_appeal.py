from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import local_today
from .common import VoiceCommon


@tagged("post_install", "-at_install")
class TestAppeal(VoiceCommon):
    """D12: within a period, reviewed by others, with an outcome that is carried out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._decided()
        cls.member = cls.users["member"]

    def _reviewed(self, appeal, who="member"):
        appeal = appeal.with_user(self.users[who])
        appeal.action_review()
        return appeal

    def test_lodged(self):
        """D12: received with its number, days and message; one open at a time."""
        appeal = self._lodge(self.request)
        self.assertTrue(appeal.name.startswith("APL/"))
        self.assertEqual(appeal.stage_code, "received")
        self.assertEqual(appeal.request_id, self.request)
        self.assertEqual(appeal.date_last, self.request.date_appeal_end)
        self.assertGreater(appeal.date_deadline, appeal.date_received)
        self.assertEqual(len(appeal.message_log_ids), 1)
        with self.assertRaisesRegex(UserError, "no decision to object to"):
            self._lodge(self.request)

    def test_two_at_once(self):
        """D12: two objections to one decision: the database takes one."""
        appeal = self._lodge(self.request)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            appeal.copy({"res_id": appeal.res_id, "date_last": appeal.date_last})

    def test_nothing_to_object_to(self):
        """D12: no decision, or one that was not announced, is not objected to."""
        request = self._advance(
            self._new_request(self._new_beneficiary(1)), "committee"
        ).sudo()
        with self.assertRaises(UserError):
            self._lodge(request)
        request.with_user(self.users["chair"])._decide(
            "accepted", self.users["chair"], amount_approved=12000
        )
        with self.assertRaises(UserError):
            self._lodge(request)

    def test_late(self):
        """D12: a late objection needs a reason, which the chair or manager weighs."""
        self.request.date_announced -= timedelta(days=60)
        with self.assertRaisesRegex(UserError, "reason is weighed first"):
            self._lodge(self.request)
        appeal = self._lodge(self.request, late_reason="In hospital.")
        self.assertTrue(appeal.is_late)
        self.assertEqual(appeal.stage_code, "late")
        with self.assertRaises(UserError):
            appeal.with_user(self.member).action_review()
        for who in ("member", "officer", "auditor"):
            with self.subTest(who), self.assertRaises(AccessError):
                appeal.with_user(self.users[who]).action_accept_late()
        appeal.with_user(self.users["manager"]).action_accept_late()
        self.assertEqual(appeal.stage_code, "received")
        self.assertEqual(appeal.late_by_id, self.users["manager"])

    def test_late_refused(self):
        """D12: a late objection without a good reason is answered by a letter."""
        self.request.date_announced -= timedelta(days=60)
        appeal = self._lodge(self.request, late_reason="I forgot.")
        chair = appeal.with_user(self.users["chair"])
        with self.assertRaises(UserError):
            chair._refuse_late(" ")
        chair._refuse_late("Forgetting is no reason.")
        self.assertEqual(appeal.stage_code, "refused")
        self.assertEqual(len(appeal.message_log_ids), 2)
        self.assertTrue(appeal._portal_letter())

    def test_other_people(self):
        """D12: who registered, verified, studied or decided does not review."""
        appeal = self._lodge(self.request)
        with self.assertRaisesRegex(UserError, "has done this on it already"):
            appeal.with_user(self.users["chair"]).action_review()
        with self.assertRaises(AccessError):
            appeal.with_user(self.officer).action_review()
        admin = self._new_staff("both", "admin", self.company)
        self.env["npo.duty"].with_user(admin)._claim("verify", self.request)
        with self.assertRaises(UserError):
            appeal.with_user(admin).action_review()
        self._reviewed(appeal)
        self.assertEqual(appeal.reviewer_id, self.member)
        with self.assertRaises(AccessError):
            appeal.with_user(self.users["manager"])._answer("confirmed", "No.")

    def test_confirmed(self):
        """D12: the decision stands; its outcome is final."""
        appeal = self._reviewed(self._lodge(self.request))
        with self.assertRaises(UserError):
            appeal._answer("confirmed", "  ")
        appeal._answer("confirmed", "The income was counted rightly.")
        self.assertEqual(self.request.stage_code, "rejected")
        self.assertEqual(appeal.date_outcome, self.company._npo_today())
        with self.assertRaises(UserError):
            self._lodge(self.request)

    def test_amended(self):
        """D12: the new amounts are announced at once; the first answer is kept."""
        appeal = self._reviewed(self._lodge(self.request), "manager")
        appeal._answer(
            "amended", "Half is due.", decision="partial", amount_approved=6000
        )
        self.assertRecordValues(
            self.request,
            [
                {
                    "stage_code": "registration",
                    "decision": "partial",
                    "amount_approved": 6000,
                    "decision_reason_id": False,
                }
            ],
        )
        self.assertEqual(self.request.decided_by_ids, self.users["manager"])
        self.assertEqual(self.request.window_state, "replied_in_window")
        self.assertIn("Rejection", appeal.decided_before)
        self.request.with_user(self.officer).action_register()
        self.assertEqual(self.request.stage_code, "delivery")

    def test_amended_within_bounds(self):
        """D12: an amendment obeys the rules of each decision."""
        appeal = self._reviewed(self._lodge(self.request))
        for new in (
            {},
            {"decision": "partial", "amount_approved": 12000},
            {"decision": "accepted", "amount_approved": 0},
        ):
            with self.subTest(new), self.assertRaises(UserError), self.cr.savepoint():
                appeal._answer("amended", "Why not.", **new)
        self.assertEqual(appeal.stage_code, "review")

    def test_reversed(self):
        """D12: a decision that is annulled gives what was asked for."""
        appeal = self._reviewed(self._lodge(self.request))
        appeal._answer("reversed", "The reason was wrong.")
        self.assertEqual(self.request.decision, "accepted")
        self.assertEqual(self.request.amount_approved, 12000)

    def test_new_study(self):
        """D12: back to the committee: a new clock, a new answer, objectionable anew."""
        appeal = self._reviewed(self._lodge(self.request))
        appeal._answer("new_study", "The household was not visited.")
        self.assertRecordValues(
            self.request,
            [{"stage_code": "committee", "decision": False, "date_announced": False}],
        )
        self.assertEqual(self.request.beneficiary_id.state, "applicant")
        today = self.company._npo_today()
        self.assertEqual(self.request.date_clock_start, today)
        self.assertGreater(self.request.earliest_reply_date, local_today())
        with self.assertRaisesRegex(UserError, "has done this on it already"):
            self.request.with_user(self.member)._decide(
                "accepted", self.member, amount_approved=12000
            )

    def test_representative(self):
        """D12, D11: who may apply for the person may object, nobody else."""
        other = self.env["res.partner"].create(
            {"name": "Brother", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "may not apply"):
            self._lodge(self.request, lodger=other)
        self.env["npo.representative"].create(
            {
                "partner_id": self.request.partner_id.id,
                "representative_id": other.id,
                "kind": "guardian",
                "company_id": self.company.id,
            }
        )
        appeal = self._lodge(self.request, lodger=other)
        self.assertEqual(appeal.lodged_by_id, other)

    def test_written_by_steps_alone(self):
        """D12: nobody writes, makes or deletes an objection but by its steps."""
        appeal = self._lodge(self.request)
        for who in ("officer", "chair", "manager", "auditor"):
            mine = appeal.with_user(self.users[who])
            with self.subTest(who):
                with self.assertRaises(AccessError):
                    mine.write({"outcome": "reversed"})
                with self.assertRaises(AccessError):
                    mine.unlink()
        self.assertFalse(
            self.env["npo.appeal"].with_user(self.users["delegate"]).search([])
        )

    def test_desk(self):
        """D12: recorded at the desk by an officer, on the day it came."""
        action = self.request.with_user(self.officer).action_appeal()
        wizard = (
            self.env["npo.appeal.record"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"ground": "error", "statement": "It is wrong."})
        )
        self.assertEqual(wizard.lodged_by_id, self.request.partner_id)
        opened = wizard.action_confirm()
        appeal = self.env["npo.appeal"].browse(opened["res_id"])
        self.assertEqual(appeal.stage_code, "received")

    def test_letter(self):
        """D12: the letter tells outcome, reasons and what comes next."""
        appeal = self._reviewed(self._lodge(self.request))
        appeal._answer("confirmed", "The income was counted rightly.")
        report = "npo_relations.report_npo_appeal_letter"
        body, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, appeal.ids
        )
        # Arabic where it is installed
        self.assertRegex(body.decode(), "القرار باقٍ كما هو|stands as it was")
        self.assertIn("counted rightly", body.decode())
