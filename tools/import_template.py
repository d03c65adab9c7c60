"""The empty sheet that an association fills in for an import (no ORM; D16)."""

import io
from typing import NamedTuple

import xlsxwriter

from .spreadsheet import neutralised

LAST_ROW = 50_000
_FONT = {"font_name": "Arial", "font_size": 11}


class TemplateColumn(NamedTuple):
    """A column: title, example, whether it must be filled in, what may stand in it."""

    title: str
    example: str
    required: bool
    allowed: list[str]


def write_template(
    sheet_name: str,
    list_name: str,
    note: str,
    columns: list[TemplateColumn],
    right_to_left: bool,
) -> bytes:
    """Return a workbook: a note, the titles, one example; a sheet of allowed values.

    All cells are text, so that no zero is lost and no Hijri date is turned into
    another one.
    """
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        text = book.add_format({**_FONT, "num_format": "@"})
        head = {**_FONT, "bold": True, "border": 1, "text_wrap": True}
        must = book.add_format({**head, "bg_color": "#f6dfb8"})
        may = book.add_format({**head, "bg_color": "#e4eef0"})
        grey = book.add_format({**_FONT, "num_format": "@", "font_color": "#767676"})
        sheet = book.add_worksheet(sheet_name[:31])
        lists = book.add_worksheet(list_name[:31])
        sheet.write_string(0, 0, note, grey)
        place = 0
        for index, column in enumerate(columns):
            sheet.set_column(index, index, max(16, len(column.title) + 4), text)
            sheet.write_string(1, index, column.title, must if column.required else may)
            sheet.write_string(2, index, neutralised(column.example), grey)
            if not column.allowed:
                continue
            lists.set_column(place, place, 28)
            lists.write_string(0, place, column.title, may)
            for row, label in enumerate(column.allowed, start=1):
                lists.write_string(row, place, neutralised(label), text)
            letter = xlsxwriter.utility.xl_col_to_name(place)
            source = (
                f"='{list_name[:31]}'!${letter}$2:${letter}${len(column.allowed) + 1}"
            )
            sheet.data_validation(
                2,
                index,
                LAST_ROW,
                index,
                {"validate": "list", "source": source, "error_type": "information"},
            )
            place += 1
        sheet.freeze_panes(2, 0)
        if right_to_left:
            sheet.right_to_left()
            lists.right_to_left()
    return stream.getvalue()
