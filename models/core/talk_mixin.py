from odoo import models
from odoo.exceptions import AccessError


class NpoTalkMixin(models.AbstractModel):
    """What is said about a record is for fewer than who reads the record (R030, R158).

    A model names them in `_talk_groups`; a rule on `ir.attachment` says the same of the
    files beside it.
    """

    _name = "npo.talk.mixin"
    _description = "Discussion for Few"
    _inherit = ["mail.thread"]

    _talk_groups = ""

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # EXTENDS mail: who does not read the talk needs what nobody has, to see it or
        # to add to it
        if message_operation in ("read", "create") and not self.env.user.has_groups(
            self._talk_groups
        ):
            return dict.fromkeys(self, "unlink")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def message_post(self, **kwargs):
        # EXTENDS mail: core lets anybody post a note on what they cannot read
        self.check_access("read")
        if not self.env.su and not self.env.user.has_groups(self._talk_groups):
            raise AccessError(
                self.env._("What is said about %s is for others.", self.display_name)
            )
        return super().message_post(**kwargs)
