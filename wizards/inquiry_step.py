from odoo import api, fields, models

from .answered_step import NpoAnsweredStep


class NpoInquiryStep(models.TransientModel):
    """What a step of an inquiry asks for (R063, R175)."""

    _name = "npo.inquiry.step"
    _description = "Step of an Inquiry"
    _inherit = [NpoAnsweredStep._name]

    case_id = fields.Many2one("npo.inquiry", string="Inquiry")
    step = fields.Selection(
        selection_add=[
            ("consult", "Ask the competent unit"),
            ("unit_answer", "Answer your colleague"),
        ],
        ondelete={"consult": "cascade", "unit_answer": "cascade"},
    )
    unit_answer = fields.Text(compute="_compute_unit_answer")
    answer_id = fields.Many2one(
        "npo.answer",
        string="From the library",
        domain="[('company_id', '=', company_id), ('state', '!=', 'draft')]",
    )
    text = fields.Text(compute="_compute_text", store=True, readonly=False)
    department_id = fields.Many2one("hr.department", string="Unit")
    unclear_instructions = fields.Boolean("Our instructions were unclear here")

    @api.depends("answer_id")
    def _compute_text(self):
        """Fill in an answer of the library, in the person's gender."""
        for form in self:
            if form.answer_id:
                form.text = form.answer_id._fill(form.case_id)

    @api.depends("case_id")
    def _compute_unit_answer(self):
        """Show what the unit said last, to answer from."""
        for form in self:
            form.unit_answer = form.case_id.consultation_ids[:1].answer

    def action_confirm(self):
        """Take the step."""
        self._take()

    def _take(self):
        # EXTENDS npo.answered.step
        inquiry = self.case_id
        match self.step:
            case "answer":
                inquiry._answer(self.text, self.unclear_instructions, self.answer_id)
            case "consult":
                inquiry._consult(self.department_id, self.text, self.user_id)
            case "unit_answer":
                asked = inquiry.consultation_ids.filtered(lambda c: c.state == "asked")
                asked._reply(self.text)
            case _:
                super()._take()
