from odoo import fields, models

VOTES = [("for", "For"), ("against", "Against"), ("abstain", "Abstained")]


class NpoCommitteeVote(models.Model):
    """What one member said on one motion; written by the member alone (R124)."""

    _name = "npo.committee.vote"
    _description = "Vote"
    _order = "item_id, id"
    _rec_name = "user_id"

    item_id = fields.Many2one(
        "npo.committee.item", required=True, index=True, ondelete="cascade"
    )
    committee_id = fields.Many2one(
        related="item_id.committee_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="item_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Member", required=True, index=True)
    vote = fields.Selection(VOTES, required=True)
    note = fields.Char("Opinion")
    date = fields.Datetime("Voted on", required=True, default=fields.Datetime.now)

    _once = models.UniqueIndex(
        "(item_id, user_id)", "This member has voted on it already."
    )
