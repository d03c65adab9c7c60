from odoo import models

# The terms in words, in the order in which they are printed.
TERMS = (
    "summary",
    "scope",
    "confidentiality_terms",
    "data_terms",
    "ip_terms",
    "not_amicable_reason",
)


class NpoAgreement(models.Model):
    """The agreement on paper."""

    _inherit = "npo.agreement"

    def _print_label(self, name, record=None):
        """Return how a choice of the agreement, or of a part of it, is called."""
        record = self if record is None else record
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")

    def _print_terms(self):
        """Return (heading, text) of the terms that are written."""
        return [
            (self._fields[name]._description_string(self.env), self[name])
            for name in TERMS
            if (self[name] or "").strip()
        ]
