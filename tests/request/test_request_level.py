from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRequestLevel(AssociationCommon):
    """R103, R067, R052: who has a request, since when, how long; handing over."""

    def _at(self, moment):
        return freeze_time(f"{moment} 07:00:00")

    def _received(self, day="2026-04-05", index=0):
        with self._at(day):
            return self._new_request(self._new_beneficiary(index))

    # ------------------------------------------------------------
    # LEVELS AND COURSE
    # ------------------------------------------------------------

    def test_course_of_a_finished_request(self):
        """R103: each level, who, from–to, and the total without the applicant's."""
        request = self._received()
        with self._at("2026-04-06"):
            self._advance(request, "declaration")
        self.assertEqual(request.level, "applicant")
        with self._at("2026-04-08"):
            request._record_paper_signature("paper", False)
            self.assertEqual(request.level, "officer")
            self.assertEqual(request._holder(), self.officer)
            request.action_research()
        self.assertEqual(request.sudo()._holder(), self.users["researcher"])
        reason = self.env.ref("npo_relations.reason_cancel_mistake")
        with self._at("2026-04-10"):
            request._cancel(reason)
        logs = request.sudo().stage_log_ids.sorted("id")
        self.assertEqual(
            [(log.level, log.owner_id, log.is_waiting) for log in logs[-5:]],
            [
                ("officer", self.officer, False),
                ("applicant", self.env["res.users"], True),
                ("officer", self.officer, False),
                ("researcher", self.users["researcher"], False),
                ("applicant", self.env["res.users"], True),
            ],
        )
        self.assertEqual(logs[-4].hours, 48)
        self.assertAlmostEqual(request.cycle_days, 1 + 2, places=3)
        course = request.sudo()._course()
        self.assertTrue(course["is_closed"])
        self.assertIn("5", course["total"])
        self.assertIn("3", course["ours"])
        self.assertIn("2", course["waiting"])
        self.assertIn("Officer", request.with_user(self.officer).course_html)

    def test_targets_and_figures(self):
        """R067, R051: a stage left late is marked, and the figures know it."""
        request = self._received("2026-04-05")
        self.assertEqual(request.date_stage_due, date(2026, 4, 8))
        self._hand_in(request)
        with self._at("2026-04-12"):
            request.action_complete()
        late = request.sudo().stage_log_ids.filtered("is_late")
        self.assertEqual(late.stage_id.code, "data_entry")
        with self._at("2026-04-13"):
            request._cancel(self.env.ref("npo_relations.reason_cancel_mistake"))
        self.assertFalse(request.is_in_target)
        quick = self._received("2026-04-05", 1)
        with self._at("2026-04-06"):
            quick._cancel(self.env.ref("npo_relations.reason_cancel_mistake"))
        self.assertTrue(quick.is_in_target)

    def test_time_of_the_applicant_has_no_target(self):
        """R067: while the applicant is waited for no target runs, nothing is red."""
        request = self._received("2026-04-05")
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        with self._at("2026-04-06"):
            request._return(reason, "The contract")
        self.assertFalse(request.date_stage_due)
        with self._at("2026-04-26"):
            self.assertFalse(request.is_stage_late)
            request.action_receive()
        self.assertEqual(request.date_stage_due, date(2026, 4, 29))
        self.assertEqual(request.return_count, 1)

    def test_clock_waits_for_the_signature(self):
        """Annex B: a clock started by the sending stands still for the signature."""
        version = self.company.npo_policy_version_id
        request = self._received("2026-04-05").sudo()
        request.write(
            {
                "date_clock_start": date(2026, 4, 5),
                **version._window_values(),
            }
        )
        with self._at("2026-04-06"):
            self._advance(request, "declaration")
        self.assertEqual(request.date_paused, date(2026, 4, 6))
        self.assertIn("6", request.window_explanation)
        with self._at("2026-04-16"):
            request.with_user(self.officer)._record_paper_signature("paper", False)
        self.assertEqual(request.paused_days, 10)
        self.assertFalse(request.date_paused)

    # ------------------------------------------------------------
    # HANDING OVER
    # ------------------------------------------------------------

    def test_hand_over(self):
        """R103: to a colleague, with a note in the log and one task; not in silence."""
        requests = self._received() | self._received(index=1)
        requests.with_user(self.officer)._hand_over(
            self.users["officer2"], "On leave; call her in the evening"
        )
        self.assertEqual(requests.user_id, self.users["officer2"])
        for request in requests.sudo():
            log = request.stage_log_ids.sorted("id")[-1]
            self.assertEqual(log.owner_id, self.users["officer2"])
            self.assertEqual(log.user_id, self.officer)
            self.assertIn("evening", log.note)
            self.assertFalse(log.date_end)
        tasks = self.env["mail.activity"].search(
            [("user_id", "=", self.users["officer2"].id)]
        )
        self.assertEqual(len(tasks), 1)
        self.assertIn(requests[0].name, tasks.note)
        with self.assertRaises(UserError):
            requests.with_user(self.officer)._hand_over(self.users["officer2"], "Again")

    def test_hand_over_rights(self):
        """R103, D02: officers and the manager hand over; a member does not."""
        request = self._received()
        for name in ("chair", "researcher", "deliverer", "auditor"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                request.with_user(self.users[name])._hand_over(
                    self.users["officer2"], "For me"
                )
        request.with_user(self.users["manager"])._hand_over(
            self.users["officer2"], "Balance the load"
        )
        self.assertEqual(request.user_id, self.users["officer2"])

    def test_hand_over_to_who_stands_in(self):
        """R103: what is given to somebody who is away goes to who stands in."""
        request = self._received()
        self.env["npo.absence"].create(
            {
                "user_id": self.users["officer2"].id,
                "cover_id": self.users["delegate"].id,
                "company_id": self.company.id,
            }
        )
        request.with_user(self.users["manager"])._hand_over(
            self.users["officer2"], "Balance the load"
        )
        self.assertEqual(request.user_id, self.users["delegate"])

    def test_study_goes_to_a_researcher_who_is_there(self):
        """R103: a study is never begun by who is away, nor handed to an officer."""
        second = self._new_staff("second", "social_researcher", self.company)
        request = self._received()
        self.env["npo.absence"].create(
            {
                "user_id": self.users["researcher"].id,
                "cover_id": second.id,
                "company_id": self.company.id,
            }
        )
        self._advance(request, "declaration")
        request._record_paper_signature("paper", False)
        request.action_research()
        self.assertEqual(request.sudo().researcher_id, second)
        with self.assertRaises(UserError), self.cr.savepoint():
            request._hand_over(self.users["officer2"], "Please")

    def test_owner_changed_on_the_screen_is_logged(self):
        """R103: the field changed by hand is a hand-over too."""
        request = self._received()
        before = len(request.sudo().stage_log_ids)
        request.user_id = self.users["officer2"]
        log = request.sudo().stage_log_ids.sorted("id")[before:]
        self.assertEqual(log.owner_id, self.users["officer2"])
        self.assertEqual(log.stage_id, request.stage_id)

    # ------------------------------------------------------------
    # FOLLOW-UP, AGE
    # ------------------------------------------------------------

    def test_follow_up_day(self):
        """R053: on its day the request is on the list to follow up."""
        request = self._received()
        request.next_followup_date = "2026-04-20"
        action = self.env.ref("npo_relations.npo_request_action_followup")
        domain = [("next_followup_date", "<=", "today"), ("is_closed", "=", False)]
        self.assertEqual(action.domain, str(domain))
        with self._at("2026-04-19"):
            self.assertNotIn(request, request.search(domain))
        with self._at("2026-04-20"):
            self.assertIn(request, request.search(domain))

    def test_age_is_grouped_and_searched_as_it_is_shown(self):
        """R052: open requests by bands of days; a closed one has no age."""
        request = self._received("2026-04-05")
        for day, age, band in (
            ("2026-04-05", 0, "7"),
            ("2026-04-12", 7, "7"),
            ("2026-04-13", 8, "14"),
            ("2026-07-04", 90, "90"),
            ("2026-07-05", 91, "more"),
        ):
            with self.subTest(day), self._at(day):
                request.invalidate_recordset(["age_days", "age_band"])
                self.assertEqual((request.age_days, request.age_band), (age, band))
                own = [("id", "=", request.id)]
                groups = request._read_group(own, ["age_band"], ["age_days:avg"])
                self.assertEqual(groups, [(band, age)])
                for value, _label in request._fields["age_band"]._description_selection(
                    self.env
                ):
                    found = request.search([*own, ("age_band", "=", value)])
                    self.assertEqual(bool(found), value == band, value)
        request._cancel(self.env.ref("npo_relations.reason_cancel_mistake"))
        self.assertFalse(request.age_band)

    def test_nothing_is_closed_without_an_outcome(self):
        """R052: each way to close a request leaves an outcome."""
        request = self._received()
        request._cancel(self.env.ref("npo_relations.reason_cancel_mistake"))
        self.assertTrue(request.outcome)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._received(index=1).sudo()._move("cancelled", outcome=False)

    def test_measures(self):
        """R051: average time, share within target, share sent back, for a period."""
        kpis = self.env["npo.kpi"].search(
            [("code", "in", ("cycle_days", "within_target", "reworked"))]
        )
        mistake = self.env.ref("npo_relations.reason_cancel_mistake")
        quick, slow = self._received(), self._received(index=1)
        with self._at("2026-04-06"):
            quick._cancel(mistake)
        with self._at("2026-04-06"):
            reason = self.env.ref("npo_relations.reason_return_missing_document")
            slow._return(reason, "The contract")
        with self._at("2026-04-16"):
            slow.action_receive()
        with self._at("2026-04-26"):
            slow._cancel(mistake)
        figures = kpis._figures(self.company, date(2026, 4, 1), date(2026, 4, 30))
        by_code = {kpi.code: numbers for kpi, numbers in figures.items()}
        self.assertEqual(by_code["cycle_days"][0], 2)
        self.assertAlmostEqual(by_code["cycle_days"][1], (1 + 11) / 2, places=2)
        self.assertEqual(by_code["within_target"], (2, 1))
        self.assertEqual(by_code["reworked"], (2, 1))
