from odoo import api, fields, models

from ..core.classified_mixin import LEVELS
from .agreement import NpoAgreement as Base


class NpoAgreement(models.Model):
    """How far an agreement is told (R157).

    A secret one, with its parts and its files, is for the legal adviser, the general
    manager and who is responsible for it; others meet its number, never its subject.
    """

    _inherit = Base._name

    classification = fields.Selection(
        LEVELS,
        required=True,
        default="internal",
        tracking=True,
    )

    @api.depends("classification")
    def _compute_display_name(self):
        # EXTENDS: the name is shown to whoever reads what points to it
        super()._compute_display_name()
        for agreement in self.filtered(lambda one: one.classification == "secret"):
            agreement.display_name = agreement.name

    def write(self, vals):
        # EXTENDS: who may tell it further is for few to say
        if "classification" in vals and not self.env.su:
            self._require_role("legal_adviser", "general_manager")
        return super().write(vals)
