from odoo import api, fields, models


class NpoInquiryStep(models.TransientModel):
    """What a step of an inquiry asks for; the model checks who may (R063, R175)."""

    _name = "npo.inquiry.step"
    _description = "Step of an Inquiry"

    inquiry_id = fields.Many2one("npo.inquiry", required=True)
    company_id = fields.Many2one(related="inquiry_id.company_id", related_sudo=False)
    title = fields.Char(related="inquiry_id.title", related_sudo=False)
    description = fields.Text(related="inquiry_id.description", related_sudo=False)
    unit_answer = fields.Text(compute="_compute_unit_answer")
    step = fields.Selection(
        [
            ("answer", "Answer"),
            ("consult", "Ask the competent unit"),
            ("unit_answer", "Answer your colleague"),
            ("ask", "Ask the person"),
            ("reply", "The person replied"),
            ("hand_over", "Hand over"),
            ("reopen", "Open again"),
        ],
        required=True,
    )
    answer_id = fields.Many2one(
        "npo.answer",
        string="From the library",
        domain="[('company_id', '=', company_id), ('state', '!=', 'draft')]",
    )
    text = fields.Text("In words", compute="_compute_text", store=True, readonly=False)
    department_id = fields.Many2one("hr.department", string="Unit")
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    unclear_instructions = fields.Boolean("Our instructions were unclear here")

    @api.depends("answer_id")
    def _compute_text(self):
        """Fill in an answer of the library, in the person's gender."""
        for form in self:
            if form.answer_id:
                form.text = form.answer_id._fill(form.inquiry_id)

    @api.depends("inquiry_id")
    def _compute_unit_answer(self):
        """Show what the unit said last, to answer from."""
        for form in self:
            form.unit_answer = form.inquiry_id.consultation_ids[:1].answer

    def action_confirm(self):
        """Take the step."""
        self.ensure_one()
        inquiry = self.inquiry_id
        match self.step:
            case "answer":
                inquiry._answer(self.text, self.unclear_instructions, self.answer_id)
            case "consult":
                inquiry._consult(self.department_id, self.text, self.user_id)
            case "unit_answer":
                asked = inquiry.consultation_ids.filtered(lambda c: c.state == "asked")
                asked._reply(self.text)
            case "ask":
                inquiry._ask(self.text)
            case "reply":
                inquiry._record_reply(self.text)
            case "hand_over":
                inquiry._hand_over(self.user_id, self.text)
            case "reopen":
                inquiry._record_reopening(self.text)
