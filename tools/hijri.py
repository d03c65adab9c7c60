"""Hijri dates (Umm al-Qura) as plain functions: D08, glossary 28.

A date is stored Gregorian (``datetime.date``) and read in both calendars. The table
of months is that of the library ``hijridate``, 1343-1500 AH (1924-08-01 to
2077-11-16). Outside of it ``to_hijri`` gives None and formatting leaves the Hijri
part out; only reading what somebody typed raises, and then a ``HijriError``.
"""

import calendar
import re
from bisect import bisect_right
from datetime import date
from functools import cache
from typing import NamedTuple

from hijridate import Hijri

from .arabic import fold, to_arabic_digits

FIRST_YEAR = 1343
LAST_YEAR = 1500

MONTHS_AR = (
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
)
MONTHS_EN = (
    "Muharram",
    "Safar",
    "Rabi I",
    "Rabi II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qadah",
    "Dhu al-Hijjah",
)
GREGORIAN_MONTHS_AR = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)
GREGORIAN_MONTHS_EN = tuple(calendar.month_name)[1:]

# Spellings people type beside those of glossary 28.
_OTHER_SPELLINGS = {
    "المحرم": 1,
    "ربيع أول": 3,
    "ربيع الثاني": 4,
    "ربيع ثاني": 4,
    "جمادى الأول": 5,
    "جماد الأول": 5,
    "جماد أول": 5,
    "جمادى الآخر": 6,
    "جمادى الثاني": 6,
    "جمادى الثانية": 6,
    "جماد الثاني": 6,
    "جماد ثاني": 6,
    "ذي القعدة": 11,
    "ذي الحجة": 12,
}

_NUMERIC = re.compile(r"(\d{1,4})\s*[/\-.\s]\s*(\d{1,2})\s*[/\-.\s]\s*(\d{1,4})")
_NAMED = re.compile(r"(\d{1,4})\s*([^\d]+?)\s*(\d{1,4})")
_ERA = re.compile(r"\s*(ه|a\.?h\.?)\s*$")


class HijriDate(NamedTuple):
    """A day of the Hijri calendar: ``HijriDate(1445, 6, 10)``."""

    year: int
    month: int
    day: int


class HijriError(ValueError):
    """A Hijri date that does not exist or cannot be read; the caller translates it.

    ``code`` and the keys of ``values`` (named placeholders of the message):
    ``"format"`` text; ``"range"`` year, first_year, last_year; ``"month"`` month;
    ``"day"`` day, month, year, length (days the month has). ``args`` is (code, values).
    """

    def __init__(self, code: str, values: dict | None = None):
        super().__init__(code, values or {})
        self.code = code
        self.values = values or {}


@cache
def _month_starts() -> tuple[int, ...]:
    """Return the ordinal of the first day of each month, then the day after the last.

    Index 0 is 1 Muharram 1343; 158 years of 12 months give 1897 values.
    """
    starts = [
        Hijri(year, month, 1).to_gregorian().toordinal()
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in range(1, 13)
    ]
    return (*starts, starts[-1] + Hijri(LAST_YEAR, 12, 1).month_length())


def _month_index(year: int, month: int) -> int:
    """Return the place of a month in the table; raise "range" or "month"."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        bounds = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR}
        raise HijriError("range", {"year": year, **bounds})
    if not 1 <= month <= 12:
        raise HijriError("month", {"month": month})
    return (year - FIRST_YEAR) * 12 + month - 1


def to_hijri(day: date | None) -> HijriDate | None:
    """Return the Hijri date of a Gregorian one; None outside 1343-1500 AH."""
    if not day:
        return None
    starts, ordinal = _month_starts(), day.toordinal()
    if not starts[0] <= ordinal < starts[-1]:
        return None
    index = bisect_right(starts, ordinal) - 1
    year, month = divmod(index, 12)
    return HijriDate(FIRST_YEAR + year, month + 1, ordinal - starts[index] + 1)


def to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Hijri one.

    :raise HijriError: "range", "month" or "day", in that order
    """
    length = month_length(year, month)
    if not 1 <= day <= length:
        values = {"day": day, "month": month, "year": year, "length": length}
        raise HijriError("day", values)
    start = _month_starts()[_month_index(year, month)]
    return date.fromordinal(start + day - 1)


def month_length(year: int, month: int) -> int:
    """Return the days of a month; raise ``HijriError`` "range" or "month".

    29 or 30; 28 or 31 in eight months before 1365 AH, as they were printed then.
    """
    starts, index = _month_starts(), _month_index(year, month)
    return starts[index + 1] - starts[index]


