from odoo import api, fields, models

# The parts of a policy of this family, as the reader names them.
ROLES = [
    ("preamble", "Preamble"),
    ("definitions", "Definitions"),
    ("definition", "Definition"),
    ("stakeholder_class", "Class of stakeholders"),
    ("general_objective", "General objective"),
    ("detailed_objectives", "Detailed objectives"),
    ("objective", "Objective"),
    ("means", "Means of the objectives"),
    ("mean", "Means"),
    ("channels", "Communication channels"),
    ("channel", "Channel"),
    ("complaint_channels", "Complaint channels"),
    ("tools", "Officer's tools"),
    ("tool", "Tool"),
    ("steps", "Handling of a request"),
    ("step", "Handling step"),
    ("main_output", "Main output"),
    ("deadline", "Time limit"),
    ("sub_policy", "Policy within the policy"),
    ("goal", "Goal"),
    ("responsibilities", "Responsibilities"),
    ("responsibility", "Responsibility"),
    ("provisions", "General provisions"),
    ("provision", "Provision"),
    ("centre", "Measurement centre"),
    ("centre_organisational", "Organisational tasks"),
    ("centre_supervisory", "Supervisory tasks"),
    ("centre_task", "Task of the centre"),
    ("approval", "Approval"),
    ("paragraph", "Paragraph"),
    ("other", "Other"),
]


class NpoPolicyClause(models.Model):
    """A clause of a version: a heading or a sentence, in a tree (R014, R019, R020).

    The text is kept as approved, in its own language, with ``{association}`` where the
    association is named (R019). Frozen with its version; a slip is mended by an
    erratum, which makes a minor version.

    What carries a clause out is told by its links (stage, channels, tool), and by its
    topic.
    """

    _name = "npo.policy.clause"
    _description = "Policy Clause"
    _inherit = "npo.policy.line.mixin"
    _parent_store = True

    _version_field = "clause_ids"

    parent_id = fields.Many2one(
        "npo.policy.clause", string="Under", index=True, ondelete="cascade"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("npo.policy.clause", "parent_id", string="Clauses")
    role = fields.Selection(ROLES, required=True, default="paragraph", index=True)
    is_heading = fields.Boolean("Heading")
    label = fields.Char("Number", help="As printed: ١, 2-, أولاً.")
    term = fields.Char(help="The word that a definition explains.")
    text = fields.Text(
        required=True, help="{association} stands for the name of the association."
    )
    name = fields.Char(compute="_compute_name")
    topic_id = fields.Many2one("npo.policy.topic", index="btree_not_null")
    stage_id = fields.Many2one(
        "npo.stage", string="Carried out at", index="btree_not_null"
    )
    channel_ids = fields.Many2many(
        "npo.channel", "npo_policy_clause_channel_rel", string="Channels"
    )
    tool_id = fields.Many2one("npo.tool", index="btree_not_null", check_company=True)

    @api.depends("text", "term", "label")
    def _compute_name(self):
        for clause in self:
            text = clause._rendered()
            start = f"{clause.label} " if clause.label else ""
            clause.name = f"{start}{text[:80]}…" if len(text) > 80 else start + text

    def _rendered(self):
        """Return the text with the name of the association in it (R019, R040)."""
        self.ensure_one()
        text = (self.text or "").replace("{association}", self.company_id.name or "")
        return f"{self.term}: {text}" if self.term else text

    def _is_carried_out(self):
        """Tell whether something of the product carries the clause out."""
        self.ensure_one()
        return bool(
            self.stage_id or self.channel_ids or self.tool_id or self.topic_id.how
        )

    def _copy_tree(self, version):
        """Copy the clauses into a draft, level by level.

        :return: {clause: its copy}
        """
        copies = {}
        level = self.filtered(lambda clause: not clause.parent_id)
        while level:
            vals_list = level.copy_data({"version_id": version.id})
            for clause, vals in zip(level, vals_list, strict=True):
                vals["parent_id"] = copies.get(clause.parent_id, self.browse()).id
            copies.update(zip(level, self.create(vals_list), strict=True))
            level = level.child_ids & self
        return copies
