from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common_browser import WebCommon
from .common import CommitteeCommon
from .test_letters import _in_time


@tagged("post_install", "-at_install")
class TestCommitteeTour(CommitteeCommon, WebCommon):
    """A session from its agenda to its letters, by three people at their screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        for user in cls.users.values():
            user.lang = "ar_001"
        cls.request = cls._waiting()
        cls.request.date_clock_start = fields.Date.subtract(
            cls.company._npo_today(), days=20
        )

    def _tour(self, path, name, user):
        self.start_tour(f"/odoo/{path}", name, login=user.login)

    def test_agenda_to_letters(self):
        """R123–R125: secretary, chair and member, each with their own buttons."""
        self._tour("committee-sessions", "npo_secretary_convenes", self.secretary)
        session = self.env["npo.committee.session"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(session.state, "convened")
        self._tour(f"committee-sessions/{session.id}", "npo_chair_opens", self.chair)
        item = session.item_ids
        item.write({"motion": "accepted", "amount": 9000})
        self._tour("committee-items", "npo_member_votes", self.member)
        self.assertEqual(item.vote_ids.user_id, self.member)
        self._vote(item, chair="for", deputy="for")
        self._tour("committee-items", "npo_secretary_records", self.secretary)
        self.assertEqual(self.request.stage_code, "decided")
        path = f"committee-sessions/{session.id}"
        self._tour(path, "npo_chair_announces", self.chair)
        self.assertEqual(session.state, "closed")
        self.assertEqual(self.request.stage_code, "registration")
        self.assertEqual(item.letter_state, "waiting")
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", _in_time):
            item._cron_letters()
        self.assertEqual(item.letter_state, "made")
