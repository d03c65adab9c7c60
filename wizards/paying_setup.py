from odoo import api, fields, models
from odoo.exceptions import AccessError


class NpoPayingSetup(models.TransientModel):
    """Make accounts, journals and analytic funds of paying in one step (P064, P065)."""

    _name = "npo.paying.setup"
    _description = "Set Up Paying"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    has_chart = fields.Boolean("Has a chart of accounts", compute="_compute_has_chart")

    @api.depends("company_id")
    def _compute_has_chart(self):
        for setup in self:
            setup.has_chart = bool(setup.company_id.sudo().chart_template)

    def action_apply(self):
        """Make what is missing; what is there stays as it is."""
        self.ensure_one()
        if not self.env.user.has_group("npo_relations.group_npo_admin"):
            raise AccessError(
                self.env._("The accounting is set up by an administrator.")
            )
        self.company_id.sudo()._npo_set_up_paying()
        return {"type": "ir.actions.act_window_close"}
