from datetime import timedelta
from functools import partial

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...tools.form_text import clean_line, clean_text, first_line
from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestFloodGuard(AssociationCommon):
    """D05, R150: who does too much waits, and nothing of them is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guard = cls.env["npo.flood.guard"]
        cls.key = cls.guard._key(cls.company, "post", "10.0.0.1")

    def test_count(self):
        """D05: as often as allowed, then full; after its minutes at zero again."""
        for hits in (1, 2, 3):
            self.assertEqual(self.guard._count(self.company, self.key, 60), hits)
        self.assertFalse(self.guard._is_full(self.company, {self.key: 4}))
        self.assertTrue(self.guard._is_full(self.company, {self.key: 3}))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertFalse(self.guard._is_full(self.company, {self.key: 3}))
            self.assertEqual(self.guard._count(self.company, self.key, 60), 1)

    def test_prolongs(self):
        """D05: each wrong try has one wait anew; forms in an hour do not add up."""
        start = fields.Datetime.now()
        for prolongs, hits in ((False, 1), (True, 3)):
            key = self.guard._key(self.company, "number", str(prolongs))
            for minutes in (0, 20, 40):
                with freeze_time(start + timedelta(minutes=minutes)):
                    count = self.guard._count(self.company, key, 30, prolongs=prolongs)
            with self.subTest(prolongs=prolongs):
                self.assertEqual(count, hits)

    def test_association(self):
        """D05: each association counts by itself, and keys tell nothing."""
        other = self.env["res.company"].create({"name": "Another"})
        self.guard._count(self.company, self.key, 60)
        self.assertNotEqual(self.key, self.guard._key(other, "post", "10.0.0.1"))
        self.assertFalse(self.guard._is_full(other, {self.key: 1}))
        self.assertNotIn("10.0.0.1", self.key)

    def test_house(self):
        """D05: the addresses that one house can take are one connection."""
        key = partial(self.guard._key_from, self.company, "post")
        self.assertEqual(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"))
        self.assertEqual(key("::ffff:10.0.0.1"), key("10.0.0.1"))
        others = ("2001:db8:1:3::1", "10.0.0.1", "10.0.0.2", "fe80::1%eth0", None, "")
        keys = {key(address) for address in ("2001:db8:1:2::1", *others)}
        self.assertEqual(len(keys), 1 + len(others))

    def test_house_shares(self):
        """D05: what asks by connection counts one house once."""
        one, other = "2001:db8:1:2::1", "2001:db8:1:2::2"
        codes, tracking = self.env["npo.sign.in.code"], self.env["npo.tracking"]
        for limits in (
            lambda at: codes._limits(self.company, "ask", "0500000000", at),
            lambda at: self.guard._form_limits(self.company, at, ""),
        ):
            self.assertEqual(limits(one), limits(other))
        for address in (one, other):
            tracking._look(self.company, "REQ/2026/1", "0", address)
        key = self.guard._key_from(self.company, "address", one)
        self.assertEqual(self.guard.search([("key", "=", key)]).hits, 2)

    def test_forgotten(self):
        """D05: what no longer counts is deleted."""
        self.guard._count(self.company, self.key, 60)
        self.guard._gc_counted()
        self.assertTrue(self.guard.search([("key", "=", self.key)]))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.guard._gc_counted()
        self.assertFalse(self.guard.search([("key", "=", self.key)]))

    def test_stamp(self):
        """R150: a form's stamp is ours, tells its age, and ends after a day."""
        stamp = self.guard._stamp("abc")
        with freeze_time(fields.Datetime.now() + timedelta(seconds=10)):
            self.assertAlmostEqual(self.guard._stamp_age(stamp), 10, delta=2)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertIsNone(self.guard._stamp_age(stamp))
        for wrong in ("", "1.2.3", "\u0664.x", stamp[:-1], f"9{stamp}"):
            with self.subTest(wrong):
                self.assertIsNone(self.guard._stamp_age(wrong))

    def test_text(self):
        """R150: what nobody typed is left out, what was typed stays."""
        self.assertEqual(clean_text(" a\x00b\r\nc\u202e\ud800 "), "ab\nc")
        self.assertEqual(clean_text(None), "")
        self.assertEqual(clean_text(["x"]), "")
        self.assertEqual(clean_line("a\n\t b"), "a b")
        self.assertEqual(first_line("\n\nNobody came.\nMore"), "Nobody came.")
        self.assertEqual(first_line("a" * 200), "a" * 80 + "…")
        self.assertLessEqual(len(first_line("word " * 50)), 81)
