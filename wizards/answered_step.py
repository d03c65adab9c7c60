from odoo import fields, models


class NpoAnsweredStep(models.AbstractModel):
    """What the steps of a case that is answered ask for; the model checks who may."""

    _name = "npo.answered.step"
    _description = "Step of a Case That Is Answered"

    # each kind names the model of its cases
    case_id = fields.Many2one("npo.answered.mixin", required=True)
    company_id = fields.Many2one(related="case_id.company_id", related_sudo=False)
    title = fields.Char(related="case_id.title", related_sudo=False)
    description = fields.Text(related="case_id.description", related_sudo=False)
    step = fields.Selection(
        [
            ("answer", "Answer"),
            ("ask", "Ask the person"),
            ("reply", "The person replied"),
            ("hand_over", "Hand over"),
            ("reopen", "Open again"),
        ],
        required=True,
    )
    text = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    def _take(self):
        """Take the step."""
        self.ensure_one()
        match self.step:
            case "ask":
                self.case_id._ask(self.text)
            case "reply":
                self.case_id._record_reply(self.text)
            case "hand_over":
                self.case_id._hand_over(self.user_id, self.text)
            case "reopen":
                self.case_id._record_reopening(self.text)
