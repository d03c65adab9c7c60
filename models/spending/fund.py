from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..core.guards import check_values
from ..core.locks import hold

KINDS = [
    ("unrestricted", "Unrestricted"),
    ("restricted", "Restricted to a purpose"),
    ("waqf", "Endowment (waqf)"),
    ("zakat", "Zakat"),
]
# Who is shown what a programme has and what is left of it.
BUDGET_GROUPS = (
    "npo_relations.group_npo_committee_member,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_governance_officer,"
    "npo_relations.group_npo_auditor"
)


class NpoFund(models.Model):
    """A programme or fund: its money, and where that may go (D19, P065, P068).

    Restricted money goes to its purposes alone, zakat to its heads alone; what a
    decision takes from the budget of the year is counted when it is taken.
    """

    _name = "npo.fund"
    _description = "Programme or Fund"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="The first fund that may pay for a request is proposed."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="unrestricted", tracking=True)
    purpose = fields.Text("Purpose, as the giver set it", translate=True)
    service_ids = fields.Many2many(
        "npo.service", string="Only for these services", check_company=True
    )
    category_ids = fields.Many2many(
        "npo.beneficiary.category", string="Only for these beneficiaries"
    )
    zakat_head_ids = fields.Many2many(
        "npo.zakat.head",
        string="Only by these heads",
        help="Empty: by any of the eight.",
    )

    # the budget in force today
    budget_ids = fields.One2many(
        "npo.fund.budget", "fund_id", string="Budgets", groups=BUDGET_GROUPS
    )
    amount_budget = fields.Monetary(
        "Budget", compute="_compute_amounts", compute_sudo=True, groups=BUDGET_GROUPS
    )
    amount_used = fields.Monetary(
        "Decided", compute="_compute_amounts", compute_sudo=True, groups=BUDGET_GROUPS
    )
    amount_left = fields.Monetary(
        "Left", compute="_compute_amounts", compute_sudo=True, groups=BUDGET_GROUPS
    )
    used_percent = fields.Float(
        "Used (%)", compute="_compute_amounts", compute_sudo=True, groups=BUDGET_GROUPS
    )

    @api.depends("budget_ids.amount", "budget_ids.date_from", "budget_ids.date_to")
    def _compute_amounts(self):
        for fund in self:
            today = fund.company_id._npo_today()
            budget = fund.budget_ids._on(today)
            fund.amount_budget = budget.amount
            fund.amount_used = budget.amount_used
            fund.amount_left = budget.amount_left
            fund.used_percent = (
                100 * budget.amount_used / budget.amount if budget.amount else 0
            )

    @api.constrains("kind", "service_ids", "category_ids")
    def _check_purpose(self):
        """Restricted money has a purpose that the product can hold it to (P065)."""
        for fund in self:
            if fund.kind == "restricted" and not (
                fund.service_ids or fund.category_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Restricted money goes to its purpose alone: choose the"
                        " services or the beneficiaries of %s.",
                        fund.name,
                    )
                )

    def _refusal(self, request):
        """Return why the fund may not pay for a request; False when it may."""
        self.ensure_one()
        _ = self.env._
        fund, file = self.sudo(), request.sudo().beneficiary_id
        service = request.service_id
        if fund.company_id != request.company_id:
            return _("%s belongs to another association.", fund.name)
        if fund.service_ids and service not in fund.service_ids:
            return _(
                "The money of %(fund)s is for other services than %(service)s.",
                fund=fund.name,
                service=service.name,
            )
        if fund.category_ids and not fund.category_ids & file.category_ids:
            return _("The money of %s is for other beneficiaries.", fund.name)
        if fund.kind != "zakat":
            return False
        if not file.zakat_head_id:
            return _(
                "%s is zakat: the beneficiary's file does not name the head by which"
                " the person may receive it.",
                fund.name,
            )
        if fund.zakat_head_ids and file.zakat_head_id not in fund.zakat_head_ids:
            return _("The zakat of %s goes to other heads.", fund.name)
        return False

    def _check_may_pay(self, request):
        if refusal := self._refusal(request):
            raise UserError(refusal)

    @api.model
    def _proposed_for(self, requests):
        """Return {request: the first fund that may pay for it, or none}."""
        funds = self.sudo().search([("company_id", "in", requests.company_id.ids)])
        none = funds.browse()
        return {
            request: next((fund for fund in funds if not fund._refusal(request)), none)
            for request in requests
        }

    def _hold(self):
        """Let one decision at a time take from the funds."""
        hold(self)


class NpoFundBudget(models.Model):
    """What a fund may spend in a year, or another span of time."""

    _name = "npo.fund.budget"
    _description = "Budget of a Fund"
    _order = "fund_id, date_from desc"
    _rec_name = "fund_id"

    fund_id = fields.Many2one("npo.fund", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="fund_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until", required=True)
    amount = fields.Monetary(required=True)
    amount_used = fields.Monetary(
        "Decided", compute="_compute_amount_used", compute_sudo=True
    )
    amount_left = fields.Monetary(
        "Left", compute="_compute_amount_used", compute_sudo=True
    )

    _in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A budget cannot end before it begins."
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A budget cannot be negative."
    )

    @api.depends("fund_id", "date_from", "date_to", "amount")
    def _compute_amount_used(self):
        used = self._used()
        for budget in self:
            budget.amount_used = used[budget]
            budget.amount_left = budget.amount - budget.amount_used

    def _used(self):
        """Return {budget: what was decided}, a statement for each span of time."""
        model = self.env["npo.request"].sudo().with_context(active_test=False)
        result = dict.fromkeys(self, 0)
        complete = self.filtered(
            lambda budget: budget.company_id and budget.date_from and budget.date_to
        )
        for (company, start, end), budgets in complete.grouped(
            lambda budget: (budget.company_id, budget.date_from, budget.date_to)
        ).items():
            domain = Domain("fund_id", "in", budgets.fund_id.ids)
            domain &= model._granted_domain(company, start, end)
            sums = dict(model._read_group(domain, ["fund_id"], ["amount_granted:sum"]))
            for budget in budgets:
                result[budget] = sums.get(budget.fund_id._origin, 0)
        return result

    def _on(self, day):
        """Return the one that is in force on a day."""
        return self.filtered(lambda budget: budget.date_from <= day <= budget.date_to)[
            :1
        ]

    @api.constrains("fund_id", "date_from", "date_to")
    def _check_overlap(self):
        for budget in self:
            if budget.fund_id.budget_ids.filtered(
                lambda other, budget=budget: (
                    other != budget
                    and other.date_from <= budget.date_to
                    and other.date_to >= budget.date_from
                )
            ):
                raise ValidationError(
                    self.env._(
                        "%s has two budgets on the same days.", budget.fund_id.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        return super().write(vals)
