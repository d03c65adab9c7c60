"""Reading sheets as associations keep them: XLSX and CSV, without the ORM (D16).

Bytes become rows of plain values. The header row is looked for below titles and
logos, a header of two rows becomes one, cells that were merged downwards give their
value to each row, empty rows and columns are left out. Nothing is guessed about what
a value means: that is `tools/cell_reader.py`.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from .arabic import fold, strip_invisible

MAX_COLUMNS = 200
# The header stands within so many rows, whatever titles are above it.
HEADER_ROWS = 30
# ⚖ What a workbook may unpack to: a small file that grows without end is refused.
MAX_UNPACKED = 300 * 1024 * 1024
# ⚖ And the texts of its cells, which the reader keeps in memory all at once.
MAX_TEXTS = 80 * 1024 * 1024
# What a cell of Excel holds at most; a longer text of a CSV is cut, and refused as
# too long by every register.
MAX_CELL = 32_767
DELIMITERS = ",;\t|"

_TEXTS = "xl/sharedStrings.xml"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_TITLE_NOISE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[*:.،,؛;\"'«»/\\_\-–—؟?#]")
# UTF-8 that was read as Windows-1252 and saved again: «Ø§Ù„Ø§Ø³Ù…».
_MOJIBAKE = re.compile(r"[ØÙ][\u0080-\u00ff\u0152-\u2122]")


class SheetError(ValueError):
    """A file that cannot be read as a sheet; the caller translates ``code``.

    "old" (.xls or locked by a password), "kind" (no sheet at all), "broken",
    "too_big", "encoding", "mojibake", "empty", "columns" (too many).
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Header(NamedTuple):
    """Where the table begins and what its columns are called.

    ``titles``: {column index from 0: title}; ``first_row``: number (from 1) of the
    first row of data, as the sheet numbers it.
    """

    titles: dict[int, str]
    first_row: int


class Sheet(NamedTuple):
    """A table: its header, and its rows as (row number, {column: value}).

    ``epoch_1904``: serial numbers of days count from 1904 (old Macintosh files).
    """

    header: Header
    rows: Iterator[tuple[int, dict]]
    epoch_1904: bool


def title_key(title: str) -> str:
    """Return a column's title without spelling, remarks in brackets and signs."""
    return fold(_TITLE_NOISE.sub(" ", title)) or fold(title)


def column_letter(index: int) -> str:
    """Return the name of a column as the sheet shows it: 0 is A."""
    return get_column_letter(index + 1)


def read_sheet(content: bytes, known: frozenset[str] = frozenset()) -> Sheet:
    """Read the first sheet of a workbook that holds anything, or a CSV.

    :param known: titles, as `title_key` gives them, that tell a header row from a
        title row
    :raise SheetError:
    """
    if content.startswith(_OLE):
        raise SheetError("old")
    if content.startswith(_ZIP):
        return _read_xlsx(content, known)
    rows = _read_csv(content)
    return _table(enumerate(rows, start=1), known, [], False)


