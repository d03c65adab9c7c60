from odoo import fields, models


class NpoVisitPurpose(models.Model):
    """What people come for (glossary 15)."""

    _name = "npo.visit.purpose"
    _description = "Purpose of a Visit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another purpose has this code.")
