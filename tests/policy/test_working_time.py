from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestWorkingTime(PolicyCommon):
    """Working hours and official holidays: D09, glossary 28."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-15 08:00:00"):
            cls.company._npo_load_working_time()
        cls.leaves = cls.env["resource.calendar.leaves"].search(
            [("company_id", "=", cls.company.id)]
        )

    def test_hours(self):
        """Sunday to Thursday, 08–12 and 13–16; in Ramadan 10–16, in Riyadh."""
        calendar = self.company.resource_calendar_id
        self.assertEqual(calendar.tz, "Asia/Riyadh")
        hours = {
            (attendance.dayofweek, attendance.hour_from, attendance.hour_to)
            for attendance in calendar.attendance_ids
        }
        days = ("6", "0", "1", "2", "3")
        self.assertEqual(
            hours,
            {(day, start, end) for day in days for start, end in ((8, 12), (13, 16))},
        )
        ramadan = self.company.npo_ramadan_calendar_id.attendance_ids
        self.assertEqual({attendance.dayofweek for attendance in ramadan}, set(days))
        self.assertEqual(
            sum(attendance.hour_to - attendance.hour_from for attendance in ramadan), 30
        )

    def test_holidays(self):
        """Glossary 28: the dates of 2026 and 2027 by the Umm al-Qura table."""
        days = [
            (holiday[0], str(holiday[2]), str(holiday[3]))
            for year in (2026, 2027)
            for holiday in self.company._npo_official_holidays(year)
        ]
        self.assertEqual(
            days,
            [
                ("founding_day-2026", "2026-02-22", "2026-02-22"),
                ("eid_fitr-1447", "2026-03-19", "2026-03-22"),
                ("eid_adha-1447", "2026-05-26", "2026-05-29"),
                ("national_day-2026", "2026-09-23", "2026-09-23"),
                ("founding_day-2027", "2027-02-22", "2027-02-22"),
                ("eid_fitr-1448", "2027-03-09", "2027-03-12"),
                ("eid_adha-1448", "2027-05-15", "2027-05-18"),
                ("national_day-2027", "2027-09-23", "2027-09-23"),
            ],
        )
        self.assertEqual(len(self.leaves), 8)

    def test_two_eids_in_one_year(self):
        """A Gregorian year can hold the same Eid twice: none is lost."""
        for year in range(2024, 2076):
            codes = [
                holiday[0] for holiday in self.company._npo_official_holidays(year)
            ]
            self.assertEqual(len(codes), len(set(codes)))
        eids = [
            holiday[0]
            for year in range(2024, 2076)
            for holiday in self.company._npo_official_holidays(year)
            if holiday[0].startswith("eid_fitr")
        ]
        years = [int(code.split("-")[1]) for code in eids]
        self.assertEqual(years, list(range(years[0], years[0] + len(years))))

    def test_closed_days(self):
        """D09: Eid is closed from midnight in Riyadh, also in the hours of Ramadan."""
        calendar = self.company._npo_work_calendar()
        self.assertFalse(calendar.is_working_day(date(2026, 3, 19)))
        self.assertFalse(calendar.is_working_day(date(2026, 3, 22)))
        self.assertTrue(calendar.is_working_day(date(2026, 3, 23)))
        self.assertTrue(calendar.is_working_day(date(2026, 3, 18)))
        eid = self.leaves.filtered(
            lambda leave: leave.npo_holiday_code == "eid_fitr-1447"
        )
        self.assertEqual(eid.date_from, datetime(2026, 3, 18, 21))
        self.assertEqual(eid.company_id, self.company)

    def test_other_hours(self):
        """The holidays follow the association to another calendar."""
        calendar = self.company.resource_calendar_id.copy()
        self.company.resource_calendar_id = calendar
        self.assertEqual(self.leaves.calendar_id, calendar)
        self.assertEqual(self.leaves.company_id, self.company)

    @freeze_time("2026-01-20 08:00:00")
    def test_idempotent(self):
        """An edited holiday is neither doubled nor put back."""
        eid = self.leaves.filtered(
            lambda leave: leave.npo_holiday_code == "eid_fitr-1447"
        )
        moved = datetime(2026, 3, 19, 21)
        eid.date_from = moved
        calendar = self.company.resource_calendar_id
        self.company._npo_load_working_time()
        leaves = self.leaves.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(leaves), set(self.leaves))
        self.assertEqual(eid.date_from, moved)
        self.assertEqual(self.company.resource_calendar_id, calendar)

    @freeze_time("2027-11-01 02:00:00")
    def test_cron(self):
        """The cron adds the coming year, for every association, once."""
        cron = self.env.ref("npo_relations.ir_cron_npo_holidays")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        leaves = self.leaves.search([("company_id", "=", self.company.id)])
        codes = (leaves - self.leaves).mapped("npo_holiday_code")
        self.assertEqual(len(codes), 4)
        self.assertIn("founding_day-2028", codes)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        again = self.leaves.search([("company_id", "=", self.company.id)])
        self.assertEqual(again, leaves)
