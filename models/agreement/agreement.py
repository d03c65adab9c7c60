from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..core.reference_mixin import NpoReferenceMixin
from ..core.talk_mixin import NpoTalkMixin

KINDS = [
    ("service_terms", "Terms of a service"),
    ("beneficiary_contract", "Support contract"),
    ("supplier", "Supply"),
    ("contractor", "Works and repairs"),
    ("partnership", "Partnership"),
    ("sponsorship", "Sponsorship"),
    ("training", "Training"),
    ("artisan", "Showing and selling products"),
    ("volunteer", "Volunteering"),
    ("employment", "Employment"),
    ("data_processing", "Data processing"),
    ("lease", "Lease"),
    ("medical", "Treatment with a hospital"),
]
# Who reads what is said about an agreement, and the files beside it; finance reads what
# it agrees on (R030).
TALKERS = (
    "npo_relations.group_npo_legal_adviser,"
    "npo_relations.group_npo_relations_officer,"
    "npo_relations.group_npo_compensation_officer,"
    "npo_relations.group_npo_compensation_approver,"
    "npo_relations.group_npo_complaint_officer,"
    "npo_relations.group_npo_governance_officer,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)
IN_FORCE = ("active", "to_review")
ENDED = ("expired", "terminated")


class NpoAgreement(models.Model):
    """What the association and another party owe each other (R025–R031, R146–R148).

    Its parts stand in files of their own: the steps, the versions, what is reviewed
    and ends, the limit of liability, the portal. The terms are written in the draft;
    from the legal review on they stay as they were reviewed, and a change is a new
    version.
    """

    _name = "npo.agreement"
    _description = "Agreement"
    _inherit = [
        NpoTalkMixin._name,
        NpoReferenceMixin._name,
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "title", "partner_id"]
    _check_company_auto = True
    _mail_post_access = "read"
    _talk_groups = TALKERS

    _reference_prefix = "AGR"
    # Written by the steps alone; each file of the model names its own.
    _flow_fields = frozenset({"name", "state", "company_id"})

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("Subject", required=True, index="trigram")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="service_terms")
    partner_id = fields.Many2one(
        "res.partner",
        string="Other party",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        copy=False,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("legal_review", "Legal review"),
            ("approved", "Approved to be signed"),
            ("active", "In force now"),
            ("to_review", "To be reviewed"),
            ("expired", "Ended on its day"),
            ("terminated", "Terminated"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )

    # what is agreed
    scope = fields.Text("Subject and scope")
    summary = fields.Text(
        "In plain words",
        help="Shown to the other party in the portal: what it means for both (R031).",
    )
    amount = fields.Monetary("Value")
    payment_term_id = fields.Many2one(
        "account.payment.term", string="Terms of payment", check_company=True
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Empty: until one of the parties ends it.")
    renewal = fields.Selection(
        [
            ("none", "Ends on its day"),
            ("agreed", "By a new agreement"),
            ("auto", "By itself, for as long again"),
        ],
        required=True,
        default="none",
    )
    renewal_months = fields.Integer("Renewed for (months)", default=12)
    notice_days = fields.Integer("Notice (days)", default=30)
    confidentiality_terms = fields.Text("Confidentiality terms")
    data_terms = fields.Text("Processing of personal data")
    ip_terms = fields.Text("Intellectual-property terms")
    governing_law = fields.Char(
        default=lambda self: self.env._("The laws of the Kingdom of Saudi Arabia")
    )
    liability_limit_type = fields.Selection(
        [
            ("none", "No limit"),
            ("amount", "An amount in all"),
            ("event", "An amount for each event"),
            ("year", "An amount for each year"),
        ],
        string="Limit of liability",
        required=True,
        default="none",
    )
    liability_limit_amount = fields.Monetary("Liable up to")
    not_amicable_reason = fields.Char(
        "Why not amicably first",
        help="Where the way to settle a dispute does not begin amicably (R149).",
    )

    # its parts
    party_ids = fields.One2many("npo.agreement.party", "agreement_id", "Parties")
    line_ids = fields.One2many(
        "npo.agreement.line", "agreement_id", "Rights and obligations"
    )
    settlement_ids = fields.One2many(
        "npo.agreement.settlement", "agreement_id", "Settling disputes"
    )
    check_ids = fields.One2many(
        "npo.agreement.check", "agreement_id", "Legal checklist", readonly=True
    )
    clarification_ids = fields.One2many(
        "npo.agreement.clarification", "agreement_id", "Clarifications"
    )
    breach_ids = fields.One2many("npo.agreement.breach", "agreement_id", "Breaches")
    dispute_ids = fields.One2many("npo.dispute", "agreement_id", "Disputes")
    work_ids = fields.One2many("npo.work", "agreement_id", "Works of others")
    signed_file = fields.Binary(
        "Signed agreement", attachment=True, copy=False, prefetch=False
    )
    signed_file_name = fields.Char("Name of the signed file", copy=False)
    has_file = fields.Boolean(
        "Signed agreement is kept",
        compute="_compute_has_file",
        search="_search_has_file",
        compute_sudo=True,
    )

    _version_uniq = models.UniqueIndex(
        "(company_id, name, version_no)", "This version was made already."
    )
    _period_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An agreement does not end before it begins.",
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND liability_limit_amount >= 0 AND notice_days >= 0)",
        "Amounts and days are not negative.",
    )
    _list_idx = models.Index("(company_id, id DESC) WHERE active IS TRUE")
    _force_idx = models.Index(
        "(company_id, partner_id) WHERE state IN ('active', 'to_review')"
    )
    _end_idx = models.Index("(date_to) WHERE state IN ('active', 'to_review')")

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("name", "version_no", "title")
    def _compute_display_name(self):
        for agreement in self:
            name = agreement.name or self.env._("New agreement")
            if agreement.version_no > 1:
                name = f"{name}-{agreement.version_no}"
            agreement.display_name = " ".join(filter(None, (name, agreement.title)))

    def _file_owners(self):
        """Return the ids of the agreements whose signed copy is kept."""
        domain = [
            ("res_model", "=", self._name),
            ("res_field", "=", "signed_file"),
        ]
        if self:
            domain.append(("res_id", "in", self.ids))
        files = self.env["ir.attachment"].sudo().search_fetch(domain, ["res_id"])
        return files.mapped("res_id")

    @api.depends("signed_file")
    def _compute_has_file(self):
        kept = set(self._file_owners())
        for agreement in self:
            agreement.has_file = agreement._origin.id in kept

    @api.model
    def _search_has_file(self, operator, value):
        if operator != "in":
            return NotImplemented
        kept = Domain("id", "in", self.browse()._file_owners())
        return kept if True in value else ~kept

    def _compute_access_url(self):
        super()._compute_access_url()
        for agreement in self:
            agreement.access_url = f"/my/agreements/{agreement.id}"

    # ------------------------------------------------------------
    # IN FORCE
    # ------------------------------------------------------------

    @api.model
    def _in_force_domain(self, day):
        """Return the domain of the agreements that bind their parties on a day."""
        return (
            Domain("state", "in", IN_FORCE)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    @api.model
    def _in_force(self, partner, company, day=None):
        """Return the agreements with a contact, or its company, on a day (R146)."""
        day = day or company._npo_today()
        persons = partner | partner.commercial_partner_id
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("party_ids.partner_id", "in", persons.ids)
            & self._in_force_domain(day)
        )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("liability_limit_type", "liability_limit_amount")
    def _check_liability(self):
        for agreement in self:
            limited = agreement.liability_limit_type != "none"
            if limited and not agreement.liability_limit_amount:
                raise ValidationError(
                    self.env._("Write up to which amount the association is liable.")
                )

    @api.constrains("renewal", "renewal_months", "date_to")
    def _check_renewal(self):
        for agreement in self.filtered(lambda one: one.renewal == "auto"):
            if agreement.renewal_months < 1 or not agreement.date_to:
                raise ValidationError(
                    self.env._(
                        "What renews itself has an end, and months to be renewed for."
                    )
                )
