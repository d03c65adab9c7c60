from odoo.tests import tagged

from ..common_browser import BrowserCommon
from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestTaskTour(CentreCommon, BrowserCommon):
    """R170: the page of the tasks opens its evidence, in Arabic and by hand."""

    def test_evidence(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.company.npo_service_vision = "خدمة تحفظ الكرامة"
        self.env["npo.objective"].create(
            {
                "name": "طلبات كثيرة",
                "kpi_id": self.env.ref("npo_relations.kpi_requests_received").id,
                "target": 1,
                "company_id": self.company.id,
            }
        )
        centre = self.users["centre"]
        centre.lang = "ar_001"
        self.env["npo.page.review"].with_user(centre).create(
            {"note": "موعد رمضان قديم", "company_id": self.company.id}
        )
        self._build_assets(centre)
        self._tour("/odoo/centre-tasks", "npo_centre_tasks", centre)
