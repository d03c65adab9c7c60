from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from .case_mixin import NpoCaseMixin as BaseCase


class NpoCaseMixin(models.AbstractModel):
    """Handing cases over to a colleague, with a reason and a note (R103)."""

    _inherit = BaseCase._name

    # Who hands cases of the kind over: groups without their prefix.
    _hand_over_roles = ()

    def _hand_over(self, user, note):
        """Give the cases to a colleague, or to who stands in while away.

        The colleague gets one task for all of them.
        """
        self._check_hand_over()
        for company, cases in self.sudo().grouped("company_id").items():
            covers = self.env["npo.absence"]._cover_of(user, company)
            colleague = covers.get(user, user)
            cases._check_new_holder(colleague)
            cases.with_context(mail_auto_subscribe_no_notify=True)._give_to(colleague)
            cases._log_hand_over(note)
            cases._tell_new_holder(colleague, note)

    def _check_hand_over(self):
        """Raise unless the user may hand the cases over, as they are now."""
        self._require_group(*self._hand_over_roles)
        if any(case.is_closed for case in self):
            raise UserError(self.env._("What is closed is not handed over."))

    def _check_new_holder(self, user):
        """Refuse who is not of the association, and whom the cases are with already."""
        for case in self:
            if user.share or case.company_id not in user.company_ids:
                raise UserError(
                    self.env._("%s does not work for this association.", user.name)
                )
            if user == case._kept_by():
                raise UserError(
                    self.env._(
                        "%(case)s is with %(person)s already.",
                        case=case.name,
                        person=user.name,
                    )
                )

    def _kept_by(self):
        """Return the user whom the case is taken from when it is handed over."""
        return self.user_id

    def _give_to(self, user):
        """Make a colleague the one who has the cases."""
        self.write({"user_id": user.id})

    def _tell_new_holder(self, user, note):
        """Give the colleague one task for all that was handed over."""
        if user == self.env.user:
            return
        env = self.with_context(lang=user.lang or "en_US").env
        names = Markup("<bdi>%s</bdi>") % ", ".join(self.mapped("name"))
        env["mail.activity"].create(
            {
                "summary": env._("Handed over to you: %s", len(self)),
                "note": Markup("<p>%s</p><p>%s</p>") % (names, note),
                "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
                "date_deadline": fields.Date.context_today(self),
                "user_id": user.id,
            }
        )
