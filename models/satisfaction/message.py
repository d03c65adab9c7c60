import re

from odoo import api, models

from .invitation import MASK

MASKED = re.compile(rf"{re.escape(MASK)}(\d+)")


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
        found = {int(key) for one in self for key in MASKED.findall(one.body or "")}
        self.env["npo.opinion.invitation"].sudo().browse(found).mapped("token")
        return super()._deliver()

    def _mail_body(self):
        # EXTENDS npo.message
        body = super()._mail_body()
        for key in set(MASKED.findall(body)):
            invitation = self.env["npo.opinion.invitation"].sudo().browse(int(key))
            if invitation.exists():
                body = body.replace(f"{MASK}{key}", f"/opinion/{invitation.token}")
        return body
