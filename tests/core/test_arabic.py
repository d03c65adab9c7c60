"""Arabic text: glossary 27 (search key, digits) and 30 (gender)."""

from markupsafe import Markup

from odoo.tests import BaseCase, tagged

from ...tools import arabic


@tagged("post_install", "-at_install")
class TestArabic(BaseCase):
    def test_digits(self):
        """Glossary 27, 30.9: Arabic-Indic and Persian digits, both ways."""
        self.assertEqual(arabic.to_latin_digits("٠١٢٣٤٥٦٧٨٩"), "0123456789")
        self.assertEqual(arabic.to_latin_digits("۰۱۲۳۴۵۶۷۸۹"), "0123456789")
        self.assertEqual(arabic.to_latin_digits("رقم ١٢ و 34"), "رقم 12 و 34")
        self.assertEqual(arabic.to_arabic_digits("2026-۳"), "٢٠٢٦-٣")
        self.assertEqual(arabic.to_latin_digits(None), "")
        self.assertEqual(arabic.to_arabic_digits(False), "")

    def test_fold_unites_spellings(self):
        """Glossary 27: spellings that people mix give one search key."""
        for spellings in (
            ("أحمد", "احمد", "آحمد", "إحمد", "ٱحمد", "أَحْمَدُ", "أحـــمد"),
            ("منى", "مني", "منی"),
            ("فاطمة", "فاطمه", "فاطِمَةُ"),
            ("مسؤول", "مسوول"),
            ("عائشة", "عايشة", "عايشه"),
            ("عبد الله", "عبدالله", "عَبْدُ اللهِ", "عبد  الله"),
            ("عبد العزيز بن عبد الرحمن", "عبدالعزيز ابن عبدالرحمن"),
            ("محمد بن سلمان", "محمد ابن سلمان", " محمد\u00a0بن\tسلمان "),
            ("عمل ١٢٣", "عمل 123", "عمل ۱۲۳"),
            ("Al-Riyadh", "al-riyadh", "\u200fAL-RIYADH\u200e"),
            ("كريم", "کریم"),
            ("ﻻمع", "لامع"),
            ("رحمٰن", "رحمن"),
        ):
            with self.subTest(spellings=spellings):
                self.assertEqual(len({arabic.fold(text) for text in spellings}), 1)

    def test_fold_values(self):
        """Glossary 27: what the key looks like, and what is left alone."""
        self.assertEqual(
            arabic.fold("إبراهيم بن عبد الله آل سعود"), "ابراهيم بن عبدالله ال سعود"
        )
        self.assertEqual(arabic.fold("هدى الرؤية"), "هدي الرويه")
        self.assertEqual(arabic.fold("معبد النور"), "معبد النور")
        self.assertEqual(arabic.fold("ابنة خالد"), "ابنه خالد")
        self.assertEqual(arabic.fold("دعاء"), "دعاء")
        self.assertEqual(arabic.fold(""), "")
        self.assertEqual(arabic.fold(None), "")

    def test_fold_is_idempotent(self):
        """Glossary 27: a key is its own key, so that terms and columns compare."""
        for text in (
            "عبد الله ابن عبد الإله",
            "ﷲ أكبر",
            "مؤسسة  ١٢",
            "ǅ É İ",
            "ابن ابن",
        ):
            self.assertEqual(arabic.fold(arabic.fold(text)), arabic.fold(text))

    def test_gendered(self):
        """Glossary 30.6: letters take the form of the person they are written to."""
        text = "أقر أنا {الموقع|الموقعة} أدناه"
        self.assertEqual(arabic.gendered(text, "male"), "أقر أنا الموقع أدناه")
        self.assertEqual(arabic.gendered(text, "f"), "أقر أنا الموقعة أدناه")
        for unknown in (None, False, "other", ""):
            self.assertEqual(
                arabic.gendered(text, unknown), "أقر أنا الموقع/الموقعة أدناه"
            )
        self.assertEqual(arabic.gendered("المستفيد{|ة}", "m"), "المستفيد")
        self.assertEqual(arabic.gendered("المستفيد{|ة}", "female"), "المستفيدة")
        self.assertEqual(arabic.gendered("المستفيد{|ة}", None), "المستفيد/ة")
        self.assertEqual(arabic.gendered("{أ|ب} و{ج|د}", "f"), "ب ود")
        self.assertEqual(arabic.gendered(None, "m"), "")

    def test_gendered_leaves_other_braces(self):
        """Glossary 30.6: placeholders and expressions are not alternatives."""
        for text in (
            "{name}",
            "{{ object.name }}",
            "{{ a | b }}",
            "{{a|b}}",
            "{{ object.name or '' ||| - }}",
            "{a|b|c}",
            "{a|\nb}",
            "a|b {",
        ):
            self.assertEqual(arabic.gendered(text, "f"), text)
        self.assertEqual(arabic.gendered("{name}: {هو|هي}", "f"), "{name}: هي")

    def test_gendered_keeps_markup(self):
        """Glossary 30.6: HTML stays HTML, text stays text."""
        result = arabic.gendered(Markup("<b>{هو|هي}</b>"), "f")
        self.assertEqual(result, Markup("<b>هي</b>"))
        self.assertIsInstance(result, Markup)

    def test_clean_code(self):
        """Glossary 27: digits, blanks, dashes and marks before validating."""
        self.assertEqual(arabic.clean_code(" ١٠٠٠-٠٠٠ ٠٠٨\u200f"), "1000000008")
        self.assertEqual(arabic.clean_code("SA03 8000–0000"), "SA0380000000")
        self.assertEqual(
            arabic.clean_code("\u202a+966\u00a050\u2011123\u202c"), "+96650123"
        )
        self.assertEqual(arabic.clean_code(None), "")
