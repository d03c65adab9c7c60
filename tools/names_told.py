"""Whether words that are kept for good tell of whom they are (no ORM here)."""

import re

from .arabic import fold, to_latin_digits

# Words of a name that are in everybody's, and too short ones.
_COMMON = {"بن", "بنت", "ابو", "ام", "ال", "bin", "bint"}
_SHORTEST = 3
# Letters that are written onto the word behind them: «لنورة», «ونورة».
_JOINED = "وفبكل"
_NUMBER = re.compile(r"[0-9]{9}")


def tells_of(text: str | None, names) -> bool:
    """Tell whether a text holds a word of one of the names, or nine digits in a row."""
    if _NUMBER.search(to_latin_digits(text)):
        return True
    own = {word for name in names for word in fold(name).split()} - _COMMON
    own = {word for word in own if len(word) >= _SHORTEST}
    said = set(re.findall(r"\w+", fold(text)))
    said |= {word[1:] for word in said if word[0] in _JOINED}
    return not own.isdisjoint(said)
