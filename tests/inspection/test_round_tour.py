from odoo.fields import Command
from odoo.tests import tagged

from ..common import AssociationCommon
from ..common_browser import BrowserCommon


@tagged("post_install", "-at_install")
class TestRoundTour(AssociationCommon, BrowserCommon):
    """R194–R199: at 360 px, from a round to the answer of the general manager."""

    profile = "harfa"
    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.env.ref("base.module_npo_relations")._update_translations(["ar_001"])
        cls.env["npo.checklist"].create(
            {
                "name": "المسح الميداني",
                "kind": "field_survey",
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create({"section": section, "name": name})
                    for section, name in (
                        ("general_order", "نظافة الاستقبال"),
                        ("instructions_clarity", "لوحات الإرشاد"),
                        ("workflow_supervision", "الأنظمة تعمل"),
                        ("workflow_supervision", "الخدمات المساندة"),
                    )
                ],
            }
        )
        cls.site.name = "المقر الرئيس"

    def test_round_on_a_phone(self):
        """The round, the emergency, its report; then the manager's approval."""
        one = self.env["npo.inspection"].create(
            {"company_id": self.company.id, "site_id": self.site.id}
        )
        inspector, manager = self.users["centre"], self.users["manager"]
        (inspector | manager).lang = "ar_001"
        self._build_assets(inspector)
        self._tour("/odoo/field-survey", "npo_round_on_a_phone", inspector)
        self.assertEqual(one.state, "done")
        self.assertEqual(one.line_ids.mapped("result"), ["ok", "ok", "not_ok", "na"])
        report = one.line_ids.action_ids.report_ids
        self.assertEqual(report.submission_state, "submitted")
        self.assertTrue(report.is_in_time)
        self._tour("/odoo/my-work", "npo_manager_reads_emergency", manager)
        self.assertEqual(report.submission_state, "approved")
        self.assertEqual(report.answered_by, manager)
