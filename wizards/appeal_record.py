from odoo import api, fields, models


class NpoAppealRecord(models.TransientModel):
    """Record at the desk that a person objects to a decision (D12)."""

    _name = "npo.appeal.record"
    _description = "Record an Objection"

    request_id = fields.Many2one("npo.request")
    complaint_id = fields.Many2one("npo.complaint")
    compensation_id = fields.Many2one("npo.compensation")
    lodger_ids = fields.Many2many(
        "res.partner", compute="_compute_lodger_ids", compute_sudo=False
    )
    lodged_by_id = fields.Many2one(
        "res.partner",
        required=True,
        compute="_compute_lodged_by_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    channel_id = fields.Many2one("npo.channel", string="How it came")
    date_received = fields.Date(
        "Received on", required=True, default=fields.Date.context_today
    )
    date_last = fields.Date(
        "Last day to object", compute="_compute_date_last", compute_sudo=False
    )
    is_late = fields.Boolean(compute="_compute_date_last", compute_sudo=False)
    ground = fields.Selection(
        lambda self: (
            self.env["npo.appeal"]._fields["ground"]._description_selection(self.env)
        ),
        required=True,
    )
    statement = fields.Text("Objection in the person's words", required=True)
    late_reason = fields.Text("Why it comes late")
    evidence = fields.Binary("Document")
    evidence_name = fields.Char()

    def _decision(self):
        """Return the record whose decision the person objects to."""
        return self.compensation_id or self.complaint_id or self.request_id

    @api.depends("request_id", "complaint_id", "compensation_id")
    def _compute_lodger_ids(self):
        """The person, or who may apply for the person today."""
        for wizard in self:
            decision = wizard._decision()
            rights = self.env["npo.representative"]._valid_representative(
                decision.partner_id, "apply", company=decision.company_id
            )
            wizard.lodger_ids = decision.partner_id | rights.representative_id

    @api.depends("request_id", "complaint_id", "compensation_id")
    def _compute_lodged_by_id(self):
        for wizard in self:
            wizard.lodged_by_id = wizard._decision().partner_id

    @api.depends("request_id", "complaint_id", "compensation_id", "date_received")
    def _compute_date_last(self):
        for wizard in self:
            decision = wizard._decision()
            last = decision and decision._appeal_last_day()
            wizard.date_last = last
            wizard.is_late = bool(last and wizard.date_received) and (
                wizard.date_received > last
            )

    def action_confirm(self):
        """Lodge the objection and open it."""
        self.ensure_one()
        self.check_access("write")
        decision = self._decision()
        decision._require_appeal_clerk()
        appeal = self.env["npo.appeal"]._lodge(
            decision,
            self.lodged_by_id,
            ground=self.ground,
            statement=self.statement,
            date_received=self.date_received,
            channel_id=self.channel_id.id,
            late_reason=self.late_reason,
            evidence=self.evidence,
            evidence_name=self.evidence_name,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.appeal",
            "res_id": appeal.id,
            "view_mode": "form",
        }
