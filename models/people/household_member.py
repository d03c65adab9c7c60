from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import identity
from ...tools.arabic import clean_code, fold
from ...tools.person_name import join_name, same_name, split_name
from ..core.guards import check_values, is_derived, without_defaults
from .beneficiary import IDENTITY_GROUPS
from .document import HEALTH_GROUP
from .household import HOUSEHOLD_GROUPS
from .identity_checks import (
    check_birth_date,
    check_identity,
    clean_name,
    read_date,
)
from .search_text import read_search_text

RELATIONS = [
    ("head", "Head of the family"),
    ("wife", "Wife"),
    ("husband", "Husband"),
    ("son", "Son"),
    ("daughter", "Daughter"),
    ("father", "Father"),
    ("mother", "Mother"),
    ("brother", "Brother"),
    ("sister", "Sister"),
    ("grandchild", "Grandchild"),
    ("fosterling", "Fosterling"),
    ("other", "Other"),
]
EDUCATIONS = [
    ("illiterate", "Illiterate"),
    ("read_write", "Reads and writes"),
    ("primary", "Primary"),
    ("intermediate", "Intermediate"),
    ("secondary", "Secondary"),
    ("diploma", "Diploma"),
    ("bachelor", "Bachelor"),
    ("postgraduate", "Postgraduate"),
    ("special_ed", "Special education"),
    ("kindergarten", "Kindergarten"),
    ("none_age", "Below school age"),
]
EMPLOYMENTS = [
    ("employed_gov", "Government employee"),
    ("employed_private", "Employee of a company"),
    ("military", "Military"),
    ("retired", "Retired"),
    ("self_employed", "Self-employed"),
    ("productive_family", "Productive family"),
    ("unemployed", "Unemployed"),
    ("student", "Student"),
    ("homemaker", "Homemaker"),
    ("unable", "Unable to work"),
]
HEALTH_STATES = [
    ("healthy", "Healthy"),
    ("chronic", "Chronic disease"),
    ("acute", "Acute disease"),
    ("disabled", "Disability"),
    ("mental", "Mental disorder"),
    ("elderly_care", "Needs care of old age"),
    ("pregnant", "Pregnant"),
]
DISABILITY_TYPES = [
    ("motor", "Motor"),
    ("hearing", "Hearing"),
    ("visual", "Visual"),
    ("intellectual", "Intellectual"),
    ("speech", "Speech"),
    ("autism", "Autism"),
    ("multiple", "Multiple"),
    ("psychosocial", "Psychosocial"),
]
DISABILITY_DEGREES = [
    ("mild", "Mild"),
    ("moderate", "Moderate"),
    ("severe", "Severe"),
]
NAME_PARTS = ("first_name", "father_name", "grandfather_name", "family_name")
# Who a line is about and where it belongs does not change by editing.
FIXED_FIELDS = {"household_id", "previous_id"}


