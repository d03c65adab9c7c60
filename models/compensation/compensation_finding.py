from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list

from .compensation import READERS
from .compensation import NpoCompensation as Base
from .part_mixin import NpoCompensationPartMixin

CONDITIONS = [
    ("ground", "1. The association failed in what it owed"),
    ("cause", "2. The association is the direct cause"),
    ("proof", "3. The breach is proven"),
    ("negotiation", "4. It was negotiated with the harmed party"),
]
GROUNDS = [
    ("contract", "A duty of the agreement was not met"),
    ("due_care", "Due care was not taken"),
    ("professional_standard", "A professional standard was not followed"),
]
PROOFS = [
    ("admission", "Admission of the association"),
    ("final_judgment", "Final judgment"),
]
# What a finding may tell of; the rest is worked out.
FOUND_FIELDS = {
    "breach_ground",
    "duty_line_id",
    "standard",
    "standard_body",
    "direct_cause",
    "cause_percent",
    "third_party",
    "proof_kind",
    "signer_id",
}
# Nobody gets here while a condition is open or not met.
GRANTING = ("decision", "approval", "payment", "paid")


class NpoCompensationFinding(models.Model):
    """What was found on one of the four conditions, and by whom (R136–R142)."""

    _name = "npo.compensation.finding"
    _description = "Finding on a Condition of a Compensation"
    _inherit = [NpoCompensationPartMixin._name]
    _order = "compensation_id, sequence"
    _rec_name = "condition"

    compensation_id = fields.Many2one(
        Base._name, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="compensation_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer()
    condition = fields.Selection(CONDITIONS, "Which condition", required=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("met", "Met"),
            ("partly", "Met in part"),
            ("not_met", "Not met"),
        ],
        required=True,
        default="open",
    )
    note = fields.Text("What was found")
    found_by_id = fields.Many2one("res.users", "Found by")
    date_found = fields.Date("Found on")

    # 1: the ground
    breach_ground = fields.Selection(GROUNDS, "Ground")
    duty_line_id = fields.Many2one(
        "npo.agreement.line",
        "Duty not met",
        index="btree_not_null",
        ondelete="restrict",
    )
    standard = fields.Char("Standard not followed")
    standard_body = fields.Char("Adopted by")

    # 2: the cause
    direct_cause = fields.Selection(
        [("yes", "Yes"), ("partly", "In part"), ("no", "No")], "Direct cause"
    )
    cause_percent = fields.Float("Its part in the harm (%)", digits=(5, 2))
    third_party = fields.Char("Who else caused it")

    # 3: the proof
    proof_kind = fields.Selection(PROOFS, "Proof")
    signer_id = fields.Many2one("res.partner", "Admission signed by")

    _once = models.UniqueIndex(
        "(compensation_id, condition)", "A condition is found on once."
    )

    @api.constrains("state", *FOUND_FIELDS)
    def _check_complete(self):
        """A condition is met with what shows it, and with nothing less."""
        for finding in self:
            if finding.state in ("met", "partly"):
                getattr(finding, f"_check_{finding.condition}")()

    def _check_ground(self):
        """R137–R139: a duty of the agreement, evidence, or a standard and its body."""
        case = self.compensation_id
        if not self.breach_ground:
            raise ValidationError(self.env._("Say which ground it is."))
        if self.breach_ground == "contract" and not self._is_own_duty():
            raise ValidationError(
                self.env._(
                    "Name the duty of the agreement that was not met: one of the"
                    " duties of the association in the agreement of %s.",
                    case.name,
                )
            )
        if self.breach_ground == "due_care" and not case._evidence_of("ground"):
            raise ValidationError(
                self.env._("Attach what shows that due care was not taken.")
            )
        if self.breach_ground == "professional_standard" and not (
            (self.standard or "").strip() and (self.standard_body or "").strip()
        ):
            raise ValidationError(
                self.env._("Name the standard, and the body that adopted it.")
            )

    def _is_own_duty(self):
        """Tell whether the duty is the association's own, in the case's agreement."""
        line = self.duty_line_id.sudo()
        agreement = self.compensation_id.sudo().agreement_id
        return (
            bool(agreement)
            and (line.kind, line.agreement_id) == ("duty", agreement)
            and line.party_id.is_association
        )

    def _check_cause(self):
        """R140: directly, or in a part that is named."""
        if self.direct_cause not in ("yes", "partly"):
            raise ValidationError(
                self.env._("Say whether the association is the direct cause.")
            )
        if (self.direct_cause == "partly") != (self.state == "partly"):
            raise ValidationError(
                self.env._("A cause in part is a condition that is met in part.")
            )
        if self.state == "partly" and not 0 < self.cause_percent < 100:
            raise ValidationError(
                self.env._(
                    "Say which part of the harm the association caused: more than 0%"
                    " and less than 100%."
                )
            )

    def _check_proof(self):
        """R141: a signed admission of who may give it, or a judgment that is final."""
        case = self.compensation_id.sudo()
        if self.proof_kind == "final_judgment":
            if not case._has_final_judgment():
                raise ValidationError(
                    self.env._(
                        "There is no final judgment on the dispute of %s. A judgment"
                        " that is not final proves nothing yet: suspend the case until"
                        " then.",
                        case.name,
                    )
                )
        elif self.proof_kind == "admission":
            if self.signer_id not in case.company_id._npo_admission_signers():
                raise ValidationError(
                    self.env._(
                        "An admission is signed by who may sign for the association."
                    )
                )
            if not case.evidence_ids.filtered(lambda file: file.source == "admission"):
                raise ValidationError(self.env._("Attach the signed admission."))
        else:
            raise ValidationError(self.env._("Say what proves the breach."))

    def _check_negotiation(self):
        """R142: an offer that was accepted, or the amount of a final judgment."""
        case = self.compensation_id.sudo()
        if not case._accepted_round() and not case._has_final_judgment():
            raise ValidationError(
                self.env._("The negotiation ends with an offer that was accepted.")
            )

    @api.constrains("condition", "state")
    def _check_partly(self):
        for finding in self:
            if finding.state == "partly" and finding.condition != "cause":
                raise ValidationError(
                    self.env._("Only the cause can be met in part; the rest is or not.")
                )

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    def _require_step(self):
        # OVERRIDE npo.compensation.part.mixin
        if not self.env.su:
            raise AccessError(
                self.env._("A finding is recorded by the button of the case.")
            )

    def action_find(self):
        """Open the form of a finding."""
        self.ensure_one()
        self.check_access("read")
        return self.compensation_id._step_action(
            "find", self.env._("Finding"), default_finding_id=self.id
        )


