from odoo import api, models

from ..models.policy.profile import PROFILES
from .demo_loader import ARABIC, MODULE, QUIET
from .measuring import NpoDemo as Base

NOTES = "ارتفع عدد الشكاوى الواردة عن البوابة الإلكترونية، وبقي زمن الرد ضمن المدة."
ADVICE = (
    "الاستمرار في تدريب موظفي الاستقبال، ومتابعة الشكاوى التي لم يُتخذ بشأنها إجراء."
)


class NpoDemo(models.AbstractModel):
    """Reports of last month: one that was approved, one that waits to be answered."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS: once there is what they tell of
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        for code in PROFILES:
            company = demo._find(f"demo_company_{code}")
            if company:
                demo.with_company(company)._load_reports(code, company)
                demo.env["npo.kpi.value"]._keep_months(company)

    def _load_reports(self, code, company):
        """Let the centre prepare its reports, and the manager answer one of them."""
        runs = self.env["npo.report.run"]
        if runs.search_count([("company_id", "=", company.id)], limit=1):
            return
        centre = self._find(f"demo_user_centre_{code}")
        manager = self._find(f"demo_user_manager_{code}")
        allowed = {"allowed_company_ids": company.ids}
        kinds = [
            self.env.ref(f"{MODULE}.report_type_{name}")
            for name in ("complaints_stats", "requests_report", "satisfaction_report")
        ]
        own = runs.with_user(centre).with_context(**allowed)
        made = own.create(
            [{"type_id": kind.id, "company_id": company.id} for kind in kinds]
        )
        made.action_fill()
        made[0].write({"notes": NOTES, "recommendations": ADVICE})
        made[:2].action_submit()
        made[0].with_user(manager).action_approve()
