from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...tools import hijri
from .common import ReportsCommon

LOGGER = "odoo.addons.npo_relations.models.reports.report_schedule"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01 09:00:00")
class TestReportSchedule(ReportsCommon):
    """R187: drafted by itself when a period is over, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        crons = type(cls.env["ir.cron"])
        cls.startClassPatcher(patch.object(crons, "_commit_progress"))
        cls.schedules = cls.env["npo.report.schedule"]
        cls.schedules.search([]).active = False
        cls.kind = cls.env.ref("npo_relations.report_type_satisfaction_report")

    def setUp(self):
        super().setUp()
        # only what a test schedules: the others are tested by themselves
        self.startPatcher(patch.object(type(self.schedules), "_propose"))

    def _schedule(self, **vals):
        return self.schedules.create(
            {"company_id": self.company.id, "type_id": self.kind.id, **vals}
        )

    def _runs(self):
        return self.env["npo.report.run"].search([("company_id", "=", self.company.id)])

    def test_first_day(self):
        """A monthly report is there on the first day, filled in, with a task."""
        self._schedule()
        self.schedules._cron_draft()
        run = self._runs()
        self.assertEqual(
            (run.date_from, run.date_to), (date(2026, 2, 1), date(2026, 2, 28))
        )
        self.assertTrue(run.date_filled and run.line_ids)
        self.assertEqual(run.user_id, self.users["chief"])
        self.assertEqual(run.activity_ids.user_id, self.users["chief"])
        self.schedules._cron_draft()
        self.assertEqual(self._runs(), run)

    def test_offset(self):
        """So many days after the period, and not before."""
        schedule = self._schedule(day_offset=2)
        self.assertEqual(schedule.next_day, date(2026, 3, 3))
        self.schedules._cron_draft()
        self.assertNotIn(date(2026, 2, 28), self._runs().mapped("date_to"))
        with freeze_time("2026-03-03 09:00:00"):
            self.schedules._cron_draft()
        self.assertIn(date(2026, 2, 28), self._runs().mapped("date_to"))

    def test_offset_beyond_the_period(self):
        """Who waits for longer than a period lasts gets each, so many days later."""
        self.startPatcher(patch.object(type(self.env["npo.report.run"]), "_fill"))
        daily = self._schedule(cadence="day", day_offset=3)
        weekly = self._schedule(cadence="week", day_offset=10)
        monthly = self._schedule(day_offset=40)
        self.assertEqual(
            (daily | weekly | monthly).mapped("next_day"),
            [date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 13)],
        )
        ends = {}
        for day in range(1, 15):
            with freeze_time(f"2026-03-{day:02} 09:00:00"):
                self.schedules._cron_draft()
            for run in self._runs():
                ends.setdefault((run.cadence, run.date_to), day)
        found = {kind: {} for kind in ("day", "week", "month")}
        for (kind, end), day in ends.items():
            found[kind][str(end)] = day
        self.assertEqual(found["day"]["2026-02-25"], 1)
        self.assertEqual(len(found["day"]), 10)  # without Fridays and Saturdays
        self.assertEqual(
            found["week"], {"2026-02-14": 1, "2026-02-21": 4, "2026-02-28": 11}
        )
        self.assertEqual(found["month"], {"2025-12-31": 1, "2026-01-31": 13})

    def test_cadences(self):
        """Week, quarter and year are those that were over."""
        ends = {
            "week": date(2026, 2, 28),
            "quarter": date(2025, 12, 31),
            "year": date(2025, 12, 31),
        }
        for cadence in ends:
            self._schedule(cadence=cadence)
        self.schedules._cron_draft()
        found = {run.cadence: run.date_to for run in self._runs()}
        self.assertEqual(found, ends)

    def _drafted_on(self, day, number=3):
        """Run the cron on a day of a month; return the days that were drafted."""
        known = self._runs()
        with freeze_time(f"2026-{number:02}-{day:02} 09:00:00"):
            self.schedules._cron_draft()
        return sorted(str(end)[5:] for end in (self._runs() - known).mapped("date_to"))

    def test_missed_days(self):
        """A server that was off makes up for the days of work that it missed, once."""
        self.startPatcher(patch.object(type(self.env["npo.report.run"]), "_fill"))
        schedule = self._schedule(cadence="day")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-03 21:00:00",
                "date_to": "2026-03-04 20:59:59",
            }
        )
        self.assertEqual(self._drafted_on(1), [])  # a Saturday was over
        self.assertEqual(self._drafted_on(3), ["03-02"])
        # off until Tuesday: no Friday, no Saturday, no holiday
        missed = ["03-03", "03-05", "03-08", "03-09"]
        self.assertEqual(self._drafted_on(10), missed)
        self.assertEqual(self._drafted_on(10), [])
        self._runs().filtered(lambda run: run.date_to == date(2026, 3, 5)).unlink()
        self.assertEqual(self._drafted_on(11), ["03-10"])
        self.assertEqual(schedule.date_until, date(2026, 3, 10))
        found = self._drafted_on(1, number=9)
        self.assertEqual(found[0], "08-02")  # the last 31 days, and no more
        schedule.active = False
        schedule.active = True
        self.assertEqual(self._drafted_on(1, number=10), ["09-30"])

    def test_missed_months(self):
        """Each month that was over since the last draft, in its order."""
        schedule = self._schedule()
        self.assertEqual(self._drafted_on(1), ["02-28"])
        runs = type(self.env["npo.report.run"])
        fill = runs._fill

        def broken(run, user):
            if run.date_to == date(2026, 4, 30):
                raise UserError("It broke half-way")
            return fill(run, user)

        with patch.object(runs, "_fill", broken), mute_logger(LOGGER):
            self.assertEqual(self._drafted_on(2, number=6), ["03-31"])
        self.assertEqual(schedule.last_error, "It broke half-way")
        self.assertEqual(self._drafted_on(3, number=6), ["04-30", "05-31"])
        self.assertFalse(schedule.last_error)
        self.assertEqual(len(self._runs().activity_ids), 4)

    def test_next_day(self):
        """The next draft is told of a day on which there was work."""
        schedule = self._schedule(cadence="day")
        with freeze_time("2026-03-06 09:00:00"):  # a Friday
            schedule.invalidate_recordset()
            self.assertEqual(schedule.next_day, date(2026, 3, 9))

    def test_hijri(self):
        """D08: a Hijri month of 29 days ends on its own last day."""
        month = next(
            month for month in range(1, 13) if hijri.month_length(1447, month) == 29
        )
        first = hijri.to_gregorian(1447, month, 1)
        last = hijri.to_gregorian(1447, month, 29)
        self._schedule(calendar="hijri")
        with freeze_time(f"{last} 09:00:00"):
            self.schedules._cron_draft()
            self.assertNotEqual(self._runs().date_from, first)
        with freeze_time(f"{fields.Date.add(last, days=1)} 09:00:00"):
            self.schedules._cron_draft()
        run = self._runs().filtered(lambda one: one.date_from == first)
        self.assertEqual(run.date_to, last)

    def test_one_fails(self):
        """One that fails leaves nothing, is told once, and the others are drafted."""
        bad = self._schedule()
        good = self._schedule(
            type_id=self.env.ref("npo_relations.report_type_requests_report").id
        )
        runs = type(self.env["npo.report.run"])
        fill = runs._fill

        def broken(run, user):
            if run.type_id == self.kind:
                raise UserError("It broke half-way")
            return fill(run, user)

        with patch.object(runs, "_fill", broken), mute_logger(LOGGER):
            self.schedules._cron_draft()
            self.schedules._cron_draft()
        self.assertEqual(self._runs().type_id, good.type_id)
        self.assertEqual(bad.last_error, "It broke half-way")
        self.assertEqual(len(bad.activity_ids), 1)
        self.assertFalse(good.last_error)
        self.schedules._cron_draft()
        self.assertEqual(self._runs().type_id, good.type_id | self.kind)
        self.assertFalse(bad.last_error)


@tagged("post_install", "-at_install")
class TestProposedSchedules(ReportsCommon):
    """R187: an association that has a policy in force reports without being told."""

    def test_proposed(self):
        """Each kind once; what was put away stays away."""
        schedules = self.env["npo.report.schedule"]
        schedules._propose()
        own = schedules.search([("company_id", "=", self.company.id)])
        kinds = self.env["npo.report.type"].search([])
        self.assertEqual(own.type_id, kinds)
        self.assertEqual(len(own), len(kinds))
        own[0].active = False
        schedules._propose()
        self.assertEqual(
            schedules.search([("company_id", "=", self.company.id)]), own[1:]
        )

    def test_without_a_centre(self):
        """What is of the measurement centre is not scheduled where there is none."""
        other = self._new_association("Without a centre", "nbra")
        schedules = self.env["npo.report.schedule"]
        schedules._propose()
        own = schedules.search([("company_id", "=", other.id)])
        self.assertTrue(own)
        self.assertFalse(own.type_id.filtered("needs_centre"))

    def test_home(self):
        """R188: the manager's home counts what waits, the preparer's what to submit."""
        run = self._filled("complaints_stats")

        def count(name):
            home = self.env["npo.home"].with_user(self.users[name]).get_home()
            return sum(
                tile["count"] for tile in home["tiles"] if tile["model"] == run._name
            )

        self.assertEqual((count("centre"), count("manager")), (1, 0))
        run.action_submit()
        self.assertEqual((count("centre"), count("manager")), (0, 1))
