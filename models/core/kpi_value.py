from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.periods import periods
from .kpi import DIRECTIONS

# Closed months that are counted again, to show what was put right afterwards.
MONTHS = 12
# What a new count writes; nothing else of a kept value ever changes.
RECOUNTED = frozenset(
    {"counted_now", "kept_now", "value_now", "difference", "date_recounted"}
)


class NpoKpiValue(models.Model):
    """What was reported of a closed month, as it was reported.

    A correction of the records shows beside it and never in its place.
    """

    _name = "npo.kpi.value"
    _description = "Kept Value of a Measure"
    _order = "date_from desc, kpi_id, site_id, id"
    _rec_name = "kpi_id"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, readonly=True
    )
    kpi_id = fields.Many2one(
        "npo.kpi",
        "Measure",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    unit = fields.Selection(related="kpi_id.unit")
    site_id = fields.Many2one(
        "npo.site",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the whole association.",
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    counted = fields.Float(readonly=True)
    kept = fields.Float(readonly=True, aggregator=None)
    value = fields.Float(readonly=True, aggregator="avg", digits=(16, 2))
    is_known = fields.Boolean(
        "Known", readonly=True, help="Off: it could not be told then."
    )
    is_told = fields.Boolean(
        "Told", readonly=True, help="Off: the opinion of too few to be told."
    )
    figure = fields.Char("Figure of the period", compute="_compute_figures")
    direction = fields.Selection(DIRECTIONS, readonly=True)
    target = fields.Float(readonly=True, aggregator=None, digits=(16, 2))
    state = fields.Selection(
        [("met", "Reached"), ("missed", "Not reached"), ("none", "No target")],
        "Against the target",
        readonly=True,
        required=True,
        default="none",
    )

    # counted again
    counted_now = fields.Float(readonly=True, aggregator=None)
    kept_now = fields.Float(readonly=True, aggregator=None)
    value_now = fields.Float(
        "Value now", readonly=True, aggregator="avg", digits=(16, 2)
    )
    figure_now = fields.Char("As counted now", compute="_compute_figures")
    difference = fields.Float(readonly=True, aggregator=None, digits=(16, 2))
    date_recounted = fields.Date("Counted again on", readonly=True)
    is_corrected = fields.Boolean(
        "Corrected since", compute="_compute_is_corrected", store=True
    )

    _once = models.UniqueIndex(
        "(company_id, kpi_id, date_from, date_to, COALESCE(site_id, 0))",
        "This month is kept already.",
    )

    @api.depends("counted", "kept", "counted_now", "kept_now", "date_recounted")
    def _compute_is_corrected(self):
        for line in self:
            line.is_corrected = bool(line.date_recounted) and line._now() != line._was()

    @api.depends("kpi_id", "counted", "kept", "counted_now", "kept_now", "is_told")
    @api.depends_context("lang")
    def _compute_figures(self):
        for line in self:
            kpi = line.kpi_id
            if not line.is_told:
                line.figure = line.figure_now = self.env._("Not enough data")
                continue
            line.figure = kpi._figure_text(*line._was())
            line.figure_now = (
                kpi._figure_text(*line._now()) if line.is_corrected else ""
            )

    def _was(self):
        """Return the figure as it was reported: (counted, kept)."""
        kept = self.kept if self.is_known else None
        return self.kpi_id._as_figure(self.counted, kept)

    def _now(self):
        return self.kpi_id._as_figure(self.counted_now, self.kept_now)

    # ------------------------------------------------------------
    # NOBODY WRITES IT
    # ------------------------------------------------------------

    def write(self, vals):
        """Refuse to change what was reported, to anybody."""
        if set(vals) - RECOUNTED - {"is_corrected"}:
            raise UserError(
                self.env._("What was reported of a closed month is not changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("What was reported of a closed month is not deleted.")
        )

    def action_records(self):
        """Open the records behind the value, with the reader's own rights."""
        self.check_access("read")
        self.ensure_one()
        self.kpi_id._check_records_readable()
        return self.kpi_id._open_records(
            self.company_id, self.date_from, self.date_to, site=self.site_id
        )

    # ------------------------------------------------------------
    # A MONTH IS CLOSED
    # ------------------------------------------------------------

    @api.model
    def _cron_keep(self):
        """Keep the months that ended, and count the last ones again."""
        companies = self.env["res.company"].sudo().search([])
        companies = companies.filtered("npo_profile_code")
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            # who keeps them at this very moment keeps all of them
            if held := company.try_lock_for_update(allow_referencing=True):
                self._keep_months(held)
                self._recount(held)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _keep_months(self, company):
        """Keep the closed months of an association that are not: last month, gaps.

        What an older month would have shown then is not known: where nothing was ever
        kept, it begins with the last month.
        """
        last, *older = periods("month", company._npo_today(), MONTHS + 1)[-2::-1]
        kpis = self.env["npo.kpi"].sudo().search([])
        held = self._read_group(
            [("company_id", "=", company.id), ("site_id", "=", False)],
            ["date_from:day"],
            ["kpi_id:recordset"],
        )
        held = dict(held)
        first = min(held, default=last[0])
        for month in (last, *(one for one in older if one[0] > first)):
            done = held.get(month[0], kpis.browse())
            if month is last or not done:
                (kpis - done)._keep(company, *month)

    @api.model
    def _insert(self, vals_list):
        """Write values that are not kept yet, in one statement; as superuser."""
        if not vals_list:
            return
        names = [*vals_list[0], "create_uid", "create_date", "is_corrected"]
        rows = [
            (*vals.values(), self.env.uid, self.env.cr.now(), False)
            for vals in vals_list
        ]
        statement = SQL(
            "INSERT INTO npo_kpi_value (%s) VALUES %s ON CONFLICT DO NOTHING",
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(SQL("%s", row) for row in rows),
        )
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(statement, log_exceptions=False)
        except (SerializationFailure, UniqueViolation):
            return  # a colleague's job kept the month in this very moment
        self.invalidate_model()

    @api.model
    def _recount(self, company):
        """Count the kept months again, and write beside them what differs."""
        months = periods("month", company._npo_today(), MONTHS + 1)[:-1]
        lines = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_from", ">=", months[0][0]),
                ("kpi_id.date_field", "!=", False),
                ("kpi_id.active", "=", True),
                ("is_told", "=", True),
            ]
        )
        lines = lines.filtered(lambda line: (line.date_from, line.date_to) in months)
        if not lines:
            return
        trend = lines.kpi_id._trend(company, months)
        places = {month: place for place, month in enumerate(months)}
        today = company._npo_today()
        for line in lines.filtered(lambda line: not line.site_id):
            place = places[line.date_from, line.date_to]
            line._put_now(trend[line.kpi_id][place], today)
        at_sites = lines.filtered("site_id").grouped(
            lambda line: (line.date_from, line.date_to)
        )
        for month, own in at_sites.items():
            figures = own.kpi_id._figures_by("site", company, *month)
            for line in own:
                found = figures.get(line.kpi_id, {}).get(line.site_id, (0, 0))
                line._put_now(found, today)

    def _put_now(self, figure, today):
        kpi = self.kpi_id
        if figure == self._now() and self.date_recounted:
            return  # nothing is written where nothing changed
        if not kpi._is_told(figure, self.company_id):
            return
        counted, kept = figure
        value = kpi._figure_value(counted, kept)
        self.write(
            {
                "counted_now": counted,
                "kept_now": kept or 0,
                "value_now": value or 0,
                "difference": (value or 0) - self.value,
                "date_recounted": today,
            }
        )
