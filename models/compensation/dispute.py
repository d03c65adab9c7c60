from odoo import models

from ..agreement.dispute import NpoDispute as Base


class NpoDispute(models.Model):
    _inherit = Base._name

    def write(self, vals):
        # EXTENDS: what waited for a final judgment goes on with it (R141)
        result = super().write(vals)
        if vals.get("judgment_is_final"):
            cases = self.sudo().compensation_ids
            cases.filtered(lambda case: case.stage_code == "suspended")._resume()
        return result
