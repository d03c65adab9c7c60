from odoo import models
from odoo.exceptions import AccessError

from .complaint import NpoComplaint as Base


class NpoComplaint(models.Model):
    """What the person does about a complaint, in the portal or by its number (R150).

    `_person_…` is what a page does that knows who it is for: by the code of the
    complaint, say. `_portal_…` is for who has an account, and checks whose it is.
    """

    _inherit = Base._name

    def _is_mine(self):
        """Tell whether the complaint is the user's own."""
        self.ensure_one()
        return self.sudo().partner_id == self.env.user.partner_id

    def _mine(self):
        """Return the complaint in sudo, for whose it is."""
        if not self._is_mine():
            raise AccessError(self.env._("This complaint is not yours."))
        self._lock()
        return self.sudo()

    # ------------------------------------------------------------
    # BY WHO HAS ITS NUMBER AND CODE
    # ------------------------------------------------------------

    def _person_reply(self, text, files=()):
        """Keep what the person writes; who was waited for is waited for no longer."""
        case = self.sudo()
        text = case._require_text(text, self.env._("Write a few words first."))
        case._check_text_lengths({"answer": text})
        attachments = case._attach(files)
        message = case.message_post(
            body=text,
            author_id=(case.partner_id or self.env.ref("base.public_partner")).id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=attachments.ids,
        )
        if case.stage_code == "waiting":
            case._move("investigation" if case.date_assessed else "acknowledged")
        case._task(case.user_id, self.env._("The person wrote"))
        return message

    def _person_satisfied(self, is_satisfied, text=""):
        """Note whether the person accepts the answer; pressing twice notes it once."""
        case = self.sudo()
        if case.stage_code == "closed_accepted" and is_satisfied:
            return
        case._hear(is_satisfied, text)

    def _person_reopen(self, text):
        """Open the complaint again: it was not solved."""
        case = self.sudo()
        if case.stage_code != "reopened":
            case._reopen(text)

    def _person_withdraw(self, text=""):
        """Take the complaint back; pressing twice takes it back once."""
        case = self.sudo()
        if case.stage_code != "withdrawn":
            case._withdraw(text)

    # ------------------------------------------------------------
    # BY WHO HAS AN ACCOUNT
    # ------------------------------------------------------------

    def _portal_reply(self, text, files=()):
        return self._mine()._person_reply(text, files)

    def _portal_satisfied(self, is_satisfied, text=""):
        return self._mine()._person_satisfied(is_satisfied, text)

    def _portal_reopen(self, text):
        return self._mine()._person_reopen(text)

    def _portal_withdraw(self, text=""):
        return self._mine()._person_withdraw(text)

    def _portal_may_object(self):
        """Tell whether the user may object to the decision."""
        self.ensure_one()
        return self._is_mine() and self._may_appeal()

    def _portal_object(self, ground, statement, **vals):
        """Object to the decision; a second press finds the first one's objection."""
        case = self._mine()
        me = self.env.user.partner_id
        mine = case._appeals().filtered(
            lambda appeal: not appeal.is_closed and appeal.lodged_by_id == me
        )
        return mine or self.env["npo.appeal"]._lodge(
            case, me, ground=ground, statement=statement, **vals
        )
