"""Finding what a clause of a policy promises, by its words: plain functions.

Nothing here imports the ORM. Texts and phrases are compared as `arabic.fold` sees
them, without punctuation, so that neither spelling nor vowels nor commas matter.
"""

import re
from typing import NamedTuple

from .arabic import fold

# The reader gives these to what it could not place: any topic can be meant.
UNPLACED = frozenset({"", "paragraph", "other"})

_SEPARATORS = re.compile(r"[^\w\s]|_")
_BLANKS = re.compile(r"\s+")


class Topic(NamedTuple):
    """A topic to be recognised.

    ``roles``: the clauses it is looked for in; empty means any. ``phrases``: normalised
    (`normalise`); none means that the role alone tells.
    """

    key: object
    roles: frozenset
    phrases: tuple


def normalise(text: str | None) -> str:
    """Return a text as it is compared: folded, its punctuation taken for blanks."""
    return _BLANKS.sub(" ", _SEPARATORS.sub(" ", fold(text))).strip()


def rank(text: str, role: str, topics: list[Topic]) -> list:
    """Return the keys of the topics of a clause, the best first.

    The longest phrase that the text holds wins; of two as long, the topic that asks
    for the role. A topic without phrases counts where no phrase is found.
    """
    words = normalise(text)
    is_unplaced = (role or "") in UNPLACED
    found, by_role = [], []
    for topic in topics:
        is_of_role = role in topic.roles
        if topic.roles and not is_of_role and not is_unplaced:
            continue
        if not topic.phrases:
            if is_of_role:
                by_role.append(topic.key)
            continue
        length = max((len(p) for p in topic.phrases if p in words), default=0)
        if length:
            found.append((-length, not is_of_role, topic.key))
    found.sort(key=lambda item: item[:2])  # stable: then the order of the topics
    return [key for *_order, key in found] or by_role
