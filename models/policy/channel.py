from odoo import models


class NpoChannel(models.Model):
    _inherit = "npo.channel"

    def write(self, vals):
        if "active" in vals:
            self.env.registry.clear_cache()  # npo.policy.version._allowed_channel_ids
        return super().write(vals)
