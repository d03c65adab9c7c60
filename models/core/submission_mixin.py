from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .guards import without_defaults

MANAGER = "npo_relations.group_npo_general_manager"


class NpoSubmissionMixin(models.AbstractModel):
    """What is submitted to the general manager, who approves it or returns it (R188).

    The manager sees it once it was submitted: a record rule of each model tests
    `submission_state`. What was submitted is frozen; what was returned is changed and
    submitted again, and the remarks stay with it.
    """

    _name = "npo.submission.mixin"
    _description = "Submitted to the General Manager"

    # Written by the steps below alone.
    _submission_fields = frozenset(
        {
            "submission_state",
            "submitted_by",
            "date_submitted",
            "answered_by",
            "date_answered",
            "manager_remarks",
        }
    )
    # What may still be written of what was submitted.
    _open_after_submission = frozenset(
        {"activity_ids", "message_ids", "message_follower_ids"}
    )

    submission_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("returned", "Returned"),
            ("approved", "Approved"),
            ("archived", "Kept"),
        ],
        "Report",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
    )
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    date_submitted = fields.Datetime("Submitted on", readonly=True, copy=False)
    answered_by = fields.Many2one("res.users", readonly=True, copy=False)
    date_answered = fields.Datetime("Answered on", readonly=True, copy=False)
    manager_remarks = fields.Text("Remarks of the manager", readonly=True, copy=False)

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name in self._submission_fields)
        for vals in vals_list:
            self._check_submission_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_submission_fields(vals)
        if not self.env.su and set(vals) - self._open_after_submission:
            self._check_not_submitted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_not_submitted()

    def _check_submission_fields(self, names):
        if not self.env.su and self._submission_fields & set(names):
            raise AccessError(
                self.env._("A report is submitted and answered by its buttons.")
            )

    def _check_not_submitted(self):
        if any(
            one.submission_state in ("submitted", "approved", "archived")
            for one in self
        ):
            raise UserError(
                self.env._(
                    "What was submitted to the general manager is not changed. The"
                    " manager can return it."
                )
            )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _missing_to_submit(self):
        """Return what is missing before it may be submitted, in words; or False."""
        return False

    def _submission_title(self):
        """Return what the manager's task calls it; it names no person."""
        return self.display_name

    def action_submit(self):
        """Submit to the general manager, who gets a task (R187, R199)."""
        self.check_access("write")
        now = fields.Datetime.now()
        for one in self.sudo():
            if one.submission_state not in ("draft", "returned"):
                raise UserError(self.env._("It is submitted already."))
            if missing := one._missing_to_submit():
                raise UserError(missing)
            one.write(
                {
                    "submission_state": "submitted",
                    "submitted_by": self.env.uid,
                    "date_submitted": now,
                }
            )
            one.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=one.company_id._npo_colleague("general_manager").id,
                summary=self.env._("Read and answer: %s", one._submission_title()),
            )

    def action_approve(self):
        """Approve what was submitted; only the general manager does."""
        self._answer("approved")

    def action_return(self, remarks=""):
        """Return it for a change, saying which."""
        remarks = (remarks or "").strip()
        if not remarks:
            raise UserError(self.env._("Say what is to be changed."))
        self._answer("returned", remarks)

    def action_keep(self):
        """Put an approved report among those that are kept."""
        self._check_manager()
        if any(one.submission_state != "approved" for one in self):
            raise UserError(self.env._("Only what was approved is kept."))
        self.sudo().submission_state = "archived"

    def _answer(self, state, remarks=False):
        """Write the manager's answer; who submitted it is told of a return."""
        self._check_manager()
        for one in self.sudo():
            if one.submission_state != "submitted":
                raise UserError(self.env._("Only what was submitted is answered."))
            if one.submitted_by == self.env.user:
                raise UserError(
                    self.env._("What you submitted yourself is answered by another.")
                )
            one.write(
                {
                    "submission_state": state,
                    "answered_by": self.env.uid,
                    "date_answered": fields.Datetime.now(),
                    "manager_remarks": remarks or one.manager_remarks,
                }
            )
            one.activity_ids.filtered(
                lambda task: task.user_id == self.env.user
            ).action_done()
            if state == "returned":
                one.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=one.submitted_by.id,
                    summary=self.env._("Returned: %s", one._submission_title()),
                    note=remarks,
                )

    def _check_manager(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("The general manager answers reports."))
