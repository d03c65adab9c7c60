from markupsafe import Markup

from odoo import models


class NpoMessage(models.Model):
    """Each message ends with the way to the rights of who reads it (R037)."""

    _inherit = "npo.message"

    def _mail_body(self):
        # EXTENDS npo_relations
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        label = self.with_context(lang=lang).env._("Your rights and duties")
        footer = Markup('<hr/><p style="font-size: 13px"><a href="%s">%s</a></p>')
        return super()._mail_body() + footer % (
            self.company_id._npo_page_url("/rights"),
            label,
        )
