from odoo import models

from .guards import REFUSED


class IrDefault(models.Model):
    """Everybody may keep defaults of their own; some are not theirs to choose."""

    _inherit = "ir.default"

    def _get_model_defaults(self, model_name, condition=False):
        # EXTENDS base: without what only a step writes (`without_defaults`)
        defaults = super()._get_model_defaults(model_name, condition)
        refused = self.env.context.get(REFUSED)
        if not refused or not defaults:
            return defaults
        return {
            name: value
            for name, value in defaults.items()
            if (model_name, name) not in refused
        }
