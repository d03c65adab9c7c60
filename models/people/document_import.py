from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.arabic import clean_code


class NpoDocument(models.Model):
    """Documents that come from a spreadsheet (D16)."""

    _inherit = "npo.document"

    @api.model
    def _npo_import_finish(self, vals):
        """Return what is wrong with the values of a row: [(field, sentence)]."""
        problems = []
        for name, sentence in (
            ("beneficiary_id", self.env._("Whose document it is, is missing.")),
            ("document_type_id", self.env._("The kind of document is missing.")),
        ):
            if not vals.get(name):
                problems.append((name, sentence))
        issued, expires = vals.get("issue_date"), vals.get("expiry_date")
        if issued and issued > self.env.company._npo_today():
            problems.append(
                (
                    "issue_date",
                    self.env._("A document cannot be issued in the future."),
                )
            )
        if issued and expires and expires < issued:
            problems.append(
                (
                    "expiry_date",
                    self.env._("A document cannot expire before it was issued."),
                )
            )
        return problems

    @api.model
    def _npo_import_resolve(self, vals_list):
        """Put the file in the place of the number by which a row names its person."""
        codes = list({vals["beneficiary_id"] for vals in vals_list})
        files = self.env["npo.beneficiary"]
        domain = Domain("file_no", "in", codes)
        if files._has_field_access(files._fields["identity_number"], "read"):
            domain |= Domain("identity_number", "in", codes)
        found = files.search(
            domain & Domain("company_id", "=", self.env.company.id), order="id"
        )
        by_code = {}
        for file in found:
            for code in (file.file_no, file.sudo().identity_number):
                if code:
                    by_code[clean_code(code).upper()] = file.id
                    by_code[code] = file.id
        missing = self.env._("Nobody has a file with this number.")
        problems = []
        for vals in vals_list:
            vals["beneficiary_id"] = by_code.get(vals["beneficiary_id"])
            problems.append(
                [] if vals["beneficiary_id"] else [("beneficiary_id", missing)]
            )
        return problems

    @api.model
    def _npo_import_person(self, vals):
        return False

    @api.model
    def _npo_import_present(self, vals_list):
        """Tell of each row whether the person's same document is on file already."""
        # sudo: restricted numbers too, only that the document is there is told
        lines = self.sudo().search_fetch(
            [
                ("beneficiary_id", "in", [v["beneficiary_id"] for v in vals_list]),
                ("document_type_id", "in", [v["document_type_id"] for v in vals_list]),
                ("state", "!=", "missing"),
            ],
            ["beneficiary_id", "document_type_id", "number", "restricted_number"],
        )
        known = {
            (
                line.beneficiary_id.id,
                line.document_type_id.id,
                line.number or line.restricted_number or "",
            )
            for line in lines
        }
        sentence = self.env._("This document is on file already.")
        return [
            (
                vals["beneficiary_id"],
                vals["document_type_id"],
                vals.get("number") or "",
            )
            in known
            and sentence
            for vals in vals_list
        ]

    def _npo_import_created(self, target):
        if target == "active":
            raise AccessError(self.env._("Documents are not registered as persons."))

    def _npo_import_undo(self):
        self.unlink()
