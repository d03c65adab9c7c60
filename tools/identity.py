"""Saudi identifiers as plain functions: glossary 27.

Each ``check_*`` takes what somebody typed (digits of any set, blanks, dashes, bidi
marks) and returns the one normal form to store, or raises ``IdentityError``.
"""

import re

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from .arabic import clean_code, strip_invisible, to_latin_digits

_NATIONAL_ID = re.compile(r"1[0-9]{9}")
_IQAMA = re.compile(r"2[0-9]{9}")
_DIGITS_10 = re.compile(r"[0-9]{10}")
_IBAN = re.compile(r"SA[0-9]{4}[0-9A-Z]{18}")
_SHORT_ADDRESS = re.compile(r"[A-Z]{4}[0-9]{4}")
_PHONE_NOISE = re.compile(r"[().\u00b7/]")
_COUNTRY_PREFIX = re.compile(r"(?:\+|00)?966(?:0(?=[15]))?|0")
# 052 is not given out; 051 is (data and virtual operators).
_MOBILE = re.compile(r"5[013-9][0-9]{7}")
# Areas 11 Riyadh, 12 Makkah, 13 Eastern, 14 Madinah, 16 Qassim, 17 Asir.
_LANDLINE = re.compile(r"1[1-467][0-9]{7}")
_UNIFIED = re.compile(r"9200[0-9]{5}")
# An identity number or an IBAN within a text, as people write it.
_TOLD = re.compile(
    r"(?<![0-9])[12](?:[ .\-]?[0-9]){9}(?![0-9])|SA(?:[ \-]?[0-9A-Z]){22}",
    re.IGNORECASE,
)


class IdentityError(ValueError):
    """A number that cannot be right; the caller translates ``code``.

    "empty"; "format": wrong characters or length; "prefix": wrong first digits or
    country; "checksum": the check digit does not fit.
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def luhn_valid(number: str) -> bool:
    """Return whether a string of Latin digits passes the Luhn check."""
    return bool(number) and number.isascii() and luhn.is_valid(number)


def _required(text: str | None) -> str:
    """Return the cleaned code; raise "empty"."""
    code = clean_code(text)
    if not code:
        raise IdentityError("empty")
    return code


def _check_person_number(text: str | None, pattern: re.Pattern) -> str:
    """Return the ten digits that match a pattern and pass Luhn, or raise."""
    number = _required(text)
    if not _DIGITS_10.fullmatch(number):
        raise IdentityError("format")
    if not pattern.fullmatch(number):
        raise IdentityError("prefix")
    if not luhn_valid(number):
        raise IdentityError("checksum")
    return number


def check_national_id(text: str | None) -> str:
    """Return the national ID, ten digits from 1; raise ``IdentityError``."""
    return _check_person_number(text, _NATIONAL_ID)


def check_iqama(text: str | None) -> str:
    """Return the residence permit number, ten digits from 2; raise."""
    return _check_person_number(text, _IQAMA)


def _check_subscriber(text: str | None, pattern: re.Pattern) -> str:
    """Return +966 and the nine digits of a subscriber, or raise."""
    number = _PHONE_NOISE.sub("", _required(text))
    if not re.fullmatch(r"\+?[0-9]+", number):
        raise IdentityError("format")
    local = _COUNTRY_PREFIX.sub("", number, count=1) if len(number) > 9 else number
    if len(local) != 9:
        raise IdentityError("format")
    if not pattern.fullmatch(local):
        raise IdentityError("prefix")
    return f"+966{local}"


def check_saudi_mobile(text: str | None) -> str:
    """Return "+9665XXXXXXXX" of a mobile in any usual spelling; raise.

    0501234567, 501234567, 966501234567, 00966501234567, +966 50 123 4567.
    """
    return _check_subscriber(text, _MOBILE)


def check_saudi_landline(text: str | None) -> str:
    """Return "+9661XXXXXXXX" of a landline with its area code; raise."""
    return _check_subscriber(text, _LANDLINE)


def check_unified_number(text: str | None) -> str:
    """Return the nine digits of a unified number (9200 and five more); raise."""
    number = _PHONE_NOISE.sub("", _required(text))
    if not re.fullmatch(r"[0-9]{9}", number):
        raise IdentityError("format")
    if not _UNIFIED.fullmatch(number):
        raise IdentityError("prefix")
    return number


def check_iban(text: str | None) -> str:
    """Return a Saudi IBAN, "SA" and 22 characters, mod 97 = 1; raise.

    stdnum's own IBAN module takes every country and reports a foreign one as a wrong
    format, hence only its check digits are used.
    """
    number = _required(text).upper()
    if number[:2].isalpha() and not number.startswith("SA"):
        raise IdentityError("prefix")
    if not _IBAN.fullmatch(number):
        raise IdentityError("format")
    if not mod_97_10.is_valid(number[4:] + number[:4]):
        raise IdentityError("checksum")
    return number


def check_short_address(text: str | None) -> str:
    """Return the short national address, four letters and four digits; raise."""
    address = _required(text).upper()
    if not _SHORT_ADDRESS.fullmatch(address):
        raise IdentityError("format")
    return address


def _check_digits(text: str | None, length: int) -> str:
    """Return exactly so many digits, or raise."""
    number = _required(text)
    if not re.fullmatch(rf"[0-9]{{{length}}}", number):
        raise IdentityError("format")
    return number


def check_building_number(text: str | None) -> str:
    """Return the four digits of a building or additional number; raise."""
    return _check_digits(text, 4)


def check_postal_code(text: str | None) -> str:
    """Return the five digits of a postal code; raise."""
    return _check_digits(text, 5)


def tells_number(text: str | None) -> bool:
    """Tell whether a text holds what looks like an identity number or an IBAN.

    However it is written: in Arabic digits, with blanks or dashes in between.
    """
    return bool(_TOLD.search(to_latin_digits(strip_invisible(text))))


def mask(number: str | None, keep: int = 4) -> str:
    """Return the number with all but its last characters as dots: «••••••0008».

    What is not longer than ``keep`` is hidden altogether. Show it left-to-right.
    """
    code = clean_code(number)
    shown = code[-keep:] if 0 < keep < len(code) else ""
    return "•" * (len(code) - len(shown)) + shown
