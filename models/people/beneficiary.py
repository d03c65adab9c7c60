from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import identity
from ...tools.arabic import clean_code, fold
from ..core.guards import without_defaults
from .identity_checks import (
    check_birth_date,
    check_identity,
    check_phone,
    check_short_address,
    clean_name,
    read_date,
)
from .search_text import phone_digits, read_search_text

# Who reads and writes the full identity number and the IBAN; all others see masks.
IDENTITY_GROUPS = (
    "npo_relations.group_npo_relations_officer,"
    "npo_relations.group_npo_social_researcher,"
    "npo_relations.group_npo_branch_delegate"
)
# Some categories tell of health or hardship: not for the front desk and delivery.
CATEGORY_GROUPS = (
    f"{IDENTITY_GROUPS},"
    "npo_relations.group_npo_committee_member,"
    "npo_relations.group_npo_health_reader,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)

STATES = [
    ("prospect", "Visitor"),
    ("applicant", "Support applicant"),
    ("active", "Active beneficiary"),
    ("suspended", "Suspended"),
    ("expired", "Expired: must be updated"),
    ("closed", "Closed"),
    ("rejected", "Not entitled"),
    ("blacklisted", "Barred: untrue data proven"),
]
# A file in one of these states does not stand in the way of a new one.
ENDED_STATES = ("closed", "rejected")


class NpoBeneficiary(models.Model):
    """The file of a person who is, was or may become a beneficiary.

    It sits on the person's one contact (R212): visitor, applicant and beneficiary are
    states of the file, never a second contact. The state, the file number and the
    dates of registration change by the methods of the flow alone (beneficiary_flow).
    """

    _name = "npo.beneficiary"
    _description = "Beneficiary"
    _inherit = ["mail.thread", "mail.activity.mixin", "npo.reference.mixin"]
    _inherits = {"res.partner": "partner_id"}
    _order = "id desc"
    _check_company_auto = True
    _reference_prefix = "BNF"

    # identification
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        copy=False,
    )
    file_no = fields.Char(
        "File number", readonly=True, copy=False, index="btree_not_null", tracking=True
    )
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
    active = fields.Boolean(default=True, tracking=True)
    search_key = fields.Char(
        compute="_compute_search_key", store=True, precompute=True, index="trigram"
    )
    npo_search = fields.Char(
        "Name, phone or number",
        compute="_compute_npo_search",
        search="_search_npo_search",
        help="Finds a name in any spelling, a phone number in any form, a file number"
        " or an exact identity number.",
    )

    # identity
    identity_type = fields.Selection(
        [
            ("national_id", "National ID"),
            ("iqama", "Residence permit (iqama)"),
            ("gcc_id", "ID of a Gulf state"),
            ("passport", "Passport"),
            ("family_register", "Family register"),
            ("birth_certificate", "Birth certificate"),
            ("border_no", "Border number"),
            ("displaced_card", "Card of a displaced tribe's member"),
            ("other", "Other"),
            ("none", "None"),
        ],
        default="national_id",
    )
    identity_number = fields.Char(
        copy=False, index="btree_not_null", groups=IDENTITY_GROUPS
    )
    identity_masked = fields.Char(
        "Identity (masked)",
        compute="_compute_identity_masked",
        store=True,
        precompute=True,
    )
    identity_expiry = fields.Date("Identity expires on", groups=IDENTITY_GROUPS)
    iban = fields.Char(
        "IBAN",
        compute="_compute_iban",
        inverse="_inverse_iban",
        compute_sudo=True,
        groups=IDENTITY_GROUPS,
        help="The person's first bank account; finance pays to the same record.",
    )
    birth_date = fields.Date()
    category_ids = fields.Many2many(
        "npo.beneficiary.category", string="Categories", groups=CATEGORY_GROUPS
    )
    primary_category_id = fields.Many2one(
        "npo.beneficiary.category",
        string="Main category",
        index="btree_not_null",
        groups=CATEGORY_GROUPS,
    )

    # contact
    region_id = fields.Many2one("npo.region", string="Region", index="btree_not_null")
    short_address = fields.Char(
        "Short national address", help="Four letters and four digits: RRRD2929."
    )
    preferred_channel_id = fields.Many2one(
        related="partner_id.npo_preferred_channel_id", readonly=False
    )
    document_ids = fields.One2many("npo.document", "beneficiary_id", string="Documents")

    # flow
    state = fields.Selection(
        STATES,
        string="File state",
        required=True,
        readonly=True,
        default="prospect",
        copy=False,
        index=True,
        tracking=True,
    )
    suspension_reason_id = fields.Many2one(
        "npo.reason",
        string="Reason of suspension",
        domain=[("kind", "=", "suspension")],
        readonly=True,
        copy=False,
        tracking=True,
        groups="base.group_user",
    )
    state_note = fields.Text(
        "Reason of the state",
        readonly=True,
        copy=False,
        tracking=True,
        groups="base.group_user",
    )
    date_registered = fields.Date("Registered on", readonly=True, copy=False)
    date_renewal = fields.Date(
        "To be renewed on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
    )

    _identity_live_uniq = models.UniqueIndex(
        "(company_id, identity_number) WHERE active IS TRUE"
        " AND identity_number IS NOT NULL AND state NOT IN ('closed', 'rejected')",
        "A file with this identity number exists already.",
    )
    _partner_live_uniq = models.UniqueIndex(
        "(partner_id) WHERE active IS TRUE AND state NOT IN ('closed', 'rejected')",
        "This contact has a file already.",
    )
    _file_no_uniq = models.UniqueIndex(
        "(company_id, file_no) WHERE file_no IS NOT NULL",
        "This file number was given to somebody else.",
    )
    _list_idx = models.Index("(company_id, id DESC) WHERE active IS TRUE")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("company_id")
    def _compute_site_id(self):
        """Take the delegate's own site, else the association's first one."""
        own_sites = self.env.user.sudo().npo_site_ids
        sites = self.env["npo.site"].sudo()
        if self.company_id - own_sites.company_id:
            sites = sites.search([("company_id", "in", self.company_id.ids)])
        first_sites = {}
        for site in own_sites | sites:
            first_sites.setdefault(site.company_id, site)
        for beneficiary in self:
            if beneficiary.site_id.company_id != beneficiary.company_id:
                site = first_sites.get(beneficiary.company_id)
                beneficiary.site_id = site and site.id
            else:
                beneficiary.site_id = beneficiary.site_id

    @api.depends("partner_id.name", "partner_id.phone", "file_no")
    def _compute_search_key(self):
        """One column for all that the desk types, so that one index finds it."""
        for beneficiary in self:
            partner = beneficiary.partner_id
            parts = (
                fold(partner.name),
                fold(beneficiary.file_no),
                phone_digits(partner.phone) if partner.phone else "",
            )
            beneficiary.search_key = " ".join(filter(None, parts)) or False

    def _compute_npo_search(self):
        self.npo_search = False

    @api.model
    def _search_npo_search(self, operator, value):
        if operator in ("ilike", "like", "=") and isinstance(value, str):
            return self._npo_search_domain(value)
        if operator == "in":
            texts = [text for text in value if text]
            own = self.with_context(npo_many_texts=len(texts) > 1)
            return Domain.OR(own._npo_search_domain(text) for text in texts)
        return NotImplemented

    @api.depends("identity_number")
    def _compute_identity_masked(self):
        for beneficiary in self:
            beneficiary.identity_masked = (
                identity.mask(beneficiary.identity_number) or False
            )

    @api.depends("partner_id.bank_ids.acc_number")
    def _compute_iban(self):
        for beneficiary in self:
            bank = beneficiary.partner_id.bank_ids[:1]
            beneficiary.iban = bank.sanitized_acc_number

    def _inverse_iban(self):
        self._set_ibans()

    @api.depends("partner_id.name", "file_no")
    def _compute_display_name(self):
        for beneficiary in self:
            name = beneficiary.name or ""
            if beneficiary.file_no:
                name = f"{name} ({beneficiary.file_no})"
            beneficiary.display_name = name

    @api.model
    def _search_display_name(self, operator, value):
        # OVERRIDE base: one folded column instead of the contact's many
        if operator == "ilike" and isinstance(value, str) and value.strip():
            return self._npo_search_domain(value)
        return super()._search_display_name(operator, value)

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("identity_type", "identity_number")
    def _check_identity(self):
        for beneficiary in self.sudo():
            if beneficiary.identity_number:
                check_identity(
                    self.env, beneficiary.identity_type, beneficiary.identity_number
                )

    @api.constrains("birth_date")
    def _check_birth_date(self):
        today = fields.Date.context_today(self)
        for beneficiary in self:
            check_birth_date(self.env, beneficiary.birth_date, today)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # a default of the caller's context is no way past the guards below
        self = without_defaults(self, self._is_flow_field)
        vals_list = [self._npo_clean_vals(vals) for vals in vals_list]
        for vals in vals_list:
            vals["company_id"] = vals.get("company_id") or self.env.company.id
        self._check_flow_create(vals_list)
        keys = {
            (vals["company_id"], vals["identity_number"])
            for vals in vals_list
            if vals.get("identity_number")
        }
        partner_ids = {
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        }
        with self._one_live_file(keys, partner_ids):
            self._attach_partners(vals_list)
            beneficiaries = super().create(vals_list)
        beneficiaries._include_primary_category()
        return beneficiaries

    def write(self, vals):
        self.check_access("write")  # before a look-up tells anything of other files
        vals = self._npo_clean_vals(vals)
        self._check_flow_write(vals)
        if not self._live_file_fields.isdisjoint(vals):
            keys, partner_ids = self._live_file_keys(vals)
            with self._one_live_file(keys, partner_ids, excluded=self):
                result = super().write(vals)
        else:
            result = super().write(vals)
        if "site_id" in vals:
            self.check_access("write")  # nobody gives a file away out of the own sites
        if "primary_category_id" in vals or "category_ids" in vals:
            self._include_primary_category()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if any(beneficiary.file_no for beneficiary in self):
            raise UserError(
                self.env._("A registered file cannot be deleted. Close it instead.")
            )

    @api.model
    def _npo_clean_vals(self, vals):
        """Return the values in the form to store, whatever the screen or the import.

        Arabic digits, blanks and marks are no reason to refuse a number (glossary 27).
        """
        vals = dict(vals)
        if vals.get("name"):
            vals["name"] = clean_name(vals["name"])
            if error := self.env["res.partner"]._npo_name_error(vals["name"]):
                raise ValidationError(error)
        if vals.get("phone"):
            vals["phone"] = check_phone(self.env, vals["phone"])
        if vals.get("short_address"):
            address = check_short_address(self.env, vals["short_address"])
            vals["short_address"] = address
        for name in ("birth_date", "identity_expiry"):
            if name in vals:
                vals[name] = read_date(self.env, vals[name])
        if "identity_number" in vals:
            number = clean_code(vals["identity_number"]).upper()
            vals["identity_number"] = number or False
        return vals

    @api.model
    def _attach_partners(self, vals_list):
        """Give every file its contact: a new one, or the one given, in its company.

        The contacts are made here, in one batch, because each belongs to the company
        of its file, which the delegation of the ORM does not pass on.
        """
        new_vals = [vals for vals in vals_list if not vals.get("partner_id")]
        partners = self.env["res.partner"].create(
            [self._pop_partner_vals(vals) for vals in new_vals]
        )
        for vals, partner in zip(new_vals, partners, strict=True):
            vals["partner_id"] = partner.id
        given = self.env["res.partner"].browse(
            [vals["partner_id"] for vals in vals_list]
        )
        for vals, partner in zip(vals_list, given, strict=True):
            if not partner.company_id:
                partner.company_id = vals["company_id"]
            elif partner.company_id.id != vals["company_id"]:
                raise UserError(
                    self.env._("This contact belongs to another association.")
                )

    @api.model
    def _pop_partner_vals(self, vals):
        """Take the values of the contact out of the values of a file."""
        delegated = [name for name in vals if self._fields[name].inherited]
        partner_vals = {name: vals.pop(name) for name in delegated}
        return partner_vals | {"company_id": vals["company_id"]}

    def _include_primary_category(self):
        """The main category is one of the categories (R050)."""
        for beneficiary in self.sudo():
            primary = beneficiary.primary_category_id
            if primary and primary not in beneficiary.category_ids:
                beneficiary.category_ids |= primary

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    @api.model
    def _npo_search_domain(self, text):
        """Return the domain of the files that a text may mean.

        A name in any spelling (all its words, in any order), a phone in any form, a
        file number, each in part; an identity number only when it is exact.
        """
        words, code = read_search_text(text)
        if not words:
            return Domain.FALSE
        domain = Domain.AND(Domain("search_key", "ilike", word) for word in words)
        if code and self._may_look_up(code):
            domain |= self._identity_domain(code)
        return domain

    @api.model
    def _identity_domain(self, number):
        """Return the domain of the files with exactly this identity number.

        Written in SQL, so that the front desk, who sees masks only, still finds a
        person by the card in their hand: who asks knows the number already. Those who
        see masks ask so often and no more (`identity_lookup`).
        """

        def to_sql(model, alias, query):
            column = model.sudo()._field_to_sql(alias, "identity_number", query)
            return SQL("%s = %s", column, number)

        def predicate(beneficiary):
            return beneficiary.sudo().identity_number == number

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    @api.model
    def _npo_find(self, text, limit=10):
        """Find persons before one is registered twice (R108).

        :return: live and ended files that the user may read, the newest first
        """
        domain = self._npo_search_domain(text)
        return self.search_fetch(
            domain,
            ["partner_id", "file_no", "state", "identity_masked", "company_id"],
            limit=limit,
        )

    @api.model
    def _npo_read_query(self, text):
        """Tell what was typed at the desk, to carry it over to a new file.

        :return: ("identity_number", "phone" or "name", value), or (False, text)
        """
        for name, check in (
            ("identity_number", identity.check_national_id),
            ("identity_number", identity.check_iqama),
            ("phone", identity.check_saudi_mobile),
        ):
            try:
                return name, check(text)
            except identity.IdentityError:
                continue
        name = clean_name(text or "")
        if name and not any(char.isdigit() for char in clean_code(name)):
            return "name", name
        return False, text
