from odoo import fields, models


class NpoStage(models.Model):
    _inherit = "npo.stage"

    kind = fields.Selection(
        selection_add=[
            ("inquiry", "Inquiry"),
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("appeal", "Objection"),
            ("information", "Request for information"),
        ],
        ondelete={
            "inquiry": "cascade",
            "complaint": "cascade",
            "suggestion": "cascade",
            "appeal": "cascade",
            "information": "cascade",
        },
    )
