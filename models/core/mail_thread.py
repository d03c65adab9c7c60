from odoo import api, models


class MailThread(models.AbstractModel):
    """Nobody asks of a follower what they may not ask of a contact (R154)."""

    _inherit = "mail.thread"

    @api.model
    def _search_message_partner_ids(self, operator, operand):
        # EXTENDS mail: core looks followers up as superuser, whatever is asked of them
        if operator == "any" and not self.env.su:
            operator, operand = "in", self.env["res.partner"]._search(operand)
        return super()._search_message_partner_ids(operator, operand)
