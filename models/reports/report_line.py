from odoo import fields, models


class NpoReportLine(models.Model):
    """A measure in a report, as it stood on the day it was filled in."""

    _name = "npo.report.line"
    _description = "Measure in a Report"
    _order = "run_id, part, sequence, id"

    run_id = fields.Many2one(
        "npo.report.run", "Report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True, index=True
    )
    date_to = fields.Date(related="run_id.date_to", string="Until", store=True)
    part = fields.Integer(readonly=True)
    sequence = fields.Integer(readonly=True)
    kpi_id = fields.Many2one(
        "npo.kpi", "Indicator", readonly=True, ondelete="restrict", index=True
    )
    name = fields.Char("Measure", readonly=True)

    # as it was reported
    counted = fields.Float(readonly=True, aggregator=None)
    kept = fields.Float(readonly=True, aggregator=None)
    has_value = fields.Boolean(readonly=True)
    value = fields.Float(readonly=True, aggregator="avg")
    text = fields.Char("Figure", readonly=True)
    before_text = fields.Char("The period before", readonly=True)
    before_value = fields.Float(readonly=True, aggregator=None)
    has_before = fields.Boolean(readonly=True)
    trend = fields.Json(readonly=True)
    target = fields.Float(readonly=True, aggregator=None)
    target_text = fields.Char("Target", readonly=True)
    status = fields.Selection(
        [("met", "Reached"), ("missed", "Not reached")], readonly=True
    )

    # as it is counted now
    now_text = fields.Char("Counted again", readonly=True)
    is_corrected = fields.Boolean("Corrected since", readonly=True)

    def action_records(self):
        """Open what was counted, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        run = self.run_id
        run.check_access("read")
        self.env[self.kpi_id.res_model].check_access("read")
        return self.kpi_id._open_records(
            run.company_id, run.date_from, run.date_to, site=run.site_id
        )
