from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.guards import check_values
from .guards import CASE_GROUPS, OFFICE, check_written

# What is put to the vote: field of the item -> field of the request.
MOTION = {
    "motion": "decision",
    "reason_id": "decision_reason_id",
    "note": "decision_note",
    "conditions": "conditions",
    "amount": "amount_approved",
    "quantity": "quantity_approved",
    "date_valid_until": "date_valid_until",
}


class NpoCommitteeItem(models.Model):
    """A request on the agenda: what is moved, and what became of it (R123, R124).

    Here: the item and its motion. The votes are in `vote` and counted in `ballot`,
    who may not vote in `recusal`, the screen of study in `study`.
    """

    _name = "npo.committee.item"
    _description = "Request on an Agenda"
    _order = "session_id desc, sequence, id"
    _rec_name = "reference"
    _rec_names_search = ["request_id.name"]

    session_id = fields.Many2one(
        "npo.committee.session", required=True, index=True, ondelete="cascade"
    )
    session_state = fields.Selection(related="session_id.state")
    session_kind = fields.Selection(related="session_id.kind")
    is_office = fields.Boolean(related="session_id.is_office", related_sudo=False)
    committee_id = fields.Many2one(
        related="session_id.committee_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True, index=True
    )
    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="restrict", readonly=True
    )
    reference = fields.Char(related="request_id.name", string="Request number")
    service_id = fields.Many2one(related="request_id.service_id")
    service_kind = fields.Selection(related="request_id.service_kind")
    # not `related`: core searches those with the rights of nobody in particular
    partner_id = fields.Many2one(
        "res.partner",
        "Applicant",
        compute="_compute_partner_id",
        compute_sudo=True,
        search="_search_partner_id",
        groups=CASE_GROUPS,
    )
    currency_id = fields.Many2one(related="request_id.currency_id")
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        [
            ("pending", "To decide"),
            ("decided", "Decided"),
            ("postponed", "Postponed"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="pending",
        readonly=True,
        index=True,
    )

    # when it may be answered, and by when
    earliest_reply_date = fields.Date(related="request_id.earliest_reply_date")
    reply_deadline = fields.Date(related="request_id.reply_deadline")
    window_state = fields.Selection(related="request_id.window_state")
    window_explanation = fields.Char(related="request_id.window_explanation")

    # the motion
    motion = fields.Selection(
        lambda self: (
            self.env["npo.request"]._fields["decision"]._description_selection(self.env)
        ),
    )
    reason_id = fields.Many2one(
        "npo.reason", string="Reason", domain=[("kind", "=", "rejection")]
    )
    note = fields.Text("Reasoning")
    conditions = fields.Text()
    amount = fields.Monetary("Amount moved")
    quantity = fields.Float("Quantity moved", digits="Product Unit")
    date_valid_until = fields.Date("Valid until")

    _one_agenda = models.UniqueIndex(
        "(request_id) WHERE state = 'pending'",
        "One of the requests was put on another agenda a moment ago. Reload the page"
        " and draw the agenda again.",
    )
    _session_idx = models.Index("(session_id, sequence, id)")

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    @api.depends("request_id.partner_id")
    def _compute_partner_id(self):
        for item in self:
            item.partner_id = item.request_id.partner_id

    @api.model
    def _search_partner_id(self, operator, value):
        """Find items by their applicant, among the requests that the user reads."""
        return Domain("request_id.partner_id", operator, value)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        check_written(self, vals, {*MOTION, "sequence"})
        check_values(self, vals)
        self.committee_id._require_seat(*OFFICE)
        self._require_open("draft", "convened", "open")
        changed = self.filtered(lambda item: item._changes_motion(vals))
        result = super().write(vals)
        changed._drop_votes()
        return result

    def _changes_motion(self, vals):
        """Tell whether the values make it another motion than the one voted on."""
        return any(
            self._fields[name].convert_to_cache(value, self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name, value in vals.items()
            if name in MOTION
        )

    def _drop_votes(self):
        """Votes are on a motion: another motion begins without any; it is logged."""
        for item in self.sudo().filtered(lambda item: item.vote_ids):
            count = len(item.vote_ids)
            item.vote_ids.unlink()
            item.casting_vote = False
            item.session_id.message_post(
                body=self.env._(
                    "The motion on %(request)s was changed. Votes that fell:"
                    " %(count)s.",
                    request=item.reference,
                    count=count,
                )
            )

    def _require_open(self, *session_states):
        """Raise unless the items can still be worked on; lock nothing."""
        for item in self:
            if item.state != "pending":
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(request)s is not on the table any more: %(state)s.",
                        request=item.reference,
                        state=labels[item.state],
                    )
                )
            if item.session_state not in session_states:
                raise UserError(
                    self.env._(
                        "The session %s is not at a stage for this.",
                        item.session_id.name,
                    )
                )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_postpone(self):
        """Leave the requests to another session; they can be drawn again at once."""
        self._step_off("postponed")

    def action_withdraw(self):
        """Take the requests off the agenda."""
        self._step_off("withdrawn")

    def _step_off(self, state):
        self.committee_id._require_seat(*OFFICE)
        self._lock()
        self._require_open("draft", "convened", "open")
        self.sudo().write({"state": state})

    def action_view_request(self):
        """Open the whole request."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.request",
            "res_id": self.request_id.id,
            "view_mode": "form",
        }
