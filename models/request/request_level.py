from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.window import add_working_days

AGE_BANDS = (7, 14, 30, 60, 90)
# A request in these is not finished: somebody waits for it.
WAITED_FOR = ("open", "paused")


class NpoRequest(models.Model):
    """Who has a request, since when, until when; and how old it is (R052, R067, R103).

    The time at the applicant is not the association's: at that level no target runs,
    the clock of the window stands still, and the figures leave it out.
    """

    _inherit = "npo.request"

    date_stage_due = fields.Date(
        "Leave the stage by",
        compute="_compute_date_stage_due",
        store=True,
        precompute=True,
        help="The target of the stage, counted in working days since it was entered.",
    )
    is_stage_late = fields.Boolean(
        "Too long in its stage",
        compute="_compute_is_stage_late",
        search="_search_is_stage_late",
    )
    next_followup_date = fields.Date(
        "Follow up on", help="On this day the request is on the list to follow up."
    )
    course_html = fields.Html(
        "Course",
        compute="_compute_course_html",
        sanitize=False,
        groups="npo_relations.group_npo_staff",
    )

    # how old it is, for the list of open requests
    age_days = fields.Integer("Days open", compute="_compute_age", aggregator="avg")
    age_band = fields.Selection(
        selection="_selection_age_band",
        string="Age",
        compute="_compute_age",
        search="_search_age_band",
    )

    # what the figures count, once it is closed
    cycle_days = fields.Float(
        "Days with the association",
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(12, 1),
        help="From sent in to closed, without the time of waiting for the applicant.",
    )
    is_in_target = fields.Boolean("Within every target", readonly=True, copy=False)
    return_count = fields.Integer("Times sent back", readonly=True, copy=False)

    _stage_due_idx = models.Index(
        "(company_id, date_stage_due) WHERE stage_category = 'open'"
    )
    _followup_idx = models.Index(
        "(user_id, next_followup_date)"
        " WHERE next_followup_date IS NOT NULL AND is_closed IS NOT TRUE"
    )

    # ------------------------------------------------------------
    # LEVEL AND TARGET
    # ------------------------------------------------------------

    @api.depends("declaration_id")
    def _compute_level(self):
        # EXTENDS npo.case.mixin: what is signed waits for the officer again
        super()._compute_level()
        for request in self:
            if request.stage_code == "declaration" and request.declaration_id:
                request.level = "officer"

    def _holder(self):
        # OVERRIDE npo.case.mixin
        if self.level == "researcher":
            return self.researcher_id
        if self.level in ("desk", "officer") or self.stage_category == "paused":
            return self.user_id
        return self.env["res.users"]

    @api.depends("stage_id", "level", "date_since", "service_id")
    def _compute_date_stage_due(self):
        with_us = self.filtered(
            lambda request: not request._is_waiting() and not request.is_closed
        )
        (self - with_us).date_stage_due = False
        for company, requests in with_us.grouped("company_id").items():
            targets = self.env["npo.stage.target"]._days_by_stage(company.id)
            calendar = None
            for request in requests:
                days = request._target_days(targets)
                if days:
                    calendar = calendar or company._npo_work_calendar()
                request.date_stage_due = days and add_working_days(
                    request._local_day(request.date_since),
                    days,
                    calendar.is_working_day,
                )

    def _target_days(self, targets):
        """Return the working days that the request may stay in its stage; 0: any.

        :param targets: of its association, as `npo.stage.target` returns them
        """
        stage_id, service_id = self.stage_id.id, self.service_id.id
        for key in ((stage_id, service_id), (stage_id, False)):
            if key in targets:
                return targets[key]
        return self.stage_id.target_days

    def _stage_due(self):
        # OVERRIDE npo.case.mixin
        return self.date_stage_due

    def _local_day(self, moment):
        """Return the day of a moment where the association works."""
        local = self.with_context(tz=self.company_id._npo_tz())
        moment = moment or fields.Datetime.now()
        return fields.Datetime.context_timestamp(local, moment).date()

    @api.depends("date_stage_due", "stage_category")
    def _compute_is_stage_late(self):
        for request in self:
            request.is_stage_late = (
                request.stage_category == "open"
                and bool(request.date_stage_due)
                and request.date_stage_due < request.company_id._npo_today()
            )

    @api.model
    def _search_is_stage_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("stage_category", "=", "open") & Domain(
            "date_stage_due", "<", today
        )
        return late if True in value else ~late

    # ------------------------------------------------------------
    # MOVES
    # ------------------------------------------------------------

    def _move(self, code, **vals):
        # EXTENDS npo.case.mixin
        super()._move(code, **vals)
        self._follow_level()
        closed = self.sudo().filtered("is_closed")
        if any(not request.outcome for request in closed):
            raise UserError(self.env._("A request is closed with an outcome."))
        closed._count_cycle()

    def _change_level(self):
        """Log that the requests changed hands within their stage."""
        self._log_hand_over()
        self._follow_level()

    def _follow_level(self):
        """Let the clock stand still exactly while the applicant is waited for."""
        requests = self.sudo()
        waiting = requests.filtered(lambda request: request._is_waiting())
        waiting._stop_clock()
        (requests - waiting)._resume_clock()

    def _handed_over(self, vals):
        # EXTENDS npo.case.mixin
        handed = super()._handed_over(vals)
        if "researcher_id" in vals:
            handed |= self.filtered(
                lambda request: request.researcher_id.id != vals["researcher_id"]
            )
        return handed.filtered(lambda request: not request.is_closed)

    def _count_cycle(self):
        """Store what the figures count of closed requests: days, targets kept."""
        logs = self.env["npo.stage.log"].sudo()
        own = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        hours = dict(
            logs._read_group(
                own & Domain("is_waiting", "=", False), ["res_id"], ["hours:sum"]
            )
        )
        late = {
            res_id
            for (res_id,) in logs._read_group(
                own & Domain("is_late", "=", True), ["res_id"]
            )
        }
        for request in self:
            is_late = request.id in late or request.window_state == "replied_late"
            request.write(
                {
                    "cycle_days": (hours.get(request.id) or 0) / 24,
                    "is_in_target": not is_late,
                }
            )

    # ------------------------------------------------------------
    # COURSE
    # ------------------------------------------------------------

    def action_course(self):
        """Show each level: who had it, from when to when, how long (R103)."""
        self.ensure_one()
        self._check_internal()
        self.check_access("read")
        view = self.env.ref("npo_relations.npo_request_view_form_course")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Course of the Request"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    @api.depends_context("lang")
    def _compute_course_html(self):
        for request in self:
            request.course_html = self.env["ir.qweb"]._render(
                "npo_relations.npo_request_course", request._course()
            )

    def _course(self):
        """Return the course of the request for its page: rows and totals."""
        now = fields.Datetime.now()
        logs = self.sudo().stage_log_ids.sorted("id")
        spans = [(log, (log.date_end or now) - log.date_start) for log in logs]
        if self.is_closed:
            spans = spans[:-1]
        waiting = [span for log, span in spans if log.is_waiting]
        total = sum((span for _log, span in spans), timedelta())
        ours = total - sum(waiting, timedelta())
        return {
            "rows": [self._course_row(log, span) for log, span in spans],
            "total": self._span_text(total),
            "ours": self._span_text(ours),
            "waiting": self._span_text(total - ours),
            "is_closed": self.is_closed,
        }

    def _course_row(self, log, span):
        labels = dict(log._fields["level"]._description_selection(self.env))
        late = bool(log.date_due) and self._local_day(log.date_end) > log.date_due
        return {
            "level": labels.get(log.level, ""),
            "stage": log.stage_id.with_env(self.env).name,
            "who": log.owner_id.name or "",
            "date_from": self._format_date(self._local_day(log.date_start)),
            "date_to": log.date_end
            and self._format_date(self._local_day(log.date_end)),
            "span": self._span_text(span),
            "due": self._format_date(log.date_due) if log.date_due else "",
            "is_late": late,
            "is_waiting": log.is_waiting,
            "note": log.note or "",
        }

    def _span_text(self, span):
        """Return a time in the words of the language, which knows its plurals."""
        locale = (self.env.lang or "en_US").replace("_001", "")
        return format_timedelta(span, granularity="minute", locale=locale)

    # ------------------------------------------------------------
    # AGE
    # ------------------------------------------------------------

    @api.model
    def _selection_age_band(self):
        _ = self.env._
        bands, first = [], 0
        for last in AGE_BANDS:
            label = _("%(first)s to %(last)s days", first=first, last=last)
            bands.append((str(last), label))
            first = last + 1
        return [*bands, ("more", _("More than %s days", AGE_BANDS[-1]))]

    @api.depends("date_submitted", "stage_category")
    def _compute_age(self):
        for request in self:
            request.update({"age_days": 0, "age_band": False})
            if request.date_submitted and request.stage_category in WAITED_FOR:
                today = request.company_id._npo_today()
                days = (today - request._local_day(request.date_submitted)).days
                band = next((str(last) for last in AGE_BANDS if days <= last), "more")
                request.update({"age_days": days, "age_band": band})

    @api.model
    def _search_age_band(self, operator, value):
        """Find the open requests of bands by the day on which they were sent in."""
        if operator != "in":
            return NotImplemented
        company = self.env.company
        today = company._npo_today()
        found = Domain.FALSE
        firsts = (0, *(last + 1 for last in AGE_BANDS))
        for first, last in zip(firsts, (*AGE_BANDS, None), strict=True):
            if (str(last) if last else "more") not in value:
                continue
            oldest = today - timedelta(days=last or 0)
            start, end = company._npo_day_bounds(oldest, today - timedelta(days=first))
            band = Domain("date_submitted", "<", end)
            found |= (band & Domain("date_submitted", ">=", start)) if last else band
        is_open = Domain("stage_category", "in", WAITED_FOR)
        found &= is_open
        if False in value:
            found |= ~is_open | Domain("date_submitted", "=", False)
        return found

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS: group and sort by an age, which no column can hold
        if field_expr not in ("age_days", "age_band"):
            return super()._field_to_sql(alias, field_expr, query)
        company = self.env.company
        days = SQL(
            """CASE WHEN %s IN %s THEN %s::date - (%s AT TIME ZONE 'UTC'
                    AT TIME ZONE %s)::date END""",
            super()._field_to_sql(alias, "stage_category", query),
            WAITED_FOR,
            company._npo_today(),
            super()._field_to_sql(alias, "date_submitted", query),
            company._npo_tz(),
        )
        if field_expr == "age_days":
            return days
        cases = [SQL("WHEN %s <= %s THEN %s", days, n, str(n)) for n in AGE_BANDS]
        return SQL(
            "CASE %s WHEN %s IS NOT NULL THEN 'more' END", SQL(" ").join(cases), days
        )
