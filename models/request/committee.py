from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class NpoCommittee(models.Model):
    """The research committee: who studies the requests and decides (R123)."""

    _name = "npo.committee"
    _description = "Research Committee"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    member_ids = fields.One2many(
        "npo.committee.member", "committee_id", string="Members", copy=True
    )
    pending_count = fields.Integer(
        "Requests to decide", compute="_compute_pending_count"
    )

    def _compute_pending_count(self):
        counts = dict(
            self.env["npo.request"]._read_group(
                [("committee_id", "in", self.ids), ("stage_code", "=", "committee")],
                ["committee_id"],
                ["__count"],
            )
        )
        for committee in self:
            committee.pending_count = counts.get(committee._origin, 0)

    @api.model
    def _default_for(self, company):
        """Return the committee to which an association's requests are raised."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _users(self, *roles):
        """Return the users who are members now; of some roles, or of all."""
        today = fields.Date.context_today(self)
        return (
            self.sudo()
            .member_ids.filtered(
                lambda member: (
                    (not roles or member.role in roles)
                    and (not member.date_from or member.date_from <= today)
                    and (not member.date_to or member.date_to >= today)
                )
            )
            .user_id
        )


class NpoCommitteeMember(models.Model):
    """A seat in a committee, for a term."""

    _name = "npo.committee.member"
    _description = "Committee Member"
    _order = "committee_id, sequence, id"
    _rec_name = "user_id"

    committee_id = fields.Many2one(
        "npo.committee", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Member", required=True, index=True)
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        [
            ("chair", "Chair"),
            ("deputy", "Deputy chair"),
            ("secretary", "Secretary"),
            ("member", "Member"),
        ],
        required=True,
        default="member",
    )
    date_from = fields.Date("Member from")
    date_to = fields.Date("Member until")

    _one_seat = models.UniqueIndex(
        "(committee_id, user_id)", "This person is a member of the committee already."
    )
    _one_chair = models.UniqueIndex(
        "(committee_id) WHERE role = 'chair' AND date_to IS NULL",
        "A committee has one chair. End the term of the former chair first.",
    )

    @api.constrains("user_id", "committee_id")
    def _check_company(self):
        for member in self:
            if member.committee_id.company_id not in member.user_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(association)s.",
                        person=member.user_id.name,
                        association=member.committee_id.company_id.name,
                    )
                )

    # A rule on requests reads the committees of a user from the user record.

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env.registry.clear_cache()
        return members

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class ResUsers(models.Model):
    _inherit = "res.users"

    npo_committee_ids = fields.Many2many(
        "npo.committee",
        string="Committees",
        compute="_compute_npo_committee_ids",
        compute_sudo=True,
    )

    def _compute_npo_committee_ids(self):
        today = fields.Date.context_today(self)
        members = self.env["npo.committee.member"].search(
            Domain("user_id", "in", self.ids)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", today))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
        committees = members.grouped("user_id")
        for user in self:
            seats = committees.get(user._origin, members.browse())
            user.npo_committee_ids = seats.committee_id
