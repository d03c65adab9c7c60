from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import periods
from ..core.register_mixin import NpoRegisterMixin
from ..core.submission_mixin import NpoSubmissionMixin
from .report_type import CADENCES, CALENDARS

TO_SUBMIT = ("draft", "returned")
# ⚖ A report on more days than this is a mistake of typing.
MAX_DAYS = 740
PERIOD = frozenset(
    {"type_id", "site_id", "cadence", "calendar", "date_from", "date_to"}
)


class NpoReportRun(models.Model):
    """A report on a period: filled, submitted, approved or returned (R187, R188).

    Its figures are those of the day on which they were filled in and stay so; what is
    corrected later stands beside them. The manager sees it once it was submitted.
    """

    _name = "npo.report.run"
    _description = "Periodic Report"
    _inherit = [
        NpoSubmissionMixin._name,
        NpoRegisterMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, id desc"
    _rec_names_search = ["name", "type_id"]
    _check_company_auto = True

    _reference_prefix = "RPT"
    _step_fields = NpoRegisterMixin._step_fields | {
        "filled_by_id",
        "date_filled",
        "summary",
        "content",
        "line_ids",
        "date_recounted",
    }

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    type_id = fields.Many2one("npo.report.type", "Report", required=True, index=True)
    area = fields.Selection(related="type_id.area", store=True, precompute=True)
    recipient = fields.Selection(related="type_id.recipient")
    site_id = fields.Many2one(
        "npo.site", check_company=True, help="Empty: all sites of the association."
    )

    # period
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
    date_from = fields.Date(
        "From",
        required=True,
        compute="_compute_period",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    date_to = fields.Date(
        "To",
        required=True,
        compute="_compute_period",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    period = fields.Char("On", compute="_compute_period_text")

    # who, and what was written
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    notes = fields.Text("Notes of the analyst")
    recommendations = fields.Text()

    # filled in
    filled_by_id = fields.Many2one(
        "res.users", "Figures filled by", readonly=True, copy=False
    )
    date_filled = fields.Datetime("Figures of", readonly=True, copy=False)
    summary = fields.Char("In one sentence", readonly=True, copy=False)
    content = fields.Json(readonly=True, copy=False)
    content_html = fields.Html(
        "Tables", compute="_compute_content_html", sanitize=False
    )
    line_ids = fields.One2many(
        "npo.report.line", "run_id", "Measures", readonly=True, copy=False
    )
    missed_count = fields.Integer(
        "Targets missed", compute="_compute_missed_count", store=True
    )
    date_recounted = fields.Datetime("Counted again on", readonly=True, copy=False)

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another report."
    )
    _period_uniq = models.UniqueIndex(
        "(company_id, type_id, COALESCE(site_id, 0), date_from, date_to)",
        "There is a report of this kind on this period already.",
    )
    _list_idx = models.Index("(company_id, date_to DESC, id DESC)")

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("type_id")
    def _compute_cadence(self):
        for run in self:
            run.cadence = run.type_id.cadence or "month"

    @api.depends("cadence", "calendar", "company_id")
    def _compute_period(self):
        """The last period that is over: a report looks back."""
        for run in self:
            today = (run.company_id or self.env.company)._npo_today()
            run.date_from, run.date_to = self._last_period(
                run.cadence, run.calendar, today
            )

    @api.model
    def _last_period(self, kind, calendar, today):
        """Return (first day, last day) of the period that was over before a day."""
        this = periods.period_of(kind, today, calendar)
        return periods.before(kind, *this, calendar)

    @api.depends("cadence", "calendar", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_period_text(self):
        for run in self:
            run.period = run._period_label(self.env.lang)

    def _period_label(self, lang):
        """Return how people call the period; its days where it is no whole one."""
        if not (self.date_from and self.date_to):
            return ""
        lang = lang or "ar_001"
        whole = periods.period_of(self.cadence, self.date_from, self.calendar)
        if whole == (self.date_from, self.date_to):
            return periods.period_label(self.cadence, *whole, self.calendar, lang)
        return f"{self.date_from} – {self.date_to}"

    @api.depends("type_id", "cadence", "calendar", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            parts = (run.type_id.name, run.site_id.name, run.period)
            run.display_name = " · ".join(filter(None, parts))

    @api.depends("line_ids.status")
    def _compute_missed_count(self):
        for run in self:
            run.missed_count = len(
                run.line_ids.filtered(lambda line: line.status == "missed")
            )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for run in self:
            if not 0 <= (run.date_to - run.date_from).days <= MAX_DAYS:
                raise ValidationError(
                    self.env._("Enter a period whose end is not before it.")
                )

    def write(self, vals):
        # EXTENDS npo.submission.mixin
        if PERIOD & set(vals) and any(run.date_filled for run in self.sudo()):
            raise UserError(
                self.env._(
                    "The figures were filled in for this period. Make another report"
                    " for another one."
                )
            )
        return super().write(vals)

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("Figures are filled in by the button, not by hand.")

    # ------------------------------------------------------------
    # SUBMITTED, ANSWERED
    # ------------------------------------------------------------

    def _is_frozen(self):
        return self.submission_state not in TO_SUBMIT

    def _missing_to_submit(self):
        # OVERRIDE npo.submission.mixin
        if not self.date_filled:
            return self.env._("Fill in the figures first.")
        if self.date_to > self.company_id._npo_today():
            return self.env._("The period is not over yet.")
        return False

    def action_submit(self):
        # EXTENDS npo.submission.mixin: what the cron asked of its preparer is done
        result = super().action_submit()
        self.sudo().activity_ids.filtered(
            lambda task: task.user_id == self.env.user
        ).action_done()
        return result

    def action_approve(self):
        # EXTENDS npo.submission.mixin: who submitted it is told
        result = super().action_approve()
        for run in self.sudo():
            run.message_notify(
                partner_ids=(run.submitted_by | run.user_id).partner_id.ids,
                subject=self.env._("Approved: %s", run._submission_title()),
                body=self.env._("The general manager approved the report."),
            )
        return result

    def _answer(self, state, remarks=False):
        # EXTENDS npo.submission.mixin: who prepares it does not answer it
        self._check_manager()
        user = self.env.user
        if any(user in (run.filled_by_id | run.user_id) for run in self.sudo()):
            raise UserError(
                self.env._("What you prepared yourself is answered by another.")
            )
        return super()._answer(state, remarks)

    def _npo_day(self, value):
        """Return the day of a date or of a moment, where the association works."""
        if not isinstance(value, datetime):
            return value or None
        zone = ZoneInfo(self.company_id._npo_tz())
        return value.replace(tzinfo=UTC).astimezone(zone).date()

    def _print_lang(self):
        """Return the language in which the figures are filled in and printed."""
        return self.company_id.sudo().partner_id.lang or self.env.lang
