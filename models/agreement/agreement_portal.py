from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.arabic import fold

SHOWN = ("approved", "active", "to_review", "expired", "terminated")


class NpoAgreement(models.Model):
    """What a party sees of its agreements in the portal, and signs there (R031).

    A party is the contact who signed in, or the body that the contact belongs to.
    Drafts are the association's own.
    """

    _inherit = "npo.agreement"

    @api.model
    def _portal_parties(self):
        """Return the contacts for whom the user acts in the portal."""
        me = self.env.user.partner_id
        return me | me.sudo().commercial_partner_id

    @api.model
    def _portal_domain(self):
        return Domain("state", "in", SHOWN) & Domain(
            "party_ids.partner_id", "in", self._portal_parties().ids
        )

    @api.model
    def _portal_own(self, limit=20, offset=0):
        """Return the user's own agreements as superuser, newest first."""
        return self.sudo().search(
            self._portal_domain(), limit=limit, offset=offset, order="id desc"
        )

    @api.model
    def _portal_count(self, limit):
        return self.sudo().search_count(self._portal_domain(), limit=limit)

    def _is_mine(self):
        """Tell whether the user is a party of the agreement, and may see it now."""
        self.ensure_one()
        agreement = self.sudo()
        mine = agreement.party_ids.partner_id & self._portal_parties()
        return agreement.state in SHOWN and bool(mine)

    def _portal_party(self):
        """Return the user's own party, as superuser."""
        self.ensure_one()
        parties = self.sudo().party_ids
        return parties.filtered(
            lambda party: (
                party.partner_id in self._portal_parties() and not party.is_association
            )
        )[:1]

    def _portal_to_sign(self):
        """Tell whether the agreement waits for the user's signature."""
        return (
            self._is_mine()
            and self.sudo().state == "approved"
            and bool(self._portal_party())
            and not self._portal_party().date_signed
        )

    def _portal_sign(self, signature, typed_name=None):
        """Sign for one's party; pressing twice signs once.

        :param signature: base64 of the drawing, or nothing where the name is typed
        """
        if not self._is_mine():
            raise AccessError(self.env._("This agreement is not yours."))
        self.sudo()._require_state("approved")
        party = self._portal_party()
        if not party:
            raise UserError(self.env._("The association signs elsewhere."))
        if party.date_signed:
            return
        typed_name = self._signed_name(signature, typed_name)
        party._sign(signature or False, typed_name)
        self.sudo()._tell_keeper(self.env._("Signed by the other party"))

    @api.model
    def _signed_name(self, signature, typed_name):
        """Return the name that was typed in place of a drawing; raise without both."""
        typed_name = (typed_name or "").strip()
        if signature:
            return False
        if not typed_name:
            raise ValidationError(
                self.env._("Draw your signature, or type your full name.")
            )
        name = self.env.user.partner_id.name
        if fold(typed_name) != fold(name):
            raise ValidationError(
                self.env._("Type your name as it is in your account: %s.", name)
            )
        return typed_name

    def _tell_keeper(self, summary):
        """Give who is responsible a task, for what was done in the portal."""
        user = self.user_id or self.company_id._npo_colleague("legal_adviser")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            self.company_id._npo_today(),
            summary=summary,
            user_id=user.id,
        )

    def _portal_versions(self):
        """Return the versions that the user may see, the newest first."""
        return self._versions().filtered(lambda one: one.state in SHOWN)