class NpoHouseholdMember(models.Model):
    """One person in one household, from a day until another (D10, glossary 5).

    Who moves closes a line and opens another, so that the past stays. A person, known
    by the contact or by the identity number, has one current line in an association.
    """

    _name = "npo.household.member"
    _description = "Member of a Household"
    _inherit = ["npo.protected.mixin"]
    _protected_fields = frozenset(("identity_number",))
    _health_fields = frozenset(
        ("health_status", "disability_type", "disability_degree")
    )
    _protected_entries = {"identity_entry": "identity_number"}
    _order = "household_id, date_to desc, is_head desc, birth_date, id"
    _check_company_auto = True

    household_id = fields.Many2one(
        "npo.household", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="household_id.company_id", store=True, precompute=True, index=True
    )
    site_id = fields.Many2one(
        related="household_id.site_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The member's own contact or file, where there is one.",
    )

    # who
    name = fields.Char(
        "Full name",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
    )
    first_name = fields.Char()
    father_name = fields.Char()
    grandfather_name = fields.Char()
    family_name = fields.Char()
    search_key = fields.Char(
        compute="_compute_search_key", store=True, precompute=True, index="trigram"
    )
    relation = fields.Selection(
        RELATIONS, string="Relation to the head", required=True, default="other"
    )
    is_head = fields.Boolean(compute="_compute_is_head", store=True, precompute=True)
    identity_type = fields.Selection(
        lambda self: (
            self.env["npo.beneficiary"]
            ._fields["identity_type"]
            ._description_selection(self.env)
        ),
        default="national_id",
    )
    identity_number = fields.Char(
        copy=False,
        index="btree_not_null",
        groups=IDENTITY_GROUPS,
        search="_search_identity_number",
    )
    identity_entry = fields.Char(
        "Identity number (to enter)",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=IDENTITY_GROUPS,
    )
    identity_masked = fields.Char(
        "Identity (masked)",
        compute="_compute_identity_masked",
        store=True,
        precompute=True,
    )
    birth_date = fields.Date(index="btree_not_null")
    age = fields.Integer(compute="_compute_age")
    gender = fields.Selection([("male", "Male"), ("female", "Female")])

    # situation
    education = fields.Selection(EDUCATIONS)
    school = fields.Char()
    employment = fields.Selection(EMPLOYMENTS)
    health_status = fields.Selection(
        HEALTH_STATES, string="Health", copy=False, groups=HEALTH_GROUP
    )
    disability_type = fields.Selection(
        DISABILITY_TYPES, copy=False, groups=HEALTH_GROUP
    )
    disability_degree = fields.Selection(
        DISABILITY_DEGREES, copy=False, groups=HEALTH_GROUP
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    income = fields.Monetary("Monthly income", groups=HOUSEHOLD_GROUPS)
    lives_in_house = fields.Boolean("Lives in the house", default=True)

    # since when, until when
    date_from = fields.Date(
        "Member since", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date("Left on")
    date_deceased = fields.Date("Deceased on")
    is_current = fields.Boolean(
        "Member now",
        compute="_compute_is_current",
        store=True,
        precompute=True,
    )
    previous_id = fields.Many2one(
        "npo.household.member",
        string="Before that",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line of this person in the household they came from.",
    )

    _income_not_negative = models.Constraint(
        "CHECK (income >= 0)", "An income cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A member cannot leave before the day of joining.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(*NAME_PARTS)
    def _compute_name(self):
        """The full name follows its parts; typed as a whole it stands as typed."""
        for member in self:
            parts = [member[part] for part in NAME_PARTS if member[part]]
            member.name = " ".join(parts) if parts else member.name

    @api.depends("name")
    def _compute_search_key(self):
        for member in self:
            member.search_key = fold(member.name) or False

    @api.depends("relation")
    def _compute_is_head(self):
        for member in self:
            member.is_head = member.relation == "head"

    @api.depends("identity_number")
    def _compute_identity_masked(self):
        for member in self:
            member.identity_masked = identity.mask(member.identity_number) or False

    @api.depends("birth_date", "date_deceased")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for member in self:
            until = member.date_deceased or today
            born = member.birth_date
            member.age = relativedelta(until, born).years if born else 0

    @api.depends("household_id.active", "date_to", "date_deceased")
    def _compute_is_current(self):
        for member in self:
            member.is_current = member.household_id.active and member._stays()

    def _stays(self):
        """Tell whether the person neither left nor died."""
        return not self.date_to and not self.date_deceased

    @api.model
    def _search_identity_number(self, operator, value):
        return self._search_exact("identity_number", operator, value)

    @api.depends("name")
    def _compute_display_name(self):
        for member in self:
            member.display_name = member.name or ""

    @api.model
    def _search_display_name(self, operator, value):
        # OVERRIDE base: a name in any spelling
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return self._npo_search_domain(value)
        return super()._search_display_name(operator, value)

    @api.model
    def _npo_search_domain(self, text):
        """Return the domain of the members that a text may mean: name or exact ID."""
        words, code = read_search_text(text)
        if not words:
            return Domain.FALSE
        domain = Domain.AND(Domain("search_key", "ilike", word) for word in words)
        if code and self.env.user.has_groups(IDENTITY_GROUPS):
            domain |= Domain("identity_number", "=", code)
        return domain

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("identity_type", "identity_number")
    def _check_identity(self):
        for member in self.sudo():
            if member.identity_number:
                check_identity(self.env, member.identity_type, member.identity_number)

    @api.constrains("name")
    def _check_name(self):
        for member in self:
            if not (member.name or "").strip():
                raise ValidationError(self.env._("Write the name of each member."))
            if error := self.env["res.partner"]._npo_name_error(member.name):
                raise ValidationError(error)

    @api.constrains("birth_date", "date_from", "date_to", "date_deceased")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for member in self:
            check_birth_date(self.env, member.birth_date, today)
            dates = (member.date_from, member.date_to, member.date_deceased)
            if any(day and day > today for day in dates):
                raise ValidationError(
                    self.env._(
                        "The days of joining, leaving and death cannot lie in the"
                        " future."
                    )
                )
            if (
                member.birth_date
                and member.date_deceased
                and member.date_deceased < member.birth_date
            ):
                raise ValidationError(
                    self.env._("The day of death lies before the day of birth.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(
            self, lambda name: name in ("previous_id", "is_adult_told")
        )
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        self._check_guarded(vals_list)
        self._link_persons(vals_list)
        with self._one_household(vals_list):
            members = super().create(vals_list)
        members.household_id._check_one_head()
        return members

    def write(self, vals):
        vals = self._clean_vals(vals)
        self._check_guarded([vals])
        for name in FIXED_FIELDS.intersection(vals):
            if not self.env.su and any(
                member[name].id != vals[name] for member in self
            ):
                raise UserError(self.env._("A member changes the household by moving."))
        if {"partner_id", "identity_number", "date_to", "date_deceased"} & set(vals):
            keys = [member._person_vals(vals) for member in self]
            with self._one_household(keys, excluded=self):
                result = super().write(vals)
        else:
            result = super().write(vals)
        if {"relation", "date_to", "date_deceased"} & set(vals):
            self.household_id._check_one_head()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_head(self):
        households = self.household_id
        left = households.member_ids - self
        for household in households.filtered("active"):
            mine = left.filtered(
                lambda member, owner=household: (
                    member.household_id == owner and member.is_current
                )
            )
            if mine and not any(member.relation == "head" for member in mine):
                raise UserError(self.env._("Choose another head of the family first."))

    @api.onchange("name")
    def _onchange_name(self):
        for member in self:
            if not same_name(member.name, [member[part] for part in NAME_PARTS]):
                member.update(self._split(member.name))

    @api.model
    def _split(self, full):
        """Return the parts that a full name proposes."""
        parts = (part or False for part in split_name(full))
        return dict(zip(NAME_PARTS, parts, strict=True))

    @api.model
    def _clean_vals(self, vals):
        vals = dict(self._entered(vals))
        check_values(self, vals)
        for name in ("name", *NAME_PARTS):
            if vals.get(name):
                vals[name] = clean_name(vals[name])
        if vals.get("name"):
            self._join_parts(vals)
        for name in ("birth_date", "date_from", "date_to", "date_deceased"):
            if name in vals:
                vals[name] = read_date(self.env, vals[name])
        if "identity_number" in vals:
            vals["identity_number"] = (
                clean_code(vals["identity_number"]).upper() or False
            )
        return vals

    @api.model
    def _join_parts(self, vals):
        """Let the full name and its parts say the same, as on a file (P036)."""
        parts = [vals.get(part) for part in NAME_PARTS]
        if not any(parts):
            vals.update(self._split(vals["name"]))
        elif not same_name(vals["name"], parts) and len(vals.keys() & NAME_PARTS) == 4:
            vals["name"] = join_name(parts)

    def _check_guarded(self, vals_list):
        """What is worked out, or written by the steps, is nobody else's to write."""
        if self.env.su:
            return
        for vals in vals_list:
            if any(is_derived(self, name) for name in vals) or vals.get("previous_id"):
                raise UserError(
                    self.env._("The history of a member is kept by the steps alone.")
                )

    def _access_log_name(self):
        # OVERRIDE npo.protected.mixin
        return f"{self.household_id.reference} #{self.id}"
