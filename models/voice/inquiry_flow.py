from odoo import models

from .inquiry import OPEN_STAGES


class NpoInquiry(models.Model):
    """The steps of an inquiry: passed on, taken over, answered (R063, R168)."""

    _inherit = "npo.inquiry"

    _drag_steps = {"assigned": "action_assign", "closed": "action_finish"}

    def _acknowledge(self):
        # EXTENDS npo.voice.mixin: what no desk heard goes to its officer at once
        self._assign()
        return super()._acknowledge()

    # ------------------------------------------------------------
    # WITH WHOM
    # ------------------------------------------------------------

    def action_assign(self):
        """Pass inquiries on to the liaison officers of their fields."""
        self._check_handler()
        self._require_stage("new")
        self._assign()

    def _assign(self):
        """Give inquiries to who answers for their fields today (R168)."""
        liaisons = self.env["npo.liaison"]
        groups = self.sudo().grouped(lambda own: (own.company_id, own.work_field_id))
        for (company, work_field), inquiries in groups.items():
            officer = liaisons._liaison_for(work_field, company)
            inquiries.with_env(self.env)._give("assigned", officer)

    def _give(self, stage, user):
        """Move inquiries to a stage with their new owner, who has the task (R168)."""
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        quiet._move(stage, user_id=user.id)
        self._task_to_answer(user)

    def action_take(self):
        """Take inquiries over from whoever has them."""
        self._require_group(
            "service_representative",
            "branch_delegate",
            "centre_officer",
            "complaint_officer",
        )
        self.check_access("write")
        self._require_stage(*OPEN_STAGES)
        fresh = self.filtered(lambda inquiry: inquiry.stage_code == "new")
        fresh._give("assigned", self.env.user)
        (self - fresh)._hand_over(self.env.user, False)

    # ------------------------------------------------------------
    # ANSWERED
    # ------------------------------------------------------------

    def _answer(self, text, unclear=False, source=None):
        """Answer the inquiry and tell the person (R063).

        :param unclear: our own instructions were unclear here
        :param source: `npo.answer` that the answer was taken from
        """
        self.ensure_one()
        is_first = self.stage_code == "new"
        self._send_answer(
            text,
            first_contact=is_first,
            unclear_instructions=unclear or self.unclear_instructions,
            answer_id=source.id if source else False,
        )
        self.consultation_ids.sudo()._cancel()

    # ------------------------------------------------------------
    # FORMS
    # ------------------------------------------------------------

    def action_consult(self):
        """Open the form in which the competent unit is asked (R175)."""
        return self._open_step(
            "consult", self.env._("Ask the competent unit"), ("assigned", "reopened")
        )
