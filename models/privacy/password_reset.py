from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.form_text import clean_line
from .sign_in_code import NpoSignInCode as Base

LONGEST = 254  # signs of an address, by RFC 5321


class NpoSignInCode(models.Model):
    """Who forgot a password asks for a message; nobody learns who has an account (D05).

    Core looks for the account, and writes and sends the mail, before it answers: what
    it answers, and how long it takes, tell whether there is one. Here a line is written
    for whatever was typed, and the cron sends to those that are anybody's.
    """

    _inherit = Base._name

    kind = fields.Selection(
        selection_add=[("mail", "E-mail")], ondelete={"mail": "cascade"}
    )
    user_id = fields.Many2one(
        "res.users", "Account", index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _ask_reset(self, company, typed, address):
        """Have the mail sent by which a password is chosen, if it is anybody's.

        :param typed: e-mail or sign-in name; not kept
        :return: why nothing was asked for: too many tries
        """
        typed = clean_line(typed)[:LONGEST]
        if not self._may_ask(company, typed.lower(), address):
            return self._wait_message()
        self._queue(company, user_id=self._account_of(typed).id, kind="mail")
        return ""

    @api.model
    def _account_of(self, typed):
        """Return the one account of an e-mail or a sign-in name: one statement."""
        users = self.env["res.users"].sudo()
        if not typed:
            return users.browse()
        domain = Domain(users._get_login_domain(typed))
        domain |= Domain(users._get_email_domain(typed))
        found = users.search_fetch(domain, ["login"])
        found = found.filtered(lambda user: user.login == typed) or found
        return found if len(found) == 1 else users.browse()

    def _send(self):
        # EXTENDS npo.sign.in.code: a mail by which a password is chosen anew
        if self.kind != "mail":
            return super()._send()
        user = self.user_id
        if user.active and user.email:
            with suppress(UserError):  # the mail server is away: no code waits for it
                user.action_reset_password()
        return None
