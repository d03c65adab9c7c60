import json
from pathlib import Path

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import date_utils, file_path

from ..core.register_mixin import NpoRegisterMixin
from .profile import ResCompany as BaseCompany

PROPOSED = "npo_relations/data/profiles/obligations.json"
# Who keeps the register; who owns a line notes it as met, and no more.
KEEPERS = (
    "npo_relations.group_npo_governance_officer,"
    "npo_relations.group_npo_data_protection_officer"
)
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class NpoComplianceObligation(models.Model):
    """What a law, a standard, a policy or a procedure asks of the association (R155).

    Whose it is, by when, how often, and what showed it each time. Each time it is met
    the day moves on by its cadence, from the day it was due and not from the day it
    was met: a time that was missed stays overdue until it is noted.
    """

    _name = "npo.compliance.obligation"
    _description = "Compliance Obligation"
    _inherit = [NpoRegisterMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "is_done, date_due, id"
    _rec_names_search = ["name", "title", "source"]
    _check_company_auto = True

    _reference_prefix = "OBL"
    _step_fields = NpoRegisterMixin._step_fields | {"date_reminded", "due_day"}

    # identification
    name = fields.Char("Number", readonly=True, copy=False)
    title = fields.Char("What must be done", required=True, translate=True)
    code = fields.Char(copy=False)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )

    # what asks for it, and of whom
    source_kind = fields.Selection(
        [
            ("law", "Law or regulation"),
            ("standard", "Standard"),
            ("policy", "Policy"),
            ("procedure", "Procedure"),
        ],
        "What asks for it",
        required=True,
        default="law",
    )
    source = fields.Char(
        "Where it is written",
        required=True,
        translate=True,
        help="The law, the standard or the policy, with its article or section.",
    )
    expected = fields.Text("What shows that it is met", translate=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who sees to it and notes it as met. Nobody: the governance officer.",
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Unit",
        check_company=True,
        index="btree_not_null",
    )

    # in time
    cadence = fields.Selection(
        [
            ("once", "Once"),
            ("month", "Monthly"),
            ("quarter", "Quarterly"),
            ("half", "Every six months"),
            ("year", "Yearly"),
        ],
        "How often",
        required=True,
        default="year",
        tracking=True,
    )
    date_due = fields.Date("Due on", required=True, tracking=True)
    due_day = fields.Integer(
        "Day of the month",
        compute="_compute_due_day",
        store=True,
        readonly=False,
        help="To which each time returns; 31: the end of the month.",
    )
    date_notice = fields.Date(
        "Reminded from", compute="_compute_date_notice", store=True, precompute=True
    )
    date_reminded = fields.Date(
        "Reminded of", readonly=True, copy=False, help="The day that it was due on."
    )
    fulfilment_ids = fields.One2many(
        "npo.compliance.fulfilment", "obligation_id", "Times met", readonly=True
    )
    date_met = fields.Date("Last met on", compute="_compute_date_met", store=True)
    is_done = fields.Boolean(
        "Nothing more to do",
        compute="_compute_date_met",
        store=True,
        help="It was to be met once, and was.",
    )
    state = fields.Selection(
        [("open", "To be met"), ("overdue", "Overdue"), ("met", "Met")],
        compute="_compute_state",
        search="_search_state",
    )
    may_meet = fields.Boolean(compute="_compute_may_meet")

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another obligation has this code.",
    )
    _due_idx = models.Index(
        "(company_id, date_due) WHERE active IS TRUE AND is_done IS NOT TRUE"
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("date_due")
    def _compute_due_day(self):
        """A day that was entered says on which day it is due; moving on keeps that."""
        for one in self:
            day = one.date_due
            is_last = day and day == date_utils.end_of(day, "month")
            one.due_day = 31 if is_last else day and day.day

    @api.depends("date_due", "company_id.npo_compliance_notice_days")
    def _compute_date_notice(self):
        for one in self:
            days = one.company_id.npo_compliance_notice_days
            one.date_notice = one.date_due and fields.Date.subtract(
                one.date_due, days=days
            )

    @api.depends("cadence", "fulfilment_ids.date_met", "fulfilment_ids.is_void")
    def _compute_date_met(self):
        for one in self:
            lines = one.fulfilment_ids.filtered(lambda line: not line.is_void)
            days = [day for day in lines.mapped("date_met") if day]
            one.date_met = max(days, default=False)
            one.is_done = one.cadence == "once" and bool(days)

    @api.depends("date_due", "date_notice", "date_met", "is_done")
    def _compute_state(self):
        for one in self:
            today = (one.company_id or self.env.company).sudo()._npo_today()
            if one.is_done:
                one.state = "met"
            elif one.date_due and one.date_due < today:
                one.state = "overdue"
            elif one.date_met and one.date_notice > today:
                one.state = "met"
            else:
                one.state = "open"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        done = Domain("is_done", "=", True)
        overdue = ~done & Domain("date_due", "<", today)
        rests = Domain("date_met", "!=", False) & Domain("date_notice", ">", today)
        met = done | (~overdue & rests)
        domains = {"overdue": overdue, "met": met, "open": ~overdue & ~met}
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_may_meet(self):
        is_keeper = self._is_keeper()
        for one in self:
            one.may_meet = is_keeper or one.user_id == self.env.user

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    @api.constrains("user_id", "company_id")
    def _check_owner(self):
        """The owner works here, and may open what is theirs."""
        for one in self.filtered("user_id"):
            one.user_id._npo_check_works_for(one.company_id)
            own = one.with_user(one.user_id)
            own = own.with_context(allowed_company_ids=one.company_id.ids)
            if not own.has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%s has no role in which obligations are seen.",
                        one.user_id.name,
                    )
                )

    def write(self, vals):
        if "user_id" in vals:
            # whose it is by now is reminded, and who had it no longer
            given = self.sudo().filtered(lambda one: one.user_id.id != vals["user_id"])
            given.date_reminded = False
            given.activity_unlink(["mail.mail_activity_data_todo"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_met(self):
        if self.sudo().fulfilment_ids:
            raise UserError(
                self.env._("What was met stays on record: archive the obligation.")
            )

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("An obligation is noted as met by its button.")

    def _is_keeper(self):
        return self.env.su or self.env.user.has_groups(KEEPERS)

    def _require_may_meet(self):
        """Raise unless the user owns the obligations, or keeps the register."""
        self.check_access("read")
        if not all(one.may_meet for one in self):
            raise AccessError(self.env._("An obligation is noted as met by its owner."))

    # ------------------------------------------------------------
    # MET
    # ------------------------------------------------------------

    def action_met(self):
        """Open the form in which an obligation is noted as met, with what shows it."""
        self.ensure_one()
        self._require_may_meet()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note as Met"),
            "res_model": "npo.compliance.fulfilment",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_obligation_id": self.id,
                "default_date_due": self.date_due,
            },
        }

    def _move_on(self):
        """Move the day to the next time, and close the tasks of the time that was."""
        for one in self.sudo():
            one._move_to(one._next_due())
        self.sudo().activity_ids.action_done()

    def _move_to(self, day):
        """Let it be due on another day, of which its owner is to be reminded."""
        self.write({"date_due": day, "due_day": self.due_day, "date_reminded": False})

    def _next_due(self):
        """Return the next day: the same of a later month, its end at the end."""
        self.ensure_one()
        months = MONTHS.get(self.cadence)
        if not months:
            return self.date_due
        return self.date_due + relativedelta(months=months, day=self.due_day)

    @api.model
    def _cron_remind(self):
        """Give each owner a task before the day, once for each time it is due."""
        # nowhere is it later than tomorrow: whose today it is is asked of each
        latest = fields.Date.add(fields.Date.context_today(self), days=1)
        near = self.search(
            Domain("is_done", "=", False) & Domain("date_notice", "<=", latest)
        )
        for company, lines in near.grouped("company_id").items():
            today = company._npo_today()
            lines.filtered(
                lambda one, today=today: (
                    one.date_notice <= today and one.date_reminded != one.date_due
                )
            )._remind(company)

    def _remind(self, company):
        """Give the tasks of one association: as many at once as are the same."""
        keeper = company._npo_colleague("governance_officer")
        same = self.grouped(
            lambda one: (one.user_id.filtered("active") or keeper, one.date_due)
        )
        for (user, day), lines in same.items():
            env = self.with_context(lang=user.lang or "en_US").env
            lines.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                day,
                summary=env._("Meet the obligation, and note what shows it"),
                user_id=user.id,
            )
            lines.sudo().date_reminded = day

    # ------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------

    def action_print(self):
        """Print these obligations, what is overdue first."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_compliance")
        return report.report_action(self)

    def action_print_overdue(self):
        """Print for management what is overdue in the associations at hand (R155)."""
        self.browse().check_access("read")
        overdue = self.search(
            Domain("state", "=", "overdue")
            & Domain("company_id", "in", self.env.companies.ids)
        )
        if not overdue:
            raise UserError(self.env._("No obligation is overdue."))
        return overdue.action_print()

    def _paper_lists(self):
        """Return [(association, its obligations by their day)] of what is printed."""
        self.check_access("read")
        return [
            (company, lines.sorted(lambda one: (one.is_done, one.date_due, one.id)))
            for company, lines in self.grouped("company_id").items()
        ]

    def _days_late(self):
        """Return for how many days it is overdue; 0 where it is not."""
        self.ensure_one()
        if self.state != "overdue":
            return 0
        return (self.company_id.sudo()._npo_today() - self.date_due).days

    def _label(self, name):
        """Return the label of the value of one of its selections."""
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    # ------------------------------------------------------------
    # PROPOSED
    # ------------------------------------------------------------

    def action_propose(self):
        """Take over the obligations that the product proposes and the list lacks."""
        self.browse().check_access("write")
        if not self._is_keeper():
            raise AccessError(self.env._("Your role does not allow this step."))
        company = self.env.company
        loader = company.sudo().with_company(company).with_context(lang="en_US")
        loader._npo_load_obligations()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class ResCompany(models.Model):
    """A new association finds what the product itself helps to meet (R155)."""

    _inherit = BaseCompany._name

    npo_compliance_notice_days = fields.Integer(
        "Days before an obligation is due, when its owner is reminded",
        default=30,
        help="⚖ The association's own decision.",
    )

    _npo_compliance_notice_days_positive = models.Constraint(
        "CHECK (npo_compliance_notice_days >= 0)",
        "The days before an obligation is due are not negative.",
    )

    def _npo_apply_profile(self, code):
        # EXTENDS: the register of obligations
        version = super()._npo_apply_profile(code)
        company = self.sudo().with_company(self).with_context(lang="en_US")
        company._npo_load_obligations()
        return version

    def _npo_load_obligations(self):
        """Create the obligations that the association lacks; what is there stays."""
        known = (
            self.env["npo.compliance.obligation"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.id), ("code", "!=", False)])
        )
        codes = set(known.mapped("code"))
        entries = json.loads(Path(file_path(PROPOSED)).read_text(encoding="utf-8"))
        missing = [entry for entry in entries if entry["code"] not in codes]
        today = self._npo_today()
        for entry in missing:
            months = entry.pop("in_months")
            entry["date_due"] = today + relativedelta(months=months)
        self._npo_create_named("npo.compliance.obligation", missing)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_compliance_notice_days = fields.Integer(
        related="company_id.npo_compliance_notice_days", readonly=False
    )
