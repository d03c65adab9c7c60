from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.person_name import join_name, same_name, split_name
from .identity_checks import clean_name

NAME_PARTS = (
    "npo_first_name",
    "npo_father_name",
    "npo_grandfather_name",
    "npo_family_name",
)


class ResPartner(models.Model):
    """A name in four parts beside the full one (issue 4, identity).

    Either may be typed. The two always say the same: a full name proposes the parts,
    a part composes the full name anew, and «بن» in the full name is left alone.
    """

    _inherit = "res.partner"

    npo_first_name = fields.Char("First name")
    npo_father_name = fields.Char("Father's name")
    npo_grandfather_name = fields.Char("Grandfather's name")
    npo_family_name = fields.Char("Family name")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._npo_clean_parts(vals) for vals in vals_list]
        for vals in vals_list:
            parts = [vals.get(name) for name in NAME_PARTS]
            if any(parts) and not same_name(vals.get("name"), parts):
                vals["name"] = join_name(parts)
        return super().create(vals_list)

    def write(self, vals):
        vals = self._npo_clean_parts(vals)
        result = super().write(vals)
        if not set(NAME_PARTS).isdisjoint(vals):
            self._npo_compose_name()
        elif vals.get("name"):
            self._npo_propose_parts()
        return result

    @api.model
    def _npo_clean_parts(self, vals):
        """Return the values with the parts of the name as a name is stored."""
        if set(NAME_PARTS).isdisjoint(vals):
            return vals
        vals = dict(vals)
        for name in NAME_PARTS:
            if vals.get(name):
                vals[name] = clean_name(vals[name])
                if error := self._npo_name_error(vals[name]):
                    raise ValidationError(error)
        return vals

    def _npo_parts(self):
        self.ensure_one()
        return [self[name] for name in NAME_PARTS]

    def _npo_compose_name(self):
        """Make the full name say what the parts say."""
        for partner in self:
            parts = partner._npo_parts()
            if any(parts) and not same_name(partner.name, parts):
                # straight to the full name: its parts are right already
                super(ResPartner, partner).write({"name": join_name(parts)})

    def _npo_propose_parts(self, always=False):
        """Propose the parts of a full name that no longer says what they say.

        :param bool always: of contacts without any part too: they get a file
        """
        for partner in self:
            parts = partner._npo_parts()
            if (any(parts) or always) and not same_name(partner.name, parts):
                super(ResPartner, partner).write(self._npo_split(partner.name))

    @api.model
    def _npo_split(self, full):
        """Return the values of the parts that a full name proposes."""
        return dict(
            zip(NAME_PARTS, [part or False for part in split_name(full)], strict=True)
        )


class NpoBeneficiary(models.Model):
    """The parts of the name on the form of a file."""

    _inherit = "npo.beneficiary"

    # Not computes: each side follows the other, whichever was typed last.
    @api.onchange("name")
    def _onchange_name(self):
        for file in self:
            if not same_name(file.name, [file[part] for part in NAME_PARTS]):
                file.update(self.env["res.partner"]._npo_split(file.name))

    @api.onchange(*NAME_PARTS)
    def _onchange_name_parts(self):
        for file in self:
            parts = [file[part] for part in NAME_PARTS]
            if any(parts) and not same_name(file.name, parts):
                file.name = join_name(parts)

    @api.model
    def _pop_partner_vals(self, vals):
        # EXTENDS npo.beneficiary: a new person's name comes with its parts
        partner_vals = super()._pop_partner_vals(vals)
        if set(NAME_PARTS).isdisjoint(partner_vals) and partner_vals.get("name"):
            partner_vals |= self.env["res.partner"]._npo_split(partner_vals["name"])
        return partner_vals

    @api.model
    def _attach_partners(self, vals_list):
        # EXTENDS npo.beneficiary: so does that of a contact who gets a file
        super()._attach_partners(vals_list)
        partners = self.env["res.partner"].browse(
            [vals["partner_id"] for vals in vals_list]
        )
        partners._npo_propose_parts(always=True)
