"""Saudi identifiers: glossary 27."""

from odoo.tests import BaseCase, tagged

from ...tools import identity
from ...tools.identity import IdentityError


@tagged("post_install", "-at_install")
class TestIdentity(BaseCase):
    def assertRefused(self, code, check, *texts):
        for text in texts:
            with self.subTest(text=text):
                with self.assertRaises(IdentityError) as caught:
                    check(text)
                self.assertEqual(caught.exception.code, code)

    def test_luhn(self):
        """Glossary 27: the check digit of each test value."""
        for number in ("1000000008", "1010101010", "2000000006", "2121212126"):
            self.assertTrue(identity.luhn_valid(number))
        for number in ("1000000000", "2000000000", "", "١٠٠٠٠٠٠٠٠٨", "10000a0008"):
            self.assertFalse(identity.luhn_valid(number))

    def test_luhn_finds_each_wrong_digit(self):
        """Glossary 27: no single wrong digit passes."""
        number = "1010101010"
        for place, right in enumerate(number):
            for digit in set("0123456789") - {right}:
                wrong = number[:place] + digit + number[place + 1 :]
                self.assertFalse(identity.luhn_valid(wrong))

    def test_national_id(self):
        """Glossary 27: ten digits from 1 with a check digit, in any digits."""
        for text in ("1000000008", "١٠٠٠٠٠٠٠٠٨", "۱۰۰۰۰۰۰۰۰۸", " 1000-000 008\u200f"):
            self.assertEqual(identity.check_national_id(text), "1000000008")
        self.assertEqual(identity.check_national_id("1010101010"), "1010101010")
        check = identity.check_national_id
        self.assertRefused("checksum", check, "1000000000")
        self.assertRefused("format", check, "100000000", "10000000080", "10000000O8")
        self.assertRefused("prefix", check, "2000000006", "0000000000")
        self.assertRefused("empty", check, "", None, "  ")

    def test_iqama(self):
        """Glossary 27: ten digits from 2 with a check digit."""
        for number in ("2000000006", "2121212126"):
            self.assertEqual(identity.check_iqama(number), number)
        self.assertRefused("checksum", identity.check_iqama, "2000000000")
        self.assertRefused("prefix", identity.check_iqama, "1000000008")

    def test_mobile(self):
        """Glossary 27: each spelling gives +9665XXXXXXXX."""
        for text in (
            "0501234567",
            "501234567",
            "966501234567",
            "00966501234567",
            "+966501234567",
            "+966 50 123 4567",
            "+966 (0)50-123-4567",
            "٠٥٠١٢٣٤٥٦٧",
            "۰۵۰۱۲۳۴۵۶۷",
            "\u202a+966 50 123 4567\u202c",
        ):
            with self.subTest(text=text):
                self.assertEqual(identity.check_saudi_mobile(text), "+966501234567")

    def test_mobile_prefixes(self):
        """Glossary 27: 052 is not a Saudi mobile prefix; the others are."""
        for prefix in ("050", "051", "053", "054", "055", "056", "057", "058", "059"):
            number = identity.check_saudi_mobile(f"{prefix}1234567")
            self.assertEqual(number, f"+966{prefix[1:]}1234567")
        check = identity.check_saudi_mobile
        self.assertRefused("prefix", check, "0521234567", "0112345678", "0401234567")
        self.assertRefused(
            "format", check, "05012345", "05012345678", "+971501234567", "050123456a"
        )
        self.assertRefused("empty", check, "", None)

    def test_landline(self):
        """Glossary 27: 0112345678 is +966112345678; an area code is needed."""
        for text in ("0112345678", "+966 11 234 5678", "٠١١٢٣٤٥٦٧٨", "112345678"):
            self.assertEqual(identity.check_saudi_landline(text), "+966112345678")
        self.assertRefused(
            "prefix", identity.check_saudi_landline, "0152345678", "0501234567"
        )
        self.assertRefused("format", identity.check_saudi_landline, "2345678")

    def test_unified_number(self):
        """Glossary 27: 9200 and five digits."""
        self.assertEqual(identity.check_unified_number("9200 01234"), "920001234")
        self.assertRefused("prefix", identity.check_unified_number, "910001234")
        self.assertRefused("format", identity.check_unified_number, "92000123")

    def test_iban(self):
        """Glossary 27: SA, 22 characters, mod 97."""
        for number in ("SA0380000000608010167519", "SA4420000001234567891234"):
            self.assertEqual(identity.check_iban(number), number)
        self.assertEqual(
            identity.check_iban("sa03 8000 0000 6080 1016 7519"),
            "SA0380000000608010167519",
        )
        self.assertEqual(
            identity.check_iban("SA٠٣-٨٠٠٠-٠٠٠٠-٦٠٨٠-١٠١٦-٧٥١٩"),
            "SA0380000000608010167519",
        )
        check = identity.check_iban
        self.assertRefused("checksum", check, "SA0380000000608010167518")
        self.assertRefused("prefix", check, "GR1601101050000010547023795")
        self.assertRefused(
            "format", check, "SA038000000060801016751", "0380000000608010167519"
        )
        self.assertRefused("empty", check, None)

    def test_address(self):
        """Glossary 27: short address, building number, postal code."""
        self.assertEqual(identity.check_short_address("rrrd 2929"), "RRRD2929")
        self.assertEqual(identity.check_short_address("RRRD٢٩٢٩"), "RRRD2929")
        self.assertRefused(
            "format", identity.check_short_address, "RR2929", "2929RRRD", "دددد2929"
        )
        self.assertEqual(identity.check_building_number("٢٩٢٩"), "2929")
        self.assertRefused("format", identity.check_building_number, "29")
        self.assertEqual(identity.check_postal_code("12345"), "12345")
        self.assertRefused("format", identity.check_postal_code, "123")

    def test_mask(self):
        """Architecture 2.7: only the last digits show, short numbers not at all."""
        self.assertEqual(identity.mask("1000000008"), "••••••0008")
        self.assertEqual(identity.mask("١٠٠٠٠٠٠٠٠٨"), "••••••0008")
        self.assertEqual(identity.mask("1000000008", keep=2), "••••••••08")
        self.assertEqual(identity.mask("1000000008", keep=0), "••••••••••")
        self.assertEqual(identity.mask("0008"), "••••")
        self.assertEqual(identity.mask(None), "")
