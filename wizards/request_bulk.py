from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

BATCH = 200
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
    """One thing done on many requests; a line for each says what became of it.

    What is allowed is done for all at once; a request that is refused keeps its place
    and its line says why. So many are done at a time: each part is kept, and the form
    goes on with the rest.
    """

    _name = "npo.request.bulk"
    _description = "Work on Many Requests"

    action = fields.Selection(ACTIONS, required=True, default="assign")
    user_id = fields.Many2one(
        "res.users",
        string="Hand over to",
        domain=lambda self: [
            ("share", "=", False),
            ("company_ids", "in", self.env.companies.ids),
        ],
    )
    note = fields.Text("Reason and hand-over note")
    line_ids = fields.One2many("npo.request.bulk.line", "bulk_id", readonly=True)
    is_started = fields.Boolean(readonly=True)
    todo_count = fields.Integer("Not done yet", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        request_ids = self.env.context.get("active_ids") or []
        if "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create({"request_id": request_id}) for request_id in request_ids
            ]
        return values

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for bulk in self:
            states = bulk.line_ids.mapped("state")
            bulk.todo_count = states.count("todo")
            bulk.done_count = states.count("done")
            bulk.refused_count = states.count("refused")
            ended = bulk.done_count + bulk.refused_count
            bulk.progress = 100 * ended / len(states) if states else 0

    def action_run(self):
        """Do it on the next requests that wait, and show what became of them."""
        self.ensure_one()
        if self.action == "assign" and not (self.user_id and (self.note or "").strip()):
            raise UserError(
                self.env._("Choose who gets the requests, and write why and what next.")
            )
        lines = self.line_ids.filtered(lambda line: line.state == "todo")[:BATCH]
        self.is_started = True
        requests = lines.request_id
        refused = self._run(requests)
        for line in lines:
            line.write(
                {
                    "state": "refused" if line.request_id in refused else "done",
                    "message": refused.get(line.request_id),
                }
            )
        done = requests.filtered(lambda request: request not in refused)
        if self.action == "print" and done:
            report = self.env.ref("npo_relations.action_report_npo_request_form")
            return report.report_action(done)
        return self._reopen_form()

    def action_again(self):
        """Try what was refused once more."""
        self.ensure_one()
        refused = self.line_ids.filtered(lambda line: line.state == "refused")
        refused.write({"state": "todo", "message": False})
        return self._reopen_form()

    def _reopen_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work on Many Requests"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------
    # WHAT IS DONE
    # ------------------------------------------------------------

    def _run(self, requests):
        """Do the action on what allows it.

        :return: {request: why it was refused}
        """
        if self.action == "print":
            return {}
        if self.action == "assign":
            return self._together(
                requests, lambda some: some._hand_over(self.user_id, self.note)
            )
        if self.action == "remind":
            return self._together(requests, lambda some: some.action_remind_applicant())
        refused = {}
        for code, some in requests.grouped("stage_code").items():
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

    def _together(self, requests, step):
        """Take a step on all at once; where that is refused, on each by itself.

        :return: {request: why it was refused}
        """
        if not requests or not self._refusal(requests, step):
            return {}
        refusals = ((request, self._refusal(request, step)) for request in requests)
        return {request: why for request, why in refusals if why}

    def _refusal(self, requests, step):
        """Take a step; return why it was refused, after undoing it, or nothing."""
        try:
            with self.env.cr.savepoint():
                step(requests)
        except UserError as error:
            return str(error)
        return False


class NpoRequestBulkLine(models.TransientModel):
    """What became of one of the requests."""

    _name = "npo.request.bulk.line"
    _description = "Result of Work on Many Requests"
    _order = "state desc, id"

    bulk_id = fields.Many2one(
        "npo.request.bulk", required=True, index=True, ondelete="cascade"
    )
    request_id = fields.Many2one("npo.request", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="request_id.partner_id")
    stage_id = fields.Many2one(related="request_id.stage_id")
    state = fields.Selection(
        [("todo", "Not done yet"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        default="todo",
        readonly=True,
    )
    message = fields.Text("Why not", readonly=True)
