import json
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common_browser import WebCommon
from .common import ReceptionCommon


@tagged("post_install", "-at_install")
class TestQueuePages(ReceptionCommon, WebCommon):
    """The waiting room's screen and the rating tablet: without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site._queue_address()
        cls.path = f"/queue/{cls.site.queue_token}"

    def _board(self):
        return json.loads(self.url_open(f"{self.path}/board").text)["board"]

    def test_numbers_and_no_name(self):
        """R104: numbers and counters by section, and nothing of anybody."""
        visit = self._visit(partner_id=self.person.id)
        self._visit(section="men", visitor_name="Umm Ali")
        visit.with_context(npo_counter=3).action_call()
        board = {part["section"]: part for part in self._board()}
        at = fields.Datetime.to_string(visit.date_called)
        called = [{"number": 1, "counter": 3, "is_now": True, "at": at}]
        self.assertEqual(board["women"]["called"], called)
        self.assertEqual(board["men"]["waiting"], 1)
        for path in (self.path, f"{self.path}/board"):
            page = self.url_open(path)
            self.assertEqual(page.status_code, 200)
            self.assertIn("no-store", page.headers["Cache-Control"])
            for told in (self.person.name, "Noura", "Umm Ali", visit.name, "Front"):
                self.assertNotIn(told, page.text)
        visit.action_start()
        visit.action_end("completed")
        self.assertFalse([p for p in self._board() if p["section"] == "women"])

    def test_another_site(self):
        """A site shows its own queue; an address that was renewed shows nothing."""
        self._visit(site_id=self.branch.id)
        self.assertEqual(self._board(), [])
        self.site.with_user(self.users["chief"]).action_renew_queue_token()
        self.assertIsNone(self._board())
        for path in ("/queue/x", "/queue/x/rate", "/queue/False"):
            page = self.url_open(path, allow_redirects=False)
            self.assertEqual(page.status_code, 303)
        self.assertIsNone(json.loads(self.url_open("/queue/x/board").text)["board"])

    def _rate(self, code, rating):
        page = self.url_open(f"{self.path}/rate?code={code}")
        token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        return self.url_open(
            f"{self.path}/rate",
            {"csrf_token": token, "code": code, "rating": rating},
            timeout=60,
        )

    def test_pulse(self):
        """R104, R106: five faces, once; who served never sees it."""
        visit = self._visit(partner_id=self.person.id)
        visit.action_start()
        ratings = self.env["npo.rating"]
        self._rate(visit.rating_code, "5")
        self.assertFalse(ratings._of(visit), "not before the visit ended")
        visit.action_end("completed")
        self.assertNotIn(self.person.name, self._rate(visit.rating_code, "9").text)
        self.assertFalse(ratings._of(visit).date_rated)
        self._rate(visit.rating_code, "4")
        self._rate(visit.rating_code, "1")
        self.env.invalidate_all()
        rating = ratings._of(visit)
        self.assertEqual((rating.rating, rating.kind), (4, "visit"))
        self.assertEqual(rating.site_id, self.site)
        manager = ratings.with_user(self.users["manager"])
        self.assertIn(rating, manager.search([]))
        # one answer tells who gave it: below the management they are read counted
        self.assertFalse(ratings.with_user(self.officer).search([]))

    def test_codes_are_not_guessed(self):
        """R104: wrong codes are counted by connection; then nobody rates there."""
        visit = self._done()
        self.company.npo_pulse_tries = 3
        wrong = str(int(visit.rating_code) + 1 - 2 * (visit.rating_code[-1] == "9"))
        for code in (wrong, "x", "99999999999999", "２١١١", "2"):
            self._rate(code, "1")
        self.assertFalse(self.env["npo.rating"]._of(visit))
        self._rate(visit.rating_code, "5")
        self.assertFalse(self.env["npo.rating"]._of(visit), "full for an hour")
        guard = type(self.env["npo.flood.guard"])
        with patch.object(guard, "_is_full", lambda *args: False):
            self._rate(visit.rating_code, "5")
        self.assertEqual(self.env["npo.rating"]._of(visit).rating, 5)
