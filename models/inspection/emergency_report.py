from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..core.register_mixin import NpoRegisterMixin
from ..core.submission_mixin import NpoSubmissionMixin

BATCH = 200
TO_SUBMIT = ("draft", "returned")


class NpoEmergencyReport(models.Model):
    """What was done in an emergency, told to the general manager (R188, R199).

    It is there from the moment the emergency is recorded, and reads its facts from the
    corrective action: nothing is written twice. Late is searched; the cron tells the
    centre manager and the general manager once.
    """

    _name = "npo.emergency.report"
    _description = "Report on an Emergency"
    _inherit = [
        NpoSubmissionMixin._name,
        NpoRegisterMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_due desc, id desc"
    _check_company_auto = True

    _reference_prefix = "EMR"
    _step_fields = NpoRegisterMixin._step_fields | {
        "action_id",
        "date_first_submitted",
        "is_in_time",
        "is_escalated",
    }

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, readonly=True
    )
    action_id = fields.Many2one(
        "npo.corrective.action",
        "Corrective action",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
    )

    # the facts, of the action
    site_id = fields.Many2one(related="action_id.site_id")
    emergency_kind = fields.Selection(related="action_id.emergency_kind")
    problem = fields.Text(related="action_id.problem")
    date_detected = fields.Datetime(related="action_id.date_detected")
    action = fields.Text(related="action_id.action")
    date_taken = fields.Datetime(related="action_id.date_taken")
    taken_by_id = fields.Many2one(related="action_id.taken_by_id")
    response_minutes = fields.Float(
        related="action_id.response_minutes", aggregator=None
    )
    result = fields.Text(related="action_id.result")
    root_cause = fields.Text(related="action_id.root_cause")
    preventive = fields.Text(related="action_id.preventive")

    # beside them
    effect = fields.Text("What it meant for the visitors")
    recommendation = fields.Text("What is asked of the management")

    # in time
    date_due = fields.Datetime(
        "To be submitted by",
        compute="_compute_date_due",
        store=True,
        precompute=True,
        help="So many hours of the clock after the emergency was seen.",
    )
    date_first_submitted = fields.Datetime(readonly=True, copy=False)
    is_in_time = fields.Boolean("Submitted in time", readonly=True, copy=False)
    is_escalated = fields.Boolean("Told of lateness", readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_late")

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another report."
    )
    _action_uniq = models.UniqueIndex(
        "(action_id)", "This emergency has a report already."
    )
    _list_idx = models.Index("(company_id, date_due DESC, id DESC)")
    _late_idx = models.Index("(date_due) WHERE date_first_submitted IS NULL")

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("action_id.date_detected")
    def _compute_date_due(self):
        for report in self:
            seen = report.action_id.date_detected
            hours = report.company_id.sudo().npo_emergency_report_hours
            report.date_due = seen and seen + timedelta(hours=hours)

    @api.model
    def _late_domain(self):
        return Domain("date_first_submitted", "=", False) & Domain(
            "date_due", "<", fields.Datetime.now()
        )

    @api.depends("date_due", "date_first_submitted")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for report in self:
            report.is_late = (
                not report.date_first_submitted
                and bool(report.date_due)
                and report.date_due < now
            )

    def _search_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._late_domain()
        return late if True in value else ~late

    # ------------------------------------------------------------
    # SUBMITTED
    # ------------------------------------------------------------

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A report is drafted from the emergency that it is about.")

    def _is_frozen(self):
        return self.submission_state not in TO_SUBMIT

    def _is_known(self):
        """Return whether somebody above has read it, or waits for it in vain (R199)."""
        return bool(self.date_first_submitted) or self.is_escalated or self.is_late

    def _missing_to_submit(self):
        # OVERRIDE npo.submission.mixin
        action = self.action_id
        if not (action.action and action.date_taken):
            return self.env._(
                "Say in the corrective action what was done, and press “It was put"
                " right”: the report tells of it."
            )
        if not action.result:
            return self.env._("Write in the corrective action what came of it.")
        return False

    def action_submit(self):
        # EXTENDS npo.submission.mixin: what counts is when it was submitted first
        result = super().action_submit()
        for report in self.sudo().filtered(lambda one: not one.date_first_submitted):
            submitted = report.date_submitted
            report.write(
                {
                    "date_first_submitted": submitted,
                    "is_in_time": submitted <= report.date_due,
                }
            )
        return result

    def action_view_action(self):
        """Open the corrective action that the report is about."""
        self.ensure_one()
        self.check_access("read")
        action = self.action_id
        action.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": action._name,
            "res_id": action.id,
            "view_mode": "form",
        }

    def _print_parts(self):
        """Return [(heading, text)] of what the report tells; what is empty is not."""
        parts = [
            (self.env._("What happened"), self.problem),
            (self.env._("What was done"), self.action),
            (self.env._("What came of it"), self.result),
            (self.env._("What it meant for the visitors"), self.effect),
            (self.env._("Cause"), self.root_cause),
            (self.env._("So that it does not happen again"), self.preventive),
            (self.env._("What is asked of the management"), self.recommendation),
        ]
        return [(heading, text) for heading, text in parts if text]

    # ------------------------------------------------------------
    # LATE
    # ------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell who answers for it that a report is late, once (R199)."""
        late = self._late_domain() & Domain("is_escalated", "=", False)
        reports = self.search(late, limit=BATCH, order="date_due, id")
        reports = reports.try_lock_for_update()
        for company, own in reports.grouped("company_id").items():
            own._tell_late(company)
        reports.is_escalated = True
        self.env["ir.cron"]._commit_progress(
            len(reports), remaining=self.search_count(late)
        )

    def _tell_late(self, company):
        """Give centre and general manager one task for all that is late."""
        holders = company._npo_role_holders

        def text(env):
            kinds = dict(self._fields["emergency_kind"]._description_selection(env))
            lines = Markup().join(
                Markup("<li><bdi>%s</bdi> · %s · <bdi>%s</bdi></li>")
                % (one.name, kinds[one.emergency_kind], one.site_id.with_env(env).name)
                for one in self
            )
            summary = env._("Reports on emergencies are late: %s", len(self))
            return summary, Markup("<ul>%s</ul>") % lines

        users = holders("centre_manager") | holders("general_manager")
        company._npo_give_task(users, text)
