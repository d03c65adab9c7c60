import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

DECLARED = (
    "partner_id",
    "beneficiary_id",
    "service_id",
    "request_type",
    "description",
    "amount_requested",
    "quantity",
)


class NpoRequest(models.Model):
    """Signing what was said, and voiding the signature when it changes (R117–R121)."""

    _inherit = "npo.request"

    def _declared_digest(self):
        """Return the digest of what the applicant declares."""
        self.ensure_one()
        request = self.sudo()
        values = [
            value.id if isinstance(value, models.BaseModel) else value
            for value in (request[name] for name in DECLARED)
        ]
        return hashlib.sha256(repr(values).encode()).hexdigest()

    def _sign(self, method, **vals):
        """Record a signature, and let it be the one that counts.

        :param method: portal, paper or thumb
        """
        self.ensure_one()
        self.env.flush_all()
        version = self._version() or self.company_id._npo_require_policy_version()
        text = version._render_declaration(self.partner_id.npo_gender)
        declaration = (
            self.env["npo.declaration"]
            .sudo()
            .create(
                {
                    "request_id": self.id,
                    "text": text,
                    "method": method,
                    "signer_id": (self.representative_id or self.partner_id).id,
                    "date_signed": fields.Datetime.now(),
                    "digest": self._declared_digest(),
                    **vals,
                }
            )
        )
        self.sudo().declaration_id = declaration
        if self.stage_code == "declaration":
            self._change_level()  # from the applicant back to the officer
        return declaration

    def _require_signing(self):
        """Raise unless the requests are where their declaration is signed."""
        self._require_stage("declaration")

    def action_record_signature(self):
        """Open the form in which an officer records a signature made on paper."""
        self._require_group("relations_officer", "branch_delegate")
        self._require_signing()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Declaration signed on paper"),
            "res_model": "npo.request.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _record_paper_signature(self, method, witness_name, scan=None):
        """Record a declaration signed on paper before the officer."""
        self.ensure_one()
        self._require_group("relations_officer", "branch_delegate")
        self._require_signing()
        if method == "thumb" and not (witness_name or "").strip():
            raise UserError(
                self.env._("A thumbprint needs a witness: write the witness's name.")
            )
        return self._sign(
            method,
            witness_name=witness_name,
            signature=scan,
            recorded_by_id=self.env.uid,
        )

    def _invalidate_declarations(self, vals):
        """Void the declarations of the requests whose declared data changes."""
        changed = self.sudo().filtered(
            lambda request: request.declaration_id and request._declares_else(vals)
        )
        if not changed:
            return
        changed.declaration_id.write({"is_valid": False})
        back = changed.filtered(lambda request: request.stage_code == "declaration")
        changed.write({"declaration_id": False})
        if back:
            back._change_level()
        for request in back:
            request.message_post(
                body=self.env._(
                    "The declared data changed, so the signature no longer counts: ask"
                    " the applicant to sign again."
                )
            )

    def _declares_else(self, vals):
        """Tell whether the values change what was declared."""
        return any(
            name in vals
            and self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in DECLARED
        )
