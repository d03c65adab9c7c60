from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import identity

# P035: the first digit of a postal code tells the region.
POSTAL_REGIONS = {
    "1": ("riyadh",),
    "2": ("makkah",),
    "3": ("eastern",),
    "4": ("madinah", "tabuk"),
    "5": ("qassim", "hail"),
    "6": ("asir", "najran", "bahah"),
    "7": ("northern_borders", "jawf"),
    "8": ("jazan",),
}


class NpoBeneficiary(models.Model):
    """The national address (P034): street, city and postal code are the contact's."""

    _inherit = "npo.beneficiary"

    building_number = fields.Char(help="Four digits.")
    district = fields.Char()
    additional_number = fields.Char(help="Four digits.")
    address_warning = fields.Char(
        compute="_compute_address_warning", groups="base.group_user"
    )

    @api.depends("zip", "region_id")
    @api.depends_context("lang")
    def _compute_address_warning(self):
        """A postal code of another region is likely a slip, and no more (P035)."""
        for file in self:
            codes = POSTAL_REGIONS.get((file.zip or "")[:1])
            is_odd = file.region_id and codes and file.region_id.code not in codes
            file.address_warning = (
                self.env._("The postal code begins with the digit of another region.")
                if is_odd
                else False
            )

    @api.model
    def _npo_clean_vals(self, vals):
        # EXTENDS npo.beneficiary
        vals = super()._npo_clean_vals(vals)
        checks = {
            "building_number": (identity.check_building_number, 4),
            "additional_number": (identity.check_building_number, 4),
            "zip": (identity.check_postal_code, 5),
        }
        for name, (check, length) in checks.items():
            if vals.get(name):
                try:
                    vals[name] = check(vals[name])
                except identity.IdentityError:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” has %(length)s digits.",
                            field=self._fields[name]._description_string(self.env),
                            length=length,
                        )
                    ) from None
        return vals
