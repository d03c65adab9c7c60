from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .bulk_mixin import NpoBulkLineMixin, NpoBulkMixin

ACTIONS = [
    ("assign", "Hand over to somebody"),
    ("return", "Give back to the queue"),
    ("remind", "Remind who has it"),
]


class NpoConsoleBulk(models.TransientModel):
    """One thing done on many cases of the console (R201, R206)."""

    _name = "npo.console.bulk"
    _description = "Work on Many Cases"
    _inherit = [NpoBulkMixin._name]

    action = fields.Selection(ACTIONS, required=True, default="assign")
    user_id = fields.Many2one(
        "res.users",
        string="Hand over to",
        domain=lambda self: [
            ("share", "=", False),
            ("company_ids", "in", self.env.companies.ids),
        ],
    )
    line_ids = fields.One2many("npo.console.bulk.line", "bulk_id", readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        rows = self.env["npo.console"].browse(self.env.context.get("active_ids") or [])
        if "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create(
                    {"res_model": row.res_model, "res_id": row.res_id, "name": row.name}
                )
                for row in rows
            ]
        return values

    def _check_ready(self):
        # EXTENDS npo.bulk.mixin
        if self.action == "assign" and not self.user_id:
            raise UserError(self.env._("Choose who gets the cases."))
        if not (self.note or "").strip():
            raise UserError(
                self.env._("Write in a few words why, and what is to be done next.")
            )

    def _run(self, cases):
        # OVERRIDE npo.bulk.mixin
        if self.action == "assign":
            return self._together(
                cases, lambda some: some._hand_over(self.user_id, self.note)
            )
        if self.action == "return":
            return self._together(cases, lambda some: some._give_back(self.note))
        return self._together(cases, lambda some: some._remind_owner(self.note))


class NpoConsoleBulkLine(models.TransientModel):
    """What became of one of the cases."""

    _name = "npo.console.bulk.line"
    _description = "Result of Work on Many Cases"
    _inherit = [NpoBulkLineMixin._name]

    bulk_id = fields.Many2one(
        "npo.console.bulk", required=True, index=True, ondelete="cascade"
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    name = fields.Char("Reference", readonly=True)

    def _case(self):
        # OVERRIDE npo.bulk.line.mixin
        if self.res_model not in self.env["npo.voice.mixin"]._voice_models():
            raise UserError(self.env._("This is not a case of the console."))
        return self.env[self.res_model].browse(self.res_id)
