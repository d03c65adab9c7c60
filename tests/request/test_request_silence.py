from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRequestSilence(AssociationCommon):
    """R067, R107: sent back, reminded, closed after silence, opened again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._npo_add_holidays(2026)
        with cls._at("2026-03-01"):
            cls.request = cls._advance(cls._new_request(), "committee")
        reason = cls.env.ref("npo_relations.reason_return_missing_document")
        with cls._at("2026-03-03"):
            cls.request._return(reason, "The contract, please")

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress"))

    @staticmethod
    def _at(day):
        return freeze_time(f"{day} 07:00:00")

    def _run(self, day):
        """Run the cron; return the subjects of the messages it wrote."""
        messages = self.env["npo.message"].search([])
        with self._at(day):
            self.env["npo.request"]._cron_silence()
        new = self.env["npo.message"].search([]) - messages
        return new.filtered(lambda m: m.res_id == self.request.id)

    def test_reminded_twice_then_closed(self):
        """Two reminders a week apart, closed two weeks after the last, once each."""
        self.assertFalse(self._run("2026-03-09"))
        self.assertEqual(len(self._run("2026-03-10")), 1)
        self.assertFalse(self._run("2026-03-10"))
        last = self._run("2026-03-17")
        self.assertEqual(len(last), 1)
        self.assertIn("31", last.body)
        self.assertFalse(self._run("2026-03-30"))
        closing = self._run("2026-03-31")
        self.assertEqual(len(closing), 1)
        self.assertRecordValues(
            self.request,
            [{"stage_code": "cancelled", "outcome": "unreachable", "is_closed": True}],
        )
        self.assertFalse(self._run("2026-04-30"))

    def test_no_closing_without_a_reminder(self):
        """A cron that stood still for months reminds first, and closes later."""
        self._run("2026-08-02")
        self.assertEqual(self.request.stage_code, "returned")
        self.assertEqual(self.request.sudo().applicant_reminders, 1)

    def test_an_answer_ends_it(self):
        """What came back is neither reminded nor closed."""
        with self._at("2026-03-05"):
            self.request.action_receive()
        self.assertFalse(self.request.sudo().date_applicant_next)
        self.assertFalse(self._run("2026-03-31"))

    def test_the_association_sets_the_days(self):
        """⚖ 0 days: no reminder; 0 after the last one: nothing closes by itself."""
        self.company.npo_silence_days = 0
        self._run("2026-03-10")
        self._run("2026-03-17")
        self.assertFalse(self.request.sudo().date_applicant_next)
        self.company.npo_applicant_days = 0
        self.request.sudo().applicant_reminders = 0
        self.assertFalse(self.request.sudo().date_applicant_next)

    def test_by_hand_once_a_day(self):
        """An officer reminds too: counted with the others, once a day."""
        with self._at("2026-03-05"):
            self.request.action_remind_applicant()
            with self.assertRaises(UserError), self.cr.savepoint():
                self.request.action_remind_applicant()
        self.assertEqual(self.request.sudo().applicant_reminders, 1)
        self.assertEqual(self.request.sudo().date_applicant_next, date(2026, 3, 12))

    def test_the_link_opens_what_is_missing(self):
        """The message leads to the page of what is missing, or to the signature."""
        self.assertTrue(self.request._portal_todo_link().endswith("/answer#missing"))
        message = self._run("2026-03-10")
        self.assertIn("/answer#missing", message.body)

    def test_opened_again(self):
        """Reopened with a reason: it goes on at the officer's, the days not counted."""
        for day in ("2026-03-10", "2026-03-17", "2026-03-31"):
            self._run(day)
        reason = self.env.ref("npo_relations.reason_reopen_answered")
        with self._at("2026-04-12"):
            self.request._reopen(reason, "She was in hospital")
        self.assertRecordValues(
            self.request,
            [
                {
                    "stage_code": "data_entry",
                    "outcome": False,
                    "date_closed": False,
                    "paused_days": 40,
                    "date_paused": False,
                    "reply_deadline": date(2026, 5, 10),
                    "close_reason_id": reason.id,
                }
            ],
        )
        note = self.request.sudo().message_ids[:1].body
        self.assertIn("hospital", note)

    def test_withdrawn_and_opened_again(self):
        """Closed while the clock ran: the days of being closed are not counted."""
        with self._at("2026-03-05"):
            self.request.action_receive()
        mistake = self.env.ref("npo_relations.reason_cancel_mistake")
        with self._at("2026-03-08"):
            self.request._cancel(mistake)
        again = self.env.ref("npo_relations.reason_reopen_mistake")
        with self._at("2026-03-15"):
            self.request._reopen(again, "")
        self.assertEqual(self.request.paused_days, 2 + 7)

    def test_who_may_reopen(self):
        """D02: officers alone, and only what was closed without an answer."""
        reason = self.env.ref("npo_relations.reason_reopen_answered")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.request._reopen(reason, "")
        self.request._cancel(self.env.ref("npo_relations.reason_cancel_mistake"))
        with self.assertRaises(UserError), self.cr.savepoint():
            self.request.with_user(self.users["chair"])._reopen(reason, "")
