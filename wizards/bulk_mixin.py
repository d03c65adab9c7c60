from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH = 200


class NpoBulkMixin(models.AbstractModel):
    """One thing done on many cases; a line for each says what became of it.

    What is allowed is done for all at once; a case that is refused keeps its place
    and its line says why. So many are done at a time: each part is kept, and the form
    goes on with the rest. A form has `line_ids` of `npo.bulk.line.mixin`.
    """

    _name = "npo.bulk.mixin"
    _description = "Work on Many Cases"

    note = fields.Text("Reason and hand-over note")
    is_started = fields.Boolean(readonly=True)
    todo_count = fields.Integer("Not done yet", compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for bulk in self:
            states = bulk.line_ids.mapped("state")
            bulk.todo_count = states.count("todo")
            bulk.done_count = states.count("done")
            bulk.refused_count = states.count("refused")
            ended = bulk.done_count + bulk.refused_count
            bulk.progress = 100 * ended / len(states) if states else 0

    # ------------------------------------------------------------
    # RUN
    # ------------------------------------------------------------

    def _check_ready(self):
        """Raise when something is missing that the action needs."""

    def _run(self, cases):
        """Do the action on what allows it, cases of one model.

        :return: {case: why it was refused}
        """
        raise NotImplementedError

    def action_run(self):
        """Do it on the next cases that wait, and show what became of them."""
        self.check_access("write")
        self.ensure_one()
        self._check_ready()
        lines = self.line_ids.filtered(lambda line: line.state == "todo")[:BATCH]
        self.is_started = True
        for name, some in lines.grouped(lambda line: line._case()._name).items():
            cases = self.env[name].browse(line._case().id for line in some)
            refused = self._run(cases)
            for line in some:
                why = refused.get(line._case())
                state = "refused" if why else "done"
                line.write({"state": state, "message": why})
        return self._reopen_form()

    def action_again(self):
        """Try what was refused once more."""
        self.check_access("write")
        self.ensure_one()
        refused = self.line_ids.filtered(lambda line: line.state == "refused")
        refused.write({"state": "todo", "message": False})
        return self._reopen_form()

    def _reopen_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self._description,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _together(self, cases, step):
        """Take a step on all at once; where that is refused, on each by itself.

        :return: {case: why it was refused}
        """
        if not cases or not self._refusal(cases, step):
            return {}
        refusals = ((case, self._refusal(case, step)) for case in cases)
        return {case: why for case, why in refusals if why}

    def _refusal(self, cases, step):
        """Take a step; return why it was refused, after undoing it, or nothing."""
        try:
            with self.env.cr.savepoint():
                step(cases)
        except UserError as error:
            return str(error)
        return False


class NpoBulkLineMixin(models.AbstractModel):
    """What became of one of the cases."""

    _name = "npo.bulk.line.mixin"
    _description = "Result of Work on Many Cases"
    _order = "state desc, id"

    state = fields.Selection(
        [("todo", "Not done yet"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        default="todo",
        readonly=True,
    )
    message = fields.Text("Why not", readonly=True)

    def _case(self):
        """Return the case of the line."""
        raise NotImplementedError
