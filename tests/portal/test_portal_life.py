import re
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalLife(PortalCommon):
    """R053, D05: the life of a request, followed and rated with or without account."""

    def _track(self, reference, digits, code=""):
        _response, page = self._post(
            "/track", {"reference": reference, "digits": digits, "code": code}
        )
        return page

    def _assert_found(self, page, request):
        sentence = request.with_context(lang="ar_001").portal_sentence
        self.assertEqual(page.find_class("o_npo_sentence")[0].text_content(), sentence)

    def _assert_not_found(self, page):
        self.assertFalse(page.find_class("o_npo_sentence"))
        self.assertTrue(page.get_element_by_id("npo_errors").text_content().strip())

    def _anonymous(self):
        self.authenticate(None, None)

    def _sent_code(self):
        """Return the code that was mailed last."""
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        return re.search(r"<b>(\d{6})</b>", mail.body_html)[1]

    # ------------------------------------------------------------
    # WITHOUT AN ACCOUNT
    # ------------------------------------------------------------

    def test_track(self):
        """R053, D05: number and mobile show the stage, and nothing of the person.

        Nothing can be sent to who has no e-mail.
        """
        request = self._sent_request()
        self.partner.email = False
        self._anonymous()
        page = self._track(request.name.lower(), "٤٥٦٧")
        self._assert_found(page, request)
        for secret in (
            self.partner.name,
            request.description,
            "1000000008",
            "0501234567",
            request.service_id.name,
        ):
            self.assertNotIn(secret, page.text_content())

    def test_track_code(self):
        """D05: who has an e-mail types the code sent there, once; the log masks it."""
        request = self._sent_request()
        self._anonymous()
        page = self._track(request.name, "4567")
        self.assertFalse(page.find_class("o_npo_sentence"))
        self.assertFalse(page.xpath("//*[@id='npo_errors']"))
        self.assertTrue(page.get_element_by_id("code") is not None)
        code = self._sent_code()
        message = request.message_log_ids.sorted("id")[-1:]
        self.assertEqual(message.state, "sent")
        self.assertNotIn(code, message.body)
        wrong = str((int(code) + 1) % 10**6).zfill(6)
        self._assert_not_found(self._track(request.name, "4567", wrong))
        self._assert_found(self._track(request.name, "4567", code), request)
        self._assert_not_found(self._track(request.name, "4567", code))

    def test_track_code_ends(self):
        """D05: a code is good for minutes, and a few are sent in an hour."""
        request = self._sent_request()
        self._anonymous()
        mails = self.env["mail.mail"].search_count([])
        for _time in range(5):
            self._track(request.name, "4567")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + 3)
        code = self._sent_code()
        minutes = 2 * self.company.npo_code_minutes + 1
        with freeze_time(datetime.now() + timedelta(minutes=minutes)):
            tracking = self.env["npo.tracking"]
            self.assertFalse(tracking._is_code(request, code))
        self.assertTrue(tracking._is_code(request, code))

    def test_track_draft(self):
        """D05: what was not sent in is not there."""
        draft = self._filled_draft()
        self._anonymous()
        self._assert_not_found(self._track(draft.name, "4567"))

    def test_track_locked(self):
        """D05: five wrong codes lock the number for a while; then it opens again."""
        request = self._sent_request()
        self.partner.email = False
        self._anonymous()
        for _try in range(5):
            self._assert_not_found(self._track(request.name, "0000"))
        self._assert_not_found(self._track(request.name, "4567"))
        attempts = self.env["npo.flood.guard"].search([])
        self.assertNotIn(request.name, str(attempts.mapped("key")))
        for attempt in attempts:
            attempt.date_end -= timedelta(minutes=self.company.npo_tracking_wait + 1)
        self._assert_found(self._track(request.name, "4567"), request)

    def test_track_hostile(self):
        """D05: an empty, long or odd input finds nothing and breaks nothing."""
        request = self._sent_request()
        self._anonymous()
        for reference, digits in (
            ("", ""),
            (request.name, ""),
            (request.name, "567"),
            (request.name, "%%%%"),
            (request.name, "كود٤"),
            (request.name, "\x00\x01"),
            ("INQ/\x00", "4567"),
            ("%", "4567"),
            ("x" * 5000, "4567"),
            ("'; DROP TABLE npo_request; --", "4567"),
        ):
            with self.subTest(reference[:20]):
                self._assert_not_found(self._track(reference, digits))
            self.env["npo.flood.guard"].search([]).unlink()

    # ------------------------------------------------------------
    # RATING
    # ------------------------------------------------------------

    def _delivered(self):
        request = self._sent_request("delivery")
        request.with_user(self.users["deliverer"])._deliver(
            {
                "amount": 12000,
                "date": self.company._npo_today(),
                "receipt_method": "signature",
            }
        )
        return request

    def test_rate(self):
        """D04: rated once, by the code of the link, without an account."""
        self.partner.lang = "en_US"
        request = self._delivered()
        rating = self.env["npo.rating"].search([("request_id", "=", request.id)])
        message = request.message_log_ids.sorted("id")[-1:]
        self.assertIn(request._opinion().token, message._mail_body())
        self._anonymous()
        url = f"/rate/{rating.token}"
        _response, page = self._get(url)
        self.assertNotIn(self.partner.name, page.text_content())
        self._post(url, {"rating": "9"})
        self.assertFalse(rating.date_rated)
        self._post(url, {"rating": "4", "comment": "Kind people."})
        self._post(url, {"rating": "1", "comment": "Changed my mind."})
        self.assertEqual((rating.rating, rating.comment), (4, "Kind people."))
        response = self.url_open("/rate/x", allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))

    def test_rating_hidden(self):
        """D04: a rating is not shown to who delivered, nor written by anybody."""
        request = self._delivered()
        rating = self.env["npo.rating"]._ask(request)
        rating._rate(2, "Late.")
        manager = self.users["manager"]
        self.assertTrue(rating.with_user(manager).search([]))
        for who in ("officer", "centre"):
            self.assertFalse(rating.with_user(self.users[who]).search([]), "R079")
        rating.deliverer_ids += manager
        self.assertFalse(rating.with_user(manager).search([]))
        for who in ("deliverer", "member", "researcher"):
            with self.subTest(who), self.assertRaises(AccessError):
                rating.with_user(self.users[who]).read(["comment"])
        with self.assertRaises(AccessError):
            rating.with_user(self.users["manager"]).write({"rating": 5})

    # ------------------------------------------------------------
    # WITH AN ACCOUNT
    # ------------------------------------------------------------

    def test_life(self):
        """R053: who has it, what next, what was received, and the receipt."""
        request = self._sent_request("data_entry")
        _response, page = self._get(f"/my/requests/{request.id}")
        self.assertEqual(len(page.find_class("o_npo_life")), 3)
        self.assertNotIn(self.officer.name, page.text_content())

    def test_received(self):
        """R053: after the delivery: its receipt and the way to rate it, for its own."""
        request = self._delivered()
        delivery = request.delivery_ids
        url = f"/my/requests/{request.id}"
        _response, page = self._get(url)
        self.assertTrue(page.xpath(f"//a[contains(@href, '{url}/rate')]"))
        response = self.url_open(f"{url}/receipt/{delivery.id}")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        response, _page = self._get(f"{url}/receipt/999999")
        self.assertEqual(self._path(response), url)
        self._log_in(self.stranger)
        for path in ("rate", f"receipt/{delivery.id}", "attestation"):
            response, _page = self._get(f"{url}/{path}")
            with self.subTest(path):
                self.assertEqual(self._path(response), "/my")

    def test_verify(self):
        """Glossary 11.2: anybody verifies an attestation; nothing of a person shows."""
        request = self._sent_request()
        request.beneficiary_id._register_file()
        paper = self.env["npo.attestation"]._issue(request)
        self._anonymous()
        _response, page = self._get(f"/verify/{paper.token}")
        text = page.text_content()
        self.assertIn(paper.name, text)
        self.assertTrue(page.xpath("//p[@data-state='valid']"))
        for secret in (self.partner.name, request.beneficiary_id.file_no, request.name):
            self.assertNotIn(secret, text)
        paper.with_user(self.officer).action_revoke()
        _response, page = self._get(f"/verify/{paper.token}")
        self.assertTrue(page.xpath("//p[@data-state='revoked']"))
        _response, page = self._get("/verify/nothing")
        self.assertFalse(page.xpath("//p[@data-state]"))

    def test_size(self):
        """Performance: the page of a finished request stays below 40 kB."""
        request = self._delivered()
        response, _page = self._get(f"/my/requests/{request.id}")
        self.assertLessEqual(len(response.content), 40_000)
