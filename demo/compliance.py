from datetime import timedelta

from odoo import models

from .demo_loader import NpoDemo as Base

# What was met this week, and what management finds overdue.
MET, OVERDUE = "undertakings", "privacy_notice"
SHOWN_BY = "قائمة التعهدات الموقعة محفوظة في سجل التعهدات."


class NpoDemo(models.AbstractModel):
    """An obligation that was met, and one that is overdue (R155)."""

    _inherit = Base._name

    def _load_centre(self, code, company):
        # EXTENDS: beside what people said
        super()._load_centre(code, company)
        self._load_obligations(code, company)

    def _load_obligations(self, code, company):
        """Give the governance officer two of the obligations that are proposed."""
        name = f"demo_fulfilment_{code}"
        if self._find(name):
            return
        company.with_context(lang="en_US")._npo_load_obligations()
        owner = self._find(f"demo_user_governance_{code}")
        found = self.env["npo.compliance.obligation"].search(
            [("company_id", "=", company.id), ("code", "in", (MET, OVERDUE))]
        )
        today = company._npo_today()
        found.user_id = owner
        overdue = found.filtered(lambda one: one.code == OVERDUE)
        overdue.date_due = today - timedelta(days=12)
        met = self.env["npo.compliance.fulfilment"].with_user(owner)
        line = met.with_company(company).create(
            {
                "obligation_id": (found - overdue).id,
                "date_met": today - timedelta(days=3),
                "note": SHOWN_BY,
            }
        )
        self._name_records({name: line})
