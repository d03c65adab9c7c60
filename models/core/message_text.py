from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .message import NpoMessage as BaseMessage

# How long a gateway may take to say that a text message did not arrive.
GATEWAY_DAYS = 3


class NpoMessage(models.Model):
    """Text messages, and what became of messages on their way (D04, R057).

    They go through Odoo's own application `sms`, whose gateway an association replaces
    (`_get_sms_api_class`): to who prefers them, and to who has no e-mail address. They
    are off until the association turns them on, and the application need not be there.
    """

    _inherit = BaseMessage._name

    sms_uuid = fields.Char("Text message", index="btree_not_null")

    @api.model
    def _gateways(self):
        # EXTENDS npo.message
        return {**super()._gateways(), "sms": lambda messages: messages._send_texts()}

    def _deliver_by_mail(self):
        # EXTENDS npo.message: a text message, where there is no address for mail
        texts = self.filtered(lambda message: not message._email())
        sent = texts._send_texts()
        sent._mark_sent("sms")
        return super(NpoMessage, self - sent)._deliver_by_mail()

    def _send_texts(self):
        """Hand the messages to the gateway; return those that it took."""
        reachable = self.filtered(
            lambda message: message.company_id.npo_sms_enabled and message._phone()
        )
        if not reachable or "sms.sms" not in self.env:
            return self.browse()
        texts = (
            self.env["sms.sms"]
            .sudo()
            .create(
                [
                    {
                        "number": message._phone(),
                        "partner_id": message.partner_id.id,
                        "body": message._text_body(),
                    }
                    for message in reachable
                ]
            )
        )
        for message, text in zip(reachable, texts, strict=True):
            message.sms_uuid = text.uuid
        return reachable

    def _phone(self):
        """Return the number that the message goes to, if there is one."""
        return self.partner_id.phone or self.phone_to

    def _text_body(self):
        """Return the message as a text message says it."""
        return html2plaintext(self._mail_body(), include_references=False)

    # ------------------------------------------------------------
    # WHAT BECAME OF THEM
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        # EXTENDS npo.message
        super()._cron_send()
        self._read_gateway()

    @api.model
    def _read_gateway(self):
        """Log which text messages the gateway could not deliver."""
        if "sms.sms" not in self.env:
            return
        since = fields.Datetime.now() - timedelta(days=GATEWAY_DAYS)
        sent = self.search(
            [
                ("sms_uuid", "!=", False),
                ("state", "=", "sent"),
                ("date_sent", ">=", since),
            ]
        )
        domain = [("uuid", "in", sent.mapped("sms_uuid")), ("state", "=", "error")]
        failed = self.env["sms.sms"].sudo().search(domain).grouped("uuid")
        for message in sent:
            if text := failed.get(message.sms_uuid):
                message._note_failure(text.failure_type or "unknown")

    def _note_failure(self, failure):
        """Log that a message did not arrive: it is sent again, or printed."""
        self.sudo().write({"state": "failed", "failure": failure})


class MailMail(models.Model):
    _inherit = "mail.mail"

    npo_message_id = fields.Many2one(
        "npo.message", index="btree_not_null", ondelete="set null"
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS mail
        if failure_type:
            self.sudo().npo_message_id._note_failure(failure_reason or failure_type)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_sms_enabled = fields.Boolean(
        "Send text messages",
        help="Through the gateway of the association. Off: who has no e-mail address"
        " gets a printed slip.",
    )

    @api.constrains("npo_sms_enabled")
    def _check_npo_sms(self):
        if "sms.sms" not in self.env and any(self.mapped("npo_sms_enabled")):
            raise UserError(
                self.env._("Install the application for text messages (SMS) first.")
            )