# ------------------------------------------------------------
# CSV
# ------------------------------------------------------------


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1256.

    :raise SheetError: "kind", "encoding" or "mojibake"
    """
    text = _decoded(content)
    if "\x00" in text or sum(char < " " and char not in "\t\r\n" for char in text) > 2:
        raise SheetError("kind")
    if len(_MOJIBAKE.findall(text[:20000])) > 3:
        raise SheetError("mojibake")
    return text


def _decoded(content):
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_strictly(content, encoding)
    start = content[:2000]
    if start[1::2].count(0) > len(start) // 5:
        return _decode_strictly(content, "utf-16-le")
    if start[::2].count(0) > len(start) // 5:
        return _decode_strictly(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_strictly(content, "cp1256")
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    arabic = sum("\u0600" <= char <= "\u06ff" for char in letters)
    if arabic < 0.6 * len(letters):
        raise SheetError("encoding")
    return text


def _decode_strictly(content, encoding):
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SheetError("encoding") from None


def sniff_delimiter(text: str) -> str:
    """Return the sign between the columns: the one that cuts most rows alike."""
    lines = [line for line in text[:50000].splitlines() if line.strip()][:40]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
        score = count * (width > 1) + width / 1000 * (width > 1)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _read_csv(content):
    text = decode(content)
    if not text.strip():
        raise SheetError("empty")
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sniff_delimiter(text))
    try:
        for row in reader:
            yield [_csv_value(value) for value in row]
    except csv.Error:
        raise SheetError("broken") from None


def _csv_value(text):
    # ="0501234567" is how programmes keep the zero of a number
    if match := _QUOTED_FORMULA.fullmatch(text):
        text = match[1]
    return _clean(text)


def _clean(text):
    return strip_marks(text[:MAX_CELL]).strip() or None


def strip_marks(text: str) -> str:
    """Return a text without direction marks, vowels left as they are."""
    if text.isascii():
        return text
    return "".join(char for char in text if char in _VOWELS or strip_invisible(char))


_VOWELS = {chr(code) for code in range(0x064B, 0x0653)} | {"\u0670", "\u0640"}


# ------------------------------------------------------------
# XLSX
# ------------------------------------------------------------


def _read_xlsx(content, known):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
            book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            for worksheet in book.worksheets:
                if getattr(worksheet, "sheet_state", "visible") != "visible":
                    continue
                worksheet.reset_dimensions()
                merged = _merged(archive, worksheet)
                epoch_1904 = book.epoch.year == 1904
                try:
                    return _table(_xlsx_rows(worksheet), known, merged, epoch_1904)
                except SheetError as error:
                    if error.code != "empty":
                        raise
    except SheetError:
        raise
    except Exception as error:  # whatever a broken workbook makes the reader raise
        raise SheetError("broken") from error
    raise SheetError("empty")


def _check_archive(archive):
    """Refuse what unpacks without end, and what is no workbook."""
    names = archive.namelist()
    if "[Content_Types].xml" not in names or not any(
        name.startswith("xl/") for name in names
    ):
        raise SheetError("kind")
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    if sum(sizes.values()) > MAX_UNPACKED or sizes.get(_TEXTS, 0) > MAX_TEXTS:
        raise SheetError("too_big")
    for name in names:
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as part:
                if b"<!DOCTYPE" in part.read(2000):
                    raise SheetError("broken")


def _merged(archive, worksheet):
    """Return the merged ranges, which are written after the rows of the sheet."""
    found, tail = [], b""
    with archive.open(worksheet._worksheet_path) as part:
        while chunk := part.read(1 << 20):
            window = tail + chunk
            if b"mergeCell" in window:
                found += _MERGE.findall(window)
            tail = window[-200:]
    return [range_boundaries(ref.decode()) for ref in dict.fromkeys(found)]


def _xlsx_rows(worksheet):
    rows = enumerate(worksheet.iter_rows(values_only=True), start=1)
    try:
        for number, row in rows:
            yield (
                number,
                [_clean(value) if isinstance(value, str) else value for value in row],
            )
    except Exception as error:  # a row far below, which is read much later
        raise SheetError("broken") from error


# ------------------------------------------------------------
# THE TABLE IN THE SHEET
# ------------------------------------------------------------


def _table(numbered, known, merged, epoch_1904):
    """Find the header among the first rows, and return the table below it."""
    numbered = iter(numbered)
    start = []
    for number, row in numbered:
        start.append((number, row))
        if len(start) > HEADER_ROWS:
            break
    if not any(value is not None for _number, row in start for value in row):
        raise SheetError("empty")
    header, used = _find_header(start, known, merged)
    if len(header.titles) > MAX_COLUMNS:
        raise SheetError("columns")

    def rest():
        yield from start[used:]
        yield from numbered

    rows = _rows(rest(), header, _downwards(merged, header))
    return Sheet(header, rows, epoch_1904)


def _find_header(start, known, merged):
    """Return the header and how many of the first rows it and the titles take."""
    best = _best_row(start, known)
    number, row = start[best]
    titles = {
        index: str(value).strip()
        for index, value in enumerate(row)
        if value is not None
    }
    parents = _spread(titles, merged, number)
    if best and (above := _above(start[best - 1], merged, titles)):
        # the row below a group title holds the known titles
        for index, group in above.items():
            if title_key(titles.get(index, "")) not in known:
                titles[index] = f"{group} {titles.get(index, '')}".strip()
    elif len(parents) > len(titles) and best + 1 < len(start):
        best += 1
        number, below = start[best]
        for index, value in enumerate(below):
            if isinstance(value, str):
                group = "" if title_key(value) in known else parents.get(index, "")
                titles[index] = f"{group} {value}".strip()
    return Header(dict(sorted(titles.items())), number + 1), best + 1


def _best_row(start, known):
    """Return which row has the most known titles, else the first of the widest."""
    best, best_score = None, (0, 0)
    for index, (_number, row) in enumerate(start):
        texts = [value for value in row if isinstance(value, str)]
        matches = sum(title_key(text) in known for text in texts)
        score = (matches if matches > 1 or len(texts) < 3 else 0, len(set(texts)))
        if score > best_score:
            best, best_score = index, score
    if best is None:
        raise SheetError("empty")
    return best


def _above(numbered, merged, titles):
    """Return the group titles of the row above a header: {column: title}."""
    number, row = numbered
    own = {index: value for index, value in enumerate(row) if isinstance(value, str)}
    spread = _spread(own, merged, number)
    # a title across the whole sheet is no group
    if len(own) < 2 and len(spread) >= len(titles):
        return {}
    return spread if len(spread) > len(own) or _reach_down(own, merged, number) else {}


def _reach_down(own, merged, number):
    return any(
        top == number and bottom > number and left - 1 in own
        for left, top, _right, bottom in merged
    )


def _spread(titles, merged, number):
    """Return titles with those merged across columns given to each of them."""
    spread = dict(titles)
    for left, top, right, _bottom in merged:
        if top == number and left - 1 in titles:
            for index in range(left - 1, right):
                spread.setdefault(index, titles[left - 1])
    return spread


def _downwards(merged, header):
    """Return {column: {row: first row}} of the cells merged over several rows."""
    found = {}
    for left, top, _right, bottom in merged:
        if bottom > top >= header.first_row and left - 1 in header.titles:
            column = found.setdefault(left - 1, {})
            column.update(dict.fromkeys(range(top + 1, bottom + 1), top))
    return found


def _rows(numbered, header, downwards):
    """Return the rows that hold anything, each value under its column."""
    columns = list(header.titles)
    titles = list(header.titles.values())
    kept = {column: None for column in downwards}
    for number, row in numbered:
        values = {
            column: row[column]
            for column in columns
            if column < len(row) and row[column] is not None
        }
        if not values:
            continue
        if list(values.values()) == titles:
            continue  # the header again, as at the top of each printed page
        for column, rows in downwards.items():
            if column in values:
                kept[column] = (number, values[column])
            elif number in rows and kept[column] and kept[column][0] == rows[number]:
                values[column] = kept[column][1]
        yield number, values
