"""Which groups of a breakdown are told, so that nobody is found among a few.

A group of fewer than so many is hidden. One hidden group alone could be worked out by
taking the others from the total, and so could several that hold fewer than so many
together: the smallest of the others are hidden with them (R079, glossary 22).
"""

from collections.abc import Hashable, Mapping


def _size(figure: int | tuple) -> int:
    return figure[0] if isinstance(figure, tuple) else figure


def shown(groups: Mapping[Hashable, int | tuple], least: int) -> tuple[set, set]:
    """Return (the keys of the groups that are told, those that are hidden).

    :param groups: {key: how many}, or {key: (how many, …)}; an empty group tells of
        nobody and is always told
    :param least: the fewest that are told
    """
    sizes = {key: _size(figure) for key, figure in groups.items()}
    filled = sorted((key for key in sizes if sizes[key]), key=sizes.get)
    hidden = {key for key in filled if sizes[key] < least}
    for key in filled:
        is_safe = len(hidden) > 1 and sum(map(sizes.get, hidden)) >= least
        if not hidden or is_safe:
            break
        hidden.add(key)
    return set(sizes) - hidden, hidden


def is_told(counted: int, least: int) -> bool:
    """Tell whether a total may be told: of nobody, or of enough."""
    return not 0 < counted < least
