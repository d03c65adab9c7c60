from odoo import fields, models

from .request_reason import NpoRequestReason as BaseReason


class NpoRequestReason(models.TransientModel):
    """The reason of the urgent track (P139)."""

    _inherit = BaseReason._name

    step = fields.Selection(
        selection_add=[("urgent", "Take the urgent track")],
        ondelete={"urgent": "cascade"},
    )

    def action_confirm(self):
        # EXTENDS npo_relations
        if self.step == "urgent" and self.reason_id.kind == self.step:
            self.request_ids._take_urgent_track(self.reason_id, self.note)
            return
        super().action_confirm()


class NpoRequestUrgentReview(models.TransientModel):
    """What the manager finds when looking at an urgent case afterwards (P139)."""

    _name = "npo.request.urgent.review"
    _description = "Review of an Urgent Case"

    request_id = fields.Many2one("npo.request", required=True)
    review = fields.Selection(
        lambda self: (
            self.env["npo.request"]
            ._fields["urgent_review"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    note = fields.Text("What was found", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.request_id._review_urgent(self.review, self.note)
