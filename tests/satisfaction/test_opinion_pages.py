from odoo import fields
from odoo.tests import tagged

from .common import OpinionPageCommon


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestOpinionPages(OpinionPageCommon):
    """The pages: on a telephone, by a printed code, in the portal."""

    def _first(self, page):
        return page.xpath("//input[@type='radio']/@name")[0]

    def test_first_page(self):
        """R079, R068: the statement, one question, words beside the faces, no name."""
        invitation = self._done(partner_id=self.person.id)._opinion()
        self._anonymous()
        response, page = self._get(f"/opinion/{invitation.token}")
        self.assertLess(len(response.content), 20000)
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.get("dir"), "rtl")
        self.assertTrue(page.find_class("o_npo_statement"))
        self.assertEqual(len(page.xpath("//fieldset")), 1)
        self.assertEqual(len(page.xpath("//label[.//svg]//span")), 5)
        text = page.text_content()
        for secret in (self.person.name, self.front.name, invitation.token):
            self.assertNotIn(secret, text)
        self.assertFalse(page.xpath("//script|//img"))

    def test_bad_post(self):
        """Bad input: nothing chosen, another page, no number: told, nothing lost."""
        invitation = self._done(partner_id=self.person.id)._opinion()
        self._anonymous()
        url = f"/opinion/{invitation.token}"
        for data in ({"page": "0"}, {"page": "0", "q1": "x" * 99}):
            _response, page = self._post(url, data)
            with self.subTest(data):
                self.assertTrue(page.xpath("//*[@role='alert']"))
        for number in ("x", "-1", "7", ""):
            self._post(url, {"page": number})
        self.assertEqual(invitation.page, 0)
        self.assertFalse(invitation.is_answered)

    def test_closed(self):
        """R068: what is over, foreign or made up gets a page that says where to go."""
        invitation = self._done(partner_id=self.person.id)._opinion()
        invitation.date_end = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self._anonymous()
        for key in (invitation.token, "x", "y" * 40, str(invitation.id)):
            response = self.url_open(f"/opinion/{key}")
            with self.subTest(key):
                self.assertEqual(response.status_code, 404)
                self.assertIn("/complain", response.text)

    def test_printed_code(self):
        """R076, R078, P122: by the code on paper, once a form."""
        survey = self._survey("pulse")
        self._anonymous()
        url = f"/opinion/open/{survey.npo_code}"
        before = self.invitations.search_count([])
        _response, page = self._get(url)
        self.assertEqual(self.invitations.search_count([]), before, "a look is none")
        stamp = page.xpath("//input[@name='stamp']/@value")[0]
        data = {"page": "0", "stamp": stamp, self._first(page): "4"}
        for _twice in range(2):
            self._post(url, data)
        made = self.invitations.search([("source", "=", "qr")])
        self.assertEqual(len(made), 1)
        self.assertFalse(made.partner_id or made.date_sent)
        self.assertEqual(self._measure("response_rate")[0], 0, "nobody was asked")
        for forged in ("", "1.2.3"):
            _response, page = self._post(url, {**data, "stamp": forged})
            self.assertTrue(page.xpath("//*[@role='alert']"))
        self.assertEqual(self.url_open("/opinion/open/x").status_code, 404)

    def test_flood(self):
        """D05: one connection answers so often in an hour, and no more."""
        self.company.npo_posts_per_address = 1
        url = f"/opinion/open/{self._survey('pulse').npo_code}"
        self._anonymous()
        for _number in range(3):
            _response, page = self._get(url)
            stamp = page.xpath("//input[@name='stamp']/@value")[0]
            self._post(url, {"page": "0", "stamp": stamp, self._first(page): "1"})
        self.assertEqual(self.invitations.search_count([("source", "=", "qr")]), 1)

    def test_portal(self):
        """R078: all that ended may be rated, without an invitation."""
        visit = self._done(partner_id=self.partner.id)
        visit._opinion().unlink()
        other = self._done(partner_id=self.person.id)
        _response, page = self._get("/my/opinions")
        self.assertIn(visit.name, page.text_content())
        self.assertNotIn(other.name, page.text_content())
        response, _page = self._post(f"/my/opinions/visits/{visit.id}")
        invitation = visit._opinion()
        self.assertEqual(invitation.source, "portal")
        self.assertIn(invitation.token, response.url)
        self._say(invitation, 5)
        _response, page = self._get("/my/opinions")
        self.assertFalse(page.xpath(f"//form[contains(@action, '/visits/{visit.id}')]"))
        for place in ("visits", "requests", "complaints"):
            response, _page = self._post(f"/my/opinions/{place}/{other.id}")
            self.assertEqual(self._path(response), "/my/opinions")
        self.assertFalse(other._opinion().source)

    def test_portal_window(self):
        """R078: after the window nothing is offered; to leave it changes nothing."""
        visit = self._done(partner_id=self.partner.id)
        self.company.npo_opinion_window_days = 1
        past = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        moments = ("date_arrived", "date_called", "date_started", "date_ended")
        visit.sudo().write(dict.fromkeys(moments, past))
        visit._opinion().unlink()
        self.env.flush_all()
        _response, page = self._get("/my/opinions")
        self.assertNotIn(visit.name, page.text_content())
        self._post(f"/my/opinions/visits/{visit.id}")
        self.assertFalse(visit._opinion())

    def test_home_card(self):
        """R076: the way to rate stands on the home of the portal."""
        _response, page = self._get("/my")
        self.assertTrue(page.xpath("//a[contains(@href, '/my/opinions')]"))

    def test_by_the_request(self):
        """R068: the button of a request that was served leads to the questions."""
        request = self._delivered()
        self.assertTrue(request._portal_may_rate())
        self.assertIn("/opinion/", request._rating_link())
        self._say(request._opinion(), 4)
        self.assertFalse(request._portal_may_rate())
