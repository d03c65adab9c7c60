from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint import NpoComplaint as Base

APPROVERS = ("centre_manager", "general_manager")
APPROVED_SEVERITIES = ("high", "critical")


class NpoComplaint(models.Model):
    """A solution is proposed, approved where it is grave, and told (P073–P076)."""

    _inherit = Base._name

    proposal = fields.Text(
        "Solution proposed", readonly=True, copy=False, prefetch=False
    )
    date_proposed = fields.Datetime("Proposed on", readonly=True, copy=False)
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        "res.users", "Solution approved by", readonly=True, copy=False
    )
    date_approved = fields.Datetime("Approved on", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    @api.depends("severity", "stage_code", "date_approved", "date_proposed", "user_id")
    def _compute_needs_approval(self):
        """A grave complaint is answered as somebody else approved (P073).

        Above the chair of the board, who has what concerns all others, is nobody.
        """
        for case in self:
            is_grave = case.severity in APPROVED_SEVERITIES and not case.date_approved
            case.needs_approval = is_grave and not case._is_last_resort(APPROVERS)

    # ------------------------------------------------------------
    # PROPOSED
    # ------------------------------------------------------------

    def _propose(self, proposal):
        """Propose a solution; what is grave waits for another person's approval."""
        self.ensure_one()
        self._take("investigation", "assessed", "reopened")
        self._check_assessed()
        self._check_units_answered()
        proposal = self._require_text(
            proposal, self.env._("Write the solution that is proposed.")
        )
        self.env["npo.duty"]._claim("handle", self)
        self._move(
            "proposed",
            proposal=proposal,
            date_proposed=fields.Datetime.now(),
            proposed_by_id=self.env.uid,
            approved_by_id=False,
            date_approved=False,
        )
        if self.needs_approval:
            self._task(
                self._unconcerned("npo_relations.group_npo_general_manager")[:1],
                self.env._("Approve the solution of a complaint"),
            )

    def action_approve(self):
        """Approve the solution of a grave complaint, as another person (P073)."""
        self._check_not_barred()
        self._require_approver()
        self._require_stage("proposed")
        self.env["npo.duty"]._claim("endorse", self)
        self.sudo().write(
            {"approved_by_id": self.env.uid, "date_approved": fields.Datetime.now()}
        )
        for case in self:
            case._end_tasks(self.env._("Approve the solution of a complaint"))
            case._task(case.user_id, self.env._("The solution was approved"))

    def _require_approver(self):
        """Raise unless the user is of those who approve; not who proposed (duty)."""
        self._require_group(*APPROVERS)

    def _decide(self, outcome, root_cause, answer):
        """Decide, and tell the person with the right to object (P075, P076)."""
        self.ensure_one()
        self._take("proposed", "investigation", "assessed", "reopened")
        self._check_assessed()
        self._check_units_answered()
        if self.needs_approval:
            raise UserError(
                self.env._(
                    "%s is grave: propose its solution, and have it approved by"
                    " somebody else first.",
                    self.name,
                )
            )
        self._check_decision(outcome, root_cause, answer)
        self.env["npo.duty"]._claim("decide", self)
        self._tell_decision(outcome, root_cause, answer)

    def _check_decision(self, outcome, root_cause, answer):
        if not outcome or not root_cause:
            raise UserError(
                self.env._("A complaint is decided with its outcome and its cause.")
            )
        self._require_text(answer, self.env._("Write the answer: the letter tells it."))
        self._check_text_lengths({"answer": answer})

    def _tell_decision(self, outcome, root_cause, answer):
        """Put the decision on the complaint and tell the person."""
        self._end_tasks()
        self._move(
            "decided",
            outcome=outcome,
            root_cause=root_cause,
            answer=answer.strip(),
            decided_by_id=self.env.uid,
            date_answered=fields.Datetime.now(),
            is_satisfied=False,
        )
        self._notify("cmp_decision")
