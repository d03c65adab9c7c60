from odoo import api, fields, models

from ...tools import identity
from .beneficiary import IDENTITY_GROUPS
from .identity_checks import check_iban


class NpoAssessment(models.Model):
    """The account of the owner of a rented home, masked as any IBAN (R154, R157)."""

    _name = "npo.assessment"
    _inherit = ["npo.assessment", "npo.protected.mixin"]

    _protected_fields = frozenset(("owner_iban",))
    # of the part that only its readers open (P013): that it was opened is on record
    _health_fields = frozenset(("family_problems",))
    _protected_entries = {"owner_iban_entry": "owner_iban"}

    owner_iban = fields.Char(
        "Owner's IBAN", groups=IDENTITY_GROUPS, search="_search_owner_iban"
    )
    owner_iban_masked = fields.Char(
        "Owner's IBAN (masked)",
        compute="_compute_owner_iban_masked",
        compute_sudo=True,
        groups=IDENTITY_GROUPS,
    )
    owner_iban_entry = fields.Char(
        "Owner's IBAN (to enter)",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=IDENTITY_GROUPS,
    )

    @api.depends("owner_iban")
    def _compute_owner_iban_masked(self):
        for assessment in self:
            assessment.owner_iban_masked = identity.mask(assessment.owner_iban) or False

    @api.model
    def _search_owner_iban(self, operator, value):
        return self._search_exact("owner_iban", operator, value)

    @api.constrains("owner_iban")
    def _check_owner_iban(self):
        for assessment in self.sudo().filtered("owner_iban"):
            check_iban(self.env, assessment.owner_iban)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._entered(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._entered(vals))
