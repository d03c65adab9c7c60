"""Free times: what is open, without what is taken. Pure arithmetic (R192, R193).

Periods are pairs of naive UTC moments, as Odoo stores them; the end is open.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from .worktime import Interval, merge

# Times begin at a round minute.
STEP = timedelta(minutes=5)


def common(first: list[Interval], second: list[Interval]) -> list[Interval]:
    """Return what lies in both of two lists of periods, each in order and apart."""
    found, one, two = [], 0, 0
    while one < len(first) and two < len(second):
        start = max(first[one][0], second[two][0])
        end = min(first[one][1], second[two][1])
        if start < end:
            found.append((start, end))
        if first[one][1] < second[two][1]:
            one += 1
        else:
            two += 1
    return found


def without(periods: list[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Return what is left of periods, in order and apart, without what is taken."""
    taken = merge(taken)
    left, index = [], 0
    for start, end in periods:
        while index < len(taken) and taken[index][1] <= start:
            index += 1
        at = index
        while at < len(taken) and taken[at][0] < end:
            if taken[at][0] > start:
                left.append((start, taken[at][0]))
            start = taken[at][1]
            at += 1
        if start < end:
            left.append((start, end))
    return left


def cut(periods: Iterable[Interval], length: timedelta) -> Iterable[Interval]:
    """Yield the times of a length that fit into periods, one after the other."""
    for start, end in periods:
        start += (datetime.min - start) % STEP
        while start + length <= end:
            yield start, start + length
            start += length


class Diary:
    """When somebody receives, and what is free of it.

    :param openings: when the door is open, in order and apart
    :param taken: periods in which something else is
    :param starts: when the meetings begin that are agreed, to count them by day
    :param most_a_day: meetings in a day; 0: as many as fit
    :param after: nothing begins before this moment
    :param until: nothing begins from this moment on
    :param tz: zone of the days
    """

    def __init__(
        self,
        openings: list[Interval],
        taken: Iterable[Interval],
        starts: Iterable[datetime],
        most_a_day: int,
        after: datetime,
        until: datetime,
        tz: str | tzinfo = "Asia/Riyadh",
    ):
        self._tz = ZoneInfo(tz) if isinstance(tz, str) else tz
        self._openings = openings
        self._left = without(openings, taken)
        self._after, self._until = after, until
        counts = Counter(map(self.day, starts))
        self._full = {
            day for day, count in counts.items() if most_a_day and count >= most_a_day
        }

    def day(self, moment: datetime):
        """Return the day of a moment, where the meeting is."""
        return moment.replace(tzinfo=timezone.utc).astimezone(self._tz).date()

    def slots(self, minutes: int) -> list[Interval]:
        """Return the free times of a length, in order."""
        return [
            (start, end)
            for start, end in cut(self._left, timedelta(minutes=minutes))
            if self._after <= start < self._until and self.day(start) not in self._full
        ]

    def refusal(self, start: datetime, end: datetime) -> str | None:
        """Return why a time is not free: early, far, closed, taken or full."""
        if start < self._after:
            return "early"
        if start >= self._until:
            return "far"
        for code, periods in (("closed", self._openings), ("taken", self._left)):
            if not any(first <= start and end <= last for first, last in periods):
                return code
        return "full" if self.day(start) in self._full else None
