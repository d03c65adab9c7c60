"""Differences of two texts, word by word, and of two lists of texts."""

import re
from difflib import SequenceMatcher

from .arabic import fold

_TOKENS = re.compile(r"\s+|[^\s\w]|\w+")
_ALIKE = 0.5  # share of common words from which two texts are the same, changed


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Return [(kind, text)] with kind "same", "old" or "new", blanks kept."""
    before, after = _TOKENS.findall(old or ""), _TOKENS.findall(new or "")
    parts = []
    for tag, a, b, c, d in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(before[a:b])))
            continue
        if a != b:
            parts.append(("old", "".join(before[a:b])))
        if c != d:
            parts.append(("new", "".join(after[c:d])))
    return parts


def likeness(old: str, new: str) -> float:
    """Return how much two texts have in common, 0 to 1, whatever their spelling."""
    return SequenceMatcher(
        None, fold(old).split(), fold(new).split(), autojunk=False
    ).ratio()


def match(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pair the texts of two lists: the equal ones in order, then those that are alike.

    :return: pairs of places; each place is in one pair at most
    """
    keys, other_keys = [fold(text) for text in old], [fold(text) for text in new]
    pairs = []
    for a, b, size in SequenceMatcher(
        None, keys, other_keys, autojunk=False
    ).get_matching_blocks():
        pairs += [(a + step, b + step) for step in range(size)]
    left = [place for place in range(len(old)) if place not in {a for a, _b in pairs}]
    right = [place for place in range(len(new)) if place not in {b for _a, b in pairs}]
    scores = sorted(
        (
            (score, -abs(a - b), a, b)
            for a in left
            for b in right
            if (score := likeness(old[a], new[b])) >= _ALIKE
        ),
        reverse=True,
    )
    taken, taken_new = set(), set()
    for _score, _distance, a, b in scores:
        if a not in taken and b not in taken_new:
            taken.add(a)
            taken_new.add(b)
            pairs.append((a, b))
    return sorted(pairs)


def aligned(
    size_old: int, size_new: int, pairs: list[tuple[int, int]]
) -> list[tuple[int | None, int | None]]:
    """Return the places of both lists side by side, in the order of the new one.

    What is gone stands after what it followed in the old list.
    """
    old_of = {b: a for a, b in pairs}
    paired = set(old_of.values())
    gone_after = {}
    last = None
    for place in range(size_old):
        if place in paired:
            last = place
        else:
            gone_after.setdefault(last, []).append(place)
    rows = [(place, None) for place in gone_after.get(None, ())]
    for place in range(size_new):
        former = old_of.get(place)
        rows.append((former, place))
        if former is not None:
            rows += [(gone, None) for gone in gone_after.get(former, ())]
    return rows
