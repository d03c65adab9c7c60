from odoo import api, fields, models
from odoo.exceptions import ValidationError

CADENCES = [
    ("day", "Each day"),
    ("week", "Each week"),
    ("month", "Each month"),
    ("quarter", "Each quarter"),
    ("year", "Each year"),
]
CALENDARS = [("gregorian", "Gregorian"), ("hijri", "Hijri")]
# Who prepares a report, and the role that does.
AREAS = [
    ("centre", "Service centre"),
    ("governance", "Governance"),
    ("finance", "Finance"),
    ("privacy", "Data protection"),
]
RECIPIENTS = [
    ("centre", "Service centre"),
    ("manager", "General manager"),
    ("board", "Board"),
    ("governance", "Governance"),
    ("finance", "Finance"),
]
BREAKDOWNS = [
    ("site", "By site"),
    ("service", "By service"),
    ("category", "By category"),
    ("gender", "By gender"),
    ("channel", "By channel"),
    ("department", "By unit"),
]


class NpoReportType(models.Model):
    """A report that comes back each period: what stands in it, and for whom (D14)."""

    _name = "npo.report.type"
    _description = "Kind of Report"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text("What it tells", translate=True)
    cadence = fields.Selection(CADENCES, "Comes", required=True, default="month")
    area = fields.Selection(AREAS, "Prepared by", required=True, default="centre")
    recipient = fields.Selection(
        RECIPIENTS,
        "For",
        required=True,
        default="manager",
        help="The general manager approves it; then it is passed on.",
    )
    needs_centre = fields.Boolean(
        "Of the measurement centre",
        help="Drafted by itself only where the policy has a measurement centre.",
    )
    section_ids = fields.One2many("npo.report.section", "type_id", "Parts")

    _code_uniq = models.UniqueIndex("(code)", "Another report has this code.")


class NpoReportSection(models.Model):
    """A part of a report: measures, one measure broken down, a table, or a text."""

    _name = "npo.report.section"
    _description = "Part of a Report"
    _order = "type_id, sequence, id"

    type_id = fields.Many2one(
        "npo.report.type", "Report", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Heading", required=True, translate=True)
    kind = fields.Selection(
        [
            ("measures", "Measures"),
            ("breakdown", "A measure broken down"),
            ("table", "Table"),
            ("text", "Text"),
        ],
        required=True,
        default="measures",
    )
    kpi_ids = fields.Many2many(
        "npo.kpi",
        "npo_report_section_kpi_rel",
        "section_id",
        "kpi_id",
        string="Measures",
    )
    by = fields.Selection(BREAKDOWNS, "Broken down")
    table_code = fields.Selection(
        selection=lambda self: self.env["npo.report.table"]._tables(), string="Table"
    )
    text = fields.Text(translate=True)

    @api.constrains("kind", "by", "table_code", "text")
    def _check_kind(self):
        """A part that would stay empty is refused where it is written."""
        for section in self:
            wanted = {"breakdown": "by", "table": "table_code", "text": "text"}
            if section.kind in wanted and not section[wanted[section.kind]]:
                raise ValidationError(
                    self.env._("Say what stands in the part “%s”.", section.name)
                )
