from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .compensation import NpoCompensation as Base


class NpoCompensation(models.Model):
    """The settlement: what is given, and that nothing more is claimed (R142, R143)."""

    _inherit = Base._name
    _flow_fields = {
        "settlement_date",
        "settlement_file",
        "settlement_file_name",
        "association_signer_id",
        "association_signed_on",
    }

    settlement_date = fields.Date("Settlement signed on", readonly=True, copy=False)
    settlement_file = fields.Binary(
        "Signed settlement", attachment=True, readonly=True, copy=False
    )
    settlement_file_name = fields.Char(readonly=True, copy=False)
    association_signer_id = fields.Many2one(
        "res.partner", "Signed for the association by", readonly=True, copy=False
    )
    association_signed_on = fields.Date(
        "Signed for the association on", readonly=True, copy=False
    )

    def _settlement_text(self):
        """Return what both sign: the offer, and the release clause (R143)."""
        self.ensure_one()
        case = self.sudo()
        return "\n\n".join(
            filter(
                None,
                (
                    (case._accepted_round() or case._open_round()).offer_text,
                    case.company_id.npo_release_clause or case._default_release(),
                ),
            )
        )

    def _default_release(self):
        return self.env._(
            "When this has been performed, the harmed party has nothing more to claim"
            " from the association for what this case is about, and releases it from"
            " any further obligation arising from it. This takes effect once it is"
            " approved."
        )

    def _keep_settlement(self, file, file_name):
        """Keep the paper that was signed, after a look at its kind."""
        self.env["npo.document"]._check_content(file, file_name, self.company_id)
        self.sudo().write(
            {
                "settlement_file": file,
                "settlement_file_name": file_name,
                "settlement_date": self.company_id._npo_today(),
            }
        )

    def _sign_for_association(self, signer=None, file=None, file_name=None):
        """Sign the settlement for the association, or note who signed the paper.

        :param signer: contact whose signature the paper bears; the user by default
        """
        self.ensure_one()
        self.check_access("read")
        self._require_stage("decision")
        own = self.env.user.partner_id
        if signer and signer != own:
            self._require_group("compensation_officer")
            if not (file or self.sudo().settlement_file):
                raise UserError(self.env._("Attach the paper that was signed."))
        signer = signer or own
        if signer not in self.company_id._npo_admission_signers():
            raise AccessError(
                self.env._(
                    "A settlement is signed by who may sign for the association."
                )
            )
        self.env["npo.duty"]._check_own_file(self.sudo(), signer)
        if not self.sudo().settlement_date:
            raise UserError(self.env._("The harmed party signs first."))
        if file:
            self._keep_settlement(file, file_name)
        self.sudo().write(
            {
                "association_signer_id": signer.id,
                "association_signed_on": self.company_id._npo_today(),
            }
        )

    def action_sign(self):
        """Sign the settlement for the association."""
        self._sign_for_association()
