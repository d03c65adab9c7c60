"""Hijri dates: D08, glossary 28."""

import pickle
from datetime import date, datetime, timedelta
from pathlib import Path

from hijridate import Gregorian, Hijri

from odoo.tests import BaseCase, tagged

from ...tools import hijri, hijri_table
from ...tools.hijri import HijriDate, HijriError
from ..common_browser import WebCommon


@tagged("post_install", "-at_install")
class TestHijriConversion(BaseCase):
    def assertHijriError(self, code, function, *args):
        with self.assertRaises(HijriError) as caught:
            function(*args)
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def test_known_dates(self):
        """D08, glossary 28: the conversion checks, both ways."""
        for hijri_date, gregorian in (
            ((1445, 6, 10), date(2023, 12, 23)),
            ((1445, 1, 23), date(2023, 8, 10)),
            ((1447, 9, 12), date(2026, 3, 1)),
            ((1447, 10, 12), date(2026, 3, 31)),
            ((1447, 9, 10), date(2026, 2, 27)),
            ((1447, 10, 1), date(2026, 3, 20)),
        ):
            with self.subTest(hijri_date=hijri_date):
                self.assertEqual(hijri.to_hijri(gregorian), hijri_date)
                self.assertEqual(hijri.to_gregorian(*hijri_date), gregorian)

    def test_every_day_of_the_range_round_trips(self):
        """D08: each day of 1343-1500 AH converts there and back, in unbroken order."""
        day, previous = hijri.to_gregorian(1343, 1, 1), None
        end = hijri.to_gregorian(1500, 12, 30)
        count = 0
        while day <= end:
            current = hijri.to_hijri(day)
            if hijri.to_gregorian(*current) != day:
                self.fail(f"{day} does not round-trip")
            if previous and current != previous._replace(day=previous.day + 1):
                self.assertEqual(current.day, 1)
                self.assertEqual(previous.day, hijri.month_length(*previous[:2]))
            previous, count = current, count + 1
            day += timedelta(days=1)
        self.assertEqual(count, 55991)

    def test_agrees_with_the_library(self):
        """D08: every 17th day and each month length are those of hijridate."""
        day = date(1924, 8, 1)
        while day <= date(2077, 11, 16):
            expected = Gregorian.fromdate(day).to_hijri().datetuple()
            self.assertEqual(hijri.to_hijri(day), expected)
            day += timedelta(days=17)
        for year in range(1343, 1501):
            for month in range(1, 13):
                expected = Hijri(year, month, 1).month_length()
                # The tables printed before 1365 AH hold eight odd months.
                self.assertIn(expected, (29, 30) if year > 1364 else (28, 29, 30, 31))
                self.assertEqual(hijri.month_length(year, month), expected)

    def test_year_lengths(self):
        """D08: a year has 354 or 355 days, a day more or less in some tables."""
        table = hijri.month_table()
        lengths = [table[i + 12] - table[i] for i in range(0, len(table) - 12, 12)]
        self.assertEqual(len(lengths), 158)
        self.assertLessEqual(set(lengths), {353, 354, 355, 356})

    def test_range_ends(self):
        """D08: the first and last day convert, the days beside them give None."""
        self.assertEqual(hijri.to_hijri(date(1924, 8, 1)), (1343, 1, 1))
        self.assertEqual(hijri.to_hijri(date(2077, 11, 16)), (1500, 12, 30))
        for outside in (
            date(1924, 7, 31),
            date(2077, 11, 17),
            date.min,
            date.max,
            None,
            False,
        ):
            self.assertIsNone(hijri.to_hijri(outside))

    def test_datetime_is_read_as_its_day(self):
        """D08: a datetime converts as its own calendar day."""
        self.assertEqual(hijri.to_hijri(datetime(2023, 12, 23, 22, 0)), (1445, 6, 10))

    def test_impossible_dates(self):
        """D08: a day, month or year that is not there says what is wrong, in parts."""
        self.assertEqual(hijri.month_length(1445, 1), 29)
        error = self.assertHijriError("day", hijri.to_gregorian, 1445, 1, 30)
        self.assertEqual(
            error.values, {"day": 30, "month": 1, "year": 1445, "length": 29}
        )
        self.assertHijriError("day", hijri.to_gregorian, 1445, 6, 0)
        self.assertHijriError("day", hijri.to_gregorian, 1445, 6, 31)
        error = self.assertHijriError("month", hijri.to_gregorian, 1445, 13, 1)
        self.assertEqual(error.values, {"month": 13})
        self.assertHijriError("month", hijri.to_gregorian, 1445, 0, 1)
        error = self.assertHijriError("range", hijri.to_gregorian, 1501, 1, 1)
        self.assertEqual(
            error.values, {"year": 1501, "first_year": 1343, "last_year": 1500}
        )
        self.assertHijriError("range", hijri.month_length, 1342, 12)
        self.assertIsInstance(error, ValueError)
        copy = pickle.loads(pickle.dumps(error))
        self.assertEqual((copy.code, copy.values), (error.code, error.values))

    def test_month_table(self):
        """D08: the table of the date widget has each month's start and an end."""
        table = hijri.month_table()
        self.assertEqual(len(table), 158 * 12 + 1)
        self.assertEqual(date.fromordinal(table[0]), date(1924, 8, 1))
        self.assertEqual(date.fromordinal(table[-1]), date(2077, 11, 17))
        part = hijri.month_table(1447, 1447)
        self.assertEqual(len(part), 13)
        self.assertEqual(date.fromordinal(part[8]), date(2026, 2, 18))
        self.assertHijriError("range", hijri.month_table, 1342, 1400)


