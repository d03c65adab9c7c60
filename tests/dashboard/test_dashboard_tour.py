from odoo.tests import tagged

from ..common import AssociationCommon
from ..common_browser import BrowserCommon


@tagged("post_install", "-at_install")
class TestDashboardTour(AssociationCommon, BrowserCommon):
    """D14: the figures on a phone, in Arabic, each opening its records."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.env.ref("base.module_npo_relations")._update_translations(["ar_001"])

    def test_manager_on_a_phone(self):
        """Another period, another site, then the requests behind their number."""
        request = self._advance(self._new_request(), "verification")
        self.assertEqual(request.site_id, self.site)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE npo_request SET date_deadline = now() - interval '3 days'"
            " WHERE id = %s",
            [request.id],
        )
        request.invalidate_recordset()
        manager = self.users["manager"]
        manager.lang = "ar_001"
        self._build_assets(manager)
        self._tour("/odoo/figures", "npo_dashboard_on_a_phone", manager)

    def test_nobody_without_a_dashboard(self):
        """Who has no dashboard reads why, and what to do."""
        auditor = self.users["auditor"]
        auditor.lang = "ar_001"
        self._tour("/odoo/figures", "npo_dashboard_empty", auditor)
