from odoo import fields, models

from ..core.service_level import SEVERITIES


class NpoComplaintCategory(models.Model):
    """What a complaint is about, and how grave that is by itself (glossary 17.2)."""

    _name = "npo.complaint.category"
    _description = "Complaint Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    severity = fields.Selection(SEVERITIES, required=True, default="medium")
    confidentiality = fields.Selection(
        [("normal", "Normal"), ("restricted", "Restricted"), ("sealed", "Sealed")],
        required=True,
        default="normal",
        help="Sealed: for its named focal persons alone, without details in messages.",
    )

    _code_uniq = models.UniqueIndex("(code)", "This category code exists already.")
