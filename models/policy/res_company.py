from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_policy_ids = fields.One2many("npo.policy", "company_id", string="Policies")
    npo_review_months = fields.Integer(
        "Months between reviews of a policy",
        default=12,
        help="Proposed to each policy. ⚖ The association's own decision.",
    )
    npo_policy_version_id = fields.Many2one(
        "npo.policy.version",
        string="Policy in force",
        compute="_compute_npo_policy_version_id",
        store=True,
        compute_sudo=True,
        help="The version under which new cases run. Empty: none is in force.",
    )

    @api.depends(
        "npo_policy_ids.active",
        "npo_policy_ids.is_operating",
        "npo_policy_ids.current_version_id",
    )
    def _compute_npo_policy_version_id(self):
        """Stored, for every new case reads it (performance rule 4)."""
        for company in self:
            operating = company.npo_policy_ids.filtered("is_operating")
            company.npo_policy_version_id = operating.current_version_id[:1]

    def _npo_require_policy_version(self):
        """Return the version in force; without one no clock can start (R210).

        :raise UserError: saying what to do
        """
        self.ensure_one()
        version = self.sudo().npo_policy_version_id
        if not version:
            raise UserError(
                self.env._(
                    "No version of the policy is in force in %(association)s, so the "
                    "time of study cannot be counted. Ask the governance officer to "
                    "apply the profile of the association or to approve a version "
                    "under Governance, Policies.",
                    association=self.name,
                )
            )
        return version.with_env(self.env)
