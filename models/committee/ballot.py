from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ...tools import ballot
from .guards import OFFICE
from .item import MOTION
from .item import NpoCommitteeItem as Base
from .recusal import KINDS
from .vote import VOTES


class NpoCommitteeItem(models.Model):
    """Who votes on an item, how the votes are counted, and the decision (R124).

    Each member votes in their own name. Quorum and majority are looked at in the
    moment of deciding; `npo.request._decide` stays the one place of a decision.
    """

    _inherit = Base._name

    vote_ids = fields.One2many("npo.committee.vote", "item_id", readonly=True)
    recusal_ids = fields.One2many("npo.committee.recusal", "item_id", readonly=True)
    # stored: a vote changes the row of its item, so two at once are counted both
    votes_for = fields.Integer("For", compute="_compute_votes", store=True)
    votes_against = fields.Integer("Against", compute="_compute_votes", store=True)
    votes_abstain = fields.Integer("Abstained", compute="_compute_votes", store=True)
    casting_vote = fields.Selection(VOTES[:2], readonly=True)
    casting_by_id = fields.Many2one("res.users", readonly=True)
    present_count = fields.Integer("Took part", readonly=True)
    result = fields.Selection(
        [
            ("open", "No vote yet"),
            ("no_quorum", "No quorum"),
            ("adopted", "Adopted"),
            ("tie", "Tie: the casting vote"),
            ("fallen", "Not adopted"),
        ],
        compute="_compute_result",
    )
    my_vote = fields.Selection(VOTES, compute="_compute_my_part")
    may_vote = fields.Boolean(compute="_compute_my_part", search="_search_may_vote")
    may_cast = fields.Boolean(compute="_compute_my_part")
    my_recusal = fields.Selection(KINDS, compute="_compute_my_part")
    recusal_note = fields.Char("Takes no part", compute="_compute_recusal_note")

    # ------------------------------------------------------------
    # COUNT
    # ------------------------------------------------------------

    @api.depends("vote_ids.vote")
    def _compute_votes(self):
        for item in self:
            votes = item.vote_ids.mapped("vote")
            item.votes_for = votes.count("for")
            item.votes_against = votes.count("against")
            item.votes_abstain = votes.count("abstain")

    @api.depends("state", "votes_for", "votes_against", "votes_abstain", "casting_vote")
    def _compute_result(self):
        for session, items in self.grouped("session_id").items():
            quorum = session._quorum() if session else 0
            for item in items:
                item.result = item._result(quorum)

    def _result(self, quorum):
        """Return what the votes that were given come to now."""
        if self.state == "decided":
            return "adopted"
        present = len(self._deciders())
        result = ballot.outcome(
            self.committee_id.majority,
            ballot.Ballot(
                self.votes_for,
                self.votes_against,
                self.votes_abstain,
                present,
                self.casting_vote or None,
            ),
        )
        if result == "tie" and not self.committee_id.has_casting_vote:
            result = "fallen"
        return "no_quorum" if result != "open" and present < quorum else result

    def _deciders(self):
        """Return the users who take part in the decision, without the recused.

        In a meeting who is present, by circulation who has voted.
        """
        present = self.session_id._present()
        if self.session_kind == "circulation":
            present &= self.sudo().vote_ids.user_id
        return present - self.sudo().recusal_ids.user_id

    @api.depends("vote_ids.vote", "recusal_ids", "state", "session_state", "motion")
    @api.depends_context("uid")
    def _compute_my_part(self):
        user = self.env.user
        for session, items in self.grouped("session_id").items():
            is_open = session.state == "open"
            present = is_open and user in session._present()
            presides = is_open and user == session._presiding()
            for item in items:
                own = item.vote_ids.filtered(lambda vote: vote.user_id == user)
                recusal = item.recusal_ids.filtered(lambda r: r.user_id == user)
                item.my_vote = own.vote
                item.my_recusal = recusal.kind
                item.may_vote = bool(
                    present and item.state == "pending" and not recusal and item.motion
                )
                item.may_cast = item.may_vote and presides and item.result == "tie"

    @api.model
    def _search_may_vote(self, operator, value):
        """Find what waits for the vote of the user, who has not given it yet."""
        if operator != "in" or False in value:
            return NotImplemented
        user = self.env.user
        items = self.search(
            [
                ("state", "=", "pending"),
                ("session_state", "=", "open"),
                ("committee_id", "in", user.npo_committee_ids.ids),
                ("vote_ids", "not any", [("user_id", "=", user.id)]),
            ]
        )
        return [("id", "in", items.filtered("may_vote").ids)]

    @api.depends("recusal_ids")
    @api.depends_context("lang")
    def _compute_recusal_note(self):
        for item in self:
            labels = dict(
                item.recusal_ids._fields["kind"]._description_selection(self.env)
            )
            item.recusal_note = " · ".join(
                f"{recusal.user_id.name}: {labels[recusal.kind]}"
                for recusal in item.recusal_ids
            )

    # ------------------------------------------------------------
    # RECUSAL
    # ------------------------------------------------------------

    def _recuse_known(self):
        """Record who may not take part by what is known, for all the items at once."""
        recusals = self.env["npo.committee.recusal"].sudo()
        pending = self.filtered(lambda item: item.state == "pending")
        new = []
        for session, items in pending.grouped("session_id").items():
            users = session.committee_id._voters()
            known = recusals._known(items.request_id, users)
            by_request = items.grouped("request_id")
            new += [
                {
                    "item_id": by_request[items.request_id.browse(request_id)].id,
                    "user_id": user_id,
                    "kind": kind,
                }
                for (request_id, user_id), kind in known.items()
            ]
        there = {(r.item_id.id, r.user_id.id) for r in pending.sudo().recusal_ids}
        new = [vals for vals in new if (vals["item_id"], vals["user_id"]) not in there]
        recusals.create(new)._drop_votes()

    def _declare_interest(self, kind, note):
        """A member takes no part in the decision: told in the minutes (R124)."""
        user = self.env.user
        self.committee_id._require_seat()
        self._require_open("draft", "convened", "open")
        recusals = self.env["npo.committee.recusal"].sudo()
        recusals.create(
            [
                {
                    "item_id": item.id,
                    "user_id": user.id,
                    "kind": kind,
                    "note": note,
                    "is_declared": True,
                }
                for item in self
                if user not in item.sudo().recusal_ids.user_id
            ]
        )._drop_votes()

    def action_declare_interest(self):
        """Open the form in which a member tells of an interest."""
        self.ensure_one()
        self.committee_id._require_seat()
        self._require_open("draft", "convened", "open")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Declare an interest"),
            "res_model": "npo.committee.interest",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_id": self.id},
        }

    # ------------------------------------------------------------
    # VOTE
    # ------------------------------------------------------------

    def action_vote_for(self):
        self._vote("for")

    def action_vote_against(self):
        self._vote("against")

    def action_abstain(self):
        self._vote("abstain")

    def _vote(self, vote, note=False):
        """Record the vote of the user in their own name, in place of an earlier one."""
        user = self.env.user
        self.committee_id._require_seat()
        self._require_open("open")
        self._recuse_known()
        for item in self:
            item._check_may_vote(user)
        votes = self.env["npo.committee.vote"].sudo()
        now = fields.Datetime.now()
        own = self.sudo().vote_ids.filtered(lambda given: given.user_id == user)
        own.write({"vote": vote, "note": note, "date": now})
        votes.create(
            [
                {"item_id": item.id, "user_id": user.id, "vote": vote, "note": note}
                for item in self - own.item_id
            ]
        )
        self.sudo().filtered("casting_vote").write({"casting_vote": False})

    def _check_may_vote(self, user):
        """Raise unless the user attends, has a vote and no interest (R124)."""
        if user in self.sudo().recusal_ids.user_id:
            raise AccessError(
                self.env._(
                    "You take no part in the decision on %s: an interest is recorded.",
                    self.reference,
                )
            )
        if user not in self.session_id._present():
            raise AccessError(
                self.env._(
                    "Only members with a vote who attend the session vote. The"
                    " secretary records who is there."
                )
            )
        session = self.session_id
        if session.kind == "circulation" and session.stop <= fields.Datetime.now():
            raise UserError(self.env._("The votes were collected until the end set."))
        if not self.motion:
            raise UserError(
                self.env._("Nothing is moved yet on %s to vote on.", self.reference)
            )
        self._check_motion()

    def _check_motion(self):
        """A motion that could not become a decision is not voted on."""
        request = self.sudo().request_id
        vals = self._decision_vals()
        request._check_decision(self.motion, vals | request._given(self.motion, vals))

    def action_cast_for(self):
        self._cast("for")

    def action_cast_against(self):
        self._cast("against")

    def _cast(self, vote):
        """On a tie, who presides over the session decides by one vote more."""
        self.ensure_one()
        self._lock()
        self._require_open("open")
        if self.env.user != self.session_id._presiding():
            raise AccessError(
                self.env._("The casting vote is that of who presides over the session.")
            )
        self._check_may_vote(self.env.user)
        if self.result != "tie":
            raise UserError(self.env._("The casting vote is for a tie."))
        self.sudo().write({"casting_vote": vote, "casting_by_id": self.env.uid})

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def _lock(self):
        """Lock the items, or tell that a colleague is at one of them."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "A colleague is working on this request at this very moment. Reload"
                    " the page to see what was done, then try again."
                )
            ) from None
        self.invalidate_recordset()

    def action_decide(self):
        """Record the decisions on what was adopted."""
        self.committee_id._require_seat(*OFFICE)
        # nobody comes, leaves or closes the session meanwhile
        self.session_id._require_state("open")
        self._lock()
        self._require_open("open")
        self._recuse_known()
        for item in self:
            item._decide()

    def _decide(self):
        """Turn an adopted motion into the decision on its request."""
        deciders = self._deciders()
        self.committee_id._check_quorum(deciders)
        self._check_collected()
        if self.result != "adopted":
            labels = dict(self._fields["result"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(request)s cannot be recorded as decided: %(result)s. Vote, put"
                    " another motion, or postpone it.",
                    request=self.reference,
                    result=labels[self.result],
                )
            )
        self.sudo().write({"state": "decided", "present_count": len(deciders)})
        self.request_id._decide(self.motion, deciders, **self._decision_vals())

    def _check_collected(self):
        """By circulation, all have voted or the time is over."""
        session = self.session_id
        if session.kind != "circulation" or session.stop <= fields.Datetime.now():
            return
        if session._present() - self.sudo().recusal_ids.user_id - self._deciders():
            raise UserError(
                self.env._(
                    "Not all the members have voted on %s yet, and there is still"
                    " time.",
                    self.reference,
                )
            )

    def _decision_vals(self):
        """Return the motion as values of a decision (`npo.request._decide`)."""
        vals = {theirs: self[own] for own, theirs in MOTION.items() if own != "motion"}
        vals["decision_reason_id"] = self.motion == "rejected" and self.reason_id.id
        return vals


class NpoCommitteeRecusal(models.Model):
    _inherit = "npo.committee.recusal"

    def _drop_votes(self):
        """Who takes no part has no vote that counts."""
        for recusal in self:
            recusal.item_id.vote_ids.filtered(
                lambda vote, user=recusal.user_id: vote.user_id == user
            ).unlink()
