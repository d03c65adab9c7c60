from odoo import api, fields, models

from .beneficiary import IDENTITY_GROUPS
from .document import HEALTH_GROUP


class NpoDocument(models.Model):
    """The number of a document: shown for a reason, and each time noted (R154, R157).

    The form shows the mask, as of an identity, and takes what is typed in an entry.
    """

    _name = "npo.document"
    _inherit = ["npo.document", "npo.protected.mixin"]

    _protected_fields = frozenset(("number", "restricted_number", "restricted_file"))
    _protected_entries = {"number_entry": "number"}

    number_entry = fields.Char(
        "Number, or the correct one",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=f"{IDENTITY_GROUPS},{HEALTH_GROUP}",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._entered(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._entered(vals))

    def _access_log_name(self):
        # OVERRIDE npo.protected.mixin
        return self.beneficiary_id.file_no or super()._access_log_name()
