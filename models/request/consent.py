from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_list


class NpoConsent(models.Model):
    """What stops in requests when a consent is withdrawn (D18)."""

    _inherit = "npo.consent"

    def _after_withdrawal(self):
        # EXTENDS npo.consent
        super()._after_withdrawal()
        self._stop_messages()
        self._tell_owners()

    def _stop_messages(self):
        """Take back the messages that wait to be sent and need what was withdrawn."""
        for consent in self:
            waiting = (
                self.env["npo.message"]
                .sudo()
                .search(
                    [
                        ("state", "=", "outgoing"),
                        ("partner_id", "=", consent.partner_id.id),
                        ("company_id", "=", consent.company_id.id),
                        ("template_id.npo_purpose_id", "=", consent.purpose_id.id),
                    ]
                )
            )
            waiting.write({"state": "stopped"})

    def _tell_owners(self):
        """Tell who works on an open request that needs what was withdrawn."""
        needed = self.filtered("purpose_id.is_essential")
        if not needed:
            return
        requests = (
            self.env["npo.request"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", needed.partner_id.ids),
                    ("company_id", "in", needed.company_id.ids),
                    ("is_closed", "=", False),
                    ("user_id", "!=", False),
                ]
            )
        )
        for request in requests:
            ended = needed.filtered(
                lambda consent, request=request: (
                    consent.partner_id == request.partner_id
                    and consent.company_id == request.company_id
                )
            )
            if ended:
                names = ended.purpose_id.mapped("name")
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._(
                        "Consent withdrawn: %s. Stop, and call the applicant.",
                        format_list(self.env, names),
                    ),
                    user_id=request.user_id.id,
                )


class MailTemplate(models.Model):
    _inherit = "mail.template"

    npo_purpose_id = fields.Many2one(
        "npo.consent.purpose",
        string="Only with consent to",
        index="btree_not_null",
        help="Empty: the message belongs to the service and is always sent.",
    )


class NpoMessage(models.Model):
    """Messages that are not part of the service go to who agreed alone (P021)."""

    _inherit = "npo.message"

    state = fields.Selection(
        selection_add=[("stopped", "Not sent: no consent")],
        ondelete={"stopped": "cascade"},
    )

    def _queue(self, template, cases, event=""):
        # EXTENDS npo.message
        purpose = template.sudo().npo_purpose_id
        if purpose:
            agreed = cases.browse()
            for company, own in cases.grouped("company_id").items():
                persons = self.env["npo.consent"]._consenting(
                    own.partner_id, purpose, company
                )
                agreed |= own.filtered(
                    lambda case, persons=persons: case.partner_id in persons
                )
            cases = agreed
        return super()._queue(template, cases, event=event)

    def _deliver(self):
        # EXTENDS npo.message: it may have been withdrawn since
        stopped = self.browse()
        asked = self.sudo().filtered("template_id.npo_purpose_id")
        for (purpose, company), messages in asked.grouped(
            lambda message: (message.template_id.npo_purpose_id, message.company_id)
        ).items():
            persons = self.env["npo.consent"]._consenting(
                messages.partner_id, purpose, company
            )
            stopped |= messages.filtered(
                lambda message, persons=persons: message.partner_id not in persons
            )
        stopped.write({"state": "stopped"})
        return super(NpoMessage, self - stopped)._deliver()

    def _mail_body(self):
        # EXTENDS npo.message: stopping is one press away
        body = super()._mail_body()
        if self.sudo().template_id.npo_purpose_id:
            lang = self.partner_id.lang or self.env.lang
            body += self.with_context(lang=lang)._stop_note()
        return body

    def _stop_note(self):
        url = f"{self.get_base_url()}/my/consents"
        text = self.env._("You agreed to messages like this. Stop them here:")
        return Markup('<p>%s <a href="%s">%s</a></p>') % (text, url, url)
