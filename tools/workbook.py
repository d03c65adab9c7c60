"""Workbooks written row by row: memory stays the same, however long a sheet is.

Beside `tools/spreadsheet.py`, which holds a whole sheet: here rows are written and
forgotten, days are days, numbers are numbers, and charts are the programme's own.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import BinaryIO, NamedTuple

import xlsxwriter

from . import hijri
from .spreadsheet import _styles, neutralised

MAX_TEXT = 32_767  # characters that a cell takes
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
# What a formula may begin with; looked at closely by `neutralised`.
_BEGINNINGS = frozenset("=@+-\t\r")
# XML has no way to write these.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Column(NamedTuple):
    """A column of a sheet: its title and its width in characters.

    A column `is_hijri` tells the day of the column before it in that calendar.
    """

    title: str
    width: int = 18
    is_hijri: bool = False


class Book:
    """A workbook that is written to a stream; `close` writes what is left."""

    def __init__(self, stream: BinaryIO, right_to_left: bool = False):
        self.book = xlsxwriter.Workbook(stream, _OPTIONS)
        self.right_to_left = right_to_left
        self.styles = _styles(self.book)
        cell = {"font_name": "Arial", "font_size": 11, "valign": "top"}
        self.styles["text"] = self.book.add_format(cell)
        self.styles["date"] = self.book.add_format({**cell, "num_format": "yyyy-mm-dd"})
        self.styles["sum"] = self.book.add_format({**cell, "bold": True})
        self._names = set()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self.book.close()

    def page(self, name: str, heading: Iterable[str], columns: Iterable[Column]):
        """Begin a sheet; the one before it is finished by then."""
        return Page(self, self._free_name(name), heading, list(columns))

    def _free_name(self, name: str) -> str:
        """Return a name that a sheet may have and none has yet."""
        base = _NOT_IN_NAMES.sub(" ", name).strip()[:31] or "1"
        free, number = base, 1
        while free.lower() in self._names:
            number += 1
            free = f"{base[: 30 - len(str(number))]} {number}"
        self._names.add(free.lower())
        return free


class Page:
    """A sheet: lines above, titles that stay in view, then rows one after the other."""

    def __init__(self, book: Book, name: str, heading, columns):
        self.book, self.name, self.columns = book, name, columns
        self.sheet = book.book.add_worksheet(name)
        if book.right_to_left:
            self.sheet.right_to_left()
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
        self.row = 0
        for number, line in enumerate(heading):
            style = book.styles["line" if number else "title"]
            self.sheet.write_string(self.row, 0, text(line), style)
            self.row += 1
        self.row += 1
        for place, column in enumerate(columns):
            self.sheet.write_string(
                self.row, place, text(column.title), book.styles["head"]
            )
        self.sheet.freeze_panes(self.row + 1, 0)
        self.sheet.repeat_rows(self.row)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.first_row = self.row + 1

    def add(self, values: Iterable, style: str = "text"):
        """Write a row: numbers and days as such, everything else as text."""
        self.row += 1
        row, sheet = self.row, self.sheet
        cell, day = self.book.styles[style], self.book.styles["date"]
        for place, value in enumerate(values):
            kind = type(value)
            if kind is str:
                sheet.write_string(row, place, text(value), cell)
            elif kind is int or kind is float:
                sheet.write_number(row, place, value, cell)
            elif kind is date or kind is datetime:
                sheet.write_datetime(row, place, value, day)
            elif value is not None and value is not False:
                sheet.write_string(row, place, text(str(value)), cell)

    def line(self, words: str = ""):
        """Write a line of text below the rows."""
        self.row += 1
        self.sheet.write_string(self.row, 0, text(words), self.book.styles["line"])

    def chart(self, column: int, title: str, kind: str = "bar"):
        """Draw a column of the rows against the first one, beside the table."""
        if self.row < self.first_row:
            return
        chart = self.book.book.add_chart({"type": kind})
        first, last = self.first_row, self.row
        chart.add_series(
            {
                "name": title,
                "categories": [self.name, first, 0, last, 0],
                "values": [self.name, first, column, last, column],
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": title})
        chart.set_legend({"none": True})
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
        self.sheet.insert_chart(self.first_row, len(self.columns) + 1, chart)

    def sparkline(self, column: int, first: int, last: int):
        """Draw the numbers of the row just written as a small line in a cell of it."""
        self.sheet.add_sparkline(
            self.row,
            column,
            {
                "range": xlsxwriter.utility.xl_range_formula(
                    self.name, self.row, first, self.row, last
                ),
                "markers": True,
                "reverse": self.book.right_to_left,
            },
        )


def text(value: str) -> str:
    """Return a text as a cell may hold it, and no programme takes for a formula."""
    if value[:1] in _BEGINNINGS:
        value = neutralised(value)
    if not value.isprintable():
        value = _CONTROLS.sub(" ", value)
    return value if len(value) <= MAX_TEXT else value[:MAX_TEXT]


@lru_cache(maxsize=4096)
def hijri_text(day: date) -> str:
    """Return the Hijri date of a day as it is written in a column: 1448/03/10."""
    return hijri.format_hijri_numeric(day)
