from odoo import models


class NpoPolicyVersion(models.Model):
    _inherit = "npo.policy.version"

    def action_keeping(self):
        """Open how this version is kept: P002."""
        self.ensure_one()
        keeping = self.env["npo.policy.keeping"]
        keeping._check_reader()
        return keeping._new_page(self)._own_action()
