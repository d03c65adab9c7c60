from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.clock_mixin import NpoClockMixin
from ..core.guards import without_defaults
from ..core.talk_mixin import NpoTalkMixin
from ..spending.approval import NpoApprovalMixin

# Who reads what happened and what was found; finance reads what it needs to pay.
READERS = (
    "npo_relations.group_npo_compensation_officer,"
    "npo_relations.group_npo_legal_adviser,"
    "npo_relations.group_npo_compensation_approver,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)
REMEDIES = [
    ("money", "An amount of money"),
    ("redo", "The service given again"),
    ("replacement", "A replacement"),
    ("apology", "An apology"),
    ("discount", "A discount"),
    ("other", "Something else"),
]
OUTCOMES = [
    ("compensated", "Compensated"),
    ("remedied", "Made good without money"),
    ("outside", "Outside the scope"),
    ("condition", "A condition is not met"),
    ("not_cause", "The association is not the cause"),
    ("refused", "Refused"),
    ("withdrawn", "Taken back"),
]
# In these the claim may still be corrected; later it stays as it was studied.
CLAIM_STAGES = ("received", "admissibility")
# What the admissibility was looked at for.
ADMITTED_FIELDS = {"partner_id", "agreement_id", "request_id", "date_harm"}
CLAIM_FIELDS = ADMITTED_FIELDS | {"title", "description", "remedy_asked"}


class NpoCompensation(models.Model):
    """A claim for harm that the association did, under four conditions (R131–R143).

    Its parts stand in files of their own: the steps, the findings, what limits the
    damage, the negotiation, the decision, the payment, the objection, the portal.
    """

    _name = "npo.compensation"
    _description = "Compensation Case"
    _inherit = [NpoTalkMixin._name, NpoClockMixin._name, NpoApprovalMixin._name]
    _mail_post_access = "read"
    _talk_groups = READERS

    _stage_kind = "compensation"
    _first_stage = "received"
    _reference_prefix = "CPN"
    _flow_fields = {"answer", "complaint_id", "outcome", "referred_to"}

    # the claim
    title = fields.Char("In one line", required=True, index="trigram", groups=READERS)
    partner_id = fields.Many2one(string="Harmed party")
    description = fields.Text(
        "What happened, in the person's words", prefetch=False, groups=READERS
    )
    date_harm = fields.Date("When it happened", groups=READERS)
    remedy_asked = fields.Text("What is asked for", prefetch=False, groups=READERS)
    amount_claimed = fields.Monetary("Amount claimed", groups=READERS)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )

    # what it arises from
    agreement_id = fields.Many2one(
        "npo.agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        groups=READERS,
    )
    request_id = fields.Many2one(
        "npo.request",
        string="Service received",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        groups=READERS,
        help="A request that was accepted: its terms bind both sides (R133).",
    )
    complaint_id = fields.Many2one(
        "npo.complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        readonly=True,
        groups=READERS,
    )
    dispute_id = fields.Many2one(
        "npo.dispute",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        groups=READERS,
    )

    # how it ended
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)
    answer = fields.Text(
        "Reasons, as the letter tells them",
        readonly=True,
        copy=False,
        prefetch=False,
        groups=READERS,
    )
    referred_to = fields.Char(
        "Who caused the harm", readonly=True, copy=False, groups=READERS
    )

    # OVERRIDE npo.approval.mixin: those of the case, and finance
    approval_id = fields.Many2one(
        groups=f"{READERS},npo_relations.group_npo_finance_officer"
    )

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC)")

    @api.depends("name")
    def _compute_display_name(self):
        for case in self:
            case.display_name = case.name

    def _compute_access_url(self):
        super()._compute_access_url()
        for case in self:
            case.access_url = f"/my/compensations/{case.id}"

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model
    def _require_switch(self, companies):
        """Raise where the policy in force has no compensation (R131)."""
        for company in companies.sudo():
            version = company._npo_require_policy_version()
            if not version.sudo().use_compensation:
                raise UserError(
                    self.env._(
                        "The policy in force of %s has no compensation of"
                        " stakeholders, so no case is opened.",
                        company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = self.env["res.company"]
        for vals in vals_list:
            companies |= companies.browse(vals.get("company_id") or self.env.company.id)
        self._require_switch(companies)
        cases = super().create(vals_list)
        for company, own in cases.sudo().grouped("company_id").items():
            own.policy_version_id = company.npo_policy_version_id
        cases._notify("cpn_ack")
        return cases

    def write(self, vals):
        if not self.env.su and CLAIM_FIELDS & set(vals):
            self._check_claim_open(vals)
        return super().write(vals)

    def _check_claim_open(self, vals):
        """What was admitted and studied is not changed behind the findings."""
        for case in self.sudo():
            if case.stage_code not in CLAIM_STAGES:
                raise UserError(
                    self.env._(
                        "%s was admitted: its claim stays as it was studied. Write"
                        " what is new as evidence or in a finding.",
                        case.name,
                    )
                )

    @api.model
    def _receive(self, vals, files=()):
        """Take a claim in by portal, desk, complaint or dispute.

        :param dict vals: at least title, description and company_id
        :param files: (name, bytes) of what was attached
        :return: the case, as superuser
        """
        case = without_defaults(self.sudo()).create(vals)
        case._attach(files)
        return case

    def _attach(self, files, **vals):
        """Keep files as evidence of the case; they are looked at there."""
        return self.env["npo.compensation.evidence"]._keep(self, files, **vals)

    # ------------------------------------------------------------
    # SENSITIVE
    # ------------------------------------------------------------

    def message_post(self, **kwargs):
        # EXTENDS mail: a file of a case is evidence, which stays as it was handed in
        if not self.env.su and (
            kwargs.get("attachment_ids") or kwargs.get("attachments")
        ):
            raise UserError(
                self.env._("Files are kept as evidence: add it on the tab “Evidence”.")
            )
        return super().message_post(**kwargs)
