from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from ...models.request import request_reminder
from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRequestReminder(AssociationCommon):
    """Annex B, R067, R103: who hears of what is about to be late, once each.

    Raised on 1 March 2026, to be answered by 31 March, remind 7 days before.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._npo_add_holidays(2026)
        cls.chair, cls.manager = cls.users["chair"], cls.users["manager"]
        with freeze_time("2026-03-01 09:00:00"):
            cls.request = cls._advance(cls._new_request(), "committee").sudo()

    def setUp(self):
        super().setUp()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress")
        self.startPatcher(progress)

    def _run(self, day, hour="07:00:00"):
        """Run the cron at a moment; return {user: summaries of the tasks it gave}."""
        activities = self.env["mail.activity"].sudo()
        before = activities.search([])
        with freeze_time(f"{day} {hour}"):
            self.env["npo.request"]._cron_remind()
        new = activities.search([]) - before
        return dict(new.grouped("user_id"))

    def test_chair_then_manager_then_both(self):
        """Annex B: 7 days before the chair, 3 days before the manager, late both."""
        self.assertEqual(self.request.reply_deadline, date(2026, 3, 31))
        self.assertFalse(self._run("2026-03-23"))
        self.assertEqual(set(self._run("2026-03-24")), {self.chair})
        self.assertFalse(self._run("2026-03-25"))
        self.assertFalse(self._run("2026-03-26"))
        self.assertEqual(set(self._run("2026-03-29")), {self.manager})
        self.assertFalse(self._run("2026-03-31"))
        late = self._run("2026-04-01")
        self.assertEqual(set(late), {self.chair, self.manager})
        self.assertIn(self.request.name, late[self.chair].note)
        action = self.env.ref("npo_relations.npo_request_action_reminded_window")
        self.assertIn(f"/odoo/{action.path}", late[self.chair].note)
        self.assertIn(self.request, self.request.search(safe_eval(action.domain)))
        self.assertFalse(self._run("2026-04-02"))
        self.assertEqual(
            self.request.reminder_ids.sorted("id").mapped("kind"),
            ["window_1", "window_2", "window_3", "window_3"],
        )

    def test_twice_says_nothing_twice(self):
        """Annex B: the cron run twice on one day tells once."""
        self.assertTrue(self._run("2026-03-24"))
        self.assertFalse(self._run("2026-03-24"))
        self.assertEqual(len(self.request.reminder_ids), 1)

    def test_only_in_working_hours(self):
        """Annex B: nothing at night, on Friday or on a holiday; said at the opening."""
        self.assertFalse(self._run("2026-03-24", "20:00:00"))
        self.assertFalse(self._run("2026-03-27"))
        self.assertTrue(self._run("2026-03-29", "06:00:00"))

    def test_last_step_alone_after_a_standstill(self):
        """Annex B: what nobody looked at for weeks is told as late, not three times."""
        self._run("2026-05-03")
        self.assertEqual(set(self.request.reminder_ids.mapped("kind")), {"window_3"})

    def test_absence_is_covered(self):
        """R103: who stands in for the chair is told."""
        self.env["npo.absence"].create(
            {
                "user_id": self.chair.id,
                "cover_id": self.users["member"].id,
                "company_id": self.company.id,
                "date_from": "2026-03-20",
                "date_to": "2026-03-28",
            }
        )
        self.assertEqual(set(self._run("2026-03-24")), {self.users["member"]})

    def test_no_chair(self):
        """Annex B: without a chair the general manager hears at once."""
        self.committee.member_ids.filtered(lambda m: m.role == "chair").unlink()
        self.assertEqual(set(self._run("2026-03-24")), {self.manager})

    def test_nothing_while_the_applicant_is_waited_for(self):
        """R067: sent back, nobody is reminded; later by the days it stood still."""
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        with freeze_time("2026-03-03 09:00:00"):
            self.request.with_user(self.officer)._return(reason, "The contract")
        self.assertNotIn(self.chair, self._run("2026-03-24"))
        with freeze_time("2026-03-24 10:00:00"):
            self.request.with_user(self.officer).action_receive()
        self.assertEqual(self.request.paused_days, 21)
        self.assertEqual(self.request.date_window_next, date(2026, 4, 14))

    def test_a_holiday_moves_the_reminder(self):
        """Annex B, D09: the reminder follows the deadline."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Extra holiday",
                "company_id": self.company.id,
                "date_from": "2026-03-30 21:00:00",
                "date_to": "2026-03-31 20:59:59",
            }
        )
        self.assertEqual(self.request.date_window_next, date(2026, 3, 25))
        self.assertFalse(self._run("2026-03-24"))
        self.assertTrue(self._run("2026-03-25"))

    def test_answered_is_not_reminded(self):
        """Annex B: the answer ends the reminders."""
        request = self.request.with_user(self.chair)
        with freeze_time("2026-03-20 09:00:00"):
            request._decide("accepted", self.chair, amount_approved=12000)
            request.action_announce()
        self.assertFalse(self.request.date_window_next)
        self.assertFalse(self._run("2026-04-20").get(self.chair))

    def test_days_of_the_manager_never_before_the_chair(self):
        """Annex B: a manager's day before the chair's falls on the chair's."""
        self.company.npo_manager_reminder_days = 20
        self.assertEqual(self.request.date_window_next, date(2026, 3, 24))
        self.assertEqual(set(self._run("2026-03-24")), {self.manager})

    # ------------------------------------------------------------
    # STAGES
    # ------------------------------------------------------------

    def _in_data_entry(self, index=1, **target):
        if target:
            self.env["npo.stage.target"].create(
                {
                    "stage_id": self.env.ref(
                        "npo_relations.stage_request_data_entry"
                    ).id,
                    "company_id": self.company.id,
                    **target,
                }
            )
        with freeze_time("2026-04-05 09:00:00"):
            return self._new_request(self._new_beneficiary(index)).sudo()

    def test_escalation_of_a_stage(self):
        """R067, R103: the head of the level, then the manager; once in each stage."""
        request = self._in_data_entry(days=2, manager_id=self.users["officer2"].id)
        self.assertEqual(request.date_stage_due, date(2026, 4, 7))
        self.assertNotIn(self.users["officer2"], self._run("2026-04-07"))
        with freeze_time("2026-04-08 09:00:00"):
            self.assertTrue(request.is_stage_late)
            found = request.search([("is_stage_late", "=", True)])
            self.assertIn(request, found)
        self.assertEqual(set(self._run("2026-04-08")), {self.users["officer2"]})
        self.assertFalse(self._run("2026-04-09"))
        # three days later is a Saturday: said on Sunday
        self.assertFalse(self._run("2026-04-11"))
        self.assertEqual(set(self._run("2026-04-12")), {self.manager})
        self.assertFalse(self._run("2026-04-13"))
        self._hand_in(request.with_user(self.officer))
        with freeze_time("2026-04-13 09:00:00"):
            request.with_user(self.officer).action_complete()
        self.assertFalse(request.stage_reminder)
        self.assertEqual(request.date_stage_next, date(2026, 4, 17))

    def test_target_of_the_service_before_the_others(self):
        """R067: association before product, service before association."""
        self.assertEqual(self._in_data_entry().date_stage_due, date(2026, 4, 8))
        general = self._in_data_entry(2, days=5)
        self.assertEqual(general.date_stage_due, date(2026, 4, 12))
        own = self._in_data_entry(3, days=1, service_id=self.service.id)
        self.assertEqual(own.date_stage_due, date(2026, 4, 6))

    def test_size(self):
        """10 statements and 5 for each thousand newly late, at two sizes."""
        self.env.flush_all()
        with patch.object(request_reminder, "BATCH", 50):
            self._count_statements(1)  # warm the registry's caches
            few = self._count_statements(20)
            many = self._count_statements(200)
        self.assertLessEqual(few, 10 + 5)
        self.assertLessEqual(many, 10 + 5 * 5)

    def _count_statements(self, count):
        """Return the statements of a run in which so many are newly late."""
        self._multiply(count)
        self.cr.execute(
            "UPDATE npo_request SET window_reminder = 0, date_window_next = %s"
            " WHERE name LIKE 'COPY/%%'",
            (date(2026, 3, 24),),
        )
        self.env.invalidate_all()
        with freeze_time("2026-03-24 07:00:00"):
            start = self.cr.sql_log_count
            self.env["npo.request"]._cron_remind()
            self.env.flush_all()
            statements = self.cr.sql_log_count - start
        reminded = self.env["npo.reminder"].search_count([("kind", "=", "window_1")])
        self.assertGreaterEqual(reminded, count)
        return statements

    def _multiply(self, count):
        """Copy the request by SQL, as often as asked for."""
        columns = [
            name
            for name, field in self.request._fields.items()
            if field.store and field.column_type and name not in ("id", "name")
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        self.env.flush_all()
        self.cr.execute(
            f"""INSERT INTO npo_request (name, {names})
                SELECT 'COPY/' || nextval('npo_request_id_seq') || '/' || n, {names}
                  FROM npo_request, generate_series(1, %s) n WHERE id = %s""",
            (count, self.request.id),
        )

    def test_open_requests_in_large_numbers(self):
        """performance.md: the partial index finds the due among 100,000 open ones."""
        self._multiply(100_000)
        self.cr.execute(
            "UPDATE npo_request SET date_window_next = %s WHERE name LIKE 'COPY/%%'"
            " AND id %% 500 != 0",
            (date(2027, 1, 1),),
        )
        self.cr.execute("ANALYZE npo_request")
        self.cr.execute(
            "EXPLAIN SELECT id FROM npo_request WHERE company_id = %s"
            " AND date_window_next <= %s ORDER BY date_window_next, id LIMIT 1000",
            (self.company.id, date(2026, 3, 24)),
        )
        plan = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertIn("npo_request_window_next_idx", plan)
        due = self.env["npo.request"].search_count(
            [("date_window_next", "<=", date(2026, 3, 24))]
        )
        told = self._run("2026-03-24")
        self.assertIn(str(due), told[self.chair].summary)
        self.assertFalse(self._run("2026-03-24"))
