from odoo import api, models

from ..spending.fund import NpoFundBudget as BaseBudget


class NpoFundBudget(models.Model):
    """A budget is used up by compensations as well (P069)."""

    _inherit = BaseBudget._name

    def _used(self):
        # EXTENDS: what was granted as a compensation is gone as well
        result = super()._used()
        for budget in self.filtered(lambda line: line.date_from and line.date_to):
            result[budget] += self._compensated(budget)
        return result

    @api.model
    def _compensated(self, budget):
        """Return what compensations took from a budget, in the company's currency."""
        cases = (
            self.env["npo.compensation"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("fund_id", "=", budget.fund_id._origin.id),
                    ("date_approved", ">=", budget.date_from),
                    ("date_approved", "<=", budget.date_to),
                ]
            )
        )
        return sum(
            case.currency_id._convert(
                case.amount_approved,
                budget.currency_id,
                budget.company_id,
                case.date_approved,
            )
            for case in cases
        )
