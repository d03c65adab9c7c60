from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .positions import POSITIONS

# Entered when the paper is signed, which may be after the approval.
_SIGNING_FIELDS = {"signed_on", "signature"}


class NpoPolicySignatory(models.Model):
    """Who signs the approval of a version: R011–R013.

    A profile ships positions only; the names are the association's own, from its
    board in office or typed as the document prints them.
    """

    _name = "npo.policy.signatory"
    _description = "Policy Signatory"
    _inherit = "npo.policy.line.mixin"
    _rec_name = "position"

    _version_field = "signatory_ids"

    position = fields.Selection(POSITIONS, required=True, default="member")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", check_company=True, index="btree_not_null"
    )
    name_on_document = fields.Char(
        compute="_compute_name_on_document",
        store=True,
        readonly=False,
        help="As the document prints it.",
    )
    signed_on = fields.Date()
    signature = fields.Image(max_width=1024, max_height=512)

    @api.depends("partner_id")
    def _compute_name_on_document(self):
        for signatory in self:
            signatory.name_on_document = (
                signatory.partner_id.name or signatory.name_on_document
            )

    @api.constrains("signed_on")
    def _check_signed_on(self):
        for signatory in self.filtered("signed_on"):
            if signatory.signed_on > signatory.company_id._npo_today():
                raise ValidationError(
                    self.env._("A signature is not of a day to come.")
                )

    def write(self, vals):
        if self._is_signing(vals):
            return self._write_on_frozen(vals)
        return super().write(vals)

    def _is_signing(self, vals):
        """Return whether the values are signatures that an approved version lacks.

        The paper is often signed after the meeting: what is empty is filled once.
        """
        return set(vals) <= _SIGNING_FIELDS and all(
            signatory.version_id.state in ("scheduled", "approved")
            and not any(signatory[name] for name in vals)
            for signatory in self
        )

    def _copy_to(self, version):
        """Copy the signatories, with their signatures, into a draft."""
        self.create(self.copy_data({"version_id": version.id}))
