from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError, UserError

from ...tools.form_text import clean_text
from .voice_mixin import NpoVoiceMixin

SAID = "npo_relations.mt_voice_said"


class NpoVoice(models.AbstractModel):
    """What the person sees and does of what was said, in the portal or by the code.

    The association speaks by its messages (`npo.message`), the person by notes of a
    kind of its own in the discussion: nothing else of it reaches the page (P093).
    """

    _inherit = NpoVoiceMixin._name

    def _is_mine(self):
        """Tell whether the user is the person, or acts for the person.

        Who holds the tracking code acts as the system, which no session is.
        """
        self.ensure_one()
        if self.env.uid == SUPERUSER_ID:
            return True
        me = self.env.user.partner_id
        case = self.sudo()
        return me in (case.partner_id | case.representative_id)

    def _check_mine(self):
        if not self._is_mine():
            raise AccessError(self.env._("This is not yours."))

    def _portal_thread(self):
        """Return what was said to and by the person, oldest first.

        :return: list of {"date", "is_mine", "text" or "html", "files"}
        """
        self._check_mine()
        case = self.sudo()
        said = case.env["mail.message"].search_fetch(
            [
                ("model", "=", case._name),
                ("res_id", "=", case.id),
                ("subtype_id", "=", case.env.ref(SAID).id),
            ],
            ["date", "body", "attachment_ids"],
        )
        told = case.env["npo.message"].search_fetch(
            [("res_model", "=", case._name), ("res_id", "=", case.id)],
            ["create_date", "body"],
        )
        entries = [
            {
                "date": message.date,
                "is_mine": True,
                "html": message.body,
                "files": message.attachment_ids.mapped("name"),
            }
            for message in said
        ] + [
            {
                "date": message.create_date,
                "is_mine": False,
                "html": message.body,
                "files": [],
            }
            for message in told
        ]
        return sorted(entries, key=lambda entry: entry["date"])

    def _portal_may_reply(self):
        """Tell whether the person may write: as long as it is not closed."""
        return not self.sudo().is_closed

    def _portal_reply(self, text, files=()):
        """Take in what the person writes, with what is attached."""
        self._check_mine()
        case = self.sudo()
        text = clean_text(text)
        if not text:
            raise UserError(self.env._("Write what you want to tell us."))
        if not self._portal_may_reply():
            raise UserError(
                self.env._("This is closed. Write to us anew, and name its number.")
            )
        case._check_text_lengths({"description": text})
        attached = case._attach(files)
        author = False if case.is_anonymous else case.partner_id.id
        case.message_post(
            body=text,
            author_id=author,
            email_from=False if not author else None,
            message_type="comment",
            subtype_xmlid=SAID,
            attachment_ids=attached.ids,
        )
