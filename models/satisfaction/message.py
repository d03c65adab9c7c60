import re

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import MissingError

from .invitation import MASK

MASKED = re.compile(rf"{re.escape(MASK)}([0-9]+)")
# No id of a row has more digits; a person may have typed any number of them.
LONGEST_ID = 9
# What is looked at before a key is given out, read for all messages at once.
OF_INVITATION = ["token", "partner_id", "res_model", "res_id"]


class NpoMessage(models.Model):
    """The key to a page of opinion is in what is sent, and not in the log.

    Whoever reads the log could else answer for the person, or see what was begun.
    """

    _inherit = "npo.message"

    @api.model
    def _render_texts(self, template, cases):
        # EXTENDS npo.message
        template = template.with_context(npo_in_message=True)
        return super()._render_texts(template, cases)

    def _deliver(self):
        # EXTENDS npo.message: the keys of all of them are read at once
        found = {
            int(key)
            for one in self
            for key in MASKED.findall(one.body or "")
            if len(key) <= LONGEST_ID
        }
        invitations = self.env["npo.opinion.invitation"].sudo()
        invitations.browse(found).exists().fetch(OF_INVITATION)
        return super()._deliver()

    def _mail_body(self):
        # EXTENDS npo.message
        body = super()._mail_body()
        if not body:
            return body
        filled = MASKED.sub(lambda mask: self._opinion_path(mask[1]), body)
        return Markup(filled) if isinstance(body, Markup) else filled

    def _opinion_path(self, key):
        """Return what a mask stands for; nothing where it is not of this message.

        What people write gets into messages as well, and could hold a mask.
        """
        if len(key) > LONGEST_ID:
            return ""
        invitation = self.env["npo.opinion.invitation"].sudo().browse(int(key))
        try:
            partner = invitation.partner_id
        except MissingError:  # typed by somebody, or gone meanwhile
            return ""
        if partner != self.partner_id:
            return ""
        own = (
            (invitation._name, invitation.id),
            (invitation.res_model, invitation.res_id),
        )
        if (self.res_model, self.res_id) not in own:
            return ""
        return f"/opinion/{invitation.token}"
