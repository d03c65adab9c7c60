from odoo import api, fields, models

from ...tools.window import add_working_days
from ..core.guards import without_defaults


class NpoAppeal(models.Model):
    """An objection to a decision: within a period, reviewed by somebody else (D12).

    It is written by its steps alone (`appeal_flow`): nobody has a right to write it.
    """

    _name = "npo.appeal"
    _description = "Objection"
    _inherit = ["npo.case.mixin", "npo.case.record.mixin"]
    _mail_post_access = "read"

    _stage_kind = "appeal"
    _first_stage = "received"
    _reference_prefix = "APL"

    # what it is about
    res_model = fields.Char("Kind of decision", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Decision", model_field="res_model", required=True, readonly=True
    )
    subject = fields.Selection(
        [
            ("committee_decision", "Decision of the committee"),
            ("complaint_decision", "Decision on a complaint"),
            ("suspension", "Suspension of the file"),
            ("compensation", "Decision on a compensation"),
        ],
        required=True,
        readonly=True,
    )
    date_decision = fields.Date("Decision announced on", required=True, readonly=True)
    decided_before = fields.Char("Decision objected to", readonly=True)

    # the objection
    lodged_by_id = fields.Many2one(
        "res.partner", string="Lodged by", required=True, readonly=True, index=True
    )
    ground = fields.Selection(
        [
            ("new_evidence", "New document"),
            ("error", "Error in the facts"),
            ("procedure", "Error of procedure"),
            ("disproportion", "Not in proportion"),
        ],
        required=True,
        readonly=True,
    )
    statement = fields.Text("Objection in the person's words", required=True)
    evidence = fields.Binary(attachment=True, readonly=True)
    evidence_name = fields.Char(readonly=True)

    # its time
    date_received = fields.Date("Received on", required=True, readonly=True)
    date_last = fields.Date("Last day to object", required=True, readonly=True)
    is_late = fields.Boolean(
        "After the period", compute="_compute_is_late", store=True, precompute=True
    )
    late_reason = fields.Text("Why it comes late", readonly=True)
    late_by_id = fields.Many2one(
        "res.users", string="Lateness weighed by", readonly=True
    )

    # its outcome
    reviewer_id = fields.Many2one(
        "res.users", readonly=True, tracking=True, index="btree_not_null"
    )
    outcome = fields.Selection(
        [
            ("confirmed", "Decision confirmed"),
            ("amended", "Decision amended"),
            ("reversed", "Decision annulled"),
            ("new_study", "To be studied anew"),
        ],
        readonly=True,
        tracking=True,
    )
    outcome_note = fields.Text("Reasons, as the letter tells them", readonly=True)
    new_decision = fields.Char("New decision", readonly=True)
    new_amount = fields.Float("New amount", digits="Product Unit", readonly=True)
    new_quantity = fields.Float("New quantity", digits="Product Unit", readonly=True)
    date_outcome = fields.Date("Answered on", readonly=True)

    _one_open = models.UniqueIndex(
        "(res_model, res_id) WHERE is_closed IS NOT TRUE",
        "There is an open objection to this decision already.",
    )
    _target_idx = models.Index("(res_model, res_id, id DESC)")
    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )

    # ------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------

    @api.depends("res_model", "res_id")
    def _compute_request_id(self):
        # OVERRIDE npo.case.record.mixin: or the request behind what was decided
        for appeal in self:
            decision = appeal._decision()
            is_request = decision._name == "npo.request"
            appeal.request_id = decision if is_request else decision.request_id

    @api.depends("date_received", "date_last")
    def _compute_is_late(self):
        for appeal in self:
            appeal.is_late = bool(appeal.date_last) and (
                appeal.date_received > appeal.date_last
            )

    @api.depends("date_received")
    def _compute_date_deadline(self):
        for company, appeals in self.grouped("company_id").items():
            calendar = company._npo_work_calendar()
            for appeal in appeals:
                appeal.date_deadline = appeal.date_received and add_working_days(
                    appeal.date_received,
                    company.npo_appeal_review_days,
                    calendar.is_working_day,
                )

    @api.model
    def _refresh_deadlines(self, companies):
        # OVERRIDE npo.case.mixin
        waiting = self.search(
            [("company_id", "in", companies.ids), ("is_closed", "=", False)]
        )
        self.env.add_to_compute(self._fields["date_deadline"], waiting)

    def _compute_access_url(self):
        super()._compute_access_url()
        for appeal in self:
            appeal.access_url = f"/my/appeals/{appeal.id}"

    def _decision(self):
        """Return the record whose decision is objected to."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    # ------------------------------------------------------------
    # CREATE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Nothing of the caller's context decides on an objection."""
        return super(NpoAppeal, without_defaults(self)).create(vals_list)

    def action_view_decision(self):
        """Open what is objected to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
