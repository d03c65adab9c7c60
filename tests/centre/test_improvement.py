from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import local_today
from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestImprovement(CentreCommon):
    """R055, R082, R083: plan, do, check, act, with a before and an after."""

    def _idea(self, user="centre", **vals):
        ideas = self.env["npo.improvement"].with_user(self.users[user])
        return ideas.create({"title": "A number for the queue", **vals})

    def _planned(self, idea):
        idea.write(
            {
                "user_id": self.users["centre"].id,
                "date_due": local_today() + timedelta(days=30),
                "plan": "Buy the machine.",
                "root_cause": "Nobody knows whose turn it is.",
                "measure": "Waiting time",
                "value_before": 40,
                "date_before": local_today(),
            }
        )
        return idea

    def test_from_end_to_end(self):
        """R055, R082: each step asks for what it needs; applied and closed by date."""
        idea = self._idea(kind="innovation")
        self.assertRegex(idea.name, r"^IMP/\d{4}/\d{5}$")
        with self.assertRaisesRegex(UserError, "owner and the day"):
            idea.action_next()
        idea.write({"user_id": self.users["centre"].id, "date_due": "2026-12-31"})
        idea.action_next()
        with self.assertRaisesRegex(UserError, "the cause"):
            idea.action_next()
        idea.write({"plan": "Buy it.", "root_cause": "Nobody knows."})
        with self.assertRaisesRegex(UserError, "how it is before"):
            idea.action_next()
        self._planned(idea).action_next()
        self.assertEqual(idea.state, "do")
        idea.action_next()
        with self.assertRaisesRegex(UserError, "check showed"):
            idea.action_next()
        idea.result = "People wait less."
        idea.action_next()
        self.assertEqual(
            (idea.state, idea.date_applied), ("act", fields.Date.context_today(idea))
        )
        with self.assertRaisesRegex(UserError, "Measure how it is now"):
            idea.action_finish()
        idea.write({"value_after": 15, "date_after": local_today()})
        idea.action_finish()
        self.assertEqual(idea.state, "closed")
        self.assertTrue(idea.date_closed)
        with self.assertRaises(UserError):
            idea.action_next()

    def test_unmeasured_and_dropped(self):
        """R055, R070: closed without a measure, or dropped, only with the reason."""
        idea = self._planned(self._idea())
        idea.write({"measure": False, "unmeasured_reason": "It cannot be counted."})
        for _step in range(2):
            idea.action_next()
        idea.action_next()
        idea.result = "Fine."
        idea.action_next()
        idea.action_back()
        self.assertEqual((idea.state, idea.date_applied), ("plan", False))
        other = self._idea()
        with self.assertRaises(UserError):
            other.action_drop()
        other.result = "Too dear."
        other.action_drop()
        self.assertEqual(other.state, "dropped")

    def test_overdue(self):
        """R055: late by search, and open ones alone; the same on the record."""
        late = self._planned(self._idea())
        late.date_due = local_today() - timedelta(days=2)
        ended = self._idea(date_due=late.date_due, result="No.")
        ended.action_drop()
        today = self._idea(date_due=local_today() + timedelta(days=1))
        ideas = late | ended | today
        domain = [("id", "in", ideas.ids)]
        found = ideas.search([*domain, ("is_overdue", "=", True)])
        self.assertEqual(found, late)
        self.assertEqual(ideas.filtered("is_overdue"), late)
        rest = ideas.search([*domain, ("is_overdue", "=", False)])
        self.assertEqual(rest, ended | today)
        tiles = self.env["npo.home"].with_user(self.users["centre"]).get_home()["tiles"]
        count = next(one for one in tiles if one["model"] == "npo.improvement")
        self.assertGreaterEqual(count["count"], 1)

    def test_staff_ideas(self):
        """R082: everybody sends ideas in and sees the own ones, and no others."""
        with Form(
            self.env["npo.improvement"].with_user(self.users["researcher"])
        ) as form:
            form.title = "Visit on Thursdays"
            form.kind = "innovation"
        idea = form.record
        other = self._idea()
        seen = idea.search([])
        self.assertIn(idea, seen)
        self.assertNotIn(other, seen)
        idea.description = "Families are at home then."
        with self.assertRaises(AccessError):
            idea.action_next()
        leader = idea.with_user(self.users["centre"])
        leader.write({"user_id": self.users["centre"].id, "date_due": "2026-12-31"})
        leader.action_next()
        with self.assertRaises(AccessError):
            idea.title = "Something else"
        with self.assertRaises(AccessError):
            self._idea("auditor")

    def test_steps_alone(self):
        """State, dates and origin are written by steps alone, by no default either."""
        idea = self._idea()
        for vals in (
            {"state": "closed"},
            {"date_applied": "2026-01-01"},
            {"res_model": "npo.request"},
            {"name": "IMP/1"},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                idea.write(vals)
        made = idea.with_context(default_state="closed").create({"title": "x"})
        self.assertEqual(made.state, "idea")

    def test_obstacle_of_a_request(self):
        """R083: raised from a request: where it stood, and nobody's name."""
        request = self._new_request(self.file)
        action = request.with_user(self.officer).action_improve()
        obstacle = self.env["npo.improvement"].browse(action["res_id"])
        self.assertEqual(obstacle.kind, "obstacle")
        self.assertEqual(obstacle.service_id, self.service)
        self.assertEqual(obstacle.stage_id, request.stage_id)
        self.assertEqual(obstacle.site_id, request.site_id)
        self.assertNotIn(self.person.name, obstacle.title)
        own = obstacle.with_user(self.officer)
        self.assertEqual(own.origin, request.display_name)
        self.assertEqual(own.action_view_origin()["res_id"], request.id)
        request.invalidate_recordset()
        self.assertEqual(request.with_user(self.officer).improvement_count, 1)

    def test_correction_of_a_complaint(self):
        """R055: a complaint leads to a correction that is linked back to it."""
        case = self.env["npo.complaint"]._receive(
            {
                "title": "No answer",
                "description": "I, Noura, called three times.",
                "channel_id": self.env.ref("npo_relations.channel_website").id,
                "company_id": self.company.id,
                "partner_id": self.person.id,
            }
        )
        own = case.with_user(self.users["handler"])
        correction = self.env["npo.improvement"].browse(own.action_improve()["res_id"])
        self.assertEqual(correction.title, "No answer")
        self.assertFalse(correction.description)  # the words stay with the person
        self.assertEqual(correction._origin_record(), case)
        case.invalidate_recordset()
        self.assertEqual(own.improvement_count, 1)
        self.assertEqual(case.improvement_ids, correction)

    def test_origin_of_a_sealed_case(self):
        """A sealed case hands no title on, and is named to nobody without it."""
        case = self.env["npo.suggestion"]._receive(
            {
                "title": "The manager took money",
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "is_anonymous": True,
                "confidentiality": "sealed",
            }
        )
        improvement = self.env["npo.improvement"]._open_from(case)
        self.assertEqual(improvement.title, "From a sealed case")
        self.assertFalse(improvement.description)
        governor = improvement.with_user(self.users["governor"])
        self.assertFalse(governor.origin)
        with self.assertRaises(AccessError):
            governor.action_view_origin()


@tagged("post_install", "-at_install")
class TestConsultation(CentreCommon):
    """R084, P090: asked, counted, found, and followed by a decision."""

    def _asked(self, **vals):
        polls = self.env["npo.consultation"].with_user(self.users["centre"])
        return polls.create({"title": "How do you want to complain?", **vals})

    def test_leads_to_a_decision(self):
        poll = self._asked(method="complaint_channels")
        with self.assertRaisesRegex(UserError, "how many took part"):
            poll.action_finish()
        poll.write({"participant_count": 12, "findings": "By telephone."})
        with self.assertRaisesRegex(UserError, "at least one improvement"):
            poll.action_finish()
        improvement = self.env["npo.improvement"].browse(
            poll.action_improve()["res_id"]
        )
        self.assertEqual(improvement.description, "By telephone.")
        self.assertEqual(improvement._origin_record(), poll)
        poll.invalidate_recordset()
        poll.action_finish()
        self.assertEqual(poll.state, "closed")
        with self.assertRaises(UserError):
            poll.findings = "Otherwise"
        with self.assertRaises(UserError):
            poll.action_finish()

    def test_nothing_follows(self):
        poll = self._asked(participant_count=3, findings="All is well.")
        poll.no_decision_reason = "Nothing to change."
        poll.action_finish()
        self.assertTrue(poll.date_closed)

    def test_who_may(self):
        poll = self._asked()
        with self.assertRaises(AccessError):
            poll.write({"state": "closed"})
        with self.assertRaises(AccessError):
            poll.with_user(self.users["auditor"]).action_finish()
        with self.assertRaises(AccessError):
            poll.with_user(self.users["researcher"]).read(["title"])