@tagged("post_install", "-at_install")
class TestHijriMonths(BaseCase):
    def test_add_hijri_months(self):
        """R127, Annex B 5: Hijri months keep the day, clamped to the month's end."""
        self.assertEqual(hijri.add_months_hijri(date(2026, 3, 1), 1), date(2026, 3, 31))
        start = hijri.to_gregorian(1444, 12, 30)
        self.assertEqual(
            hijri.add_months_hijri(start, 1), hijri.to_gregorian(1445, 1, 29)
        )
        self.assertEqual(hijri.add_months_hijri(start, 0), start)
        self.assertEqual(
            hijri.add_months_hijri(start, -12),
            hijri.to_gregorian(1443, 12, min(30, hijri.month_length(1443, 12))),
        )

    def test_add_hijri_months_everywhere(self):
        """R127: from any day, the result is n months later and never spills over."""
        day = hijri.to_gregorian(1343, 1, 1)
        while day < hijri.to_gregorian(1498, 1, 1):
            start = hijri.to_hijri(day)
            for months in (1, 2, 7, 12):
                end = hijri.to_hijri(hijri.add_months_hijri(day, months))
                passed = (end.year - start.year) * 12 + end.month - start.month
                self.assertEqual(passed, months)
                length = hijri.month_length(end.year, end.month)
                self.assertEqual(end.day, min(start.day, length))
            day += timedelta(days=23)

    def test_outside_the_table_gregorian_months_count(self):
        """D08: beyond 1500 AH month arithmetic goes on with Gregorian months."""
        self.assertEqual(
            hijri.add_months_hijri(date(1900, 1, 31), 1), date(1900, 2, 28)
        )
        self.assertEqual(
            hijri.add_months_hijri(date(2077, 10, 31), 1), date(2077, 11, 30)
        )

    def test_add_gregorian_months(self):
        """R127: Gregorian months clamp, in leap years too, and cross years."""
        for start, months, end in (
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2026, 1, 31), -2, date(2025, 11, 30)),
            (date(2026, 5, 31), 13, date(2027, 6, 30)),
        ):
            self.assertEqual(hijri.add_months_gregorian(start, months), end)


