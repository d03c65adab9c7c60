"""Matching Arabic words whatever their spelling, and finding them back in the text."""

import re
import unicodedata
from functools import lru_cache

from ..arabic import fold

_SEATS = {ord(char): fold(char) for char in "أإآٱىیؤئةۀکگ"}
_NOT_WORD = re.compile(r"[\W_]+")


def arabic(pattern: str) -> re.Pattern:
    """Compile a pattern written in plain Arabic, to match folded text."""
    return re.compile(pattern.translate(_SEATS))


def squeeze(text: str) -> str:
    """Return the folded letters and digits only, so that «مختل ف» is «مختلف»."""
    return _NOT_WORD.sub("", fold(text))


def squeezed(pattern: str) -> re.Pattern:
    """Compile a pattern written in plain Arabic with blanks, for squeezed text."""
    return arabic(pattern.replace(" ", ""))


@lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    if char.isspace():
        return " "
    return fold(char)


class Keyed:
    """A text beside its key, so that what is found in the key is quoted verbatim."""

    def __init__(self, text: str):
        self.text = unicodedata.normalize("NFC", text)
        key, places = [], []
        for place, char in enumerate(self.text):
            for folded in _folded_char(char):
                key.append(folded)
                places.append(place)
        self.key = "".join(key)
        self._places = places

    def quote(self, start: int, end: int) -> str:
        """Return the words of the text behind a slice of the key."""
        if start >= end:
            return ""
        last = self._places[end - 1] + 1
        while last < len(self.text) and not _folded_char(self.text[last]):
            last += 1  # the vowels of the last letter
        return self.text[self._places[start] : last].strip()

    def find(self, pattern: re.Pattern, group: int = 1) -> str | None:
        """Return the words behind a group of the first match, verbatim."""
        match = pattern.search(self.key)
        if not match or match.start(group) < 0:
            return None
        return self.quote(*match.span(group)) or None
