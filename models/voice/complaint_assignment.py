from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.window import add_working_days
from ..core.guards import check_values, without_defaults
from .complaint import NpoComplaint as Base


class NpoComplaintAssignment(models.Model):
    """A unit that was asked about a complaint, until it answers (R206).

    Whoever is asked sees what they are asked, and nothing else of the complaint: who
    complains of whom is for who handles it to know (P083). It is asked, reminded and
    answered by steps; nobody writes a line.
    """

    _name = "npo.complaint.assignment"
    _description = "Unit Asked About a Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "department_id"

    complaint_id = fields.Many2one(
        Base._name, required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    department_id = fields.Many2one("hr.department", "Unit", required=True)
    user_id = fields.Many2one("res.users", "Who is asked", required=True, index=True)
    question = fields.Text("What is asked", required=True)
    date_asked = fields.Datetime("Asked on", required=True, readonly=True)
    date_due = fields.Date("Answer due", required=True)
    state = fields.Selection(
        [
            ("open", "Waiting for the unit"),
            ("done", "Answered"),
            ("void", "Taken back"),
        ],
        required=True,
        default="open",
    )
    answer = fields.Text("Answer of the unit")
    date_answered = fields.Datetime("Answered on")
    reminder_ids = fields.One2many(
        "npo.complaint.assignment.reminder", "assignment_id", string="Reminders"
    )
    reminder_count = fields.Integer("Times reminded", readonly=True)
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )

    _open_idx = models.Index("(complaint_id) WHERE state = 'open'")
    _due_idx = models.Index("(company_id, date_due) WHERE state = 'open'")

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        for line in self:
            today = line.company_id._npo_today()
            line.is_late = (
                line.state == "open" and bool(line.date_due) and line.date_due < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        late = Domain("state", "=", "open") & Domain("date_due", "<", today)
        return late if True in value else ~late

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    @api.constrains("user_id", "complaint_id")
    def _check_asked(self):
        """Who is asked works for the association, and is not concerned (P074)."""
        for line in self.sudo():
            if line.user_id.share or line.company_id not in line.user_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(association)s.",
                        person=line.user_id.name,
                        association=line.company_id.name,
                    )
                )
            line.complaint_id._check_not_barred(line.user_id)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A unit is asked by the step of a complaint."))
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        lines = super(
            NpoComplaintAssignment, without_defaults(self).with_context(**quiet)
        ).create(vals_list)
        return lines.with_env(self.env)

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _require_open(self):
        self.check_access("read")
        self.complaint_id.sudo()._lock()
        self.invalidate_recordset(["state"])
        if any(line.state != "open" for line in self):
            raise UserError(self.env._("The unit answered already. Reload the page."))

    def action_answer(self):
        """Open the form in which the unit answers."""
        self.ensure_one()
        self._require_open()
        self._require_asked()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "npo.complaint.reply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_assignment_id": self.id},
        }

    def _require_asked(self):
        """Raise unless the user was asked, or follows the complaint up."""
        if self.user_id != self.env.user:
            self.complaint_id._require_handler()

    def _answer(self, text, files=()):
        """Record what the unit says; the last one takes the complaint back (R206)."""
        self.ensure_one()
        self._require_open()
        self._require_asked()
        if not (text or "").strip():
            raise UserError(self.env._("Write the answer of the unit first."))
        check_values(self, {"answer": text})
        case = self.complaint_id.sudo()
        self._end("done", answer=text, date_answered=fields.Datetime.now())
        case._attach(files)
        case._units_answered()

    def _end(self, state, **vals):
        """End questions, and the tasks to answer them."""
        lines = self.sudo()
        lines.write({"state": state, **vals})
        lines.activity_ids.unlink()

    def action_remind(self):
        """Remind the unit, and note that it was reminded (R206)."""
        self.complaint_id._require_handler()
        self._require_open()
        self._remind()

    def _remind(self):
        lines = self.sudo()
        self.env["npo.complaint.assignment.reminder"].sudo().create(
            [{"assignment_id": line.id, "user_id": self.env.uid} for line in lines]
        )
        summary = self.env._("Reminder: answer about the complaint")
        for line in lines:
            line.reminder_count += 1
            if summary not in line.activity_ids.mapped("summary"):
                line._task(summary, line.company_id._npo_today())

    def _task(self, summary, day):
        """Give who is asked a task that opens the question, not the complaint."""
        self.ensure_one()
        self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            summary=summary,
            note=self.question,
            user_id=self.user_id.id,
        )

    def action_take_back(self):
        """Take a question back that needs no answer any more."""
        self.complaint_id._require_handler()
        self._require_open()
        self._end("void")
        self.complaint_id._units_answered()


class NpoComplaintAssignmentReminder(models.Model):
    """When a unit was reminded, and by whom (R206)."""

    _name = "npo.complaint.assignment.reminder"
    _description = "Reminder of a Unit"
    _order = "id desc"

    assignment_id = fields.Many2one(
        "npo.complaint.assignment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="assignment_id.company_id", store=True, precompute=True, index=True
    )
    complaint_id = fields.Many2one(
        related="assignment_id.complaint_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one("res.users", "By", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)


class NpoComplaint(models.Model):
    """Units are asked about a complaint, and it waits for them (R206, P074)."""

    _inherit = Base._name

    assignment_ids = fields.One2many(
        "npo.complaint.assignment", "complaint_id", string="Units asked", readonly=True
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
        line._task(self.env._("Answer about a complaint"), line.date_due)
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

    def _units_answered(self):
        """Go on when no unit is waited for any more, and tell who handles it."""
        case = self.sudo()
        if case._open_assignments():
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
