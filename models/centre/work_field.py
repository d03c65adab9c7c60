from odoo import fields, models


class NpoWorkField(models.Model):
    """A field in which an association works, with its liaison officer (R168).

    The list is shared; which of them are an association's own is said on the company,
    and one that is missing is added.
    """

    _name = "npo.work.field"
    _description = "Field of Work"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_ids = fields.Many2many(
        "res.company",
        "npo_company_work_field_rel",
        "field_id",
        "company_id",
        string="Associations",
        help="The associations that work in this field.",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another field of work has this code.")


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_work_field_ids = fields.Many2many(
        "npo.work.field",
        "npo_company_work_field_rel",
        "company_id",
        "field_id",
        string="Fields of work",
        help="Each has a liaison officer who answers inquiries about it.",
    )
