from odoo import api, models

from ..spending.authority import NpoAuthorityLine as Base

# ⚖ Up to where who approves a compensation, where the association says nothing else.
BANDS = [
    (0, 5000, "compensation_approver"),
    (5000, 20000, "general_manager"),
    (20000, 0, "board"),
]


class NpoAuthorityLine(models.Model):
    _inherit = Base._name

    @api.model
    def _for(self, company, kind, amount):
        # EXTENDS: the bands of the product, until the association has its own
        if kind == "compensation":
            self._propose_bands(company)
        return super()._for(company, kind, amount)

    @api.model
    def _propose_bands(self, company):
        """Give an association the proposed bands for compensations, once (P066)."""
        lines = self.sudo().with_context(active_test=False)
        own = [("company_id", "=", company.id), ("kind", "=", "compensation")]
        if not lines.search_count(own, limit=1):
            lines.create(
                [
                    {
                        "company_id": company.id,
                        "kind": "compensation",
                        "amount_from": start,
                        "amount_to": end,
                        "approver": approver,
                    }
                    for start, end, approver in BANDS
                ]
            )
