import io
import zipfile
from datetime import date, datetime

from openpyxl import Workbook

from odoo.tests import BaseCase, tagged

from ...tools.cell_reader import (
    CellError,
    is_nothing,
    read_bool,
    read_choice,
    read_date,
    read_number,
    read_text,
    split_choices,
)
from ...tools.import_columns import BENEFICIARY, match_titles, titles_of
from ...tools.spreadsheet_reader import SheetError, read_sheet

KNOWN = frozenset(titles_of(BENEFICIARY))
HEADER = ["الاسم", "رقم الهوية", "الجوال", "تاريخ الميلاد"]
ROW = ["نورة مثال", "1000000008", "0501234567", "10/6/1445"]


def workbook(rows, merged=(), before=None):
    book = Workbook()
    sheet = book.active
    if before:
        before(book)
    for row in rows:
        sheet.append(row)
    for ref in merged:
        sheet.merge_cells(ref)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def lines(rows, delimiter=","):
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows)


@tagged("post_install", "-at_install")
class TestSpreadsheetReader(BaseCase):
    """D16: sheets as the associations keep them."""

    def _read(self, content):
        sheet = read_sheet(content, KNOWN)
        return sheet.header, list(sheet.rows)

    def _refused(self, content, code):
        with self.assertRaises(SheetError) as error:
            self._read(content)
        self.assertEqual(error.exception.code, code)

    def test_encodings(self):
        """D16: UTF-8 with and without mark, UTF-16 of any kind, Windows-1256."""
        text = lines([HEADER, ROW])
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"):
            with self.subTest(encoding):
                header, rows = self._read(text.encode(encoding))
                self.assertEqual(list(header.titles.values()), HEADER)
                self.assertEqual(rows, [(2, dict(enumerate(ROW)))])

    def test_wrong_encodings(self):
        """D16: what is no sheet, or was spoilt on the way, is refused in words."""
        text = lines([HEADER, ROW])
        spoilt = text.encode().decode("cp1252", errors="ignore")
        self._refused(spoilt.encode(), "mojibake")
        self._refused("Prénom;Métier\r\nZoé;élève".encode("latin-1"), "encoding")
        self._refused(b"\xff\xfe\x00", "encoding")
        self._refused(bytes(range(1, 256)) * 20, "kind")
        self._refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old")
        self._refused(b"PK\x03\x04garbage", "broken")
        self._refused(workbook([ROW])[:900], "broken")
        self._refused(b"", "empty")
        self._refused(workbook([]), "empty")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("hello.txt", "x")
        self._refused(stream.getvalue(), "kind")

    def test_entities_are_refused(self):
        """A workbook that declares entities of its own is not opened."""
        source = zipfile.ZipFile(io.BytesIO(workbook([HEADER, ROW])))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in source.namelist():
                part = source.read(name)
                if name.endswith("sheet1.xml"):
                    part = b'<!DOCTYPE x [<!ENTITY a "b">]>' + part
                archive.writestr(name, part)
        self._refused(stream.getvalue(), "broken")

    def test_bomb(self):
        """A small file that unpacks without end is refused before it is unpacked."""
        source = zipfile.ZipFile(io.BytesIO(workbook([HEADER, ROW])))
        for name, size in (("xl/media/a.xml", 301), ("xl/sharedStrings.xml", 81)):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in source.namelist():
                    if part != name:
                        archive.writestr(part, source.read(part))
                with archive.open(name, "w") as part:
                    for _megabyte in range(size):
                        part.write(bytes(1 << 20))
            with self.subTest(name):
                self.assertLess(len(stream.getvalue()), 1 << 20)
                self._refused(stream.getvalue(), "too_big")

    def test_delimiters(self):
        for delimiter in ",;\t|":
            with self.subTest(delimiter):
                header, rows = self._read(lines([HEADER, ROW], delimiter).encode())
                self.assertEqual(len(header.titles), 4)
                self.assertEqual(rows[0][1][1], "1000000008")
        _header, rows = self._read(b'sep=;\r\nname;phone\r\n"A; B";="0501234567"')
        self.assertEqual(rows, [(2, {0: "A; B", 1: "0501234567"})])

    def test_titles_above(self):
        """D16: logos, titles and empty rows stand above the header."""
        rows = [
            ["جمعية مثال", None, None, None],
            ["كشف المستفيدين لعام 1446هـ"],
            [],
            HEADER,
            ROW,
            [],
            HEADER,
            ROW,
        ]
        header, found = self._read(workbook(rows, ["A1:D1", "A2:D2"]))
        self.assertEqual(header.titles, dict(enumerate(HEADER)))
        self.assertEqual(header.first_row, 5)
        self.assertEqual([number for number, _values in found], [5, 8])

    def test_forty_columns_with_merged_cells(self):
        """Issue 4: 40 columns, group titles over two rows, cells merged downwards."""
        groups = ["بيانات المستفيد", None, None, None, "السكن", None]
        titles = [*HEADER, "المدينة", "الحي"]
        extra = [f"عمود {index}" for index in range(40)]
        rows = [
            ["كشف"],
            [*groups, *([None] * 40)],
            [*titles, *extra],
            [*ROW, "مدينة مثال", "حي أ", *range(40)],
            [*ROW, None, "حي ب", *range(40)],
            [*ROW, None, "حي ج", *range(40)],
            [*ROW, "أخرى", "حي د", *range(40)],
        ]
        content = workbook(rows, ["A1:AT1", "A2:D2", "E2:F2", "E4:E6"])
        header, found = self._read(content)
        self.assertEqual(len(header.titles), 46)
        self.assertEqual(header.first_row, 4)
        fields = match_titles(header.titles, BENEFICIARY)
        self.assertEqual(
            list(fields.values()),
            ["name", "identity_number", "phone", "birth_date", "city", "street2"],
        )
        cities = [values.get(4) for _number, values in found]
        self.assertEqual(cities, ["مدينة مثال"] * 3 + ["أخرى"])

    def test_empty_columns(self):
        rows = [[None, *HEADER[:2], None, HEADER[2]], [None, "أ", 1, None, 501234567]]
        header, found = self._read(workbook(rows))
        self.assertEqual(list(header.titles), [1, 2, 4])
        self.assertEqual(found, [(2, {1: "أ", 2: 1, 4: 501234567})])

    def test_first_filled_sheet(self):
        """An empty or hidden sheet in front is passed by."""

        def before(book):
            book.create_sheet("empty", 0)

        header, _rows = self._read(workbook([HEADER, ROW], before=before))
        self.assertEqual(len(header.titles), 4)

    def test_synonyms(self):
        """D16: titles in any spelling, with stars, remarks in brackets, English."""
        titles = {
            0: "اسم المستفيد رباعي *",
            1: "رقم الهويه (10 أرقام)",
            2: "الـجـوال:",
            3: "Date of Birth",
            4: "ملاحظات",
            5: "الآيبان",
        }
        self.assertEqual(
            match_titles(titles, BENEFICIARY),
            {0: "name", 1: "identity_number", 2: "phone", 3: "birth_date", 5: "iban"},
        )

    def test_dates(self):
        """D08, D16: either calendar, either digits, serial numbers."""
        day = date(2023, 12, 23)  # 10 Jumada II 1445
        for value in (
            "10/6/1445",
            "1445-06-10هـ",
            "١٤٤٥/٠٦/١٠",
            "10 جمادى الآخرة 1445هـ",
            "1445/6/10 هجري",
            14450610,
            "14450610",
            datetime(1445, 6, 10),
            "2023-12-23",
            "23/12/2023م",
            "٢٣/١٢/٢٠٢٣",
            "2023-12-23 00:00:00",
            "23 ديسمبر 2023",
            "23 Dec 2023",
            20231223,
            45283,
            45283.5,
            "45283",
            datetime(2023, 12, 23, 8),
            day,
        ):
            with self.subTest(value):
                self.assertEqual(read_date(value), day)
        self.assertEqual(read_date(45283 - 1462, epoch_1904=True), day)
        for value, code in (
            ("30/07/1445", "day"),
            ("10/13/1445", "month"),
            ("10/6/1320", "range"),
            ("31/2/2023", "date"),
            ("غير معروف", "date"),
            ("12/23", "date"),
            (99999999, "serial"),
            (-5, "serial"),
        ):
            with self.subTest(value):
                with self.assertRaises(CellError) as error:
                    read_date(value)
                self.assertEqual(error.exception.code, code)

    def test_values(self):
        self.assertEqual(read_text(1000000008.0), "1000000008")
        with self.assertRaises(CellError):
            read_text("1.00E+09")
        for value in ("نعم", "Yes", True, 1, "✓", "١"):
            self.assertIs(read_bool(value), True, value)
        for value in ("لا", "no", False, 0):
            self.assertIs(read_bool(value), False, value)
        self.assertEqual(read_number("١٬٢٣٤٫٥ ريال"), 1234.5)
        self.assertEqual(read_choice("انثى ", {"انثي": "female"}), "female")
        self.assertEqual(split_choices("أرملة، مطلقة"), ["أرملة", "مطلقة"])
        self.assertTrue(is_nothing("لا يوجد"))
        for call in (read_bool, read_number, lambda value: read_choice(value, {})):
            with self.assertRaises(CellError):
                call("ربما")
