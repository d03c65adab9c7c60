from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.guards import check_values, without_defaults
from .agreement import IN_FORCE


class NpoAgreementClarification(models.Model):
    """What was made clear about an agreement; the other party reads it too (R031)."""

    _name = "npo.agreement.clarification"
    _description = "Clarification of an Agreement"
    _order = "date desc, id desc"
    _rec_name = "question"

    agreement_id = fields.Many2one(
        "npo.agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id",
        string="Association",
        store=True,
        precompute=True,
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    question = fields.Char("What was unclear", required=True)
    answer = fields.Text("What it means", required=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, default=lambda self: self.env.user
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            if not self.env.su:
                vals["user_id"] = self.env.uid
        lines = super(
            NpoAgreementClarification,
            without_defaults(self, lambda name: name not in ("agreement_id", "date")),
        ).create(vals_list)
        lines.agreement_id.check_access("write")
        told = lines.agreement_id.filtered(lambda one: one.state in IN_FORCE)
        told._notify("agreement_clarified", once=f"c{max(lines.ids, default=0)}")
        return lines

    def write(self, vals):
        if not self.env.su:
            raise AccessError(
                self.env._("The other party has read it: add another clarification.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(line.agreement_id.state != "draft" for line in self):
            raise UserError(
                self.env._("The other party has read it: add another clarification.")
            )
