from unittest.mock import patch

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon
from .common import CommitteeCommon

MANY = 50


class BrokenOff(Exception):
    """The server is stopped."""


@tagged("post_install", "-at_install")
class TestCommitteeAtOnce(AtOnceCommon):
    """Real parallel transactions on one session, its votes and its letters."""

    _enlarge = vars(CommitteeCommon)["_enlarge"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("deputy", "third", "fourth"):
            cls.users[name] = cls._new_staff(name, "committee_member", cls.company)
        cls._enlarge(cls.committee, cls.users)
        cls.service.requires_research = False
        cls.chair, cls.secretary = cls.users["chair"], cls.users["secretary"]
        cls.member = cls.users["member"]
        cls.cr.commit()

    def _session(self):
        sessions = self.env["npo.committee.session"].with_user(self.secretary)
        return sessions.create({"committee_id": self.committee.id})

    def _item(self, count=1):
        """Return the committed items of an open session, with a motion on each."""
        for _index in range(count):
            self._at("committee")
        session = self._session()
        session.action_draw_agenda()
        session.action_convene()
        session.action_all_present()
        session.with_user(self.chair).action_open()
        items = session.item_ids
        items.write({"motion": "accepted", "amount": 9000})
        self.cr.commit()
        return items

    def _adopt(self, items):
        for name in ("chair", "deputy", "member"):
            items.with_user(self.users[name])._vote("for")
        self.cr.commit()

    def _announced(self, count=1):
        """Return decided items whose requests may be announced."""
        items = self._item(count)
        self._adopt(items)
        items.action_decide()
        long_ago = fields.Date.subtract(self.company._npo_today(), days=20)
        items.request_id.sudo().write({"date_clock_start": long_ago})
        self.cr.commit()
        return items.sudo()

    # ------------------------------------------------------------

    def test_two_secretaries_draw(self):
        """R123: two draw the same agenda: one gets the requests, the other is told."""
        request = self._at("committee")
        sessions = [self._session(), self._session()]
        self.cr.commit()

        def draw(session):
            return lambda env: (
                env["npo.committee.session"].browse(session.id).action_draw_agenda()
            )

        results = self._at_once(
            (self.secretary, draw(sessions[0])), (self.chair, draw(sessions[1]))
        )
        self._assert_one_wins(results)
        items = request.committee_item_ids
        self.assertEqual(items.mapped("state"), ["pending"])

    def test_two_vote(self):
        """R124: two members vote in one moment: both votes are counted."""
        item = self._item()

        def vote(env):
            env["npo.committee.item"].browse(item.id).action_vote_for()

        results = self._at_once(
            (self.chair, vote), (self.member, vote), (self.users["third"], vote)
        )
        self.assertEqual(results, [None] * 3)
        self.assertEqual(item.sudo().votes_for, 3)

    def test_vote_while_it_is_decided(self):
        """R124: a vote given in the moment of the decision counts, or is told late."""
        item = self._item()
        self._adopt(item)

        def decide(env):
            env["npo.committee.item"].browse(item.id).action_decide()

        def against(env):
            env["npo.committee.item"].browse(item.id).action_vote_against()

        decided, voted = self._at_once(
            (self.secretary, decide), (self.users["third"], against)
        )
        item = item.sudo()
        is_counted = self.users["third"] in item.vote_ids.user_id
        self.assertEqual(isinstance(voted, UserError), not is_counted)
        self.assertEqual(item.votes_against, int(is_counted))
        self.assertEqual(item.state, "pending" if decided else "decided")

    def test_two_decide(self):
        """R123: chair and secretary record at once: one decision, recorded once."""
        item = self._item()
        self._adopt(item)

        def decide(env):
            env["npo.committee.item"].browse(item.id).action_decide()

        results = self._at_once((self.secretary, decide), (self.chair, decide))
        self._assert_one_wins(results)
        self.assertEqual(item.sudo().state, "decided")
        request = item.sudo().request_id
        self.assertEqual(request.stage_code, "decided")
        logs = request.stage_log_ids.filtered(lambda x: x.stage_id.code == "decided")
        self.assertEqual(len(logs), 1)

    def test_member_leaves_while_it_is_decided(self):
        """R123: the quorum holds in the moment of deciding, whoever leaves then."""
        item = self._item()
        session = item.session_id
        self._adopt(item)
        lines = session.attendance_ids.filtered(
            lambda x: x.user_id in (self.users["third"] | self.users["fourth"])
        )
        lines.action_leave()
        leaving = session.attendance_ids.filtered(lambda x: x.user_id == self.member)
        self.cr.commit()

        def decide(env):
            env["npo.committee.item"].browse(item.id).action_decide()

        def leave(env):
            env["npo.committee.attendance"].browse(leaving.id).action_leave()

        decided, left = self._at_once((self.chair, decide), (self.secretary, leave))
        item = item.sudo()
        is_decided = not isinstance(decided, UserError)
        self.assertEqual(item.state == "decided", is_decided)
        if is_decided:
            self.assertIn(self.member, item.vote_ids.user_id)
        else:
            self.assertIsNone(left)

    def test_fifty_announce(self):
        """R125, R129: fifty announcements and fifty deliveries: one of each."""
        item = self._announced()
        request = item.request_id

        def announce(env):
            env["npo.request"].browse(request.id).action_announce()

        results = self._at_once(
            *((self.chair, announce), (self.secretary, announce)) * (MANY // 2)
        )
        self.assertEqual(results.count(None), 1, results)
        self._count(
            request, stage="registration", duty="announce", message="req_accepted"
        )
        # two servers make letters in the same moment
        root = self.env.ref("base.user_root")
        self._at_once((root, _make_letters), (root, _make_letters))
        self.assertEqual(item.letter_state, "made")
        self.assertEqual(len(self._letters(item)), 1)

        request.with_user(self.officer).action_register()
        self.cr.commit()
        vals = {
            "amount": 9000,
            "date": self.company._npo_today(),
            "receipt_method": "bank",
            "bank_reference": "77",
        }

        def deliver(env):
            env["npo.request"].browse(request.id)._deliver(dict(vals))

        results = self._at_once(*[(self.users["deliverer"], deliver)] * MANY)
        self.assertEqual(results.count(None), 1, results)
        self.assertEqual(len(request.delivery_ids), 1)
        self._count(request, stage="done", duty="deliver", message="req_delivered")

    def test_letters_go_on_after_a_stop(self):
        """R125: a server stopped among the letters goes on, and makes none twice."""
        items = self._announced(3)
        items.session_id.with_user(self.chair).action_announce()
        self.cr.commit()
        items_model = "odoo.addons.npo_relations.models.committee.letters"
        calls = []

        def stopped(cron, processed=0, remaining=None):
            cron.env.cr.commit()
            calls.append(processed)
            if sum(calls):
                raise BrokenOff
            return 60.0

        model = self.env.registry["ir.cron"]
        with patch(f"{items_model}.BATCH", 1):
            with (
                patch.object(model, "_commit_progress", stopped),
                self.assertRaises(BrokenOff),
                self.registry.cursor() as cr,
            ):
                _make_letters(api.Environment(cr, 1, {}))
            self._reread()
            states = sorted(items.mapped("letter_state"))
            self.assertEqual(states, ["made", "waiting", "waiting"])
            first = self._letters(items)
            with self.registry.cursor() as cr:
                _make_letters(api.Environment(cr, 1, {}))
        self._reread()
        self.assertEqual(set(items.mapped("letter_state")), {"made"})
        letters = self._letters(items)
        self.assertEqual(len(letters), 3)
        self.assertLessEqual(first, letters)

    def _reread(self):
        self.cr.rollback()
        self.env.invalidate_all()

    def _letters(self, items):
        """Return the letters of the requests; they are deleted after the test."""
        letters = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "npo.request"),
                ("res_id", "in", items.request_id.ids),
                ("res_field", "=", False),
            ]
        )
        return letters


def _make_letters(env):
    env["npo.committee.item"]._cron_letters()
