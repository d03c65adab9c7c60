"""How sure the share of a survey is, as a plain function (P127)."""

from math import sqrt

# Of a hundred such surveys, ninety-five lie within the margin.
Z95 = 1.96


def margin(share: float, count: int, population: int | None = None) -> float:
    """Return the margin of a share in percentage points, at 95 %.

    ±1.96·√(p(1−p)/n), with the finite-population correction √((N−n)/(N−1)) where it
    is known how many could have answered.

    >>> round(margin(0.8, 100), 1)
    7.8
    >>> round(margin(0.8, 100, 200), 1)
    5.6
    >>> margin(0.8, 100, 100)
    0.0

    :raise ValueError: for no answers, or a share outside of 0 to 1
    """
    if count < 1 or not 0 <= share <= 1:
        raise ValueError((share, count))
    width = 100 * Z95 * sqrt(share * (1 - share) / count)
    if population is None or population <= 1:
        return width
    left = max(0, population - count)
    return width * sqrt(left / (population - 1))
