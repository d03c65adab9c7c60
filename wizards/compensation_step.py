import base64

from odoo import api, fields, models

from ..models.compensation.compensation import REMEDIES
from ..models.compensation.compensation_finding import FOUND_FIELDS, GROUNDS, PROOFS

CASE = "npo.compensation"


class NpoCompensationStep(models.TransientModel):
    """Ask for what a step of a compensation needs; the step itself is the case's."""

    _name = "npo.compensation.step"
    _description = "Step of a Compensation"

    step = fields.Selection(
        [
            ("outside", "Outside the scope"),
            ("find", "Finding"),
            ("offer", "Make an offer"),
            ("answer", "Answer to the offer"),
            ("propose", "Propose"),
            ("legal", "Legal review"),
            ("signed", "Signed on paper"),
            ("limit", "Pass the limit of liability"),
            ("reject", "Refuse"),
            ("withdraw", "Taken back"),
            ("suspend", "Wait for the judgment"),
            ("perform", "What was done"),
        ],
        required=True,
        readonly=True,
    )
    compensation_id = fields.Many2one(CASE, required=True, readonly=True)
    company_id = fields.Many2one(
        related="compensation_id.company_id", related_sudo=False
    )
    association_id = fields.Many2one(related="company_id.partner_id")
    currency_id = fields.Many2one(
        related="compensation_id.currency_id", related_sudo=False
    )
    note = fields.Text("In words")
    date = fields.Date("On", default=fields.Date.context_today)
    file = fields.Binary("Document")
    file_name = fields.Char()

    # finding
    finding_id = fields.Many2one("npo.compensation.finding", readonly=True)
    condition = fields.Selection(related="finding_id.condition", related_sudo=False)
    agreement_id = fields.Many2one(
        related="compensation_id.agreement_id", related_sudo=False
    )
    found = fields.Selection(
        [("met", "Met"), ("not_met", "Not met")], string="The condition is"
    )
    breach_ground = fields.Selection(GROUNDS, "Ground")
    duty_line_id = fields.Many2one("npo.agreement.line", "Duty not met")
    standard = fields.Char("Standard not followed")
    standard_body = fields.Char("Adopted by")
    direct_cause = fields.Selection(
        [("yes", "Yes"), ("partly", "In part"), ("no", "No")],
        "Is the association the direct cause?",
    )
    cause_percent = fields.Float("Its part in the harm (%)", digits=(5, 2))
    third_party = fields.Char("Who else caused it")
    proof_kind = fields.Selection(PROOFS, "Proof")
    signer_id = fields.Many2one("res.partner", "Signed by")
    allowed_signer_ids = fields.Many2many(
        "res.partner", compute="_compute_allowed_signer_ids"
    )

    # negotiation
    remedy = fields.Selection(REMEDIES, "Form of remedy", default="money")
    amount_proposed = fields.Monetary(
        related="compensation_id.amount_proposed", related_sudo=False
    )
    attendees = fields.Text("Who took part")
    minutes = fields.Text()
    result = fields.Selection(
        [
            ("accepted", "Accepted, and signed on paper"),
            ("declined", "Declined"),
            ("countered", "Another amount asked for"),
        ],
        "The person",
    )
    counter_amount = fields.Monetary("Asked for instead")

    # decision
    fund_id = fields.Many2one("npo.fund", "Paid from")
    legal_opinion = fields.Selection(
        [("fit", "Nothing stands against it"), ("unfit", "Not as it is")],
        "Legal opinion",
    )

    @api.depends("step", "compensation_id")
    def _compute_allowed_signer_ids(self):
        """Who may sign: for the association, or the harmed party and its agent."""
        for wizard in self:
            case = wizard.compensation_id
            if wizard.step == "answer":
                signers = case.partner_id | case.representative_id
            else:
                signers = case.company_id and case.company_id._npo_admission_signers()
            wizard.allowed_signer_ids = signers or False

    def action_confirm(self):
        """Take the step."""
        self.ensure_one()
        self.check_access("write")
        getattr(self, f"_take_{self.step}")()

    def _files(self):
        """Return what is attached as (name, bytes)."""
        if not self.file:
            return []
        return [(self.file_name or self.file.name, base64.b64decode(self.file))]

    def _take_outside(self):
        self.compensation_id._refuse_scope(self.note)

    def _take_find(self):
        condition = self.finding_id.condition
        is_admission = self.proof_kind == "admission" and condition == "proof"
        self.compensation_id._attach(
            self._files(),
            condition=condition,
            source="admission" if is_admission else "association",
        )
        state = self.found
        if condition == "cause":
            state = {"yes": "met", "partly": "partly"}.get(self.direct_cause, "not_met")
        vals = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in FOUND_FIELDS
        }
        self.compensation_id._find(condition, state, self.note, **vals)

    def _take_offer(self):
        self.compensation_id._offer(
            self.remedy,
            self.note,
            date=self.date,
            attendees=self.attendees,
            minutes=self.minutes,
        )

    def _take_answer(self):
        case = self.compensation_id
        if self.result == "accepted":
            case._accept_on_paper(self.note, self.file, self.file_name, self.signer_id)
        else:
            case._answered_in_words(self.result, self.note, self.counter_amount)

    def _take_propose(self):
        self.compensation_id._propose(self.note, self.fund_id)

    def _take_legal(self):
        self.compensation_id._review_legally(self.legal_opinion, self.note)

    def _take_signed(self):
        self.compensation_id._sign_for_association(
            self.signer_id, self.file, self.file_name
        )

    def _take_limit(self):
        self.compensation_id._pass_limit(self.note)

    def _take_reject(self):
        self.compensation_id._reject(self.note)

    def _take_withdraw(self):
        self.compensation_id._withdraw_at_desk(self.note)

    def _take_suspend(self):
        self.compensation_id._suspend(self.note)

    def _take_perform(self):
        self.compensation_id._perform(self.note, self.date, self._files())
