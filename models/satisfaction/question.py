from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .events import AUDIENCES, DIMENSIONS, EVENTS, ROLES, SCALES

PROFILES = [
    ("masaken", "Housing support"),
    ("nbra", "Retirees"),
    ("little_hearts", "Paediatric heart care"),
    ("ghimar", "Youth programmes"),
    ("harfa", "Crafts"),
]


class NpoOpinionQuestion(models.Model):
    """The bank of questions: each has one wording, one dimension, one scale (P120).

    The questionnaires of the associations are made from it (`survey.survey`), so that
    what one of them measures can be compared with the year before.
    """

    _name = "npo.opinion.question"
    _description = "Question of the Bank"
    _order = "sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    dimension = fields.Selection(DIMENSIONS)
    scale = fields.Selection(SCALES, required=True, default="agreement")
    uses = fields.Char(
        "Asked in",
        required=True,
        help="The occasions and the places in their questionnaires, as codes.",
    )
    profile_code = fields.Selection(
        PROFILES,
        "Only of",
        help="Empty: it is asked by every association.",
    )
    audience = fields.Selection(
        AUDIENCES, help="Whom alone it is asked; empty: everybody."
    )

    _code_uniq = models.UniqueIndex("(code)", "Another question has this code.")

    @api.constrains("uses")
    def _check_uses(self):
        events = dict(EVENTS)
        roles = dict(ROLES)
        for question in self:
            for event, role in question._uses():
                if event not in events or role not in roles:
                    raise ValidationError(
                        self.env._("“%s” does not say where it is asked.", event)
                    )

    def _uses(self):
        """Return (event, role) of each questionnaire that asks it."""
        return [
            (event, role)
            for event, _colon, role in (
                use.partition(":") for use in (self.uses or "").split()
            )
        ]
