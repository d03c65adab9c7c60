from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..core.guards import check_values, without_defaults
from .complaint import NpoComplaint as Base


class NpoComplaintAssignment(models.Model):
    """A unit that was asked about a complaint, until it answers (R206).

    Whoever is asked sees that complaint alone. It is asked, reminded and answered by
    steps; nobody writes a line.
    """

    _name = "npo.complaint.assignment"
    _description = "Unit Asked About a Complaint"
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
        late = Domain("state", "=", "open") & Domain("date_due", "<", "today")
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
        return super(NpoComplaintAssignment, without_defaults(self)).create(vals_list)

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _require_open(self):
        self.check_access("read")
        self.complaint_id._lock()
        self.invalidate_recordset(["state"])
        if any(line.state != "open" for line in self):
            raise UserError(self.env._("The unit answered already. Reload the page."))

    def action_answer(self):
        """Open the form in which the unit answers."""
        self.ensure_one()
        self._require_open()
        self._require_asked()
        return self.complaint_id._step_action(
            "unit_answer",
            self.env._("Answer"),
            default_assignment_id=self.id,
        )

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
        self.sudo().write(
            {"answer": text, "state": "done", "date_answered": fields.Datetime.now()}
        )
        self.complaint_id.sudo()._attach(files)
        self.complaint_id._unit_answered(self)

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
        for line in lines:
            line.reminder_count += 1
            line.complaint_id._task(
                line.user_id,
                self.env._("Reminder: answer about the complaint"),
                line.question,
                line.company_id._npo_today(),
            )

    def action_take_back(self):
        """Take a question back that needs no answer any more."""
        self.complaint_id._require_handler()
        self._require_open()
        self.sudo().write({"state": "void"})
        self.complaint_id._unit_answered(self)


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
