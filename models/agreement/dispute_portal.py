import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .dispute import OPEN_STAGES


class NpoDispute(models.Model):
    """What the other party sees of a dispute, and signs, in the portal."""

    _inherit = "npo.dispute"

    @api.model
    def _portal_domain(self):
        parties = self.env["npo.agreement"]._portal_parties()
        return Domain("partner_id", "in", parties.ids) & Domain(
            "confidentiality", "!=", "sealed"
        )

    @api.model
    def _portal_own(self, limit=20, offset=0):
        """Return the user's own disputes as superuser, newest first."""
        return self.sudo().search(
            self._portal_domain(), limit=limit, offset=offset, order="id desc"
        )

    @api.model
    def _portal_count(self, limit):
        return self.sudo().search_count(self._portal_domain(), limit=limit)

    def _is_mine(self):
        """Tell whether the user is the other party of the dispute."""
        self.ensure_one()
        return bool(self.sudo().filtered_domain(self._portal_domain()))

    def _portal_to_sign(self):
        """Tell whether a deed waits for the user's signature."""
        dispute = self.sudo()
        return (
            self._is_mine()
            and dispute.stage_code in OPEN_STAGES
            and bool(dispute.date_deed)
            and not dispute.date_party_signed
        )

    def _portal_accept(self, signature, typed_name=None, terms=None):
        """Accept the deed by signing it; pressing twice signs once.

        :param terms: as the user read them: what was changed meanwhile is read again
        """
        if not self._is_mine():
            raise AccessError(self.env._("This dispute is not yours."))
        dispute = self.sudo()
        dispute._require_stage(*OPEN_STAGES)
        if dispute.date_party_signed:
            return
        if not dispute.date_deed:
            raise UserError(self.env._("There is nothing to sign yet."))
        if terms is not None and terms != dispute._deed_stamp():
            raise UserError(
                self.env._("The terms were changed meanwhile. Read them, then sign.")
            )
        name = self.env["npo.agreement"]._signed_name(signature, typed_name)
        dispute.write(
            {
                "party_signature": signature or False,
                "party_typed_name": name,
                "party_signed_by_id": self.env.user.partner_id.id,
                "date_party_signed": fields.Datetime.now(),
            }
        )
        dispute.activity_schedule(
            "mail.mail_activity_data_todo",
            dispute.company_id._npo_today(),
            summary=self.env._("The other party signed the settlement"),
            user_id=(dispute.user_id or dispute._keeper()).id,
        )

    def _deed_stamp(self):
        """Return what changes whenever the terms do."""
        content = f"{self.settlement_terms}|{self.settlement_amount}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]
