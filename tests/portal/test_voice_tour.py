from odoo.tests import tagged

from .test_voice_pages import VoicePagesCommon


@tagged("post_install", "-at_install")
class TestVoiceTour(VoicePagesCommon):
    """R150, P093: somebody unknown on a phone, in Arabic: 360 pixels."""

    browser_size = "360x780"
    touch_enabled = True

    def test_complaint(self):
        """From the service centre to number and code, and to the thread by them."""
        self.env["res.lang"]._activate_lang("ar_001")
        website = self.env["website"].search([], limit=1)
        arabic = self.env.ref("base.lang_ar")
        website.write({"language_ids": arabic.ids, "default_lang_id": arabic.id})
        self.start_tour("/service-centre", "npo_voice_complaint")
        complaint = self._newest()
        self.assertTrue(complaint.is_anonymous)
        said = complaint.message_ids.sorted("id")[-1:]
        self.assertIn("كان ذلك يوم الأحد", said.body)
