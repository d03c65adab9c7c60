from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CommitteeCommon


@tagged("post_install", "-at_install")
class TestSession(CommitteeCommon):
    """R123: sessions with agenda, attendance, quorum, minutes."""

    def test_agenda_is_drawn_by_deadline(self):
        """R123: all that waits, the most pressing first, each with its two days."""
        requests = self._waiting(3)
        days = ("2026-05-20", "2026-05-01", "2026-05-10")
        for request, day in zip(requests, days, strict=True):
            request.date_clock_start = day
        session = self._session()
        session.action_draw_agenda()
        self.assertEqual(
            session.item_ids.request_id, requests[1] | requests[2] | requests[0]
        )
        item = session.item_ids[0]
        self.assertEqual(item.state, "pending")
        self.assertEqual(str(item.earliest_reply_date), "2026-05-15")
        self.assertIn("2026", item.reply_note)
        session.action_draw_agenda()
        self.assertEqual(len(session.item_ids), 3)

    def test_one_open_agenda(self):
        """R123: a request is on one open agenda; once postponed it is free."""
        self._waiting()
        first, second = self._session(), self._session()
        first.action_draw_agenda()
        second.action_draw_agenda()
        self.assertFalse(second.item_ids)
        with self.assertRaises(UserError):
            second.action_convene()
        first.item_ids.action_postpone()
        second.action_draw_agenda()
        self.assertEqual(second.item_ids.request_id, first.item_ids.request_id)

    def test_convening_fills_calendars(self):
        """R123: convening invites; moving and calling off follow in the calendar."""
        self._waiting()
        session = self._convened()
        event = session.sudo().event_id
        members = self.committee._users()
        self.assertEqual(session.attendance_ids.user_id, members)
        self.assertEqual(event.partner_ids, members.partner_id)
        self.assertNotIn(session.item_ids.reference, event.name)
        session.write({"start": "2031-01-05 07:00:00", "place": "Room 2"})
        self.assertEqual(str(event.start), "2031-01-05 07:00:00")
        self.assertEqual(event.stop, session.stop)
        self.assertEqual(event.location, "Room 2")
        session.action_cancel()
        self.assertFalse(event.exists())
        self.assertEqual(session.item_ids.state, "postponed")

    def test_no_decision_without_quorum(self):
        """R123: two of five present decide nothing; the third makes the quorum."""
        request = self._waiting()
        third = self.users["third"]
        session = self._opened([self.chair, self.member])
        item = session.item_ids
        self._move_acceptance(item)
        self._vote(item, chair="for", member="for")
        self.assertEqual(item.result, "no_quorum")
        self._assert_refused(item.action_decide, "quorum")
        line = session.attendance_ids.filtered(lambda x: x.user_id == third)
        line.action_remote()
        self.assertEqual(item.result, "adopted")
        item.action_decide()
        self.assertEqual(request.stage_code, "decided")
        self.assertEqual(request.decided_by_ids, self.chair | self.member | third)
        self.assertEqual(item.present_count, 3)

    def test_no_quorum_on_paper_either(self):
        """R123: a decision recorded from paper names as many members as it needs."""
        request = self._waiting().with_user(self.chair)
        two = self.chair | self.member
        self._assert_refused(
            lambda: request._decide("accepted", two, amount_approved=5), "quorum"
        )
        three = two | self.deputy
        self._assert_refused(
            lambda: request._decide(
                "accepted", two | self.secretary, amount_approved=5
            ),
            self.secretary.name,
        )
        request._decide("accepted", three, amount_approved=5)
        self.assertEqual(request.decided_by_ids, three)

    def test_quorum_as_data(self):
        """R123: each association has its own quorum, as a number or a share."""
        self.assertEqual(self.committee._quorum(), 3)
        self.committee.quorum_share = 70
        self.assertEqual(self.committee._quorum(), 4)
        self.committee.write({"quorum_kind": "number", "quorum_number": 2})
        self.assertEqual(self.committee._quorum(), 2)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.committee.quorum_share = 100
            self.env.flush_all()

    def test_seat_ends_during_the_session(self):
        """R123: who is removed has left; votes stand on what is decided, not on else.

        The quorum is counted anew of the seats that are left.
        """
        self._waiting(2)
        session = self._opened([self.chair, self.deputy, self.member])
        first, second = session.item_ids
        for item in (first, second):
            self._move_acceptance(item)
            self._vote(item, chair="for", deputy="for", member="for")
        first.action_decide()
        seats = self.committee.member_ids
        seats.filtered(lambda x: x.user_id == self.member).date_to = "2020-01-01"
        line = session.attendance_ids.filtered(lambda x: x.user_id == self.member)
        self.assertTrue(line.date_left)
        self.assertIn(self.member, first.vote_ids.user_id)
        self.assertNotIn(self.member, second.vote_ids.user_id)
        self.assertEqual(self.committee._quorum(), 3)
        self.assertEqual(second.result, "no_quorum")
        self._assert_refused(lambda: self._vote(second, member="for"), "", AccessError)
        self._assert_refused(second.action_decide, "quorum")
        seats.filtered(lambda x: x.user_id == self.users["third"]).unlink()
        self.assertEqual(self.committee._quorum(), 2)
        second.action_decide()
        self.assertEqual(second.state, "decided")

    def test_new_seat_during_the_session(self):
        """R123: who is seated while the session is open is expected in it."""
        self._waiting()
        session = self._opened()
        fresh = self._new_staff("fresh", "committee_member", self.company)
        self.committee.member_ids = [Command.create({"user_id": fresh.id})]
        line = session.attendance_ids.filtered(lambda x: x.user_id == fresh)
        self.assertEqual((line.state, line.has_vote), ("expected", True))

    def test_closing_postpones_what_is_open(self):
        """R123: what a session leaves open goes to the next, and the minutes say so."""
        self._waiting(2)
        session = self._opened([self.chair, self.deputy, self.member])
        first, second = session.item_ids
        self._move_acceptance(first)
        self._vote(first, chair="for", deputy="for")
        first.action_decide()
        session.with_user(self.chair).action_close_session()
        self.assertEqual(second.state, "postponed")
        absent = session.attendance_ids.filtered(lambda x: x.state == "absent")
        self.assertIn(self.users["third"], absent.user_id)
        self.assertEqual(session.presided_by_id, self.chair)
        html = self._minutes(session)
        self.assertIn(first.reference, html)
        self.assertIn(second.reference, html)
        self.assertRegex(html, "مؤجل|Postponed")  # Arabic where it is installed
        following = self._session()
        following.action_draw_agenda()
        self.assertEqual(following.item_ids.request_id, second.request_id)

    def _minutes(self, session):
        report = self.env["ir.actions.report"]
        name = "npo_relations.report_npo_committee_minutes"
        return report._render_qweb_html(name, session.ids)[0].decode()

    def test_minutes_name_no_applicant(self):
        """R123: each request by its number with its decision, and no applicant."""
        request = self._waiting()
        session = self._opened()
        self._move_acceptance(session.item_ids)
        self._vote(session.item_ids, chair="for", deputy="for", member="against")
        session.item_ids.action_decide()
        session.with_user(self.chair).action_close_session()
        html = self._minutes(session)
        self.assertIn(request.name, html)
        self.assertIn(self.chair.name, html)
        self.assertNotIn(request.partner_id.name, html)
        self.assertNotIn("1000000008", html)

    def test_signing_locks(self):
        """R123: each who was there signs in their own name; the last locks."""
        self._waiting()
        session = self._opened([self.chair, self.deputy, self.member])
        self._assert_refused(session.with_user(self.chair).action_sign)
        session.with_user(self.chair).action_close_session()
        self._assert_refused(session.with_user(self.users["third"]).action_sign)
        for user in (self.chair, self.deputy, self.member):
            self.assertEqual(session.state, "closed")
            own = session.with_user(user)
            self.assertTrue(own.may_sign)
            wizard = own.env["npo.committee.sign"].create(
                {"session_id": session.id, "signature": b"iVBORw0KGgo="}
            )
            wizard.action_confirm()
            self._assert_refused(own.action_sign)
            self._assert_refused(lambda: session.write({"notes": "x"}), "")
        self.assertEqual(session.state, "signed")
        self._assert_refused(lambda: session.write({"notes": "x"}), "", AccessError)
        self._assert_refused(
            lambda: session.item_ids.with_user(self.chair).write({"note": "x"})
        )

    def test_closed_minutes_keep_their_quorum(self):
        """R123: seats that change later change nothing in the minutes of a session."""
        self._waiting()
        session = self._opened([self.chair, self.deputy, self.member])
        session.with_user(self.chair).action_close_session()
        before = session.quorum_note
        seats = self.committee.member_ids
        seats.filtered(lambda x: x.user_id in self.deputy | self.member).unlink()
        session.invalidate_recordset()
        self.assertEqual(session.quorum_note, before)

    def test_signed_on_paper(self):
        """R123: where minutes are signed by hand, the scan of them locks as well."""
        self._waiting()
        session = self._opened()
        session.with_user(self.chair).action_close_session()
        self._assert_refused(session.action_signed_on_paper, "scan")
        session.minutes_scan = b"JVBERi0="
        session.action_signed_on_paper()
        self.assertEqual(session.state, "signed")

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_who_runs_it(self):
        """D02: the secretary prepares, who presides opens and closes, nobody else."""
        self._waiting()
        session = self._convened()
        self._assert_refused(session.action_open, "", AccessError)
        own = session.with_user(self.member)
        for step in ("action_draw_agenda", "action_all_present", "action_cancel"):
            self._assert_refused(getattr(own, step), "", AccessError)
        self._assert_refused(lambda: own.write({"place": "x"}), "", AccessError)
        self._assert_refused(
            lambda: own.create({"committee_id": self.committee.id}), "", AccessError
        )
        self._assert_refused(lambda: session.write({"state": "open"}), "", AccessError)
        session.action_all_present()
        self._assert_refused(session.with_user(self.deputy).action_open, "Chair")
        session.with_user(self.chair).action_open()
        chair_line = session.attendance_ids.filtered(lambda x: x.role == "chair")
        chair_line.action_leave()
        session.with_user(self.deputy).action_close_session()
        self.assertEqual(session.presided_by_id, self.deputy)

    def test_who_reads(self):
        """D02: members, manager, governance, auditor read; the officer the result."""
        request = self._waiting()
        session = self._opened()
        self._move_acceptance(session.item_ids)
        self._vote(session.item_ids, chair="for", deputy="for", member="for")
        session.item_ids.action_decide()
        for name in ("member", "manager", "governor", "auditor"):
            own = session.with_user(self.users[name])
            self.assertEqual(own.item_ids.motion, "accepted")
            self.assertEqual(own.item_ids.votes_for, 3)
        governor = session.item_ids.with_user(self.users["governor"])
        self._assert_refused(lambda: governor.read(["partner_id"]), "", AccessError)
        for name in ("officer", "researcher", "deliverer", "delegate"):
            own = session.with_user(self.users[name])
            self._assert_refused(lambda own=own: own.read(["name"]), "", AccessError)
        self.assertEqual(request.with_user(self.officer).decision, "accepted")

    def test_other_committee(self):
        """D02: a member of another committee sees none of it."""
        self._waiting()
        session = self._opened()
        other = self.env["npo.committee"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        stranger = self._new_staff("stranger", "committee_member", self.company)
        other.member_ids = [Command.create({"user_id": stranger.id, "role": "chair"})]
        own = session.with_user(stranger)
        self.assertFalse(own.search([("id", "=", session.id)]))
        self.assertFalse(own.env["npo.committee.item"].search([]))
        self._assert_refused(lambda: own.read(["name"]), "", AccessError)

    def test_leaving_the_committee_leaves_the_agenda(self):
        """R123: a request sent back is not decided by a session any more."""
        request = self._waiting()
        session = self._opened()
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        request.with_user(self.officer)._return(reason, "The lease.")
        self.assertEqual(session.item_ids.state, "withdrawn")
        self._assert_refused(session.item_ids.action_decide, request.name)

    def _assert_refused(self, call, text="", error=UserError):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            call()
            self.env.flush_all()
        self.assertIn(text, str(caught.exception))
