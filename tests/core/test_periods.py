from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ...tools import hijri
from ...tools.periods import (
    KINDS,
    before,
    kind_of,
    period_label,
    period_of,
    periods,
)


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    """Months and years of both calendars, to the day (D08, R054)."""

    def test_gregorian(self):
        day = date(2026, 8, 19)  # a Wednesday
        expected = {
            "day": (day, day),
            "week": (date(2026, 8, 16), date(2026, 8, 22)),
            "month": (date(2026, 8, 1), date(2026, 8, 31)),
            "quarter": (date(2026, 7, 1), date(2026, 9, 30)),
            "year": (date(2026, 1, 1), date(2026, 12, 31)),
        }
        for kind, period in expected.items():
            with self.subTest(kind):
                self.assertEqual(period_of(kind, day), period)
                self.assertEqual(kind_of(*period), kind)
        self.assertEqual(period_of("week", date(2026, 8, 16))[0], date(2026, 8, 16))
        self.assertEqual(period_of("week", date(2026, 8, 15))[1], date(2026, 8, 15))

    def test_leap_february(self):
        """A leap February ends on the 29th, and the one before it does not."""
        self.assertEqual(
            period_of("month", date(2028, 2, 29)), (date(2028, 2, 1), date(2028, 2, 29))
        )
        self.assertEqual(period_of("month", date(2027, 2, 5))[1], date(2027, 2, 28))
        self.assertEqual(
            before("month", date(2028, 3, 1), date(2028, 3, 31)),
            (date(2028, 2, 1), date(2028, 2, 29)),
        )

    def test_hijri_month_of_29_days(self):
        """A Hijri month of 29 days ends on its 29th, the next begins the day after."""
        short = next(
            (year, month)
            for year in (1447, 1448)
            for month in range(1, 13)
            if hijri.month_length(year, month) == 29
        )
        first, last = period_of("month", hijri.to_gregorian(*short, 29), "hijri")
        self.assertEqual((last - first).days, 28)
        self.assertEqual(hijri.to_hijri(first), (*short, 1))
        self.assertEqual(hijri.to_hijri(last + timedelta(days=1)).day, 1)
        self.assertEqual(kind_of(first, last, "hijri"), "month")
        self.assertIsNone(kind_of(first, last))

    def test_hijri_year_and_quarter(self):
        first, last = period_of("year", date(2026, 9, 1), "hijri")
        self.assertEqual(hijri.to_hijri(first), (1448, 1, 1))
        self.assertEqual(hijri.to_hijri(last + timedelta(days=1)), (1449, 1, 1))
        quarter = period_of("quarter", first, "hijri")
        self.assertEqual(hijri.to_hijri(quarter[1] + timedelta(days=1)), (1448, 4, 1))

    def test_periods_follow_one_another(self):
        """Every kind in both calendars: no day is missing, none lies in two."""
        for calendar in ("gregorian", "hijri"):
            for kind in KINDS:
                found = periods(kind, date(2028, 3, 1), 14, calendar)
                with self.subTest(f"{kind} {calendar}"):
                    self.assertEqual(len(found), 14)
                    first, last = found[-1]
                    self.assertLessEqual(first, date(2028, 3, 1))
                    self.assertGreaterEqual(last, date(2028, 3, 1))
                    for one, other in zip(found, found[1:], strict=False):
                        self.assertEqual(one[1] + timedelta(days=1), other[0])
                        self.assertEqual(before(kind, *other, calendar), one)

    def test_outside_the_table(self):
        """Before 1343 AH there are Gregorian periods, with Gregorian names."""
        day = date(1900, 5, 5)
        period = period_of("month", day, "hijri")
        self.assertEqual(period, (date(1900, 5, 1), date(1900, 5, 31)))
        self.assertEqual(period_label("month", *period, "hijri", "en"), "May 1900")

    def test_unknown(self):
        with self.assertRaises(ValueError):
            period_of("decade", date(2026, 1, 1))
        with self.assertRaises(ValueError):
            period_of("month", date(2026, 1, 1), "julian")

    def test_labels(self):
        """Names as people write them, in both languages and calendars."""
        month = period_of("month", date(2026, 9, 9))
        hijri_month = period_of("month", date(2026, 8, 20), "hijri")
        quarter = period_of("quarter", date(2026, 9, 9))
        year = period_of("year", date(2026, 9, 9), "hijri")
        week = period_of("week", date(2026, 8, 19))
        self.assertEqual(period_label("month", *month), "سبتمبر 2026")
        self.assertEqual(period_label("month", *month, digits="arabic"), "سبتمبر ٢٠٢٦")
        self.assertEqual(period_label("month", *month, lang="en_US"), "September 2026")
        self.assertEqual(
            period_label("month", *hijri_month, "hijri"), "ربيع الأول 1448هـ"
        )
        self.assertEqual(
            period_label("month", *hijri_month, "hijri", "en"), "Rabi I 1448 AH"
        )
        self.assertEqual(period_label("quarter", *quarter), "الربع الثالث 2026")
        self.assertEqual(
            period_label("quarter", *quarter, lang="en"), "Quarter 3, 2026"
        )
        self.assertEqual(period_label("year", *year, "hijri"), "1448هـ")
        self.assertEqual(
            period_label("week", *week, lang="en"), "16 August 2026 – 22 August 2026"
        )
        self.assertEqual(period_label("day", week[0], week[0]), "16 أغسطس 2026م")
