from odoo.tests import tagged

from ..common_browser import BrowserCommon
from .test_console import VoiceCommon


@tagged("post_install", "-at_install")
class TestConsoleTour(VoiceCommon, BrowserCommon):
    """R201, R206: what the centre follows up, at its screens, in Arabic."""

    def test_console(self):
        """R206: many are reminded at once; one task each; then the numbers."""
        self.env["res.lang"]._activate_lang("ar_001")
        chief = self.users["chief"]
        chief.lang = "ar_001"
        cases = [
            self._new_case(kind, title=f"عنوان {kind}")
            for kind in ("inquiry", "complaint", "suggestion")
        ]
        for case in cases:
            case.user_id = self.officer
        self._build_assets(chief)
        self._tour("/odoo/console", "npo_centre_console", chief)
        reminders = self.env["npo.reminder"].search([("kind", "=", "centre")])
        self.assertEqual(
            {(one.res_model, one.res_id, one.user_id) for one in reminders},
            {(case._name, case.id, self.officer) for case in cases},
        )
