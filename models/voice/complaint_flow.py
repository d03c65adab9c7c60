from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint import NpoComplaint as Base

# Who follows complaints up; whoever has one in hand does so as well.
HANDLER_GROUPS = ("complaint_officer", "centre_officer")
WORKED_ON = ("acknowledged", "assessed", "investigation", "at_unit", "reopened")


class NpoComplaint(models.Model):
    """The steps of a complaint: who takes them, weighed, looked into (R145, P073).

    Units that are asked stand in `complaint_assignment`, the solution and the decision
    in `complaint_decision`, the end in `complaint_close`.
    """

    _inherit = Base._name

    _drag_steps = {
        "acknowledged": "action_acknowledge",
        "investigation": "action_investigate",
    }

    information_asked = fields.Text("What the person was asked", readonly=True)

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
        promised = self.date_acknowledged and self.date_deadline
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
        if promised and promised != self.date_deadline:
            self._notify("cmp_update")  # another day than the person was told

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

    def _ask_person(self, question):
        """Ask the person something; the clock waits with it (P084)."""
        self.ensure_one()
        self._take(*WORKED_ON)
        question = self._require_text(
            question, self.env._("Write what the person is asked.")
        )
        self._move("waiting", information_asked=question)
        self._notify("cmp_question")
