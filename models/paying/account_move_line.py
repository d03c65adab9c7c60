from odoo import api, models


class AccountMoveLine(models.Model):
    """A line of a payment order's bill is kept with its bill (D01)."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"].browse({vals["move_id"] for vals in vals_list})
        with moves._npo_kept():
            return super().create(vals_list)

    def write(self, vals):
        with self.move_id._npo_kept() as touch:
            result = super().write(vals)
            touch(self.move_id)
        return result

    def unlink(self):
        with self.move_id._npo_kept():
            return super().unlink()
