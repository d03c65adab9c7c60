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
        """Move inquiries to a stage with their new owner, who sees them at home."""
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        quiet._move(stage, user_id=user.id)

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

    def _check_hand_over(self):
        # OVERRIDE npo.case.mixin: who has it may, too
        self._check_handler()
        self._require_stage(*OPEN_STAGES)

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

    def action_answer(self):
        """Open the form of the answer."""
        return self._open_step("answer", self.env._("Answer"), OPEN_STAGES)

    def action_consult(self):
        """Open the form in which the competent unit is asked (R175)."""
        return self._open_step(
            "consult", self.env._("Ask the competent unit"), ("assigned", "reopened")
        )

    def action_ask(self):
        """Open the form in which the person is asked something."""
        return self._open_step(
            "ask", self.env._("Ask the person"), set(OPEN_STAGES) - {"waiting"}
        )

    def action_reply(self):
        """Open the form in which the person's reply is noted."""
        return self._open_step("reply", self.env._("The person replied"), ("waiting",))

    def action_hand_over(self):
        """Open the form in which an inquiry is handed over."""
        return self._open_step("hand_over", self.env._("Hand over"), OPEN_STAGES)

    def action_reopen(self):
        """Open the form of why the answer was none."""
        return self._open_step(
            "reopen", self.env._("Open again"), ("answered", "closed")
        )

    def _open_step(self, step, title, stages):
        self.ensure_one()
        self._check_handler()
        if self.stage_code not in stages:
            self._require_stage(*stages)  # tells where it is now
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "npo.inquiry.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_inquiry_id": self.id, "default_step": step},
        }
