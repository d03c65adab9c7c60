from odoo import fields, models
from odoo.exceptions import AccessError

from .task import KINDS

STATES = [
    ("kept", "Done"),
    ("waiting", "Still to be done"),
    ("late", "Done late"),
    ("missed", "Not done"),
    ("idle", "Nothing was due"),
    ("nothing", "No records of this kind yet"),
]


class NpoCentrePageLine(models.TransientModel):
    """A task in the period; it opens what shows that it was done."""

    _name = "npo.centre.page.line"
    _description = "Task in a Period"
    _order = "page_id, number, id"

    page_id = fields.Many2one("npo.centre.page", index=True, ondelete="cascade")
    task_id = fields.Many2one("npo.centre.task", readonly=True, ondelete="cascade")
    number = fields.Integer(related="task_id.number", store=True, string="No.")
    name = fields.Char(related="task_id.name", string="Task")
    kind = fields.Selection(KINDS, readonly=True)
    frequency = fields.Selection(related="task_id.frequency")
    how = fields.Text(related="task_id.how")
    action_xmlid = fields.Char(related="task_id.action_xmlid")
    responsible = fields.Char(readonly=True)
    due = fields.Integer(readonly=True)
    done = fields.Integer("Done in time", readonly=True)
    late = fields.Integer("Done late", readonly=True)
    missed = fields.Integer("Not done", readonly=True)
    waiting = fields.Integer("Still to be done", readonly=True)
    gaps = fields.Text("Not done on", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)

    def action_evidence(self):
        """Open what shows it, with the reader's own rights; else where it is done."""
        self.page_id._check_reader()
        self.check_access("read")
        self.ensure_one()
        kpi = self.task_id.kpi_id
        if not kpi:
            return self._open_screen()
        if not self.env[kpi.res_model].has_access("read"):
            raise AccessError(
                self.env._(
                    "Your role reads the figures, not the records behind them: ask who"
                    " works with them."
                )
            )
        company = self.page_id.company_id
        return kpi._open_records(company, self.date_from, self.date_to)

    def action_screen(self):
        """Open where the task is done."""
        self.page_id._check_reader()
        self.check_access("read")
        self.ensure_one()
        return self._open_screen()

    def _open_screen(self):
        return self.env["ir.actions.actions"]._for_xml_id(self.action_xmlid)


class NpoCentrePageObjective(models.TransientModel):
    """An objective of the vision in the period: target and actual (R171)."""

    _name = "npo.centre.page.objective"
    _description = "Objective in a Period"
    _order = "page_id, id"

    page_id = fields.Many2one("npo.centre.page", index=True, ondelete="cascade")
    objective_id = fields.Many2one("npo.objective", readonly=True, ondelete="cascade")
    name = fields.Char(related="objective_id.name", string="Objective")
    target = fields.Char(readonly=True)
    figure = fields.Char("Actual", readonly=True)
    state = fields.Selection(
        [("met", "Reached"), ("below", "Not reached"), ("none", "Nothing to count")],
        readonly=True,
    )

    def action_records(self):
        """Open what was counted, with the reader's own rights."""
        self.page_id._check_reader()
        self.check_access("read")
        self.ensure_one()
        page, kpi = self.page_id, self.objective_id.kpi_id
        self.env[kpi.res_model].check_access("read")
        return kpi._open_records(page.company_id, page.date_from, page.date_to)
