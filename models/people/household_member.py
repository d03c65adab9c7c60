from contextlib import contextmanager

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import (
    AccessError,
    RedirectWarning,
    UserError,
    ValidationError,
)
from odoo.fields import Command, Domain

from ...tools import identity
from ...tools.arabic import clean_code, fold
from ...tools.person_name import join_name, same_name, split_name
from ..core.guards import check_values, is_derived, without_defaults
from .beneficiary import ENDED_STATES, IDENTITY_GROUPS
from .document import HEALTH_GROUP
from .household import HOUSEHOLD_GROUPS, WRITER_GROUPS
from .identity_checks import check_identity, clean_name, read_date
from .search_text import read_search_text

ADULT_AGE = 18  # ⚖
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


def _by_company(pairs):
    """Return {company id: values} of pairs, so that a batch is looked up at once."""
    found = {}
    for company_id, value in sorted(pairs):
        found.setdefault(company_id, []).append(value)
    return found


class NpoHouseholdMember(models.Model):
    """One person in one household, from a day until another (D10, glossary 5).

    Who moves closes a line and opens another, so that the past stays. A person, known
    by the contact or by the identity number, has one current line in an association.
    """

    _name = "npo.household.member"
    _description = "Member of a Household"
    _inherit = ["npo.protected.mixin"]
    _protected_fields = frozenset(("identity_number",))
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
        HEALTH_STATES, string="Health", groups=HEALTH_GROUP
    )
    disability_type = fields.Selection(DISABILITY_TYPES, groups=HEALTH_GROUP)
    disability_degree = fields.Selection(DISABILITY_DEGREES, groups=HEALTH_GROUP)
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
    is_adult_told = fields.Boolean("Coming of age was told", readonly=True, copy=False)

    _identity_uniq = models.UniqueIndex(
        "(company_id, identity_number) WHERE is_current IS TRUE"
        " AND identity_number IS NOT NULL",
        "This person is a member of an active household already.",
    )
    _partner_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE is_current IS TRUE AND partner_id IS NOT NULL",
        "This contact is a member of an active household already.",
    )
    _minor_idx = models.Index(
        "(birth_date) WHERE is_current IS TRUE AND is_adult_told IS NOT TRUE"
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
            if member.birth_date and member.birth_date > today:
                raise ValidationError(
                    self.env._("The date of birth cannot lie in the future.")
                )
            if member.birth_date and member.birth_date.year < 1900:
                raise ValidationError(
                    self.env._("The date of birth lies too far in the past.")
                )
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
        adult_since = self._adult_since()
        for vals in vals_list:
            born = fields.Date.to_date(vals.get("birth_date"))
            vals["is_adult_told"] = not born or born <= adult_since
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
        if born := fields.Date.to_date(vals.get("birth_date")):
            vals["is_adult_told"] = born <= self._adult_since()
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
            if any(
                name == "is_adult_told" or is_derived(self, name) for name in vals
            ) or vals.get("previous_id"):
                raise UserError(
                    self.env._("The history of a member is kept by the steps alone.")
                )

    # ------------------------------------------------------------
    # ONE ACTIVE HOUSEHOLD
    # ------------------------------------------------------------

    @api.model
    def _link_persons(self, vals_list):
        """Complete a line from the person's file, known by the contact or the number.

        So the same person is found in another household whichever of the two was
        typed there.
        """
        numbers = {
            vals["identity_number"]
            for vals in vals_list
            if vals.get("identity_number") and not vals.get("partner_id")
        }
        partner_ids = {
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        }
        if not numbers and not partner_ids:
            return
        households = self.env["npo.household"].browse(
            {vals["household_id"] for vals in vals_list}
        )
        # sudo: to know a person again, whatever the site of their file
        files = (
            self.env["npo.beneficiary"]
            .sudo()
            .search(
                Domain("company_id", "in", households.company_id.ids)
                & Domain("state", "not in", ENDED_STATES)
                & (
                    Domain("identity_number", "in", list(numbers))
                    | Domain("partner_id", "in", list(partner_ids))
                )
            )
        )
        by_number = {(file.company_id.id, file.identity_number): file for file in files}
        by_partner = {(file.company_id.id, file.partner_id.id): file for file in files}
        for vals in vals_list:
            household = households.browse(vals["household_id"])
            partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
            company_id = household.company_id.id
            file = by_partner.get((company_id, partner.id)) or by_number.get(
                (company_id, vals.get("identity_number"))
            )
            if file and not partner:
                vals["partner_id"] = file.partner_id.id
            if file and not vals.get("identity_number"):
                vals["identity_type"] = file.identity_type
                vals["identity_number"] = file.identity_number
            if file:
                vals["birth_date"] = vals.get("birth_date") or file.birth_date
                vals["gender"] = vals.get("gender") or file.npo_gender
            if partner or file:
                given = vals.get("name") or any(vals.get(part) for part in NAME_PARTS)
                if not given:
                    vals["name"] = (partner or file).name

    def _person_vals(self, vals):
        """Return who a line is about once values are written."""
        member = self.sudo()
        return {
            "household_id": member.household_id.id,
            "partner_id": vals.get("partner_id", member.partner_id.id),
            "identity_number": vals.get("identity_number", member.identity_number),
            "date_to": vals.get("date_to", member.date_to),
            "date_deceased": vals.get("date_deceased", member.date_deceased),
        }

    @contextmanager
    def _one_household(self, vals_list, excluded=None):
        """Let persons become members only where no other active household has them.

        Looked up first. Two who press at one instant both find nothing: the unique
        index lets one of them win and the other is told the same sentence.
        """
        keys = self._keys(vals_list)
        excluded_ids = (excluded or self).ids
        if not any(keys):
            yield
            return
        if found := self.sudo()._find_current(keys, excluded_ids):
            raise self._elsewhere_error(found)
        try:
            with self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            indexes = (self._identity_uniq, self._partner_uniq)
            if error.diag.constraint_name not in {
                index.full_name(self) for index in indexes
            }:
                raise
            with self.env.registry.cursor() as cr:  # sees what the winner committed
                fresh = self.with_env(self.env(cr=cr, su=True))
                if found := fresh._find_current(keys, excluded_ids):
                    raise self._elsewhere_error(found) from None
            raise ValidationError(
                self.env._("The same person appears twice in what is being saved.")
            ) from None

    @api.model
    def _keys(self, vals_list):
        """Return ({(company id, number)}, {(company id, partner id)}) of the lines."""
        households = self.env["npo.household"].sudo()
        numbers, partners = set(), set()
        for vals in vals_list:
            household = households.browse(vals["household_id"])
            if not household.active or vals.get("date_to") or vals.get("date_deceased"):
                continue
            company_id = household.company_id.id
            if vals.get("identity_number"):
                numbers.add((company_id, vals["identity_number"]))
            if vals.get("partner_id"):
                partners.add((company_id, vals["partner_id"]))
        return numbers, partners

    def _find_current(self, keys, excluded_ids):
        """Return the first current line of one of the persons, if any."""
        names = ("identity_number", "partner_id")
        domain = Domain.OR(
            Domain("company_id", "=", company_id) & Domain(name, "in", values)
            for name, pairs in zip(names, keys, strict=True)
            for company_id, values in _by_company(pairs).items()
        )
        domain &= Domain("is_current", "=", True)
        domain &= Domain("id", "not in", excluded_ids)
        return self.search(domain, limit=1, order="id")

    def _check_elsewhere(self):
        """Raise when one of these persons is a member of another active household."""
        keys = set(), set()
        for member in self.sudo():
            if member.identity_number:
                keys[0].add((member.company_id.id, member.identity_number))
            if member.partner_id:
                keys[1].add((member.company_id.id, member.partner_id.id))
        if any(keys) and (found := self.sudo()._find_current(keys, self.ids)):
            raise self._elsewhere_error(found)

    def _elsewhere_error(self, found):
        """Return the error that names the other household and, if allowed, opens it."""
        household = found.household_id
        if not household.with_user(self.env.uid).has_access("read"):
            return UserError(
                self.env._(
                    "This person is a member of another household already, at another"
                    " site: %s. Ask a beneficiary-relations officer.",
                    household.site_id.name or household.company_id.name,
                )
            )
        message = self.env._(
            "%(person)s is a member of another household already: %(household)s. Move"
            " the person from there instead of adding them twice.",
            person=found.name,
            household=household.display_name,
        )
        action = {
            "type": "ir.actions.act_window",
            "res_model": "npo.household",
            "res_id": household.id,
            "views": [(False, "form")],
        }
        return RedirectWarning(message, action, self.env._("Open the household"))

    def _access_log_name(self):
        # OVERRIDE npo.protected.mixin
        return f"{self.household_id.reference} #{self.id}"

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _check_writer(self):
        if not self.env.su and not self.env.user.has_groups(WRITER_GROUPS):
            raise AccessError(
                self.env._("Your role does not allow this step on a household.")
            )
        self.check_access("write")

    def action_move(self):
        """Open the form that moves a member to another household."""
        self.ensure_one()
        self._check_writer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to another household"),
            "res_model": "npo.household.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_member_id": self.id},
        }

    def action_make_head(self):
        """Let this member head the family; the former head stays a member."""
        self.ensure_one()
        self._check_writer()
        if not self.is_current:
            raise UserError(self.env._("Only a living member can head the family."))
        household = self.household_id
        with household._whole_family():
            former = household.head_id - self
            former.write({"relation": "other"})
            self.write({"relation": "head"})
        household._check_one_head()
        return True

    def _move(self, household, relation, date, new_head=None):
        """Move a member: the line closes there, another opens here.

        :param household: where to; empty for a new household that the member heads
        :param relation: to the head of the household moved to
        :param new_head: who heads the family that is left, when its head leaves
        :return: the new line
        """
        self.ensure_one()
        self._check_writer()
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        if not self.is_current:
            raise UserError(self.env._("This person is no member any more."))
        if household == self.household_id:
            raise UserError(self.env._("Choose another household."))
        left = self.household_id
        vals = self._moved_vals(date)
        with left._whole_family():
            if new_head:
                new_head.write({"relation": "head"})
            self.write({"date_to": date})
            if not left.member_ids.filtered("is_current"):
                left.active = False
        left._check_one_head()
        self.env.flush_all()  # the unique index sees the old line closed first
        if not household:
            vals["relation"] = "head"
            household = household.create(
                {
                    "company_id": self.company_id.id,
                    "site_id": self.site_id.id,
                    "member_ids": [Command.create(vals)],
                }
            )
            moved = household.head_id
        else:
            household.check_access("write")
            if household.company_id != self.company_id:
                raise UserError(self.env._("A household stays with its association."))
            moved = self.create(
                {**vals, "household_id": household.id, "relation": relation}
            )
        moved.sudo().previous_id = self
        for family, text in (
            (left, self.env._("A member moved to %s.", household.reference)),
            (household, self.env._("A member came from %s.", left.reference)),
        ):
            family.message_post(body=text)
        return moved

    def _moved_vals(self, date):
        names = ["partner_id", "name", *NAME_PARTS, "identity_type", "identity_number"]
        names += ["birth_date", "gender", "education", "school", "employment"]
        names += ["health_status", "disability_type", "disability_degree", "income"]
        # sudo: what the mover may not read moves with the person all the same
        vals = self.sudo().copy_data()[0]
        vals["identity_number"] = self.sudo().identity_number
        return {
            **{name: vals[name] for name in names if vals.get(name)},
            "date_from": date,
        }

    # ------------------------------------------------------------
    # COMING OF AGE
    # ------------------------------------------------------------

    @api.model
    def _adult_since(self):
        """Return the latest birth date of who is of age today."""
        return fields.Date.context_today(self) - relativedelta(years=ADULT_AGE)

    @api.model
    def _cron_coming_of_age(self, batch_size=500):
        """Raise one task for each member who turned 18 (D11); idempotent."""
        members = self._find_of_age(batch_size)
        members._tell_coming_of_age()
        left = self._find_of_age(1) if len(members) == batch_size else self.browse()
        self.env["ir.cron"]._commit_progress(len(members), remaining=len(left))

    @api.model
    def _find_of_age(self, limit):
        """Return members of age whom nobody was told of, locked."""
        domain = Domain("is_current", "=", True)
        domain &= Domain("is_adult_told", "!=", True)
        domain &= Domain("birth_date", "<=", self._adult_since())
        return self.search(domain, limit=limit, order="id").try_lock_for_update()

    def _tell_coming_of_age(self):
        """Create the tasks of these members in one go and mark them as told."""
        if not self:
            return
        kind = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id("npo.household")
        today = fields.Date.context_today(self)
        officers = self._officers()
        Activity = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True  # a task, without a message for each
        )
        Activity.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": member.household_id.id,
                    "activity_type_id": kind.id,
                    "summary": self.env._("A member of the family turned 18"),
                    "note": self.env._(
                        "%s is of age: the guardian no longer acts for them. Ask"
                        " whether they need a file of their own, and for their own"
                        " consents.",
                        member.name,
                    ),
                    "date_deadline": today,
                    "user_id": officers[member.household_id].id,
                }
                for member in self
            ]
        )
        self.write({"is_adult_told": True})

    def _officers(self):
        """Return {household: who is told}: its officer, else one of the association."""
        result, defaults = {}, {}
        for household in self.household_id:
            company = household.company_id
            user = household.user_id
            if not user.active or company not in user.company_ids:
                if company not in defaults:
                    defaults[company] = company._npo_colleague("relations_officer")
                user = defaults[company]
            result[household] = user
        return result
