import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import hijri, identity
from ...tools.arabic import clean_code, to_latin_digits
from .identity_checks import clean_name

PORTAL_FIELDS = {
    "name",
    "identity_type",
    "identity_number",
    "birth_date",
    "npo_gender",
    "phone",
    "email",
    "city",
    "iban",
    "short_address",
    "region_id",
}
# Compared with originals at registration: later an officer corrects them.
REGISTERED_FIELDS = {"name", "identity_type", "identity_number", "birth_date"}
_HIJRI_YEAR = re.compile(r"(?<![0-9])1[345][0-9]{2}(?![0-9])")


def read_date(env, text):
    """Read a date as people type it, in either calendar (D08); "" gives False."""
    if not text or not isinstance(text, str):
        return text or False
    cleaned = to_latin_digits(text).strip()
    try:
        if _HIJRI_YEAR.search(cleaned):
            return hijri.to_gregorian(*hijri.parse_hijri(cleaned))
        return fields.Date.to_date(cleaned.replace("/", "-"))
    except ValueError:
        raise ValidationError(
            env._("This date could not be read. Example: 1447/09/12 or 2026-03-01.")
        ) from None


class NpoBeneficiary(models.Model):
    """What requests and the portal ask of a file; the callers have checked who asks."""

    _inherit = "npo.beneficiary"

    @api.model
    def _for_partner(self, partner, company):
        """Return a contact's file in an association, opened when there is none.

        One person has one file (R212): an ended one is taken up again by the next
        request rather than doubled.
        """
        files = self.with_context(active_test=False).search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        live = files.filtered(
            lambda file: file.active and file.state not in ("closed", "rejected")
        )
        if file := (live or files.filtered("active"))[:1]:
            return file
        return self.create({"partner_id": partner.id, "company_id": company.id})

    def _portal_write(self, vals):
        """Write what the person says of themselves, checked like everything else.

        :param dict vals: raw values of a form; other keys than an applicant may give
            are left out
        """
        self.ensure_one()
        vals = {key: value for key, value in vals.items() if key in PORTAL_FIELDS}
        for name, value in vals.items():
            vals[name] = value.strip() or False if isinstance(value, str) else value
            field = self._fields[name]
            if field.type == "date":
                vals[name] = read_date(self.env, vals[name])
            elif field.type == "selection" and vals[name] not in (
                *field.get_values(self.env),
                False,
            ):
                raise ValidationError(self.env._("Choose one of the list."))
        if not vals.get("name", True):
            raise ValidationError(self.env._("Write your full name."))
        self._check_portal_registered(vals)
        self.write(vals)

    def _check_portal_registered(self, vals):
        """What was compared with the originals is no longer the person's to change."""
        if not self.file_no:
            return
        cleaned = self._npo_clean_vals(vals)
        for name in REGISTERED_FIELDS.intersection(cleaned):
            if not self[name]:
                continue
            if cleaned[name] == self[name]:
                vals.pop(name)
            else:
                raise UserError(
                    self.env._(
                        "This was compared with your documents and is on record. Ask"
                        " us to correct it."
                    )
                )

    def _reject_applicant(self):
        """Mark those as not entitled who applied, were refused and ask nothing else."""
        applicants = self.filtered(lambda file: file.state in ("prospect", "applicant"))
        if not applicants:
            return
        others = self.env["npo.request"].sudo()
        domain = [("beneficiary_id", "in", applicants.ids), ("is_closed", "=", False)]
        waiting = others.search_fetch(domain, ["beneficiary_id"]).beneficiary_id
        if refused := applicants - waiting:
            refused._change_state("rejected", self.env._("The request was rejected."))

    @api.model
    def _npo_read_query(self, text):
        """Tell what was typed at the desk, to carry it over to a new file.

        :return: ("identity_number", "phone" or "name", value), or (False, text)
        """
        for name, check in (
            ("identity_number", identity.check_national_id),
            ("identity_number", identity.check_iqama),
            ("phone", identity.check_saudi_mobile),
        ):
            try:
                return name, check(text)
            except identity.IdentityError:
                continue
        name = clean_name(text or "")
        if name and not any(char.isdigit() for char in clean_code(name)):
            return "name", name
        return False, text
