from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.association_names import foreign_names, variants, with_placeholder

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
    ("complaints", "Complaints"),
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
    ("review", "Review of the policy"),
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
    _order = "version_id, position, sequence, id"
    _rec_names_search = ["text", "term"]

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
    version_state = fields.Selection(
        related="version_id.state", string="State of the version"
    )
    name = fields.Char(compute="_compute_name")
    position = fields.Integer(
        compute="_compute_position",
        store=True,
        help="Its place in the whole text, as it is read.",
    )
    outline = fields.Char("Clause", compute="_compute_outline")
    former_id = fields.Many2one(
        "npo.policy.clause",
        string="In the former version",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    foreign_name = fields.Char(
        "Names another association", compute="_compute_foreign_name"
    )
    topic_id = fields.Many2one("npo.policy.topic", index="btree_not_null")
    stage_id = fields.Many2one(
        "npo.stage", string="Carried out at", index="btree_not_null"
    )
    channel_ids = fields.Many2many(
        "npo.channel", "npo_policy_clause_channel_rel", string="Channels"
    )
    tool_id = fields.Many2one("npo.tool", index="btree_not_null", check_company=True)

    @api.depends("text", "term", "label", "company_id.name")
    def _compute_name(self):
        for clause in self:
            text = clause._rendered()
            start = f"{clause.label} " if clause.label else ""
            clause.name = f"{start}{text[:80]}…" if len(text) > 80 else start + text

    @api.depends("name", "position")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = clause.name

    @api.depends(
        "version_id.clause_ids.sequence", "version_id.clause_ids.parent_id", "sequence"
    )
    def _compute_position(self):
        """Number the clauses as they are read: each followed by what stands under it.

        Sequences order the clauses of one level only; lists of the whole text and
        the print need the order of the tree.
        """
        positions = {}
        for clauses in self._siblings_by_version():
            walk = clauses._walk()
            positions |= {
                clause.id: number
                for number, (clause, _depth) in enumerate(walk, start=1)
            }
        for clause in self:
            clause.position = positions.get(clause.id, 0)

    def _siblings_by_version(self):
        """Return all clauses of each version of these, in no order.

        Not read from the version's list, which is kept in the order of the positions
        that are about to change.
        """
        saved = self.filtered(lambda clause: isinstance(clause.version_id.id, int))
        versions = saved.version_id
        found = self.sudo().search([("version_id", "in", versions.ids)], order="id")
        unsaved = (self - saved).version_id
        return [
            *found.grouped("version_id").values(),
            *(version.clause_ids for version in unsaved),
        ]

    @api.depends("name", "parent_path")
    def _compute_outline(self):
        for clause in self:
            depth = (clause.parent_path or "").count("/") - 1
            clause.outline = "\u2003" * max(depth, 0) + (clause.name or "")

    @api.depends("text", "company_id.name", "company_id.npo_short_name")
    def _compute_foreign_name(self):
        """R019: what the association's own text must not say."""
        checks = {
            company: self._foreign_name_check(company) for company in self.company_id
        }
        for clause in self:
            check = checks.get(clause.company_id)
            clause.foreign_name = check and "، ".join(check(clause.text or ""))

    @api.constrains("parent_id", "version_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A clause cannot stand under itself."))
        for clause in self:
            if clause.parent_id and clause.parent_id.version_id != clause.version_id:
                raise ValidationError(
                    self.env._("A clause stands under a clause of its own version.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        clauses = super().create(vals_list)
        clauses._set_placeholder()
        return clauses

    def write(self, vals):
        result = super().write(vals)
        if "text" in vals:
            self._set_placeholder()
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_move_up(self):
        """Put the clause before its neighbour above, with all that is under it."""
        self._swap(-1)

    def action_move_down(self):
        """Put the clause after its neighbour below, with all that is under it."""
        self._swap(1)

    def _swap(self, step):
        self.ensure_one()
        self._check_version_open()
        self.check_access("write")
        siblings = self.version_id.clause_ids.filtered(
            lambda clause: clause.parent_id == self.parent_id
        ).sorted(lambda clause: (clause.sequence, clause.id))
        order = list(siblings)
        place = order.index(self)
        other = place + step
        if not 0 <= other < len(order):
            return
        order[place], order[other] = order[other], order[place]
        for number, clause in enumerate(order, start=1):
            if clause.sequence != number * 10:
                clause.sequence = number * 10

    def action_propose_erratum(self):
        """Open the form of a correction of the clause (R020)."""
        self.ensure_one()
        self.version_id._check_governance()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correction"),
            "res_model": "npo.policy.erratum",
            "view_mode": "form",
            "target": "new",
            "context": {"default_clause_id": self.id},
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _walk(self):
        """Yield (clause, depth) in the order of reading; depth 0 is a part."""
        children = {}
        for clause in self.sorted(lambda clause: (clause.sequence, clause.id)):
            parent = clause.parent_id if clause.parent_id in self else self.browse()
            children.setdefault(parent, []).append(clause)

        def below(parent, depth):
            for clause in children.get(parent, ()):
                yield clause, depth
                yield from below(clause, depth + 1)

        yield from below(self.browse(), 0)

    def _set_placeholder(self):
        """Write {association} where the text of a draft has its exact name (R019)."""
        for clause in self:
            if clause.version_id.state != "draft":
                continue
            text = with_placeholder(clause.text, clause.company_id.sudo().name)
            if text != clause.text:
                clause._write_on_frozen({"text": text})

    @api.model
    def _foreign_name_check(self, company):
        """Return the function that finds foreign names in the company's texts.

        In sudo: the names of the other associations are looked for, and one is shown
        only where the text has it.
        """
        own = company.sudo()
        others = own.search_fetch([("id", "!=", own.id)], ["name", "npo_short_name"])
        names = [
            name for other in others for name in (other.name, other.npo_short_name)
        ]
        forms = variants(own.name, own.npo_short_name, own.npo_acronym, own.npo_name_en)
        return lambda text: foreign_names(text, forms, [*filter(None, names)])

    def _as_html(self):
        """Return the clauses as they read: nested, headings set apart (R014)."""
        parts = []
        for clause, depth in self._walk():
            tag = Markup("h%d") % min(depth + 3, 6) if clause.is_heading else "p"
            label = (
                Markup("<span class='me-2'>%s</span>") % clause.label
                if clause.label
                else ""
            )
            term = Markup("<b>%s:</b> ") % clause.term if clause.term else ""
            text = Markup("<br/>").join(
                escape(line) for line in clause._rendered_text().splitlines()
            )
            parts.append(
                Markup("<%s dir='auto' style='margin-inline-start: %dem'>%s%s%s</%s>")
                % (tag, depth * 2, label, term, text, tag)
            )
        return Markup("").join(parts)

    def _rendered_text(self):
        """Return the text with the name of the association, without the term."""
        self.ensure_one()
        name = self.company_id.sudo().name or ""
        return (self.text or "").replace("{association}", name)

    def _rendered(self):
        """Return the text with the name of the association in it (R019, R040)."""
        text = self._rendered_text()
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
                vals["former_id"] = clause.id
            copies.update(zip(level, self.create(vals_list), strict=True))
            level = level.child_ids & self
        return copies
