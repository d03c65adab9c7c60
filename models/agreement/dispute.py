from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.case_mixin import NpoCaseMixin
from ..core.talk_mixin import NpoTalkMixin
from ..voice.complaint_records import NpoComplaintRecordMixin
from .agreement_settlement import METHODS

ON_THE_LADDER = tuple(code for code, _label in METHODS)
READERS = (
    "npo_relations.group_npo_legal_adviser,"
    "npo_relations.group_npo_complaint_officer,"
    "npo_relations.group_npo_compensation_officer,"
    "npo_relations.group_npo_compensation_approver,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)
OPEN_STAGES = ("opened", *ON_THE_LADDER, "judgment")


class NpoDispute(models.Model):
    """A difference with another party, settled step by step (R029, R144, R149).

    It copies the ladder of its agreement when it is opened, and climbs it: amicably
    first, unless the general manager approves a reason. Its parts stand in files of
    their own: the steps, how it ends, what the other party does in the portal.
    """

    _name = "npo.dispute"
    _description = "Dispute"
    _inherit = [
        NpoTalkMixin._name,
        NpoCaseMixin._name,
        NpoComplaintRecordMixin._name,
    ]
    _mail_post_access = "read"
    _rec_names_search = ["name", "title", "partner_id"]

    _stage_kind = "dispute"
    _first_stage = "opened"
    _reference_prefix = "DSP"
    _talk_groups = READERS
    _flow_fields = frozenset({"complaint_id", "step_id", "date_received"})

    title = fields.Char("In one line", required=True, index="trigram")
    partner_id = fields.Many2one(string="Other party", ondelete="restrict")
    user_id = fields.Many2one(default=lambda self: self.env.user)
    agreement_id = fields.Many2one(
        "npo.agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    complaint_id = fields.Many2one(
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    compensation_ids = fields.One2many(
        "npo.compensation",
        "dispute_id",
        "Compensations",
        groups="npo_relations.group_npo_legal_adviser,"
        "npo_relations.group_npo_compensation_officer,"
        "npo_relations.group_npo_compensation_approver,"
        "npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )
    line_id = fields.Many2one(
        "npo.agreement.line",
        string="Duty in dispute",
        domain="[('agreement_id', '=', agreement_id), ('kind', '=', 'duty')]",
        ondelete="restrict",
    )
    date_received = fields.Date(
        "Opened on",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._npo_today(),
    )
    facts = fields.Text("What happened", prefetch=False)
    party_asks = fields.Text("What the other party asks for", prefetch=False)
    we_ask = fields.Text("What the association asks for", prefetch=False)
    amount = fields.Monetary("Amount in dispute")
    currency_id = fields.Many2one(related="company_id.currency_id")

    step_ids = fields.One2many(
        "npo.dispute.step", "dispute_id", "Ladder", readonly=True
    )
    step_id = fields.Many2one("npo.dispute.step", "Step now", readonly=True)
    meeting_ids = fields.One2many("npo.dispute.meeting", "dispute_id", "Meetings")

    _open_idx = models.Index(
        "(company_id, date_deadline) WHERE stage_category = 'open'"
    )
    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )

    @api.depends("step_id.date_due")
    def _compute_date_deadline(self):
        # OVERRIDE npo.case.mixin: by when the step is to bring a settlement
        for dispute in self:
            dispute.date_deadline = dispute.step_id.date_due

    def _compute_access_url(self):
        super()._compute_access_url()
        for dispute in self:
            dispute.access_url = f"/my/disputes/{dispute.id}"

    @api.constrains("agreement_id", "partner_id", "line_id")
    def _check_party(self):
        for dispute in self.filtered("agreement_id"):
            parties = dispute.agreement_id.sudo().party_ids.partner_id
            if (
                not (dispute.partner_id | dispute.partner_id.commercial_partner_id)
                & parties
            ):
                raise ValidationError(
                    self.env._("A dispute on an agreement is with one of its parties.")
                )
            if dispute.line_id and dispute.line_id not in dispute.agreement_id.line_ids:
                raise ValidationError(
                    self.env._("The duty is one of another agreement.")
                )

    # ------------------------------------------------------------
    # OPENED
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create(vals_list)
        disputes._copy_ladder()
        disputes._notify("dispute_opened")
        return disputes

    def _copy_ladder(self):
        """Take the way to settle over, as the agreement names it now (R029)."""
        vals_list = []
        for dispute in self:
            ladder = dispute.agreement_id.sudo().settlement_ids
            steps = [
                {"method": one.method, "days": one.days, "body": one.body}
                for one in ladder
            ] or dispute._usual_ladder()
            vals_list += [
                {**step, "dispute_id": dispute.id, "sequence": number}
                for number, step in enumerate(steps, start=1)
            ]
        self.env["npo.dispute.step"].sudo().create(vals_list)

    def _usual_ladder(self):
        """Return the steps where no agreement names any ⚖."""
        days = self.company_id.sudo().npo_amicable_days
        return [
            {"method": "amicable", "days": days},
            {"method": "mediation", "days": 2 * days},
            {"method": "court", "days": 0},
        ]

    @api.model
    def _open_from(self, record, vals):
        """Open a dispute about a complaint or a compensation; who asks reads it.

        :param record: `npo.complaint` or `npo.compensation`
        :param dict vals: title, facts and the like
        :return: the dispute
        """
        record.ensure_one()
        record.check_access("read")
        record_sudo = record.sudo()
        if record_sudo.confidentiality == "sealed":
            raise ValidationError(
                self.env._(
                    "What is sealed is not told of elsewhere. Open a dispute of its"
                    " own, without the content."
                )
            )
        is_complaint = record._name == "npo.complaint"
        complaint = record_sudo if is_complaint else record_sudo.complaint_id
        close = record_sudo.confidentiality != "normal"
        about = {
            "title": record.name if close else record.title or record.name,
            "company_id": record.company_id.id,
            "partner_id": record.partner_id.id,
            "complaint_id": complaint.id,
            **vals,
        }
        if not is_complaint and record_sudo.agreement_id:
            about["agreement_id"] = record_sudo.agreement_id.id
        if not about["partner_id"]:
            raise ValidationError(
                self.env._("A dispute is with somebody who is known: match them first.")
            )
        return self._open(about)

    @api.model
    def _open(self, vals):
        """Open a dispute, by who may; its origin is there before anything is logged."""
        self.check_access("create")
        dispute = self.sudo().create(vals).with_env(self.env)
        dispute.check_access("write")
        return dispute


class NpoAgreement(models.Model):
    _inherit = "npo.agreement"

    def _open_dispute(self, vals):
        """Open a dispute on the agreement, which copies its ladder (R029)."""
        self.ensure_one()
        self._require_state("active", "to_review", "expired", "terminated")
        return self.env["npo.dispute"]._open(
            {
                "title": self.title,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                **vals,
                "agreement_id": self.id,
            }
        )

    def action_dispute(self):
        """Open a dispute on the agreement, and show it."""
        dispute = self._open_dispute({})
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.dispute",
            "res_id": dispute.id,
            "view_mode": "form",
        }
