from odoo import fields, models


class NpoPolicySignatory(models.Model):
    """Who signs the approval of a version, by position: R011, R012.

    Positions only: the names stand on the signed paper, and no name of a board member
    is shipped with a profile.
    """

    _name = "npo.policy.signatory"
    _description = "Policy Signatory"
    _inherit = "npo.policy.line.mixin"
    _rec_name = "position"

    _version_field = "signatory_ids"

    position = fields.Selection(
        [
            ("chair", "Chair of the board"),
            ("vice_chair", "Vice-chair of the board"),
            ("financial_supervisor", "Financial supervisor"),
            ("member", "Member"),
            ("secretary", "Secretary of the board"),
        ],
        required=True,
        default="member",
    )
