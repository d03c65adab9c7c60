from odoo import api, fields, models

from ..core.classified_mixin import LEVELS
from .document import NpoDocument as Base


class NpoDocument(models.Model):
    """What a person hands in is confidential; what tells of health is secret (R157).

    Its file lies in a column that the readers of health alone may read (P013).
    """

    _inherit = Base._name

    classification = fields.Selection(LEVELS, compute="_compute_classification")

    @api.depends("is_restricted")
    def _compute_classification(self):
        for document in self:
            level = "secret" if document.is_restricted else "confidential"
            document.classification = level
