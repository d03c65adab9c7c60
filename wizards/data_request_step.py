from odoo import api, fields, models

from ..models.privacy.data_request import IDENTITY_WAYS, OUTCOMES


class NpoDataRequestStep(models.TransientModel):
    """What a step of a privacy request asks for (P014)."""

    _name = "npo.data.request.step"
    _description = "Step of a Privacy Request"

    case_id = fields.Many2one(
        "npo.data.request",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    kind = fields.Selection(related="case_id.kind", related_sudo=False)
    step = fields.Selection(
        [
            ("verify", "Verify the identity"),
            ("fulfil", "Answer"),
            ("extend", "Take longer"),
            ("refuse", "Refuse"),
            ("cancel", "Cancel"),
            ("object", "Record the objection"),
        ],
        required=True,
    )
    identity_way = fields.Selection(IDENTITY_WAYS, "Identity verified by")
    outcome = fields.Selection(OUTCOMES, default="done")
    reason_id = fields.Many2one("npo.reason", domain=[("kind", "=", "privacy")])
    note = fields.Text("Text")
    advice = fields.Text(compute="_compute_advice")

    @api.depends("kind", "step")
    def _compute_advice(self):
        """Say what the step means for what is asked."""
        _ = self.env._
        answers = {
            "inform": _("Read the notice to the person, or hand it over, then close."),
            "access": _("Show the person the copy of the data."),
            "copy": _("Print the copy, or leave it in the portal: it opens there."),
            "correct": _(
                "Confirm the corrections first. Then write what was corrected."
            ),
            "destroy": _(
                "Write what is destroyed and by when, and what the law obliges us to"
                " keep."
            ),
            "withdraw": _("What was agreed to ends now, and what depends on it stops."),
        }
        steps = {
            "verify": _("Nothing is given before it is certain who asks."),
            "extend": _("Thirty days more, once. The person is told the reason."),
            "refuse": _("The person is told the reason, and where to complain."),
            "cancel": _("Only for what the person takes back or was recorded twice."),
            "object": _("A colleague of who refused looks at it again, from anew."),
        }
        for form in self:
            texts = answers if form.step == "fulfil" else steps
            form.advice = texts.get(form.kind if form.step == "fulfil" else form.step)

    def action_confirm(self):
        """Take the step; the model checks who may."""
        self.ensure_one()
        case = self.case_id
        if self.step == "verify":
            case._verify_identity(self.identity_way, self.note)
        elif self.step == "fulfil":
            case._fulfil(self.outcome, self.note)
        elif self.step == "extend":
            case._extend(self.note)
        elif self.step == "refuse":
            case._refuse(self.reason_id, self.note)
        elif self.step == "object":
            return case._object_at_desk(self.note)
        else:
            case._cancel(self.note)
        return None
