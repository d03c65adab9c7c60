from odoo import api, models

from ..core.duty import NpoDuty as CoreDuty


class NpoDuty(models.Model):
    """Who enters a bill and who pays it (P066)."""

    _name = CoreDuty._name
    _inherit = [CoreDuty._name]

    @api.model
    def _conflicting(self, duty, records):
        # EXTENDS npo.duty: an association may let one person post and pay
        excluded = super()._conflicting(duty, records)
        if all(records.sudo().company_id.mapped("npo_post_pay_apart")):
            return excluded
        return [other for other in excluded if {duty, other} != {"post", "pay"}]
