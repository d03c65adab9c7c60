from odoo import fields, models


class NpoInquiryTopic(models.Model):
    """What an inquiry is about (glossary 16), and whose field that is by default."""

    _name = "npo.inquiry.topic"
    _description = "Inquiry Topic"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    work_field_id = fields.Many2one(
        "npo.work.field",
        string="Field of work",
        help="Whose liaison officer gets inquiries on this topic.",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another topic has this code.")
