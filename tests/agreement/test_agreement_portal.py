from odoo.tests import tagged

from ..portal.common import PortalCommon
from .common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementPortal(AgreementCommon, PortalCommon):
    """R031, R149: a party reads, signs and follows here; to others nothing exists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.parent_id = cls.supplier

    def _page_text(self, url):
        _response, page = self._get(url)
        return page.text_content()

    def test_agreement(self):
        """R031: the agreement in plain words, signed once, its clarifications."""
        draft = self._draft(title="Not yours to see")
        agreement = self._approved()
        text = self._page_text("/my/agreements")
        self.assertIn(agreement.name, text)
        self.assertNotIn(draft.title, text)
        url = f"/my/agreements/{agreement.id}"
        _response, page = self._get(url)
        self.assertTrue(page.xpath("//canvas"))
        self.assertIn("They bring the baskets", page.text_content())
        _response, page = self._post(url, {"typed_name": "Somebody Else"})
        errors = page.get_element_by_id("npo_errors").text_content()
        self.assertIn(self.partner.name, errors)
        for _press in range(2):
            _response, page = self._post(url, {"typed_name": self.partner.name})
        self.assertFalse(page.xpath("//canvas"))
        party = agreement.party_ids.filtered(
            lambda one: one.partner_id == self.supplier
        )
        self.assertEqual(party.signed_by_id, self.partner)
        self.env["npo.agreement.clarification"].create(
            {
                "agreement_id": agreement.id,
                "question": "Which store?",
                "answer": "The one in the north.",
            }
        )
        self.assertIn("The one in the north.", self._page_text(url))
        response = self.url_open(f"{url}/print")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.url_open(f"{url}/file").status_code, 404)

    def test_versions_and_file(self):
        """R031: both versions are there for the party, and the signed copy."""
        agreement = self._active()
        url = f"/my/agreements/{agreement.id}"
        self.assertEqual(self.url_open(f"{url}/file").content, b"%PDF-1.4 signed")
        version = self._active(agreement._new_version().with_user(self.officer))
        _response, page = self._get(url)
        self.assertTrue(page.xpath(f"//a[@href='/my/agreements/{version.id}']"))

    def test_dispute(self):
        """R149: the steps, the next meeting, the deed to read and to sign."""
        dispute = self._dispute()
        dispute.action_begin()
        dispute.meeting_ids.create(
            {
                "dispute_id": dispute.id,
                "place": "Our office in Riyadh",
                "date": "2099-01-01 08:00:00",
            }
        )
        url = f"/my/disputes/{dispute.id}"
        self.assertIn(dispute.name, self._page_text("/my/disputes"))
        text = self._page_text(url)
        self.assertIn("Our office in Riyadh", text)
        self.assertNotIn("They came ten days late", text)
        self.assertEqual(self.url_open(f"{url}/deed").status_code, 404)
        dispute._offer_deed("They pay back 500.", 500)
        _response, page = self._get(url)
        [terms] = page.xpath("//input[@name='terms']/@value")
        data = {"typed_name": self.partner.name, "terms": "x"}
        _response, page = self._post(url, data)
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self._post(url, {**data, "terms": terms})
        self.assertEqual(dispute.party_signed_by_id, self.partner)
        response = self.url_open(f"{url}/deed")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")

    def test_stranger(self):
        """To whom it does not concern, and before it is theirs, there is nothing."""
        agreement = self._active()
        draft = self._draft()
        dispute = self._dispute(agreement)
        urls = [
            f"/my/agreements/{draft.id}",
            "/my/agreements/999999999",
            "/my/disputes/999999999",
        ]
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 404, url)
        self._log_in(self.stranger)
        urls += [
            f"/my/agreements/{agreement.id}",
            f"/my/agreements/{agreement.id}/print",
            f"/my/agreements/{agreement.id}/file",
            f"/my/disputes/{dispute.id}",
            f"/my/disputes/{dispute.id}/deed",
        ]
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 404, url)
            response, _page = self._post(url, {"typed_name": "x"})
            self.assertIn(response.status_code, (404, 405), url)
        for url in ("/my/agreements", "/my/disputes"):
            text = self._page_text(url)
            self.assertNotIn(agreement.name, text)
            self.assertNotIn(dispute.name, text)
        self.authenticate(None, None)
        response = self.url_open(f"/my/agreements/{agreement.id}")
        self.assertIn("/web/login", response.url)
