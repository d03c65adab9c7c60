from datetime import timedelta

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintPerson(ComplaintCommon):
    """What the person does: replies, accepts, objects, takes back (R150, P077)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._portal(cls.person)
        cls.stranger = cls._portal(cls._new_beneficiary(1).partner_id)

    def test_reply(self):
        """P084: the reply ends the waiting, and who handles it has a task."""
        case = self._investigated()
        case._ask_person("On which day?")
        self.assertEqual(case.stage_code, "waiting")
        self.assertIn("On which day?", self._told(case, "cmp_question").body)
        case.with_user(self.owner)._portal_reply("On Sunday.")
        self.assertEqual(case.stage_code, "investigation")
        self.assertIn("The person wrote", case.activity_ids.mapped("summary"))

    def test_own_alone(self):
        """R150: nobody does for another what is the person's own."""
        case = self._decided().with_user(self.stranger)
        for step in (
            lambda: case._portal_reply("x"),
            lambda: case._portal_satisfied(True),
            lambda: case._portal_reopen("x"),
            lambda: case._portal_withdraw(),
            lambda: case._portal_object("error", "x"),
        ):
            with self.assertRaises(AccessError):
                step()
        self.assertFalse(case._portal_may_object())
        with self.assertRaises(AccessError):
            self.env["npo.complaint"].with_user(self.owner).search([])

    def test_satisfied(self):
        """P077: accepted once, however often it is pressed; opened again."""
        case = self._decided()
        mine = case.with_user(self.owner)
        mine._portal_satisfied(False, "It is not true.")
        self.assertTrue(case.is_dissatisfied)
        mine._portal_satisfied(True)
        mine._portal_satisfied(True)
        self.assertEqual(case.stage_code, "closed_accepted")
        with self.assertRaises(UserError):
            mine._portal_reopen(" ")
        mine._portal_reopen("Again no answer.")
        mine._portal_reopen("Again no answer.")
        self.assertEqual(case.reopen_count, 1)

    def test_withdrawn(self):
        """17.4: taken back by the person, once."""
        case = self._investigated()
        mine = case.with_user(self.owner)
        mine._portal_withdraw("It was solved.")
        mine._portal_withdraw()
        self.assertEqual(case.stage_code, "withdrawn")
        self.assertEqual(case.closing_note, "It was solved.")

    # ------------------------------------------------------------
    # OBJECTION
    # ------------------------------------------------------------

    def _objected(self, **vals):
        case = self._decided(**vals)
        appeal = case.with_user(self.owner)._portal_object("error", "It is not so.")
        return case, appeal

    def test_objection_at_the_desk(self):
        """P078, D12: written down by who hears it, for the person; only once."""
        case = self._decided()
        with self.assertRaises(AccessError):
            case.with_user(self.users["auditor"]).action_appeal()
        action = case.action_appeal()
        form = self.env["npo.appeal.record"].with_user(self.handler)
        form = form.with_context(**action["context"]).create(
            {"ground": "error", "statement": "I was called by nobody."}
        )
        self.assertEqual(form.lodged_by_id, self.person)
        self.assertEqual(form.date_last, case._appeal_last_day())
        appeal = self.env["npo.appeal"].browse(form.action_confirm()["res_id"])
        self.assertEqual(appeal.complaint_id, case)
        self.assertEqual(case.stage_code, "appealed")
        with self.assertRaises(UserError):
            case.action_appeal()
        nameless = self._decided(partner_id=False, is_anonymous=True)
        with self.assertRaisesRegex(UserError, "who the person is"):
            nameless.action_appeal()

    def test_progress(self):
        """P072, R151: told that it goes on, once a day; and of another day at once."""
        case = self._receive()
        self.assertEqual(case.stage_code, "acknowledged")
        case._assess("medium", "1")
        self.assertFalse(self._told(case, "cmp_update"))
        case.action_tell_progress()
        case.action_tell_progress()
        self.assertEqual(len(self._told(case, "cmp_update")), 1)
        graver = self._receive()
        graver._assess("high", "1")
        told = self._told(graver, "cmp_update")
        self.assertEqual(len(told), 1)
        english = graver.with_context(lang="en_US")
        self.assertIn(english._date_text("date_deadline"), told.body)
        with self.assertRaises(AccessError):
            case.with_user(self.users["auditor"]).action_tell_progress()

    def test_objection(self):
        """P078, D12: lodged once, with its number; the complaint says so."""
        case, appeal = self._objected()
        self.assertEqual(appeal.subject, "complaint_decision")
        self.assertEqual(case.stage_code, "appealed")
        again = case.with_user(self.owner)._portal_object("error", "Once more.")
        self.assertEqual(again, appeal)

    def test_reviewed_by_another(self):
        """P078: who handled, approved or decided it does not review it."""
        chief = self.users["chief"]
        case = self._receive().with_user(chief)
        case._assess("medium", "1")
        case._decide("not_upheld", "process", "No.")
        appeal = case.with_user(self.owner)._portal_object("error", "It is not so.")
        with self.assertRaisesRegex(UserError, "has done this on it already"):
            appeal.with_user(chief).action_review()
        with self.assertRaises(AccessError):
            appeal.with_user(self.handler).action_review()
        manager = appeal.with_user(self.manager)
        manager.action_review()
        manager._answer("confirmed", "It was looked at again.")
        self.assertEqual(case.stage_code, "unfounded")

    def test_outcomes(self):
        """D12: the outcome is carried out on the complaint."""
        for outcome, stage, result in (
            ("amended", "decided", "partly_upheld"),
            ("reversed", "decided", "upheld"),
            ("new_study", "reopened", False),
        ):
            case, appeal = self._objected()
            reviewer = appeal.with_user(self.manager)
            reviewer.action_review()
            reviewer._answer(outcome, "You were right.")
            with self.subTest(outcome):
                self.assertEqual((case.stage_code, case.outcome), (stage, result))
                self.assertIn("Nobody was at the telephone", case.earlier_answers)

    def test_dropped(self):
        """D12: an objection that is taken back leaves the decision as it was."""
        case, appeal = self._objected()
        appeal.with_user(self.owner)._portal_withdraw()
        self.assertEqual(case.stage_code, "unfounded")

    def test_concerned_manager_does_not_review(self):
        """P074: an objection is not seen by whom the complaint is about."""
        case = self._receive(subject_user_ids=self.manager.ids)
        case._assess("medium", "1")
        case._decide("not_upheld", "process", "No.")
        appeal = case.with_user(self.owner)._portal_object("error", "It is not so.")
        with self.assertRaises(MissingError):
            appeal.with_user(self.manager).action_review()
        appeal.with_user(self.users["chief"]).action_review()

    def test_period(self):
        """D12: after the period it is late, and needs its reason."""
        case = self._decided()
        case.sudo().date_answered -= timedelta(days=60)
        with self.assertRaisesRegex(UserError, "reason is weighed first"):
            case.with_user(self.owner)._portal_object("error", "It is not so.")
