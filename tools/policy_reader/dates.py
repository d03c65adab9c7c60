"""The dates of an approval, in either calendar and either order: R004, Annex D 6-8.

«10/08/2023-1445/01/23» has two calendars and two orders: the one date settles how the
other is read. Where nothing settles it, day first is taken and the date is uncertain.
"""

import re
from dataclasses import dataclass
from datetime import date

from ..arabic import fold
from ..hijri import GREGORIAN_MONTHS_AR, HijriError, parse_hijri, to_gregorian

_SEPARATOR = r"\s?[/\-.]\s?"
_NUMERIC = re.compile(
    rf"(?<!\d)(\d{{1,4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,4}})(?!\d)"
)
_MONTH = r"((?!من|الي|حتي)[^\W\d_]{2,9}(?:\s[^\W\d_]{3,8})?)"
_NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s?(?:من\s)?(?:شهر\s)?{_MONTH}\s?(?:عام\s|سنه\s|لعام\s|,\s?|،\s?)?(\d{{4}})(?!\d)"
)
_ERA = re.compile(r"\s?(هـ|ه|م)(?!\w)")
_YEAR = re.compile(r"(?:لعام|عام|لسنه|سنه)\s?(\d{4})(?!\d)(?!\s?ه(?!\w))")
_OTHER_NAMES = {
    "كانون الثاني": 1, "شباط": 2, "اذار": 3, "نيسان": 4, "ابريل": 4, "ايار": 5,
    "حزيران": 6, "تموز": 7, "اب": 8, "ايلول": 9, "تشرين الاول": 10,
    "تشرين الثاني": 11, "كانون الاول": 12,
}  # fmt: skip
_MONTHS = {fold(name): number for number, name in enumerate(GREGORIAN_MONTHS_AR, 1)}
_MONTHS.update({fold(name): number for name, number in _OTHER_NAMES.items()})

HIJRI_YEARS = range(1300, 1501)
GREGORIAN_YEARS = range(1900, 2101)
# The sighted month and the table of Umm al-Qura may differ by a day.
_SIGHTING = 1


@dataclass(frozen=True)
class PrintedDate:
    """A date as printed: its possible readings (year, month, day), likeliest first."""

    is_hijri: bool
    readings: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Day:
    """A date that was read; ``hijri`` is "YYYY-MM-DD" where the text prints one."""

    day: date | None
    hijri: str | None
    is_uncertain: bool


def printed_dates(text: str) -> list[PrintedDate]:
    """Return the dates printed in a text, in their order."""
    key = fold(text)
    found = []
    for match in _NUMERIC.finditer(key):
        parts = [int(part) for part in match.groups()]
        if printed := _numeric(parts, _ERA.match(key, match.end())):
            found.append((match.start(), printed))
    for match in _NAMED.finditer(key):
        if printed := _named(*match.groups()):
            found.append((match.start(), printed))
    return [printed for _start, printed in sorted(found, key=lambda item: item[0])]


def _numeric(parts: list[int], era) -> PrintedDate | None:
    first, month, last = parts
    is_year_first = first > 31
    year, day = (first, last) if is_year_first else (last, first)
    if is_year_first == (last > 31):
        return None
    is_hijri = year in HIJRI_YEARS if not era else era[1] != "م"
    if year not in (HIJRI_YEARS if is_hijri else GREGORIAN_YEARS):
        return None
    pairs = dict.fromkeys(((month, day), (day, month)))
    readings = tuple((year, m, d) for m, d in pairs if 1 <= m <= 12 and 1 <= d <= 31)
    return PrintedDate(is_hijri, readings) if readings else None


def _named(day: str, name: str, year: str) -> PrintedDate | None:
    number = int(year)
    if number in GREGORIAN_YEARS:
        for words in (name, name.split(" ")[0]):
            if words in _MONTHS:
                return PrintedDate(False, ((number, _MONTHS[words], int(day)),))
    if number in HIJRI_YEARS:
        for words in (name, name.split(" ")[0]):
            try:
                return PrintedDate(True, (tuple(parse_hijri(f"{day} {words} {year}")),))
            except HijriError:
                continue
    return None


def read_day(text: str) -> Day:
    """Return the first day of a text, by its Gregorian and Hijri dates."""
    printed = printed_dates(text)
    gregorian = next((item for item in printed if not item.is_hijri), None)
    hijri = next((item for item in printed if item.is_hijri), None)
    solar, lunar = _days(gregorian), _days(hijri)
    for day in solar:
        for other in lunar:
            if abs((day - other).days) <= _SIGHTING:
                return Day(day, _iso(lunar[other]), False)
    is_settled = len(solar) + len(lunar) == 1
    day = next(iter(solar or lunar), None)
    return Day(
        day,
        _iso(next(iter(lunar.values()))) if lunar else None,
        day is not None and not is_settled,
    )


def _days(printed: PrintedDate | None) -> dict[date, tuple[int, int, int]]:
    """Return the Gregorian day of each reading that exists."""
    days = {}
    for reading in printed.readings if printed else ():
        try:
            day = to_gregorian(*reading) if printed.is_hijri else date(*reading)
        except ValueError:
            continue
        days.setdefault(day, reading)
    return days


def _iso(reading: tuple[int, int, int]) -> str:
    return "{:04}-{:02}-{:02}".format(*reading)


def year_of(text: str) -> int | None:
    """Return the Gregorian year of «لعام ٢٠٢١م»; None for a Hijri year."""
    match = _YEAR.search(fold(text))
    year = int(match[1]) if match else 0
    return year if year in GREGORIAN_YEARS else None
