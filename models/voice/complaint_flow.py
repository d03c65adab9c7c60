from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.window import add_working_days
from .complaint import NpoComplaint as Base

# Who follows complaints up; whoever has one in hand does so as well.
HANDLER_GROUPS = ("complaint_officer", "centre_officer")
APPROVERS = ("centre_manager", "general_manager")
WORKED_ON = ("acknowledged", "assessed", "investigation", "at_unit", "reopened")
APPROVED_SEVERITIES = ("high", "critical")


class NpoComplaint(models.Model):
    """The steps of a complaint until its decision is told (R145, P073–P076)."""

    _inherit = Base._name

    _drag_steps = {
        "acknowledged": "action_acknowledge",
        "investigation": "action_investigate",
    }

    assignment_ids = fields.One2many(
        "npo.complaint.assignment", "complaint_id", string="Units asked", readonly=True
    )
    proposal = fields.Text(
        "Solution proposed", readonly=True, copy=False, prefetch=False
    )
    date_proposed = fields.Datetime("Proposed on", readonly=True, copy=False)
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        "res.users", "Solution approved by", readonly=True, copy=False
    )
    date_approved = fields.Datetime("Approved on", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False
    )
    information_asked = fields.Text("What the person was asked", readonly=True)
    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    @api.depends("severity", "stage_code", "date_approved", "date_proposed")
    def _compute_needs_approval(self):
        """A grave complaint is answered as somebody else approved (P073)."""
        for case in self:
            case.needs_approval = (
                case.severity in APPROVED_SEVERITIES and not case.date_approved
            )

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _require_handler(self):
        """Raise unless the user follows the complaints up, and is not concerned."""
        self._check_not_barred()
        self.check_access("read")
        if not self._follows_up() and any(
            case.user_id != self.env.user for case in self
        ):
            raise AccessError(
                self.env._(
                    "A complaint is followed up by who handles it, or by a complaint"
                    " officer."
                )
            )

    @api.model
    def _follows_up(self):
        """Tell whether the user follows up what others handle."""
        return any(
            self.env.user.has_group(f"npo_relations.group_npo_{name}")
            for name in HANDLER_GROUPS
        )

    def _take(self, *stages):
        """Begin a step: the right person, at one of the stages, alone."""
        self._require_handler()
        self._require_stage(*stages)
        self.env["npo.duty"]._check_own_file(self.sudo(), self.env.user.partner_id)

    def _require_text(self, text, sentence):
        """Raise the sentence where a step lacks its words."""
        if not (text or "").strip():
            raise UserError(sentence)
        return text.strip()

    # ------------------------------------------------------------
    # TASKS
    # ------------------------------------------------------------

    def _task(self, user, summary, note="", day=None):
        """Give somebody a task on the complaint, unless they have it already."""
        self.ensure_one()
        case = self.sudo()
        if not user or user in case.barred_user_ids:
            return
        if case.activity_ids.filtered(
            lambda task: task.user_id == user and task.summary == summary
        ):
            return
        case.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day or case.company_id._npo_today(),
            summary=summary,
            note=note,
            user_id=user.id,
        )

    def _end_tasks(self, summary=None):
        """Close the tasks that a step fulfils."""
        tasks = self.sudo().activity_ids
        if summary:
            tasks = tasks.filtered(lambda task: task.summary == summary)
        tasks.unlink()

    def _tell_manager(self):
        """Give the general manager a task the same day: it is critical (P073)."""
        for case in self.filtered(lambda one: one.severity == "critical"):
            managers = case._unconcerned("npo_relations.group_npo_general_manager")
            case._task(
                managers[:1] or case._free_handler(),
                self.env._("A critical complaint came in"),
            )

    # ------------------------------------------------------------
    # ASSESSED
    # ------------------------------------------------------------

    def _assess(self, severity, urgency, category=None, handler=None, **vals):
        """Weigh a complaint a first time: how grave, how urgent, with whom (P073)."""
        self.ensure_one()
        self._take("received", "acknowledged", "reopened")
        handler = handler or self.user_id or self.env.user
        self._check_not_barred(handler)
        self.env["npo.duty"]._claim("handle", self)
        if category:
            vals["category_id"] = category.id
        self._move(
            "assessed",
            **{
                "severity": severity,
                "urgency": urgency,
                "priority": self._priority(severity, urgency),
                "user_id": handler.id,
                "date_assessed": self.date_assessed or fields.Datetime.now(),
                "date_acknowledged": self.date_acknowledged or fields.Datetime.now(),
                **vals,
            },
        )
        self._tell_manager()

    @api.model
    def _priority(self, severity, urgency):
        """Return the priority: the table of severity and urgency (P073)."""
        grave = [code for code, _label in self._fields["severity"].selection]
        return str(min(3, max(0, grave.index(severity) + int(urgency) - 1)))

    # ------------------------------------------------------------
    # LOOKED INTO
    # ------------------------------------------------------------

    def action_investigate(self):
        """Look into what happened; whoever does so has the complaint."""
        self._take("assessed", "at_unit", "waiting", "reopened", "proposed")
        for case in self:
            case._check_assessed()
            case.env["npo.duty"]._claim("handle", case)
            case._move("investigation", user_id=case.user_id.id or case.env.uid)

    def _check_assessed(self):
        if not self.date_assessed:
            raise UserError(
                self.env._(
                    "Assess %s first: how grave and how urgent it is.", self.name
                )
            )

    def _send_to_unit(self, department, question, user=None, date_due=None):
        """Ask a unit, which answers by a day; nobody concerned is asked (R206, P074).

        :return: the question, as superuser
        """
        self.ensure_one()
        self._take("assessed", "investigation", "at_unit", "reopened")
        self._check_assessed()
        question = self._require_text(
            question, self.env._("Write what the unit is asked.")
        )
        user = self._unit_user(department, user)
        line = (
            self.env["npo.complaint.assignment"]
            .sudo()
            .create(
                {
                    "complaint_id": self.id,
                    "department_id": department.id,
                    "user_id": user.id,
                    "question": question,
                    "date_asked": fields.Datetime.now(),
                    "date_due": date_due or self._unit_due(),
                }
            )
        )
        if self.stage_code != "at_unit":
            self._move("at_unit", department_id=department.id)
        self._task(
            user, self.env._("Answer about a complaint"), question, line.date_due
        )
        return line

    def _unit_user(self, department, user):
        """Return who of a unit is asked: who is named, its manager, or above it."""
        if user:
            self._check_not_barred(user)
            return user
        unit = department.sudo()
        barred = self.sudo().barred_user_ids
        while unit:
            manager = unit.manager_id.user_id
            if manager and manager not in barred:
                return manager
            unit = unit.parent_id
        raise UserError(
            self.env._(
                "Nobody in charge of %s can be asked about this complaint. Name who is"
                " asked.",
                department.name,
            )
        )

    def _unit_due(self):
        """Return the day by which a unit answers."""
        calendar = self.company_id._npo_work_calendar()
        return add_working_days(
            self.company_id._npo_today(),
            self.company_id.npo_unit_answer_days,
            calendar.is_working_day,
        )

    def _unit_answered(self, assignment):
        """Go on when no unit is waited for any more, and tell who handles it."""
        case = self.sudo()
        case.activity_ids.filtered(
            lambda task: task.user_id == assignment.user_id
        ).unlink()
        if self._open_assignments():
            return
        if case.stage_code == "at_unit":
            case._move("investigation")
        case._task(case.user_id, self.env._("The unit answered"))

    def _open_assignments(self):
        return self.sudo().assignment_ids.filtered(lambda line: line.state == "open")

    def _check_units_answered(self):
        """Nothing is decided or closed while a unit is waited for (R206)."""
        for case in self:
            if lines := case._open_assignments():
                raise UserError(
                    self.env._(
                        "%(case)s waits for %(unit)s. Remind the unit, or take the"
                        " question back first.",
                        case=case.name,
                        unit=lines[0].department_id.name,
                    )
                )

    def _ask_person(self, question):
        """Ask the person something; the clock waits with it (P084)."""
        self.ensure_one()
        self._take(*WORKED_ON)
        question = self._require_text(
            question, self.env._("Write what the person is asked.")
        )
        self._move("waiting", information_asked=question)
        self._notify("cmp_question")

    # ------------------------------------------------------------
    # SOLVED
    # ------------------------------------------------------------

    def _propose(self, proposal):
        """Propose a solution; what is grave waits for another person's approval."""
        self.ensure_one()
        self._take("investigation", "assessed", "reopened")
        self._check_assessed()
        self._check_units_answered()
        proposal = self._require_text(
            proposal, self.env._("Write the solution that is proposed.")
        )
        self.env["npo.duty"]._claim("handle", self)
        self._move(
            "proposed",
            proposal=proposal,
            date_proposed=fields.Datetime.now(),
            proposed_by_id=self.env.uid,
            approved_by_id=False,
            date_approved=False,
        )
        if self.needs_approval:
            self._task(
                self._unconcerned("npo_relations.group_npo_general_manager")[:1],
                self.env._("Approve the solution of a complaint"),
            )

    def action_approve(self):
        """Approve the solution of a grave complaint, as another person (P073)."""
        self._check_not_barred()
        self._require_approver()
        self._require_stage("proposed")
        self.env["npo.duty"]._claim("endorse", self)
        self.sudo().write(
            {"approved_by_id": self.env.uid, "date_approved": fields.Datetime.now()}
        )
        for case in self:
            case._end_tasks(self.env._("Approve the solution of a complaint"))
            case._task(case.user_id, self.env._("The solution was approved"))

    def _require_approver(self):
        """Raise unless the user is of those who approve; not who proposed (duty)."""
        self._require_group(*APPROVERS)

    def _decide(self, outcome, root_cause, answer):
        """Decide, and tell the person with the right to object (P075, P076)."""
        self.ensure_one()
        self._take("proposed", "investigation", "assessed", "reopened")
        self._check_assessed()
        self._check_units_answered()
        if self.severity in APPROVED_SEVERITIES and not self.date_approved:
            raise UserError(
                self.env._(
                    "%s is grave: propose its solution, and have it approved by"
                    " somebody else first.",
                    self.name,
                )
            )
        self._check_decision(outcome, root_cause, answer)
        self.env["npo.duty"]._claim("decide", self)
        self._tell_decision(outcome, root_cause, answer)

    def _check_decision(self, outcome, root_cause, answer):
        if not outcome or not root_cause:
            raise UserError(
                self.env._("A complaint is decided with its outcome and its cause.")
            )
        self._require_text(answer, self.env._("Write the answer: the letter tells it."))
        self._check_text_lengths({"answer": answer})

    def _tell_decision(self, outcome, root_cause, answer):
        """Put the decision on the complaint and tell the person."""
        self._end_tasks()
        self._move(
            "decided",
            outcome=outcome,
            root_cause=root_cause,
            answer=answer.strip(),
            decided_by_id=self.env.uid,
            date_answered=fields.Datetime.now(),
            is_satisfied=False,
        )
        self._notify("cmp_decision")
