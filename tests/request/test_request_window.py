from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRequestWindow(AssociationCommon):
    """The clock of a request (R126, R127, R210, R211, Annex B)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._npo_add_holidays(2026)
        cls.request = cls._advance(cls._new_request(), "declaration")
        cls._sign_and_study(cls.request)
        cls.chair = cls.users["chair"]

    def _raise_on(self, day):
        with freeze_time(f"{day} 09:00:00"):
            self.request.action_raise()
        return self.request

    def _decided_on(self, day, decision="accepted", **vals):
        vals = vals or {"amount_approved": 12000}
        with freeze_time(f"{day} 09:00:00"):
            self.request.with_user(self.chair)._decide(decision, self.chair, **vals)

    def _announce_on(self, day):
        with freeze_time(f"{day} 09:00:00"):
            self.request.with_user(self.chair).action_announce()

    def test_vectors_of_four_policies(self):
        """R126: 1 March 2026 gives 15 and 31 March; weekends and Eid roll forward."""
        vectors = [
            (date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 31)),
            (date(2026, 2, 11), date(2026, 2, 25), date(2026, 3, 15)),
            (date(2026, 2, 18), date(2026, 3, 4), date(2026, 3, 23)),
        ]
        request = self._raise_on("2026-03-01").sudo()
        for start, earliest, deadline in vectors:
            request.date_clock_start = start
            self.assertRecordValues(
                request,
                [{"earliest_reply_date": earliest, "reply_deadline": deadline}],
            )

    def test_vectors_of_harfa(self):
        """R127: a month, Gregorian or Hijri, clamped; the floor does not roll."""
        request = self._raise_on("2026-03-01").sudo()
        request.write(
            {
                "study_min_value": 1,
                "study_min_unit": "month",
                "reply_max_value": 60,
                "date_clock_start": date(2026, 1, 31),
            }
        )
        self.assertEqual(request.earliest_reply_date, date(2026, 2, 28))
        self.assertEqual(request.reply_deadline, date(2026, 4, 1))
        request.write({"month_calendar": "hijri", "date_clock_start": date(2026, 3, 1)})
        self.assertEqual(request.earliest_reply_date, date(2026, 3, 31))
        self.assertEqual(request.reply_deadline, date(2026, 4, 30))

    def test_reading_b_is_a_ceiling(self):
        """Annex B: minimum 0 and maximum 14 give 1 and 15 March."""
        request = self._raise_on("2026-03-01").sudo()
        request.write({"study_min_value": 0, "reply_max_value": 14})
        self.assertEqual(request.earliest_reply_date, date(2026, 3, 1))
        self.assertEqual(request.reply_deadline, date(2026, 3, 15))

    def test_pause_moves_both_dates(self):
        """Annex B: paused five days, both dates move by five."""
        request = self._raise_on("2026-03-01")
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        with freeze_time("2026-03-03 09:00:00"):
            request._return(reason, "The contract, please")
            self.assertFalse(request.is_overdue)
        with freeze_time("2026-03-08 09:00:00"):
            request.action_receive()
        self.assertEqual(request.paused_days, 5)
        self.assertEqual(request.earliest_reply_date, date(2026, 3, 20))
        self.assertEqual(request.reply_deadline, date(2026, 4, 5))
        self.assertIn("5", request.window_explanation)

    def test_a_later_version_does_not_move_an_open_case(self):
        """R210, R211: parameters are copied when the clock starts and kept."""
        request = self._raise_on("2026-03-01")
        first = self.company.npo_policy_version_id
        self.assertEqual(request.policy_version_id, first)
        second = first.copy(
            {
                "reply_max_value": 90,
                "study_min_value": 3,
                "approval_date": date(2026, 1, 1),
            }
        )
        second._set_state("under_review")
        second._put_in_force()
        self.assertEqual(self.company.npo_policy_version_id, second)
        self.assertRecordValues(
            request,
            [
                {
                    "policy_version_id": first.id,
                    "reply_max_value": 30,
                    "reply_deadline": date(2026, 3, 31),
                }
            ],
        )

    def test_deciding_is_free_announcing_is_not(self):
        """R126: decided on the 10th, announced from the 15th; not silently before."""
        self._raise_on("2026-03-01")
        self._decided_on("2026-03-10")
        with self.assertRaises(UserError) as caught:
            self._announce_on("2026-03-10")
        self.assertIn("15", str(caught.exception))
        self.assertFalse(self.request.date_announced)
        self._announce_on("2026-03-15")
        self.assertEqual(self.request.stage_code, "registration")
        self.assertEqual(self.request.window_state, "replied_in_window")

    def test_early_reply_needs_the_chair_and_a_reason(self):
        """Annex B rule 2: reason of the list and approval of the chair."""
        self._raise_on("2026-03-01")
        self._decided_on("2026-03-05")
        reason = self.env.ref("npo_relations.reason_early_reply_medical_emergency")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.request.with_user(self.users["member"])._approve_early_reply(reason)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.request._approve_early_reply(reason)
        self.request.with_user(self.chair)._approve_early_reply(reason)
        self._announce_on("2026-03-05")
        self.assertRecordValues(
            self.request,
            [
                {
                    "window_state": "replied_early",
                    "early_reply_reason_id": reason.id,
                    "early_reply_approved_by_id": self.chair.id,
                }
            ],
        )

    def test_block_refuses_but_critical(self):
        """Annex B rule 2: block refuses except on the urgent track."""
        self._raise_on("2026-03-01").sudo().study_min_mode = "block"
        self._decided_on("2026-03-05")
        reason = self.env.ref("npo_relations.reason_early_reply_eviction")
        self.request.with_user(self.chair)._approve_early_reply(reason)
        with self.assertRaises(UserError):
            self._announce_on("2026-03-05")
        self.request.sudo().priority = "3"
        self._announce_on("2026-03-05")
        self.assertEqual(self.request.window_state, "replied_early")

    def test_inform_only_logs(self):
        """Annex B rule 2: inform lets it pass and notes it."""
        self._raise_on("2026-03-01").sudo().study_min_mode = "inform"
        self._decided_on("2026-03-05")
        before = self.request.message_ids
        self._announce_on("2026-03-05")
        notes = (self.request.message_ids - before).mapped("body")
        self.assertTrue(any("15" in note for note in notes))

    def test_incomplete_or_withdrawn_has_no_floor(self):
        """Annex B rule 3: such a rejection is no reply of the committee."""
        self._raise_on("2026-03-01")
        reason = self.env.ref("npo_relations.reason_rejection_incomplete")
        self._decided_on("2026-03-02", "rejected", decision_reason_id=reason.id)
        self._announce_on("2026-03-02")
        self.assertEqual(self.request.stage_code, "rejected")

    def test_deferred_goes_back_with_the_clock_stopped(self):
        """R125: deferral is no reply; the applicant completes, the clock waits."""
        self._raise_on("2026-03-01")
        self._decided_on("2026-03-02", "deferred", decision_note="A new contract")
        self._announce_on("2026-03-02")
        self.assertRecordValues(
            self.request,
            [
                {
                    "stage_code": "returned",
                    "decision": False,
                    "date_paused": date(2026, 3, 2),
                    "date_announced": False,
                }
            ],
        )

    def test_states_are_searched_as_they_are_computed(self):
        """The state on the screen and the filter agree on every day."""
        request = self._raise_on("2026-03-01")
        days = {
            "2026-03-02": "in_study",
            "2026-03-15": "may_reply",
            "2026-03-25": "due_soon",
            "2026-04-01": "overdue",
        }
        states = dict(request._fields["window_state"].selection)
        for day, expected in days.items():
            with freeze_time(f"{day} 09:00:00"):
                request.invalidate_recordset(["window_state", "is_overdue"])
                self.assertEqual(request.window_state, expected, day)
                for state in states:
                    found = request.search([("window_state", "=", state)])
                    self.assertEqual(request in found, state == expected, (day, state))
                late = request.search([("is_overdue", "=", True)])
                self.assertEqual(request in late, request.is_overdue)

    def test_a_holiday_added_later_moves_open_deadlines(self):
        """D09: moon sighting: a leave on the deadline rolls it forward."""
        request = self._raise_on("2026-03-01")
        self.assertEqual(request.reply_deadline, date(2026, 3, 31))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Extra holiday",
                "company_id": self.company.id,
                "date_from": "2026-03-30 21:00:00",
                "date_to": "2026-03-31 20:59:59",
            }
        )
        self.assertEqual(request.reply_deadline, date(2026, 4, 1))

    def test_no_policy_no_clock(self):
        """R210: without a version in force the request is not raised, and says why."""
        version = self.company.npo_policy_version_id
        version._set_state("withdrawn")
        self.assertFalse(self.company.npo_policy_version_id)
        with self.assertRaises(UserError):
            self._raise_on("2026-03-01")
