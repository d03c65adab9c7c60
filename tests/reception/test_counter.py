from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import ReceptionCommon


@tagged("post_install", "-at_install")
class TestCounter(ReceptionCommon):
    """R104, R189: what the screen of the counter asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counter = cls.env["npo.reception"].with_user(cls.front)
        cls.site_id = cls.site.id

    def _arrive(self, **visitor):
        visitor.setdefault("purpose_id", self.inquiry.id)
        return self.counter.register(self.site_id, visitor)

    def test_screen(self):
        """All that the screen shows comes at once."""
        self._arrive(section="men")
        data = self.counter.get_counter()
        self.assertEqual(data["site"]["id"], self.site_id)
        self.assertGreater(len(data["purposes"]), 9)
        self.assertEqual(data["services"][0]["code"], "photocopy")
        self.assertEqual([one["number"] for one in data["queue"]], [1])
        self.assertNotIn("left", [one["code"] for one in data["results"]])
        colleagues = [one["id"] for one in data["colleagues"]]
        self.assertIn(self.officer.id, colleagues)
        self.assertNotIn(self.users["researcher"].id, colleagues)
        self.site.has_women_section = False
        codes = [one["code"] for one in self.counter.get_counter()["sections"]]
        self.assertEqual(codes, ["men", "family"])

    def test_find(self):
        """R212: by card, mobile, name; a card whole and never in part; masked."""
        for text in (
            "1000000008",
            "١٠٠٠٠٠٠٠٠٨",
            "0501234560",
            "Noura Test",
            "501234560",
        ):
            with self.subTest(text):
                found = self.counter.find(self.site_id, text)
                self.assertEqual([one["id"] for one in found], [self.person.id])
        for text in ("100000000", "00008", "No", "", None, {"a": 1}):
            with self.subTest(text):
                self.assertFalse(self.counter.find(self.site_id, text))
        shown = str(self.counter.find(self.site_id, "Noura Test"))
        self.assertNotIn("1000000008", shown)
        self.assertNotIn("501234560", shown)

    def test_find_no_colleague(self):
        """Who works here is no visitor to be found."""
        self.officer.partner_id.name = "Unusual Colleague"
        self.assertFalse(self.counter.find(self.site_id, "Unusual Colleague"))

    def test_register(self):
        """R104, R172: in one call; twice on a day is warned of."""
        first = self._arrive(partner_id=self.person.id, section="women")
        self.assertEqual((first["number"], first["warning"]), (1, ""))
        found = self.counter.find(self.site_id, "Noura Test")
        self.assertTrue(found[0]["today"])
        again = self._arrive(partner_id=self.person.id, section="women")
        self.assertIn("1", again["warning"])
        self.assertEqual(again["before"], 1)

    def test_register_twice_sent(self):
        """R104: sent again after a broken line: the same visitor, no warning."""
        visitor = {"partner_id": self.person.id, "section": "women", "client_key": "k"}
        first, again = self._arrive(**visitor), self._arrive(**visitor)
        self.assertEqual(first["id"], again["id"])
        self.assertFalse(again["warning"])

    @freeze_time("2026-10-05 08:00:00")
    def test_kept(self):
        """R104, R172: how long ago is told; the clock of the server counts alone."""
        arrived = [
            self.env["npo.visit"].browse(self._arrive(seconds_ago=ago)["id"])
            for ago in (0, 600, -600)
        ]
        self.assertEqual(
            [visit.date_arrived for visit in arrived],
            [datetime(2026, 10, 5, 8), datetime(2026, 10, 5, 7, 50)]
            + [datetime(2026, 10, 5, 8)],
        )

    @freeze_time("2026-10-05 08:00:00")
    def test_kept_too_long(self):
        """R172: who was kept too long is refused, and no day is opened for them."""
        yesterday = self._arrive(seconds_ago=24 * 3600)
        self.assertEqual(yesterday["day"], "2026-10-04")
        self.company.npo_kept_hours = 2
        for ago in (2 * 3600 + 1, 10**30):
            with self.assertRaisesRegex(UserError, "2"):
                self._arrive(seconds_ago=ago, section="men")
        self.assertTrue(self._arrive(seconds_ago=2 * 3600)["id"])

    @freeze_time("2026-10-05 08:00:00")
    def test_date_of_another_day(self):
        """R172: no date is taken of a counter; by the form it is of today."""
        with self.assertRaises(UserError):
            self._arrive(date_arrived="2026-10-04 08:00:00")
        visits = self.env["npo.visit"].with_user(self.front)
        told = {"site_id": self.site_id, "purpose_id": self.inquiry.id}
        for moment in ("2026-10-04 08:00:00", "2026-09-01 08:00:00"):
            with self.subTest(moment), self.assertRaises(ValidationError):
                visits.create({**told, "date_arrived": moment})
            late = visits.with_context(default_date_arrived=moment)
            with self.subTest(moment), self.assertRaises(ValidationError):
                late.create(told)
        sheets = self.env["npo.visit.sheet"].search([("site_id", "=", self.site_id)])
        self.assertFalse(sheets)
        today = visits.create({**told, "date_arrived": "2026-10-05 05:00:00"})
        self.assertEqual(today.number, 1)

    def test_register_hostile(self):
        """What is not the counter's to say is refused, whatever it is."""
        foreign = self.env["npo.site"].create(
            {
                "name": "Foreign",
                "company_id": self.env["res.company"].create({"name": "Foreign"}).id,
            }
        )
        for visitor in (
            {"state": "done"},
            {"number": 1},
            {"user_id": self.officer.id},
            {"partner_id": [1]},
            {"companions": "many"},
            {"seconds_ago": "long"},
            {"site_id": foreign.id},
            {"company_id": foreign.company_id.id},
        ):
            with self.subTest(str(visitor)), self.assertRaises(UserError):
                self._arrive(**visitor)
        made = self.counter.register(foreign.id, {"purpose_id": self.inquiry.id})
        visit = self.env["npo.visit"].browse(made["id"])
        self.assertEqual(visit.company_id, self.company, "the counter's own site")
        self.assertTrue(self._arrive(visitor_name="<b>x</b>")["id"])
        self.assertTrue(self.counter.register(self.site_id, None)["id"])

    def test_unknown_section(self):
        """R104: what is no section is told in a sentence, whoever asks for it."""
        made = self._arrive(section="women")
        visits = self.env["npo.visit"].with_user(self.front)
        told = {"site_id": self.site_id, "purpose_id": self.inquiry.id}
        for section in ("children", "men; --", "closed"):
            for call in (
                lambda code=section: self._arrive(section=code),
                lambda code=section: self.counter.refer(made["id"], code),
                lambda code=section: self.counter.call_next(self.site_id, code),
                lambda code=section: visits.create({**told, "section": code}),
            ):
                with self.subTest(section), self.assertRaises(UserError):
                    call()
        for section in (7, ["men"], {"men": 1}):
            with self.subTest(str(section)), self.assertRaises(UserError):
                self.counter.refer(made["id"], section)
            with self.subTest(str(section)), self.assertRaises(UserError):
                self.counter.call_next(self.site_id, section)

    def test_next_and_refer(self):
        first = self._arrive(section="women")
        self.assertEqual(
            self.counter.call_next(self.site_id, False, 2)["id"], first["id"]
        )
        self.assertEqual(self.counter.call_next(self.site_id), {})
        self._arrive(section="men")
        again = self.counter.refer(first["id"], "men")
        self.assertEqual((again["section"], again["state"]), ("men", "waiting"))
        self.assertEqual((again["number"], again["before"]), (2, 0), "came first")
        self.assertNotEqual(again["code"], first["code"])
        with self.assertRaises(UserError):
            self.counter.call_next(self.site_id, False, "many")

    def test_who_may(self):
        """The counter is for who serves visitors."""
        for who in ("researcher", "manager", "auditor", "handler"):
            counter = self.env["npo.reception"].with_user(self.users[who])
            for call in (
                counter.get_counter,
                lambda c=counter: c.get_queue(self.site_id),
                lambda c=counter: c.find(self.site_id, "Noura Test"),
                lambda c=counter: c.register(self.site_id, {}),
                lambda c=counter: c.call_next(self.site_id),
            ):
                with self.subTest(who), self.assertRaises(AccessError):
                    call()

    def test_delegate(self):
        """R200: a delegate has the own sites at the counter."""
        counter = self.env["npo.reception"].with_user(self.users["delegate"])
        self._arrive(section="men")
        data = counter.get_counter(self.branch.id)
        self.assertEqual([one["id"] for one in data["sites"]], self.branch.ids)
        self.assertFalse(counter.get_queue(self.site_id)["queue"])
        with self.assertRaises(AccessError):
            counter.register(self.site_id, {"purpose_id": self.inquiry.id})