class NpoCompensation(models.Model):
    """The four conditions of a case: all of them, or nothing is granted (R136)."""

    _inherit = Base._name

    finding_ids = fields.One2many(
        "npo.compensation.finding",
        "compensation_id",
        string="Conditions",
        readonly=True,
        groups=READERS,
    )
    all_conditions_met = fields.Boolean(
        compute="_compute_all_conditions_met", store=True, groups=READERS
    )

    @api.depends("finding_ids.state", "finding_ids.condition")
    def _compute_all_conditions_met(self):
        for case in self:
            findings = case.finding_ids
            case.all_conditions_met = len(findings) == len(CONDITIONS) and all(
                finding.state in ("met", "partly") for finding in findings
            )

    @api.constrains("stage_id", "all_conditions_met")
    def _check_conditions(self):
        """Whoever writes the stage, by whatever way: four conditions first (R136)."""
        for case in self.sudo():
            if case.stage_code in GRANTING and not case.all_conditions_met:
                raise ValidationError(
                    self.env._(
                        "%(case)s cannot be granted: not all four conditions are met."
                        " Open: %(open)s.",
                        case=case.name,
                        open=case._open_conditions_text(),
                    )
                )

    def _open_conditions_text(self):
        labels = dict(
            self.finding_ids._fields["condition"]._description_selection(self.env)
        )
        known = {finding.condition: finding.state for finding in self.finding_ids}
        left = [
            label
            for code, label in labels.items()
            if known.get(code, "open") not in ("met", "partly")
        ]
        return format_list(self.env, left, style="unit-short")

    def _finding(self, condition):
        """Return the finding on a condition, as superuser."""
        return self.sudo().finding_ids.filtered(
            lambda finding: finding.condition == condition
        )

    def _begin_findings(self):
        """Make one line for each condition when the study begins (R136)."""
        self.env["npo.compensation.finding"].sudo().create(
            [
                {
                    "compensation_id": case.id,
                    "condition": code,
                    "sequence": number,
                }
                for case in self
                for number, (code, _label) in enumerate(CONDITIONS, start=1)
                if not case._finding(code)
            ]
        )

    def _find(self, condition, state, note, **vals):
        """Record what was found on a condition; one that is not met ends the case.

        :param vals: what belongs to the condition (`FOUND_FIELDS`)
        """
        self.ensure_one()
        self._require_group("compensation_officer", "legal_adviser")
        self._require_stage("study")
        if condition == "negotiation":
            raise UserError(
                self.env._("The fourth condition is found by the negotiation itself.")
            )
        note = self._require_text(note, self.env._("Write what was found, and why."))
        self.env["npo.duty"]._claim("find_breach", self)
        finding = self._finding(condition)
        kept = {name: vals.get(name, False) for name in FOUND_FIELDS}
        finding.write({"state": state, "note": note, **kept, **self._found_now()})
        if state == "not_met":
            is_cause = condition == "cause"
            self._refuse(
                "not_cause" if is_cause else "condition",
                note,
                referred_to=is_cause and vals.get("third_party"),
            )

    def _found_now(self):
        return {"found_by_id": self.env.uid, "date_found": self.company_id._npo_today()}

    def _check_studied(self):
        """Raise while one of the first three conditions is not found to be met."""
        left = self.sudo().finding_ids.filtered(
            lambda finding: (
                finding.condition != "negotiation"
                and finding.state not in ("met", "partly")
            )
        )
        if left or not self.sudo().finding_ids:
            raise UserError(
                self.env._(
                    "Before the negotiation, find on these conditions: %s.",
                    self.sudo()._open_conditions_text(),
                )
            )

    def _has_final_judgment(self):
        """Tell whether the dispute of the case ended with a final judgment (R141)."""
        dispute = self.sudo().dispute_id
        return bool(dispute.judgment_is_final and dispute.judgment_number)
