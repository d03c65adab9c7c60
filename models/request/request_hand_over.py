from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from .request_flow import OFFICERS

STUDY_STAGES = ("research", "clarification")
RESEARCHER = "npo_relations.group_npo_social_researcher"


class NpoRequest(models.Model):
    """Handing requests over to a colleague, with a reason and a note (R103)."""

    _inherit = "npo.request"

    def action_hand_over(self):
        """Open the form in which requests are handed over."""
        self._require_group(*OFFICERS, "general_manager")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over"),
            "res_model": "npo.request.bulk",
            "view_mode": "form",
            "target": "new",
            "context": {"active_ids": self.ids, "default_action": "assign"},
        }

    def _hand_over(self, user, note):
        """Give the requests to a colleague, or to who stands in while away.

        What is with the researcher goes to another researcher, the rest to another
        owner. The colleague gets one task for all of them.
        """
        self._require_group(*OFFICERS, "general_manager")
        if any(request.is_closed for request in self):
            raise UserError(self.env._("What is closed is not handed over."))
        for company, requests in self.sudo().grouped("company_id").items():
            covers = self.env["npo.absence"]._cover_of(user, company)
            colleague = covers.get(user, user)
            study = requests.filtered(
                lambda request: request.stage_code in STUDY_STAGES
            )
            requests._check_new_holder(colleague, study)
            quiet = {"mail_auto_subscribe_no_notify": True}
            study.with_context(**quiet).write({"researcher_id": colleague.id})
            (requests - study).with_context(**quiet).write({"user_id": colleague.id})
            requests._log_hand_over(note)
            requests._tell_new_holder(colleague, note)

    def _check_new_holder(self, user, study):
        """Refuse whom the requests are with already, and who may not have them."""
        if study and not user.has_group(RESEARCHER):
            raise UserError(self.env._("%s is not a social researcher.", user.name))
        for request in self:
            if user in (request.user_id if request not in study else request._holder()):
                raise UserError(
                    self.env._(
                        "%(request)s is with %(person)s already.",
                        request=request.name,
                        person=user.name,
                    )
                )

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
