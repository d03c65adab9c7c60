from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...tools.form_text import clean_line, clean_text, first_line
from ..people.identity_checks import check_phone

# Path of the page -> what is made of what is sent there.
KINDS = {
    "ask": "npo.inquiry",
    "complain": "npo.complaint",
    "suggest": "npo.suggestion",
    "help": "npo.interaction",
    "request-information": "npo.info.request",
}
# What an officer needs to call back.
REQUIRED = {"help": ("name", "contact")}
# By whichever of these the policy in force opens, in this order.
CHANNELS = ("website", "portal", "email")
HELP_CHANNEL = "assistance_request"
LONGEST = {"name": 120, "contact": 120, "description": None}
# A field that nobody sees: who fills it is a machine.
HONEYPOT = "website_url"
SENT_HOURS = 2


class NpoVoiceForm(models.AbstractModel):
    """The public forms: read what strangers send, refuse machines, lose nothing.

    What is refused is told at its field and stays typed; what was sent twice is there
    once (R150, R207, P070, P071).
    """

    _name = "npo.voice.form"
    _description = "Public Form"

    @api.model
    def _open(self, nonce):
        """Return the stamp of a form that is opened now."""
        return self.env["npo.flood.guard"]._stamp(nonce)

    @api.model
    def _read(self, post):
        """Return what was typed, clean, by name; everything else is left out."""
        typed = {name: clean_line(post.get(name)) for name in ("name", "contact")}
        typed["description"] = clean_text(post.get("description"))
        typed["is_anonymous"] = bool(post.get("is_anonymous"))
        typed["category"] = clean_line(post.get("category"))
        typed["item"] = clean_line(post.get("item"))
        typed["type"] = "thanks" if post.get("type") == "thanks" else "suggestion"
        return typed

    @api.model
    def _submit(self, kind, company, post, files=(), address=""):
        """Take in what was sent by a form, or say what is wrong with it.

        :param kind: key of `KINDS`
        :param post: what came, by name
        :param files: (name, bytes)
        :param address: from where it came; not kept
        :return: (record as superuser, {field: message}); "" for the whole form
        """
        typed = self._read(post)
        none = self.env[KINDS[kind]].sudo()
        stamp = clean_line(post.get("stamp"))
        message = self._machine_message(company, post, stamp)
        if message := message or self._notice_message(company, post):
            return none, {"": message}
        errors = self._errors(kind, company, typed, files)
        if errors:
            return none, errors
        guard = self.env["npo.flood.guard"]
        if before := guard._sent_before(company, stamp):
            return none.browse(int(before)), {}
        limits = guard._form_limits(company, address, typed["contact"])
        if guard._is_full(company, limits):
            return none, {"": self._busy_message()}
        record, message = self._take(kind, company, typed, files)
        if message:
            return none, {"": message}
        for key in limits:
            guard._count(company, key, 60)
        guard._note_outcome(company, stamp, str(record.id))
        return record, {}

    # ------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------

    @api.model
    def _machine_message(self, company, post, stamp):
        """Return what is told to what looks like a machine; a person presses again."""
        age = self.env["npo.flood.guard"]._stamp_age(stamp)
        is_trapped = bool(clean_line(post.get(HONEYPOT)))
        if is_trapped or age is None or age < company.npo_form_seconds:
            return self.env._(
                "We could not take it yet. Look it through once more and press the"
                " button again, or call us."
            )
        return ""

    @api.model
    def _notice_message(self, company, post):
        """Return what is told where the notice on data was not shown; "" else."""
        return ""

    @api.model
    def _busy_message(self):
        return self.env._(
            "Very much came in from here within an hour. Please try again later, or"
            " call us: a person answers you."
        )

    @api.model
    def _errors(self, kind, company, typed, files):
        """Return {field: message} of what is missing or wrong."""
        _ = self.env._
        errors = {}
        longest = company.npo_max_text
        if not typed["description"]:
            errors["description"] = _("Tell us in a few words what it is about.")
        elif len(typed["description"]) > longest:
            errors["description"] = _(
                "This is too long: please write it in %s characters at most, and attach"
                " the rest.",
                longest,
            )
        for name in REQUIRED.get(kind, ()):
            if not typed[name] and self.env.user._is_public():
                errors[name] = _("We need this to call you.")
        if len(typed["name"]) > LONGEST["name"]:
            errors["name"] = _("Please write the name only.")
        if message := self._contact_message(typed["contact"]):
            errors["contact"] = message
        if len(files) > company.npo_max_files:
            errors["files"] = _("At most %s files at once.", company.npo_max_files)
        return errors

    @api.model
    def _contact_message(self, contact):
        if len(contact) > LONGEST["contact"]:
            return self.env._("Please write one mobile number or one e-mail address.")
        try:
            self._contact_vals(contact)
        except ValidationError as error:
            return str(error)
        return ""

    @api.model
    def _contact_vals(self, contact):
        """Return the values of an address or a number that was left."""
        if "@" in contact:
            email = email_normalize(contact)
            if not email:
                raise ValidationError(
                    self.env._("“%s” is not an e-mail address.", contact)
                )
            return {"contact_email": email}
        return {"contact_phone": check_phone(self.env, contact)} if contact else {}

    # ------------------------------------------------------------
    # WHAT IS TAKEN IN
    # ------------------------------------------------------------

    @api.model
    def _take(self, kind, company, typed, files):
        """Make the record; return it, or why the association cannot take it.

        Who wants to stay unknown is not even on record as who created it.
        """
        is_hidden = typed["is_anonymous"] and kind != "help"
        env = self.env(user=SUPERUSER_ID) if is_hidden else self.env
        model = env[KINDS[kind]].with_company(company)
        try:
            with self.env.cr.savepoint():
                record = model._receive(self._vals(kind, company, typed), files)
                record.flush_recordset()
        except UserError as error:
            return model, str(error)
        return record, ""

    @api.model
    def _vals(self, kind, company, typed):
        line = first_line(typed["description"])
        vals = {
            "company_id": company.id,
            "channel_id": self._channel(kind, company).id,
            **self._contact_vals(typed["contact"]),
        }
        if kind == "help":
            vals |= {"subject": line, "summary": typed["description"]}
        else:
            vals |= {"title": line, "description": typed["description"]}
            vals |= self._category_vals(kind, typed)
            vals |= self._item_vals(kind, company, typed)
            if kind == "suggest":
                vals["kind"] = typed["type"]
            if typed["is_anonymous"]:
                return {**vals, "is_anonymous": True}
        if self.env.user._is_public():
            return {**vals, "contact_name": typed["name"] or False}
        return {**vals, "partner_id": self.env.user.partner_id.id}

    @api.model
    def _categories(self):
        """Return (code, name) of what a complaint may be about."""
        categories = self.env["npo.complaint.category"].sudo().search([])
        return [(category.code, category.name) for category in categories]

    @api.model
    def _category_vals(self, kind, typed):
        """Return the category that was chosen, if any; it says how close it is kept."""
        if kind != "complain" or not typed["category"]:
            return {}
        categories = self.env["npo.complaint.category"].sudo()
        found = categories.search([("code", "=", typed["category"])], limit=1)
        return {"category_id": found.id} if found else {}

    @api.model
    def _item(self, company, typed):
        """Return the information that a question is about: one shown to who asks."""
        user = self.env.user
        reader = user.partner_id.browse() if user._is_public() else user.partner_id
        shown = self.env["npo.info.item"]._visible_to(reader, company)
        return shown.filtered(lambda item: str(item.id) == typed["item"])

    @api.model
    def _item_vals(self, kind, company, typed):
        """Return what an inquiry about a piece of information has: where it points."""
        item = kind == "ask" and self._item(company, typed)
        if not item:
            return {}
        return {
            "title": self.env._("Something is wrong: %s", item.name),
            "info_item_id": item.id,
            "work_field_id": item.work_field_id.id,
        }

    @api.model
    def _channel(self, kind, company):
        """Return the channel of what comes by a page: one that the policy opens."""
        order = list(CHANNELS)
        if kind == "help":
            order.insert(0, HELP_CHANNEL)
        elif not self.env.user._is_public():
            order.sort(key=lambda code: code != "portal")
        channels = self.env["npo.channel"].sudo().search([("code", "in", order)])
        version = company.sudo().npo_policy_version_id
        if version:
            opened = self.env[KINDS[kind]]._open_channels(version)
            channels = channels & opened or channels
        return channels.sorted(lambda channel: order.index(channel.code))[:1]

    # ------------------------------------------------------------
    # SHOWN ONCE IT IS THERE
    # ------------------------------------------------------------

    @api.model
    def _sent_token(self, kind, record):
        """Return what the page that says thank you is opened by, for some hours."""
        values = [kind, record.id]
        return hash_sign(
            self.env(su=True), "npo_voice_sent", values, expiration_hours=SENT_HOURS
        )

    @api.model
    def _sent(self, token):
        """Return (kind, record as superuser) of a token; nothing for another."""
        try:
            values = verify_hash_signed(self.env(su=True), "npo_voice_sent", token)
            kind, record_id = values
        except (ValueError, TypeError, IndexError):
            return None, self.browse()
        return kind, self.env[KINDS[kind]].sudo().browse(record_id).exists()
