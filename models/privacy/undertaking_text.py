from odoo import api, fields, models

from ..core.text_version_mixin import NpoTextVersionMixin

KINDS = [
    ("confidentiality", "Confidentiality undertaking"),
    ("ethics", "Code of ethics"),
]


class NpoUndertakingText(models.Model):
    """One version of what staff and volunteers undertake, fixed once signed (R156)."""

    _name = "npo.undertaking.text"
    _description = "Text of an Undertaking"
    _inherit = [NpoTextVersionMixin._name]
    _order = "kind, date_from desc, version desc"

    _version_of = "kind"
    _used_by = "npo.undertaking"

    kind = fields.Selection(KINDS, required=True, default="confidentiality")

    _version_uniq = models.UniqueIndex("(kind, COALESCE(company_id, 0), version)")

    @api.depends("kind", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = self.env._(
                "%(kind)s, version %(version)s",
                kind=kinds.get(line.kind, ""),
                version=line.version,
            )