@tagged("post_install", "-at_install")
class TestHijriText(BaseCase):
    def test_parse(self):
        """D08: input in either order, separator, digit set, with month names."""
        for text in (
            "1445/06/10",
            "1445-6-10",
            "1445.6.10",
            "1445 6 10",
            "10/06/1445",
            "10-6-1445",
            " 1445 / 06 / 10 ",
            "١٤٤٥/٦/١٠",
            "۱۴۴۵/۶/۱۰",
            "\u200f١٠/٦/١٤٤٥\u200f هـ",
            "1445/06/10هـ",
            "10/06/1445 AH",
            "10 جمادى الآخرة 1445هـ",
            "١٠ جمادى الآخرة ١٤٤٥هـ",
            "10 جمادي الاخره 1445",
            "10 جمادى الثانية 1445 هـ",
            "10جمادى الآخرة1445",
            "10 Jumada II 1445 AH",
            "10 jumada ii 1445",
        ):
            with self.subTest(text=text):
                self.assertEqual(hijri.parse_hijri(text), (1445, 6, 10))
        self.assertEqual(hijri.parse_hijri("1 ذي الحجة 1445"), (1445, 12, 1))
        self.assertEqual(hijri.parse_hijri("1 ذوالقعدة 1445"), (1445, 11, 1))

    def test_parse_reads_what_is_formatted(self):
        """D08: each month's formatted date is read back, in both languages."""
        for year in (1400, 1447):
            for month in range(1, 13):
                day = hijri.to_gregorian(year, month, 29)
                for lang in ("ar", "en"):
                    text = hijri.format_hijri(day, lang)
                    self.assertEqual(hijri.parse_hijri(text), (year, month, 29))
                text = hijri.format_hijri_numeric(day, "arabic")
                self.assertEqual(hijri.parse_hijri(text), (year, month, 29))

    def test_parse_refuses(self):
        """D08: what is no Hijri date gives a code, never another error."""
        for text, code in (
            ("", "format"),
            (None, "format"),
            ("غدا", "format"),
            ("45/06/10", "format"),
            ("1445/06/1445", "format"),
            ("1445/06", "format"),
            ("10 فبراير 1445", "format"),
            ("10 جمادى الآخرة", "format"),
            ("2023/12/23", "range"),
            ("1342/12/29", "range"),
            ("1445/13/01", "month"),
            ("1445/01/30", "day"),
            ("30 محرم 1445", "day"),
            ("1445/01/00", "day"),
        ):
            with self.subTest(text=text):
                with self.assertRaises(HijriError) as caught:
                    hijri.parse_hijri(text)
                self.assertEqual(caught.exception.code, code)

    def test_format(self):
        """D08, glossary 28: the two sentences, and either set of digits."""
        day = date(2023, 12, 23)
        self.assertEqual(hijri.format_hijri(day), "١٠ جمادى الآخرة ١٤٤٥هـ")
        self.assertEqual(hijri.format_hijri(day, "ar_001"), "١٠ جمادى الآخرة ١٤٤٥هـ")
        self.assertEqual(
            hijri.format_hijri(day, "ar", "latin"), "10 جمادى الآخرة 1445هـ"
        )
        self.assertEqual(hijri.format_hijri(day, "en"), "10 Jumada II 1445 AH")
        self.assertEqual(
            hijri.format_both(day), "١٠ جمادى الآخرة ١٤٤٥هـ الموافق ٢٣ ديسمبر ٢٠٢٣م"
        )
        self.assertEqual(
            hijri.format_both(day, "ar", "latin"),
            "10 جمادى الآخرة 1445هـ الموافق 23 ديسمبر 2023م",
        )
        self.assertEqual(
            hijri.format_both(day, "en_US"), "10 Jumada II 1445 AH (23 December 2023)"
        )
        self.assertEqual(hijri.format_hijri_numeric(day), "1445/06/10")
        self.assertEqual(hijri.format_hijri_numeric(day, "arabic"), "١٤٤٥/٠٦/١٠")

    def test_format_outside_the_table(self):
        """D08: out of range only the Gregorian part is shown, never an error."""
        for day in (date(1900, 1, 1), date(2100, 1, 1)):
            self.assertEqual(hijri.format_hijri(day), "")
            self.assertEqual(hijri.format_hijri_numeric(day), "")
        self.assertEqual(hijri.format_both(date(1900, 1, 1)), "١ يناير ١٩٠٠م")
        self.assertEqual(hijri.format_both(date(1900, 1, 1), "en"), "1 January 1900")
        self.assertEqual(hijri.format_both(None), "")

    def test_names(self):
        """Glossary 28: twelve months in each list."""
        for names in (hijri.MONTHS_AR, hijri.MONTHS_EN, hijri.GREGORIAN_MONTHS_AR):
            self.assertEqual(len(set(names)), 12)
        self.assertEqual(HijriDate(1447, 9, 1).month, 9)
        self.assertEqual(hijri.MONTHS_AR[8], "رمضان")


@tagged("post_install", "-at_install")
class TestHijriTable(BaseCase):
    def test_browser_has_the_same_table(self):
        """D08: the months shipped to the browser are those of hijridate."""
        root = Path(__file__).resolve().parents[2]
        shipped = root / "static" / "src" / "hijri" / "hijri_table.js"
        self.assertEqual(shipped.read_text(encoding="utf-8"), hijri_table.render())


@tagged("post_install", "-at_install")
class TestHijriWidget(WebCommon):
    def test_unit_tests(self):
        """D08, P013, R104: the tests of the browser's own code (static/tests)."""
        suites = ("hijri", "hijri_date_field", "kept_forms", "unsent")
        ids = "".join(
            f"&id={self._suite_id(f'@npo_relations/{suite}')}" for suite in suites
        )
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000{ids}",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    @staticmethod
    def _suite_id(name):
        """Return the id under which Hoot files a suite (HOOTCommon in web)."""
        number = 0
        for char in name:
            number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
        return f"{number:08x}"
