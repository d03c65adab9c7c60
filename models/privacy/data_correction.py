from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.arabic import clean_code
from ...tools.identity import mask
from ..core.guards import check_values, without_defaults
from .data_request_flow import ANSWERERS

# What a person may have corrected, and how it is entered on the file.
CORRECTED = {
    "name": "name",
    "identity_number": "identity_entry",
    "birth_date": "birth_date",
    "phone": "phone",
    "email": "email",
    "iban": "iban_entry",
    "city": "city",
    "district": "district",
    "short_address": "short_address",
}
# Kept as masks once it was decided, as in the history of the identity.
MASKED = ("identity_number", "iban")


class NpoDataCorrection(models.Model):
    """A value that a person has corrected: what it was, what it is (P010, R162).

    It is proposed with the request and confirmed by another step, once the identity
    was verified and the right value seen. Confirming writes the file as any officer
    would: its rules hold, and a change of the identity leaves its own history.
    """

    _name = "npo.data.correction"
    _description = "Correction of Data"
    _order = "case_id, id"
    _rec_name = "field_name"

    case_id = fields.Many2one(
        "npo.data.request",
        string="Request",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '=', 'correct')]",
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )
    site_id = fields.Many2one(
        related="case_id.site_id", store=True, precompute=True, index="btree_not_null"
    )
    field_name = fields.Selection(
        [
            ("name", "Name"),
            ("identity_number", "Identity number"),
            ("birth_date", "Date of birth"),
            ("phone", "Mobile"),
            ("email", "E-mail"),
            ("iban", "IBAN"),
            ("city", "City"),
            ("district", "District"),
            ("short_address", "Short national address"),
        ],
        string="What",
        required=True,
    )
    old_value = fields.Char("Before", readonly=True)
    new_value = fields.Char("Correct is", required=True)
    evidence = fields.Char("Seen", help="The document that shows the right value.")
    state = fields.Selection(
        [("proposed", "Proposed"), ("confirmed", "Confirmed"), ("dropped", "Dropped")],
        required=True,
        readonly=True,
        default="proposed",
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    date_decided = fields.Datetime("Decided on", readonly=True)

    _once = models.UniqueIndex(
        "(case_id, field_name) WHERE state = 'proposed'",
        "This value is proposed for correction already.",
    )

    @api.constrains("case_id")
    def _check_case(self):
        for line in self:
            if line.case_id.kind != "correct":
                raise ValidationError(
                    self.env._("Only a request to correct data has corrections.")
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name in self._decided())
        for vals in vals_list:
            self._check_free(vals)
        lines = super().create(vals_list)
        lines.case_id._check_person_files()  # what stands on the file is told below
        if any(line.case_id.is_closed for line in lines):
            raise UserError(self.env._("This request was answered already."))
        for line in lines.sudo():
            line.old_value = line._shown(line._value())
        return lines

    def write(self, vals):
        self._check_free(vals)
        if not self.env.su and any(line.state != "proposed" for line in self):
            raise UserError(self.env._("What was decided stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        if any(line.state != "proposed" for line in self):
            raise UserError(self.env._("What was decided stays as it is."))

    @api.model
    def _decided(self):
        """Return the names of what a step alone writes."""
        return {"old_value", "state", "decided_by_id", "date_decided", "company_id"}

    @api.model
    def _check_free(self, vals):
        check_values(self, vals)
        if not self.env.su and self._decided() & set(vals):
            raise AccessError(self.env._("This is written by the steps alone."))

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_confirm(self):
        """Write the correct value on the file, by the file's own rules."""
        self._check_step()
        for line in self:
            file = line.case_id.sudo().beneficiary_id.with_env(self.env)
            if not file:
                raise UserError(self.env._("The person has no file to correct."))
            file.check_access("write")
            value = line.new_value.strip()
            vals = {CORRECTED[line.field_name]: value}
            if line.field_name in MASKED:
                vals[CORRECTED[line.field_name]] = clean_code(value)
            if line.field_name == "identity_number":
                vals["identity_reason"] = line.case_id.name
            file.write(vals)
        self._decide("confirmed")

    def action_drop(self):
        """Leave the file as it is; the answer says why."""
        self._check_step()
        self._decide("dropped")

    def _check_step(self):
        self.check_access("write")
        self.case_id._check_step(ANSWERERS, "open")
        self.case_id._check_person_files()
        self.case_id._check_other_person()
        if any(line.state != "proposed" for line in self):
            raise UserError(self.env._("What was decided stays as it is."))

    def _decide(self, state):
        for line in self.sudo():
            line.write(
                {
                    "state": state,
                    "new_value": line._shown(line.new_value),
                    "decided_by_id": self.env.uid,
                    "date_decided": fields.Datetime.now(),
                }
            )

    def _value(self):
        """Return the value as it stands on the file, as text."""
        file = self.case_id.sudo().beneficiary_id
        value = file[self.field_name] if file else False
        return str(value) if value else ""

    def _shown(self, value):
        """Return a value as it is kept: numbers as masks."""
        return mask(value, 4) if value and self.field_name in MASKED else value
