from odoo import fields, models


class NpoStakeholderType(models.Model):
    """A kind of party that the association deals with (R022, R023, R042–R047)."""

    _name = "npo.stakeholder.type"
    _description = "Kind of Stakeholder"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    stakeholder_class = fields.Integer(
        "Class", help="Its number in a policy that lists classes of stakeholders."
    )
    company_ids = fields.Many2many(
        "res.company",
        "npo_company_stakeholder_rel",
        "type_id",
        "company_id",
        string="Associations",
        help="The associations that deal with this kind.",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another kind has this code.")
