from odoo import fields, models


class NpoCircumstance(models.Model):
    """What makes it hard for a person to come: served by phone or at home (R066)."""

    _name = "npo.circumstance"
    _description = "Special Circumstance"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_sensitive = fields.Boolean(
        "Sensitive",
        help="The banner of a request does not name it to who may not read the file's"
        " categories.",
    )
    is_remote = fields.Boolean(
        "Proposes telephone or home", default=True, help="Instead of coming here."
    )

    _code_uniq = models.UniqueIndex("(code)", "This code exists already.")
