from odoo import api, fields, models

from .answered_step import NpoAnsweredStep


class NpoInfoRequestStep(models.TransientModel):
    """What a step of a request for information asks for (R165)."""

    _name = "npo.info.request.step"
    _description = "Step of a Request for Information"
    _inherit = [NpoAnsweredStep._name]

    case_id = fields.Many2one("npo.info.request", string="Request")
    outcome = fields.Selection(
        lambda self: (
            self.env["npo.info.request"]
            ._fields["outcome"]
            ._description_selection(self.env)
        ),
        default="full",
    )
    reason_id = fields.Many2one("npo.reason", domain=[("kind", "=", "information")])
    item_id = fields.Many2one(
        "npo.info.item",
        string="Information on file",
        domain="[('company_id', '=', company_id), ('is_published', '=', True)]",
    )
    text = fields.Text(compute="_compute_text", store=True, readonly=False)

    @api.depends("item_id")
    def _compute_text(self):
        """Answer with what is on file and was verified."""
        for form in self:
            if form.item_id:
                form.text = form.item_id.body

    def action_confirm(self):
        """Take the step."""
        self._take()

    def _take(self):
        # EXTENDS npo.answered.step
        if self.step == "answer":
            self.case_id._answer(self.outcome, self.text, self.reason_id, self.item_id)
        else:
            super()._take()
