from odoo import models
from odoo.exceptions import UserError

from .request_flow import OFFICERS

STUDY_STAGES = ("research", "clarification")
RESEARCHER = "npo_relations.group_npo_social_researcher"


class NpoRequest(models.Model):
    """What is with the researcher goes to another researcher, the rest to an owner."""

    _inherit = "npo.request"
    _hand_over_roles = (*OFFICERS, "general_manager")

    def action_hand_over(self):
        """Open the form in which requests are handed over."""
        self._require_group(*self._hand_over_roles)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over"),
            "res_model": "npo.request.bulk",
            "view_mode": "form",
            "target": "new",
            "context": {"active_ids": self.ids, "default_action": "assign"},
        }

    def _in_study(self):
        return self.filtered(lambda request: request.stage_code in STUDY_STAGES)

    def _check_new_holder(self, user):
        # EXTENDS npo.case.mixin
        if self._in_study() and not user.has_group(RESEARCHER):
            raise UserError(self.env._("%s is not a social researcher.", user.name))
        super()._check_new_holder(user)

    def _kept_by(self):
        # OVERRIDE npo.case.mixin
        return self.researcher_id if self._in_study() else self.user_id

    def _give_to(self, user):
        # EXTENDS npo.case.mixin
        study = self._in_study()
        study.write({"researcher_id": user.id})
        super(NpoRequest, self - study)._give_to(user)
