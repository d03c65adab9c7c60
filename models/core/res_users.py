from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    npo_site_ids = fields.Many2many(
        "npo.site",
        "npo_site_delegate_rel",
        "user_id",
        "site_id",
        string="Sites as a delegate",
    )

    def write(self, vals):
        if "npo_site_ids" in vals:
            self.env.registry.clear_cache()  # a record rule reads them
        return super().write(vals)
