from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools.arabic import gendered
from ...tools.hijri import format_both, format_hijri_numeric
from ...tools.window import compute_window
from .window_mixin import WINDOW_FIELDS

# One of these evidences the approval (R004, R006).
EVIDENCE_FIELDS = (
    "approval_date",
    "approval_year",
    "meeting_text",
    "session_no",
    "minutes_no",
)


class NpoPolicyVersion(models.Model):
    """One version of a policy, and all that it says about how cases are run.

    The version holds every parameter by which associations differ (R210, Annex A):
    channels, tools, steps, the response window, the switches of features, the layout
    of the print. Nothing is hard-wired to an association.

    One version of a policy is in force at a time (state ``approved``). Its content is
    frozen for everybody; a change is a new version, except an operational addition of
    a channel, which tells its reason (R211). A slip of the text is mended by an
    erratum, which makes a minor version (R020). An approved version with a later
    effective date waits for its day (``scheduled``). A version can be in force although
    its approval is not evidenced (Annex D 9) only where somebody accepted that with a
    reason: ``unevidenced_reason``, and the form says so.

    An association without a version in force can register requests, but no clock can
    start: ``res.company._npo_require_policy_version`` says what to do.
    """

    _name = "npo.policy.version"
    _description = "Policy Version"
    _inherit = ["mail.thread", "mail.activity.mixin", "npo.window.mixin"]
    _order = "policy_id, version_no desc, minor_no desc, id desc"
    _rec_names_search = ["policy_id.name", "title_as_approved", "version_label"]
    _check_company_auto = True

    # identification
    policy_id = fields.Many2one(
        "npo.policy", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="policy_id.company_id", string="Association", store=True, index=True
    )
    kind = fields.Selection(related="policy_id.kind")
    version_no = fields.Integer(
        string="Version number",
        compute="_compute_version_no",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    version_label = fields.Char(help="As printed, for example «النسخة الأولى».")
    title_as_approved = fields.Char(
        help="The title as printed, in the language of the document and with its "
        "slips, if any. They are listed in the notes."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("under_review", "Under review"),
            ("scheduled", "Approved, not yet in force"),
            ("approved", "In force"),
            ("superseded", "Superseded"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Html(
        string="Notes",
        help="Open questions to the board, slips of the printed text.",
    )

    # approval
    approved_by_body = fields.Selection(
        [
            ("board", "Board of Directors"),
            ("assembly", "General Assembly"),
            ("committee", "Committee"),
        ],
        string="Approved by",
        copy=False,
    )
    approval_date = fields.Date(copy=False, tracking=True)
    approval_hijri = fields.Char(
        string="Approval date (Hijri)", compute="_compute_approval_hijri"
    )
    approval_year = fields.Integer(
        copy=False, help="Where the document states the year only."
    )
    date_uncertain = fields.Boolean(
        string="Day and month uncertain",
        copy=False,
        help="The printed date can be read day first or month first.",
    )
    meeting_text = fields.Char(
        string="Meeting", copy=False, help="The approving meeting, as printed."
    )
    session_no = fields.Char(string="Session number", copy=False)
    minutes_no = fields.Char(string="Minutes number", copy=False)
    issue_date = fields.Date(copy=False)
    effective_date = fields.Date(copy=False, help="Empty: from the approval on.")
    date_in_force = fields.Date(string="In force since", readonly=True, copy=False)
    prepared_by_title = fields.Char(
        string="Prepared by (title)", help="The role, as printed: no name."
    )
    is_evidence_missing = fields.Boolean(
        string="Approval not evidenced",
        compute="_compute_is_evidence_missing",
        help="No date, year or meeting of the approval is known.",
    )
    unevidenced_reason = fields.Char(
        string="Why it is in force without evidence",
        readonly=True,
        copy=False,
        tracking=True,
    )

    # the response window: what the product proposes to a new version
    window_reading = fields.Selection(required=True, default="floor_and_ceiling")
    study_min_value = fields.Integer(default=2)
    study_min_unit = fields.Selection(required=True, default="week")
    study_min_mode = fields.Selection(required=True, default="warn_with_reason")
    reply_max_value = fields.Integer(default=30)
    reply_max_unit = fields.Selection(required=True, default="day")
    month_calendar = fields.Selection(required=True, default="gregorian")
    day_kind = fields.Selection(required=True, default="calendar")
    clock_start = fields.Selection(required=True, default="referred_to_committee")
    pause_on_applicant = fields.Boolean(default=True)
    roll_forward_max = fields.Boolean(default=True)
    reminder_before_max = fields.Integer(default=7)
    window_example = fields.Char(
        compute="_compute_window_example",
        help="The two dates of a request whose clock starts today.",
    )

    # switches of features
    use_definitions = fields.Boolean(string="Definitions")
    use_proactive_service = fields.Boolean(
        string="Reaching people without their asking"
    )
    use_policy_circulation = fields.Boolean(
        string="Review and circulation of the policy"
    )
    use_compensation = fields.Boolean(string="Compensation")
    use_disputes = fields.Boolean(string="Complaints and disputes")
    use_good_relations = fields.Boolean(string="Good relations and confidentiality")
    use_information_access = fields.Boolean(string="Access to information")
    use_measurement_center = fields.Boolean(string="Measurement centre")

    # flow
    stakeholder_scope = fields.Selection(
        [("beneficiaries", "Beneficiaries"), ("stakeholders", "All stakeholders")],
        string="Persons in scope",
        required=True,
        default="beneficiaries",
    )
    referral_default_mode = fields.Selection(
        [("any", "Any way"), ("phone", "By telephone"), ("in_person", "In person")],
        string="Referral to the researcher",
        required=True,
        default="any",
    )
    referral_legal_aspect = fields.Boolean(
        string="Legal aspects too",
        help="The researcher explains the legal aspects beside the organisational.",
    )
    has_registration_step = fields.Boolean(
        string="Registration is a step of the policy",
        default=True,
        help="Off: the policy does not list it; the stage is kept as operational.",
    )
    has_delivery_step = fields.Boolean(
        string="Delivery is a step of the policy",
        default=True,
        help="Off: the policy does not list it; the stage is kept as operational.",
    )
    requires_main_output = fields.Boolean(
        string="One main output",
        help="The handling of a request is one process with one main output (R130).",
    )

    # wording
    declaration_verb = fields.Selection(
        [("verify", "Verify (التأكد)"), ("affirm", "Affirm (التأكيد)")],
        string="Verb of the declaration step",
        required=True,
        default="verify",
    )
    declaration_text = fields.Text(
        string="Declaration",
        help="{association} stands for the name of the association; "
        "{masculine|feminine} takes the form of the person who signs.",
    )
    parties_label = fields.Char(
        string="Parties beside beneficiaries", help="As the preamble names them."
    )
    rights_party_label = fields.Char(
        string="Whose rights and duties", help="As the preamble names them."
    )
    served_person_label = fields.Char(string="Person served, in the objectives")
    internal_external = fields.Selection(
        [("or", "Internal or external"), ("and", "Internal and external")],
        string="Beneficiaries of the culture of quality",
    )
    innovation_label = fields.Char(string="Kind of innovation")
    gender_inclusive = fields.Boolean(string="Gender-inclusive wording («/ات»)")

    # print
    print_toc = fields.Boolean(string="Table of contents")
    print_info_block = fields.Boolean(string="Information block")
    print_approval_block = fields.Boolean(string="Approval section")
    print_approval_line = fields.Boolean(string="Approval line on the cover")
    print_basmala = fields.Boolean(string="Basmala")
    print_thanks = fields.Boolean(string="Closing thanks")

    # lists
    clause_ids = fields.One2many("npo.policy.clause", "version_id", string="Clauses")
    root_clause_ids = fields.One2many(
        "npo.policy.clause",
        "version_id",
        string="Parts",
        domain=[("parent_id", "=", False)],
    )
    channel_line_ids = fields.One2many(
        "npo.policy.channel", "version_id", string="Channels", copy=True
    )
    communication_line_ids = fields.One2many(
        "npo.policy.channel",
        "version_id",
        string="Communication channels",
        domain=[("kind", "=", "communication")],
    )
    complaint_line_ids = fields.One2many(
        "npo.policy.channel",
        "version_id",
        string="Complaint channels",
        domain=[("kind", "=", "complaint")],
    )
    tool_ids = fields.Many2many(
        "npo.tool",
        "npo_policy_version_tool_rel",
        "version_id",
        "tool_id",
        string="Tools of the officer",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('origin', '=', 'policy')]",
        check_company=True,
    )
    step_ids = fields.One2many(
        "npo.policy.step", "version_id", string="Handling steps", copy=True
    )
    signatory_ids = fields.One2many(
        "npo.policy.signatory", "version_id", string="Signatories"
    )

    _version_no_uniq = models.UniqueIndex(
        "(policy_id, version_no, minor_no)",
        "The policy has a version of this number already.",
    )
    _in_force_uniq = models.UniqueIndex(
        "(policy_id) WHERE state = 'approved'",
        "Another version of the policy is in force. Reload the page and try again.",
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("policy_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(policy)s, version %(number)s",
                policy=version.policy_id.name or "",
                number=version.number,
            )

    @api.depends("policy_id")
    def _compute_version_no(self):
        """The number after the policy's last one, counting on within the batch."""
        groups = self._read_group(
            [("policy_id", "in", self.policy_id.ids)],
            ["policy_id"],
            ["version_no:max"],
        )
        last = {policy.id: number for policy, number in groups}
        for version in self:
            policy_id = version.policy_id._origin.id
            last[policy_id] = last.get(policy_id, 0) + 1
            version.version_no = last[policy_id]

    @api.depends("approval_date")
    def _compute_approval_hijri(self):
        for version in self:
            version.approval_hijri = format_hijri_numeric(version.approval_date)

    @api.depends(*EVIDENCE_FIELDS)
    def _compute_is_evidence_missing(self):
        for version in self:
            version.is_evidence_missing = not any(
                version[name] for name in EVIDENCE_FIELDS
            )

    @api.depends("company_id", *WINDOW_FIELDS)
    @api.depends_context("lang")
    def _compute_window_example(self):
        calendars = {
            company: company._npo_work_calendar() for company in self.company_id
        }
        today = fields.Date.context_today(self)
        for version in self:
            calendar = calendars.get(version.company_id)
            version.window_example = calendar and version._window_sentence(
                today, calendar.is_working_day
            )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("approval_date", "approval_year")
    def _check_approval_year(self):
        """R006: a year alone is honest; a year that contradicts the date is not."""
        for version in self.filtered("approval_year"):
            if not 1900 < version.approval_year < 2100:
                raise ValidationError(
                    self.env._("Enter the Gregorian year of the approval.")
                )
            if version.approval_date and (
                version.approval_date.year != version.approval_year
            ):
                raise ValidationError(
                    self.env._("The approval date lies in another year.")
                )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _window_sentence(self, start, is_working_day):
        """Return the two dates of a clock that starts on a day, as a sentence."""
        self.ensure_one()
        lang = self.env.lang or "en_US"
        digits = self.company_id.npo_digits
        window = compute_window(start, self._window_params(), is_working_day)
        earliest = format_both(window.earliest, lang, digits)
        if not window.deadline:
            return self.env._("Not before %(earliest)s.", earliest=earliest)
        deadline = format_both(window.deadline, lang, digits)
        if window.earliest == start:
            return self.env._("Not after %(deadline)s.", deadline=deadline)
        return self.env._(
            "Not before %(earliest)s, and not after %(deadline)s.",
            earliest=earliest,
            deadline=deadline,
        )

    def _allowed_channels(self, kind="communication"):
        """Return the channels that a new case may come through (R085).

        Lines taken out of use and archived channels are left out; old cases keep
        theirs.

        :param kind: "communication" or "complaint"
        """
        self.ensure_one()
        return self.env["npo.channel"].browse(self._allowed_channel_ids(kind))

    @ormcache("self.id", "kind")
    def _allowed_channel_ids(self, kind):
        """Return the ids of the open channels; asked on each new case, so kept.

        Lines and channels clear the cache when they change.
        """
        lines = self.sudo().channel_line_ids.filtered(
            lambda line: line.kind == kind and line.is_in_use
        )
        return tuple(lines.channel_ids.filtered("active")._ids)

    def _available_tools(self):
        """Return the tools of the officer: of the policy, then operational (R097)."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        group_ids = self.env.user._get_group_ids()
        tools = self.env["npo.tool"]
        return tools.browse(self._available_tool_ids(today, group_ids))

    @ormcache("self.id", "today", "group_ids")
    def _available_tool_ids(self, today, group_ids):
        """Return the ids of the tools on a day; shown on each case, so kept.

        In sudo, hence the audience of a tool is looked at here as its rule does.
        Versions and tools clear the cache when they change.

        :param tuple group_ids: the groups of who looks
        """
        version = self.sudo()
        operational = version.env["npo.tool"].search(
            [
                ("company_id", "=", version.company_id.id),
                ("origin", "=", "operational"),
            ]
        )
        tools = (version.tool_ids | operational).filtered(
            lambda tool: (
                tool.is_valid
                and (not tool.group_ids or set(tool.group_ids.ids) & set(group_ids))
            )
        )
        return tuple(tools._ids)

    def _render_declaration(self, gender=None):
        """Return the declaration to be signed (R120, R121).

        :param gender: of the signer, "male" or "female"; both forms otherwise
        """
        self.ensure_one()
        text = gendered(self.declaration_text or "", gender)
        return text.replace("{association}", self.company_id.name or "")
