from odoo import api, fields, models
from odoo.exceptions import AccessError


class NpoProfileApply(models.TransientModel):
    """Load the profile of an association: R210.

    A profile is data: the facts of the association's approved policy as printed, and
    the defaults of the product where the policy is silent.
    """

    _name = "npo.profile.apply"
    _description = "Apply a Profile"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    profile_code = fields.Selection(
        "_selection_profile_code", string="Profile", required=True
    )
    current_code = fields.Char(
        related="company_id.npo_profile_code", string="Present profile"
    )

    @api.model
    def _selection_profile_code(self):
        return self.env["res.company"]._npo_profile_names()

    def action_apply(self):
        """Apply the profile; what the association has already is left as it is."""
        self.ensure_one()
        if not self.env.user.has_group("npo_relations.group_npo_admin"):
            raise AccessError(
                self.env._(
                    "Only an administrator can apply the profile of an association."
                )
            )
        self.company_id.check_access("read")
        company = self.company_id
        company._npo_apply_profile(self.profile_code)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Policies"),
            "res_model": "npo.policy.version",
            "view_mode": "list,form",
            "domain": [("company_id", "=", company.id)],
        }
