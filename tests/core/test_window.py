"""The response window: R126, R127, Annex B."""

from dataclasses import replace
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ...tools.window import (
    Window,
    WindowParams,
    add_working_days,
    compute_window,
    count_pauses,
    roll_forward,
    window_state,
)

EID = {date(2026, 3, 19) + timedelta(days=offset) for offset in range(4)}
FOUNDING_DAY = date(2026, 2, 22)

# Policies 000-003: two weeks and 30 days; Harfa (004): one month and 60 days.
FOUR = WindowParams()
HARFA = WindowParams(study_min_value=1, study_min_unit="month", reply_max_value=60)


def is_working_day(day):
    """Sunday to Thursday, closed on Founding Day and Eid al-Fitr 2026."""
    return day.weekday() not in (4, 5) and day not in EID and day != FOUNDING_DAY


def never(day):
    return False


@tagged("post_install", "-at_install")
class TestWindow(BaseCase):
    def assertWindow(self, start, params, earliest, deadline, **kwargs):
        window = compute_window(start, params, is_working_day, **kwargs)
        self.assertEqual(window, Window(earliest, deadline))

    def test_four_policies(self):
        """R126, Annex B: two weeks and 30 days from Sunday 1 March 2026."""
        self.assertWindow(date(2026, 3, 1), FOUR, date(2026, 3, 15), date(2026, 3, 31))

    def test_deadline_on_weekend_rolls(self):
        """R126, Annex B: Friday 13 March becomes Sunday 15 March."""
        start = date(2026, 2, 11)
        self.assertWindow(start, FOUR, date(2026, 2, 25), date(2026, 3, 15))
        kept = replace(FOUR, roll_forward_max=False)
        self.assertWindow(start, kept, date(2026, 2, 25), date(2026, 3, 13))

    def test_deadline_in_eid_rolls(self):
        """R126, D09, Annex B: 20 March in Eid becomes Monday 23 March."""
        self.assertWindow(date(2026, 2, 18), FOUR, date(2026, 3, 4), date(2026, 3, 23))

    def test_harfa_gregorian_month(self):
        """R127, Annex B: 31 January plus a month is 28 February, a Saturday, kept."""
        self.assertWindow(date(2026, 1, 31), HARFA, date(2026, 2, 28), date(2026, 4, 1))

    def test_harfa_hijri_month(self):
        """R127, Annex B: 12/09/1447 plus a Hijri month is 12/10/1447."""
        self.assertWindow(
            date(2026, 3, 1),
            replace(HARFA, month_calendar="hijri"),
            date(2026, 3, 31),
            date(2026, 4, 30),
        )

    def test_pause_shifts_both(self):
        """R126, Annex B: five days paused move floor and deadline by five days."""
        self.assertWindow(
            date(2026, 3, 1),
            FOUR,
            date(2026, 3, 20),
            date(2026, 4, 5),
            paused_days=5,
        )

    def test_reading_b(self):
        """Annex B: a floor of 0 and 14 days, or the reading "ceiling", only end."""
        start = date(2026, 3, 1)
        zero = WindowParams(study_min_value=0, reply_max_value=14)
        self.assertWindow(start, zero, start, date(2026, 3, 15))
        ceiling = replace(FOUR, reading="ceiling", reply_max_value=14)
        self.assertWindow(start, ceiling, start, date(2026, 3, 15))
        self.assertWindow(start, ceiling, start, date(2026, 3, 17), paused_days=2)

    def test_reading_a_has_no_deadline(self):
        """Annex B: the literal floor sets no latest date."""
        floor = replace(FOUR, reading="floor")
        self.assertWindow(date(2026, 3, 1), floor, date(2026, 3, 15), None)

    def test_early_reply(self):
        """R126, Annex B: announced on 10 March, before the floor, is early."""
        window = compute_window(date(2026, 3, 1), FOUR, is_working_day)
        announced = date(2026, 3, 10)
        state = window_state(announced, *window, 7, announced)
        self.assertEqual(state, "replied_early")

    def test_floor_never_rolls(self):
        """Annex B: the floor stays on a Friday, a Saturday or a holiday."""
        for start, floor in (
            (date(2026, 2, 27), date(2026, 3, 13)),
            (date(2026, 3, 5), date(2026, 3, 19)),
        ):
            self.assertFalse(is_working_day(floor))
            window = compute_window(start, FOUR, is_working_day)
            self.assertEqual(window.earliest, floor)

    def test_working_days(self):
        """R126, D09: working days skip weekends and Eid; weeks and months do not."""
        params = WindowParams(
            study_min_value=5,
            study_min_unit="day",
            reply_max_value=10,
            day_kind="working",
        )
        # 12 March is a Thursday: 15-18 March, Eid, then 23-26 and 29 March...
        self.assertWindow(
            date(2026, 3, 12), params, date(2026, 3, 23), date(2026, 3, 30)
        )
        weeks = replace(params, study_min_value=1, study_min_unit="week")
        self.assertWindow(
            date(2026, 3, 12), weeks, date(2026, 3, 19), date(2026, 3, 30)
        )

    def test_working_days_and_pause(self):
        """Annex B: a pause counts in working days where they are given."""
        params = WindowParams(study_min_value=0, reply_max_value=3, day_kind="working")
        pause = count_pauses(
            [
                (date(2026, 4, 5), date(2026, 4, 8)),
                (date(2026, 4, 7), date(2026, 4, 12)),
            ],
            is_working_day,
        )
        self.assertEqual(pause, (7, 5))
        start = date(2026, 4, 1)
        self.assertWindow(start, params, start, date(2026, 4, 6))
        self.assertWindow(
            start,
            params,
            start,
            date(2026, 4, 13),
            paused_days=pause.days,
            paused_working_days=pause.working_days,
        )
        self.assertWindow(start, params, start, date(2026, 4, 13), paused_days=7)
        calendar = replace(params, day_kind="calendar")
        self.assertWindow(
            start,
            calendar,
            start,
            date(2026, 4, 12),
            paused_days=7,
            paused_working_days=5,
        )

    def test_deadline_never_before_floor(self):
        """Annex B: 30 days and one February month do not cross."""
        params = WindowParams(
            study_min_value=30,
            study_min_unit="day",
            reply_max_value=1,
            reply_max_unit="month",
            roll_forward_max=False,
        )
        self.assertWindow(date(2026, 2, 1), params, date(2026, 3, 3), date(2026, 3, 3))

    def test_hijri_month_end_clamps(self):
        """R127, Annex B 5: from the 30th, a Hijri month of 29 days ends on the 29th."""
        params = replace(HARFA, month_calendar="hijri")
        # 30/12/1444 is 18 July 2023; Muharram 1445 has 29 days.
        window = compute_window(date(2023, 7, 18), params, is_working_day)
        self.assertEqual(window.earliest, date(2023, 8, 16))

    def test_hijri_month_outside_the_table(self):
        """D08: beyond 1500 AH the window goes on with Gregorian months."""
        params = replace(HARFA, month_calendar="hijri")
        window = compute_window(date(2090, 1, 31), params, is_working_day)
        self.assertEqual(window.earliest, date(2090, 2, 28))

    def test_calendar_that_never_opens(self):
        """D09: without any working day nothing hangs; calendar days are counted."""
        window = compute_window(date(2026, 3, 1), FOUR, never)
        self.assertEqual(window, (date(2026, 3, 15), date(2026, 3, 31)))
        params = replace(FOUR, day_kind="working")
        window = compute_window(date(2026, 3, 1), params, never)
        self.assertEqual(window.deadline, date(2026, 3, 31))
        self.assertEqual(roll_forward(date(2026, 3, 1), never), date(2026, 3, 1))

    def test_add_working_days(self):
        """D09: the start is not counted, and 0 days are the start."""
        thursday = date(2026, 4, 2)
        self.assertEqual(add_working_days(thursday, 0, is_working_day), thursday)
        self.assertEqual(
            add_working_days(thursday, 1, is_working_day), date(2026, 4, 5)
        )
        self.assertEqual(
            add_working_days(date(2026, 4, 3), 5, is_working_day), date(2026, 4, 9)
        )

    def test_window_from_each_start(self):
        """R126, R127: over two years, floor ≤ deadline and deadline is worked."""
        start = date(2025, 7, 1)
        for offset in range(730):
            day = start + timedelta(days=offset)
            for params in (FOUR, HARFA, replace(HARFA, month_calendar="hijri")):
                earliest, deadline = compute_window(day, params, is_working_day)
                self.assertLess(day, earliest)
                self.assertLessEqual(earliest, deadline)
                self.assertTrue(is_working_day(deadline))
                self.assertLessEqual(earliest, day + timedelta(days=31))


