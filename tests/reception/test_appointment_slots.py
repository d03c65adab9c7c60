"""Free times, without a database: R193, D09."""

from datetime import date, datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...tools.slots import Diary, common, cut, without
from ...tools.worktime import WorkCalendar

WEEK = {day: [(8, 12), (13, 16)] for day in (6, 0, 1, 2, 3)}
RAMADAN = {day: [(10, 15)] for day in (6, 0, 1, 2, 3)}
SUNDAY = date(2026, 11, 29)


def riyadh(day, hour, minute=0):
    """Return a wall-clock time of Riyadh as naive UTC."""
    return datetime(day.year, day.month, day.day, hour, minute) - timedelta(hours=3)


def local(slots):
    """Return the times as they are read on the wall."""
    return [f"{start + timedelta(hours=3):%d %H:%M}" for start, _end in slots]


@tagged("post_install", "-at_install")
class TestSlots(BaseCase):
    def _diary(self, days=1, taken=(), starts=(), most=0, first=SUNDAY, **options):
        calendar = options.pop("calendar", None) or WorkCalendar(WEEK)
        last = first + timedelta(days=days - 1)
        bounds = {
            "after": riyadh(first, 0),
            "until": riyadh(last + timedelta(days=1), 0),
        }
        openings = calendar.openings(first, last)
        return Diary(openings, taken, starts, most, **{**bounds, **options})

    def test_periods(self):
        """What is common, what is left: borders that touch take nothing."""
        nine, ten, noon, one = (riyadh(SUNDAY, hour) for hour in (9, 10, 12, 13))
        self.assertEqual(common([(nine, noon)], [(ten, one)]), [(ten, noon)])
        self.assertEqual(common([(nine, ten)], [(ten, noon)]), [])
        self.assertEqual(
            without([(nine, noon)], [(ten, one), (nine, nine)]), [(nine, ten)]
        )
        self.assertEqual(without([(nine, ten)], [(ten, noon)]), [(nine, ten)])
        self.assertEqual(
            without([(nine, ten), (noon, one)], [(nine, one)]),
            [],
            "one thing covers two periods",
        )
        half = timedelta(minutes=30)
        odd = riyadh(SUNDAY, 9, 7)
        self.assertEqual(local(cut([(odd, ten)], half)), ["29 09:10"])

    def test_break_and_length(self):
        """R106: the times are as long as the purpose takes, and leave the break out."""
        slots = self._diary().slots(60)
        self.assertEqual(
            local(slots),
            [f"29 {hour:02}:00" for hour in (8, 9, 10, 11, 13, 14, 15)],
        )
        self.assertEqual(len(self._diary().slots(240)), 1)
        self.assertEqual(self._diary().slots(300), [])

    def test_taken(self):
        """R193: what is in the calendar already is left out; times follow it."""
        taken = [(riyadh(SUNDAY, 8, 30), riyadh(SUNDAY, 11, 10))]
        diary = self._diary(taken=taken)
        self.assertEqual(
            local(diary.slots(30))[:3], ["29 08:00", "29 11:10", "29 13:00"]
        )
        half = timedelta(minutes=30)
        for hour, minute, told in (
            (8, 0, None),
            (8, 15, "taken"),
            (11, 0, "taken"),
            (11, 10, None),
            (12, 0, "closed"),
            (11, 45, "closed"),
            (16, 0, "closed"),
        ):
            with self.subTest(hour=hour, minute=minute):
                start = riyadh(SUNDAY, hour, minute)
                self.assertEqual(diary.refusal(start, start + half), told)

    def test_friday_and_holiday(self):
        """R193: Friday, Saturday and Eid have no times."""
        friday = date(2026, 11, 27)
        self.assertEqual(self._diary(2, first=friday).slots(30), [])
        start = riyadh(friday, 9)
        refusal = self._diary(1, first=friday).refusal(start, start)
        self.assertEqual(refusal, "closed")
        eid = WorkCalendar(WEEK, [(riyadh(SUNDAY, 0), riyadh(SUNDAY, 0))])
        self.assertTrue(self._diary(calendar=eid).slots(30), "an empty leave")
        eid = WorkCalendar(
            WEEK, [(riyadh(SUNDAY, 0), riyadh(SUNDAY + timedelta(days=2), 0))]
        )
        self.assertEqual(self._diary(2, calendar=eid).slots(30), [])
        self.assertEqual(local(self._diary(3, calendar=eid).slots(240)), ["01 08:00"])

    def test_ramadan(self):
        """D09: in Ramadan the times lie in its hours."""
        first = date(2027, 2, 8)  # 1 Ramadan 1448
        calendar = WorkCalendar(
            WEEK, seasons=[(first, date(2027, 3, 9), RAMADAN)], tz="Asia/Riyadh"
        )
        before = self._diary(first=first - timedelta(days=1), calendar=calendar)
        inside = self._diary(first=first, calendar=calendar)
        self.assertEqual(local(before.slots(120))[0], "07 08:00")
        self.assertEqual(local(inside.slots(120)), ["08 10:00", "08 12:00"])

    def test_no_summer_time(self):
        """Riyadh keeps its hour all year; a zone that changes keeps its wall clock."""
        for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 27)):
            with self.subTest(day=day):
                slots = self._diary(first=day).slots(240)
                self.assertEqual(slots[0][0].hour, 5)
        berlin = WorkCalendar(WEEK, tz="Europe/Berlin")
        for day, hour in ((date(2026, 3, 26), 7), (date(2026, 3, 29), 6)):
            slots = self._diary(first=day, calendar=berlin, tz="Europe/Berlin").slots(
                240
            )
            self.assertEqual(slots[0][0].hour, hour)

    def test_midnight(self):
        """A time may end at midnight, or go over it; it counts for its first day."""
        night = WorkCalendar({6: [(22, 24)], 0: [(0, 2)]})
        diary = self._diary(2, calendar=night)
        self.assertEqual(
            local(diary.slots(60)), ["29 22:00", "29 23:00", "30 00:00", "30 01:00"]
        )
        start = riyadh(SUNDAY, 23, 30)
        self.assertIsNone(diary.refusal(start, start + timedelta(hours=1)))
        full = self._diary(2, calendar=night, starts=[start], most=1)
        self.assertEqual(local(full.slots(60)), ["30 00:00", "30 01:00"])
        self.assertEqual(full.refusal(start, start + timedelta(hours=1)), "full")

    def test_bounds(self):
        """Not before, not further ahead than it is opened."""
        diary = self._diary(3, after=riyadh(SUNDAY, 9, 10), until=riyadh(SUNDAY, 23))
        self.assertEqual(local(diary.slots(30))[0], "29 09:30")
        self.assertEqual(local(diary.slots(30))[-1], "29 15:30")
        early, far = riyadh(SUNDAY, 9), riyadh(SUNDAY + timedelta(days=1), 9)
        self.assertEqual(diary.refusal(early, early), "early")
        self.assertEqual(diary.refusal(far, far), "far")

    def test_most_a_day(self):
        """A day that is full has none left; the next one has."""
        starts = [riyadh(SUNDAY, 9), riyadh(SUNDAY, 14)]
        taken = [(start, start + timedelta(minutes=30)) for start in starts]
        diary = self._diary(2, taken=taken, starts=starts, most=2)
        self.assertEqual({slot[:2] for slot in local(diary.slots(30))}, {"30"})
        self.assertEqual(
            diary.refusal(riyadh(SUNDAY, 8), riyadh(SUNDAY, 8, 30)), "full"
        )
        open_day = self._diary(1, taken=taken, starts=starts)
        self.assertEqual(len(open_day.slots(30)), 12)
