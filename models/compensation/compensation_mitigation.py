from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.window import add_working_days
from ..core.guards import check_values, without_defaults
from .compensation import READERS
from .compensation import NpoCompensation as Base

BATCH = 500
ALERT = "mail.mail_activity_data_warning"


class NpoCompensationMitigation(models.Model):
    """Something that is done so that the harm grows no further (R135)."""

    _name = "npo.compensation.mitigation"
    _description = "Limiting of a Damage"
    _order = "date_due, id"
    _rec_name = "kind"

    compensation_id = fields.Many2one(
        Base._name, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="compensation_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [
            ("stop_harm", "The source of the harm stopped"),
            ("interim_service", "Another service meanwhile"),
            ("repair", "Repair"),
            ("notify", "Harmed party told"),
            ("preserve_evidence", "Evidence kept safe"),
        ],
        "What",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date_due = fields.Date("Due", required=True, default=fields.Date.context_today)
    date_done = fields.Date("Done on")
    effect = fields.Text("What came of it")

    @api.constrains("date_done", "effect")
    def _check_done(self):
        for action in self.filtered("date_done"):
            if action.date_done > action.company_id._npo_today():
                raise ValidationError(self.env._("Nothing is done on a day to come."))
            if not (action.effect or "").strip():
                raise ValidationError(self.env._("Write what came of it."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        actions = super(
            NpoCompensationMitigation,
            without_defaults(self, lambda name: name != "compensation_id"),
        ).create(vals_list)
        actions._check_case_open()
        actions._end_alert()
        return actions

    def write(self, vals):
        check_values(self, vals)
        self._check_case_open()
        result = super().write(vals)
        self._check_case_open()  # nor is it given to a case that is closed
        self._end_alert()
        return result

    def _end_alert(self):
        """Take the alert away from cases whose damage is limited by now."""
        limited = self.filtered("date_done").compensation_id.sudo()
        limited.activity_unlink([ALERT])

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self._check_case_open()

    def _check_case_open(self):
        if self.env.su:
            return
        self.compensation_id.check_access("write")
        if any(case.is_closed for case in self.compensation_id):
            raise UserError(self.env._("The case is closed: nothing is added to it."))


class NpoCompensation(models.Model):
    """Whether something was done in time to limit the damage (R135)."""

    _inherit = Base._name
    _flow_fields = {"is_mitigation_told"}

    mitigation_ids = fields.One2many(
        "npo.compensation.mitigation",
        "compensation_id",
        string="Limiting the damage",
        groups=READERS,
    )
    date_mitigated = fields.Date(
        "First limited on", compute="_compute_date_mitigated", store=True
    )
    date_mitigation_due = fields.Date(
        "To be limited by",
        compute="_compute_date_mitigation_due",
        store=True,
        precompute=True,
    )
    is_unmitigated = fields.Boolean(
        "Damage not limited",
        compute="_compute_is_unmitigated",
        search="_search_is_unmitigated",
    )
    is_mitigation_told = fields.Boolean(readonly=True, copy=False)

    _unmitigated_idx = models.Index(
        "(company_id, date_mitigation_due)"
        " WHERE date_mitigated IS NULL AND is_closed IS NOT TRUE"
    )

    @api.depends("mitigation_ids.date_done")
    def _compute_date_mitigated(self):
        for case in self:
            done = case.mitigation_ids.filtered("date_done").mapped("date_done")
            case.date_mitigated = min(done, default=False)

    @api.depends("date_received")
    def _compute_date_mitigation_due(self):
        for company, cases in self.grouped("company_id").items():
            calendar = company._npo_work_calendar()
            for case in cases:
                case.date_mitigation_due = case.date_received and add_working_days(
                    case.date_received.date(),
                    company.npo_mitigation_days,
                    calendar.is_working_day,
                )

    @api.depends("date_mitigated", "date_mitigation_due", "is_closed")
    def _compute_is_unmitigated(self):
        for case in self:
            case.is_unmitigated = (
                not case.is_closed
                and not case.date_mitigated
                and bool(case.date_mitigation_due)
                and case.date_mitigation_due < case.company_id._npo_today()
            )

    def _search_is_unmitigated(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = (
            Domain("is_closed", "=", False)
            & Domain("date_mitigated", "=", False)
            & Domain("date_mitigation_due", "<", self.env.company._npo_today())
        )
        return late if True in value else ~late

    @api.model
    def _cron_mitigation(self):
        """Tell who has a case, once, that nothing limits its damage yet (R135)."""
        domain = Domain("is_unmitigated", "=", True)
        domain &= Domain("is_mitigation_told", "=", False)
        cases = self.sudo().search(domain, limit=BATCH, order="id")
        for company, own in cases.grouped("company_id").items():
            officers = company._npo_role_holders("compensation_officer")
            for user, theirs in own.grouped(
                lambda case, officers=officers: case.user_id or officers[:1]
            ).items():
                theirs._alert_mitigation(user)
        cases.is_mitigation_told = True
        self.env["ir.cron"]._commit_progress(
            len(cases), remaining=self.sudo().search_count(domain)
        )

    def _alert_mitigation(self, user):
        # a clock speaks no language: whoever reads it does
        for case in self.with_context(lang=user.lang) if user else ():
            summary = case.env._("Limit the damage: nothing was done yet")
            case._task(user, summary, ALERT)
