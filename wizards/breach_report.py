from odoo import fields, models


class NpoDataBreachReport(models.TransientModel):
    """Anybody of the staff reports an incident in a few words (R157, P017)."""

    _name = "npo.data.breach.report"
    _description = "Report a Data Incident"

    what_happened = fields.Text(
        "What happened",
        required=True,
        help="Which data, whose, and who may have seen it. A few words are enough.",
    )
    aware_at = fields.Datetime(
        "Known since", required=True, default=fields.Datetime.now
    )

    def action_report(self):
        """Hand it to the data-protection officer; the number is told."""
        self.ensure_one()
        incident = self.env["npo.data.breach"]._report(
            self.env.company, self.what_happened, self.aware_at
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "message": self.env._(
                    "Thank you. It is recorded under %s, and the data-protection"
                    " officer was told.",
                    incident.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
