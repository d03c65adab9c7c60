from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.guards import check_values, without_defaults
from .agreement_settlement import METHODS


class NpoDisputeStep(models.Model):
    """A step of the ladder of one dispute; the dispute's own steps write it."""

    _name = "npo.dispute.step"
    _description = "Step of a Dispute"
    _order = "sequence, id"
    _rec_name = "method"

    dispute_id = fields.Many2one(
        "npo.dispute", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="dispute_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    method = fields.Selection(METHODS, required=True)
    days = fields.Integer("Working days")
    body = fields.Char("Before whom")
    date_start = fields.Date("Begun on")
    date_due = fields.Date("Due")
    date_end = fields.Date("Ended on")
    outcome = fields.Selection(
        [
            ("settled", "Settled"),
            ("failed", "Not settled"),
            ("skipped", "Left out"),
            ("judged", "Judged"),
        ]
    )
    note = fields.Text("What came of it")
    approved_by_id = fields.Many2one("res.users", string="Leaving out approved by")


class NpoDisputeMeeting(models.Model):
    """A meeting of the parties: who, where, what was said and agreed on (R149)."""

    _name = "npo.dispute.meeting"
    _description = "Meeting on a Dispute"
    _order = "date desc, id desc"
    _rec_name = "place"

    dispute_id = fields.Many2one(
        "npo.dispute", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="dispute_id.company_id", store=True, precompute=True, index=True
    )
    step_id = fields.Many2one(
        "npo.dispute.step", string="At the step", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    place = fields.Char(required=True)
    attendees = fields.Text("Who was there")
    minutes = fields.Text("What was said")
    agreed_points = fields.Text("What was agreed on")
    is_held = fields.Boolean("Held", compute="_compute_is_held", store=True)

    @api.depends("minutes")
    def _compute_is_held(self):
        for meeting in self:
            meeting.is_held = bool((meeting.minutes or "").strip())

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            self._check_fields(vals)
        meetings = super(
            NpoDisputeMeeting,
            without_defaults(self, lambda name: name not in ("dispute_id", "date")),
        ).create(vals_list)
        meetings._check_open()
        for meeting in meetings:
            meeting.sudo().step_id = meeting.dispute_id.sudo().step_id
            if meeting.date > fields.Datetime.now():
                meeting.dispute_id._notify("dispute_meeting", once=f"m{meeting.id}")
        return meetings

    def write(self, vals):
        check_values(self, vals)
        self._check_fields(vals)
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self._check_open()
        if any(meeting.is_held for meeting in self):
            raise UserError(self.env._("A meeting that was held is not deleted."))

    def _check_fields(self, names):
        if not self.env.su and {"event_id", "step_id", "is_held"} & set(names):
            raise AccessError(self.env._("This is filled by the steps of the dispute."))

    def _check_open(self):
        """Raise unless the dispute goes on, for who may write it."""
        if self.env.su:
            return
        self.dispute_id.check_access("write")
        if any(meeting.dispute_id.is_closed for meeting in self):
            raise UserError(self.env._("The dispute is settled: nothing is added."))
