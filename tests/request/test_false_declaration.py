from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..voice.common import VoiceCommon


@tagged("post_install", "-at_install")
class TestFalseDeclaration(VoiceCommon):
    """R120: found, answered first, confirmed by another person, with its effects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._advance(cls._new_request(), "delivery")
        cls.manager = cls.users["manager"]

    def _open(self, request=None, who="officer", **vals):
        findings = self.env["npo.false.declaration"].with_user(self.users[who])
        request = (request or self.request).with_user(self.users[who])
        return findings._open(request, "The salary was hidden.", **vals)

    def _answered(self, **vals):
        finding = self._open(**vals)
        finding.with_user(self.officer)._record_answer("It ended in Rajab.")
        return finding.with_user(self.manager)

    def test_answer_first(self):
        """R120: nothing is decided before the answer or the end of its period."""
        finding = self._open()
        self.assertEqual(finding.stage_code, "opened")
        self.assertEqual(len(finding.message_log_ids), 1)
        self.assertEqual(
            finding.date_answer_due - finding.date_opened, timedelta(days=10)
        )
        boss = finding.with_user(self.manager)
        for step in (boss._confirm, boss._dismiss):
            with self.assertRaisesRegex(UserError, "may answer until"):
                step("Proven.")
        finding.date_answer_due = finding.date_opened - timedelta(days=1)
        boss._confirm("Proven.")
        self.assertEqual(finding.outcome, "confirmed")

    def test_confirmed_by_another(self):
        """R120: the manager confirms, and not who found it; a reason is needed."""
        finding = self._answered()
        for who in ("officer", "officer2", "chair", "auditor"):
            with self.subTest(who), self.assertRaises(AccessError):
                finding.with_user(self.users[who])._confirm("Proven.")
        with self.assertRaises(UserError):
            finding._confirm("  ")
        both = self._new_staff("both", "admin", self.company)
        self.users["both"] = both
        finding._dismiss("It was a mistake.")
        mine = self._open(who="both")
        mine.with_user(self.officer)._record_answer("No.")
        with self.assertRaisesRegex(UserError, "has done this on it already"):
            mine.with_user(both)._confirm("Proven.")

    def test_effects(self):
        """R120: refused for incorrect data, file suspended, aid to pay back, told."""
        self.request.with_user(self.users["deliverer"])._deliver(
            {
                "amount": 5000,
                "date": self.company._npo_today(),
                "receipt_method": "signature",
            }
        )
        finding = self._answered()
        with self.assertRaisesRegex(UserError, "More than what was delivered"):
            finding._confirm("Proven.", 6000)
        finding._confirm("Proven.", 5000)
        reason = self.env.ref("npo_relations.reason_rejection_false_data")
        self.assertRecordValues(
            self.request.sudo(),
            [
                {
                    "stage_code": "rejected",
                    "decision": "rejected",
                    "decision_reason_id": reason.id,
                    "outcome": "rejected",
                    "amount_approved": 0,
                }
            ],
        )
        file = self.request.sudo().beneficiary_id
        self.assertEqual(file.state, "suspended")
        self.assertEqual(
            file.suspension_reason_id,
            self.env.ref("npo_relations.reason_suspension_false_data"),
        )
        self.assertEqual(finding.amount_recovery, 5000)
        self.assertEqual(len(finding.message_log_ids), 2)
        self.assertEqual(finding.stage_log_ids.stage_id.mapped("code")[-1], "confirmed")

    def test_nothing_meanwhile(self):
        """R120: nothing is announced or delivered while a finding is open."""
        finding = self._open()
        vals = {
            "amount": 1,
            "date": self.company._npo_today(),
            "receipt_method": "signature",
        }
        deliverer = self.request.with_user(self.users["deliverer"])
        with self.assertRaisesRegex(UserError, finding.name):
            deliverer._deliver(vals)
        with self.assertRaisesRegex(UserError, "open finding"):
            self._open(who="officer2")
        finding.with_user(self.officer)._record_answer("No.")
        finding.with_user(self.manager)._dismiss("It was a mistake.")
        self.assertEqual(finding.outcome, "dismissed")
        deliverer._deliver(vals)
        self.assertEqual(self.request.sudo().beneficiary_id.state, "active")

    def test_lifted_by_objection(self):
        """R120, D12: an objection that is right puts everything back as it was."""
        before = self.request.sudo().amount_approved
        finding = self._answered()
        finding._confirm("Proven.")
        appeal = self._lodge(self.request.sudo())
        with self.assertRaises(UserError):
            appeal.with_user(self.manager).action_review()
        with self.assertRaises(UserError):
            appeal.with_user(self.users["chair"]).action_review()
        appeal = appeal.with_user(self.users["member"])
        appeal.action_review()
        with self.assertRaises(UserError), self.cr.savepoint():
            appeal._answer("new_study", "Again.")
        appeal._answer("reversed", "The salary had ended.")
        self.assertRecordValues(
            self.request.sudo(),
            [
                {
                    "stage_code": "delivery",
                    "decision": "accepted",
                    "amount_approved": before,
                    "outcome": False,
                }
            ],
        )
        self.assertEqual(self.request.sudo().beneficiary_id.state, "active")
        self.assertEqual(finding.outcome, "lifted")
