from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_list

from ...tools import ballot


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

    # how it decides (R123)
    quorum_kind = fields.Selection(
        [
            ("share", "More than a share of the seats"),
            ("number", "A number of members"),
        ],
        string="Quorum",
        required=True,
        default="share",
        tracking=True,
    )
    quorum_share = fields.Float("Share of the seats (%)", default=50, tracking=True)
    quorum_number = fields.Integer("Members at least", default=3, tracking=True)
    majority = fields.Selection(
        [
            ("simple", "Most of the votes cast"),
            ("absolute", "More than half of the members present"),
            ("two_thirds", "Two thirds of the votes cast"),
        ],
        required=True,
        default="simple",
        tracking=True,
    )
    has_casting_vote = fields.Boolean(
        "Casting vote of the chair",
        default=True,
        tracking=True,
        help="On a tie, who presides over the session decides by one vote more.",
    )
    quorum_note = fields.Char(compute="_compute_quorum_note")

    _quorum_sane = models.Constraint(
        "CHECK (quorum_share >= 0 AND quorum_share < 100 AND quorum_number > 0)",
        "The quorum is a share below 100 % of the seats, or one member at least.",
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

    @api.depends("quorum_kind", "quorum_share", "quorum_number", "member_ids")
    @api.depends_context("lang")
    def _compute_quorum_note(self):
        for committee in self:
            committee.quorum_note = self.env._(
                "At least %(quorum)s of %(seats)s members who vote",
                quorum=committee._quorum(),
                seats=len(committee._voters()),
            )

    @api.model
    def _default_for(self, company):
        """Return the committee to which an association's requests are raised."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    # ------------------------------------------------------------
    # SEATS
    # ------------------------------------------------------------

    def _seats(self, *roles):
        """Return the seats that are held today; of some roles, or all."""
        today = fields.Date.context_today(self)
        return self.sudo().member_ids.filtered(
            lambda member: (
                (not roles or member.role in roles)
                and (not member.date_from or member.date_from <= today)
                and (not member.date_to or member.date_to >= today)
            )
        )

    def _users(self, *roles):
        """Return the users who are members now; of some roles, or of all."""
        return self._seats(*roles).user_id

    def _voters(self):
        """Return the users whose vote counts now."""
        return self._seats().filtered("has_vote").user_id

    def _cover_of(self, user, date):
        """Return who stands in for a member who is away on a day, or nobody."""
        covers = self.env["npo.absence"]._cover_of(user, self.company_id, date)
        return covers.get(user, user.browse())

    def _require_seat(self, *roles):
        """Raise unless the user sits in the committee; in one of the roles, if any."""
        user = self.env.user
        if user.has_group("npo_relations.group_npo_committee_member") and all(
            user in committee._users(*roles) for committee in self
        ):
            return
        if not roles:
            raise AccessError(self.env._("This is for the members of the committee."))
        labels = dict(
            self.env["npo.committee.member"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        raise AccessError(
            self.env._(
                "In the committee this is for: %s.",
                format_list(self.env, [labels[role] for role in roles], style="or"),
            )
        )

    # ------------------------------------------------------------
    # QUORUM
    # ------------------------------------------------------------

    def _quorum(self):
        """Return how many members who vote a decision needs."""
        self.ensure_one()
        return ballot.quorum(
            self.quorum_kind,
            len(self._voters()),
            self.quorum_share,
            self.quorum_number,
        )

    def _check_quorum(self, members):
        """Raise unless enough members take part in a decision (R123).

        :param members: users who take part, without those who have an interest
        """
        present = len(members & self._voters())
        if present < self._quorum():
            raise UserError(
                self.env._(
                    "There is no quorum. Members who take part, without those who have"
                    " an interest in the request: %(present)s. Needed: %(quorum)s.",
                    present=present,
                    quorum=self._quorum(),
                )
            )


class NpoCommitteeMember(models.Model):
    """A seat in a committee, for a term."""

    _name = "npo.committee.member"
    _description = "Committee Member"
    _inherit = ["npo.kept.mixin"]  # a record rule reads the committees of a user
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
    has_vote = fields.Boolean(
        "Votes",
        compute="_compute_has_vote",
        store=True,
        readonly=False,
        precompute=True,
        help="A secretary votes only as a member.",
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

    @api.depends("role")
    def _compute_has_vote(self):
        for member in self:
            member.has_vote = member.role != "secretary"

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
