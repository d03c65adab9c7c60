from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..models.policy.policy_clause import ROLES


class NpoPolicyReadFact(models.TransientModel):
    """A fact that the text states, or not: one value of a field, as text to correct."""

    _name = "npo.policy.read.fact"
    _description = "Fact Read in a Policy"
    _order = "sequence, id"

    read_id = fields.Many2one(
        "npo.policy.read", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    section = fields.Selection(
        [
            ("document", "Document"),
            ("approval", "Approval"),
            ("window", "Response window"),
            ("flow", "Handling of requests"),
            ("switches", "Parts"),
            ("wording", "Wording"),
            ("print", "Print"),
            ("association", "Association"),
        ],
        readonly=True,
    )
    model = fields.Char(readonly=True)
    field = fields.Char(readonly=True)
    label = fields.Char("Fact", readonly=True)
    value = fields.Char("In the text")
    current = fields.Char("In the present version", readonly=True)
    choices = fields.Char("Possible answers", compute="_compute_choices")
    is_different = fields.Boolean(compute="_compute_is_different")

    @api.depends("model", "field")
    @api.depends_context("lang")
    def _compute_choices(self):
        for fact in self:
            labels = fact._labels(fact.model, fact.field)
            fact.choices = " / ".join(labels.values())

    @api.depends("value", "current")
    def _compute_is_different(self):
        for fact in self:
            fact.is_different = bool(
                fact.read_id.base_version_id
                and fact.value
                and fact.value != (fact.current or "")
            )

    @api.model
    def _labels(self, model, name):
        """Return {value: label} of a fact with few possible answers; else nothing."""
        field = self.env[model]._fields[name] if model else None
        if field is None:
            return {}
        if field.type == "selection":
            return dict(field._description_selection(self.env))
        if field.type == "boolean":
            return {True: self.env._("Yes"), False: self.env._("No")}
        return {}

    @api.model
    def _to_text(self, model, name, value):
        """Return a value as the officer reads and corrects it; "" where unknown."""
        labels = self._labels(model, name)
        if labels:
            return labels.get(value) or ""
        if isinstance(value, models.BaseModel):
            return value.display_name or ""
        if value is None or value is False:
            return ""
        return str(value)

    def _to_value(self):
        """Return the value of the field; None where the line is empty.

        :raise UserError: when the text is no answer to this question
        """
        self.ensure_one()
        text = (self.value or "").strip()
        if not text:
            return None
        if labels := self._labels(self.model, self.field):
            for value, label in labels.items():
                if text in (label, str(value)):
                    return value
            self._refuse(format_list(self.env, list(labels.values()), style="or"))
        return self._parse(self.env[self.model]._fields[self.field], text)

    def _parse(self, field, text):
        if field.type == "many2one":
            found = self.env[field.comodel_name].search([("name", "=ilike", text)])
            if len(found) != 1:
                self._refuse(self.env._("a name from the list"))
            return found.id
        try:
            if field.type == "integer":
                return int(text)
            if field.type == "date":
                return fields.Date.to_date(text)
        except ValueError:
            example = "2026-01-31" if field.type == "date" else "14"
            self._refuse(self.env._("a value like %s", example))
        return text

    def _refuse(self, expected):
        raise UserError(
            self.env._(
                "“%(fact)s”: “%(value)s” is not understood. Write %(expected)s, or"
                " leave it empty.",
                fact=self.label,
                value=self.value,
                expected=expected,
            )
        )


class NpoPolicyReadClause(models.TransientModel):
    """A clause as the text has it, to be corrected before the draft is made."""

    _name = "npo.policy.read.clause"
    _description = "Clause Read in a Policy"
    _order = "sequence, id"

    read_id = fields.Many2one(
        "npo.policy.read", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    depth = fields.Integer("Level", help="0 is a part of the document.")
    key = fields.Char(readonly=True)
    role = fields.Selection(ROLES, string="What it is", required=True, default="other")
    is_heading = fields.Boolean("Heading")
    label = fields.Char("Number")
    term = fields.Char()
    text = fields.Text(required=True)
    line_no = fields.Char("Lines", readonly=True)
    topic_id = fields.Many2one("npo.policy.topic")
    change = fields.Selection(
        [("same", "As before"), ("changed", "Changed"), ("new", "New")],
        string="Beside the present version",
        readonly=True,
    )


class NpoPolicyReadItem(models.TransientModel):
    """A channel, a tool or a step that the text lists, and what of ours it is."""

    _name = "npo.policy.read.item"
    _description = "Item Read in a Policy"
    _order = "sequence, id"

    read_id = fields.Many2one(
        "npo.policy.read", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("communication", "Communication channel"),
            ("complaint", "Complaint channel"),
            ("tool", "Officer's tool"),
            ("step", "Handling step"),
        ],
        required=True,
        default="communication",
    )
    name = fields.Char("As the text has it", required=True)
    key = fields.Char(readonly=True)
    channel_ids = fields.Many2many("npo.channel", string="Channels")
    code = fields.Char("Code of the tool")
    tool_id = fields.Many2one("npo.tool", readonly=True)
    stage_id = fields.Many2one("npo.stage", domain="[('kind', '=', 'request')]")
    is_new = fields.Boolean(
        "New", compute="_compute_is_new", help="The product does not know it."
    )

    @api.depends("kind", "channel_ids", "code", "stage_id")
    def _compute_is_new(self):
        for item in self:
            known = {"tool": item.code, "step": item.stage_id}
            item.is_new = not known.get(item.kind, item.channel_ids)


class NpoPolicyReadSlip(models.TransientModel):
    """A suspected slip, for the officer to judge: R020, Annex D."""

    _name = "npo.policy.read.slip"
    _description = "Slip Found in a Policy"

    read_id = fields.Many2one(
        "npo.policy.read", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(readonly=True)
    line_no = fields.Char("Line", readonly=True)
    printed = fields.Char("As printed", readonly=True)
    proposed = fields.Char("As it should read")
    kind = fields.Selection(
        [
            ("spelling", "Spelling"),
            ("word", "Another word was meant"),
            ("name", "Name of an association"),
            ("broken_word", "Broken word"),
            ("number", "Number"),
        ],
        readonly=True,
    )
    decision = fields.Selection(
        [
            ("propose", "Propose a correction"),
            ("correct", "Correct it in the draft"),
            ("note", "Note only"),
            ("ignore", "No slip"),
        ],
        required=True,
        default="propose",
    )
