"""Writing sheets with xlsxwriter, without the ORM: right to left where the text is."""

import io
import re
from typing import NamedTuple

import xlsxwriter

# What a spreadsheet programme would run, once the sheet is saved as CSV; a number
# with its sign, as a telephone's, is none.
_FORMULA = re.compile(r"[=@\t\r]|[+\-](?![0-9 .]*$)")
_FONT = {"font_name": "Arial", "font_size": 11, "valign": "top"}


class Sheet(NamedTuple):
    """A sheet: lines above, then a table.

    ``heading``: the lines above, the first of them the title. ``columns``: (title,
    width in characters). ``rows``: lists of texts and numbers, or a text alone, which
    becomes a line across the table.
    """

    name: str
    heading: list
    columns: list
    rows: list


def neutralised(text):
    """Return a text that no spreadsheet programme takes for a formula, in any format.

    >>> neutralised("=1+1"), neutralised("+966501234567")
    ("'=1+1", '+966501234567')
    """
    if isinstance(text, str) and _FORMULA.match(text):
        return f"'{text}"
    return text


def write_workbook(sheets: list[Sheet], right_to_left: bool = False) -> bytes:
    """Return a workbook; no text of it is taken for a formula or a link."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        styles = _styles(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name[:31]), sheet, styles)
        if right_to_left:
            for worksheet in book.worksheets():
                worksheet.right_to_left()
    return stream.getvalue()


def _styles(book):
    return {
        "title": book.add_format({**_FONT, "bold": True, "font_size": 14}),
        "line": book.add_format(_FONT),
        "head": book.add_format(
            {**_FONT, "bold": True, "bg_color": "#e4eef0", "border": 1}
        ),
        "part": book.add_format({**_FONT, "bold": True, "bg_color": "#f2f2f2"}),
        "cell": book.add_format({**_FONT, "text_wrap": True, "border": 1}),
    }


def _write_sheet(worksheet, sheet, styles):
    row = 0
    for number, line in enumerate(sheet.heading):
        worksheet.write_string(row, 0, line, styles["line" if number else "title"])
        row += 1
    row += 1
    for column, (title, width) in enumerate(sheet.columns):
        worksheet.set_column(column, column, width)
        worksheet.write_string(row, column, title, styles["head"])
    worksheet.freeze_panes(row + 1, 0)
    worksheet.repeat_rows(row)
    for values in sheet.rows:
        row += 1
        if isinstance(values, str):
            worksheet.write_string(row, 0, values, styles["part"])
            for column in range(1, len(sheet.columns)):
                worksheet.write_blank(row, column, None, styles["part"])
            continue
        for column, value in enumerate(values):
            if isinstance(value, int | float) and not isinstance(value, bool):
                worksheet.write_number(row, column, value, styles["cell"])
            else:
                worksheet.write_string(row, column, value or "", styles["cell"])
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
