from odoo import api, models

from ..core.guards import check_values


class NpoCompensationPartMixin(models.AbstractModel):
    """A part of a case that its steps alone write, as superuser."""

    _name = "npo.compensation.part.mixin"
    _description = "Part of a Compensation Case"

    def _require_step(self):
        """Raise where anybody else writes it, and say what to do instead."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        self._require_step()
        return super().create(vals_list)

    def write(self, vals):
        self._require_step()
        check_values(self, vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_step(self):
        self._require_step()
