from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import (
    generate_tracking_message_id,
    parse_contact_from_email,
    unfold_references,
)

from ..core.message import NpoMessage as BaseMessage
from .voice_mixin import NpoVoiceMixin

MAX_TITLE = 120
# Headers of a mail that a machine wrote: it is kept, and not answered (RFC 3834).
MACHINE_HEADERS = ("X-Auto-Response-Suppress", "X-Autoreply", "List-Id")
BULK = {"bulk", "junk", "list", "auto_reply"}


def is_automatic(message):
    """Tell whether a mail was written by a machine, an `email.message.Message`."""
    submitted = (message.get("Auto-Submitted") or "no").strip().lower()
    return (
        submitted != "no"
        or (message.get("Precedence") or "").strip().lower() in BULK
        or any(message.get(header) for header in MACHINE_HEADERS)
    )


class MailThread(models.AbstractModel):
    """Mails to the addresses of an association find the case they are about (R094)."""

    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        # EXTENDS mail
        routes = [
            self._npo_route(message, message_dict, route)
            if hasattr(self.env[route[0]], "_person_replied")
            else route
            for route in routes or ()
        ]
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _npo_route(self, message, message_dict, route):
        """Lead a reply to one of our messages to its case, whoever's address it has."""
        model, thread_id, values, user_id, alias = route
        if not thread_id:
            case = self.env["npo.message"]._replied_case(message_dict, model)
            thread_id = case.id or thread_id
        values = {**(values or {}), "is_automatic": is_automatic(message)}
        return model, thread_id, values, user_id, alias


class NpoVoice(models.AbstractModel):
    """A case that a mail opens or goes on with. Whatever comes is kept."""

    _inherit = NpoVoiceMixin._name

    # Who may read what came by mail, before anybody looked at it.
    _mail_confidentiality = "normal"

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # OVERRIDE mail: who sends too many in a short time is a machine
        return Domain("contact_email", "=", email_from_normalized)

    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # OVERRIDE mail: nothing of a mail is refused, for nobody would see it again
        values = dict(custom_values or {})
        automatic = values.pop("is_automatic", False)
        company = self.env["res.company"].browse(values.get("company_id"))
        company = company or self.env.company
        case = (
            self.sudo()
            .with_company(company)
            .create({**self._mail_case_values(msg_dict, company), **values})
        )
        if not automatic:
            case._acknowledge()
        return case

    @api.model
    def _mail_case_values(self, msg_dict, company):
        """Return the values of the case that a mail opens.

        The mail itself stands whole in its thread; what is longer than a text of ours
        may be is cut here and says so.
        """
        name, email = parse_contact_from_email(msg_dict.get("email_from") or "")
        partner = self._mail_sender(email, company)
        text = html2plaintext(msg_dict.get("body") or "").replace("\0", "").strip()
        subject = (msg_dict.get("subject") or "").replace("\0", "").strip()
        if len(text) > company.npo_max_text:
            note = self.env._("… (the whole mail stands below)")
            text = text[: company.npo_max_text - len(note)] + note
        first_line = next(filter(None, map(str.strip, text.splitlines())), "")
        return {
            "company_id": company.id,
            "title": (subject or first_line or self.env._("Mail without a subject"))[
                :MAX_TITLE
            ],
            "description": text,
            "channel_id": self.env.ref("npo_relations.channel_email").id,
            "confidentiality": self._mail_confidentiality,
            "partner_id": partner.id,
            "contact_name": not partner and (name or email or "")[:MAX_TITLE],
            "contact_email": email_normalize(email) or False,
        }

    def _open_channels(self, version):
        # EXTENDS npo.case.mixin: whoever gives an address out has opened e-mail
        channels = super()._open_channels(version)
        if (
            version.company_id,
            self._stage_kind,
        ) in self.env["npo.mailbox"]._addresses(version.company_id):
            channels |= self.env.ref("npo_relations.channel_email")
        return channels

    @api.model
    def _mail_sender(self, email, company):
        """Return the one contact of the association that has an address.

        An address can be forged, and be shared by a family: it is tied to a contact
        only where there is no doubt which, and opens nothing to who writes.
        """
        address = email_normalize(email)
        if not address:
            return self.env["res.partner"]
        found = (
            self.env["res.partner"]
            .sudo()
            .search(
                Domain("email_normalized", "=", address)
                & Domain("company_id", "in", (company.id, False)),
                limit=2,
            )
        )
        return found if len(found) == 1 else found.browse()

    @api.private
    def message_update(self, msg_dict, update_vals=None):
        # EXTENDS mail: what the person writes brings the case back to us
        result = super().message_update(msg_dict, update_vals)
        writer = email_normalize(msg_dict.get("email_from") or "")
        for case in self.sudo():
            if writer and writer in case._person_addresses():
                case._person_replied()
        return result

    def _person_addresses(self):
        """Return the addresses under which the person writes to us, normalized."""
        addresses = (self.partner_id.email, self.contact_email)
        return {email_normalize(email) for email in addresses if email}

    def _person_replied(self):
        """Do what follows when the person wrote: tell who has the case."""
        self.ensure_one()
        if self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.user_id.id,
                summary=self.env._("The person wrote"),
            )


class NpoMessage(models.Model):
    """Replies to a message of ours come back to its case."""

    _inherit = BaseMessage._name

    mail_reference = fields.Char(
        "Mail", index="btree_not_null", help="Its Message-Id: a reply names it."
    )

    def _mail_values(self):
        # EXTENDS npo.message: the addresses are read once for all of them
        values_list = super()._mail_values()
        addresses = self.env["npo.mailbox"]._addresses(self.company_id)
        for message, values in zip(self, values_list, strict=True):
            kind = getattr(self.env[message.res_model], "_stage_kind", None)
            if address := addresses.get((message.company_id, kind)):
                reference = generate_tracking_message_id(f"npo-{message.id}")
                message.mail_reference = reference
                values |= {"message_id": reference, "reply_to": address}
        return values_list

    @api.model
    def _replied_case(self, msg_dict, model):
        """Return the case whose message a mail replies to, if its person replies.

        Who knows a Message-Id and writes from elsewhere opens a case of their own.
        """
        names = msg_dict.get("references") or msg_dict.get("in_reply_to") or ""
        references = unfold_references(names)[-32:]
        found = self.sudo().search(
            [("mail_reference", "in", references), ("res_model", "=", model)],
            limit=1,
            order="id desc",
        )
        case = self.env[model].sudo().browse(found.res_id).exists()
        writer = email_normalize(msg_dict.get("email_from") or "")
        return case if case and writer in case._person_addresses() else case.browse()
