from odoo import api, models


class ResPartnerBank(models.Model):
    """An account that is validated lets the bills that waited for it go on (P067)."""

    _inherit = "res.partner.bank"

    @api.model_create_multi
    def create(self, vals_list):
        banks = super().create(vals_list)
        banks._npo_follow(banks.partner_id)
        return banks

    def write(self, vals):
        owners = self.partner_id
        result = super().write(vals)
        if {"allow_out_payment", "partner_id", "active"} & set(vals):
            self._npo_follow(owners | self.partner_id)
        return result

    @api.model
    def _npo_follow(self, owners):
        payouts = (
            self.env["npo.payout"]
            .sudo()
            .search(
                [
                    ("payee_id", "in", owners.ids),
                    ("state", "in", ("to_check", "to_post")),
                ]
            )
        )
        payouts._take_accounts()
        payouts._follow()
