from odoo import api, models
from odoo.fields import Domain

from ...tools.identity import mask
from ...tools.workbook import Column, hijri_text
from .beneficiary import CATEGORY_GROUPS, IDENTITY_GROUPS

# ⚖ A list of persons that somebody takes out of the house has an end.
MAX_EXPORT = 20_000


class NpoBeneficiary(models.Model):
    """Export with masks, by the role of who takes it (issue 4, R162)."""

    _inherit = "npo.beneficiary"

    def action_export_masked(self):
        """Offer the files as a sheet; numbers in full are in none of them."""
        exports = self.env["npo.register.export"]
        exports._check_exporter(self)
        return exports._offer(self, Domain("id", "in", self.ids), MAX_EXPORT)

    @api.model
    def _register_columns(self):
        """Return (columns, what reads them of a file) for the role of the user.

        Who verifies persons reads phones and days of birth; all others the year and
        the last digits. Categories are for those who may read them.
        """
        _, user = self.env._, self.env.user
        verifies = self.env.su or user.has_groups(IDENTITY_GROUPS)
        states = dict(self._fields["state"]._description_selection(self.env))

        def phone(file):
            return file.phone if verifies else mask(file.phone, 3)

        def born(file):
            if verifies or not file.birth_date:
                return file.birth_date
            return str(file.birth_date.year)

        columns = [
            (Column(_("File number"), 18), lambda file: file.file_no),
            (Column(_("Name"), 32), lambda file: file.name),
            (Column(_("State"), 18), lambda file: states[file.state]),
            (Column(_("Identity (masked)"), 16), lambda file: file.identity_masked),
            (Column(_("Phone"), 18), phone),
            (Column(_("Born"), 14), born),
            (Column(_("City"), 18), lambda file: file.city),
            (Column(_("Site"), 20), lambda file: file.site_id.sudo().name),
        ]
        for title, name in (
            (_("Registered on"), "date_registered"),
            (_("To be renewed on"), "date_renewal"),
        ):
            columns.append((Column(title, 14), lambda file, name=name: file[name]))
            columns.append(
                (
                    Column(_("%s (Hijri)", title), 14, is_hijri=True),
                    lambda file, name=name: file[name] and hijri_text(file[name]),
                )
            )
        if self.env.su or user.has_groups(CATEGORY_GROUPS):
            columns.append(
                (
                    Column(_("Main category"), 22),
                    lambda file: file.primary_category_id.sudo().name,
                )
            )
        return [column for column, _read in columns], [read for _c, read in columns]
