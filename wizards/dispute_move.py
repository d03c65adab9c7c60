from odoo import api, fields, models


class NpoDisputeMove(models.TransientModel):
    """What a step of a dispute asks for: words, terms, a judgment."""

    _name = "npo.dispute.move"
    _description = "Next Step of a Dispute"

    dispute_id = fields.Many2one(
        "npo.dispute",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    step = fields.Selection(
        [
            ("next", "To the next step"),
            ("skip", "Leave the step out"),
            ("deed", "Terms of the settlement"),
            ("judge", "Judgment"),
            ("close", "Close"),
        ],
        required=True,
    )
    note = fields.Text("In words")
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    amount = fields.Monetary()
    number = fields.Char("Number of the judgment")
    court = fields.Char("Given by")
    date = fields.Date("Judged on")
    is_final = fields.Boolean("Final")
    file = fields.Binary("Judgment")
    file_name = fields.Char("Name of the file")
    advice = fields.Text(compute="_compute_advice")

    @api.depends("step")
    def _compute_advice(self):
        """Say what the step means."""
        _ = self.env._
        advice = {
            "next": _("It was not settled at this step: say what was tried."),
            "skip": _("Only for a reason that is on record with your name."),
            "deed": _(
                "As both sign it. The other party reads and signs it in the portal, or"
                " on paper."
            ),
            "judge": _("A final judgment is recorded with its paper."),
            "close": _("Say in a sentence what came of it."),
        }
        for form in self:
            form.advice = advice.get(form.step)

    def action_confirm(self):
        """Take the step; the model checks who may."""
        self.ensure_one()
        dispute = self.dispute_id
        if self.step == "next":
            dispute._next(self.note)
        elif self.step == "skip":
            dispute._skip(self.note)
        elif self.step == "deed":
            dispute._offer_deed(self.note, self.amount)
        elif self.step == "judge":
            dispute._judge(
                {
                    "judgment_number": self.number,
                    "judgment_court": self.court,
                    "judgment_date": self.date,
                    "judgment_is_final": self.is_final,
                    "judgment_amount": self.amount,
                    "judgment_file": self.file,
                    "judgment_file_name": self.file_name,
                }
            )
        else:
            dispute._close(self.note)
