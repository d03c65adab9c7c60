from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..people.identity_checks import check_iban, read_date

# Compared with originals at registration: later an officer corrects them.
REGISTERED_FIELDS = {"name", "identity_type", "identity_number", "birth_date"}


class NpoBeneficiary(models.Model):
    """A beneficiary's file as requests use it."""

    _inherit = "npo.beneficiary"

    request_ids = fields.One2many("npo.request", "beneficiary_id", string="Requests")
    request_count = fields.Integer(compute="_compute_request_count")

    def _compute_request_count(self):
        counts = dict(
            self.env["npo.request"]._read_group(
                [("beneficiary_id", "in", self.ids)], ["beneficiary_id"], ["__count"]
            )
        )
        for beneficiary in self:
            beneficiary.request_count = counts.get(beneficiary._origin, 0)

    def action_view_requests(self):
        """Open the requests of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "npo_relations.npo_request_action"
        )
        return {
            **action,
            "domain": [("beneficiary_id", "=", self.id)],
            "context": {
                "default_beneficiary_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }

    def _for_partner(self, partner, company):
        """Return the person's file in an association, made when there is none.

        The same contact goes from visitor to applicant to beneficiary (R212).
        """
        domain = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        files = self.search(domain, order="id desc")
        live = files.filtered(lambda file: file.state not in ("closed", "rejected"))
        if file := live[:1] or files[:1]:
            return file
        # Two presses at once: the second finds the contact changed, and PostgreSQL
        # has it start again; it then finds the file of the first.
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET write_date = write_date WHERE id = %s"
                " RETURNING id",
                partner.id,
            )
        )
        return self.create({"partner_id": partner.id, "company_id": company.id})

    def _portal_write(self, vals):
        """Write what an applicant says of themselves, checked like everything else.

        :param dict vals: raw values of a form; the caller checked the keys
        """
        self.ensure_one()
        vals = {name: self._portal_value(name, vals[name]) for name in vals}
        if not vals.get("name", True):
            raise ValidationError(self.env._("Write your full name."))
        self._check_portal_registered(vals)
        known = {
            name: self._fields[name].convert_to_write(self[name], self) for name in vals
        }
        changed = {name for name in vals if vals[name] != known[name]}
        if changed:
            self.write({name: vals[name] for name in changed})

    def _portal_value(self, name, value):
        """Return a value of a form as the field takes it."""
        field = self._fields[name]
        value = value.strip() or False if isinstance(value, str) else value
        if field.type == "date":
            return read_date(self.env, value)
        if field.type == "many2one":
            return self._portal_choice(field, value)
        if field.type == "selection" and value not in (
            *field.get_values(self.env),
            False,
        ):
            raise ValidationError(self.env._("Choose one of the list."))
        if name == "iban" and value:
            return check_iban(self.env, value)
        return self._npo_clean_vals({name: value})[name]

    def _portal_choice(self, field, value):
        """Return the id of an entry of a list that a form offers."""
        if not value:
            return False
        entries = self.env[field.comodel_name].search([])
        chosen = entries.filtered(lambda entry: str(entry.id) == value)
        if not chosen:
            raise ValidationError(self.env._("Choose one of the list."))
        return chosen.id

    def _check_portal_registered(self, vals):
        """What was compared with the originals is no longer the person's to change."""
        for name in REGISTERED_FIELDS.intersection(vals):
            if self.file_no and self[name] and vals[name] != self[name]:
                raise UserError(
                    self.env._(
                        "This was compared with your documents and is on record. Ask"
                        " us to correct it."
                    )
                )

    def _reject_applicant(self):
        """Close the file of who only applied and was not accepted."""
        waiting = self.env["npo.request"]._read_group(
            [("beneficiary_id", "in", self.ids), ("is_closed", "=", False)],
            ["beneficiary_id"],
        )
        waiting = self.browse([file.id for (file,) in waiting])
        applicants = (self - waiting).filtered(
            lambda file: file.state == "applicant" and not file.file_no
        )
        if applicants:
            applicants._change_state(
                "rejected", self.env._("The request was not accepted.")
            )
