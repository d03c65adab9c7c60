from odoo import fields, models

SECTIONS = [
    ("measure", "Measures"),
    ("dimension", "Dimensions, of five"),
    ("group", "Satisfaction, broken down"),
    ("trend", "Satisfaction by month"),
    ("reason", "Reasons"),
]


class NpoOpinionAnalysisLine(models.TransientModel):
    """A figure of opinions: what is too few to be told is not in it either."""

    _name = "npo.opinion.analysis.line"
    _description = "Figure of Opinions"
    _order = "page_id, id"

    page_id = fields.Many2one("npo.opinion.analysis", index=True, ondelete="cascade")
    section = fields.Selection(SECTIONS, "Part", readonly=True)
    name = fields.Char("What", readonly=True)
    counted = fields.Integer("Answers", readonly=True)
    value = fields.Char("Figure", readonly=True)
    mean = fields.Char("Average of five", readonly=True)
    margin = fields.Char(readonly=True)
    is_hidden = fields.Boolean("Not told", readonly=True)
