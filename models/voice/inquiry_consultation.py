from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.window import add_working_days
from ..core.guards import without_defaults


class NpoInquiryConsultation(models.Model):
    """The competent unit is asked, while one owner stays (R175).

    Written by its steps alone. Who is asked sees that inquiry and no other.
    """

    _name = "npo.inquiry.consultation"
    _description = "Question to a Unit"
    _order = "id desc"
    _rec_name = "inquiry_id"

    inquiry_id = fields.Many2one(
        "npo.inquiry", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="inquiry_id.company_id", store=True, precompute=True, index=True
    )
    site_id = fields.Many2one(
        related="inquiry_id.site_id", store=True, index="btree_not_null"
    )
    department_id = fields.Many2one(
        "hr.department", string="Unit", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", string="Asked", required=True, readonly=True, index=True
    )
    question = fields.Text(required=True, readonly=True)
    answer = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("asked", "Answer awaited"),
            ("answered", "Answered"),
            ("cancelled", "No longer needed"),
        ],
        required=True,
        readonly=True,
        default="asked",
    )
    date_asked = fields.Datetime(
        "Asked on", required=True, readonly=True, default=fields.Datetime.now
    )
    date_due = fields.Date("Answer due", required=True, readonly=True)
    date_answered = fields.Datetime("Answered on", readonly=True)
    hours = fields.Float("Working hours at the unit", readonly=True, aggregator="avg")

    _one_open = models.UniqueIndex(
        "(inquiry_id) WHERE state = 'asked'",
        "A unit is asked about this inquiry already, and its answer is awaited.",
    )
    _waiting_idx = models.Index("(user_id, date_due) WHERE state = 'asked'")

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_answer(self):
        """Open the form in which who is asked answers."""
        self.ensure_one()
        self._check_asked()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer your colleague"),
            "res_model": "npo.inquiry.step",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_case_id": self.inquiry_id.id,
                "default_step": "unit_answer",
            },
        }

    def _check_asked(self):
        """Raise unless the user is who was asked, or who has the inquiry."""
        self.check_access("read")
        if self.state != "asked":
            raise UserError(self.env._("This question was answered already."))
        if self.env.user not in self.user_id | self.inquiry_id.sudo().user_id:
            raise AccessError(self.env._("%s was asked this.", self.user_id.name))

    def _reply(self, text):
        """Give the unit's answer back to the owner of the inquiry."""
        self.ensure_one()
        self._check_asked()
        inquiry = self.inquiry_id
        text = inquiry._require_text(text)
        inquiry._require_stage("consulting")
        self._end("answered", answer=text)
        inquiry._move("assigned")
        inquiry.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The unit answered: answer the person"),
            user_id=inquiry.user_id.id,
        )

    def _cancel(self):
        """Note that an answer is no longer awaited."""
        self.filtered(lambda own: own.state == "asked")._end("cancelled")

    def _end(self, state, **vals):
        """End questions, with the working time that they were at the unit."""
        now = fields.Datetime.now()
        for consultation in self.sudo():
            inquiry = consultation.inquiry_id
            hours = inquiry._working_hours(consultation.date_asked, now)
            consultation.write(
                {"state": state, "date_answered": now, "hours": hours, **vals}
            )
            inquiry.activity_ids.filtered(
                lambda activity, asked=consultation.user_id: activity.user_id == asked
            ).unlink()


class NpoInquiry(models.Model):
    _inherit = "npo.inquiry"

    def _consult(self, department, question, user=None):
        """Ask the competent unit; the owner stays the one who answers (R175).

        :param user: who is asked; the manager of the unit by default
        """
        self.ensure_one()
        self._check_handler()
        question = self._require_text(question)
        asked = user or department.sudo().manager_id.user_id
        if not asked or asked.share or self.company_id not in asked.sudo().company_ids:
            raise UserError(
                self.env._("The unit has no manager with a login: choose who is asked.")
            )
        self._require_stage("assigned", "reopened")
        asked = self.env["npo.absence"]._present(asked, self.company_id)
        due = self._consultation_due()
        self._move("consulting", asked_id=asked.id)
        self._ask_unit(department, asked, question, due)

    def _ask_unit(self, department, asked, question, due):
        """Record the question, and remind who is asked of it."""
        own = without_defaults(self.sudo())
        own.env["npo.inquiry.consultation"].create(
            {
                "inquiry_id": self.id,
                "department_id": department.id,
                "user_id": asked.id,
                "question": question,
                "date_due": due,
            }
        )
        own.activity_schedule(
            "mail.mail_activity_data_todo",
            due,
            summary=self.env._("Answer a colleague's question"),
            user_id=asked.id,
        )

    def _consultation_due(self):
        """Return the day by which the unit answers."""
        company = self.company_id
        return add_working_days(
            company._npo_today(),
            company.npo_consult_days,
            company._npo_work_calendar().is_working_day,
        )
