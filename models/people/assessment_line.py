from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import means
from ..core.guards import MAX_AMOUNT, check_values, is_derived, without_defaults
from .household_member import DISABILITY_DEGREES, DISABILITY_TYPES, HEALTH_STATES

KINDS = [
    ("income", "Income"),
    ("expense", "Expense"),
    ("debt", "Debt or obligation"),
    ("asset", "Property"),
    ("need", "Need"),
    ("aid", "Aid from another body"),
]
HEALTH_GROUPS = "npo_relations.group_npo_health_reader"


class NpoAssessmentItem(models.Model):
    """An entry of a list of the social research: sources, expenses, needs (glossary
    6, 7). A list of each association's own making, not of the code."""

    _name = "npo.assessment.item"
    _description = "List of the Social Research"
    _order = "kind, sequence, id"

    kind = fields.Selection(
        [*KINDS, ("utility", "Utility of the home")], required=True, index=True
    )
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fixed_cost = fields.Selection(
        [("rent", "Rent"), ("instalment", "Instalments")],
        string="Taken off the income",
        help="Rent and instalments are taken off before the income per head.",
    )

    _code_uniq = models.UniqueIndex("(kind, code)", "This code exists already.")


class NpoAssessmentPart(models.AbstractModel):
    """What belongs to a study: changed by who may change it, while it is a draft."""

    _name = "npo.assessment.part"
    _description = "Part of a Social Research"

    assessment_id = fields.Many2one(
        "npo.assessment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="assessment_id.company_id",
        store=True,
        index=True,
        precompute=True,
        string="Association",
    )
    currency_id = fields.Many2one(related="assessment_id.currency_id")
    member_id = fields.Many2one(
        "npo.household.member",
        string="Whose",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Empty: the family's as a whole.",
    )

    @api.constrains("member_id")
    def _check_member(self):
        for part in self.sudo().filtered("member_id"):
            if part.member_id.household_id != part.assessment_id.household_id:
                raise ValidationError(
                    self.env._(
                        "%s is no member of the household that is studied.",
                        part.member_id.name,
                    )
                )

    @api.model
    def _allowed_defaults(self):
        return ("assessment_id",)

    @api.model_create_multi
    def create(self, vals_list):
        allowed = self._allowed_defaults()
        self = without_defaults(self, lambda name: name not in allowed)
        for vals in vals_list:
            self._check_part_vals(vals)
        parts = super().create(vals_list)
        parts.assessment_id._check_part_change()
        return parts

    def write(self, vals):
        self._check_part_vals(vals)
        self.assessment_id._check_part_change()
        if (
            vals.get("assessment_id", self.assessment_id.id)
            not in self.assessment_id.ids
        ):
            raise UserError(self.env._("A line stays in its study."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.assessment_id._check_part_change()

    @api.model
    def _check_part_vals(self, vals):
        check_values(self, vals)
        if not self.env.su and any(is_derived(self, name) for name in vals):
            raise UserError(self.env._("Totals are worked out and not written."))


class NpoAssessmentLine(models.Model):
    """A line of income, expense, debt, property, need or aid of a household."""

    _name = "npo.assessment.line"
    _description = "Line of a Social Research"
    _inherit = ["npo.assessment.part"]
    _order = "kind, sequence, id"

    kind = fields.Selection(KINDS, required=True, index=True)
    sequence = fields.Integer(default=10)
    item_id = fields.Many2one(
        "npo.assessment.item",
        string="What",
        required=True,
        ondelete="restrict",
        domain="[('kind', '=', kind)]",
    )
    name = fields.Char("Description")
    amount = fields.Monetary()
    period = fields.Selection(
        [("monthly", "A month"), ("yearly", "A year"), ("once", "Once")],
        required=True,
        default="monthly",
    )
    monthly_amount = fields.Monetary(
        "By month", compute="_compute_monthly_amount", store=True, precompute=True
    )
    document_id = fields.Many2one("npo.document", string="Proof", check_company=True)
    verified_by_id = fields.Many2one("res.users", string="Verified by")

    # debts
    creditor = fields.Char()
    remaining = fields.Monetary("Still owed")
    instalment = fields.Monetary("Monthly instalment")
    stage = fields.Char("Stage of the debt")

    # needs
    service_id = fields.Many2one("npo.service", string="Service", check_company=True)
    quantity = fields.Float(default=1, digits="Product Unit")
    urgency = fields.Selection(
        [
            ("urgent", "Urgent"),
            ("month", "Within a month"),
            ("year", "Within a year"),
        ]
    )
    is_recommended = fields.Boolean("Recommended")
    amount_recommended = fields.Monetary("Amount recommended")

    # aid from others
    body = fields.Char("Body")

    _amounts = models.Constraint(
        "CHECK (amount >= 0 AND remaining >= 0 AND instalment >= 0 AND quantity >= 0"
        f" AND amount_recommended >= 0 AND amount < {MAX_AMOUNT}"
        f" AND remaining < {MAX_AMOUNT} AND instalment < {MAX_AMOUNT})",
        "An amount cannot be negative.",
    )

    @api.depends("amount", "period")
    def _compute_monthly_amount(self):
        for line in self:
            line.monthly_amount = means.monthly(line.amount, line.period)

    @api.constrains("kind", "item_id")
    def _check_item(self):
        for line in self:
            if line.item_id.kind != line.kind:
                raise ValidationError(
                    self.env._(
                        "“%s” is of another section of the form.", line.item_id.name
                    )
                )

    @api.constrains("document_id")
    def _check_document(self):
        for line in self.sudo().filtered("document_id"):
            if line.document_id.partner_id != line.assessment_id.partner_id:
                raise ValidationError(
                    self.env._("The proof is the document of another person.")
                )

    @api.model
    def _allowed_defaults(self):
        return ("assessment_id", "kind")


class NpoAssessmentHealth(models.Model):
    """The health of one member of the household: for its own readers alone (P013)."""

    _name = "npo.assessment.health"
    _description = "Health in a Social Research"
    _inherit = ["npo.assessment.part"]
    _order = "id"

    member = fields.Char(
        "Name of the member",
        compute="_compute_member",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    status = fields.Selection(
        [state for state in HEALTH_STATES if state[0] != "healthy"],
        required=True,
        default="chronic",
    )
    is_severe = fields.Boolean("Severe")
    diagnosis = fields.Char()
    hospital = fields.Char()
    treatment = fields.Char()
    cost = fields.Monetary("Monthly cost")
    insurance = fields.Char("Insurance or coverage")
    disability_type = fields.Selection(DISABILITY_TYPES)
    disability_degree = fields.Selection(DISABILITY_DEGREES)
    devices = fields.Char("Devices needed")

    _cost_positive = models.Constraint(
        f"CHECK (cost >= 0 AND cost < {MAX_AMOUNT})", "An amount cannot be negative."
    )

    @api.depends("member_id")
    def _compute_member(self):
        """Named as the member was called, or typed for who is no member."""
        for line in self:
            line.member = line.member_id.name or line.member

    # ------------------------------------------------------------
    # LOG (P013): whose health was opened, by whom
    # ------------------------------------------------------------

    def _read_format(self, fnames, load="_classic_read"):
        # EXTENDS base: all that a client reads passes here
        result = super()._read_format(fnames, load)
        self._log_opening()
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        # EXTENDS base
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        self._log_opening()
        return rows

    def copy_data(self, default=None):
        # EXTENDS base: a client that calls it is shown what would be copied
        vals_list = super().copy_data(default)
        self._log_opening()
        return vals_list

    def _log_opening(self):
        if not self.env.su:
            self.env["npo.access.log"]._log_whole(self.assessment_id, "health")

    # ------------------------------------------------------------
    # CODES
    # ------------------------------------------------------------

    def _health_codes(self):
        """Return the codes that the rules ask for."""
        codes = set(self.mapped("status"))
        if any(line.is_severe or line.disability_degree == "severe" for line in self):
            codes.add("severe")
        if any(line.status == "chronic" and line.cost > 0 for line in self):
            codes.add("chronic_cost")
        return codes

    def _needy_count(self):
        """Return how many members are chronically ill or disabled."""
        needy = self.filtered(lambda line: line.status in ("chronic", "disabled"))
        return len({" ".join((line.member or "").split()) for line in needy})
