from odoo import api, fields, models
from odoo.fields import Domain

from .case_mixin import NpoCaseMixin
from .service_level import UNITS

# A promise is worked out when the case comes in, and stays.
KEPT = {"store": True, "precompute": True}


class NpoClockMixin(models.AbstractModel):
    """A case that is answered within working hours (R151, D09, P084).

    What was promised is copied when the case comes in, so a later change of the
    service levels moves no open case. Deadlines are stored, in the working time of
    the site with its holidays and the hours of Ramadan; the time that a case waits
    for the person is kept apart and moves them on.
    """

    _name = "npo.clock.mixin"
    _description = "Case With a Clock"
    _inherit = [NpoCaseMixin._name]

    # Steps that are promised beside the answer: promise -> the deadline's field.
    _clock_deadlines = {"answer": "date_due"}
    _flow_fields = NpoCaseMixin._flow_fields | {
        "date_received",
        "date_answered",
        "date_paused",
        "paused_hours",
    }

    date_received = fields.Datetime(
        "Received on",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
    )
    answer_within = fields.Integer(
        "Answer promised within", compute="_compute_promises", **KEPT
    )
    answer_unit = fields.Selection(UNITS, compute="_compute_promises", **KEPT)
    date_paused = fields.Datetime("Waiting since", readonly=True, copy=False)
    paused_hours = fields.Float(
        "Working hours waited",
        readonly=True,
        copy=False,
        help="Time in which the case waited for the person: not the association's.",
    )
    date_due = fields.Datetime(
        "Answer due", compute="_compute_clock", store=True, precompute=True
    )
    date_answered = fields.Datetime("Answered on", readonly=True, copy=False)
    answer_hours = fields.Float(
        "Working hours to the answer",
        compute="_compute_answer_hours",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Without what the case waited for the person.",
    )
    is_answered_late = fields.Boolean(
        "Answered late", compute="_compute_answer_hours", store=True, precompute=True
    )
    clock_sentence = fields.Char("How it is reckoned", compute="_compute_sentence")

    # ------------------------------------------------------------
    # WHAT IS PROMISED
    # ------------------------------------------------------------

    @api.model
    def _promise_depends(self):
        """Return the fields that say which service level holds for a case."""
        return ["company_id"]

    def _clock_severity(self):
        """Return the severity that a case is answered by; False: none."""
        return False

    @api.depends(lambda self: self._promise_depends())
    def _compute_promises(self):
        """Keep what is promised now; what is promised later is for later cases."""
        for case in self:
            promises = self.env["npo.service.level"]._promises(
                case.company_id.id, self._stage_kind, case._clock_severity()
            )
            for step in self._clock_deadlines:
                case[f"{step}_within"], case[f"{step}_unit"] = promises.get(
                    step, (0, False)
                )

    # ------------------------------------------------------------
    # DEADLINES
    # ------------------------------------------------------------

    @api.model
    def _clock_depends(self):
        return [
            "date_received",
            "site_id",
            "paused_hours",
            *(
                f"{step}_{part}"
                for step in self._clock_deadlines
                for part in ("within", "unit")
            ),
        ]

    @api.depends(lambda self: self._clock_depends())
    def _compute_clock(self):
        for (company, site), cases in self.grouped(
            lambda case: (case.company_id, case.site_id)
        ).items():
            calendar = company._npo_work_calendar(site.calendar_id)
            for case in cases:
                for step, name in self._clock_deadlines.items():
                    case[name] = case._deadline(step, calendar)

    @api.depends("date_answered", "date_received", "date_due", "paused_hours")
    def _compute_answer_hours(self):
        for case in self:
            case.is_answered_late = bool(case.date_answered and case.date_due) and (
                case.date_answered > case.date_due
            )
            hours = case.date_answered and case._calendar().hours_between(
                case.date_received, case.date_answered
            )
            case.answer_hours = max(hours - case.paused_hours, 0) if hours else 0

    def _calendar(self):
        """Return the working time of the site of a case."""
        return self.company_id._npo_work_calendar(self.site_id.calendar_id)

    def _deadline(self, step, calendar):
        """Return the moment by which a step is promised; False without a promise."""
        amount, unit = self[f"{step}_within"], self[f"{step}_unit"]
        start = self._clock_start(step)
        if not amount or not start:
            return False
        add = calendar.add_days if unit == "days" else calendar.add_hours
        return calendar.add_hours(add(start, amount), self.paused_hours)

    def _clock_start(self, step):
        """Return the moment from which a step is reckoned."""
        return self.date_received

    @api.depends("date_due")
    def _compute_date_deadline(self):
        # OVERRIDE npo.case.mixin: the day of the answer, where the association works
        for case in self:
            zone = case.with_context(tz=case.company_id._npo_tz())
            case.date_deadline = case.date_due and fields.Date.to_date(
                fields.Datetime.context_timestamp(zone, case.date_due)
            )

    @api.model
    def _refresh_deadlines(self, companies):
        # OVERRIDE npo.case.mixin
        waiting = self.search(
            [("company_id", "in", companies.ids), ("is_closed", "=", False)]
        )
        self.env.add_to_compute(self._fields["date_due"], waiting)

    @api.depends("date_due", "date_answered", "stage_category")
    def _compute_is_overdue(self):
        # OVERRIDE npo.case.mixin: to the minute
        now = fields.Datetime.now()
        for case in self:
            case.is_overdue = (
                case.stage_category == "open"
                and not case.date_answered
                and bool(case.date_due)
                and case.date_due < now
            )

    def _search_is_overdue(self, operator, value):
        # OVERRIDE npo.case.mixin
        if operator != "in":
            return NotImplemented
        late = (
            Domain("stage_category", "=", "open")
            & Domain("date_answered", "=", False)
            & Domain("date_due", "<", fields.Datetime.now())
        )
        return late if True in value else ~late

    # ------------------------------------------------------------
    # WAITING FOR THE PERSON
    # ------------------------------------------------------------

    def _move(self, code, **vals):
        # EXTENDS npo.case.mixin: the clock stands still while the person has it
        stage = self.env["npo.stage"]._get(self._stage_kind, code)
        now = fields.Datetime.now()
        for case in self.sudo():
            waits = stage.category == "paused"
            if waits and not case.date_paused:
                case.date_paused = now
            elif not waits and case.date_paused:
                case.write(
                    {
                        "paused_hours": case.paused_hours
                        + case._working_hours(case.date_paused, now),
                        "date_paused": False,
                    }
                )
        return super()._move(code, **vals)

    def _working_hours(self, start, end):
        """Return the working hours of the case's site between two moments."""
        calendar = self.company_id._npo_work_calendar(self.site_id.calendar_id)
        return calendar.hours_between(start, end)

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    @api.depends(lambda self: ["date_due", *self._clock_depends()])
    @api.depends_context("lang")
    def _compute_sentence(self):
        """Show the arithmetic of the deadline to whoever reads the case (R151)."""
        for case in self:
            case.clock_sentence = case._clock_arithmetic("answer")

    def _clock_arithmetic(self, step):
        """Return how the deadline of a step is reckoned, in words; "" without one."""
        if not self[self._clock_deadlines[step]]:
            return ""
        units = dict(self._fields["answer_unit"]._description_selection(self.env))
        sentence = self.env._(
            "%(amount)s %(unit)s from %(start)s",
            amount=self[f"{step}_within"],
            unit=units[self[f"{step}_unit"]].lower(),
            start=self._moment_text(self._clock_start(step)),
        )
        if not self.paused_hours:
            return sentence
        return self.env._(
            "%(sentence)s, %(hours)s working hours of waiting for the person left out",
            sentence=sentence,
            hours=round(self.paused_hours, 1),
        )

    def _moment_text(self, moment):
        """Return a moment where the association works: both calendars, and the hour."""
        if not moment:
            return ""
        zone = self.with_context(tz=self.company_id._npo_tz())
        local = fields.Datetime.context_timestamp(zone, moment)
        return f"{self._format_date(local.date())} {local:%H:%M}"
