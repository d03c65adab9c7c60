from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .bulk_mixin import NpoBulkLineMixin, NpoBulkMixin

# The next step of a stage, where one button takes it for many.
NEXT_STEPS = {
    "new": "action_receive",
    "data_entry": "action_complete",
    "verification": "action_verify",
    "declaration": "action_raise",
    "registration": "action_register",
}
ACTIONS = [
    ("assign", "Hand over to somebody"),
    ("next", "Take the next step"),
    ("remind", "Remind the applicants"),
    ("print", "Print"),
]


class NpoRequestBulk(models.TransientModel):
    """One thing done on many requests."""

    _name = "npo.request.bulk"
    _description = "Work on Many Requests"
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
    line_ids = fields.One2many("npo.request.bulk.line", "bulk_id", readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        request_ids = self.env.context.get("active_ids") or []
        if "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create({"request_id": request_id}) for request_id in request_ids
            ]
        return values

    def _check_ready(self):
        # EXTENDS npo.bulk.mixin
        if self.action == "assign" and not (self.user_id and (self.note or "").strip()):
            raise UserError(
                self.env._("Choose who gets the requests, and write why and what next.")
            )

    def action_run(self):
        # EXTENDS npo.bulk.mixin
        waiting = self.line_ids.filtered(lambda line: line.state == "todo")
        result = super().action_run()
        done = waiting.filtered(lambda line: line.state == "done").request_id
        if self.action == "print" and done:
            report = self.env.ref("npo_relations.action_report_npo_request_form")
            return report.report_action(done)
        return result

    # ------------------------------------------------------------
    # WHAT IS DONE
    # ------------------------------------------------------------

    def _run(self, cases):
        # OVERRIDE npo.bulk.mixin
        if self.action == "print":
            return {}
        if self.action == "assign":
            return self._together(
                cases, lambda some: some._hand_over(self.user_id, self.note)
            )
        if self.action == "remind":
            return self._together(cases, lambda some: some.action_remind_applicant())
        refused = {}
        for code, some in cases.grouped("stage_code").items():
            refused |= self._next_step(code, some)
        return refused

    def _next_step(self, code, requests):
        """Take the step of a stage on those requests that nothing keeps there."""
        step = NEXT_STEPS.get(code)
        if not step:
            reason = self.env._("The next step of this stage is taken one by one.")
            return dict.fromkeys(requests, reason)
        refused = {
            request: note for request in requests if (note := request._next_step_note())
        }
        ready = requests.filtered(lambda request: request not in refused)
        return refused | self._together(ready, lambda some: getattr(some, step)())


class NpoRequestBulkLine(models.TransientModel):
    """What became of one of the requests."""

    _name = "npo.request.bulk.line"
    _description = "Result of Work on Many Requests"
    _inherit = [NpoBulkLineMixin._name]

    bulk_id = fields.Many2one(
        "npo.request.bulk", required=True, index=True, ondelete="cascade"
    )
    request_id = fields.Many2one("npo.request", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="request_id.partner_id")
    stage_id = fields.Many2one(related="request_id.stage_id")

    def _case(self):
        # OVERRIDE npo.bulk.line.mixin
        return self.request_id
