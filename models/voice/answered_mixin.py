from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .voice_escalation import NpoVoice
from .voice_mixin import NpoVoiceMixin

BATCH = 200
TASK = "npo_relations.mail_activity_type_answer"


class NpoAnsweredMixin(models.AbstractModel):
    """What is answered, then closed by the person's word or silence (R063).

    Shared by inquiries and requests for information: who handles it asks the person
    something, answers; the person is satisfied, or has it opened again.
    """

    _name = "npo.answered.mixin"
    _description = "Case Closed by Its Answer"
    _inherit = [NpoVoiceMixin._name]
    _mail_post_access = "read"

    # The stages in which an answer is still owed, and where they go on.
    _open_stages = ()
    _working_stage = None
    _reopened_stage = None
    _answer_event = None
    _ask_event = None
    _flow_fields = NpoVoice._flow_fields | {
        "answer",
        "asked_back",
        "satisfaction",
        "reopened_count",
    }

    asked_back = fields.Text("What we asked the person", copy=False, prefetch=False)
    satisfaction = fields.Selection(
        [("yes", "Satisfied"), ("no", "Not satisfied")], copy=False
    )
    reopened_count = fields.Integer("Times opened again", copy=False)

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _check_handler(self):
        """Raise unless the user has the cases, or may write them."""
        self.check_access("read")
        if self.env.su:
            return
        for case in self - self._filtered_access("write"):
            if case.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(case)s is with %(person)s, who takes this step.",
                        case=case.name,
                        person=case.user_id.name or self.env._("the front desk"),
                    )
                )

    def _require_text(self, text):
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Write it in a few words first."))
        self._check_text_lengths({"answer": text})
        return text

    def _say(self, text):
        """Put what the person said into the thread, as the person's own words."""
        for case in self.sudo():
            case.message_post(
                body=text,
                author_id=case._person_authors()[:1].id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _check_hand_over(self):
        # OVERRIDE npo.case.mixin: who has it may, too
        self._check_handler()
        self._require_stage(*self._open_stages)

    # ------------------------------------------------------------
    # TASKS
    # ------------------------------------------------------------

    def _task_to_answer(self, user):
        """Give who has the cases now a task for each, due as the answer is (R168).

        What Odoo would work out of a task is given, so that it is written once.
        """
        if not user or user == self.env.user:
            return
        env = self.sudo().with_context(lang=user.lang).env
        quiet = {"mail_activity_quick_update": True, "npo_task_to_answer": True}
        xmlid_to_id = env["ir.model.data"]._xmlid_to_res_id
        env["mail.activity"].with_context(**quiet).create(
            [
                {
                    "res_model": self._name,
                    "res_model_id": env["ir.model"]._get_id(self._name),
                    "res_id": case.id,
                    "res_name": case.display_name,
                    "user_tz": user.tz,
                    "activity_type_id": xmlid_to_id(TASK),
                    "summary": env._("Answer it: %s", case.name),
                    "date_deadline": case.date_deadline or case.company_id._npo_today(),
                    "user_id": user.id,
                    "automated": True,
                }
                for case in self
            ]
        )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        # EXTENDS mail: who has a case follows it already; the task adds nothing
        if self.env.context.get("npo_task_to_answer"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    def _end_task_to_answer(self):
        """Take the task away: it is answered, or with somebody else."""
        self.sudo().activity_unlink([TASK])

    def _give_to(self, user):
        # EXTENDS npo.case.mixin: the colleague gets one task for all of them
        self._end_task_to_answer()
        super()._give_to(user)

    # ------------------------------------------------------------
    # ASKED BACK
    # ------------------------------------------------------------

    def _ask(self, text):
        """Ask the person something; the clock stands still until the reply."""
        self.ensure_one()
        self._check_handler()
        text = self._require_text(text)
        self._require_stage(*(set(self._open_stages) - {"waiting"}))
        self._move("waiting", asked_back=text)
        self._notify(self._ask_event)

    def _record_reply(self, text):
        """Note at the desk what the person replied by voice or by letter."""
        self.ensure_one()
        self._check_handler()
        text = self._require_text(text)
        self._require_stage("waiting")
        self._move(self._working_stage)
        self._say(text)

    # ------------------------------------------------------------
    # ANSWERED
    # ------------------------------------------------------------

    def _send_answer(self, text, **vals):
        """Record the answer and tell the person: once, whoever else presses."""
        self.ensure_one()
        self._check_handler()
        text = self._require_text(text)
        self._require_stage(*self._open_stages)
        self._move(
            "answered",
            answer=text,
            date_answered=fields.Datetime.now(),
            user_id=self.user_id.id or self.env.uid,
            **vals,
        )
        self._end_task_to_answer()
        self._notify(self._answer_event)

    def action_finish(self):
        """Close what is answered: the person has no more to ask."""
        self._check_handler()
        self._require_stage("answered")
        self._move("closed")

    def _reopen(self, text):
        """Open again what was not answered to the person's mind.

        The clock goes on where it stood: while the person had the answer, the time
        was not the association's.
        """
        self.ensure_one()
        text = self._require_text(text)
        self._require_stage("answered", "closed")
        case = self.sudo()
        waited = case._working_hours(case.date_answered, fields.Datetime.now())
        self._move(
            self._reopened_stage,
            date_answered=False,
            satisfaction="no",
            paused_hours=case.paused_hours + waited,
            reopened_count=case.reopened_count + 1,
        )
        self._say(text)

    def _record_reopening(self, text):
        """Open it again at the desk, because the person says so."""
        self.ensure_one()
        self._check_handler()
        self._reopen(text)

    # ------------------------------------------------------------
    # FORMS
    # ------------------------------------------------------------

    def action_answer(self):
        """Open the form of the answer."""
        return self._open_step("answer", self.env._("Answer"), self._open_stages)

    def action_ask(self):
        """Open the form in which the person is asked something."""
        stages = set(self._open_stages) - {"waiting"}
        return self._open_step("ask", self.env._("Ask the person"), stages)

    def action_reply(self):
        """Open the form in which the person's reply is noted."""
        return self._open_step("reply", self.env._("The person replied"), ("waiting",))

    def action_hand_over(self):
        """Open the form in which it is handed over."""
        return self._open_step("hand_over", self.env._("Hand over"), self._open_stages)

    def action_reopen(self):
        """Open the form of why the answer was none."""
        return self._open_step(
            "reopen", self.env._("Open again"), ("answered", "closed")
        )

    def _open_step(self, step, title, stages):
        self._check_handler()
        self.ensure_one()
        if self.stage_code not in stages:
            self._require_stage(*stages)  # tells where it is now
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": f"{self._name}.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id, "default_step": step},
        }

    # ------------------------------------------------------------
    # THE PERSON'S OWN WORD, IN THE PORTAL
    # ------------------------------------------------------------

    def _portal_may_reopen(self):
        """Tell whether the person may still open it again."""
        case = self.sudo()
        if case.stage_code not in ("answered", "closed") or not case.date_answered:
            return False
        days = case.company_id.npo_inquiry_reopen_days
        return fields.Datetime.now() <= case.date_answered + timedelta(days=days)

    def _portal_steps_open(self):
        # EXTENDS npo.voice.mixin
        steps = super()._portal_steps_open()
        if self.sudo().stage_code == "answered":
            steps |= {"satisfied", "unsatisfied"}
        return steps | {"reopen"} if self._portal_may_reopen() else steps

    def _portal_reply(self, text, files=()):
        # EXTENDS npo.voice.mixin: what we asked goes on, and nothing is left unread
        message = super()._portal_reply(text, files)
        case = self.sudo()
        if case.stage_code == "waiting":
            case._require_stage("waiting")
            case._move(self._working_stage)
        elif case.stage_code == "answered":
            case.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The person wrote after the answer"),
                user_id=case.user_id.id,
            )
        return message

    def _portal_reopen(self, text):
        """Have it opened again: the answer was none."""
        self._check_mine()
        if not self._portal_may_reopen():
            raise UserError(
                self.env._(
                    "The days to come back to this answer are over. Ask anew: we answer"
                    " you with pleasure."
                )
            )
        self.sudo()._reopen(text)

    def _portal_satisfied(self, is_satisfied):
        """Say whether the answer was one; a yes closes it, and twice is once."""
        self._check_mine()
        self._lock()
        case = self.sudo()
        if case.stage_code == "closed":
            return
        case._require_stage("answered")
        if is_satisfied:
            case._move("closed", satisfaction="yes")
        else:
            case.satisfaction = "no"

    # ------------------------------------------------------------
    # SILENCE
    # ------------------------------------------------------------

    @api.model
    def _cron_close(self, limit=BATCH):
        """Close what was answered and heard no more of, association by association."""
        for company in self.env["res.company"].sudo().search([]):
            days = company.npo_inquiry_close_days
            last = fields.Datetime.now() - timedelta(days=days)
            domain = [
                ("company_id", "=", company.id),
                ("stage_code", "=", "answered"),
                ("date_answered", "<", last),
                ("activity_ids", "=", False),  # a task holds it open
            ]
            cases = self.search(domain, limit=limit, order="id").try_lock_for_update()
            if cases:
                cases._move("closed")
            done = self.env["ir.cron"]._commit_progress(
                len(cases), remaining=self.search_count(domain)
            )
            if not done:
                break
