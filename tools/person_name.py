"""The four parts of an Arabic name as plain functions (glossary 8.1, civil register).

First name, father, grandfather, family. What is proposed from a full name is a
proposal: the officer reads it off the card.
"""

import re

from .arabic import fold

PARTS = 4
_JOINERS = {"بن", "بنت", "ابنه"}
# «عبد الله», «أبو بكر», «آل سعود»: the word belongs to the one after it …
_PREFIXES = {"عبد", "ابو", "ابا", "ابي", "ام", "ال", "امة"}
# … and «نور الدين», «سيف الاسلام» to the one before it.
_SUFFIXES = {"الدين", "الله", "الاسلام", "الحق"}


def _words(text: str | None) -> list[str]:
    """Return the folded words of a name that tell who it is."""
    return [word for word in fold(text).split() if word not in _JOINERS]


def _units(full: str) -> list[tuple[str, bool]]:
    """Return the names in a full name; each says whether «بن» stands before it."""
    units: list[tuple[str, bool]] = []
    prefix, joined = "", False
    for word in full.split():
        key = fold(word)
        if key in _JOINERS and not prefix:
            joined = bool(units)
            continue
        if not prefix and units and key in _SUFFIXES:
            before, was_joined = units.pop()
            units.append((f"{before} {word}", was_joined))
            continue
        whole = f"{prefix} {word}".strip()
        if key in _PREFIXES:
            prefix = whole
            continue
        units.append((whole, joined))
        prefix, joined = "", False
    if prefix:
        units.append((prefix, joined))
    return units


def split_name(full: str | None) -> tuple[str, str, str, str]:
    """Propose first, father, grandfather and family of a full name; "" where unknown.

    A last name with «بن» before it is an ancestor's and no family's. Of more than
    four names, those between the father and the family are the grandfather's.

    >>> split_name("نورة بنت عبد الله آل سعود")
    ('نورة', 'عبد الله', '', 'آل سعود')
    """
    units = _units(re.sub(r"\s+", " ", full or "").strip())
    if not units:
        return "", "", "", ""
    first, rest = units[0][0], units[1:]
    family = ""
    if rest and (not rest[-1][1] or len(rest) >= PARTS):
        family = rest.pop()[0]
    names = [name for name, _joined in rest]
    return first, " ".join(names[:1]), " ".join(names[1:]), family


def join_name(parts) -> str:
    """Return the full name of the parts, as the identity card writes it."""
    return " ".join(" ".join(part.split()) for part in parts if part and part.strip())


def same_name(full: str | None, parts) -> bool:
    """Tell whether a full name says what the parts say, «بن» or not."""
    return _words(full) == _words(join_name(parts))
