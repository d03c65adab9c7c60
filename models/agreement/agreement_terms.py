from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ..core.guards import check_values, is_derived, without_defaults
from .agreement import ENDED
from .agreement import NpoAgreement as Base

# What is no term of the agreement: written while it runs.
BESIDE_TERMS = frozenset(
    {"user_id", "active", "classification", "signed_file", "signed_file_name"}
)


class NpoAgreement(models.Model):
    """Who writes what of an agreement, and until when.

    The terms are written in the draft alone; its steps write the rest.
    """

    _inherit = Base._name

    @api.model
    def _steps_only(self):
        """Return the names of the fields that the steps alone write."""
        parts = (vars(part).get("_flow_fields", ()) for part in type(self).mro())
        return frozenset().union(*parts)

    @api.model
    def _is_guarded(self, name):
        """Tell whether a field is not for anybody to write, or to give a default of."""
        return (name in self._steps_only() and name != "company_id") or is_derived(
            self, name
        )

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, self._is_guarded)
        fresh = [vals for vals in vals_list if not (self.env.su and vals.get("name"))]
        references = self._new_references(fresh)
        for vals, reference in zip(fresh, references, strict=True):
            check_values(self, vals)
            self._check_flow_fields(set(vals) - {"company_id"})
            vals["name"] = reference
        agreements = super().create(vals_list)
        agreements._add_parties()
        if not self.env.su:
            self.env["npo.duty"]._claim("register", agreements)
        return agreements

    def write(self, vals):
        check_values(self, vals)
        if not self.env.su:
            self._check_flow_fields(vals)
            self._check_terms(vals)
            self._check_archiving(vals)
        result = super().write(vals)
        if "partner_id" in vals:
            self._add_parties()
        return result

    def _check_flow_fields(self, names):
        """Refuse what only a step writes, and what is worked out."""
        if self.env.su:
            return
        refused = [name for name in names if self._is_guarded(name)]
        if refused or "company_id" in names:
            labels = self.fields_get(refused or ["company_id"], ["string"])
            raise AccessError(
                self.env._(
                    "These are filled by the steps of the agreement: %s.",
                    format_list(
                        self.env, sorted(field["string"] for field in labels.values())
                    ),
                )
            )

    def _check_terms(self, names):
        """Refuse to change the terms once they were handed in for the review."""
        beside = set(self.env["mail.thread"]._fields) | BESIDE_TERMS
        beside |= set(self.env["mail.activity.mixin"]._fields)
        terms = {
            name
            for name in set(names) - beside
            if name in self._fields and self._fields[name].type != "one2many"
        }
        if terms:
            self._require_open_terms()
        if {"signed_file", "signed_file_name"} & set(names):
            self._check_signed_file()

    def _require_open_terms(self):
        """Raise unless the terms are still being written."""
        for agreement in self:
            if agreement.state != "draft" and not self.env.su:
                raise UserError(
                    self.env._(
                        "The terms of %s stay as they were handed in for the legal"
                        " review. Have it returned, or make a new version.",
                        agreement.name,
                    )
                )

    def _check_signed_file(self):
        for agreement in self:
            if agreement.state != "approved":
                raise UserError(
                    self.env._(
                        "The signed agreement is attached between its approval and the"
                        " day it comes into force."
                    )
                )

    def _check_archiving(self, vals):
        """What binds the parties is not hidden from those who keep it."""
        if "active" in vals and not vals["active"]:
            if any(agreement.state not in ("draft", *ENDED) for agreement in self):
                raise UserError(
                    self.env._("Only a draft or what has ended is archived.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if any(agreement.state != "draft" for agreement in self):
            raise UserError(self.env._("Only a draft of an agreement is deleted."))

    def _add_parties(self):
        """Have the association and the other party among the parties of each."""
        lines = []
        for agreement in self.sudo():
            wanted = agreement.company_id.partner_id | agreement.partner_id
            lines += [
                {"agreement_id": agreement.id, "partner_id": partner.id}
                for partner in wanted - agreement.party_ids.partner_id
            ]
        without_defaults(self.env["npo.agreement.party"].sudo()).create(lines)
