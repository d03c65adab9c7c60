from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import EVENING, NOON, InspectionCommon

HOLIDAY = ("2026-05-31 21:00:00", "2026-06-01 20:59:59")  # the first of June


@tagged("post_install", "-at_install")
class TestPlan(InspectionCommon):
    """R184, R194: a round of each kind, each working day, at each active site."""

    def _days(self, **values):
        return {(one.site_id, one.kind, one.day) for one in self._rounds(**values)}

    def test_planned(self):
        """Today and tomorrow, both kinds, both sites; twice is once."""
        self._plan()
        days = (self.today, self.today + timedelta(days=1))
        expected = {
            (site, kind, day)
            for site in self.site | self.branch
            for kind in ("field_survey", "readiness")
            for day in days
        }
        self.assertEqual(self._days(), expected)
        again = self._rounds()
        self._plan()
        self.assertEqual(self._rounds(), again)

    def test_days_off(self):
        """No round on a weekend, on a holiday, or at a site that is closed."""
        with freeze_time("2026-06-04 03:00:00"):  # a Thursday
            self.env["npo.inspection"]._cron_rounds()
        self.assertEqual({one.day for one in self._rounds()}, {date(2026, 6, 4)})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": HOLIDAY[0],
                "date_to": HOLIDAY[1],
            }
        )
        self.branch.active = False
        self._plan()
        self.assertFalse(self._rounds(day=self.today))
        tomorrow = self._rounds(day="2026-06-02")
        self.assertEqual(tomorrow.site_id, self.site)

    def test_site_with_hours_of_its_own(self):
        """A site keeps its own hours; one without any keeps the association's."""
        hours = self.env["resource.calendar"].create(
            {
                "name": "Tuesdays",
                "company_id": self.company.id,
                "tz": "Asia/Riyadh",
                "attendance_ids": [
                    fields.Command.clear(),
                    fields.Command.create(
                        {
                            "name": "Tuesday",
                            "dayofweek": "1",
                            "day_period": "morning",
                            "hour_from": 10,
                            "hour_to": 13,
                        }
                    ),
                ],
            }
        )
        self.branch.calendar_id = hours
        self._plan()
        branch = self._rounds(site_id=self.branch.id, kind="readiness")
        self.assertEqual(branch.day, date(2026, 6, 2))
        self.assertEqual(
            branch.date_due, fields.Datetime.to_datetime("2026-06-02 07:00:00")
        )
        self.assertEqual(
            branch.date_closing, fields.Datetime.to_datetime("2026-06-02 10:00:00")
        )
        self.assertEqual(len(self._rounds(site_id=self.site.id)), 4)

    def test_other_policies(self):
        """Where the policy has no measurement centre, nothing is planned."""
        other = self._new_association("Without a Centre", "masaken")
        self._plan()
        self.assertFalse(
            self.env["npo.inspection"].search([("company_id", "=", other.id)])
        )

    def test_missed(self):
        """Unmade when the site closes is missed, counted, and told once."""
        self._answer(self._begun(site=self.branch)).action_finish()
        with freeze_time(NOON):
            self._plan()
            self.assertFalse(self._rounds(state="missed"))
        with freeze_time(EVENING):
            self._plan()
            missed = self._rounds(state="missed")
            self.assertEqual(len(missed), 3)
            self.assertEqual(missed.mapped("day"), [self.today] * 3)
            tasks = self._tasks("chief")
            self.assertEqual(len(tasks), 1)
            self.assertIn("3", tasks.summary)
            self.assertIn(self.site.name, tasks.note)
            self._plan()
            self.assertEqual(self._tasks("chief"), tasks)
        kpi = self.env.ref("npo_relations.kpi_inspections_done")
        self.assertEqual(
            kpi._figures(self.company, self.today, self.today)[kpi], (2, 1)
        )
        score = self.env.ref("npo_relations.kpi_inspection_score")
        self.assertEqual(
            score._figures(self.company, self.today, self.today)[score], (1, 100)
        )

    def test_begun_before_closing(self):
        """A round that was begun may be finished until the day is over."""
        one = self._begun()
        with freeze_time(EVENING):
            self._plan()
            self.assertEqual(one.state, "in_progress")
        with freeze_time("2026-06-02 03:00:00"):
            self._plan()
            self.assertEqual(one.state, "missed")

    def test_holiday_told_of_late(self):
        """A day that became a holiday leaves no missed round."""
        self._plan()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": HOLIDAY[0],
                "date_to": HOLIDAY[1],
            }
        )
        with freeze_time(EVENING):
            self._plan()
            self.assertFalse(self._rounds(day=self.today))
            self.assertFalse(self._tasks("chief"))

    def test_first_day_in_the_evening(self):
        """What has closed already is not planned, only to be missed."""
        with freeze_time(EVENING):
            self._plan()
            self.assertFalse(self._rounds(day=self.today))
            self.assertTrue(self._rounds(day="2026-06-02"))

    @mute_logger("odoo.sql_db")
    def test_one_a_day(self):
        """The database keeps a second round of the same kind and day out."""
        one = self._round()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["npo.inspection"].with_user(self.users["centre"]).create(
                {
                    "company_id": self.company.id,
                    "site_id": one.site_id.id,
                    "day": self.today,
                }
            )

    def test_batches(self):
        """As many statements for forty sites as for four."""
        counts = []
        for number in (4, 36):
            self.env["npo.site"].create(
                [
                    {"name": f"Site {n}", "company_id": self.company.id}
                    for n in range(number)
                ]
            )
            self._rounds().unlink()
            self._plan()
            self._rounds().unlink()
            self.env.flush_all()
            before = self.cr.sql_log_count
            self._plan()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
        self.assertLessEqual(counts[1], 40, counts)
        with freeze_time(EVENING):
            before = self.cr.sql_log_count
            self._plan()
            self.env.flush_all()
            self.assertLessEqual(self.cr.sql_log_count - before, 60)
        self.assertEqual(len(self._rounds(state="missed")), 84)

    def test_today_of_the_sites(self):
        """R200: how each site is today, in as many statements for any number."""
        one = self._begun()
        self.assertEqual(self.site.today_survey, "in_progress")
        self.assertEqual(self.branch.today_survey, "planned")
        self._answer(one, go_noise="not_ok").action_finish()
        self.site.invalidate_recordset()
        self.assertEqual(self.site.today_survey, "red")
        counts = []
        for sites in (self.site, self.site | self.branch):
            self.env.invalidate_all()
            sites.mapped("company_id.npo_tz")
            before = self.cr.sql_log_count
            sites.mapped("today_survey")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
