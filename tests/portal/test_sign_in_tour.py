from unittest.mock import patch

from odoo.tests import tagged

from ..common_browser import BrowserCommon
from .test_sign_in import SignInCommon


@tagged("post_install", "-at_install")
class TestSignInTour(SignInCommon, BrowserCommon):
    """D05: a slip from the officer's press to the person's request, in Arabic."""

    browser_size = "360x780"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        arabic = cls.env.ref("base.lang_ar")
        website = cls.env["website"].search([], limit=1)
        website.write({"language_ids": arabic.ids, "default_lang_id": arabic.id})
        cls.officer.lang = cls.file.lang = "ar_001"

    def test_slip(self):
        """The officer presses; the person signs in on a phone and sees the request."""
        request = self._new_request(self.file)
        self._build_assets(self.officer)
        self._tour(
            f"/odoo/npo.beneficiary/{self.file.id}",
            "npo_officer_gives_access",
            self.officer,
        )
        access = self.env["npo.portal.access"].search(
            [("partner_id", "=", self.file.partner_id.id)]
        )
        self.assertEqual(access.given_by_id, self.officer)
        codes = type(self.env["npo.sign.in.code"])
        with patch.object(codes, "_work_out", lambda *_args: "123456"):
            access.with_user(self.officer).action_new_slip()
        key, _code = self._slip(access)
        self.authenticate(None, None)
        self.start_tour(f"/sign-in/slip/{key}", "npo_person_signs_in")
        self.assertTrue(access.has_password)
        self.assertEqual(request.partner_id, access.user_id.partner_id)
