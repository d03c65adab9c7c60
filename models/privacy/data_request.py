from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.case_mixin import NpoCaseMixin
from ..people.beneficiary import ENDED_STATES

ANSWER_DAYS = 30  # ⚖ to act on a request
EXTENSION_DAYS = 30  # ⚖ once, with notice before the first day has passed
REMINDER_DAYS = 10  # ⚖ before the day: on day 20
KINDS = [
    ("inform", "Be told how the data is used"),
    ("access", "See the data"),
    ("copy", "Receive a readable copy"),
    ("correct", "Have data corrected or completed"),
    ("destroy", "Have data destroyed"),
    ("withdraw", "Withdraw what was agreed to"),
]
METHODS = [
    ("portal", "In the portal"),
    ("paper", "On paper"),
    ("phone", "By phone"),
    ("spoken", "Spoken, at the desk"),
]
IDENTITY_WAYS = [
    ("card", "Original document seen"),
    ("call", "Called back on the number on file"),
    ("absher", "Absher or Tawakkalna, on the person's own phone"),
    ("portal", "Own account in the portal, compared with the file"),
    ("instrument", "Representative's identity and instrument seen"),
]
OUTCOMES = [
    ("done", "Done as asked"),
    ("partly", "Done in part"),
    ("nothing", "No data of the person is held"),
]
# What was asked, by whom and when stays as it was recorded.
ASKED_FIELDS = frozenset(
    {
        "partner_id",
        "representative_id",
        "kind",
        "detail",
        "purpose_ids",
        "method",
        "date_received",
    }
)


class NpoDataRequest(models.Model):
    """What a person asks about their own data, and what became of it (P010, P014).

    Whoever hears it records it, a spoken request too. Nothing is given before the
    identity is verified; the answer is due in thirty days, and once thirty more.
    """

    _name = "npo.data.request"
    _description = "Privacy Request"
    _inherit = ["npo.case.mixin"]

    _stage_kind = "data_request"
    _reference_prefix = "PDR"
    _flow_fields = NpoCaseMixin._flow_fields | {
        "identity_way",
        "identity_note",
        "date_identity",
        "identity_verified_by_id",
        "date_extended",
        "extension_reason",
        "is_reminded",
        "outcome",
        "outcome_note",
        "refusal_reason_id",
        "refused_by_id",
        "objected_id",
    }

    partner_id = fields.Many2one(string="Person", ondelete="restrict")
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="File",
        compute="_compute_beneficiary_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )

    # of the file alone: by its site a delegate gets to the person's data
    site_id = fields.Many2one(readonly=True)

    # what is asked
    kind = fields.Selection(KINDS, string="Asks to", required=True, default="access")
    detail = fields.Text("In the person's words")
    purpose_ids = fields.Many2many(
        "npo.consent.purpose",
        string="Purposes",
        domain="[('kind', '=', 'consent')]",
        help="What is withdrawn; none named: everything that was agreed to.",
    )
    method = fields.Selection(
        METHODS, string="Received", required=True, default="phone"
    )
    date_received = fields.Date(
        "Received on",
        required=True,
        default=lambda self: self.env.company._npo_today(),
    )

    # who it is
    identity_way = fields.Selection(IDENTITY_WAYS, "Identity verified by", copy=False)
    identity_note = fields.Char("What was compared", copy=False)
    date_identity = fields.Date("Identity verified on", readonly=True, copy=False)
    identity_verified_by_id = fields.Many2one(
        "res.users", string="Verifier", readonly=True, copy=False
    )

    # time
    date_extended = fields.Date("Extended on", readonly=True, copy=False)
    extension_reason = fields.Char("Why it takes longer", readonly=True, copy=False)
    is_reminded = fields.Boolean(readonly=True, copy=False)

    # answer
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False)
    is_in_time = fields.Boolean(
        "Answered in time", compute="_compute_is_in_time", store=True
    )
    outcome_note = fields.Text("What was done", readonly=True, copy=False)
    refusal_reason_id = fields.Many2one(
        "npo.reason",
        string="Reason of refusal",
        readonly=True,
        copy=False,
        domain=[("kind", "=", "privacy")],
    )
    refused_by_id = fields.Many2one(
        "res.users", string="Refused by", readonly=True, copy=False
    )
    objected_id = fields.Many2one(
        "npo.data.request",
        string="Objects to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    objection_ids = fields.One2many("npo.data.request", "objected_id", "Objections")

    _one_open = models.UniqueIndex(
        "(company_id, partner_id, kind) WHERE is_closed IS NOT TRUE",
        "This person has asked the same already, and it is being worked on.",
    )
    _due_idx = models.Index("(company_id, date_deadline) WHERE stage_category = 'open'")

    @api.depends("partner_id", "company_id")
    def _compute_beneficiary_id(self):
        # sudo: who records it may not see every file
        files = self.env["npo.beneficiary"].sudo()
        live = files.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "not in", ENDED_STATES),
            ]
        )
        found = {(file.partner_id, file.company_id): file.id for file in live}
        for case in self:
            case.beneficiary_id = found.get((case.partner_id, case.company_id))

    @api.depends("beneficiary_id", "company_id")
    def _compute_site_id(self):
        # EXTENDS npo.case.mixin: the site of the person's file
        sites = {
            company: self.env["npo.site"]._default_for(company)
            for company in self.company_id
        }
        for case in self:
            site = case.beneficiary_id.sudo().site_id
            case.site_id = site.id or sites.get(case.company_id)

    @api.depends("date_received", "date_extended")
    def _compute_date_deadline(self):
        # OVERRIDE npo.case.mixin
        for case in self:
            days = ANSWER_DAYS + (EXTENSION_DAYS if case.date_extended else 0)
            received = case.date_received
            case.date_deadline = received and received + timedelta(days=days)

    @api.depends("date_closed", "date_deadline", "company_id")
    def _compute_is_in_time(self):
        """Closed by its day, as the day is counted where the association works."""
        for case in self:
            local = case.with_context(tz=case.company_id._npo_tz())
            closed, last = case.date_closed, case.date_deadline
            case.is_in_time = bool(closed) and (
                not last
                or fields.Datetime.context_timestamp(local, closed).date() <= last
            )

    def _compute_access_url(self):
        super()._compute_access_url()
        self.access_url = "/my/privacy"

    @api.constrains("date_received")
    def _check_date_received(self):
        for case in self:
            if case.date_received > case.company_id._npo_today():
                raise ValidationError(
                    self.env._("A request cannot have come in the future.")
                )

    @api.constrains("representative_id", "partner_id")
    def _check_representative(self):
        for case in self.filtered("representative_id"):
            case._require_representative()

    def _require_representative(self):
        """Raise unless the representative may speak for the person today (D11)."""
        self.env["npo.representative"]._require_representative(
            self.partner_id, "apply", self.representative_id, self.company_id
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(["is_closed"])  # the index sees what was closed just now
        cases = super().create(vals_list)
        cases._notify("pdpl_ack")
        return cases

    def write(self, vals):
        if not self.env.su and not ASKED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "What was asked stays as it was recorded. Cancel the request and"
                    " record it anew."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A privacy request is on record and not deleted."))
