from odoo import api, fields, models
from odoo.fields import Domain


class NpoRight(models.Model):
    """A right or a duty of a kind of party: the charter (R024, R037).

    Its source is a topic of the policy: the clauses on it say so, and the topic tells
    how the product carries it out. Without an association it holds for all of them.
    """

    _name = "npo.right"
    _description = "Right or Duty"
    _order = "stakeholder_type_id, kind desc, sequence, id"
    _rec_name = "text"

    stakeholder_type_id = fields.Many2one(
        "npo.stakeholder.type", string="Party", required=True, index=True
    )
    kind = fields.Selection(
        [("right", "Right"), ("duty", "Duty")], required=True, default="right"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    text = fields.Text(required=True, translate=True)
    topic_id = fields.Many2one(
        "npo.policy.topic", string="Topic of the policy", index="btree_not_null"
    )
    how = fields.Text(related="topic_id.how", string="How it is carried out")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: it holds in every association.",
    )
    clause_ids = fields.Many2many(
        "npo.policy.clause",
        string="Clauses in force",
        compute="_compute_clause_ids",
        help="What the policy in force says on the topic.",
    )
    is_sourced = fields.Boolean(
        "Has a source",
        compute="_compute_is_sourced",
        search="_search_is_sourced",
        help="The policy in force has a clause on the topic.",
    )

    @api.depends("topic_id")
    @api.depends_context("company")
    def _compute_clause_ids(self):
        clauses = self._clauses(self.env.company)
        for right in self:
            right.clause_ids = clauses.get(right.topic_id, clauses[None])

    @api.depends("clause_ids")
    def _compute_is_sourced(self):
        for right in self:
            right.is_sourced = bool(right.clause_ids)

    @api.model
    def _search_is_sourced(self, operator, value):
        if operator != "in":
            return NotImplemented
        clauses = self.env["npo.policy.clause"].search(
            [
                ("version_id", "=", self.env.company.npo_policy_version_id.id),
                ("topic_id", "!=", False),
            ]
        )
        sourced = Domain("topic_id", "in", clauses.topic_id.ids)
        return Domain.OR(sourced if wanted else ~sourced for wanted in value)

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # an association's own becomes what holds in all by the administrator only
            self.check_access("write")
        return result

    def _clauses(self, company):
        """Return the clauses in force in an association, by topic, in one search.

        :return: {topic: clauses}, and no clause for None
        """
        found = self.env["npo.policy.clause"].search(
            [
                ("version_id", "=", company.sudo().npo_policy_version_id.id),
                ("topic_id", "in", self.topic_id.ids),
            ]
        )
        return {None: found.browse(), **found.grouped("topic_id")}

    @api.model
    def _charter(self, company, stakeholder_type):
        """Return what holds for a kind of party in an association, rights first.

        :return: {"right": rights, "duty": duties}
        """
        found = self.search(
            [
                ("stakeholder_type_id", "=", stakeholder_type.id),
                ("company_id", "in", (company.id, False)),
            ],
            order="sequence, id",
        )
        kinds = found.grouped("kind")
        none = self.browse()
        return {kind: kinds.get(kind, none) for kind in ("right", "duty")}

    @api.model
    def _charter_types(self, company):
        """Return the kinds of party of an association that have a charter."""
        groups = self._read_group(
            [
                ("stakeholder_type_id", "in", company.npo_stakeholder_type_ids.ids),
                ("company_id", "in", (company.id, False)),
            ],
            ["stakeholder_type_id"],
        )
        types = self.env["npo.stakeholder.type"].browse(kind.id for (kind,) in groups)
        return types.sorted()


class NpoStakeholderType(models.Model):
    _inherit = "npo.stakeholder.type"

    def _charter(self, company):
        """Return the rights and the duties of the kind, for its printed charter."""
        self.ensure_one()
        return self.env["npo.right"]._charter(company, self)
