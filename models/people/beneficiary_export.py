import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...tools.identity import mask
from ...tools.spreadsheet import Sheet, neutralised, write_workbook
from .beneficiary import CATEGORY_GROUPS, IDENTITY_GROUPS

EXPORT_GROUP = "base.group_allow_export"
# ⚖ A list that somebody takes out of the house has an end.
MAX_EXPORT = 20_000
CHUNK = 2000


class NpoBeneficiaryExport(models.TransientModel):
    """A list of files to take along, with masks by the role of who takes it (R162)."""

    _name = "npo.beneficiary.export"
    _description = "Masked Export of Files"

    file = fields.Binary(readonly=True, attachment=True)
    file_name = fields.Char(readonly=True)


class NpoBeneficiary(models.Model):
    """Export with masks (issue 4, R162)."""

    _inherit = "npo.beneficiary"

    def action_export_masked(self):
        """Offer the files as a sheet; numbers in full are in none of them."""
        if not self.env.su and not self.env.user.has_group(EXPORT_GROUP):
            raise AccessError(self.env._("Your role does not export lists."))
        self.check_access("read")
        content = self._masked_workbook()
        self._log_list()
        form = self.env["npo.beneficiary.export"].sudo()  # sudo: made for this user
        form = (
            form.with_user(self.env.user)
            .sudo()
            .create(
                {
                    "file": base64.b64encode(content),
                    "file_name": self.env._("Files.xlsx"),
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/npo.beneficiary.export/{form.id}/file"
            "?download=true&filename_field=file_name",
            "target": "download",
        }

    def _log_list(self):
        """Note what was taken along: one line for each association, with the count."""
        for company, files in self[:MAX_EXPORT].grouped("company_id").items():
            self.env["npo.access.log"]._log_whole(
                company,
                "list",
                res_name=company.name,
                entry_count=len(files),
                is_masked=True,
            )

    @api.model
    def _masked_columns(self):
        """Return [(title, width, value of a file)] for the role of the user.

        Who verifies persons reads phones and days of birth; all others the year and
        the last digits. Categories are for those who may read them.
        """
        _, user = self.env._, self.env.user
        verifies = self.env.su or user.has_groups(IDENTITY_GROUPS)
        states = dict(self._fields["state"]._description_selection(self.env))

        def day(value):
            return format_date(self.env, value) if value else ""

        columns = [
            (_("File number"), 18, lambda file: file.file_no),
            (_("Name"), 32, lambda file: file.name),
            (_("State"), 18, lambda file: states[file.state]),
            (_("Identity (masked)"), 16, lambda file: file.identity_masked),
            (
                _("Phone"),
                18,
                lambda file: file.phone if verifies else mask(file.phone, 3),
            ),
            (
                _("Born"),
                14,
                lambda file: (
                    day(file.birth_date)
                    if verifies
                    else file.birth_date and str(file.birth_date.year)
                ),
            ),
            (_("City"), 18, lambda file: file.city),
            (_("Site"), 20, lambda file: file.site_id.name),
            (_("Registered on"), 14, lambda file: day(file.date_registered)),
            (_("To be renewed on"), 14, lambda file: day(file.date_renewal)),
        ]
        if self.env.su or user.has_groups(CATEGORY_GROUPS):
            columns.append(
                (_("Main category"), 22, lambda file: file.primary_category_id.name)
            )
        return columns

    def _masked_workbook(self):
        columns = self._masked_columns()
        rows = []
        files = self[:MAX_EXPORT]
        for start in range(0, len(files), CHUNK):
            chunk = files.browse(files.ids[start : start + CHUNK])
            rows += [
                [neutralised(str(read(file) or "")) for _title, _width, read in columns]
                for file in chunk
            ]
            chunk.invalidate_recordset(flush=False)
        heading = [
            self.env._("Files of beneficiaries"),
            self.env._("Numbers are masked. Rows: %s.", len(rows)),
        ]
        titles = [(title, width) for title, width, _read in columns]
        sheet = Sheet(self.env._("Files"), heading, titles, rows)
        return write_workbook([sheet], (self.env.lang or "").startswith("ar"))
