"""Checks of numbers and dates with the sentences that the user reads.

Glossary 27 for numbers; dates in either calendar (D08).
"""

import re
from datetime import date

from odoo.exceptions import UserError, ValidationError

from odoo.addons.phone_validation.tools.phone_validation import phone_format

from ...tools import hijri, identity
from ...tools.arabic import clean_code, to_latin_digits

_OTHER_FORMATS = {
    "gcc_id": re.compile(r"[0-9]{6,15}"),
    "passport": re.compile(r"[A-Z0-9]{5,20}"),
    "family_register": re.compile(r"[A-Z0-9/]{3,20}"),
    "birth_certificate": re.compile(r"[A-Z0-9/]{3,20}"),
    "border_no": re.compile(r"[0-9]{10}"),
    "displaced_card": re.compile(r"[0-9]{5,15}"),
    "other": re.compile(r"[A-Z0-9/]{3,30}"),
}
_DIRECTION_MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")
_HIJRI_YEAR = re.compile(r"(?<![0-9])1[345][0-9]{2}(?![0-9])")
_FOREIGN_PHONE = re.compile(r"(?:\+|00)(?!966)")


def clean_name(name):
    """Return a name with single blanks and without invisible direction marks."""
    return " ".join(_DIRECTION_MARKS.sub("", name).split())


def check_identity(env, identity_type, number):
    """Return the identity number in its normal form; raise a clear error.

    The messages never repeat the number: they end up in logs and screenshots.
    """
    try:
        if identity_type == "national_id":
            return identity.check_national_id(number)
        if identity_type == "iqama":
            return identity.check_iqama(number)
    except identity.IdentityError as error:
        raise ValidationError(_identity_message(env, identity_type, error)) from None
    if identity_type == "none":
        raise ValidationError(env._("Who has no identity document has no number."))
    pattern = _OTHER_FORMATS[identity_type or "other"]
    cleaned = clean_code(number).upper()
    if not pattern.fullmatch(cleaned):
        raise ValidationError(
            env._("This identity number has a wrong length or a sign not allowed.")
        )
    return cleaned


def _identity_message(env, identity_type, error):
    """Return the sentence for a national ID or iqama that cannot be right."""
    if error.code == "checksum":
        return env._(
            "This identity number is not correct: its last digit does not fit the"
            " others. Compare it with the card."
        )
    if identity_type == "national_id":
        return env._("A national ID has ten digits and starts with 1.")
    return env._("A residence permit (iqama) has ten digits and starts with 2.")


def check_phone(env, number):
    """Return a phone number as +966501234567 (E.164); raise a clear error.

    Numbers of other countries are known by + or 00 and their country code.
    """
    cleaned = clean_code(number)
    if _FOREIGN_PHONE.match(cleaned):
        try:
            international = re.sub(r"^00", "+", cleaned)
            return phone_format(international, None, None, force_format="E164")
        except UserError:
            raise ValidationError(
                env._("This phone number does not exist in its country.")
            ) from None
    for check in (identity.check_saudi_mobile, identity.check_saudi_landline):
        try:
            return check(cleaned)
        except identity.IdentityError:
            continue
    raise ValidationError(
        env._(
            "This phone number is not correct. A Saudi mobile is written 05 and eight"
            " digits more; a number of another country starts with + and its code."
        )
    )


def check_iban(env, number):
    """Return a Saudi IBAN without blanks; raise a clear error."""
    try:
        return identity.check_iban(number)
    except identity.IdentityError as error:
        if error.code == "checksum":
            message = env._(
                "This IBAN is not correct: its check digits do not fit. Compare it"
                " with the certificate of the bank."
            )
        else:
            message = env._("A Saudi IBAN has SA and 22 digits or letters after it.")
        raise ValidationError(message) from None


def check_short_address(env, address):
    """Return the short national address in capitals; raise a clear error."""
    try:
        return identity.check_short_address(address)
    except identity.IdentityError:
        raise ValidationError(
            env._("A short national address has four letters and four digits.")
        ) from None


def check_birth_date(env, born, today):
    """Raise a clear error for a day on which nobody alive was born (glossary 27)."""
    if born and born > today:
        raise ValidationError(env._("The date of birth cannot lie in the future."))
    if born and born.year < 1900:
        raise ValidationError(env._("The date of birth lies too far in the past."))


def read_date(env, text):
    """Read a date as people type it, in either calendar (D08); "" gives False."""
    if not text or not isinstance(text, str):
        return text or False
    cleaned = to_latin_digits(text).strip()
    try:
        if _HIJRI_YEAR.search(cleaned):
            return hijri.to_gregorian(*hijri.parse_hijri(cleaned))
        return _read_gregorian(cleaned)
    except ValueError as error:
        raise ValidationError(_date_message(env, error)) from None


def _read_gregorian(text):
    """Read 2026-03-01, 2026/3/1 or 1/3/2026."""
    first, month, last = (int(part) for part in re.split(r"[/.\s-]+", text))
    year, day = (first, last) if first > 99 else (last, first)
    return date(year, month, day)


def _date_message(env, error):
    """Return the sentence for a date that cannot be right."""
    code = getattr(error, "code", "")
    if code == "day":
        return env._(
            "This Hijri month has %(length)s days. Check the day.",
            length=error.values["length"],
        )
    if code == "range":
        return env._(
            "Hijri years from %(first_year)s to %(last_year)s can be entered. Write the"
            " date in the Gregorian calendar instead.",
            first_year=error.values["first_year"],
            last_year=error.values["last_year"],
        )
    return env._("This date could not be read. Example: 1447/09/12 or 2026-03-01.")
