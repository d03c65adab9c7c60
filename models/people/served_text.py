from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .served_name import MEETS_SERVED

TEXTS = "sms.sms"


class IrRule(models.Model):
    """A text message on its way is for who reads the message that it is (D02, P092).

    Core shows every text to the administrator of the system: number, person and words.
    Its application need not be there, so that no record of ours can name its model.
    """

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        # EXTENDS base
        domain = super()._compute_domain(model_name, mode)
        if model_name != TEXTS or self.env.su:
            return domain
        domain = Domain(domain) & self._npo_texts_read()
        if not self.env.user.has_groups(MEETS_SERVED):
            nobody = Domain("partner_id", "=", False)
            domain &= nobody | Domain("partner_id.npo_is_served", "=", False)
        return domain

    @api.model
    def _npo_texts_read(self):
        """Return the domain of the texts that are not ours, or that one reads."""
        messages = self.env["npo.message"]
        messages.flush_model(["sms_uuid"])
        if messages.has_access("read"):
            read = messages._search([("sms_uuid", "!=", False)])
            read = read.select(SQL.identifier(read.table, "sms_uuid"))
        else:
            read = SQL("SELECT NULL::varchar")

        def to_sql(_model, alias, _query):
            return SQL(
                """(NOT EXISTS (SELECT FROM npo_message m WHERE m.sms_uuid = %(uuid)s)
                    OR %(uuid)s IN (%(read)s))""",
                uuid=SQL.identifier(alias, "uuid"),
                read=read,
            )

        def predicate(text):
            domain = [("sms_uuid", "=", text.uuid)]
            if not messages.sudo().search_count(domain):
                return True
            return messages.has_access("read") and messages.search_count(domain)

        return Domain.custom(to_sql=to_sql, predicate=predicate)
