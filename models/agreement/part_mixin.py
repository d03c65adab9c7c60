from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..core.guards import check_values, is_derived, without_defaults


class NpoAgreementPartMixin(models.AbstractModel):
    """A part of an agreement's terms: open and closed with them.

    The check stands on the part, for a part can be written without its agreement.
    """

    _name = "npo.agreement.part.mixin"
    _description = "Part of an Agreement"

    # Written by the steps alone.
    _step_fields = frozenset()

    agreement_id = fields.Many2one(
        "npo.agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id",
        string="Association",
        store=True,
        precompute=True,
        index=True,
    )

    @api.model
    def _is_guarded(self, name):
        return name in self._step_fields or is_derived(self, name)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            self._check_fields(vals)
        parts = super(
            NpoAgreementPartMixin, without_defaults(self, self._is_guarded)
        ).create(vals_list)
        parts._check_open()
        return parts

    def write(self, vals):
        check_values(self, vals)
        self._check_fields(vals)
        self._check_open()
        result = super().write(vals)
        if "agreement_id" in vals:
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self._check_open()

    def _check_fields(self, names):
        if not self.env.su and any(self._is_guarded(name) for name in names):
            raise AccessError(
                self.env._("This is filled by the steps of the agreement.")
            )

    def _check_open(self):
        """Raise unless the agreement can still be changed by who changes its part."""
        if not self.env.su:
            self.agreement_id.check_access("write")
            self.agreement_id._require_open_terms()
