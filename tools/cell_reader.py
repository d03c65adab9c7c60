"""What a cell of a sheet says, whichever way it was typed (no ORM; D16).

A date in either calendar, as text, as a day number of the spreadsheet or as a date;
yes and no; one of a list's labels; a code that the spreadsheet took for a number.
"""

import re
from datetime import date, datetime, timedelta
from math import isfinite

from . import hijri
from .arabic import fold, to_latin_digits

# Day numbers of the spreadsheet that may be meant as a date: 1900 to 2078.
_LAST_SERIAL = 65380
_HIJRI_YEARS = range(1300, 1501)
_ERA = re.compile(r"\s*(هجري(ه|ة)?|ميلادي(ه|ة)?|هـ|ه|م|a\.?h\.?|a\.?d\.?)\s*$", re.I)
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|ص|م)?$", re.I)
_PARTS = re.compile(r"\s*[/\-.\\\s،]\s*")
_SCIENTIFIC = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.I)
_YES = {"نعم", "صح", "موافق", "يوجد", "yes", "y", "true", "1", "x", "✓", "✔", "√"}
_NO = {"لا", "كلا", "لايوجد", "no", "n", "false", "0", "-", "✗", "✘"}
_NOTHING = {"", "-", "--", "---", "لا يوجد", "لايوجد", "بدون", "n/a", "na", "null"}
_AMOUNT_NOISE = re.compile(r"ريال|ر\.?س|sar|sr|,|\s", re.I)
_SPLIT = re.compile(r"\s*[,،;؛|\n+]\s*")


class CellError(ValueError):
    """A value that cannot be read; ``code`` is "date", "serial", "number", "negative",
    "bool", "choice", "rounded", or a code of ``HijriError`` with its ``values``."""

    def __init__(self, code: str, values: dict | None = None):
        super().__init__(code)
        self.code = code
        self.values = values or {}


def is_nothing(value) -> bool:
    """Return whether a cell says that there is nothing to say."""
    return value is None or (isinstance(value, str) and fold(value) in _NOTHING)


def read_text(value) -> str:
    """Return a value as text; a whole number without its ".0".

    :raise CellError: "rounded", when the spreadsheet shortened a long number
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        )
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if _SCIENTIFIC.fullmatch(text):
        raise CellError("rounded")
    return text


def read_date(value, epoch_1904: bool = False) -> date:
    """Read a date in either calendar (D08).

    ``10/6/1445``, ``1445-06-10هـ``, ``14450610``, ``٢٣/١٢/٢٠٢٣``, 45283, a date.

    :raise CellError:
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        # a Hijri date that the spreadsheet took for a Gregorian one
        if value.year in _HIJRI_YEARS:
            return _from_hijri(value.year, value.month, value.day)
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _date_of_number(value, epoch_1904)
    text = _TIME.sub("", to_latin_digits(str(value)).strip())
    if text.isdigit():
        return _date_of_number(int(text), epoch_1904)
    bare = _ERA.sub("", text).strip()
    parts = _PARTS.split(bare)
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return _from_parts(*(int(part) for part in parts))
    return _from_words(text)


def _from_words(text):
    try:
        return _from_hijri(*hijri.parse_hijri(text))
    except hijri.HijriError:
        pass
    words = fold(_ERA.sub("", text)).replace(",", " ").split()
    if len(words) == 3 and words[0].isdigit() and words[2].isdigit():
        for names in (hijri.GREGORIAN_MONTHS_AR, hijri.GREGORIAN_MONTHS_EN):
            folded = [fold(name) for name in names]
            for month, name in enumerate(folded, start=1):
                if words[1] in (name, name[:3]):
                    return _from_parts(int(words[0]), month, int(words[2]))
    raise CellError("date")


def _date_of_number(number, epoch_1904):
    whole = int(number)
    if 13000101 <= whole <= 21001231 and whole == number:
        return _from_parts(whole // 10000, whole // 100 % 100, whole % 100)
    if not 1 <= whole <= _LAST_SERIAL:
        raise CellError("serial")
    start = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
    return start + timedelta(days=whole)


def _from_parts(first, month, last):
    """Return the date of three numbers, the year first or last."""
    year, day = (first, last) if first > 99 else (last, first)
    if year in _HIJRI_YEARS:
        return _from_hijri(year, month, day)
    if not 1900 <= year <= 2100:
        raise CellError("date")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("date") from None


def _from_hijri(year, month, day):
    try:
        return hijri.to_gregorian(year, month, day)
    except hijri.HijriError as error:
        raise CellError(error.code, error.values) from None


def read_bool(value) -> bool:
    """Read yes or no, in words, signs or numbers; raise ``CellError`` "bool"."""
    if isinstance(value, bool):
        return value
    text = fold(read_text(value))
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError("bool")


def read_number(value, is_amount: bool = False) -> float:
    """Read a number with either digits and signs.

    :raise CellError: "number", or "negative" where it is an amount
    """
    text = to_latin_digits(str(value)).replace("٫", ".").replace("٬", "")
    text = _AMOUNT_NOISE.sub("", text)
    try:
        number = float(text)
    except ValueError:
        raise CellError("number") from None
    if isinstance(value, bool) or not isfinite(number):
        raise CellError("number")
    if is_amount and number < 0:
        raise CellError("negative")
    return number


def read_choice(value, choices: dict):
    """Return what a label stands for; ``choices`` by folded label.

    :raise CellError: "choice"
    """
    key = fold(read_text(value))
    if key in choices:
        return choices[key]
    bare = key.removeprefix("ال")
    if bare in choices:
        return choices[bare]
    raise CellError("choice", {"value": str(value)[:40]})


def split_choices(value) -> list[str]:
    """Return the several labels that one cell holds."""
    return [part for part in _SPLIT.split(read_text(value)) if part]
