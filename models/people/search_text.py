"""What somebody typed to find a person, made ready for a search (no ORM here)."""

import re
from typing import NamedTuple

from ...tools.arabic import clean_code, fold
from ...tools.identity import IdentityError, check_saudi_mobile

MAX_WORDS = 8
# Words that some write between the names of a person and some leave out.
_JOINING_WORDS = {"بن", "بنت"}
_PHONE_NOISE = re.compile(r"[().+]")
_TRUNK_PREFIX = re.compile(r"^00?(?=[0-9])")
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z]{5,30}")


class SearchText(NamedTuple):
    """The words that must all be found, and the code to find exactly ("" for none)."""

    words: list[str]
    code: str


def phone_digits(text: str | None) -> str:
    """Return the digits of a phone number as they lie in a search key.

    A Saudi mobile in any spelling gives 9665XXXXXXXX; of anything else the prefix 00
    or 0 goes, so that a number typed in part is found inside the full one.
    """
    try:
        return check_saudi_mobile(text)[1:]
    except IdentityError:
        digits = re.sub(r"[^0-9]", "", clean_code(text))
        return _TRUNK_PREFIX.sub("", digits)


def read_search_text(text: str | None) -> SearchText:
    """Read what was typed: a name, a part of one, a phone, a file or an ID number."""
    code = clean_code(text).upper()
    phone = _PHONE_NOISE.sub("", code)
    if phone.isdigit():
        words = [phone_digits(text)]
    else:
        words = fold(text).split()
        words = [word for word in words if word not in _JOINING_WORDS] or words
        words = [phone_digits(word) if word.isdigit() else word for word in words]
    return SearchText(words[:MAX_WORDS], code if _CODE.fullmatch(code) else "")
