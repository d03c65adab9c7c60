"""Working time without the ORM: D09, glossary 28.

A ``WorkCalendar`` is built once for a batch (the ORM reads attendances and leaves
once) and then answers for any number of records. Moments are naive UTC datetimes, as
Odoo stores them; opening hours are wall-clock hours of the calendar's time zone.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# A calendar that never opens must not hang: an opening is looked for this far.
MAX_SEARCH_DAYS = 366

Attendances = Mapping[int, Iterable[tuple[float, float]]]
Interval = tuple[datetime, datetime]

_ONE_DAY = timedelta(days=1)


def _naive_utc(moment: datetime) -> datetime:
    """Return the moment as naive UTC; a naive one is taken to be UTC already."""
    if moment.tzinfo:
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment


def _whole_minute(end: datetime) -> datetime:
    """Return the end of a leave; 23:59:59, as Odoo proposes, means midnight."""
    end = _naive_utc(end)
    if end.second == 59:
        return end.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return end


def _zone(tz: str | tzinfo) -> tzinfo:
    """Return the zone of a name, or of a pytz zone (unfit for wall-clock times)."""
    name = tz if isinstance(tz, str) else getattr(tz, "zone", None)
    return ZoneInfo(name) if name else tz


def merge(intervals: Iterable[tuple]) -> list[tuple]:
    """Return the intervals sorted, without empty ones, those that touch joined."""
    merged = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class WorkCalendar:
    """Opening hours of a week, closed periods, and arithmetic on both.

    :param attendances: opening hours by weekday (Monday is 0, Sunday 6), each a pair
        of hours from midnight: ``{6: [(8.0, 12.0), (13.0, 16.0)]}``
    :param leaves: closed periods (start, end), naive UTC or aware; the end is open
    :param tz: zone name ("Asia/Riyadh") or zone
    :param seasons: other weeks for a time, as in Ramadan: (first day, last day,
        attendances); the first that holds a day counts
    """

    def __init__(
        self,
        attendances: Attendances,
        leaves: Iterable[Interval] = (),
        tz: str | tzinfo = "Asia/Riyadh",
        seasons: Iterable[tuple[date, date, Attendances]] = (),
    ):
        self._tz = _zone(tz)
        self._week = self._read_week(attendances)
        self._seasons = [
            (first, last, self._read_week(week)) for first, last, week in seasons
        ]
        self._leaves = merge(
            (_naive_utc(start), _whole_minute(end)) for start, end in leaves
        )
        self._leave_ends = [end for _start, end in self._leaves]
        self._days: dict[date, list[Interval]] = {}

    @staticmethod
    def _read_week(attendances: Attendances) -> dict[int, list[tuple[int, int]]]:
        """Return the hours by weekday as sorted seconds from midnight, 0 to 86400."""
        return {
            int(weekday): merge(
                (max(round(start * 3600), 0), min(round(end * 3600), 86400))
                for start, end in hours
            )
            for weekday, hours in attendances.items()
        }

    def _to_utc(self, day: date, seconds: int) -> datetime:
        """Return the moment of a wall-clock time of a day, midnight at its end too."""
        days, seconds = divmod(seconds, 86400)
        local = datetime.combine(day + timedelta(days=days), time.min, self._tz)
        return _naive_utc(local + timedelta(seconds=seconds))

    def _local_date(self, moment: datetime) -> date:
        return moment.replace(tzinfo=timezone.utc).astimezone(self._tz).date()

    def _week_of(self, day: date) -> dict[int, list[tuple[int, int]]]:
        for first, last, week in self._seasons:
            if first <= day <= last:
                return week
        return self._week

    def _open_intervals(self, day: date) -> list[Interval]:
        """Return the open periods of a local day, leaves taken out; remembered."""
        intervals = self._days.get(day)
        if intervals is None:
            intervals = []
            for start, end in self._week_of(day).get(day.weekday(), ()):
                opening = self._to_utc(day, start), self._to_utc(day, end)
                intervals.extend(self._without_leaves(*opening))
            self._days[day] = intervals
        return intervals

    def _without_leaves(self, start: datetime, end: datetime) -> Iterable[Interval]:
        """Yield what the leaves leave of a period."""
        index = bisect_right(self._leave_ends, start)
        while start < end and index < len(self._leaves):
            leave_start, leave_end = self._leaves[index]
            if leave_start >= end:
                break
            if leave_start > start:
                yield start, leave_start
            start = leave_end
            index += 1
        if start < end:
            yield start, end

    def _openings_from(self, moment: datetime) -> Iterable[Interval]:
        """Yield the open periods after a moment, the first one cut at the moment.

        Ends after ``MAX_SEARCH_DAYS`` days without an opening.
        """
        day = self._local_date(moment)
        closed_days = 0
        while closed_days < MAX_SEARCH_DAYS:
            intervals = self._open_intervals(day)
            closed_days = 0 if intervals else closed_days + 1
            for start, end in intervals:
                if end > moment:
                    yield max(start, moment), end
            day += _ONE_DAY

    def openings(self, first: date, last: date) -> list[Interval]:
        """Return the open periods of some days, both included, in order and apart.

        Hours that go on over midnight are one period.
        """
        days = (first + n * _ONE_DAY for n in range((last - first).days + 1))
        return merge(period for day in days for period in self._open_intervals(day))

    def is_working_day(self, day: date) -> bool:
        """Return whether any opening hour of a day is left by the leaves."""
        return bool(self._open_intervals(day))

    def bounds(self, day: date) -> Interval | None:
        """Return the first opening and the last closing of a day; None when closed."""
        intervals = self._open_intervals(day)
        return (intervals[0][0], intervals[-1][1]) if intervals else None

    def next_working_day(self, day: date) -> date:
        """Return the first working day from a day on, the day itself included.

        The day itself is returned too when there is none within a year.
        """
        found = day
        for _attempt in range(MAX_SEARCH_DAYS):
            if self.is_working_day(found):
                return found
            found += _ONE_DAY
        return day

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return the moment itself when open, else the next opening.

        The closing moment is closed. None when nothing opens within a year.
        """
        for start, _end in self._openings_from(_naive_utc(moment)):
            return start
        return None

    def add_hours(self, moment: datetime, hours: float) -> datetime:
        """Return the first moment at which so many working hours have passed.

        Eight hours from an opening end at that day's closing, not at the next
        opening; 0 hours give the moment itself. A calendar that never opens counts
        every hour.

        :raise ValueError: for negative hours
        """
        if hours < 0:
            raise ValueError("hours must not be negative")
        moment = _naive_utc(moment)
        left = timedelta(hours=hours)
        if not left:
            return moment
        for start, end in self._openings_from(moment):
            if left <= end - start:
                return start + left
            left -= end - start
        return moment + left

    def add_days(self, moment: datetime, days: int) -> datetime:
        """Return the same hour of the day so many working days later.

        One day from Thursday 15:30 is Sunday 15:30. A moment out of hours counts from
        the next opening; an hour at which the last day is closed, as in Ramadan, is
        brought to the end of what was open of it before, or to its opening.

        :raise ValueError: for negative days
        """
        if days < 0:
            raise ValueError("days must not be negative")
        start = self.next_opening(moment)
        if start is None:
            return _naive_utc(moment) + days * _ONE_DAY
        local = start.replace(tzinfo=timezone.utc).astimezone(self._tz)
        day = local.date()
        for _day in range(days):
            day = self.next_working_day(day + _ONE_DAY)
        then = datetime.combine(day, local.time(), self._tz)
        return self._within_hours(_naive_utc(then), day)

    def _within_hours(self, moment: datetime, day: date) -> datetime:
        """Return the moment, or the nearest open one before it on its day."""
        intervals = self._open_intervals(day)
        if not intervals:
            return moment
        begun = [(start, end) for start, end in intervals if start <= moment]
        return min(moment, begun[-1][1]) if begun else intervals[0][0]

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Return the working hours between two moments, negative when reversed."""
        start, end = _naive_utc(start), _naive_utc(end)
        if end < start:
            return -self.hours_between(end, start)
        total = timedelta()
        day, last = self._local_date(start), self._local_date(end)
        while day <= last:
            for opening, closing in self._open_intervals(day):
                total += max(min(closing, end) - max(opening, start), timedelta())
            day += _ONE_DAY
        return total / timedelta(hours=1)
