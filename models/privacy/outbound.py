from odoo import api, models

# Where nobody answers: an address of this machine itself, at the port of “discard”.
NOWHERE = "http://127.0.0.1:9"
# Addresses of Odoo's services that core would send to: names of companies, numbers,
# texts. Which of them are installed makes no difference.
ENDPOINTS = (
    "enrich.endpoint",
    "html_editor.media_library_endpoint",
    "html_editor.olg_api_endpoint",
    "iap.endpoint",
    "iap.partner_autocomplete.endpoint",
    "sms.endpoint",
    "snailmail.endpoint",
    "website.olg_api_endpoint",
    "website.website_api_endpoint",
)
SETTINGS = {
    **dict.fromkeys(ENDPOINTS, NOWHERE),
    "mail.link_preview_throttle": "0",  # no page is fetched that a message links to
}
WEB_PUSH = "npo_relations.web_push"


class IrConfigParameter(models.Model):
    """Nothing leaves the house unless somebody turns it on (P023)."""

    _inherit = "ir.config_parameter"

    @api.model
    def _npo_stay_in_house(self):
        """Turn off what core sends to others; called once, when the module comes in.

        What an administrator has set already, or sets later, stays as it is. The
        weekly message to the publisher tells the name and telephone of the company.
        """
        params = self.sudo()
        known = set(params.search([("key", "in", list(SETTINGS))]).mapped("key"))
        params.create(
            [
                {"key": key, "value": value}
                for key, value in SETTINGS.items()
                if key not in known
            ]
        )
        self.env.ref("mail.ir_cron_module_update_notification").active = False


class MailThread(models.AbstractModel):
    """A notice on a device passes through the maker of the browser, abroad (P023)."""

    _inherit = "mail.thread"

    def _web_push_get_partners_parameters(self, partner_ids):
        # EXTENDS mail: only where an administrator set the parameter
        if not self.env["ir.config_parameter"].sudo().get_param(WEB_PUSH):
            return self.env["mail.push.device"], None, None
        return super()._web_push_get_partners_parameters(partner_ids)
