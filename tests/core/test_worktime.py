"""Working time: D09, glossary 28."""

import time
from datetime import date, datetime, timedelta, timezone

from odoo.tests import BaseCase, tagged

from ...tools.worktime import WorkCalendar

WEEK = {day: [(8, 12), (13, 16)] for day in (6, 0, 1, 2, 3)}
RAMADAN_WEEK = {day: [(10, 16)] for day in (6, 0, 1, 2, 3)}


def riyadh(*args):
    """Return a wall-clock moment of Riyadh (UTC+3, no summer time) as naive UTC."""
    return datetime(*args) - timedelta(hours=3)


EID = (riyadh(2026, 3, 19), riyadh(2026, 3, 23))


@tagged("post_install", "-at_install")
class TestWorkCalendar(BaseCase):
    def setUp(self):
        super().setUp()
        self.calendar = WorkCalendar(WEEK, [EID], "Asia/Riyadh")

    def test_working_days(self):
        """D09: Sunday to Thursday, not in Eid al-Fitr 19-22 March 2026."""
        for day, expected in (
            (date(2026, 3, 12), True),
            (date(2026, 3, 13), False),
            (date(2026, 3, 14), False),
            (date(2026, 3, 15), True),
            (date(2026, 3, 18), True),
            (date(2026, 3, 19), False),
            (date(2026, 3, 22), False),
            (date(2026, 3, 23), True),
        ):
            with self.subTest(day=day):
                self.assertEqual(self.calendar.is_working_day(day), expected)
        next_day = self.calendar.next_working_day
        self.assertEqual(next_day(date(2026, 3, 13)), date(2026, 3, 15))
        self.assertEqual(next_day(date(2026, 3, 19)), date(2026, 3, 23))
        self.assertEqual(next_day(date(2026, 3, 23)), date(2026, 3, 23))

    def test_partly_covered_day_is_working(self):
        """D09: a day is closed only when leaves cover all of its hours."""
        morning = (riyadh(2026, 4, 5, 8), riyadh(2026, 4, 5, 12))
        afternoon = (riyadh(2026, 4, 5, 13), riyadh(2026, 4, 5, 16))
        day = date(2026, 4, 5)
        self.assertTrue(WorkCalendar(WEEK, [morning]).is_working_day(day))
        self.assertFalse(WorkCalendar(WEEK, [afternoon, morning]).is_working_day(day))

    def test_add_hours_over_thursday(self):
        """D09: 8 hours from Thursday 14:00 end on Sunday 15:00."""
        self.assertEqual(
            self.calendar.add_hours(riyadh(2026, 4, 2, 14), 8),
            riyadh(2026, 4, 5, 15),
        )

    def test_add_hours_over_eid(self):
        """D09: 8 hours from Wednesday 18 March 15:00 end at closing on Monday 23."""
        self.assertEqual(
            self.calendar.add_hours(riyadh(2026, 3, 18, 15), 8),
            riyadh(2026, 3, 23, 16),
        )

    def test_add_hours_at_borders(self):
        """D09: a whole day ends at closing, the next second on the next day."""
        opening = riyadh(2026, 4, 5, 8)
        self.assertEqual(self.calendar.add_hours(opening, 7), riyadh(2026, 4, 5, 16))
        self.assertEqual(self.calendar.add_hours(opening, 4), riyadh(2026, 4, 5, 12))
        self.assertEqual(
            self.calendar.add_hours(opening, 4.5), riyadh(2026, 4, 5, 13, 30)
        )
        self.assertEqual(
            self.calendar.add_hours(opening, 7 + 1 / 3600),
            riyadh(2026, 4, 6, 8, 0, 1),
        )
        self.assertEqual(self.calendar.add_hours(opening, 0), opening)
        friday = riyadh(2026, 4, 3, 11)
        self.assertEqual(self.calendar.add_hours(friday, 0), friday)
        self.assertEqual(self.calendar.add_hours(friday, 1), riyadh(2026, 4, 5, 9))
        with self.assertRaises(ValueError):
            self.calendar.add_hours(opening, -1)

    def test_next_opening(self):
        """D09: open moments stay, closed ones move to the next opening."""
        for moment, opening in (
            (riyadh(2026, 4, 5, 8), riyadh(2026, 4, 5, 8)),
            (riyadh(2026, 4, 5, 9, 30), riyadh(2026, 4, 5, 9, 30)),
            (riyadh(2026, 4, 5, 7, 59), riyadh(2026, 4, 5, 8)),
            (riyadh(2026, 4, 5, 12), riyadh(2026, 4, 5, 13)),
            (riyadh(2026, 4, 5, 16), riyadh(2026, 4, 6, 8)),
            (riyadh(2026, 4, 2, 16), riyadh(2026, 4, 5, 8)),
            (riyadh(2026, 3, 18, 16), riyadh(2026, 3, 23, 8)),
            # 23:00 UTC on Saturday is Sunday in Riyadh
            (datetime(2026, 4, 4, 23), riyadh(2026, 4, 5, 8)),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self.calendar.next_opening(moment), opening)

    def test_hours_between(self):
        """D09: working hours only, signed, exact at the borders."""
        between = self.calendar.hours_between
        self.assertEqual(between(riyadh(2026, 4, 2, 14), riyadh(2026, 4, 5, 15)), 8)
        self.assertEqual(between(riyadh(2026, 4, 5, 15), riyadh(2026, 4, 2, 14)), -8)
        self.assertEqual(between(riyadh(2026, 3, 18, 15), riyadh(2026, 3, 24, 9)), 9)
        self.assertEqual(between(riyadh(2026, 4, 5, 12), riyadh(2026, 4, 5, 13)), 0)
        self.assertEqual(between(riyadh(2026, 4, 3), riyadh(2026, 4, 5)), 0)
        # April 2026: 22 working days of 7 hours
        self.assertEqual(between(riyadh(2026, 4, 1), riyadh(2026, 5, 1)), 22 * 7)

    def test_add_and_between_agree(self):
        """D09: the hours added are the hours counted, from any moment."""
        moment = riyadh(2026, 3, 1, 6, 17)
        for step in range(300):
            start = moment + timedelta(hours=step * 5, minutes=step)
            hours = 1 + step % 50 / 4
            end = self.calendar.add_hours(start, hours)
            self.assertAlmostEqual(self.calendar.hours_between(start, end), hours)

    def test_ramadan_hours(self):
        """D09, glossary 28: in Ramadan 1447 the day is 10:00-16:00."""
        ramadan = (date(2026, 2, 18), date(2026, 3, 19), RAMADAN_WEEK)
        calendar = WorkCalendar(WEEK, [EID], "Asia/Riyadh", [ramadan])
        self.assertEqual(
            calendar.next_opening(riyadh(2026, 3, 1, 8)), riyadh(2026, 3, 1, 10)
        )
        self.assertEqual(
            calendar.hours_between(riyadh(2026, 3, 1), riyadh(2026, 3, 2)), 6
        )
        self.assertEqual(
            calendar.add_hours(riyadh(2026, 3, 18, 15), 2), riyadh(2026, 3, 23, 9)
        )

    def test_overlapping_leaves_and_hours(self):
        """D09: overlaps are counted once; leaves may come unsorted and empty."""
        calendar = WorkCalendar(
            {6: [(8, 12), (10, 14)]},
            [
                (riyadh(2026, 4, 5, 9), riyadh(2026, 4, 5, 10)),
                (riyadh(2026, 4, 5, 8, 30), riyadh(2026, 4, 5, 9, 30)),
                (riyadh(2026, 4, 5, 11), riyadh(2026, 4, 5, 11)),
            ],
        )
        day = riyadh(2026, 4, 5), riyadh(2026, 4, 6)
        self.assertEqual(calendar.hours_between(*day), 4.5)

    def test_leave_until_last_second(self):
        """D09: a leave until 23:59:59, as Odoo proposes it, closes the whole day."""
        leave = (riyadh(2026, 4, 5), riyadh(2026, 4, 5, 23, 59, 59))
        calendar = WorkCalendar({6: [(0, 24)], 0: [(0, 24)]}, [leave])
        self.assertFalse(calendar.is_working_day(date(2026, 4, 5)))
        self.assertEqual(
            calendar.next_opening(riyadh(2026, 4, 5, 9)), riyadh(2026, 4, 6)
        )

    def test_calendar_that_never_opens(self):
        """D09: nothing hangs; days stay, hours run around the clock."""
        moment = riyadh(2026, 4, 5, 9)
        for calendar in (
            WorkCalendar({}),
            WorkCalendar({6: []}),
            WorkCalendar(WEEK, [(datetime(2000, 1, 1), datetime(2100, 1, 1))]),
        ):
            self.assertFalse(calendar.is_working_day(date(2026, 4, 5)))
            self.assertEqual(
                calendar.next_working_day(date(2026, 4, 5)), date(2026, 4, 5)
            )
            self.assertIsNone(calendar.next_opening(moment))
            self.assertEqual(calendar.add_hours(moment, 5), moment + timedelta(hours=5))
            self.assertEqual(
                calendar.hours_between(moment, moment + timedelta(days=9)), 0
            )

    def test_aware_moments_and_summer_time(self):
        """D09: aware moments are understood; wall-clock hours follow the zone."""
        aware = datetime(2026, 4, 5, 7, tzinfo=timezone(timedelta(hours=3)))
        self.assertEqual(self.calendar.next_opening(aware), datetime(2026, 4, 5, 5))
        self.assertEqual(
            self.calendar.next_opening(datetime(2026, 4, 5, 6, tzinfo=timezone.utc)),
            datetime(2026, 4, 5, 6),
        )
        cairo = WorkCalendar(WEEK, tz="Africa/Cairo")
        winter, summer = datetime(2026, 1, 4), datetime(2026, 7, 5)
        self.assertEqual(cairo.next_opening(winter), datetime(2026, 1, 4, 6))
        self.assertEqual(cairo.next_opening(summer), datetime(2026, 7, 5, 5))

    def test_many_long_spans(self):
        """D09: with ten years of leaves, thousands of deadlines are a matter of ms."""
        leaves = [
            (
                datetime(2020 + n // 30, 1 + n % 12, 3),
                datetime(2020 + n // 30, 1 + n % 12, 5),
            )
            for n in range(300)
        ]
        calendar = WorkCalendar(WEEK, leaves)
        started = time.perf_counter()
        for minute in range(5000):
            calendar.add_hours(datetime(2024, 1, 1) + timedelta(minutes=minute), 400)
        # About 0.2 s; the bound only shows a loop that went quadratic.
        self.assertLess(time.perf_counter() - started, 10)
