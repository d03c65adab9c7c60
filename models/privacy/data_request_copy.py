from odoo import models
from odoo.exceptions import AccessError, UserError

from ..people.timeline import MAX_ENTRIES
from .data_request_flow import ANSWERERS, PROTECTOR

# What a file holds of its person, in the order of the paper.
FILE_FIELDS = (
    "file_no",
    "state",
    "identity_type",
    "identity_number",
    "identity_expiry",
    "birth_date",
    "npo_gender",
    "phone",
    "email",
    "iban",
    "region_id",
    "city",
    "short_address",
    "nationality_status",
    "marital_status",
    "education",
    "employment",
    "category_ids",
    "circumstance_ids",
    "date_registered",
    "date_renewal",
)


class NpoDataRequest(models.Model):
    """The readable copy of a person's own data (P010): whole, for nobody else."""

    _inherit = "npo.data.request"

    def action_print_copy(self):
        """Print the copy for the person whose identity was verified."""
        self.ensure_one()
        self._check_copy()
        report = self.env.ref("npo_relations.action_report_npo_own_data")
        return report.report_action(self)

    def _check_copy(self):
        """Raise unless the copy may be given, to or by the user."""
        if self.env.user._is_portal():
            if not self._portal_copy_ready():
                raise AccessError(self.env._("This copy is not yours."))
            return
        self._require_group(*ANSWERERS)
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)
        self._check_person_files()
        self._check_copy_time()
        if self.kind not in ("access", "copy") or not self.date_identity:
            raise UserError(
                self.env._("A copy is given once the person's identity was verified.")
            )
        self._check_not_alone()

    def _check_not_alone(self):
        """Raise when who takes the copy brought it about: no one gets it alone."""
        case, user = self.sudo(), self.env.user
        alone = case.identity_verified_by_id
        if not user.has_group(PROTECTOR):
            alone |= case.create_uid
        if user in alone:
            raise UserError(
                self.env._(
                    "Who recorded the request or verified the identity does not take"
                    " the copy: a colleague does."
                )
            )

    def _own_data(self):
        """Return what is held of the person, and log that it was given.

        In sudo: of their own data a person sees all, whoever prints it.

        :return: {"person": [(label, value)], "days": [(day, entries)], "kinds": {}}
        """
        self.ensure_one()
        self._check_copy()
        case = self.sudo()
        page = self.env["npo.timeline"].sudo()
        page = page.create(
            {"partner_id": case.partner_id.id, "company_id": case.company_id.id}
        )
        file = case.beneficiary_id
        rows = [(self.env._("Name"), case.partner_id.name)]
        rows += page._field_rows(file, FILE_FIELDS) if file else []
        if file:
            numbers = ["identity_number", "iban"]
            self.env["npo.access.log"]._log(file, numbers, "copy", case.name)
        return {
            "person": [row for row in rows if row[1]],
            "days": page._by_day(case._own_entries(page)),
            "kinds": page._kinds(),
        }

    def _own_entries(self, page):
        """Return what happened with the person in this association alone."""
        entries = page._entries(MAX_ENTRIES)
        own = set()
        for model in {entry["model"] for entry in entries}:
            ids = [entry["id"] for entry in entries if entry["model"] == model]
            records = self.env[model].sudo().browse(ids)
            own |= {
                (model, record.id)
                for record in records
                if record.company_id == self.company_id
            }
        return [entry for entry in entries if (entry["model"], entry["id"]) in own]
