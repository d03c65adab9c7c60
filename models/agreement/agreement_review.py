from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .agreement import IN_FORCE
from .agreement_flow import KEEPERS

BATCH = 200


class NpoAgreement(models.Model):
    """What is reviewed again, and what comes to its end (R031)."""

    _inherit = "npo.agreement"
    _flow_fields = frozenset(
        {"date_marked", "date_reviewed", "is_review_in_time", "is_end_told"}
    )

    review_date = fields.Date("To be reviewed on", copy=False, tracking=True)
    date_marked = fields.Date(
        "Review was due on", readonly=True, copy=False, help="The last review."
    )
    date_reviewed = fields.Date("Reviewed on", readonly=True, copy=False)
    is_review_in_time = fields.Boolean("Reviewed in time", readonly=True, copy=False)
    is_end_told = fields.Boolean("Told that it ends", readonly=True, copy=False)
    is_review_late = fields.Boolean(
        "Review is late",
        compute="_compute_is_review_late",
        search="_search_is_review_late",
    )
    is_ending = fields.Boolean(
        "Ends soon", compute="_compute_is_ending", search="_search_is_ending"
    )

    _review_idx = models.Index("(review_date) WHERE state IN ('active', 'to_review')")

    @api.depends("state", "review_date")
    def _compute_is_review_late(self):
        today = self.env.company._npo_today()
        for agreement in self:
            agreement.is_review_late = (
                agreement.state in IN_FORCE
                and bool(agreement.review_date)
                and agreement.review_date < today
            )

    def _search_is_review_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        late = Domain("state", "in", IN_FORCE) & Domain("review_date", "<", today)
        return late if True in value else ~late

    def _last_days(self):
        """Return {association: the day up to which an end is soon} ⚖."""
        companies = self.company_id if self else self.env.companies
        return {
            company: fields.Date.add(
                company._npo_today(), days=company.sudo().npo_agreement_notice_days
            )
            for company in companies
        }

    @api.depends("state", "date_to")
    def _compute_is_ending(self):
        days = self._last_days()
        for agreement in self:
            agreement.is_ending = (
                agreement.state in IN_FORCE
                and bool(agreement.date_to)
                and agreement.date_to <= days[agreement.company_id]
            )

    def _search_is_ending(self, operator, value):
        if operator != "in":
            return NotImplemented
        ending = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", IN_FORCE)
            & Domain("date_to", "<=", day)
            for company, day in self.browse()._last_days().items()
        )
        return ending if True in value else ~ending

    def _reviewed(self, next_date, note=""):
        """Note that the agreement was gone through, and when it is again."""
        self._require_role(*KEEPERS)
        self._require_state(*IN_FORCE)
        for agreement in self.sudo():
            today = agreement.company_id._npo_today()
            if not next_date or next_date <= today:
                raise UserError(self.env._("Name a day to come for the next review."))
            due = agreement.review_date
            grace = timedelta(days=agreement.company_id.npo_agreement_review_days)
            agreement.write(
                {
                    "state": "active",
                    "date_marked": due or today,
                    "date_reviewed": today,
                    "is_review_in_time": not due or today <= due + grace,
                    "review_date": next_date,
                }
            )
            agreement.activity_feedback(
                ["mail.mail_activity_data_todo"], feedback=note or None
            )
            if (note or "").strip():
                agreement.message_post(body=note)

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_follow(self):
        """Mark what is to be reviewed, renew and end what is at its day, once."""
        todo = self._due_domain()
        agreements = self.search(todo, limit=BATCH, order="id").try_lock_for_update()
        for company, own in agreements.grouped("company_id").items():
            own._follow(company)
        self.env["ir.cron"]._commit_progress(
            len(agreements), remaining=self.search_count(todo)
        )

    @api.model
    def _due_domain(self):
        """Return what a day of the calendar does something to."""
        companies = self.env["res.company"].search([])
        due = Domain.OR(
            Domain("company_id", "=", company.id)
            & self._due_on(company._npo_today(), last_day)
            for company, last_day in self.with_context(
                allowed_company_ids=companies.ids
            )
            .browse()
            ._last_days()
            .items()
        )
        return Domain("state", "in", IN_FORCE) & due

    @api.model
    def _due_on(self, today, last_day):
        """Return what the day of an association asks for, in its own time zone."""
        ending = Domain("is_end_told", "=", False) & Domain("date_to", "<=", last_day)
        past = Domain("date_to", "<", today)
        review = Domain("state", "=", "active") & Domain("review_date", "<=", today)
        return ending | past | review

    def _follow(self, company):
        """Do to the agreements of an association what this day asks for."""
        today = company._npo_today()
        self = self.with_context(
            tracking_disable=True,
            mail_activity_quick_update=True,
            lang=company._npo_colleague("legal_adviser").lang,
        )
        past = self.filtered(lambda one: one.date_to and one.date_to < today)
        renewed = past.filtered(lambda one: one.renewal == "auto")
        for agreement in renewed:
            agreement._renew(today)
        (past - renewed)._expire()
        alive = self - past | renewed
        alive._tell_end(fields.Date.add(today, days=company.npo_agreement_notice_days))
        alive._mark_to_review(today)

    def _tell_end(self, last_day):
        """Give a task for what ends soon, once."""
        ending = self.filtered(
            lambda one: one.date_to and one.date_to <= last_day and not one.is_end_told
        )
        for day, own in ending.grouped("date_to").items():
            summary = self.env._("The agreement ends: renew it or let it end")
            own._schedule(summary, "legal_adviser", day)
        ending.is_end_told = True

    def _mark_to_review(self, today):
        """Mark what is to be reviewed from this day on, with a task."""
        due = self.filtered(
            lambda one: (
                one.state == "active" and one.review_date and one.review_date <= today
            )
        )
        for day, own in due.grouped("review_date").items():
            own.write({"state": "to_review", "date_marked": day})
        due._schedule(self.env._("Review the agreement"), "legal_adviser")

    def _renew(self, today):
        """Move the end on by the agreed months, until it lies ahead again."""
        self.ensure_one()
        end = self.date_to
        while end < today:
            end += relativedelta(months=self.renewal_months)
        self.write({"date_to": end, "is_end_told": False})
        self.message_post(body=self.env._("Renewed by itself, as agreed."))

    def _expire(self):
        for agreement in self:
            agreement._end("expired", agreement.date_to)
        if self:
            self._notify("agreement_ended")
