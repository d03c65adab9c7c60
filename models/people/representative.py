from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools import identity
from ...tools.arabic import clean_code
from ..core.guards import check_values, is_derived, without_defaults
from .beneficiary import ENDED_STATES, IDENTITY_GROUPS
from .identity_checks import check_identity, read_date

KINDS = [
    ("guardian", "Guardian"),
    ("custodian", "Custodian"),
    ("trustee", "Trustee"),
    ("attorney", "Attorney"),
    ("interdiction", "Curator of an incapable person"),
    ("companion", "Companion"),
]
# Who acts for a minor acts until the minor is of age.
MINOR_KINDS = ("guardian", "custodian", "trustee")
# Whose right stands in an instrument; a father needs none, nor does a companion.
INSTRUMENT_KINDS = ("custodian", "trustee", "attorney", "interdiction")
SCOPES = ("apply", "sign", "receive")
WRITER_GROUPS = IDENTITY_GROUPS
# Written by the steps alone.
STEP_FIELDS = {"date_revoked", "revoke_reason", "is_adult_told"}
FIXED_FIELDS = {"partner_id", "representative_id", "company_id"}


class NpoRepresentative(models.Model):
    """Who may apply, sign or receive for another person, and until when (D11)."""

    _name = "npo.representative"
    _description = "Representative"
    _inherit = ["mail.thread", "npo.protected.mixin"]
    _order = "date_end desc, id desc"
    _check_company_auto = True
    _protected_fields = frozenset(("identity_number", "instrument_number"))
    _protected_entries = {
        "identity_entry": "identity_number",
        "instrument_entry": "instrument_number",
    }

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Represented person",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="File",
        compute="_compute_beneficiary_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    site_id = fields.Many2one(
        related="beneficiary_id.site_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    representative_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, required=True, default="guardian", tracking=True)
    identity_type = fields.Selection(
        lambda self: (
            self.env["npo.beneficiary"]
            ._fields["identity_type"]
            ._description_selection(self.env)
        ),
        default="national_id",
    )
    identity_number = fields.Char(
        "Identity number of the representative",
        copy=False,
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
    instrument_number = fields.Char(
        copy=False, groups=IDENTITY_GROUPS, search="_search_instrument_number"
    )
    instrument_entry = fields.Char(
        "Instrument number (to enter)",
        compute="_compute_entries",
        inverse="_inverse_entries",
        groups=IDENTITY_GROUPS,
    )
    instrument_masked = fields.Char(
        "Instrument number (masked)",
        compute="_compute_instrument_masked",
        store=True,
        precompute=True,
        tracking=True,
    )
    may_apply = fields.Boolean("May apply", default=True, tracking=True)
    may_sign = fields.Boolean("May sign", default=True, tracking=True)
    may_receive = fields.Boolean("May receive", default=True, tracking=True)
    date_from = fields.Date(
        "Valid from",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_expiry = fields.Date("Valid until", tracking=True)
    date_end = fields.Date(
        "Acts until",
        compute="_compute_date_end",
        store=True,
        precompute=True,
        help="The instrument's own end, or the day before a minor is of age.",
    )
    date_revoked = fields.Date("Revoked on", readonly=True, copy=False, tracking=True)
    revoke_reason = fields.Char(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("future", "Not yet"),
            ("valid", "Valid"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_expiry IS NULL OR date_expiry >= date_from)",
        "An instrument cannot end before it begins.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_beneficiary_id(self):
        files = (
            self.env["npo.beneficiary"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("state", "not in", ENDED_STATES),
                ]
            )
        )
        found = {(file.partner_id, file.company_id): file.id for file in files}
        for record in self:
            record.beneficiary_id = found.get((record.partner_id, record.company_id))

    @api.depends("identity_number")
    def _compute_identity_masked(self):
        for record in self:
            record.identity_masked = identity.mask(record.identity_number) or False

    @api.depends("instrument_number")
    def _compute_instrument_masked(self):
        for record in self:
            record.instrument_masked = identity.mask(record.instrument_number) or False

    @api.model
    def _search_identity_number(self, operator, value):
        return self._search_exact("identity_number", operator, value)

    @api.model
    def _search_instrument_number(self, operator, value):
        return self._search_exact("instrument_number", operator, value)

    @api.depends(
        "kind", "date_expiry", "beneficiary_id.birth_date", "company_id.npo_adult_age"
    )
    def _compute_date_end(self):
        for record in self:
            dates = [record.date_expiry] if record.date_expiry else []
            born = record.beneficiary_id.birth_date
            if born and record.kind in MINOR_KINDS:
                age = record.company_id.sudo().npo_adult_age
                dates.append(born + relativedelta(years=age, days=-1))
            record.date_end = min(dates) if dates else False

    @api.depends("date_from", "date_end", "date_revoked")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for record in self:
            if record.date_revoked:
                record.state = "revoked"
            elif record.date_end and record.date_end < today:
                record.state = "expired"
            else:
                late = record.date_from and record.date_from > today
                record.state = "future" if late else "valid"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        lives = Domain("date_revoked", "=", False)
        ended = Domain("date_end", "<", today)
        future = Domain("date_from", ">", today)
        domains = {
            "revoked": ~lives,
            "expired": lives & ended,
            "future": lives & ~ended & future,
            "valid": lives & ~ended & ~future,
        }
        return Domain.OR(domains[code] for code in value if code in domains)

    @api.depends("representative_id.name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            name = record.representative_id.name or ""
            record.display_name = f"{name} ({kinds.get(record.kind, '')})"

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("partner_id", "representative_id")
    def _check_other_person(self):
        if any(record.partner_id == record.representative_id for record in self):
            raise ValidationError(self.env._("Nobody represents themselves."))

    @api.constrains("identity_type", "identity_number")
    def _check_identity(self):
        for record in self.sudo():
            if record.identity_number:
                check_identity(self.env, record.identity_type, record.identity_number)

    @api.constrains("kind", "instrument_number", "date_expiry", "may_sign", "may_apply")
    def _check_instrument(self):
        for record in self.sudo():
            if record.kind in INSTRUMENT_KINDS and not record.instrument_number:
                raise ValidationError(self.env._("Write the number of the instrument."))
            if record.kind == "attorney" and not record.date_expiry:
                raise ValidationError(
                    self.env._("A power of attorney has an end: write its date.")
                )
            if record.kind == "companion" and (record.may_sign or record.may_apply):
                raise ValidationError(
                    self.env._("A companion neither applies nor signs.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, STEP_FIELDS.__contains__)
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        vals = self._clean_vals(vals)
        if not self.env.su and any(
            record[name].id != vals[name]
            for name in FIXED_FIELDS.intersection(vals)
            for record in self
        ):
            raise UserError(
                self.env._("Who represents whom is not changed: record another one.")
            )
        return super().write(vals)

    def _clean_vals(self, vals):
        vals = dict(self._entered(vals))
        check_values(self, vals)
        if not self.env.su and any(
            is_derived(self, name) or (name in STEP_FIELDS and vals[name])
            for name in vals
        ):
            raise UserError(self.env._("A representative is revoked by the button."))
        for name in ("date_from", "date_expiry"):
            if name in vals:
                vals[name] = read_date(self.env, vals[name])
        if "identity_number" in vals:
            number = clean_code(vals["identity_number"]).upper()
            vals["identity_number"] = number or False
        return vals

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_revoke(self, reason=False):
        """End a representation before its day; the record stays."""
        if not self.env.su and not self.env.user.has_groups(WRITER_GROUPS):
            raise AccessError(
                self.env._("Your role does not allow revoking a representative.")
            )
        self.check_access("write")
        check_values(self, {"revoke_reason": reason})
        self.filtered(lambda record: not record.date_revoked).sudo().write(
            {
                "date_revoked": fields.Date.context_today(self),
                "revoke_reason": reason,
            }
        )
        return True

    @api.model
    def _valid_representative(self, partner, scope, representative=None, company=None):
        """Return who may do something for a person today, the narrowest first.

        :param scope: apply, sign or receive
        :param representative: only this contact
        :return: the valid records, empty when nobody may
        """
        company = company or self.env.company
        domain = Domain("partner_id", "=", partner.id) & Domain(
            f"may_{scope}", "=", True
        )
        domain &= Domain("company_id", "=", company.id)
        domain &= Domain("state", "in", ["valid"])
        if representative:
            domain &= Domain("representative_id", "=", representative.id)
        # sudo: whoever takes the step, the right to it is looked up in full
        return self.sudo().search(domain)

    @api.model
    def _require_representative(self, partner, scope, representative, company):
        """Return the valid record of a representative; raise when there is none."""
        found = self._valid_representative(partner, scope, representative, company)
        if found:
            return found[:1]
        sentences = {
            "apply": self.env._(
                "%s may not apply for this person: no representation with this right"
                " is valid today.",
                representative.name,
            ),
            "sign": self.env._(
                "%s may not sign for this person: no representation with this right"
                " is valid today.",
                representative.name,
            ),
            "receive": self.env._(
                "%s may not receive for this person: no representation with this right"
                " is valid today.",
                representative.name,
            ),
        }
        raise UserError(sentences[scope])
