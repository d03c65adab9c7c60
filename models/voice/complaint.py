from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.service_level import SEVERITIES
from .voice_mixin import NpoVoiceMixin

URGENCIES = [("0", "Can wait"), ("1", "Soon"), ("2", "At once")]
OUTCOMES = [
    ("upheld", "Established"),
    ("partly_upheld", "Established in part"),
    ("not_upheld", "Not established"),
    ("resolved_informally", "Solved amicably"),
    ("referred", "Referred"),
]
ROOT_CAUSES = [
    ("people", "People"),
    ("process", "Procedures"),
    ("system", "Technical systems"),
    ("policy", "Policy"),
    ("supplier", "Supplier"),
    ("information", "Information"),
    ("resource", "Resources"),
    ("beneficiary", "Data of the beneficiary"),
    ("external", "From outside"),
]
LEVELS_OF_SECRECY = ("normal", "restricted", "sealed")


class NpoComplaint(models.Model):
    """What went wrong for somebody, followed up until it is solved (R145, R206).

    Its parts stand in files of their own: the clock, the flow, what units are asked
    and what was done, who is kept out of it, what repeats, and the portal.
    """

    _name = "npo.complaint"
    _description = "Complaint"
    _inherit = [NpoVoiceMixin._name]

    _stage_kind = "complaint"
    _first_stage = "received"
    _reference_prefix = "CMP"
    _acknowledge_event = "cmp_ack"
    # Of all its files.
    _flow_fields = {
        "answer",
        "approved_by_id",
        "barred_user_ids",
        "closing_note",
        "confidentiality",
        "date_acknowledged",
        "date_action",
        "date_approved",
        "date_assessed",
        "date_proposed",
        "date_reopened",
        "decided_by_id",
        "duplicate_of_id",
        "earlier_answers",
        "focal_user_ids",
        "information_asked",
        "is_dissatisfied",
        "is_satisfied",
        "outcome",
        "priority",
        "proposal",
        "proposed_by_id",
        "reopen_count",
        "repeat_count",
        "root_cause",
        "satisfaction_note",
        "severity",
        "urgency",
    }

    # what it is about
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("violation", "Report of a violation"),
            ("grievance", "Grievance against a decision"),
        ],
        required=True,
        default="complaint",
    )
    category_id = fields.Many2one(
        "npo.complaint.category",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self._default_category_id(),
    )
    request_id = fields.Many2one(
        "npo.request",
        string="About the request",
        index="btree_not_null",
        check_company=True,
    )
    remedy_sought = fields.Text("What the person asks for", prefetch=False)
    concerned_id = fields.Many2one(
        "res.partner",
        string="On behalf of",
        index="btree_not_null",
        check_company=True,
        help="Whom it happened to; the one who complains stays the one answered.",
    )
    concerned_name = fields.Char("On behalf of (name)")

    # how grave it is
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        tracking=True,
        compute="_compute_severity",
        store=True,
        readonly=False,
        precompute=True,
    )
    urgency = fields.Selection(URGENCIES, required=True, default="1")
    confidentiality = fields.Selection(
        default=None,
        compute="_compute_confidentiality",
        store=True,
        readonly=False,
        precompute=True,
    )

    # by which way it came
    external_reference = fields.Char(
        "Number outside", index="btree_not_null", help="As the Tawasul system has it."
    )
    social_link = fields.Char("Link to the post")

    # what came out of it
    answer = fields.Text("Answer, as the letter tells it")
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)
    root_cause = fields.Selection(ROOT_CAUSES, readonly=True, copy=False)

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")
    # what the measures of a period read
    _received_idx = models.Index("(company_id, date_received)")
    _answered_idx = models.Index(
        "(company_id, date_answered) WHERE date_answered IS NOT NULL"
    )
    _closed_idx = models.Index(
        "(company_id, date_closed) WHERE date_closed IS NOT NULL"
    )

    # ------------------------------------------------------------
    # DEFAULTS AND COMPUTES
    # ------------------------------------------------------------

    @api.model
    def _default_category_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "npo_relations.complaint_category_other"
        )

    @api.depends("category_id")
    def _compute_severity(self):
        """Until somebody assessed it, a complaint is as grave as its category."""
        for case in self:
            grave = case.category_id.severity or "medium"
            is_weighed = case.severity and case.date_assessed
            case.severity = case.severity if is_weighed else grave

    @api.depends("category_id")
    def _compute_confidentiality(self):
        """Choosing another category never opens what was kept close (P083)."""
        for case in self:
            known = case.confidentiality or "normal"
            asked = case.category_id.confidentiality or known
            case.confidentiality = max(known, asked, key=LEVELS_OF_SECRECY.index)

    def _compute_access_url(self):
        super()._compute_access_url()
        for case in self:
            case.access_url = f"/my/complaints/{case.id}"

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.model
    def _open_channels(self, version):
        # OVERRIDE npo.case.mixin: what the policy has for complaints (R202)
        return version._allowed_channels("complaint") or version._allowed_channels()

    @api.constrains("channel_id", "social_link", "external_reference")
    def _check_way(self):
        """What came by another's system can be found there again (R201, R203)."""
        for case in self:
            channel = case.channel_id.sudo()
            if channel.code == "social" and not case.social_link:
                raise ValidationError(
                    self.env._(
                        "Give the link of the post: answer there without any personal"
                        " data, and go on in private."
                    )
                )
            if channel.code == "tawasul" and not case.external_reference:
                raise ValidationError(
                    self.env._("Give the number that the Tawasul system has for it.")
                )

    @api.constrains("concerned_id", "concerned_name")
    def _check_concerned(self):
        for case in self:
            if case.concerned_id and case.concerned_id == case.partner_id:
                raise ValidationError(
                    self.env._("Who complains on their own behalf is named once.")
                )
