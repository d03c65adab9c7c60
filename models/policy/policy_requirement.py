from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoPolicyRequirement(models.Model):
    """A policy that an association is expected to have: P001.

    The list and its weights change from edition to edition of the governance
    assessment, so that they are data. How the current association stands is read off
    its register of policies.
    """

    _name = "npo.policy.requirement"
    _description = "Required Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    criterion = fields.Selection(
        [
            ("compliance", "Compliance and commitment"),
            ("transparency", "Transparency and disclosure"),
            ("finance", "Financial safety"),
        ],
        required=True,
        default="compliance",
    )
    edition = fields.Char(help="The edition of the assessment that asks for it.")
    weight = fields.Float(help="As the edition states it. 0: not known.")
    note = fields.Text(translate=True)
    policy_ids = fields.Many2many(
        "npo.policy",
        string="Policies of the association",
        compute="_compute_status",
    )
    next_review_date = fields.Date("Next review", compute="_compute_status")
    status = fields.Selection(
        [
            ("missing", "Missing"),
            ("draft", "In preparation"),
            ("approved", "In force"),
            ("review_due", "Review due"),
            ("published", "Published"),
        ],
        compute="_compute_status",
        search="_search_status",
        help="Of the current association.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(edition, ''))",
        "Another requirement of the edition has this code.",
    )

    @api.depends_context("company")
    def _compute_status(self):
        policies = self.env["npo.policy"].search(
            [
                ("requirement_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        by_requirement = policies.grouped("requirement_id")
        for requirement in self:
            own = by_requirement.get(requirement._origin, policies.browse())
            in_force = own.filtered("current_version_id")
            dates = [day for day in in_force.mapped("next_review_date") if day]
            requirement.policy_ids = own
            requirement.next_review_date = min(dates, default=False)
            requirement.status = self._status(own, in_force)

    @api.model
    def _status(self, policies, in_force):
        """Return the status of one requirement.

        :param policies: the association's policies for it
        :param in_force: those of them with a version in force
        """
        if not policies:
            return "missing"
        if not in_force:
            return "draft"
        if any(policy.is_review_due for policy in in_force):
            return "review_due"
        is_published = any(policy._is_public() for policy in in_force)
        return "published" if is_published else "approved"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.search([]).filtered(
            lambda requirement: requirement.status in value
        )
        return [("id", "in", found.ids)]

    def action_open_policy(self):
        """Open the association's policy for the requirement, or a new one."""
        self.ensure_one()
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "npo.policy",
            "views": [[False, "form"]],
        }
        if len(self.policy_ids) > 1:
            return {
                **action,
                "views": [[False, "list"], [False, "form"]],
                "domain": [("id", "in", self.policy_ids.ids)],
            }
        if self.policy_ids:
            return {**action, "res_id": self.policy_ids.id}
        if not self.env["npo.policy"].has_access("create"):
            raise UserError(
                self.env._("The association has no policy of this kind yet.")
            )
        return {
            **action,
            "context": {
                "default_requirement_id": self.id,
                "default_name": self.name,
                "default_is_operating": False,
            },
        }


class NpoPolicy(models.Model):
    _inherit = "npo.policy"

    requirement_id = fields.Many2one(
        "npo.policy.requirement",
        string="Required policy",
        index="btree_not_null",
        ondelete="set null",
        help="Which of the required policies this one is.",
    )

    def _is_public(self):
        """Return whether the version in force can be read by everybody (P004)."""
        self.ensure_one()
        return bool(self.is_published and self.sudo().current_version_id)
