from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from .identity_checks import check_phone


class NpoContactMixin(models.AbstractModel):
    """Somebody who may not be a contact yet: what was left to be reached by."""

    _name = "npo.contact.mixin"
    _description = "Somebody Who Left a Name or a Number"

    contact_name = fields.Char("Name")
    contact_phone = fields.Char("Mobile")
    contact_email = fields.Char("E-mail")

    @api.constrains("contact_phone", "contact_email")
    def _check_contact(self):
        for record in self:
            if record.contact_phone:
                check_phone(self.env, record.contact_phone)
            if record.contact_email and not email_normalize(record.contact_email):
                raise ValidationError(
                    self.env._("“%s” is not an e-mail address.", record.contact_email)
                )