def month_table(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> list[int]:
    """Return the proleptic ordinals of the month starts of these years.

    Twelve values a year and one more, the day after the last month, so that each
    month's length is the difference to the next value.
    """
    first, last = _month_index(first_year, 1), _month_index(last_year, 12)
    return list(_month_starts()[first : last + 2])


def _name_key(name: str) -> str:
    """Return a month name without what people leave out or add around it."""
    return fold(name).strip(" ,،/-").replace(" ", "")


@cache
def _months_by_name() -> dict[str, int]:
    """Return the month number by folded name, Arabic and English."""
    names = {name: number for number, name in enumerate(MONTHS_AR, start=1)}
    names |= {name: number for number, name in enumerate(MONTHS_EN, start=1)}
    names |= _OTHER_SPELLINGS
    return {_name_key(name): number for name, number in names.items()}


def parse_hijri(text: str | None) -> HijriDate:
    """Read a Hijri date as people type it, and check that the day exists.

    Accepts year first or last, "/", "-", "." or blanks, the month as a number or a
    name, an era mark, digits of any set: 1445/06/10, 10-6-1445, ١٤٤٥/٦/١٠,
    «10 جمادى الآخرة 1445هـ».

    :raise HijriError: "format" when it is no date, else as ``to_gregorian``
    """
    folded = _ERA.sub("", fold(text))
    if match := _NUMERIC.fullmatch(folded):
        first, month, last = (int(part) for part in match.groups())
    elif (match := _NAMED.fullmatch(folded)) and (
        month := _months_by_name().get(_name_key(match[2]), 0)
    ):
        first, last = int(match[1]), int(match[3])
    else:
        raise HijriError("format", {"text": text or ""})
    if (first > 99) == (last > 99):
        raise HijriError("format", {"text": text or ""})
    year, day = (first, last) if first > 99 else (last, first)
    to_gregorian(year, month, day)
    return HijriDate(year, month, day)


def add_months_gregorian(day: date, months: int) -> date:
    """Return the date some Gregorian months later, clamped to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_months_hijri(day: date, months: int) -> date:
    """Return the date some Hijri months later, clamped to the month's last day.

    Where the start or the end lies outside the table, Gregorian months are counted.
    """
    start = to_hijri(day)
    if not start:
        return add_months_gregorian(day, months)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return add_months_gregorian(day, months)
    length = month_length(year, month + 1)
    return to_gregorian(year, month + 1, min(start.day, length))


def _digits(text: str, lang: str, digits: str | None) -> str:
    """Return the text in the digits asked for; the language's own when None."""
    arabic = digits == "arabic" if digits else lang.startswith("ar")
    return to_arabic_digits(text) if arabic else text


def format_hijri_numeric(day: date | None, digits: str | None = "latin") -> str:
    """Return "1445/06/10"; "" outside the table."""
    hijri = to_hijri(day)
    if not hijri:
        return ""
    return _digits(f"{hijri.year}/{hijri.month:02}/{hijri.day:02}", "ar", digits)


def format_hijri(day: date | None, lang: str = "ar", digits: str | None = None) -> str:
    """Return «١٠ جمادى الآخرة ١٤٤٥هـ» or "10 Jumada II 1445 AH"; "" outside the table.

    :param lang: an Odoo or ISO code; what starts with "ar" is Arabic, else English
    :param digits: "latin" or "arabic"; None for those of the language
    """
    hijri = to_hijri(day)
    if not hijri:
        return ""
    if lang.startswith("ar"):
        text = f"{hijri.day} {MONTHS_AR[hijri.month - 1]} {hijri.year}هـ"
    else:
        text = f"{hijri.day} {MONTHS_EN[hijri.month - 1]} {hijri.year} AH"
    return _digits(text, lang, digits)


def format_gregorian(
    day: date | None, lang: str = "ar", digits: str | None = None
) -> str:
    """Return «٢٣ ديسمبر ٢٠٢٣م» or "23 December 2023"; "" for no date."""
    if not day:
        return ""
    if lang.startswith("ar"):
        text = f"{day.day} {GREGORIAN_MONTHS_AR[day.month - 1]} {day.year}م"
    else:
        text = f"{day.day} {GREGORIAN_MONTHS_EN[day.month - 1]} {day.year}"
    return _digits(text, lang, digits)


def format_both(day: date | None, lang: str = "ar", digits: str | None = None) -> str:
    """Return the date in both calendars, only the Gregorian one outside the table.

    «١٠ جمادى الآخرة ١٤٤٥هـ الموافق ٢٣ ديسمبر ٢٠٢٣م», or
    "10 Jumada II 1445 AH (23 December 2023)".
    """
    gregorian = format_gregorian(day, lang, digits)
    hijri = format_hijri(day, lang, digits)
    if not hijri:
        return gregorian
    if lang.startswith("ar"):
        return f"{hijri} الموافق {gregorian}"
    return f"{hijri} ({gregorian})"
