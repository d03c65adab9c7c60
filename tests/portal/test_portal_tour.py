from odoo.tests import tagged

from .common import ABOUT, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalTour(PortalCommon):
    """A beneficiary on a phone, in Arabic: 360 pixels, right to left (R062)."""

    browser_size = "360x780"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("ar_001")
        website = self.env["website"].search([], limit=1)
        website.language_ids |= self.env.ref("base.lang_ar")
        self.portal_user.lang = "ar_001"
        self.login = self.portal_user.login

    def test_apply_and_track(self):
        """From the home page to the page that follows the request."""
        self.start_tour("/my", "npo_portal_request", login=self.login)
        request = self.env["npo.request"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(request.stage_code, "new")
        self.assertEqual(request.beneficiary_id.identity_number, "1000000008")
        self.assertEqual(request.partner_id.name, ABOUT["name"])

    def test_consents(self):
        """D18: agreeing and withdrawing on a phone, one press each."""
        self.start_tour("/my", "npo_portal_consents", login=self.login)
        consent = self.env["npo.consent"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(consent.purpose_id.code, "survey")
        self.assertFalse(consent.is_current)

    def test_sign(self):
        """A signature drawn with the finger becomes the declaration."""
        request = self._sent_request("declaration")
        self.start_tour("/my", "npo_portal_sign", login=self.login)
        self.assertTrue(request.declaration_id.signature)
