"""The response window of the policies: R126, R127 and Annex B.

«خلال مدة لا تقل عن أسبوعين» gives two dates: the earliest day on which the reply may
be announced (floor) and the latest (ceiling). Plain functions: the caller brings the
parameters of the policy version and tells which days are worked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .hijri import add_months_gregorian, add_months_hijri

# A calendar that never opens must not hang: a day is looked for this far, no further.
MAX_SEARCH_DAYS = 366

STATES = (
    "not_started",
    "in_study",
    "may_reply",
    "due_soon",
    "overdue",
    "replied_early",
    "replied_in_window",
    "replied_late",
)


@dataclass(frozen=True)
class WindowParams:
    """Parameters of a policy version (Annex B); units are day, week or month.

    ``reading`` is floor, ceiling or floor_and_ceiling; ``day_kind`` calendar or
    working, for day units alone; ``month_calendar`` gregorian or hijri, for month
    units alone. The defaults are those of the policies 000-003.
    """

    reading: str = "floor_and_ceiling"
    study_min_value: int = 2
    study_min_unit: str = "week"
    month_calendar: str = "gregorian"
    reply_max_value: int = 30
    reply_max_unit: str = "day"
    day_kind: str = "calendar"
    roll_forward_max: bool = True


class Window(NamedTuple):
    """Earliest day to announce the reply, and the latest (None: no ceiling)."""

    earliest: date
    deadline: date | None


class Pause(NamedTuple):
    """How long the clock stood still, in calendar days and in working days."""

    days: int
    working_days: int


def compute_window(
    start: date,
    params: WindowParams,
    is_working_day: Callable[[date], bool],
    paused_days: int = 0,
    paused_working_days: int | None = None,
) -> Window:
    """Return the window of a request whose clock started on a day.

    The start itself is not counted: 14 days from the 1st end on the 15th. A pause
    moves both dates; the floor never rolls, the deadline rolls to the next working
    day and never lies before the floor. Reading "floor" has no deadline, reading
    "ceiling" (and a floor of 0) may be answered from the start on.

    :param is_working_day: told a date; called for the days in question only
    :param paused_days: calendar days during which the clock stood still
    :param paused_working_days: the working days among them, for periods counted in
        working days; without it, the calendar days move those as well
    """

    def end(value: int, unit: str) -> date:
        if unit == "day" and params.day_kind == "working":
            if paused_working_days is not None:
                count = value + paused_working_days
                return add_working_days(start, count, is_working_day)
            day = add_working_days(start, value, is_working_day)
        else:
            day = _add_period(start, value, unit, params.month_calendar)
        return day + timedelta(days=paused_days)

    earliest = start
    if params.reading != "ceiling" and params.study_min_value > 0:
        earliest = end(params.study_min_value, params.study_min_unit)
    if params.reading == "floor":
        return Window(earliest, None)
    deadline = max(end(params.reply_max_value, params.reply_max_unit), earliest)
    if params.roll_forward_max:
        deadline = roll_forward(deadline, is_working_day)
    return Window(earliest, deadline)


def _add_period(start: date, value: int, unit: str, month_calendar: str) -> date:
    """Return the calendar date some days, weeks or months after another."""
    if unit == "month":
        if month_calendar == "hijri":
            return add_months_hijri(start, value)
        return add_months_gregorian(start, value)
    return start + timedelta(days=value * 7 if unit == "week" else value)


def _next_working_day(day: date, is_working_day: Callable[[date], bool]) -> date | None:
    """Return the first working day from a day on; None when none is in sight."""
    for _attempt in range(MAX_SEARCH_DAYS):
        if is_working_day(day):
            return day
        day += timedelta(days=1)
    return None


def roll_forward(day: date, is_working_day: Callable[[date], bool]) -> date:
    """Return the day, or the next working day; the day itself if there is none."""
    return _next_working_day(day, is_working_day) or day


def add_working_days(
    start: date, count: int, is_working_day: Callable[[date], bool]
) -> date:
    """Return the last of ``count`` working days after a day.

    With no working day in sight, calendar days are counted instead.
    """
    day = start
    for _number in range(count):
        found = _next_working_day(day + timedelta(days=1), is_working_day)
        if not found:
            return start + timedelta(days=count)
        day = found
    return day


def count_pauses(
    pauses: Iterable[tuple[date, date]], is_working_day: Callable[[date], bool]
) -> Pause:
    """Return the length of pauses given as (first day paused, day resumed).

    The day on which the clock goes on is not counted; overlaps are counted once.
    """
    days = {
        first + timedelta(days=offset)
        for first, resumed in pauses
        for offset in range((resumed - first).days)
    }
    return Pause(len(days), sum(1 for day in days if is_working_day(day)))


def window_state(
    today: date,
    earliest: date | None,
    deadline: date | None,
    remind_days: int = 0,
    announced: date | None = None,
) -> str:
    """Return the state (one of ``STATES``) of a window on a day.

    Both limits are inside the window. "due_soon" is the last ``remind_days`` days and
    the deadline itself, once the floor has passed.

    :param earliest: None before the clock has started
    :param announced: day on which the reply was announced to the applicant
    """
    if not earliest:
        return "not_started"
    if announced:
        if announced < earliest:
            return "replied_early"
        late = deadline and announced > deadline
        return "replied_late" if late else "replied_in_window"
    if deadline and today > deadline:
        return "overdue"
    if today < earliest:
        return "in_study"
    if deadline and (deadline - today).days <= max(remind_days, 0):
        return "due_soon"
    return "may_reply"
