from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ..people.identity_checks import check_phone
from .voice_mixin import NpoVoiceMixin as BaseVoice

CANDIDATES = 10


class NpoVoiceMixin(models.AbstractModel):
    """Who left a number or an address is tied to a contact: never lost (R063)."""

    _name = BaseVoice._name
    _inherit = [BaseVoice._name]

    def action_match(self):
        """Open the form that proposes who it may be."""
        self.check_access("write")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who is it?"),
            "res_model": "npo.voice.match",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def _match_candidates(self):
        """Return the contacts with exactly this mobile or this address."""
        self.check_access("write")
        domain = []
        if self.contact_phone:
            try:
                number = check_phone(self.env, self.contact_phone)
            except ValidationError:
                number = False
            if number:
                domain.append([("phone_sanitized", "=", number)])
        if address := email_normalize(self.contact_email or ""):
            domain.append([("email_normalized", "=", address)])
        partners = self.env["res.partner"].sudo()
        found = partners.union(
            *(
                partners.search(
                    [*part, ("company_id", "in", (self.company_id.id, False))],
                    limit=CANDIDATES,
                )
                for part in domain
            )
        )
        return found.sudo(False)

    def _match(self, partner):
        """Tie what was said to a contact of the association."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_unmatched:
            raise UserError(
                self.env._("%s is tied to a person already.", self.name)
                if self.partner_id
                else self.env._("%s was said without a name.", self.name)
            )
        if not partner:
            raise UserError(self.env._("Choose the person, or enter a new one."))
        self.sudo().partner_id = partner.id

    def _match_new(self, name):
        """Enter who is not on file yet, with what was left."""
        self.ensure_one()
        self.check_access("write")
        name = (name or self.contact_name or "").strip()
        if not name:
            raise UserError(self.env._("Write the name of the person."))
        vals = {
            "name": name,
            "phone": self.contact_phone,
            "email": self.contact_email,
            "company_id": self.company_id.id,
        }
        self._match(self.env["res.partner"].sudo().create(vals))
