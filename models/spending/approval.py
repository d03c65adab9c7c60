from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.guards import check_values, without_defaults
from ..core.immutable_mixin import NpoImmutableMixin
from ..core.locks import hold
from .authority import APPROVERS, KINDS

OPEN_STATES = ("waiting", "waiting_second")
ROLES = {
    "committee_chair": "committee_member",
    "general_manager": "general_manager",
    "board": "governance_officer",
    "compensation_approver": "compensation_approver",
}


class NpoApproval(models.Model):
    """A decision that waits for who may take so much upon them (D19, P066).

    Asked by the step that decides; answered by a person of the right line, with a
    reason, who took no part in it. What follows is the record's own:
    `npo.approval.mixin`.
    """

    _name = "npo.approval"
    _description = "Higher Approval"
    _inherit = [NpoImmutableMixin._name]
    _order = "id desc"
    _rec_name = "res_name"

    res_model = fields.Char("Kind of file", required=True)
    res_id = fields.Many2oneReference("File", model_field="res_model", required=True)
    res_name = fields.Char("Reference", required=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, string="What", required=True)
    subject = fields.Char("What is approved")
    amount = fields.Monetary()
    reason = fields.Text("Why it is needed", required=True)
    line_id = fields.Many2one("npo.authority.line", ondelete="set null")
    approver = fields.Selection(APPROVERS, string="Approved by", required=True)
    second_approver = fields.Selection(APPROVERS, string="And by")
    state = fields.Selection(
        [
            ("waiting", "Waiting for approval"),
            ("waiting_second", "Waiting for the second approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("void", "No longer needed"),
        ],
        required=True,
        default="waiting",
    )
    user_id = fields.Many2one("res.users", string="Answered by")
    date = fields.Datetime("Answered on")
    note = fields.Text("Reason of the answer")
    second_user_id = fields.Many2one("res.users", string="Second answer by")
    second_date = fields.Datetime("Second answer on")
    second_note = fields.Text("Reason of the second answer")
    meeting_id = fields.Many2one(
        "npo.board.meeting", string="Meeting of the board", ondelete="restrict"
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _open_idx = models.Index(
        "(company_id, approver) WHERE state IN ('waiting', 'waiting_second')"
    )
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("state", "approver", "second_approver")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        """Tell whether the user is of the line that is asked now."""
        for approval in self:
            approval.is_mine = approval.state in OPEN_STATES and approval._is_approver(
                approval._asked()
            )

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A higher approval is asked by its step."))
        return super(NpoApproval, without_defaults(self)).create(vals_list)

    @api.model
    def _immutable_refusal(self):
        # OVERRIDE npo.immutable.mixin
        return self.env._(
            "A higher approval is answered by its button, and never deleted."
        )

    # ------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------

    def action_answer(self):
        """Open the form of the answer."""
        self.ensure_one()
        self._require_approver()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Higher Approval"),
            "res_model": "npo.approval.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_approval_id": self.id},
        }

    def _record(self):
        """Return what is approved, in sudo: who approves may not see the file."""
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id)

    def _asked(self):
        return self.second_approver if self.state == "waiting_second" else self.approver

    def _is_approver(self, approver):
        user = self.env.user
        if not user.has_group(f"npo_relations.group_npo_{ROLES[approver]}"):
            return False
        return (
            approver != "committee_chair" or user in self._record()._approval_chairs()
        )

    def _require_approver(self):
        self.check_access("read")
        for approval in self:
            if approval.state not in OPEN_STATES:
                raise UserError(
                    self.env._("%s was answered already.", approval.res_name)
                )
            asked = approval._asked()
            if not approval._is_approver(asked):
                labels = dict(self._fields["approver"]._description_selection(self.env))
                raise AccessError(
                    self.env._("This approval is for: %s.", labels[asked])
                )

    def _answer(self, accept, note, meeting=None):
        """Approve or refuse, with a reason; the record goes on by it.

        :param meeting: of the board, where the board is asked
        """
        self.ensure_one()
        hold(self)
        self.invalidate_recordset(["state"])
        self._require_approver()
        note = (note or "").strip()
        if not note:
            raise UserError(self.env._("Write the reason first."))
        check_values(self, {"note": note})
        if self._asked() == "board" and not meeting:
            raise UserError(
                self.env._("Choose the meeting in which the board decided on it.")
            )
        record = self._record()
        self._check_person(record)
        prefix = "second_" if self.state == "waiting_second" else ""
        vals = {
            f"{prefix}user_id": self.env.uid,
            f"{prefix}date": fields.Datetime.now(),
            f"{prefix}note": note,
        }
        if meeting:
            vals["meeting_id"] = meeting.id
        if not accept:
            vals["state"] = "refused"
        elif self.second_approver and not prefix:
            vals["state"] = "waiting_second"
        else:
            vals["state"] = "approved"
        self.sudo().write(vals)
        if vals["state"] == "refused":
            record._approval_refused(self.sudo())
        elif vals["state"] == "approved":
            record._approval_given(self.sudo())

    def _check_person(self, record):
        """Approve nothing that one registered, verified or decided oneself (P066)."""
        if self.state == "waiting_second" and self.user_id == self.env.user:
            raise UserError(
                self.env._("The second approval is for another person than the first.")
            )
        record._check_approval_person()
        self.env["npo.duty"]._claim("approve", record)

    def _void(self):
        """Note that what was asked is taken back."""
        self.filtered(lambda approval: approval.state in OPEN_STATES).write(
            {"state": "void"}
        )


class NpoApprovalMixin(models.AbstractModel):
    """A record whose decision may need a higher approval."""

    _name = "npo.approval.mixin"
    _description = "Approved by Authority"

    approval_id = fields.Many2one(
        "npo.approval",
        string="Higher approval",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="npo_relations.group_npo_relations_officer,"
        "npo_relations.group_npo_committee_member,"
        "npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_governance_officer,"
        "npo_relations.group_npo_auditor",
    )
    approval_state = fields.Selection(
        related="approval_id.state",
        string="State of the higher approval",
        groups="npo_relations.group_npo_staff",
    )

    def _ask_approval(self, kind, amount, reason, subject=""):
        """Ask for the approval that the matrix wants; return it, or none.

        :param reason: why it is needed, as the approver reads it; "" asks only where
            a line of the matrix names the amount
        """
        self.ensure_one()
        line = self.env["npo.authority.line"]._for(self.company_id, kind, amount)
        if not (line or reason):
            return self.env["npo.approval"]
        approval = (
            self.env["npo.approval"]
            .sudo()
            .create(
                {
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_name": self.name,
                    "company_id": self.company_id.id,
                    "kind": kind,
                    "subject": subject,
                    "amount": amount,
                    "reason": reason
                    or self.env._("The amount is above what is decided without it."),
                    "line_id": line.id,
                    "approver": line.approver or "general_manager",
                    "second_approver": line.second_approver,
                }
            )
        )
        self.sudo().approval_id = approval
        return approval

    def _check_approval(self):
        """Raise while a higher approval is missing."""
        approval = self.sudo().approval_id
        if approval and approval.state != "approved":
            labels = dict(approval._fields["approver"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(file)s waits for a higher approval (%(who)s): %(reason)s",
                    file=self.name,
                    who=labels[approval._asked()],
                    reason=approval.reason,
                )
            )

    def _approval_chairs(self):
        """Return the users who are asked where the chair is."""
        return self.env["res.users"]

    def _check_approval_person(self):
        """Raise when it cannot be approved now, or not by the user."""

    def _approval_refused(self, approval):
        """Go on after a refusal."""

    def _approval_given(self, approval):
        """Go on after the last approval, in the same transaction."""
