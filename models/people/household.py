from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ...tools import means
from ..core.guards import check_values, is_derived, without_defaults
from .beneficiary import IDENTITY_GROUPS

# Who sees a family: those who study and decide, not the front desk nor delivery.
HOUSEHOLD_GROUPS = (
    f"{IDENTITY_GROUPS},"
    "npo_relations.group_npo_committee_member,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)
WRITER_GROUPS = IDENTITY_GROUPS
# Written by the steps alone.
KEPT_FIELDS = {"reference", "date_studied"}


class NpoHousehold(models.Model):
    """A family as one unit: its head, its members and what it lives on (D10).

    The members are lines with dates, so that who left stays on record. A person
    belongs to one active household of an association: `npo.household.member` says so.
    """

    _name = "npo.household"
    _description = "Household"
    _inherit = ["mail.thread", "mail.activity.mixin", "npo.reference.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True
    _reference_prefix = "HH"

    # identification
    reference = fields.Char(readonly=True, copy=False, index="trigram")
    name = fields.Char("Family", compute="_compute_name")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "npo.site",
        string="Site",
        compute="_compute_site_id",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Officer",
        index="btree_not_null",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who is told when something of the family is to be looked at.",
    )

    # people
    member_ids = fields.One2many(
        "npo.household.member", "household_id", string="Members", copy=False
    )
    head_id = fields.Many2one(
        "npo.household.member",
        string="Head",
        compute="_compute_members",
        store=True,
        index="btree_not_null",
    )
    head_partner_id = fields.Many2one(related="head_id.partner_id", string="Contact")
    member_count = fields.Integer(
        "Members now", compute="_compute_members", store=True, aggregator="sum"
    )
    dependant_count = fields.Integer(
        "Dependants", compute="_compute_members", store=True, aggregator="sum"
    )

    # what the family lives on (glossary 7)
    currency_id = fields.Many2one(related="company_id.currency_id")
    other_income = fields.Monetary(
        "Other monthly income",
        groups=HOUSEHOLD_GROUPS,
        help="Income of the family as a whole, beside what each member earns.",
    )
    rent = fields.Monetary("Monthly rent", groups=HOUSEHOLD_GROUPS)
    debt_instalments = fields.Monetary(
        "Monthly debt instalments", groups=HOUSEHOLD_GROUPS
    )
    total_income = fields.Monetary(
        "Monthly income",
        compute="_compute_per_capita",
        store=True,
        groups=HOUSEHOLD_GROUPS,
    )
    per_capita = fields.Monetary(
        "Per-capita income",
        compute="_compute_per_capita",
        store=True,
        groups=HOUSEHOLD_GROUPS,
        help="(Monthly income − rent − debt instalments) ÷ members, at least 0.",
    )
    date_studied = fields.Date(
        "Studied on",
        readonly=True,
        copy=False,
        groups=HOUSEHOLD_GROUPS,
        help="The social research that told the income, the rent and the instalments.",
    )
    note = fields.Text(groups=HOUSEHOLD_GROUPS)

    _list_idx = models.Index("(company_id, id DESC) WHERE active IS TRUE")
    _not_negative = models.Constraint(
        "CHECK (other_income >= 0 AND rent >= 0 AND debt_instalments >= 0)",
        "Income, rent and instalments cannot be negative.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("head_id.name", "reference")
    def _compute_name(self):
        for household in self:
            head = household.head_id.name
            household.name = (
                self.env._("Family of %s", head) if head else household.reference
            )

    @api.depends("head_id.name", "reference")
    def _compute_display_name(self):
        for household in self:
            parts = (household.name, household.head_id and household.reference)
            household.display_name = " · ".join(filter(None, parts))

    @api.model
    def _search_display_name(self, operator, value):
        # OVERRIDE base: by a member's name in any spelling, or the reference
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return self._npo_search_domain(value)
        return super()._search_display_name(operator, value)

    @api.model
    def _npo_search_domain(self, text):
        """Return the domain of the households that a text may mean.

        The members are looked up by their own index first; an OR over two tables
        could use none.
        """
        members = self.env["npo.household.member"]
        domain = members._npo_search_domain(text)
        found = members.search(domain, limit=500, order="id desc")  # no join to sort
        reference = Domain("reference", "ilike", text.strip())
        return reference | Domain("id", "in", found.household_id.ids)

    @api.depends("company_id")
    def _compute_site_id(self):
        """Take the delegate's own site, else the association's first one."""
        own = self.env.user.sudo().npo_site_ids
        Site = self.env["npo.site"].sudo()
        for company, households in self.grouped("company_id").items():
            todo = households.filtered(
                lambda household: household.site_id.company_id != household.company_id
            )
            for household in households - todo:
                household.site_id = household.site_id
            if todo:
                mine = own.filtered(
                    lambda site, owner=company: site.company_id == owner
                )
                todo.site_id = mine[:1] or Site._default_for(company)

    @api.depends("member_ids.is_current", "member_ids.relation")
    def _compute_members(self):
        for household in self:
            current = household.member_ids.filtered("is_current")
            heads = current.filtered(lambda member: member.relation == "head")
            household.head_id = heads[:1]
            household.member_count = len(current)
            household.dependant_count = len(current - heads[:1])

    @api.depends(
        "member_ids.is_current",
        "member_ids.income",
        "other_income",
        "rent",
        "debt_instalments",
    )
    def _compute_per_capita(self):
        for household in self:
            current = household.member_ids.filtered("is_current")
            total = household.other_income + sum(current.mapped("income"))
            household.total_income = total
            household.per_capita = means.per_capita(
                total, household.rent, household.debt_instalments, len(current)
            )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name in KEPT_FIELDS)
        vals_list = [dict(vals) for vals in vals_list]
        self._check_vals(vals_list)
        companies = [
            self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            for vals in vals_list
        ]
        references = self._draw_references(companies)
        vals_list = [
            {**vals, "reference": reference, "company_id": company.id}
            for vals, reference, company in zip(
                vals_list, references, companies, strict=True
            )
        ]
        with self._whole_family():
            households = super().create(vals_list)
        households._check_one_head()
        return households

    def write(self, vals):
        vals = dict(vals)
        self._check_vals([vals])
        if "company_id" in vals and any(
            household.company_id.id != vals["company_id"] for household in self
        ):
            raise UserError(self.env._("A household stays with its association."))
        with self._whole_family():
            if vals.get("active"):
                self._check_revival()
            result = super().write(vals)
        self._check_one_head()
        if "site_id" in vals:
            self.check_access("write")  # nobody gives a family out of the own sites
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_members(self):
        if self.member_ids:
            raise UserError(
                self.env._("A household with members is archived and not deleted.")
            )

    def _check_vals(self, vals_list):
        clean = self.env["npo.household.member"]._clean_vals
        for vals in vals_list:
            check_values(self, vals)
            if vals.get("member_ids"):
                vals["member_ids"] = [
                    (*command[:2], clean(command[2]))
                    if command[0] in (Command.CREATE, Command.UPDATE)
                    else command
                    for command in vals["member_ids"]
                ]
            if not self.env.su and any(
                name in KEPT_FIELDS or is_derived(self, name) for name in vals
            ):
                raise UserError(
                    self.env._("The reference and the sums of a household are kept.")
                )

    # ------------------------------------------------------------
    # HEAD
    # ------------------------------------------------------------

    @contextmanager
    def _whole_family(self):
        """Let the lines of a family change together; the head is checked at the end.

        Between one line and the next there may be two heads or none. Told by the
        transaction, not by a key of the context, which anybody can send.
        """
        cache = self.env.cr.cache
        outer = cache.get("npo_whole_family", False)
        cache["npo_whole_family"] = True
        try:
            yield
        finally:
            cache["npo_whole_family"] = outer

    def _check_one_head(self):
        """An active household has exactly one living head."""
        if self.env.cr.cache.get("npo_whole_family"):
            return
        for household in self.sudo().filtered("active"):
            current = household.member_ids.filtered("is_current")
            heads = current.filtered(lambda member: member.relation == "head")
            if len(heads) == 1:
                continue
            if heads:
                message = self.env._(
                    "A household has one head: %s. Change the relation of the others.",
                    ", ".join(heads.mapped("name")),
                )
            else:
                message = self.env._(
                    "Choose who heads the family: no living member of this household is"
                    " its head."
                )
            raise ValidationError(message)

    def _check_revival(self):
        """Members of a household that comes back may live elsewhere by now."""
        revived = self.filtered(lambda household: not household.active)
        members = revived.sudo().member_ids.filtered(lambda member: member._stays())
        members._check_elsewhere()
