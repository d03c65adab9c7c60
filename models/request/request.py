from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list

from ..core.case_mixin import NpoCaseMixin
from ..policy.window_mixin import WINDOW_FIELDS

# Stages at which the applicant's side may still be changed.
OPEN_STAGES = ("draft", "new", "data_entry", "verification", "clarification")
OPEN_STAGES += ("declaration", "returned", "on_hold")


class NpoRequest(models.Model):
    """A request for support, from reception to the service delivered (R101–R129).

    Here: what a request is. Its steps are in `request_flow`, the committee's side in
    `request_decision`, the clock in `request_window`, the applicant's own doings in
    `request_portal`.
    """

    _name = "npo.request"
    _description = "Support Request"
    _inherit = ["npo.case.mixin", "npo.window.mixin", "npo.person.search"]

    _stage_kind = "request"
    _reference_prefix = "REQ"
    _flow_fields = NpoCaseMixin._flow_fields | {
        "date_submitted",
        "declaration_id",
        "committee_id",
        "date_raised",
        "is_explained",
        "date_explained",
        "explained_by_id",
        "return_reason_id",
        "return_note",
        "date_return_due",
        "answer_note",
        "resume_stage_code",
        "close_reason_id",
        "date_to_delivery",
        "outcome",
        "return_count",
        # waiting for the applicant, reminders, figures
        "applicant_reminders",
        "date_applicant_told",
        "window_reminder",
        "stage_reminder",
        "cycle_days",
        "visit_count",
        "is_in_target",
        # the clock and its parameters
        "date_clock_start",
        "date_paused",
        "paused_days",
        "paused_working_days",
        "date_announced",
        *WINDOW_FIELDS,
        # the decision
        "decision",
        "decision_reason_id",
        "decision_note",
        "conditions",
        "date_valid_until",
        "amount_approved",
        "quantity_approved",
        "date_decided",
        "decided_by_ids",
        "early_reply_reason_id",
        "early_reply_approved_by_id",
        "delivery_note",
        # the money, and who approved it
        "fund_id",
        "approval_id",
        # the urgent track
        "urgent_reason_id",
        "urgent_note",
        "urgent_bypassed",
        "date_file_due",
        "date_file_completed",
        "urgent_review",
        "urgent_review_note",
        "urgent_reviewed_by_id",
    }

    partner_phone = fields.Char(related="partner_id.phone", string="Mobile")
    tool_ids = fields.Many2many(
        "npo.tool",
        string="Tools",
        compute="_compute_tool_ids",
        help="The documents that the policy puts at the officer's hand (R097–R102).",
    )

    # what is asked for
    service_id = fields.Many2one(
        "npo.service",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    service_kind = fields.Selection(related="service_id.kind")
    requires_research = fields.Boolean(related="service_id.requires_research")
    request_type = fields.Selection(
        [
            ("new_registration", "New registration"),
            ("aid", "Support request"),
            ("renewal", "Data update"),
            ("additional", "Additional support"),
            ("emergency", "Emergency support"),
            ("program", "Joining a programme"),
            ("advice", "Advice"),
            ("certificate", "Attestation"),
            ("internal", "Internal request"),
        ],
        required=True,
        default="aid",
    )
    origin = fields.Selection(
        [
            ("self", "The beneficiary"),
            ("representative", "A representative"),
            ("volunteer", "A volunteer"),
            ("delegate", "A branch delegate"),
            ("partner", "A partner body"),
            ("proactive", "Initiative of the association"),
            ("complaint", "Following a complaint"),
            ("supporter", "A supporter"),
        ],
        required=True,
        default="self",
    )
    description = fields.Text("The need in the applicant's words")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_requested = fields.Monetary("Amount asked for")
    quantity = fields.Float("Quantity asked for", digits="Product Unit", default=1)

    # the file behind it
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="Beneficiary's file",
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    researcher_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # information and documents (R107–R109)
    document_ids = fields.One2many("npo.document", "request_id", string="Documents")
    completeness = fields.Integer(
        "Complete (%)", compute="_compute_completeness", store=True, aggregator="avg"
    )
    missing_text = fields.Text("What is missing", compute="_compute_missing_text")
    date_submitted = fields.Datetime("Sent on", readonly=True, copy=False, index=True)

    # checks
    verification_ids = fields.One2many("npo.verification", "request_id", copy=False)
    referral_ids = fields.One2many("npo.referral", "request_id", copy=False)
    declaration_ids = fields.One2many("npo.declaration", "request_id", copy=False)
    declaration_id = fields.Many2one(
        "npo.declaration", string="Signed declaration", readonly=True, copy=False
    )
    research_note = fields.Text("Researcher's study", copy=False)
    recommendation = fields.Selection(
        [
            ("accept", "Accept"),
            ("partial", "Accept partially"),
            ("reject", "Reject"),
        ],
        copy=False,
    )

    # committee
    committee_id = fields.Many2one(
        "npo.committee",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
    )
    date_raised = fields.Date("Raised on", readonly=True, copy=False)
    is_explained = fields.Boolean(
        "Explained to the applicant",
        copy=False,
        help="The officer told the applicant that the committee studies the request,"
        " and by when it answers (R122).",
    )
    date_explained = fields.Datetime("Explained on", readonly=True, copy=False)
    explained_by_id = fields.Many2one(
        "res.users", string="Explained by", readonly=True, copy=False
    )
    is_frozen = fields.Boolean(
        compute="_compute_is_frozen",
        store=True,
        precompute=True,
        help="What was raised to the committee is not changed; sending it back is a"
        " step of its own.",
    )

    # going back
    return_reason_id = fields.Many2one(
        "npo.reason",
        domain=[("kind", "=", "return")],
        readonly=True,
        copy=False,
    )
    return_note = fields.Text("What to complete", readonly=True, copy=False)
    date_return_due = fields.Date("Complete it before", readonly=True, copy=False)
    answer_note = fields.Text("The applicant's answer", readonly=True, copy=False)
    resume_stage_code = fields.Char(readonly=True, copy=False)
    close_reason_id = fields.Many2one(
        "npo.reason", string="Reason of closing", readonly=True, copy=False
    )

    # delivery (R129)
    delivery_ids = fields.One2many("npo.delivery", "request_id", copy=False)
    date_to_delivery = fields.Datetime(
        "Handed to delivery on", readonly=True, copy=False, index="btree_not_null"
    )
    outcome = fields.Selection(
        [
            ("served", "Served"),
            ("served_partially", "Served in part"),
            ("rejected", "Rejected"),
            ("referred", "Referred to another body"),
            ("withdrawn", "Withdrawn by the applicant"),
            ("unreachable", "Could not be reached"),
            ("deceased", "Deceased"),
        ],
        readonly=True,
        copy=False,
    )
    main_output = fields.Char(related="service_id.main_output")

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _stage_idx = models.Index("(stage_id, priority DESC, id DESC) WHERE active IS TRUE")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE active IS TRUE")
    _deadline_idx = models.Index(
        "(company_id, date_deadline) WHERE stage_category = 'open'"
    )
    # what the measures of a period read
    _closed_idx = models.Index(
        "(company_id, date_closed) WHERE date_closed IS NOT NULL"
    )
    _decided_idx = models.Index(
        "(company_id, date_decided) WHERE date_decided IS NOT NULL"
    )
    _raised_idx = models.Index(
        "(company_id, date_raised) WHERE date_raised IS NOT NULL"
    )
    _one_draft = models.UniqueIndex(
        "(partner_id, service_id) WHERE stage_code = 'draft'",
        "There is a draft for this service already; go on with that one.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount_requested >= 0 AND quantity >= 0)",
        "The amount and the quantity asked for cannot be negative.",
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    def _version(self):
        """Return the policy version the request runs under, or would now."""
        self.ensure_one()
        version = self.sudo().policy_version_id
        return version or self.company_id.sudo().npo_policy_version_id

    def _required_information(self):
        """Return what the applicant must have told, as (is given, label) pairs."""
        self.ensure_one()
        _ = self.env._
        request = self.sudo()
        person = request.beneficiary_id
        required = [
            (person.identity_number, _("Identity number")),
            (person.phone, _("Mobile")),
            (person.npo_gender, _("Gender")),
            (person.birth_date, _("Date of birth")),
            ((request.description or "").strip(), _("The need in your own words")),
        ]
        if request.service_id.kind == "cash":
            required += [
                (request.amount_requested, _("Amount asked for")),
                (person.iban, _("IBAN")),
            ]
        return required

    @api.depends(
        "description",
        "amount_requested",
        "service_id",
        "document_ids.state",
        "document_ids.is_mandatory",
        "beneficiary_id.identity_number",
        "beneficiary_id.phone",
        "beneficiary_id.npo_gender",
        "beneficiary_id.birth_date",
    )
    def _compute_completeness(self):
        for request in self:
            information = request._required_information()
            documents = request.document_ids.filtered("is_mandatory")
            given = sum(bool(value) for value, _label in information)
            given += len(documents - request._missing_documents())
            total = len(information) + len(documents)
            request.completeness = 100 * given // total

    def _missing_documents(self):
        """Return the mandatory documents that were not handed in."""
        documents = self.document_ids
        missing = documents.filtered(
            lambda document: (
                document.is_mandatory
                and document.state in ("missing", "mismatch", "expired")
            )
        )
        # their types are read with those of the whole checklist
        return missing.with_prefetch(documents._prefetch_ids)

    def _missing(self):
        """Return the names of what is missing, for screens and messages (R107)."""
        self.ensure_one()
        information = [
            label for value, label in self._required_information() if not value
        ]
        documents = self.sudo()._missing_documents().document_type_id
        return information + documents.mapped("name")

    @api.depends("completeness")
    @api.depends_context("lang")
    def _compute_missing_text(self):
        for request in self:
            missing = request._missing() if request.completeness < 100 else []
            request.missing_text = format_list(self.env, missing) if missing else ""

    @api.depends("company_id", "policy_version_id")
    def _compute_tool_ids(self):
        for request in self:
            version = request._version()
            tools = version._available_tools() if version else version.tool_ids
            request.tool_ids = tools._filtered_access("read")

    @api.depends("stage_code")
    def _compute_is_frozen(self):
        for request in self:
            request.is_frozen = (
                bool(request.stage_code) and request.stage_code not in OPEN_STAGES
            )

    @api.depends("name", "service_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.name

    @api.model
    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like", "=") and value:
            return self._npo_search_domain(value)
        return super()._search_display_name(operator, value)

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("beneficiary_id", "partner_id")
    def _check_beneficiary(self):
        for request in self.filtered("beneficiary_id"):
            if request.beneficiary_id.partner_id != request.partner_id:
                raise ValidationError(
                    self.env._("The file is that of another person than the applicant.")
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_file(dict(vals)) for vals in vals_list]
        requests = super().create(vals_list)
        requests._add_checklists()
        return requests

    def _with_file(self, vals):
        """Complete the person from the file, so that both always agree."""
        if vals.get("beneficiary_id") and not vals.get("partner_id"):
            beneficiary = self.env["npo.beneficiary"].browse(vals["beneficiary_id"])
            vals["partner_id"] = beneficiary.partner_id.id
        return vals

    def _add_checklists(self):
        """Give new requests their lists: documents asked for, items to verify.

        What is on file and still valid is taken over and not asked for again (R060).
        """
        items = (
            self.env["npo.verification.item"]
            .sudo()
            .search_fetch([], ["is_mandatory", "is_money", "sequence"])
        )
        asked = self.service_id._document_vals()
        on_file = self._documents_on_file(asked)
        documents, verifications = [], []
        for request in self:
            given = request.document_ids.document_type_id
            for vals in asked[request.service_id]:
                type_id = vals["document_type_id"]
                if type_id not in given.ids:
                    reused = on_file.get((request.partner_id.id, type_id), {})
                    documents.append({**request._document_owner(), **reused, **vals})
            is_money = request.service_id.sudo().kind == "cash"
            verifications += [
                {
                    "request_id": request.id,
                    "item_id": item.id,
                    "is_mandatory": item.is_mandatory,
                }
                for item in items
                if is_money or not item.is_money
            ]
        self.env["npo.document"].sudo().create(documents)
        self.env["npo.verification"].sudo().create(verifications)

    def _document_owner(self):
        return {
            "request_id": self.id,
            "partner_id": self.partner_id.id,
            "beneficiary_id": self.beneficiary_id.id,
            "company_id": self.company_id.id,
        }

    def _documents_on_file(self, asked):
        """Return {(partner id, type id): values} of valid documents on file."""
        documents = self.env["npo.document"].sudo()
        types = self.env["npo.document.type"].browse(
            {vals["document_type_id"] for lines in asked.values() for vals in lines}
        )
        reusable = documents._reusable(
            self.beneficiary_id.partner_id, types, fields.Date.context_today(self)
        ).filtered(lambda document: document.company_id in self.company_id)
        return {
            (document.partner_id.id, document.document_type_id.id): vals
            for document, vals in zip(reusable, reusable._reuse_vals(), strict=True)
        }

    def write(self, vals):
        content = self._content_fields & set(vals)
        if content and not self.env.su:
            self._check_not_frozen()
        if content:
            self._invalidate_declarations(vals)
        return super().write(vals)

    # What the applicant says and signs for.
    _content_fields = frozenset(
        {
            "partner_id",
            "beneficiary_id",
            "representative_id",
            "service_id",
            "request_type",
            "description",
            "amount_requested",
            "quantity",
        }
    )

    def _check_not_frozen(self):
        """Refuse to change what was raised to the committee."""
        if self.env.su:
            return
        for request in self:
            if request.is_frozen:
                raise UserError(
                    self.env._(
                        "%s was raised to the committee: what was raised is not"
                        " changed. Send it back for completion first.",
                        request.name,
                    )
                )

    def _check_papers_not_frozen(self):
        """Refuse to change the papers of what was raised to the committee."""
        self._check_not_frozen()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(request.date_submitted for request in self):
            raise UserError(
                self.env._("A request that was sent is not deleted. Cancel it instead.")
            )

    def copy_data(self, default=None):
        """A copy asks for the same again: a new request at its first stage."""
        return [
            {
                key: value
                for key, value in vals.items()
                if key != "document_ids" and key not in self._steps_only()
            }
            for vals in super().copy_data(default)
        ]

    # ------------------------------------------------------------
    # OTHER ACTIONS
    # ------------------------------------------------------------

    def action_view_file(self):
        """Open the beneficiary's file."""
        self.ensure_one()
        self._check_internal()
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.beneficiary",
            "res_id": self.beneficiary_id.id,
            "view_mode": "form",
        }

    def action_preview_portal(self):
        """Open the request as its applicant sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self._get_share_url(),
        }
