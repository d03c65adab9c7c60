from odoo import api, models
from odoo.exceptions import AccessError

from .guards import check_values, is_derived, without_defaults
from .reference_mixin import NpoReferenceMixin

TITLE = ("name", "title")


class NpoRegisterMixin(models.AbstractModel):
    """A register: it numbers its lines itself, and what steps write is theirs (D03).

    Whoever else writes what a step fills, or what is worked out, is refused.
    """

    _name = "npo.register.mixin"
    _description = "Register With Steps"
    _inherit = [NpoReferenceMixin._name]

    # Written by the register and the steps alone.
    _step_fields = frozenset({"name", "company_id"})

    @api.depends(lambda self: [name for name in TITLE if name in self._fields])
    def _compute_display_name(self):
        """Call a line of a register by its number and, where it has one, its title."""
        for one in self:
            words = (one[name] for name in TITLE if name in one._fields)
            one.display_name = " · ".join(filter(None, words))

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, self._is_step_field)
        references = self._new_references(vals_list)
        for vals in vals_list:
            check_values(self, vals)
            self._check_step_fields(set(vals) - {"company_id"})
        return super().create(
            [
                {**vals, "name": reference}
                for vals, reference in zip(vals_list, references, strict=True)
            ]
        )

    def write(self, vals):
        check_values(self, vals)
        self._check_step_fields(vals)
        return super().write(vals)

    def _check_step_fields(self, names):
        """Refuse what only a step writes, by whatever way it is written."""
        if not self.env.su and any(map(self._is_step_field, names)):
            raise AccessError(self._step_refusal())

    @api.model
    def _is_step_field(self, name):
        """Tell whether a step fills a field, or it is worked out."""
        return name in self._step_fields or is_derived(self, name)

    def _step_refusal(self):
        """Return why a value is refused that only a step writes."""
        raise NotImplementedError
