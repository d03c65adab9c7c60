from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.register_mixin import NpoRegisterMixin

# ⚖ Working days in which another unit answers.
INTERNAL_DAYS = 3
SEES_RATINGS = (
    "npo_relations.group_npo_centre_manager,npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_internal_days = fields.Integer(
        "Days to answer another unit", default=INTERNAL_DAYS
    )

    _npo_internal_days_positive = models.Constraint(
        "CHECK (npo_internal_days > 0)", "Another unit has one day at least to answer."
    )


class NpoInternalRequest(models.Model):
    """What one unit needs of another: the beneficiary inside the house (R081).

    It is kept apart from what beneficiaries ask, and so is what is counted of it. Who
    asked rates the answer once; who answered never sees how.
    """

    _name = "npo.internal.request"
    _description = "Internal Request"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    _reference_prefix = "INT"
    # A measure of what they think of the answers counts who asked.
    _counts_person = "requester_id"
    _step_fields = NpoRegisterMixin._step_fields | {
        "state",
        "requester_id",
        "answered_by_id",
        "date_due",
        "date_answered",
        "rating",
        "is_rated",
    }

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("In one line", required=True)
    description = fields.Text("What is needed, and by when")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    requester_id = fields.Many2one(
        "res.users",
        "Asked by",
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    department_id = fields.Many2one(
        "hr.department", "Unit asked", required=True, index=True, check_company=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Answered by",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Nobody named: the manager of the unit.",
    )
    answer = fields.Text(copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_due = fields.Date("Due", readonly=True, copy=False)
    date_answered = fields.Date("Answered on", readonly=True, copy=False)
    is_answered_late = fields.Boolean(
        "Answered late", compute="_compute_is_answered_late", store=True
    )
    rating = fields.Integer(
        readonly=True, copy=False, aggregator="avg", groups=SEES_RATINGS
    )
    is_rated = fields.Boolean("Rated", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Waiting for an answer"), ("answered", "Answered")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another request."
    )
    _open_idx = models.Index("(company_id, date_due) WHERE state = 'open'")

    @api.depends("date_due", "date_answered")
    def _compute_is_answered_late(self):
        for one in self:
            answered = one.date_answered
            one.is_answered_late = bool(answered) and answered > one.date_due

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A request to another unit moves by its buttons.")

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever enters it asks; the unit has its working days, and is told."""
        requests = super().create(vals_list)
        for one in requests.sudo():
            company = one.company_id
            calendar = company._npo_work_calendar()
            due = calendar.add_days(fields.Datetime.now(), company.npo_internal_days)
            manager = one.department_id.manager_id.user_id
            one.write(
                {
                    "date_due": company._npo_day_of(due),
                    "user_id": (one.user_id or manager).id,
                }
            )
            if one.user_id:
                one.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=one.user_id.id,
                    date_deadline=one.date_due,
                    summary=self.env._("Answer another unit: %s", one.name),
                )
        return requests

    def write(self, vals):
        """What was asked stays as it was asked, once it is answered."""
        asked = {"title", "description", "department_id", "answer", "user_id"}
        if not self.env.su and asked & set(vals):
            if any(one.state == "answered" for one in self):
                raise UserError(self.env._("What was answered stays as it is."))
        return super().write(vals)

    def action_answer(self):
        """Answer it: whoever was asked, or a colleague of the unit."""
        self.check_access("write")
        for one in self:
            if one.state != "open":
                raise UserError(self.env._("It is answered already."))
            if one.requester_id == self.env.user:
                raise AccessError(self.env._("Another answers what you asked."))
            if not (one.answer or "").strip():
                raise UserError(self.env._("Write the answer first."))
        for one in self.sudo():
            one.write(
                {
                    "state": "answered",
                    "answered_by_id": self.env.uid,
                    "date_answered": one.company_id._npo_today(),
                }
            )
            one.activity_ids.action_done()

    def action_rate(self, rating=0):
        """Say how the answer was, from 1 to 5; who asked does, and once."""
        self.check_access("read")
        for one in self.sudo():
            if one.requester_id != self.env.user:
                raise AccessError(self.env._("Who asked rates the answer."))
            if one.state != "answered" or one.is_rated:
                raise UserError(self.env._("An answer is rated once."))
            if rating not in range(1, 6):
                raise UserError(self.env._("Choose one of the five."))
            one.write({"rating": rating, "is_rated": True})

    def action_rate_5(self):
        """Rate it: very good."""
        self.action_rate(5)

    def action_rate_3(self):
        """Rate it: fair."""
        self.action_rate(3)

    def action_rate_1(self):
        """Rate it: poor."""
        self.action_rate(1)
