from odoo import api, fields, models

from ..models.agreement.agreement_line import CONSEQUENCES


class NpoAgreementStep(models.TransientModel):
    """What a step of an agreement asks for: a reason, a day, a decision."""

    _name = "npo.agreement.step"
    _description = "Step of an Agreement"

    step = fields.Selection(
        [
            ("return", "Return"),
            ("review", "Reviewed"),
            ("terminate", "Terminate"),
            ("decide", "Decide on a breach"),
            ("allow", "Allow without an agreement"),
        ],
        required=True,
    )
    agreement_id = fields.Many2one("npo.agreement")
    breach_id = fields.Many2one("npo.agreement.breach")
    exception_ids = fields.Many2many(
        "npo.agreement.exception", default=lambda self: self._default_exceptions()
    )
    note = fields.Text("In words")
    day = fields.Date(default=fields.Date.context_today)
    next_date = fields.Date("To be reviewed next on")
    consequence = fields.Selection(CONSEQUENCES)
    advice = fields.Text(compute="_compute_advice")

    @api.model
    def _default_exceptions(self):
        context = self.env.context
        if context.get("active_model") != "npo.agreement.exception":
            return []
        return [fields.Command.set(context.get("active_ids") or [])]

    @api.depends("step")
    def _compute_advice(self):
        """Say what the step means."""
        _ = self.env._
        advice = {
            "return": _(
                "It goes back to who drew it up. What was found in order is looked at"
                " anew."
            ),
            "review": _("It stays in force. A change of its terms is a new version."),
            "terminate": _(
                "It binds nobody from this day on. The other party is told the reason."
            ),
            "decide": _("What follows from the breach, as the agreement provides."),
            "allow": _("The dealing goes on, with your reason on record."),
        }
        for form in self:
            form.advice = advice.get(form.step)

    def action_confirm(self):
        """Take the step; the model checks who may."""
        self.ensure_one()
        if self.step == "return":
            self.agreement_id._return(self.note)
        elif self.step == "review":
            self.agreement_id._reviewed(self.next_date, self.note)
        elif self.step == "terminate":
            self.agreement_id._terminate(self.note, self.day)
        elif self.step == "decide":
            self.breach_id._decide(self.note, self.consequence)
        else:
            self.exception_ids._allow(self.note)
