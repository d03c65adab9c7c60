from odoo.tests import tagged

from ..common_browser import WebCommon
from .test_policy_read import ReadCommon


@tagged("post_install", "-at_install")
class TestPolicyReadTour(ReadCommon, WebCommon):
    """The governance officer reads a policy at the screen, in a real browser."""

    def test_read(self):
        """R001–R019: paste, see text and proposal side by side, make a draft."""
        self.env["res.lang"]._activate_lang("ar_001")
        self.governor.lang = "ar_001"
        self.start_tour(
            "/odoo/read-policy", "npo_policy_read", login=self.governor.login
        )
        version = self.env["npo.policy.version"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(version.state, "draft", version)
        self.assertEqual(version.reply_max_value, 30)
        self.assertTrue(version.clause_ids)
