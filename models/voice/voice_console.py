from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from .voice_mixin import NpoVoiceMixin

CENTRE = ("centre_officer", "complaint_officer", "relations_officer")


class NpoVoice(models.AbstractModel):
    """What the centre does with cases that others have (R201, R206)."""

    _inherit = NpoVoiceMixin._name
    _hand_over_roles = (*CENTRE, "general_manager")

    def _give_back(self, note):
        """Give cases back to the queue: nobody has them, and the note says why."""
        self._require_group(*self._hand_over_roles)
        if any(case.is_closed for case in self):
            raise UserError(self.env._("What is closed is not given back."))
        cases = self.sudo()
        cases.with_context(mail_auto_subscribe_no_notify=True).write({"user_id": False})
        cases._log_hand_over(note)

    def _remind_owner(self, note):
        """Remind those who have the cases: one task each, whatever the number."""
        self._require_group(*self._hand_over_roles)
        self.check_access("read")
        nobody = self.filtered(lambda case: not case.user_id)
        if nobody:
            raise UserError(
                self.env._("%s is with nobody: hand it over first.", nobody[0].name)
            )
        for user, cases in self.sudo().grouped("user_id").items():
            env = self.with_context(lang=user.lang or "en_US").env
            names = Markup("<bdi>%s</bdi>") % ", ".join(cases.mapped("name"))
            env["mail.activity"].sudo().create(
                {
                    "summary": env._("Please answer: %s", len(cases)),
                    "note": Markup("<p>%s</p><p>%s</p>") % (names, note),
                    "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
                    "date_deadline": fields.Date.context_today(self),
                    "user_id": user.id,
                }
            )
        self._log_reminded()

    def _log_reminded(self):
        """Log that who has the cases was reminded: the follow-up is seen (R206)."""
        self.env["npo.reminder"].sudo().create(
            [
                {
                    "res_model": case._name,
                    "res_id": case.id,
                    "company_id": case.company_id.id,
                    "kind": "centre",
                    "user_id": case.user_id.id,
                    "date": fields.Datetime.now(),
                    "date_due": case.date_deadline,
                }
                for case in self.sudo()
            ]
        )
