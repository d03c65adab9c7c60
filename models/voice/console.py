from odoo import api, fields, models
from odoo.tools import SQL

from ..core.stage import LEVELS

# What every kind of case has for the console, in the order of the view.
COLUMNS = (
    "name",
    "title",
    "company_id",
    "site_id",
    "partner_id",
    "channel_id",
    "received_via",
    "stage_id",
    "stage_category",
    "level",
    "user_id",
    "department_id",
    "date_received",
    "date_due",
    "date_answered",
    "priority",
    "confidentiality",
    "is_unmatched",
)
# Room for so many kinds: the id of a row tells its kind and its case.
KINDS = 8


class NpoConsole(models.Model):
    """Everything open that people asked and said, of all kinds, late first (R201).

    A view of the tables; a row leads to its case, and what is done with rows is done
    to the cases with the rights of who does it. Sealed cases are in no row.
    """

    _name = "npo.console"
    _description = "Open Case"
    _auto = False
    _order = "date_due, id"
    _rec_names_search = ["name", "title"]
    _depends = {
        "npo.complaint": [*COLUMNS, "is_closed", "active"],
        "npo.inquiry": [*COLUMNS, "is_closed", "active"],
        "npo.suggestion": [*COLUMNS, "is_closed", "active"],
    }

    name = fields.Char("Reference", readonly=True)
    title = fields.Char("In one line", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["npo.stage"]._kinds(), readonly=True
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Case", model_field="res_model", readonly=True)
    complaint_id = fields.Many2one("npo.complaint", readonly=True)
    company_id = fields.Many2one("res.company", string="Association", readonly=True)
    site_id = fields.Many2one("npo.site", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    channel_id = fields.Many2one("npo.channel", readonly=True)
    received_via = fields.Selection(
        selection=lambda self: self.env["npo.voice.mixin"]._ways(), readonly=True
    )
    stage_id = fields.Many2one("npo.stage", readonly=True)
    stage_category = fields.Selection(
        [("open", "Open"), ("paused", "Waiting for the person")], readonly=True
    )
    level = fields.Selection(LEVELS, readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    department_id = fields.Many2one("hr.department", "Unit", readonly=True)
    date_received = fields.Datetime("Received on", readonly=True)
    date_due = fields.Datetime("Answer due", readonly=True)
    date_answered = fields.Datetime("Answered on", readonly=True)
    priority = fields.Selection(selection="_priorities", readonly=True)
    confidentiality = fields.Selection(
        [("normal", "Normal"), ("restricted", "Restricted")], readonly=True
    )
    is_unmatched = fields.Boolean("Not matched", readonly=True)
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.model
    def _priorities(self):
        return (
            self.env["npo.inquiry"]._fields["priority"]._description_selection(self.env)
        )

    @property
    def _table_query(self):
        models_ = sorted(self.env["npo.voice.mixin"]._voice_models())
        return SQL(" UNION ALL ").join(
            self._kind_query(self.env[name], number)
            for number, name in enumerate(models_)
        )

    @api.model
    def _kind_query(self, model, number):
        """Return the rows of one kind: what is not closed and not sealed."""
        is_complaint = model._name == "npo.complaint"
        columns = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        return SQL(
            """
            SELECT id * %(kinds)s + %(number)s AS id, %(kind)s AS kind,
                   %(model)s AS res_model, id AS res_id,
                   %(complaint)s AS complaint_id, %(columns)s
              FROM %(table)s
             WHERE is_closed IS NOT TRUE AND active IS TRUE
               AND confidentiality <> 'sealed'
            """,
            kinds=KINDS,
            number=number,
            kind=model._stage_kind,
            model=model._name,
            complaint=SQL("id") if is_complaint else SQL("NULL::integer"),
            columns=columns,
            table=SQL.identifier(model._table),
        )

    # ------------------------------------------------------------
    # LATE
    # ------------------------------------------------------------

    @api.depends("date_due", "date_answered", "stage_category")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for row in self:
            row.is_overdue = (
                row.stage_category == "open"
                and not row.date_answered
                and bool(row.date_due)
                and row.date_due < now
            )

    def _search_is_overdue(self, operator, value):
        return self.env["npo.inquiry"]._search_is_overdue(operator, value)

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _cases(self):
        """Return the cases of the rows, kind by kind: [recordset]."""
        return [
            self.env[name].browse(rows.mapped("res_id"))
            for name, rows in self.grouped("res_model").items()
        ]

    def action_open(self):
        """Open the case of a row."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
