import json
from pathlib import Path

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_path


class NpoProcedure(models.Model):
    """How the association does something, step by step: R021, R134.

    The policy says what; a procedure says who does it, with which forms, in how many
    days. It prints as a card of one page.
    """

    _name = "npo.procedure"
    _description = "Procedure"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True, copy=False, tracking=True)
    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    topic_id = fields.Many2one(
        "npo.policy.topic", string="Topic of the policy", index="btree_not_null"
    )
    clause_ids = fields.Many2many(
        "npo.policy.clause",
        string="Clauses in force",
        compute="_compute_clause_ids",
        help="What the policy in force says on the topic.",
    )
    responsible_unit = fields.Char(translate=True, tracking=True)
    department_id = fields.Many2one(
        "hr.department",
        string="Department",
        check_company=True,
        index="btree_not_null",
    )
    inputs = fields.Text(translate=True, help="What must be there to begin.")
    main_output = fields.Char(translate=True, help="The one thing that it ends with.")
    step_ids = fields.One2many(
        "npo.procedure.step", "procedure_id", string="Steps", copy=True
    )
    tool_ids = fields.Many2many(
        "npo.tool", "npo_procedure_tool_rel", string="Forms", check_company=True
    )
    duration_days = fields.Integer("Days at most", help="Empty: none is set.")
    is_working_days = fields.Boolean("In working days", default=True)

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Another procedure of the association has this code."
    )
    _duration_positive = models.Constraint(
        "CHECK (duration_days >= 0)", "The days of a procedure cannot be negative."
    )

    @api.depends("topic_id", "company_id")
    def _compute_clause_ids(self):
        found = self.env["npo.policy.clause"].search(
            [
                ("version_id", "in", self.company_id.npo_policy_version_id.ids),
                ("topic_id", "in", self.topic_id.ids),
            ]
        )
        for procedure in self:
            procedure.clause_ids = found.filtered(
                lambda clause, own=procedure: (
                    clause.topic_id == own.topic_id
                    and clause.company_id == own.company_id
                )
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for procedure in self:
            procedure.display_name = " ".join(
                part for part in (procedure.code, procedure.name) if part
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for procedure, vals in zip(self, vals_list, strict=True):
            vals.setdefault("code", self.env._("%(code)s (copy)", code=procedure.code))
        return vals_list


class NpoProcedureStep(models.Model):
    """One step of a procedure, and who takes it."""

    _name = "npo.procedure.step"
    _description = "Step of a Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one(
        "npo.procedure", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="procedure_id.company_id", string="Association", store=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Step", required=True, translate=True)
    responsible = fields.Char("Done by", translate=True)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _npo_read_procedures(self):
        """Return the procedures that the product ships, as their file holds them."""
        path = file_path("npo_relations/data/profiles/procedures.json")
        return json.loads(Path(path).read_text(encoding="utf-8"))

    def _npo_load_procedures(self, version):
        """Create the procedures that the switches of a version ask for (R021).

        Those whose code is there already are left as they are.
        """
        self.ensure_one()
        known = self.env["npo.procedure"].with_context(active_test=False)
        codes = set(known.search([("company_id", "=", self.id)]).mapped("code"))
        wanted = [
            (number, procedure)
            for number, procedure in enumerate(self._npo_read_procedures(), start=1)
            if procedure["code"] not in codes
            and (not procedure["switch"] or version[procedure["switch"]])
        ]
        topics = self.env["npo.policy.topic"].with_context(active_test=False).search([])
        topic_ids = {topic.code: topic.id for topic in topics}
        procedures = self._npo_create_named(
            "npo.procedure",
            [
                {
                    "code": procedure["code"],
                    "name": procedure["name"],
                    "sequence": number * 10,
                    "topic_id": topic_ids.get(procedure["topic"], False),
                    "responsible_unit": procedure["unit"],
                    "inputs": procedure["inputs"],
                    "main_output": procedure["output"],
                    "tool_ids": [Command.set(version.tool_ids.ids)]
                    if procedure["steps"] == "policy"
                    else [],
                }
                for number, procedure in wanted
            ],
        )
        steps = []
        for record, (_number, procedure) in zip(procedures, wanted, strict=True):
            lines = procedure["steps"]
            if lines == "policy":
                lines = self._npo_policy_steps(version)
            steps += [
                {"procedure_id": record.id, "sequence": number * 10, **line}
                for number, line in enumerate(lines, start=1)
            ]
        self._npo_create_named("npo.procedure.step", steps)
        return procedures

    def _npo_policy_steps(self, version):
        """Return the steps of a request as the version lists them, in two languages."""
        english = version.step_ids.with_context(lang="en_US")
        arabic = version.step_ids.with_context(lang="ar_001")
        return [
            {"name": {"en": line.name, "ar": own.name}}
            for line, own in zip(english, arabic, strict=True)
        ]
