from odoo import fields, models


class NpoRegion(models.Model):
    """One of the thirteen regions of Saudi Arabia (R016)."""

    _name = "npo.region"
    _description = "Region"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex("(code)", "This region code exists already.")
