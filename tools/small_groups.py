"""Which groups of a breakdown are told, so that nobody is found among a few.

A group of fewer than so many is hidden. One hidden group alone could be worked out by
taking the others from the total, and so could several that hold fewer than so many
together: the smallest of the others are hidden with them (R079, glossary 22).

Where it is known who stands behind a figure, persons are counted and not records: who
answers five times is still one.
"""

from collections.abc import Hashable, Iterable, Mapping


class Figure(tuple):
    """Numbers of records, the first of them how many, and who stands behind them.

    ``persons`` need not be all of them: as many as the least that is told are enough to
    see that a group, or several of them together, is not of a few. None: not known, and
    each record is taken for a person of its own.
    """

    persons: frozenset | None

    def __new__(cls, numbers: Iterable, persons: Iterable | None = None):
        figure = super().__new__(cls, numbers)
        figure.persons = None if persons is None else frozenset(persons)
        return figure


def together(figures: Iterable[Figure], width: int) -> Figure:
    """Return one figure of several: the sums of their numbers, and all their persons.

    :param width: how many numbers a figure has, also where there is none
    """
    figures = list(figures)
    sums = [sum(column) for column in zip(*figures, strict=True)]
    persons = frozenset().union(*(figure.persons or () for figure in figures))
    return Figure(sums or [0] * width, persons)


def _size(figure: int | tuple) -> int:
    return figure[0] if isinstance(figure, tuple) else figure


def behind(*figures: int | tuple) -> int:
    """Return how many persons stand behind figures, whoever is in several once."""
    persons, unknown = set(), 0
    for figure in figures:
        known = getattr(figure, "persons", None)
        if known is None:
            unknown += _size(figure) or 0
        else:
            persons |= known
    return len(persons) + unknown


def shown(
    groups: Mapping[Hashable, int | tuple], least: int, also: Iterable = ()
) -> tuple[set, set]:
    """Return (the keys of the groups that are told, those that are hidden).

    :param groups: {key: how many}, {key: (how many, …)} or {key: `Figure`}; an empty
        group tells of nobody and is always told
    :param least: the fewest that are told
    :param also: keys that are hidden in any case: a part of the whole hides them
    """
    also = set(also)
    filled = [key for key in groups if _size(groups[key])]
    filled.sort(key=lambda key: (behind(groups[key]), _size(groups[key])))
    hidden = {key for key in filled if key in also or behind(groups[key]) < least}
    for key in filled:
        together_ = behind(*(groups[key] for key in hidden))
        if not hidden or (len(hidden) > 1 and together_ >= least):
            break
        hidden.add(key)
    return set(groups) - hidden, hidden


def is_told(figure: int | tuple, least: int) -> bool:
    """Tell whether a total may be told: of nobody, or of enough."""
    return not _size(figure) or behind(figure) >= least
