from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommitteeCommon


@tagged("post_install", "-at_install")
class TestVote(CommitteeCommon):
    """R124, R125: votes by member and time, recusal, majority, casting vote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._waiting()

    def _item(self, present=None, **vals):
        item = self._opened(present, **vals).item_ids
        self._move_acceptance(item)
        return item

    def test_votes_by_member_and_time(self):
        """R124: each vote is kept with its member and time; it can be changed."""
        item = self._item()
        self._vote(item, chair="for", member="against")
        self._vote(item, member="for")
        votes = item.vote_ids
        self.assertEqual(votes.user_id, self.chair | self.member)
        self.assertTrue(all(votes.mapped("date")))
        self.assertEqual((item.votes_for, item.votes_against), (2, 0))
        self.assertEqual(item.with_user(self.member).my_vote, "for")

    def test_nobody_votes_for_another(self):
        """R124: votes are written by the vote of their member, and by nothing else."""
        item = self._item()
        votes = self.env["npo.committee.vote"]
        for name in ("chair", "secretary", "member"):
            own = votes.with_user(self.users[name])
            vals = {"item_id": item.id, "user_id": self.member.id, "vote": "for"}
            self._assert_refused(lambda own=own, v=vals: own.create(v), AccessError)
        self._vote(item, member="for")
        own = item.vote_ids.with_user(self.member)
        self._assert_refused(lambda: own.write({"vote": "against"}), AccessError)
        self._assert_refused(lambda: own.unlink(), AccessError)
        self._assert_refused(
            lambda: item.with_user(self.chair).write({"votes_for": 9}), AccessError
        )

    def test_who_votes(self):
        """R124: neither the secretary, nor who is absent, nor before the opening."""
        item = self._item([self.chair, self.deputy, self.member])
        self._assert_refused(lambda: self._vote(item, secretary="for"), AccessError)
        self._assert_refused(lambda: self._vote(item, third="for"), AccessError)
        self._assert_refused(
            lambda: item.with_user(self.officer)._vote("for"), AccessError
        )

    def test_relative_cannot_vote(self):
        """R124: a member of the applicant's household takes no part."""
        household = self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": self.request.partner_id.id}
                    ),
                    Command.create(
                        {"relation": "son", "partner_id": self.member.partner_id.id}
                    ),
                ],
            }
        )
        self.assertEqual(len(household.member_ids), 2)
        item = self._item()
        self.assertRecordValues(
            item.recusal_ids,
            [
                {
                    "user_id": self.member.id,
                    "kind": "relative",
                    "is_declared": False,
                }
            ],
        )
        self._assert_refused(lambda: self._vote(item, member="for"), AccessError)
        self._vote(item, chair="for", deputy="for")
        item.action_decide()
        self.assertNotIn(self.member, self.request.decided_by_ids)

    def test_relative_cannot_decide_on_paper(self):
        """R124: the same holds for a decision that is recorded from paper."""
        self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.request.partner_id.id,
                "representative_id": self.member.partner_id.id,
            }
        )
        request = self.request.with_user(self.chair)
        members = self.chair | self.deputy | self.member
        error = self._assert_refused(
            lambda: request._decide("accepted", members, amount_approved=5)
        )
        self.assertIn(self.member.name, str(error))

    def test_duties_recuse(self):
        """D02, R124: who registered, verified or assessed takes no part."""
        duty = self.env["npo.duty"].sudo()
        third, fourth = self.users["third"], self.users["fourth"]
        duty._claim("verify", self.request, third)
        duty._claim("assess", self.request, fourth)
        item = self._item()
        kinds = {r.user_id: r.kind for r in item.recusal_ids}
        self.assertEqual(kinds, {third: "registered", fourth: "assessed"})
        for name in ("third", "fourth"):
            self._assert_refused(
                lambda n=name: self._vote(item, **{n: "for"}), AccessError
            )
        self._vote(item, chair="for", deputy="for")
        item.action_decide()
        self.assertEqual(
            self.request.decided_by_ids, self.chair | self.deputy | self.member
        )

    def test_declared_interest(self):
        """R124: who declares an interest has no vote, and does not count as present."""
        item = self._item([self.chair, self.deputy, self.member])
        self._vote(item, chair="for", deputy="for", member="for")
        own = item.with_user(self.member)
        action = own.action_declare_interest()
        own.env["npo.committee.interest"].with_context(**action["context"]).create(
            {"kind": "interest", "note": "A neighbour."}
        ).action_confirm()
        self.assertEqual(item.votes_for, 2)
        self.assertEqual(item.result, "no_quorum")
        self.assertTrue(item.recusal_ids.is_declared)
        self._assert_refused(lambda: self._vote(item, member="for"), AccessError)
        self._assert_refused(item.action_decide)

    def test_another_motion_begins_anew(self):
        """R124: changing the motion takes the votes away, and is logged."""
        item = self._item()
        self._vote(item, chair="for", member="for")
        item.with_user(self.secretary).write({"note": "Seen.", "amount": 9000})
        self.assertFalse(item.vote_ids)
        self._vote(item, chair="for")
        item.with_user(self.secretary).write({"amount": 9000})
        self.assertEqual(item.votes_for, 1)
        item.with_user(self.secretary).write({"amount": 8000})
        self.assertFalse(item.vote_ids)
        log = item.session_id.message_ids.filtered(lambda m: item.reference in m.body)
        self.assertEqual(len(log), 2)

    def test_fallen_motion_is_no_decision(self):
        """R124: a motion without its majority decides nothing; another one may."""
        item = self._item()
        self._vote(item, chair="for", deputy="against", member="against")
        self.assertEqual(item.result, "fallen")
        self._assert_refused(item.action_decide)
        self.assertEqual(self.request.stage_code, "committee")
        reason = self.env.ref("npo_relations.reason_rejection_no_budget")
        item.with_user(self.secretary).write(
            {"motion": "rejected", "reason_id": reason.id}
        )
        self._vote(item, deputy="for", member="for", chair="abstain")
        item.action_decide()
        self.assertRecordValues(
            self.request,
            [{"decision": "rejected", "decision_reason_id": reason.id}],
        )

    def test_motion_is_complete(self):
        """R125: no vote on a rejection without a reason."""
        item = self._item()
        item.with_user(self.secretary).motion = "rejected"
        self._assert_refused(lambda: self._vote(item, chair="for"))
        item.with_user(self.secretary).motion = False
        self._assert_refused(lambda: self._vote(item, chair="for"))

    def test_casting_vote(self):
        """R124: on a tie who presides decides, if the committee has it so."""
        item = self._item()
        self._vote(item, chair="for", deputy="for", member="against", third="against")
        self.assertEqual(item.result, "tie")
        self._assert_refused(item.action_decide)
        self._assert_refused(item.with_user(self.deputy).action_cast_for, AccessError)
        self.committee.has_casting_vote = False
        item.invalidate_recordset(["result"])
        self.assertEqual(item.result, "fallen")
        self.committee.has_casting_vote = True
        item.invalidate_recordset(["result"])
        item.with_user(self.chair).action_cast_against()
        self.assertEqual(item.result, "fallen")
        self._vote(item, fourth="abstain")
        self.assertFalse(item.casting_vote)
        item.with_user(self.chair).action_cast_for()
        self.assertEqual(item.result, "adopted")
        item.action_decide()
        self.assertEqual(item.casting_by_id, self.chair)

    def test_deputy_casts_without_the_chair(self):
        """R124: without the chair, the deputy presides and casts."""
        users = [self.deputy, self.member, self.users["third"], self.users["fourth"]]
        item = self._item(users)
        self._vote(item, deputy="for", member="for", third="against", fourth="against")
        self._assert_refused(item.with_user(self.chair).action_cast_for, AccessError)
        item.with_user(self.deputy).action_cast_for()
        item.action_decide()
        self.assertEqual(self.request.stage_code, "decided")

    def test_cover_presides_before_the_deputy(self):
        """D02: who stands in for the chair who is away presides over the session."""
        third = self.users["third"]
        today = self.company._npo_today()
        self.env["npo.absence"].create(
            {
                "company_id": self.company.id,
                "user_id": self.chair.id,
                "cover_id": third.id,
                "date_from": today,
                "date_to": today,
            }
        )
        session = self._opened([third, self.deputy, self.member])
        self.assertEqual(session._presiding(), third)

    def test_majorities(self):
        """R124: the majority is the committee's own data."""
        item = self._item()
        self._vote(item, chair="for", deputy="for", member="against")
        for majority, result in (
            ("simple", "adopted"),
            ("absolute", "fallen"),
            ("two_thirds", "adopted"),
        ):
            self.committee.majority = majority
            item.invalidate_recordset(["result"])
            self.assertEqual(item.result, result, majority)

    def test_decision_with_all_it_says(self):
        """R125: amount, conditions, reason, validity come from the motion."""
        item = self._item()
        until = fields.Date.add(self.company._npo_today(), months=6)
        item.with_user(self.secretary).write(
            {
                "motion": "partial",
                "amount": 4000,
                "conditions": "Paid to the landlord.",
                "date_valid_until": until,
                "note": "The rest is covered.",
            }
        )
        self._vote(item, chair="for", deputy="for", member="for")
        item.action_decide()
        self.assertRecordValues(
            self.request,
            [
                {
                    "decision": "partial",
                    "amount_approved": 4000,
                    "conditions": "Paid to the landlord.",
                    "date_valid_until": until,
                    "decision_note": "The rest is covered.",
                    "date_announced": False,
                }
            ],
        )
        duties = self.env["npo.duty"].search(
            [("res_id", "=", self.request.id), ("duty", "=", "decide")]
        )
        self.assertEqual(len(duties.user_id), 5)

    def test_circulation(self):
        """R123: by circulation the quorum is of the votes, until all or the end."""
        item = self._item(present=[], kind="circulation")
        session = item.session_id
        self.assertFalse(session.event_id)
        self._vote(item, chair="for", third="for")
        self.assertEqual(item.result, "no_quorum")
        self._vote(item, fourth="for")
        self.assertEqual(item.result, "adopted")
        self._assert_refused(item.action_decide)
        session.sudo().write(
            {"start": "2020-01-01 08:00:00", "stop": "2020-01-03 08:00:00"}
        )
        self._assert_refused(lambda: self._vote(item, member="against"))
        item.action_decide()
        self.assertEqual(
            self.request.decided_by_ids,
            self.chair | self.users["third"] | self.users["fourth"],
        )

    def test_study_screen(self):
        """R124: a member reads file, documents, research and history on one screen."""
        household = self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": self.request.partner_id.id}
                    ),
                    Command.create({"relation": "son", "name": "Sami"}),
                ],
            }
        )
        other = self._advance(
            self._new_request(self.request.beneficiary_id), "committee"
        ).sudo()
        document = self.request.document_ids.filtered("is_mandatory")[:1]
        yesterday = fields.Date.subtract(self.company._npo_today(), days=1)
        document.sudo().write({"issue_date": "2020-01-01", "expiry_date": yesterday})
        document.sudo().state = "matched"  # as it was when the request was raised
        items = self._convened().item_ids
        item = items.filtered(lambda i: i.request_id == self.request)
        item = item.with_user(self.member)
        self.assertEqual(item.household_id, household)
        self.assertIn(other, item.own_history_ids)
        self.assertTrue(item.is_lapsed)
        self.assertIn(document.document_type_id.name, item.document_note)
        self.assertFalse(item.ceiling_note)
        self.assertFalse(item.is_studied)
        unstudied = [("is_studied", "=", False), ("id", "=", item.id)]
        self.assertTrue(item.search(unstudied))
        item.action_studied()
        self.assertTrue(item.is_studied)
        self.assertFalse(item.search(unstudied))

    def test_my_part(self):
        """R124: the votes that wait for a member are found, until they are given."""
        item = self._item([self.chair, self.deputy, self.member])
        own = item.with_user(self.member)
        mine = [("may_vote", "=", True)]
        self.assertEqual(own.search(mine), item)
        self.assertFalse(item.with_user(self.users["third"]).search(mine))
        own.action_vote_for()
        self.assertTrue(own.may_vote)
        self.assertFalse(own.search(mine))

    def _assert_refused(self, call, error=UserError):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            call()
            self.env.flush_all()
        return caught.exception
