from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import window

# What a holiday moves in an open request.
OPEN_DATES = (
    "earliest_reply_date",
    "reply_deadline",
    "date_deadline",
    "date_stage_due",
    "date_window_next",
    "date_stage_next",
)


class NpoRequest(models.Model):
    """The clock of a request: when it may be answered, and by when (Annex B).

    The parameters are copied from the policy version in force when the clock starts
    (R210, R211) and the dates are stored; only the state, which depends on today, is
    worked out when it is read or searched.
    """

    _inherit = "npo.request"

    date_clock_start = fields.Date(
        "Clock started on", readonly=True, copy=False, tracking=True
    )
    date_paused = fields.Date("Clock stopped on", readonly=True, copy=False)
    paused_days = fields.Integer(
        "Days the clock stood still", readonly=True, copy=False
    )
    paused_working_days = fields.Integer(readonly=True, copy=False)
    earliest_reply_date = fields.Date(
        "Earliest reply", compute="_compute_reply_dates", store=True, precompute=True
    )
    reply_deadline = fields.Date(
        "Latest reply", compute="_compute_reply_dates", store=True, precompute=True
    )
    date_announced = fields.Date("Announced on", readonly=True, copy=False)
    # what the measures of a period read
    _announced_idx = models.Index(
        "(company_id, date_announced) WHERE date_announced IS NOT NULL"
    )
    _reply_idx = models.Index(
        "(company_id, reply_deadline) WHERE reply_deadline IS NOT NULL"
    )
    window_state = fields.Selection(
        [
            ("not_started", "Not started"),
            ("in_study", "In study"),
            ("may_reply", "May be answered"),
            ("due_soon", "Due soon"),
            ("overdue", "Late"),
            ("replied_early", "Answered early"),
            ("replied_in_window", "Answered in time"),
            ("replied_late", "Answered late"),
        ],
        compute="_compute_window_state",
        search="_search_window_state",
    )
    window_explanation = fields.Char(compute="_compute_window_explanation")

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    @api.depends(
        "date_clock_start",
        "paused_days",
        "paused_working_days",
        "window_reading",
        "study_min_value",
        "study_min_unit",
        "month_calendar",
        "reply_max_value",
        "reply_max_unit",
        "day_kind",
        "roll_forward_max",
    )
    def _compute_reply_dates(self):
        running = self.filtered("date_clock_start")
        (self - running).update({"earliest_reply_date": False, "reply_deadline": False})
        for company, requests in running.grouped("company_id").items():
            calendar = company._npo_work_calendar()
            for request in requests:
                dates = window.compute_window(
                    request.date_clock_start,
                    request._window_params(),
                    calendar.is_working_day,
                    request.paused_days,
                    request.paused_working_days,
                )
                request.earliest_reply_date = dates.earliest
                request.reply_deadline = dates.deadline

    @api.depends("date_submitted", "reply_deadline", "date_announced", "stage_category")
    def _compute_date_deadline(self):
        """Give each request the date of its next promise.

        The desk brings it to the committee in some working days, the committee
        answers inside the window, the service follows within its target.
        """
        for company, requests in self.grouped("company_id").items():
            calendar = None
            for request in requests:
                if request.date_announced:
                    days = timedelta(days=request.service_id.target_days)
                    request.date_deadline = request.date_announced + days
                elif request.reply_deadline or not request.date_submitted:
                    request.date_deadline = request.reply_deadline
                else:
                    calendar = calendar or company._npo_work_calendar()
                    request.date_deadline = window.add_working_days(
                        request._day_submitted(),
                        company.npo_desk_days,
                        calendar.is_working_day,
                    )

    def _day_submitted(self):
        """Return the day the request was sent in, where the association works."""
        if not self.date_submitted:
            return False
        local = self.with_context(tz=self.company_id._npo_tz())
        return fields.Datetime.context_timestamp(local, self.date_submitted).date()

    @api.model
    def _refresh_deadlines(self, companies):
        # OVERRIDE npo.case.mixin
        waiting = self.search(
            [
                ("company_id", "in", companies.ids),
                ("is_closed", "=", False),
                ("date_announced", "=", False),
                ("date_submitted", "!=", False),
            ]
        )
        for name in OPEN_DATES:
            self.env.add_to_compute(self._fields[name], waiting)

    # ------------------------------------------------------------
    # STATE
    # ------------------------------------------------------------

    @api.depends(
        "earliest_reply_date", "reply_deadline", "date_announced", "reminder_before_max"
    )
    def _compute_window_state(self):
        for request in self:
            request.window_state = window.window_state(
                request.company_id._npo_today(),
                request.earliest_reply_date,
                request.reply_deadline,
                request.reminder_before_max,
                request.date_announced,
            )

    @api.model
    def _search_window_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain.OR(self._window_state_domain(state, today) for state in value)

    @api.model
    def _window_state_domain(self, state, today):
        """Return the domain of one state of the window, on stored columns.

        "due_soon" is told apart from "may_reply" by each request's own number of
        days, so these two are found by their ids among the few that may be answered.
        """
        started = Domain("earliest_reply_date", "!=", False)
        if state == "not_started":
            return ~started
        if state.startswith("replied"):
            return started & self._replied_domain(state)
        waiting = started & Domain("date_announced", "=", False)
        late = Domain("reply_deadline", "!=", False) & Domain(
            "reply_deadline", "<", today
        )
        if state == "overdue":
            return waiting & late
        if state == "in_study":
            return waiting & ~late & Domain("earliest_reply_date", ">", today)
        ripe = self.search(waiting & ~late & Domain("earliest_reply_date", "<=", today))
        return Domain("id", "in", ripe.filtered(lambda r: r.window_state == state).ids)

    @api.model
    def _replied_domain(self, state):
        """Return the domain of an answered state: its column against its own dates.

        Row by row, within whatever else is asked: an id of a subquery would have every
        request of the association compared for the few of a month.
        """

        def to_sql(model, alias, query):
            announced, earliest, last = (
                model._field_to_sql(alias, name, query)
                for name in ("date_announced", "earliest_reply_date", "reply_deadline")
            )
            is_early = SQL("%s < %s", announced, earliest)
            is_late = SQL("%s > %s", announced, last)
            condition = {
                "replied_early": is_early,
                "replied_late": is_late,
                "replied_in_window": SQL(
                    "%s IS NOT NULL AND (%s) IS NOT TRUE AND (%s) IS NOT TRUE",
                    announced,
                    is_early,
                    is_late,
                ),
            }[state]
            return SQL("((%s) IS TRUE)", condition)

        return Domain.custom(
            to_sql=to_sql, predicate=lambda request: request.window_state == state
        )

    @api.depends("date_clock_start", "date_paused", "paused_days", "reply_deadline")
    @api.depends_context("lang")
    def _compute_window_explanation(self):
        """Show the arithmetic: “14 days from 1 March, paused 5” (ux.md)."""
        for request in self:
            request.window_explanation = request._explain_window()

    def _explain_window(self):
        if not self.date_clock_start:
            return ""
        _ = self.env._
        parts = [_("Counted from %s", self._format_date(self.date_clock_start))]
        if self.window_reading != "ceiling" and self.study_min_value:
            period = self._period_text("study_min")
            parts.append(_("study at least: %s", period))
        if self.window_reading != "floor":
            period = self._period_text("reply_max")
            parts.append(_("answer at most: %s", period))
        if self.paused_days:
            parts.append(_("days paused: %s", self.paused_days))
        if self.date_paused:
            parts.append(
                _("stands still since %s", self._format_date(self.date_paused))
            )
        if rolled_from := self._rolled_from():
            day = self._format_date(rolled_from)
            parts.append(_("%s is a day off, so the next working day counts", day))
        return " · ".join(parts)

    def _period_text(self, prefix):
        """Return a period of the window in words, such as “30 Days”."""
        unit = self[f"{prefix}_unit"]
        labels = dict(self._fields[f"{prefix}_unit"]._description_selection(self.env))
        text = labels[unit]
        if unit == "day" and self.day_kind == "working":
            text = self.env._("Working days")
        if unit == "month" and self.month_calendar == "hijri":
            text = self.env._("Hijri months")
        return f"{self[f'{prefix}_value']} {text}"

    def _rolled_from(self):
        """Return the day off on which the ceiling fell, if it was moved from there."""
        if not (self.reply_deadline and self.roll_forward_max):
            return False
        plain = window.compute_window(
            self.date_clock_start,
            replace(self._window_params(), roll_forward_max=False),
            self.company_id._npo_work_calendar().is_working_day,
            self.paused_days,
            self.paused_working_days,
        ).deadline
        return plain != self.reply_deadline and plain

    # ------------------------------------------------------------
    # START, STOP
    # ------------------------------------------------------------

    def _start_clock(self, event):
        """Start the clock of the requests whose policy starts it at this event.

        :param event: submitted, file_complete or referred_to_committee
        """
        for company, requests in self.sudo().grouped("company_id").items():
            version = company.sudo().npo_policy_version_id
            waiting = requests.filtered(lambda request: not request.date_clock_start)
            if not waiting or (version and version.clock_start != event):
                continue
            if not version:
                if event == "referred_to_committee":
                    company._npo_require_policy_version()
                continue
            waiting.write(
                {
                    "policy_version_id": version.id,
                    "date_clock_start": company._npo_today(),
                    **version._window_values(),
                }
            )

    def _stop_clock(self):
        """Stop the clock while the association waits for the applicant."""
        for company, requests in self.sudo().grouped("company_id").items():
            requests.filtered(
                lambda request: (
                    request.date_clock_start
                    and request.pause_on_applicant
                    and not request.date_paused
                    and not request.date_announced
                )
            ).write({"date_paused": company._npo_today()})

    def _resume_clock(self):
        """Let the clock go on; the days it stood still move both dates."""
        for company, requests in self.sudo().grouped("company_id").items():
            paused = requests.filtered("date_paused")
            calendar = company._npo_work_calendar() if paused else None
            for request in paused:
                pause = window.count_pauses(
                    [(request.date_paused, company._npo_today())],
                    calendar.is_working_day,
                )
                request.write(
                    {
                        "date_paused": False,
                        "paused_days": request.paused_days + pause.days,
                        "paused_working_days": request.paused_working_days
                        + pause.working_days,
                    }
                )
