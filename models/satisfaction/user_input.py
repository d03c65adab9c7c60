from odoo import fields, models


class SurveyUserInput(models.Model):
    """What one person answered: never a contact, never an e-mail (P123, R079).

    The way back to the case is the invitation, and not even that where answers are
    anonymous: then a fingerprint remains, which tells that one case was not counted
    twice and nothing else.
    """

    _inherit = "survey.user_input"

    npo_case_key = fields.Char("Fingerprint of the case", groups="base.group_system")