@tagged("post_install", "-at_install")
class TestWindowState(BaseCase):
    def test_states(self):
        """R126, Annex B: the eight states, limits inside the window."""
        earliest, deadline = date(2026, 3, 15), date(2026, 3, 31)
        for today, announced, state in (
            (date(2026, 3, 14), None, "in_study"),
            (date(2026, 3, 15), None, "may_reply"),
            (date(2026, 3, 23), None, "may_reply"),
            (date(2026, 3, 24), None, "due_soon"),
            (date(2026, 3, 31), None, "due_soon"),
            (date(2026, 4, 1), None, "overdue"),
            (date(2026, 5, 1), date(2026, 3, 14), "replied_early"),
            (date(2026, 5, 1), date(2026, 3, 15), "replied_in_window"),
            (date(2026, 5, 1), date(2026, 3, 31), "replied_in_window"),
            (date(2026, 5, 1), date(2026, 4, 1), "replied_late"),
        ):
            with self.subTest(today=today, announced=announced):
                self.assertEqual(
                    window_state(today, earliest, deadline, 7, announced), state
                )
        self.assertEqual(window_state(deadline, None, None), "not_started")

    def test_without_deadline(self):
        """Annex B, reading A: never due, never late."""
        floor, later = date(2026, 3, 15), date(2027, 1, 1)
        self.assertEqual(window_state(later, floor, None, 7), "may_reply")
        self.assertEqual(
            window_state(later, floor, None, 7, later), "replied_in_window"
        )

    def test_long_reminder_does_not_hide_the_floor(self):
        """Annex B: before the floor a request is in study, however soon it is due."""
        state = window_state(
            date(2026, 3, 14), date(2026, 3, 15), date(2026, 3, 17), 30
        )
        self.assertEqual(state, "in_study")
