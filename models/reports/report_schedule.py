import logging

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain
from odoo.tools import mute_logger

from ...tools import periods
from .report_type import CADENCES, CALENDARS

_logger = logging.getLogger(__name__)
# So many periods that were missed are made up for; what is older is left.
MOST_MISSED = 31
# With another of these the schedule begins anew: nothing was missed before.
BEGINS_ANEW = frozenset(
    {"company_id", "type_id", "site_id", "cadence", "calendar", "active"}
)
# Which role is given the draft, by who prepares the report.
PREPARERS = {
    "centre": ("centre_manager", "centre_officer"),
    "governance": ("governance_officer",),
    "finance": ("finance_officer",),
    "privacy": ("data_protection_officer", "governance_officer"),
}


class NpoReportSchedule(models.Model):
    """Which report is drafted by itself, for which periods, and for whom (R187).

    The cron drafts what was over so many days ago, once: the unique index of the
    reports says so, whoever else does the same at that moment. One may wait for longer
    than a period lasts. What a server that was off missed is drafted afterwards; there
    is no report on a day on which nobody works.
    """

    _name = "npo.report.schedule"
    _description = "Schedule of a Report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, type_id, id"
    _rec_name = "type_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    type_id = fields.Many2one("npo.report.type", "Report", required=True)
    site_id = fields.Many2one(
        "npo.site", check_company=True, help="Empty: all sites of the association."
    )
    cadence = fields.Selection(
        CADENCES,
        "Period",
        required=True,
        compute="_compute_cadence",
        store=True,
        precompute=True,
        readonly=False,
    )
    calendar = fields.Selection(CALENDARS, required=True, default="gregorian")
    day_offset = fields.Integer(
        "Days after the period",
        help="0: on the first day after it; 2: two days later.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: whoever has the role that prepares the report.",
    )
    active = fields.Boolean(default=True)
    next_day = fields.Date("Next draft on", compute="_compute_next_day")
    date_until = fields.Date(
        "Drafted until",
        readonly=True,
        copy=False,
        help="Periods that end later are drafted, those that were missed too.",
    )
    last_error = fields.Char("It failed", readonly=True, copy=False)

    _type_uniq = models.UniqueIndex(
        "(company_id, type_id, COALESCE(site_id, 0), cadence)",
        "This report is scheduled for these periods already.",
    )
    _offset_in_bounds = models.Constraint(
        "CHECK (day_offset BETWEEN 0 AND 60)", "Wait from 0 to 60 days."
    )

    @api.depends("type_id")
    def _compute_cadence(self):
        for schedule in self:
            schedule.cadence = schedule.type_id.cadence or "month"

    @api.depends("cadence", "calendar", "day_offset", "company_id", "site_id")
    def _compute_next_day(self):
        for schedule in self:
            day = schedule._day_looked_at()
            if schedule.cadence == "day":
                day = schedule._work_calendar().next_working_day(day)
            _first, last = periods.period_of(schedule.cadence, day, schedule.calendar)
            schedule.next_day = fields.Date.add(last, days=1 + schedule.day_offset)

    def _day_looked_at(self):
        """Return the day before which what is drafted today was over."""
        today = self.company_id._npo_today()
        return fields.Date.subtract(today, days=self.day_offset)

    def _work_calendar(self):
        hours = self.site_id.sudo().calendar_id
        return self.company_id.sudo()._npo_work_calendar(hours)

    def write(self, vals):
        if BEGINS_ANEW & set(vals):
            vals = {**vals, "date_until": False}
        return super().write(vals)

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_draft(self):
        """Draft what is due; one that fails is told and does not stop the others."""
        self._propose()
        schedules = self.search([])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(schedules))
        for schedule in schedules:
            schedule._draft_alone()
            if not cron._commit_progress(1):
                break

    def _draft_alone(self):
        """Draft what is due, the oldest first; what fails waits with all after it."""
        for period in self._periods_due():
            if not self._draft_one_alone(*period):
                break

    def _periods_due(self):
        """Return the periods that are over and were not drafted, the oldest first.

        Of a schedule that drafted nothing yet it is the last one.
        """
        runs = self.env["npo.report.run"]
        _first, last = runs._last_period(
            self.cadence, self.calendar, self._day_looked_at()
        )
        count = MOST_MISSED if self.date_until else 1
        due = periods.periods(self.cadence, last, count, self.calendar)
        if self.date_until:
            due = [period for period in due if period[1] > self.date_until]
        if self.cadence == "day":
            hours = self._work_calendar()
            due = [period for period in due if hours.is_working_day(period[0])]
        return due

    def _draft_one_alone(self, first, last):
        """Draft one in a savepoint of its own: the whole of it, or nothing.

        :return: whether it is there
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.lock_for_update(allow_referencing=True)
                self._draft(first, last)
                self.date_until = last
        except (LockError, IntegrityError, SerializationFailure):
            return False  # somebody else is at it, or was first
        except Exception as error:
            _logger.exception("Report schedule %s failed", self.id)
            self._tell(error)
            return False
        if self.last_error:
            self.last_error = False
        return True

    def _draft(self, first, last):
        """Make the report on a period that was over, and fill it in."""
        company = self.company_id
        runs = self.env["npo.report.run"].with_company(company)
        if self._is_drafted(first, last):
            return runs
        user = self._responsible()
        run = runs.create(
            {
                "company_id": company.id,
                "type_id": self.type_id.id,
                "site_id": self.site_id.id,
                "cadence": self.cadence,
                "calendar": self.calendar,
                "date_from": first,
                "date_to": last,
                "user_id": user.id,
            }
        )
        self.env.flush_all()
        run._for_its_readers()._fill(user)
        run.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("Look through and submit: %s", run.display_name),
        )
        return run

    def _is_drafted(self, first, last):
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("type_id", "=", self.type_id.id)
        domain &= Domain("site_id", "=", self.site_id.id)
        domain &= Domain("date_from", "=", first) & Domain("date_to", "=", last)
        return bool(self.env["npo.report.run"].search_count(domain, limit=1))

    def _responsible(self):
        """Return who is given the draft; never who answers it, where others can."""
        company = self.company_id
        return self.user_id or company._npo_colleague(*PREPARERS[self.type_id.area])

    def _tell(self, error):
        """Say on the schedule that it failed, once until it is put right."""
        known = self.last_error
        self.last_error = str(error)[:200] or type(error).__name__
        if not known:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self._responsible().id,
                summary=self.env._("The report was not drafted: %s", self.type_id.name),
            )

    @api.model
    def _propose(self):
        """Schedule each kind of report where nobody did, or put it away, yet.

        An association that has a policy in force reports; what is of the measurement
        centre only where its policy has one.
        """
        companies = self.env["res.company"].search(
            [("npo_policy_version_id", "!=", False)]
        )
        known = {
            (company.id, kind.id)
            for company, kind in self.with_context(active_test=False)._read_group(
                [("company_id", "in", companies.ids)], ["company_id", "type_id"]
            )
        }
        kinds = self.env["npo.report.type"].search([])
        self.create(
            [
                {"company_id": company.id, "type_id": kind.id}
                for company in companies
                for kind in kinds
                if (company.id, kind.id) not in known
                and (
                    not kind.needs_centre
                    or company.npo_policy_version_id.use_measurement_center
                )
            ]
        )
