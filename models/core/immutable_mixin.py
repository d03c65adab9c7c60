from odoo import api, models
from odoo.exceptions import AccessError


class NpoImmutableMixin(models.AbstractModel):
    """A line that stays as it was made: signed, handed in, noted or asked (D03).

    The model's own steps go on in sudo; whoever else changes or deletes it is refused.
    """

    _name = "npo.immutable.mixin"
    _description = "Line That Stays as It Was Made"

    def write(self, vals):
        self._check_immutable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_immutable()

    def _check_immutable(self):
        if not self.env.su:
            raise AccessError(self._immutable_refusal())

    @api.model
    def _immutable_refusal(self):
        """Return why it stays, and what to do instead."""
        raise NotImplementedError
