"""What strangers type into a form, made fit to be kept: plain functions."""

import re

# Signs that cannot be stored or seen, and those that turn the text around them.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


def clean_text(value: object) -> str:
    """Return a text of several lines without what nobody typed; "" for no text.

    >>> clean_text(" a\\x00b\\r\\nc ")
    'ab\\nc'
    """
    if not isinstance(value, str):
        return ""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("", _CONTROLS.sub("", text)).strip()


def clean_line(value: object) -> str:
    """Return a text of one line, its blanks single."""
    return _BLANKS.sub(" ", clean_text(value))


def first_line(text: str, length: int = 80) -> str:
    """Return the beginning of a text as its title, cut between two words.

    >>> first_line("Nobody opened the door to me", 18)
    'Nobody opened the…'
    """
    line = next(filter(None, (part.strip() for part in text.split("\n"))), "")
    line = clean_line(line)
    if len(line) <= length:
        return line
    head = line[: length + 1].rpartition(" ")[0] or line[:length]
    return f"{head}…"
