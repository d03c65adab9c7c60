from odoo import api, fields, models

from ..core.guards import without_defaults


class NpoFalseDeclaration(models.Model):
    """A finding that what was declared is not true (R120).

    The person answers first: it is confirmed by the manager, who did not find it, and
    only after the answer or the end of its period. Written by its steps alone.
    """

    _name = "npo.false.declaration"
    _description = "Finding of a False Declaration"
    _inherit = ["npo.case.mixin"]
    _mail_post_access = "read"

    _stage_kind = "finding"
    _first_stage = "opened"
    _reference_prefix = "FND"

    request_id = fields.Many2one(
        "npo.request",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    currency_id = fields.Many2one(related="company_id.currency_id")

    # what was found
    finding = fields.Text(
        "What is not true",
        required=True,
        readonly=True,
        help="Told to the person, who answers before anything is decided.",
    )
    evidence = fields.Binary(attachment=True, readonly=True)
    evidence_name = fields.Char(readonly=True)
    found_by_id = fields.Many2one("res.users", required=True, readonly=True)
    date_opened = fields.Date("Opened on", required=True, readonly=True)

    # the right to answer
    date_answer_due = fields.Date("May answer until", required=True, readonly=True)
    answer = fields.Text("The person's answer", readonly=True)
    answer_evidence = fields.Binary("Document", attachment=True, readonly=True)
    answer_evidence_name = fields.Char(readonly=True)
    date_answered = fields.Date("Answered on", readonly=True)

    # the outcome
    outcome = fields.Selection(
        [("confirmed", "Confirmed"), ("dismissed", "Dismissed"), ("lifted", "Lifted")],
        readonly=True,
        tracking=True,
    )
    outcome_note = fields.Text("Reasons, as the letter tells them", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_outcome = fields.Date("Decided on", readonly=True)
    amount_recovery = fields.Monetary("Amount to pay back", readonly=True)
    state_before = fields.Json(
        readonly=True, help="What the confirmation changed, to be put back if lifted."
    )

    _one_open = models.UniqueIndex(
        "(request_id) WHERE is_closed IS NOT TRUE",
        "There is an open finding on this request already.",
    )
    _recovery_not_negative = models.Constraint(
        "CHECK (amount_recovery >= 0)", "The amount to pay back cannot be negative."
    )

    @api.depends("date_answer_due")
    def _compute_date_deadline(self):
        for finding in self:
            finding.date_deadline = finding.date_answer_due

    def _compute_access_url(self):
        super()._compute_access_url()
        for finding in self:
            finding.access_url = f"/my/requests/{finding.request_id.id}/finding"

    @api.model_create_multi
    def create(self, vals_list):
        """Nothing of the caller's context decides on a finding."""
        return super(NpoFalseDeclaration, without_defaults(self)).create(vals_list)


class NpoStage(models.Model):
    _inherit = "npo.stage"

    kind = fields.Selection(
        selection_add=[("finding", "Finding of a false declaration")],
        ondelete={"finding": "cascade"},
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_answer_days = fields.Integer(
        "Days to answer a finding",
        default=10,
        help="How long a person may answer before a false declaration is confirmed.",
    )

    _npo_answer_days_positive = models.Constraint(
        "CHECK (npo_answer_days > 0)", "A person has one day to answer at least."
    )
