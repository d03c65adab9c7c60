from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoPolicy(models.Model):
    """A policy, bylaw or manual that the association approved: R001.

    What it says stands on its versions; at most one of them is in force. One policy
    of each association runs its cases (``is_operating``): the others are kept in the
    register only.
    """

    _name = "npo.policy"
    _description = "Policy"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    def _default_is_operating(self):
        """The first policy of an association is the one that runs its cases."""
        return not self.search_count(
            [("company_id", "=", self.env.company.id), ("is_operating", "=", True)],
            limit=1,
        )

    name = fields.Char(
        required=True,
        translate=True,
        help="The title people use. The title as printed stands on the version.",
    )
    kind = fields.Selection(
        [("policy", "Policy document"), ("bylaw", "Bylaw"), ("manual", "Manual")],
        required=True,
        default="policy",
        tracking=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    is_operating = fields.Boolean(
        string="Runs the cases",
        default=lambda self: self._default_is_operating(),
        tracking=True,
        help="Requests run under the version of this policy that is in force.",
    )
    version_ids = fields.One2many("npo.policy.version", "policy_id", string="Versions")
    version_count = fields.Integer(compute="_compute_version_count")
    current_version_id = fields.Many2one(
        "npo.policy.version",
        string="Version in force",
        compute="_compute_current_version_id",
        store=True,
        compute_sudo=True,
    )

    _operating_uniq = models.UniqueIndex(
        "(company_id) WHERE is_operating IS TRUE AND active IS TRUE",
        "Another policy of the association already runs its cases.",
    )

    @api.depends("version_ids")
    def _compute_version_count(self):
        counts = dict(
            self.env["npo.policy.version"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.version_count = counts.get(policy._origin, 0)

    @api.depends("version_ids.state")
    def _compute_current_version_id(self):
        for policy in self:
            policy.current_version_id = policy.version_ids.filtered(
                lambda version: version.state == "approved"
            )[:1]

    def write(self, vals):
        if {"company_id", "kind"} & set(vals):
            self._check_not_decided()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_versions(self):
        if self.sudo().version_ids:
            raise UserError(
                self.env._(
                    "A policy with versions is not deleted. Archive it, or delete its "
                    "drafts first."
                )
            )

    def _check_not_decided(self):
        """Raise when a version of the policies left the draft: R020."""
        states = set(self.sudo().version_ids.mapped("state"))
        if states - {"draft"}:
            raise UserError(
                self.env._(
                    "A version of the policy was submitted to the board: its kind and "
                    "its association cannot change any more."
                )
            )

    def action_open_versions(self):
        """Open the versions of this policy, the latest first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions"),
            "res_model": "npo.policy.version",
            "view_mode": "list,form",
            "domain": [("policy_id", "=", self.id)],
            "context": {"default_policy_id": self.id},
        }
