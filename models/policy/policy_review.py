from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

ACTIVITY = "npo_relations.mail_activity_policy_review"


class NpoPolicyReview(models.Model):
    """The log of a policy's reviews: when, by whom, kept or to be amended (R034)."""

    _name = "npo.policy.review"
    _description = "Review of a Policy"
    _order = "date desc, id desc"
    _rec_name = "date"

    policy_id = fields.Many2one(
        "npo.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="policy_id.company_id", string="Association", store=True, index=True
    )
    version_id = fields.Many2one(
        "npo.policy.version",
        string="Version reviewed",
        compute="_compute_version_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    outcome = fields.Selection(
        [("keep", "Keep as it is"), ("amend", "To be amended")], required=True
    )
    note = fields.Text(help="What was looked at, and why it is kept or amended.")
    user_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        default=lambda self: self.env.uid,
    )

    @api.depends("policy_id")
    def _compute_version_id(self):
        """The version in force at the time: what comes after does not move the log."""
        for review in self:
            review.version_id = review.policy_id.current_version_id

    @api.constrains("date")
    def _check_date(self):
        for review in self:
            if review.date > review.company_id._npo_today():
                raise ValidationError(
                    self.env._("A review is recorded when it has been held.")
                )

    @api.constrains("outcome", "note")
    def _check_note(self):
        for review in self:
            if review.outcome == "amend" and not (review.note or "").strip():
                raise ValidationError(self.env._("Tell what is to be amended."))

    @api.model_create_multi
    def create(self, vals_list):
        """Log the reviews, and plan the next ones."""
        self.env["npo.policy.version"]._check_governance()
        vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        reviews = super().create(vals_list)
        for review in reviews:
            review.policy_id._plan_review(review.date)
        reviews.policy_id._close_review_activities()
        return reviews

    def write(self, vals):
        raise UserError(self.env._("The log of reviews is kept as it was written."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of reviews is kept."))


class NpoPolicy(models.Model):
    """The cycle in which a policy is reviewed (R034)."""

    _name = "npo.policy"
    _inherit = ["npo.policy", "mail.activity.mixin"]

    review_interval_months = fields.Integer(
        "Months between reviews",
        compute="_compute_review_interval_months",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    next_review_date = fields.Date("Next review", tracking=True, copy=False)
    review_ids = fields.One2many(
        "npo.policy.review", "policy_id", string="Reviews", readonly=True
    )
    is_review_due = fields.Boolean(
        compute="_compute_is_review_due", search="_search_is_review_due"
    )

    _review_interval = models.Constraint(
        "CHECK (review_interval_months BETWEEN 1 AND 120)",
        "The months between two reviews are from 1 to 120.",
    )

    @api.depends("company_id")
    def _compute_review_interval_months(self):
        for policy in self:
            policy.review_interval_months = (
                policy.review_interval_months
                or policy.company_id.npo_review_months
                or 12
            )

    @api.depends("next_review_date", "current_version_id")
    def _compute_is_review_due(self):
        for policy in self:
            today = policy.company_id._npo_today() if policy.company_id else None
            policy.is_review_due = bool(
                policy.current_version_id
                and policy.next_review_date
                and policy.next_review_date <= today
            )

    def _search_is_review_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("next_review_date", "<=", self.env.company._npo_today()) & Domain(
            "current_version_id", "!=", False
        )

    def action_record_review(self):
        """Open the form in which the outcome of a review is recorded."""
        self.ensure_one()
        self.env["npo.policy.version"]._check_governance()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Review"),
            "res_model": "npo.policy.review",
            "view_mode": "form",
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    def _plan_review(self, day):
        """Set the day of the next review, counted from a day."""
        for policy in self.sudo():
            months = policy.review_interval_months or 12
            policy.next_review_date = day + relativedelta(months=months)

    def _close_review_activities(self):
        """Mark the reminders as done: the review was held."""
        self.sudo().activity_feedback([ACTIVITY])

    @api.model
    def _cron_remind_reviews(self):
        """Raise one activity for each governance officer when a review is due."""
        due = self.search([("is_review_due", "=", True)])
        reminded = due.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        )
        due = due.filtered(lambda policy: policy.id not in reminded.mapped("res_id"))
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for policy in due:
            for user in policy._governance_officers():
                policy.activity_schedule(
                    ACTIVITY, date_deadline=policy.next_review_date, user_id=user.id
                )
            self.env["ir.cron"]._commit_progress(1)

    def _governance_officers(self):
        """Return the association's governance officers, else its administrators."""
        self.ensure_one()
        group = self.env.ref("npo_relations.group_npo_governance_officer").sudo()
        for users in (group.user_ids, group.all_user_ids):
            users = users.filtered(
                lambda user: user.active and self.company_id in user.company_ids
            )
            if users:
                return users
        return self.env["res.users"]
