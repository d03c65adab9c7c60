from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..core.guards import check_values, without_defaults
from ..core.immutable_mixin import NpoImmutableMixin

# Written by the change itself.
STEP_FIELDS = frozenset({"years_before", "user_id"})


class NpoRetentionChange(models.Model):
    """Who changed how long an association keeps a class, and why (P009, D17).

    Making a line changes the years (⚖); nothing else does. Lines stay as they are.
    """

    _name = "npo.retention.change"
    _description = "Change of Retention Years"
    _inherit = [NpoImmutableMixin._name]
    _order = "id desc"
    _rec_name = "class_id"

    class_id = fields.Many2one(
        "npo.retention.class",
        string="Retention class",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    years_before = fields.Integer("Years before", readonly=True)
    years = fields.Integer(
        "Years from now on", help="As the association's policy says. 0: as proposed."
    )
    reason = fields.Text(required=True, help="The policy or the decision that says so.")
    user_id = fields.Many2one(
        "res.users", "Changed by", readonly=True, default=lambda self: self.env.user
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Change the years of classes, with the reason."""
        self = without_defaults(self, lambda name: name in STEP_FIELDS)
        for vals in vals_list:
            check_values(self, vals)
            if not self.env.su and STEP_FIELDS & set(vals):
                raise AccessError(self._immutable_refusal())
        lines = super().create(vals_list)
        for line in lines.sudo():
            line._apply()
        return lines

    def _apply(self):
        """Write the years of the line; what the law asks at least is looked at."""
        if not self.reason.strip():
            raise UserError(self.env._("Write the reason."))
        one = self.class_id.with_company(self.company_id)
        if one.is_permanent:
            raise UserError(self.env._("What is kept for good has no years."))
        self.years_before = one.years
        one.own_years = self.years

    @api.model
    def _immutable_refusal(self):
        # OVERRIDE npo.immutable.mixin
        return self.env._("A change of the years stays on record as it was made.")
