from odoo import fields, models


class NpoBeneficiaryCategory(models.Model):
    """A segment of the beneficiaries (R050, glossary 4); a person may have several."""

    _name = "npo.beneficiary.category"
    _description = "Beneficiary Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_sensitive = fields.Boolean(
        "Sensitive",
        help="To belong to this category is itself sensitive personal data.",
    )
    proof = fields.Char("Usual proof", translate=True)
    color = fields.Integer()

    _code_uniq = models.UniqueIndex("(code)", "This category code exists already.")
