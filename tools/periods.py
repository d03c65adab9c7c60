"""Days, weeks, months, quarters and years in both calendars, as plain functions.

A period is (first day, last day), both Gregorian and included. A week begins on Sunday,
as the working week does. Outside the Hijri table (1343-1500 AH) Gregorian periods are
given. (D08, R054, glossary 28)
"""

from calendar import monthrange
from datetime import date, timedelta

from . import hijri

KINDS = ("day", "week", "month", "quarter", "year")
CALENDARS = ("gregorian", "hijri")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

Period = tuple[date, date]

_QUARTERS_AR = ("الربع الأول", "الربع الثاني", "الربع الثالث", "الربع الرابع")


def period_of(kind: str, day: date, calendar: str = "gregorian") -> Period:
    """Return the day, week, month, quarter or year that a day lies in."""
    if kind not in KINDS:
        raise ValueError(kind)
    if kind == "day":
        return day, day
    if kind == "week":
        first = day - timedelta(days=(day.weekday() + 1) % 7)
        return first, first + timedelta(days=6)
    months = _MONTHS[kind]
    if _is_hijri(day, calendar):
        year, month, _day = hijri.to_hijri(day)
        first = (month - 1) // months * months + 1
        last = first + months - 1
        length = hijri.month_length(year, last)
        return (
            hijri.to_gregorian(year, first, 1),
            hijri.to_gregorian(year, last, length),
        )
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return (
        date(day.year, first, 1),
        date(day.year, last, monthrange(day.year, last)[1]),
    )


def before(kind: str, from_: date, to_: date, calendar: str = "gregorian") -> Period:
    """Return the period of the same kind that ends before this one begins."""
    return period_of(kind, from_ - timedelta(days=1), calendar)


def periods(
    kind: str, day: date, count: int, calendar: str = "gregorian"
) -> list[Period]:
    """Return so many periods, oldest first; the last is the one of the day."""
    found = []
    for _number in range(count):
        found.append(period_of(kind, day, calendar))
        day = found[-1][0] - timedelta(days=1)
    return found[::-1]


def kind_of(from_: date, to_: date, calendar: str = "gregorian") -> str | None:
    """Return which kind of period these days are; None for any others."""
    return next(
        (kind for kind in KINDS if period_of(kind, from_, calendar) == (from_, to_)),
        None,
    )


def period_label(
    kind: str,
    from_: date,
    to_: date,
    calendar: str = "gregorian",
    lang: str = "ar",
    digits: str | None = "latin",
) -> str:
    """Return the name of a period, such as «ربيع الأول 1448هـ» or "Quarter 3, 2026".

    :param lang: an Odoo or ISO code; what starts with "ar" is Arabic, else English
    :param digits: as in `hijri.format_both`
    """
    is_hijri = _is_hijri(from_, calendar)
    write = hijri.format_hijri if is_hijri else hijri.format_gregorian
    if kind == "day":
        return write(from_, lang, digits)
    if kind == "week":
        return f"{write(from_, lang, digits)} – {write(to_, lang, digits)}"
    is_arabic = lang.startswith("ar")
    year, month, _day = hijri.to_hijri(from_) if is_hijri else from_.timetuple()[:3]
    era = _era(is_hijri, is_arabic)
    if kind == "month":
        text = f"{_month_names(is_hijri, is_arabic)[month - 1]} {year}{era}"
    elif kind == "quarter" and is_arabic:
        text = f"{_QUARTERS_AR[(month - 1) // 3]} {year}{era}"
    elif kind == "quarter":
        text = f"Quarter {(month - 1) // 3 + 1}, {year}{era}"
    else:
        text = f"{year}{era}"
    return hijri._digits(text, lang, digits)


def _is_hijri(day: date, calendar: str) -> bool:
    if calendar not in CALENDARS:
        raise ValueError(calendar)
    return calendar == "hijri" and hijri.to_hijri(day) is not None


def _era(is_hijri: bool, is_arabic: bool) -> str:
    if not is_hijri:
        return ""
    return "هـ" if is_arabic else " AH"


def _month_names(is_hijri: bool, is_arabic: bool) -> tuple[str, ...]:
    if is_hijri:
        return hijri.MONTHS_AR if is_arabic else hijri.MONTHS_EN
    return hijri.GREGORIAN_MONTHS_AR if is_arabic else hijri.GREGORIAN_MONTHS_EN
