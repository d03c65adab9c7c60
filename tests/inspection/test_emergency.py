from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import InspectionCommon


@tagged("post_install", "-at_install")
class TestCorrectiveAction(InspectionCommon):
    """R198: what is put right, seen when and done when, verified by another."""

    def test_from_a_line(self):
        """One tap on a red item; a second tap opens the same one."""
        one = self._answer(self._begun(), wf_systems="not_ok")
        line = self._line(one, "wf_systems")
        action = self.env["npo.corrective.action"].browse(
            line.action_correct()["res_id"]
        )
        self.assertEqual(action.site_id, self.site)
        self.assertEqual(action.line_id, line)
        self.assertEqual(action.date_detected, line.date_answered)
        self.assertIn(line.name, action.problem)
        self.assertIn("Not as it should be", action.problem)
        self.assertEqual(line.action_correct()["res_id"], action.id)
        with self.assertRaises(UserError):
            self._line(one, "wf_queue").action_correct()

    def test_obstacle_from_a_line(self):
        """R083: an obstacle comes of a red item, with its place."""
        one = self._answer(self._begun(), go_seating="partial")
        line = self._line(one, "go_seating")
        obstacle = self.env["npo.improvement"].browse(line.action_improve()["res_id"])
        self.assertEqual(
            (obstacle.kind, obstacle.site_id, obstacle.res_id, obstacle.title),
            ("obstacle", self.site, line.id, line.name),
        )

    def test_response(self):
        """Minutes from seen to done are stored, and averaged by the measure."""
        first = self._emergency()
        with self.assertRaises(UserError):
            first.action_taken()
        first.action = "Restarted"
        first.action_taken()
        self.assertEqual(first.state, "taken")
        self.assertEqual(first.taken_by_id, self.users["centre"])
        self.assertEqual(first.response_minutes, 30)
        second = self._emergency(action="Called the engineer")
        second.date_taken = second.date_detected + timedelta(minutes=10)
        second.action_taken()
        self._emergency()  # still open: not in the average
        kpi = self.env.ref("npo_relations.kpi_emergency_response")
        self.assertEqual(
            kpi._figures(self.company, self.today, self.today)[kpi], (2, 20)
        )

    def test_verified_by_another(self):
        """Who put it right does not verify it, nor its owner; then it stays."""
        action = self._emergency(action="Restarted", owner_id=self.users["chief"].id)
        action.action_taken()
        action.result = "Works"
        for name in ("centre", "chief"):
            with self.assertRaises(UserError):
                action.with_user(self.users[name]).action_verify()
        other = self._new_staff("second", "centre_officer", self.company)
        action.with_user(other).action_verify()
        self.assertEqual(action.verified_by_id, other)
        with self.assertRaises(UserError):
            action.problem = "x"
        with self.assertRaises(UserError):
            action.action_back()

    def test_does_not_hold(self):
        action = self._emergency(action="Restarted")
        action.action_taken()
        action.with_user(self.users["chief"]).action_back()
        self.assertEqual(action.state, "open")

    def test_seen_on_a_round(self):
        """R198: when it was seen is the round's to say; alone, a change is kept."""
        one = self._answer(self._begun(), wf_systems="not_ok")
        action = self.env["npo.corrective.action"].browse(
            self._line(one, "wf_systems").action_correct()["res_id"]
        )
        action = action.with_user(self.users["centre"])
        seen = action.date_detected
        with self.assertRaises(UserError):
            action.date_detected = seen - timedelta(minutes=1)
        with self.assertRaises(UserError):
            action.write({"date_detected": "2026-06-01 02:00:00"})
        action.write({"date_detected": fields.Datetime.to_string(seen)})
        self.assertEqual(action.date_detected, seen)

    def test_times_are_tracked(self):
        """R198: who moves one of the two times leaves a line of it."""
        action = self._emergency(action="Restarted")
        self.env.flush_all()
        self.cr.precommit.run()  # what is new in a transaction is not tracked
        action = action.with_context(tracking_disable=False, mail_notrack=False)
        moment = action.date_detected - timedelta(minutes=5)
        action.write({"date_detected": moment, "date_taken": moment})
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = action.sudo().message_ids.tracking_value_ids
        self.assertEqual(
            set(tracked.field_id.mapped("name")), {"date_detected", "date_taken"}
        )

    @mute_logger("odoo.sql_db")
    def test_times(self):
        """Not done before it was seen, not seen in times to come."""
        action = self._emergency()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            action.date_taken = action.date_detected - timedelta(minutes=1)
            self.env.flush_all()
        for name in ("date_detected", "date_taken"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                action.write({name: fields.Datetime.now() + timedelta(hours=1)})
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._emergency(emergency_kind=False)
            self.env.flush_all()

    def test_people(self):
        """An owner works here, and can open what is theirs."""
        stranger = self._new_staff(
            "foreign", "centre_officer", self.env["res.company"].create({"name": "B"})
        )
        for user in (stranger, self.users["researcher"]):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._emergency(owner_id=user.id)

    def test_guards(self):
        action = self._emergency()
        for vals in (
            {"state": "verified"},
            {"verified_by_id": self.users["chief"].id},
            {"line_id": 1},
            {"name": "x"},
            {"response_minutes": 1},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                action.write(vals)
        for name in ("auditor", "manager", "researcher", "handler"):
            with self.subTest(name), self.assertRaises(AccessError):
                action.with_user(self.users[name]).write({"problem": "x"})
            with self.subTest(name), self.assertRaises(AccessError):
                action.with_user(self.users[name]).action_taken()

    def test_reception(self):
        """Reception records an emergency, and sees its own ones only."""
        own = self._emergency(user="front")
        other = self._emergency()
        front = self.env["npo.corrective.action"].with_user(self.users["front"])
        self.assertEqual(front.search([("id", "in", (own | other).ids)]), own)
        delegate = front.with_user(self.users["delegate"])
        self.assertFalse(delegate.search([]))

    def test_overdue(self):
        late = self._emergency(date_due=self.today - timedelta(days=1))
        later = self._emergency(date_due=self.today)
        actions = self.env["npo.corrective.action"].with_user(self.users["centre"])
        own = [("id", "in", (late | later).ids)]
        self.assertEqual(actions.search([*own, ("is_overdue", "=", True)]), late)
        self.assertEqual(actions.search([*own, ("is_overdue", "=", False)]), later)
        self.assertEqual((late | later).filtered("is_overdue"), late)


@tagged("post_install", "-at_install")
class TestEmergencyReport(InspectionCommon):
    """R188, R199: the report to the general manager writes itself, and is in time."""

    def _ready(self):
        action = self._emergency(action="Restarted", result="All works again")
        action.action_taken()
        return action.report_ids

    def _as_manager(self, report):
        return report.with_user(self.users["manager"])

    def test_drafted_at_once(self):
        """It is there with the emergency, and tells what the action tells."""
        action = self._emergency()
        report = action.report_ids
        self.assertEqual(report.submission_state, "draft")
        self.assertEqual(report.problem, action.problem)
        self.assertEqual(report.date_due, action.date_detected + timedelta(hours=24))
        calm = self._emergency(is_emergency=False, emergency_kind=False)
        self.assertFalse(calm.report_ids)
        calm.write({"is_emergency": True, "emergency_kind": "power"})
        self.assertEqual(len(calm.report_ids), 1)
        calm.is_emergency = False
        self.assertFalse(calm.report_ids)

    def test_hours_are_the_associations(self):
        self.company.npo_emergency_report_hours = 4
        action = self._emergency()
        self.assertEqual(
            action.report_ids.date_due, action.date_detected + timedelta(hours=4)
        )

    def test_what_is_missing(self):
        """Without what was done and what came of it, nothing is submitted."""
        action = self._emergency()
        report = action.report_ids
        with self.assertRaises(UserError):
            report.action_submit()
        action.action = "Restarted"
        action.action_taken()
        with self.assertRaises(UserError):
            report.action_submit()
        action.result = "Works"
        report.action_submit()
        self.assertEqual(report.submission_state, "submitted")

    def test_manager_sees_it_once_submitted(self):
        """The record rule: nothing of a draft; then a task, and the answer."""
        report = self._ready()
        manager = self._as_manager(report)
        self.assertFalse(manager.search([("id", "=", report.id)]))
        with self.assertRaises(AccessError):
            manager.read(["problem"])
        report.action_submit()
        self.assertTrue(manager.search([("id", "=", report.id)]))
        tasks = self._tasks("manager").filtered(lambda t: t.res_id == report.id)
        self.assertEqual(len(tasks), 1)
        self.assertIn(report.name, tasks.summary)
        manager.action_approve()
        self.assertEqual(report.submission_state, "approved")
        self.assertFalse(tasks.filtered("active"))

    def test_frozen(self):
        """What the manager has is not changed, in report or action."""
        report = self._ready()
        report.action_submit()
        with self.assertRaises(UserError):
            report.effect = "x"
        for vals in (
            {"problem": "x"},
            {"is_emergency": False},
            {"date_taken": False},
            {"result": "x"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                report.action_id.write(vals)
        report.action_id.owner_id = self.users["chief"]

    def test_returned(self):
        """Returned by the form, with remarks; in time is when it was first there."""
        report = self._ready()
        report.action_submit()
        self.assertTrue(report.is_in_time)
        form = self.env["npo.submission.return"].with_user(self.users["manager"])
        form = form.with_context(active_model=report._name, active_id=report.id)
        form.create({"remarks": "How many waited?"}).action_confirm()
        self.assertEqual(report.submission_state, "returned")
        self.assertEqual(report.manager_remarks, "How many waited?")
        self.assertTrue(
            self._tasks("centre").filtered(lambda task: task.res_id == report.id)
        )
        self.assertTrue(self._as_manager(report).has_access("read"))
        with self.assertRaises(UserError):
            report.action_id.with_user(self.users["centre"]).is_emergency = False
        self.assertTrue(report.exists())
        with freeze_time("2026-06-05 09:00:00"):
            report.effect = "Twelve visitors waited"
            report.action_submit()
        self.assertTrue(report.is_in_time)

    def test_return_form(self):
        """The form returns what is submitted to the manager, nothing else."""
        report = self._ready()
        report.action_submit()
        forms = self.env["npo.submission.return"].with_user(self.users["manager"])
        for model, record in (
            ("res.users", self.users["manager"]),
            ("no.such.model", report),
        ):
            with self.assertRaises(UserError):
                forms.create(
                    {"res_model": model, "res_id": record.id, "remarks": "x"}
                ).action_confirm()
        vals = {"res_model": report._name, "res_id": report.id, "remarks": " "}
        with self.assertRaises(UserError):
            forms.create(vals).action_confirm()
        with self.assertRaises(AccessError):
            forms.with_user(self.users["centre"]).create(vals)

    def test_late_is_told_once(self):
        """Late is searched; the cron tells centre manager and manager once."""
        report = self._emergency().report_ids
        cron = self.env["npo.emergency.report"]._cron_escalate
        cron()
        self.assertFalse(report.is_escalated)
        with freeze_time("2026-06-02 03:00:00"):
            reports = self.env["npo.emergency.report"].with_user(self.users["centre"])
            mine = [("id", "=", report.id)]
            self.assertEqual(reports.search([*mine, ("is_late", "=", True)]), report)
            self.assertFalse(reports.search([*mine, ("is_late", "=", False)]))
            report.invalidate_recordset(["is_late"])
            self.assertTrue(report.is_late)
            action = report.action_id
            with self.assertRaises(UserError):
                action.is_emergency = False
            cron()
            cron()
            with self.assertRaises(UserError):
                action.sudo().is_emergency = False
            self.assertTrue(report.exists())
            for name in ("chief", "manager"):
                told = self._tasks(name)
                self.assertEqual(len(told), 1, name)
                self.assertIn(report.name, told.note)
            action.write({"action": "Restarted", "result": "Works"})
            action.action_taken()
            report.action_submit()
            self.assertFalse(report.is_in_time)
            kpi = self.env.ref("npo_relations.kpi_emergency_reported")
            days = (self.today, self.today + timedelta(days=1))
            self.assertEqual(kpi._figures(self.company, *days)[kpi], (1, 0))

    def test_not_due_is_not_counted(self):
        self._emergency()
        kpi = self.env.ref("npo_relations.kpi_emergency_reported")
        days = (self.today, self.today + timedelta(days=1))
        self.assertEqual(kpi._figures(self.company, *days)[kpi], (0, 0))

    def test_guards(self):
        """A report is drafted by the emergency alone, and answered by the manager."""
        report = self._ready()
        for vals in (
            {"submission_state": "approved"},
            {"is_in_time": True},
            {"action_id": 1},
            {"date_due": "2030-01-01"},
            {"is_escalated": True},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                report.write(vals)
        for name in ("front", "auditor", "researcher"):
            with self.subTest(name), self.assertRaises(AccessError):
                report.with_user(self.users[name]).action_submit()
        report.action_submit()
        for name in ("centre", "chief", "auditor"):
            with self.subTest(name), self.assertRaises(AccessError):
                report.with_user(self.users[name]).action_approve()
        with self.assertRaises(AccessError):
            report.create({"company_id": self.company.id, "action_id": 1})
        with self.assertRaises(AccessError):
            report.unlink()
