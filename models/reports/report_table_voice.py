from odoo import api, fields, models
from odoo.fields import Domain

from ..voice.voice_statistics import NpoVoiceStatistics as Statistics
from .report_table import NpoReportTable as Base

NOT_SEALED = Domain("confidentiality", "!=", "sealed")
# Table -> the kind and the dimension that it counts, crossed with the way (R179).
CROSSED = {
    "complaints_by_category": ("complaint", "category_id"),
    "complaints_by_severity": ("complaint", "severity"),
    "complaints_by_site": ("complaint", "site_id"),
    "complaints_by_channel": ("complaint", "channel_id"),
    "complaints_by_stage": ("complaint", "stage_id"),
    "inquiries_by_topic": ("inquiry", "topic_id"),
    "inquiries_by_field": ("inquiry", "work_field_id"),
    "inquiries_by_channel": ("inquiry", "channel_id"),
    "inquiries_by_stage": ("inquiry", "stage_id"),
    "suggestions_by_stage": ("suggestion", "stage_id"),
}


class NpoVoiceStatistics(models.TransientModel):
    """The statistics of one site, for its report (R200)."""

    _inherit = Statistics._name

    site_id = fields.Many2one("npo.site")

    def _period(self):
        # EXTENDS npo.voice.statistics
        domain = super()._period()
        return (
            domain & Domain("site_id", "=", self.site_id.id) if self.site_id else domain
        )


class NpoReportTable(models.AbstractModel):
    """What people said, and what was done about it (R054, R177–R180)."""

    _inherit = Base._name

    @api.model
    def _tables(self):
        # EXTENDS npo.report.table
        own = {
            "complaints_by_category": self.env._("Complaints by category and way"),
            "complaints_by_severity": self.env._("Complaints by severity and way"),
            "complaints_by_site": self.env._("Complaints by site and way"),
            "complaints_by_channel": self.env._("Complaints by channel"),
            "complaints_by_stage": self.env._("Complaints by stage"),
            "inquiries_by_topic": self.env._("Inquiries by topic and way"),
            "inquiries_by_field": self.env._("Inquiries by field and way"),
            "inquiries_by_channel": self.env._("Inquiries by channel"),
            "inquiries_by_stage": self.env._("Inquiries by stage"),
            "suggestions_by_stage": self.env._("Suggestions by stage"),
            "complaints_sealed": self.env._("Sealed complaints"),
            "complaint_actions": self.env._("Actions taken on complaints"),
            "complaint_action_list": self.env._("List of the actions taken"),
            "complaints_no_action": self.env._("Complaints without any action"),
        }
        return [*super()._tables(), *own.items()]

    @api.model
    def _build(self, code, run):
        # EXTENDS npo.report.table
        if code in CROSSED:
            return self._crossed(run, *CROSSED[code])
        return super()._build(code, run)

    @api.model
    def _statistics(self, run):
        """Return the statistics of the period: each number is that of its screen."""
        return self.env[Statistics._name].new(
            {
                "company_id": run.company_id.id,
                "site_id": run.site_id.id,
                "date_from": run.date_from,
                "date_to": run.date_to,
            }
        )

    @api.model
    def _crossed(self, run, kind, dimension):
        """Return the cases of a kind: centre, website, portal, other, total (R179)."""
        statistics = self._statistics(run)
        table = statistics._counted(kind, dimension)
        return {
            "headings": [table.title, *statistics._headings()],
            "rows": table.rows,
            "sums": [self.env._("Total"), *table.sums],
            "bars": len(statistics._headings()),
        }

    @api.model
    def _table_complaints_sealed(self, run):
        """Return the sealed ones as numbers; few, and none, are “fewer than” (P092)."""
        note = self.env._(
            "Sealed cases are counted, without anything that tells of them."
        )
        return {
            "headings": [self.env._("Month"), self.env._("Count")],
            "rows": [list(row) for row in self._statistics(run)._sealed_rows()],
            "note": note,
        }

    @api.model
    def _action_domain(self, run):
        """Return the actions of the period, but for those on sealed complaints."""
        domain = self._own(run, "complaint_id.site_id") & self._days(run, "date")
        return domain & Domain("complaint_id.confidentiality", "!=", "sealed")

    @api.model
    def _table_complaint_actions(self, run):
        return self._counted(
            "npo.complaint.action",
            self._action_domain(run),
            "kind",
            self.env._("Action taken"),
        )

    @api.model
    def _table_complaint_action_list(self, run):
        _ = self.env._
        columns = [
            (_("Complaint"), lambda action: action.complaint_id.name),
            (_("Action taken"), lambda action: self._choice(action, "kind")),
            (_("Date"), lambda action: self._date(run, action.date)),
            (_("Unit"), lambda action: action.department_id.name or "—"),
        ]
        return self._list(
            "npo.complaint.action", self._action_domain(run), columns, "date, id"
        )

    @api.model
    def _table_complaints_no_action(self, run):
        """Return the open ones that nobody touched for so many days (R180)."""
        _ = self.env._
        company = run.company_id
        complaints = self.env["npo.complaint"]
        today = company._npo_today()
        domain = self._own(run) & NOT_SEALED
        domain &= Domain("is_closed", "=", False) & Domain("date_action", "=", False)
        domain &= Domain("date_received", "<", complaints._untouched_since(company))
        columns = [
            (_("Complaint"), lambda case: case.name),
            (_("Category"), lambda case: case.category_id.name or "—"),
            (_("Received on"), lambda case: self._date(run, case.date_received)),
            (
                _("Days without an action"),
                lambda case: (today - run._npo_day(case.date_received)).days,
            ),
        ]
        part = self._list("npo.complaint", domain, columns, "date_received, id")
        days = company.npo_no_action_days
        note = _(
            "No action taken after %(days)s days: %(count)s.",
            days=days,
            count=part["count"],
        )
        return {**part, "note": " ".join(filter(None, (note, part["note"])))}
