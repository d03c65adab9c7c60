from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import identity
from ...tools.arabic import fold


class NpoDeclaration(models.Model):
    """Whose declaration it is and who signed it: both identities (D11)."""

    _inherit = "npo.declaration"

    applicant_id = fields.Many2one("res.partner", string="Declared for")
    representation_id = fields.Many2one(
        "npo.representative", string="Signed by right of", ondelete="restrict"
    )
    applicant_identity = fields.Char("Identity of the applicant (masked)")
    signer_identity = fields.Char("Identity of the signer (masked)")


class NpoRequest(models.Model):
    """A representative acts only by a right that is valid on the day (D11)."""

    _inherit = "npo.request"

    @api.constrains("representative_id", "partner_id")
    def _check_representative(self):
        for request in self.filtered("representative_id"):
            if request.stage_code in (False, "draft", "new", "data_entry"):
                request._require_representative("apply")

    def _require_representative(self, scope):
        """Return the record by which the representative may do something; raise."""
        return self.env["npo.representative"]._require_representative(
            self.partner_id, scope, self.representative_id, self.company_id
        )

    def _acts_for_applicant(self):
        """Tell whether the user is the applicant, or may apply for the applicant."""
        me = self.env.user.partner_id
        request = self.sudo()
        return request.partner_id == me or bool(
            self.env["npo.representative"]._valid_representative(
                request.partner_id, "apply", me, request.company_id
            )
        )

    def _is_minor(self):
        """Tell whether the applicant is under age today."""
        return self.sudo().beneficiary_id._is_minor()

    def _mark_submitted(self):
        # EXTENDS npo.request: who sends it in for another may do so today
        for request in self.filtered("representative_id"):
            request._require_representative("apply")
        return super()._mark_submitted()

    def _sign(self, method, **vals):
        # EXTENDS npo.request: who may sign, with both identities
        request = self.sudo()
        number = request.beneficiary_id.identity_number
        both = {
            "applicant_id": self.partner_id.id,
            "applicant_identity": identity.mask(number) or False,
            "signer_identity": identity.mask(number) or False,
        }
        if self.representative_id:
            right = self._require_representative("sign")
            both |= {
                "representation_id": right.id,
                "signer_identity": right.identity_masked,
            }
        elif self._is_minor():
            raise UserError(
                self.env._(
                    "The applicant is under age: the guardian signs. Record the"
                    " guardian as the representative of the request first."
                )
            )
        return super()._sign(method, **{**both, **vals})

    def _deliver(self, vals, **kwargs):
        # EXTENDS npo.request: an ended right receives nothing
        right = self.env["npo.representative"].browse(vals.get("representation_id"))
        if right:
            self._check_right_to_receive(right)
            vals = {**vals, "receiver_name": right.sudo().representative_id.name}
        else:
            self._check_receiver(vals.get("receiver_name"))
        return super()._deliver(vals, **kwargs)

    def _check_right_to_receive(self, right):
        """Refuse a right that is another person's, or not valid today."""
        valid = self.env["npo.representative"]._valid_representative(
            self.partner_id, "receive", company=self.company_id
        )
        if right.sudo() not in valid:
            raise UserError(
                self.env._("No right to receive for this person is valid today.")
            )

    def _check_receiver(self, name):
        """Refuse a receiver known as a representative whose right has ended."""
        if not (name or "").strip():
            return
        records = (
            self.env["npo.representative"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )
        known = records.filtered(
            lambda record: fold(record.representative_id.name) == fold(name)
        )
        for representative in known.representative_id:
            self.env["npo.representative"]._require_representative(
                self.partner_id, "receive", representative, self.company_id
            )
