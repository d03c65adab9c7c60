from datetime import date

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import identity
from ...tools.import_columns import NAME_PARTS
from .beneficiary import ENDED_STATES
from .identity_checks import check_identity


class NpoBeneficiary(models.Model):
    """Files that come from a spreadsheet (D16)."""

    _name = "npo.beneficiary"
    _inherit = ["npo.beneficiary", "npo.import.target"]

    @api.model
    def _npo_import_finish(self, vals):
        # EXTENDS npo.import.target
        problems = []
        parts = [vals[name] for name in NAME_PARTS if vals.get(name)]
        if not vals.get("name") and parts:
            vals["name"] = " ".join(parts)
        if not vals.get("name"):
            problems.append(("name", self.env._("The name is missing.")))
        if vals.get("identity_number"):
            number = vals["identity_number"]
            kind = vals.setdefault("identity_type", self._npo_identity_kind(number))
            try:
                vals["identity_number"] = check_identity(self.env, kind, number)
            except ValidationError as error:
                problems.append(("identity_number", str(error)))
        birth = vals.get("birth_date")
        if birth and not date(1900, 1, 1) <= birth <= self.env.company._npo_today():
            problems.append(
                ("birth_date", self.env._("This date of birth cannot be right."))
            )
        return problems

    @api.model
    def _npo_identity_kind(self, number):
        """Return the kind that a number without one must be."""
        for kind, check in (
            ("national_id", identity.check_national_id),
            ("iqama", identity.check_iqama),
        ):
            try:
                check(number)
                return kind
            except identity.IdentityError:
                continue
        if number.isdigit() and number[:1] in "12":
            return "national_id" if number[0] == "1" else "iqama"
        return "other" if number.isdigit() else "passport"

    @api.model
    def _npo_import_find(self, codes):
        """Return {code: file} of the persons named by identity or file number."""
        domain = Domain("file_no", "in", codes)
        if self._has_field_access(self._fields["identity_number"], "read"):
            domain |= Domain("identity_number", "in", codes)
        domain &= Domain("company_id", "=", self.env.company.id)
        found = {}
        for file in self.search(domain, order="id"):
            for code in (file.file_no, file.sudo().identity_number):
                if code:
                    found[code] = file
        return found

    @api.model
    def _npo_import_person(self, vals):
        # EXTENDS npo.import.target
        return vals.get("identity_number")

    @api.model
    def _npo_import_present(self, vals_list):
        """Tell of each row whether its person has a live file already."""
        numbers = [vals.get("identity_number") for vals in vals_list]
        # sudo: whether a person has a file is what the unique index tells as well
        found = self.sudo().search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & Domain("identity_number", "in", [n for n in numbers if n])
            & Domain("state", "not in", ENDED_STATES),
            ["identity_number", "file_no"],
        )
        own = set(self.browse(found.ids)._filtered_access("read").ids) if found else ()
        sentences = {}
        for file in found:
            sentence = self.env._("This person has a file already.")
            if file.id in own and file.file_no:
                sentence = self.env._(
                    "This person has a file already: %s.", file.file_no
                )
            sentences[file.identity_number] = sentence
        return [sentences.get(number, False) for number in numbers]

    def _npo_import_created(self, target):
        """Register the new files where the administrator asked for it (D16)."""
        if target == "active":
            # sudo: the role was checked when it was asked for
            self.sudo()._register_file()

    def _npo_import_undo(self):
        """Delete files that an import of all or none made, with their contacts."""
        if any(file.create_date < file.write_date for file in self):
            self._check_untouched()
        partners = self.partner_id
        self.write({"file_no": False})
        self.unlink()
        partners.with_context(active_test=False).bank_ids.unlink()
        partners.unlink()

    def _check_untouched(self):
        """Somebody who has begun to work with a new file keeps it."""
        busy = self.filtered("document_ids")
        if "request_ids" in self._fields:
            busy |= self.filtered("request_ids")
        if busy:
            raise UserError(
                self.env._("Files of this import are in use already: %s.", len(busy))
            )
