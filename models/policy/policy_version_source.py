import hashlib

from odoo import fields, models


class NpoPolicyVersionSource(models.Model):
    """The association's own text, which a version was read from."""

    _inherit = "npo.policy.version"

    source_file = fields.Binary("Text it was read from", attachment=True, copy=False)
    source_file_name = fields.Char(copy=False)
    source_digest = fields.Char(copy=False, index="btree_not_null", readonly=True)

    def _digest(self, text):
        """Return what tells a text from another; blanks make no difference."""
        return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
