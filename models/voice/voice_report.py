from odoo import api, fields, models
from odoo.tools import SQL

from ..core.service_level import SEVERITIES
from .console import KINDS

# Dimensions that some kinds have, and the SQL type of what the others show.
DIMENSIONS = {
    "site_id": "integer",
    "channel_id": "integer",
    "received_via": "varchar",
    "department_id": "integer",
    "user_id": "integer",
    "stage_id": "integer",
    "stage_category": "varchar",
    "severity": "varchar",
    "category_id": "integer",
    "topic_id": "integer",
    "work_field_id": "integer",
}


class NpoVoiceReport(models.Model):
    """How many inquiries, complaints and suggestions there were (R177–R180).

    A sealed case is one number in its month, with nothing that tells what or who; in
    a month with fewer persons in them than `npo_small_count` it is not even that
    (P092).
    """

    _name = "npo.voice.report"
    _description = "Statistic of What People Said"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "kind"
    _depends = {
        name: ["company_id", "date_received", "confidentiality", "partner_id"]
        for name in ("npo.complaint", "npo.inquiry", "npo.suggestion")
    } | {
        "res.company": ["npo_small_count"],
    }

    kind = fields.Selection(
        selection=lambda self: self.env["npo.stage"]._kinds(), readonly=True
    )
    company_id = fields.Many2one("res.company", string="Association", readonly=True)
    date = fields.Date("Received on", readonly=True)
    site_id = fields.Many2one("npo.site", readonly=True)
    channel_id = fields.Many2one("npo.channel", readonly=True)
    received_via = fields.Selection(
        selection=lambda self: self.env["npo.voice.mixin"]._ways(), readonly=True
    )
    department_id = fields.Many2one("hr.department", "Unit", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    stage_id = fields.Many2one("npo.stage", readonly=True)
    stage_category = fields.Selection(
        [("open", "Open"), ("paused", "Waiting for the person"), ("done", "Closed")],
        "State",
        readonly=True,
    )
    severity = fields.Selection(SEVERITIES, readonly=True)
    category_id = fields.Many2one("npo.complaint.category", readonly=True)
    topic_id = fields.Many2one("npo.inquiry.topic", readonly=True)
    work_field_id = fields.Many2one("npo.work.field", "Field of work", readonly=True)
    is_sealed = fields.Boolean("Sealed", readonly=True)
    is_late = fields.Boolean("Answered late, or late now", readonly=True)
    answer_hours = fields.Float(
        "Working hours to the answer", aggregator="avg", readonly=True
    )
    action_count = fields.Integer("Actions taken", readonly=True)

    @property
    def _table_query(self):
        names = sorted(self.env["npo.voice.mixin"]._voice_models())
        return SQL(" UNION ALL ").join(
            query
            for number, name in enumerate(names)
            for query in (
                self._open_query(self.env[name], number),
                self._sealed_query(self.env[name], number),
            )
        )

    @api.model
    def _open_query(self, model, number):
        """Return the rows of one kind that are not sealed: one for each case."""
        columns = SQL(", ").join(
            SQL(
                "%s::%s AS %s",
                SQL.identifier(name) if name in model._fields else SQL("NULL"),
                SQL(kind),  # of the constant above
                SQL.identifier(name),
            )
            for name, kind in DIMENSIONS.items()
        )
        return SQL(
            """
            SELECT id * %(kinds)s + %(number)s AS id, %(kind)s AS kind, company_id,
                   FALSE AS is_sealed, %(columns)s, date_received::date AS date,
                   CASE WHEN date_answered IS NOT NULL
                        THEN answer_hours END AS answer_hours,
                   date_due < COALESCE(
                        date_answered, NOW() AT TIME ZONE 'UTC') AS is_late,
                   %(actions)s AS action_count
              FROM %(table)s t
             WHERE active IS TRUE AND confidentiality <> 'sealed'
            """,
            kinds=KINDS,
            number=number,
            kind=model._stage_kind,
            columns=columns,
            actions=self._actions_query(model),
            table=SQL.identifier(model._table),
        )

    @api.model
    def _sealed_query(self, model, number):
        """Return as many rows as a month has sealed cases, where they are of enough.

        They are made of the number alone: no column, and no number of a row, is that
        of a case.
        """
        columns = SQL(", ").join(
            SQL("NULL::%s", SQL(kind)) for kind in DIMENSIONS.values()
        )
        return SQL(
            """
            SELECT (%(number)s - %(kinds)s * ROW_NUMBER() OVER (
                        ORDER BY months.company_id, months.month))::integer,
                   %(kind)s, months.company_id, TRUE, %(columns)s, months.month,
                   NULL, FALSE, 0
              FROM (SELECT company_id, COUNT(*) AS cases,
                           DATE_TRUNC('month', date_received)::date AS month,
                           COUNT(DISTINCT COALESCE(partner_id, -id)) AS persons
                      FROM %(table)s
                     WHERE active IS TRUE AND confidentiality = 'sealed'
                     GROUP BY 1, 3) months
              JOIN res_company company ON company.id = months.company_id
                                      AND months.persons >= company.npo_small_count
             CROSS JOIN GENERATE_SERIES(1, months.cases)
            """,
            kinds=KINDS,
            number=number,
            kind=model._stage_kind,
            columns=columns,
            table=SQL.identifier(model._table),
        )

    @api.model
    def _actions_query(self, model):
        """Return the number of actions that were taken on a case (R180)."""
        if "action_ids" not in model._fields:
            return SQL("0")
        field = model._fields["action_ids"]
        return SQL(
            "(SELECT COUNT(*) FROM %s a WHERE a.%s = t.id)",
            SQL.identifier(self.env[field.comodel_name]._table),
            SQL.identifier(field.inverse_name),
        )
