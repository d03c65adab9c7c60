from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import identity
from .beneficiary import IDENTITY_GROUPS
from .beneficiary_flow import MANAGER_GROUPS, OFFICER_GROUPS

IDENTITY = {"identity_type", "identity_number"}


class NpoBeneficiary(models.Model):
    """The identity on a file: how it was verified, its history, who was shown it.

    The form shows masks, and a button that shows a number for a reason, which is
    logged. A number is searched for by its exact value alone: by who may see it with
    the field, by the front desk with `npo_search`.
    """

    _name = "npo.beneficiary"
    _inherit = ["npo.beneficiary", "npo.protected.mixin"]

    _protected_fields = frozenset(("identity_number", "iban"))
    _protected_entries = {"identity_entry": "identity_number", "iban_entry": "iban"}

    identity_number = fields.Char(search="_search_identity_number")
    identity_entry = fields.Char(
        "Identity number (to enter)",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=IDENTITY_GROUPS,
    )
    identity_reason = fields.Char(
        "Why the number changes",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=IDENTITY_GROUPS,
    )
    identity_source = fields.Selection(
        [
            ("original", "Original seen"),
            ("absher", "Absher or Tawakkalna, on the person's own phone"),
            ("letter", "Letter of an official body"),
            ("other", "In another way"),
        ],
        string="Verified by",
        copy=False,
        groups=IDENTITY_GROUPS,
    )
    identity_verified_on = fields.Date(
        "Verified on", copy=False, groups=IDENTITY_GROUPS
    )
    identity_verified_by_id = fields.Many2one(
        "res.users", "Verifier", readonly=True, copy=False, groups=IDENTITY_GROUPS
    )
    has_identity_dispute = fields.Boolean(
        "Identity in dispute", readonly=True, copy=False, groups="base.group_user"
    )
    identity_change_ids = fields.One2many(
        "npo.identity.change",
        "beneficiary_id",
        string="Identity history",
        groups=f"{IDENTITY_GROUPS},npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )
    iban_masked = fields.Char(
        "IBAN (masked)",
        compute="_compute_iban_masked",
        compute_sudo=True,
        groups="base.group_user",
    )
    iban_entry = fields.Char(
        "IBAN (to enter)",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=IDENTITY_GROUPS,
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _compute_entries(self):
        # EXTENDS npo.protected.mixin
        super()._compute_entries()
        self.identity_reason = False

    @api.depends("partner_id.bank_ids.acc_number")
    def _compute_iban_masked(self):
        for file in self:
            file.iban_masked = identity.mask(file.iban) or False

    # ------------------------------------------------------------
    # SEARCH BY EXACT VALUE
    # ------------------------------------------------------------

    @api.model
    def _search_identity_number(self, operator, value):
        return self._search_exact("identity_number", operator, value)

    # ------------------------------------------------------------
    # CONSTRAINTS AND CRUD
    # ------------------------------------------------------------

    @api.constrains("identity_verified_on")
    def _check_identity_verified_on(self):
        today = fields.Date.context_today(self)
        for file in self.sudo():
            if file.identity_verified_on and file.identity_verified_on > today:
                raise ValidationError(
                    self.env._("An identity cannot have been verified in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        taken = [self._entries(vals) for vals in vals_list]
        files = super().create([vals for vals, _reason in taken])
        for file, (vals, reason) in zip(files, taken, strict=True):
            if vals.get("identity_source"):
                file._note_verification(reason)
        return files

    def write(self, vals):
        vals, reason = self._entries(vals)
        if not IDENTITY.isdisjoint(vals):
            self.check_access("write")
        before = {
            file.id: (file.identity_type, file.identity_number)
            for file in self.sudo()
            if not IDENTITY.isdisjoint(vals)
        }
        sources = {file.id: file.identity_source for file in self.sudo()}
        result = super().write(vals)
        changed = self.filtered(
            lambda file: (
                file.id in before
                and before[file.id][1]
                and before[file.id]
                != (file.sudo().identity_type, file.sudo().identity_number)
            )
        )
        if changed:
            changed._note_identity(before, reason, "identity_source" in vals)
        if vals.get("identity_source"):
            for file in self:
                if file in changed or sources[file.id] != vals["identity_source"]:
                    file._note_verification(reason, vals.get("identity_verified_on"))
        return result

    @api.model
    def _entries(self, vals):
        """Return the values with what was typed in the entries, and the reason."""
        vals = dict(self._entered(vals))
        reason = (vals.pop("identity_reason", "") or "").strip()
        return vals, reason

    def _note_identity(self, before, reason, is_verified):
        """Keep the history of a changed number; what was verified was the old one."""
        if not self.env.su and not reason and any(file.file_no for file in self):
            raise UserError(
                self.env._(
                    "Write why the identity number of a registered file changes."
                )
            )
        labels = dict(self._fields["identity_type"]._description_selection(self.env))
        self.env["npo.identity.change"]._note(
            "number",
            self,
            reason,
            {
                file.id: {
                    "old_type": labels.get(before[file.id][0]),
                    "old_mask": identity.mask(before[file.id][1]),
                    "new_type": labels.get(file.identity_type),
                    "new_mask": file.identity_masked,
                }
                for file in self
            },
        )
        if not is_verified:
            self.sudo().write(
                {
                    "identity_source": False,
                    "identity_verified_on": False,
                    "identity_verified_by_id": False,
                }
            )

    def _note_verification(self, reason=False, date=False):
        """Stamp who verified an identity, and when."""
        self.ensure_one()
        if not self.sudo().identity_number:
            raise UserError(self.env._("There is no identity number to verify yet."))
        vals = {"identity_verified_by_id": self.env.uid}
        if not (date or self.sudo().identity_verified_on):
            vals["identity_verified_on"] = self.company_id._npo_today()
        self.sudo().write(vals)
        self.env["npo.identity.change"]._note(
            "verified", self, reason, {self.id: {"new_mask": self.identity_masked}}
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _access_log_name(self):
        # OVERRIDE npo.protected.mixin
        return self.file_no or super()._access_log_name()

    def action_dispute_identity(self, note=False):
        """Record that it is in dispute whose identity this is; no merge meanwhile."""
        self._check_role(OFFICER_GROUPS)
        self._set_dispute(True, "disputed", note)
        return True

    def action_settle_identity(self, note=False):
        """End a dispute of identity: the general manager's."""
        self._check_role(MANAGER_GROUPS)
        self._set_dispute(False, "settled", note)
        return True

    def _set_dispute(self, is_disputed, kind, note):
        note = (note or "").strip()
        if not note:
            raise UserError(self.env._("Write the reason first."))
        self.sudo().write({"has_identity_dispute": is_disputed})
        self.env["npo.identity.change"]._note(kind, self, note)
