from odoo import api, fields, models
from odoo.fields import Domain

from ..core.clock_mixin import KEPT, NpoClockMixin
from ..core.service_level import UNITS
from .complaint import NpoComplaint as Base

# Step that is promised -> when it was kept.
KEPT_BY = {
    "acknowledge": "date_acknowledged",
    "assess": "date_assessed",
}


class NpoComplaint(models.Model):
    """The three clocks of a complaint: told, assessed, answered (R151, P072, P084)."""

    _inherit = Base._name

    _clock_deadlines = {
        "acknowledge": "date_ack_due",
        "assess": "date_assess_due",
        **NpoClockMixin._clock_deadlines,
    }

    acknowledge_within = fields.Integer(compute="_compute_promises", **KEPT)
    acknowledge_unit = fields.Selection(UNITS, compute="_compute_promises", **KEPT)
    assess_within = fields.Integer(compute="_compute_promises", **KEPT)
    assess_unit = fields.Selection(UNITS, compute="_compute_promises", **KEPT)
    date_ack_due = fields.Datetime(
        "To be told by", compute="_compute_clock", store=True, precompute=True
    )
    date_assess_due = fields.Datetime(
        "To be assessed by", compute="_compute_clock", store=True, precompute=True
    )
    date_acknowledged = fields.Datetime("Told on", readonly=True, copy=False)
    is_ack_in_time = fields.Boolean(
        "Told in time", compute="_compute_is_ack_in_time", store=True, precompute=True
    )
    date_assessed = fields.Datetime("Assessed on", readonly=True, copy=False)
    date_reopened = fields.Datetime("Opened again on", readonly=True, copy=False)
    ack_sentence = fields.Char(
        "How the first is reckoned", compute="_compute_step_sentences"
    )
    assess_sentence = fields.Char(
        "How the second is reckoned", compute="_compute_step_sentences"
    )
    is_ack_late = fields.Boolean(
        "Told late", compute="_compute_is_late", search="_search_is_ack_late"
    )
    is_assess_late = fields.Boolean(
        "Assessed late", compute="_compute_is_late", search="_search_is_assess_late"
    )

    _ack_idx = models.Index(
        "(company_id, date_ack_due)"
        " WHERE date_acknowledged IS NULL AND stage_category = 'open'"
    )
    _assess_idx = models.Index(
        "(company_id, date_assess_due)"
        " WHERE date_assessed IS NULL AND stage_category = 'open'"
    )

    @api.model
    def _clock_depends(self):
        # EXTENDS npo.clock.mixin
        return [*super()._clock_depends(), "date_reopened"]

    @api.model
    def _promise_depends(self):
        # EXTENDS npo.clock.mixin
        return [*super()._promise_depends(), "severity"]

    def _clock_severity(self):
        # OVERRIDE npo.clock.mixin
        return self.severity

    def _deadline(self, step, calendar):
        # EXTENDS npo.clock.mixin: what was kept stays; who waited for the answer
        # once waits anew from the day on which the complaint was opened again
        name, kept = self._clock_deadlines[step], KEPT_BY.get(step)
        if kept and self[kept] and self[name]:
            return self[name]
        return super()._deadline(step, calendar)

    def _clock_start(self, step):
        # EXTENDS npo.clock.mixin
        return (step == "answer" and self.date_reopened) or super()._clock_start(step)

    @api.depends("date_acknowledged", "date_ack_due")
    def _compute_is_ack_in_time(self):
        for case in self:
            told, due = case.date_acknowledged, case.date_ack_due
            case.is_ack_in_time = bool(told) and (not due or told <= due)

    # ------------------------------------------------------------
    # SHOWN
    # ------------------------------------------------------------

    @api.depends(
        lambda self: ["date_ack_due", "date_assess_due", *self._clock_depends()]
    )
    @api.depends_context("lang")
    def _compute_step_sentences(self):
        for case in self:
            case.ack_sentence = case._clock_arithmetic("acknowledge")
            case.assess_sentence = case._clock_arithmetic("assess")

    @api.depends(
        "date_ack_due",
        "date_assess_due",
        "date_acknowledged",
        "date_assessed",
        "stage_category",
    )
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            is_open = case.stage_category == "open"
            for name, due, kept in (
                ("is_ack_late", case.date_ack_due, case.date_acknowledged),
                ("is_assess_late", case.date_assess_due, case.date_assessed),
            ):
                case[name] = is_open and not kept and bool(due) and due < now

    def _search_is_ack_late(self, operator, value):
        return self._search_late(operator, value, "acknowledge")

    def _search_is_assess_late(self, operator, value):
        return self._search_late(operator, value, "assess")

    def _search_late(self, operator, value, step):
        """Return the open complaints for which a promised step is overdue."""
        if operator != "in":
            return NotImplemented
        late = (
            Domain("stage_category", "=", "open")
            & Domain(KEPT_BY[step], "=", False)
            & Domain(self._clock_deadlines[step], "<", fields.Datetime.now())
        )
        return late if True in value else ~late
