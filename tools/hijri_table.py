"""Write the table of Hijri months that the date widget ships (D08).

Run at the root of the repository, after a new release of ``hijridate``::

    python3 -m tools.hijri_table > static/src/hijri/hijri_table.js

A test compares the file with this output, so that browser and server agree.
"""

import sys
from datetime import date

from .hijri import FIRST_YEAR, LAST_YEAR, month_table

_EPOCH = date(1970, 1, 1).toordinal()

_HEAD = """\
/**
 * The Umm al-Qura calendar, generated from the Python library hijridate:
 *
 *     python3 -m tools.hijri_table > static/src/hijri/hijri_table.js
 *
 * A row is a year, a digit is a month: its days less 28 (1 is 29, 2 is 30 days).
 */
"""


def render() -> str:
    """Return the text of the JavaScript module."""
    starts = month_table()
    digits = "".join(
        str(following - start - 28)
        for start, following in zip(starts, starts[1:], strict=False)
    )
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    rows = [
        f'    "{digits[index * 12 : index * 12 + 12]}", // {year}'
        for index, year in enumerate(years)
    ]
    return "\n".join(
        [
            _HEAD.rstrip(),
            f"export const FIRST_YEAR = {FIRST_YEAR};",
            f"export const LAST_YEAR = {LAST_YEAR};",
            "",
            "/** 1 Muharram of the first year, in days since 1970-01-01. */",
            f"export const FIRST_DAY = {starts[0] - _EPOCH};",
            "",
            "export const MONTHS_BY_YEAR = [",
            *rows,
            "];",
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(render())
