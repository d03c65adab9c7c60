from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import identity

# Decided on together: the kind goes with its number.
TOGETHER = {
    "identity_number": (
        "identity_type",
        "identity_expiry",
        "identity_source",
        "identity_verified_on",
    ),
    "name": (
        "npo_first_name",
        "npo_father_name",
        "npo_grandfather_name",
        "npo_family_name",
    ),
}
CONTACT = ("name", "phone", "email", "lang", "street", "street2", "city", "zip")
CONTACT += ("npo_gender", "iban")
MASKED = ("identity_number", "iban")
LEFT_OUT = {"partner_id", "company_id", "active", "merged_into_id"}
TYPES = ("char", "text", "selection", "date", "integer", "float", "many2one")


class NpoBeneficiaryMerge(models.TransientModel):
    """Review a merge of two files before it is done."""

    _name = "npo.beneficiary.merge"
    _description = "Merge of Two Files"

    kept_id = fields.Many2one("npo.beneficiary", string="Stays", required=True)
    other_id = fields.Many2one("npo.beneficiary", string="Is merged in", required=True)
    line_ids = fields.One2many("npo.beneficiary.merge.line", "merge_id")
    moving = fields.Text("What moves to the file that stays", readonly=True)
    reason = fields.Char("How it is known that they are one person")

    @api.model
    def _open(self, files):
        """Return the action of a new review of two files."""
        files._check_merge()
        kept, other = files._merge_order()
        counts = [f"{name}: {count}" for name, count in kept._merge_counts(other)]
        moving = "\n".join(counts + kept._merge_notes(other))
        merge = self.create(
            {
                "kept_id": kept.id,
                "other_id": other.id,
                "moving": moving,
                "line_ids": [
                    Command.create(vals) for vals in self._line_vals(kept, other)
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge of Two Files"),
            "res_model": self._name,
            "res_id": merge.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _names(self, files):
        """Return the fields that one person has once, those of modules added too."""
        followers = {name for names in TOGETHER.values() for name in names}
        own = [
            name
            for name, field in files._fields.items()
            if field.store
            and not field.inherited
            and not field.compute
            and not field.readonly
            and name not in models.MAGIC_COLUMNS
            and field.type in TYPES
            and name not in LEFT_OUT
        ]
        return [name for name in (*CONTACT, *own) if name not in followers]

    @api.model
    def _line_vals(self, kept, other):
        """Return a line for each value in which the two differ."""
        vals_list = []
        for name in self._names(kept):
            left, right = self._shown(kept, name), self._shown(other, name)
            if kept.sudo()[name] == other.sudo()[name] or not right:
                continue
            vals_list.append(
                {
                    "field_name": name,
                    "label": kept._fields[name]._description_string(self.env),
                    "kept_value": left,
                    "other_value": right,
                    "choice": "kept" if left else "other",
                }
            )
        return vals_list

    @api.model
    def _shown(self, file, name):
        """Return a value as the review shows it; numbers as their masks."""
        field, value = file._fields[name], file.sudo()[name]
        if not value:
            return False
        if name in MASKED:
            return identity.mask(value)
        if not file._has_field_access(field, "read"):
            return "•••"
        if field.type == "many2one":
            return value.display_name
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value)

    def action_confirm(self):
        """Merge, with the values chosen; the model checks who may."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Write how it is known that they are one person.")
            )
        kept, other = self.kept_id, self.other_id
        (kept | other)._check_merge()
        known = set(self._names(kept))
        vals = {}
        for line in self.line_ids:
            if line.choice != "other" or line.field_name not in known:
                continue
            for name in (line.field_name, *TOGETHER.get(line.field_name, ())):
                value = other.sudo()[name]
                vals[name] = value.id if hasattr(value, "ids") else value
        if "identity_number" in vals:
            vals["identity_reason"] = reason
        kept._merge(other, vals, reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.beneficiary",
            "res_id": kept.id,
            "views": [(False, "form")],
        }


class NpoBeneficiaryMergeLine(models.TransientModel):
    """A value in which two files differ, and which of the two wins."""

    _name = "npo.beneficiary.merge.line"
    _description = "Value of a Merge"

    merge_id = fields.Many2one(
        "npo.beneficiary.merge", required=True, index=True, ondelete="cascade"
    )
    field_name = fields.Char("Field", required=True, readonly=True)
    label = fields.Char("Value", readonly=True)
    kept_value = fields.Char("On the file that stays", readonly=True)
    other_value = fields.Char("On the other file", readonly=True)
    choice = fields.Selection(
        [("kept", "Of the file that stays"), ("other", "Of the other file")],
        string="Which wins",
        required=True,
        default="kept",
    )
