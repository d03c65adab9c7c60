from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.npo_relations.tools.opinion_math import margin

from .common import OpinionCommon


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestAnswer(OpinionCommon):
    """What is kept of an answer, and what a low one brings about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = cls.env["npo.opinion.answer"]
        cls.recovery = cls.env["npo.opinion.recovery"]

    def _visited(self):
        """Return the invitation of a visit that was served by the front."""
        return self._done(partner_id=self.person.id)._opinion()

    def test_stored(self):
        """R068, R186: in Odoo's survey, and as lines to count by, of no person."""
        invitation = self._say(self._visited(), 5, "Kind people")
        lines = invitation.user_input_id.user_input_line_ids
        self.assertEqual(len(lines), len(invitation._questions()))
        self.assertFalse(invitation.user_input_id.partner_id)
        self.assertFalse(invitation.user_input_id.email)
        rows = self.answers.search(
            [("user_input_id", "=", invitation.user_input_id.id)]
        )
        first = rows.filtered("is_first")
        self.assertRecordValues(
            first,
            [
                {
                    "question_code": "q_overall",
                    "dimension": "outcome",
                    "score": 5,
                    "score_five": 5,
                    "score_hundred": 100,
                    "is_satisfied": True,
                    "site_id": self.site.id,
                    "source": "link",
                }
            ],
        )
        self.assertFalse({"partner_id", "user_id", "res_id"} & set(rows._fields))

    def test_half_way(self):
        """R068: the first page counts alone; sent twice, it counts once."""
        invitation = self._visited()
        name = f"q{invitation._questions()[0].id}"
        invitation._save_page(0, {name: "4"})
        invitation._save_page(0, {name: "1"})
        self.assertEqual((invitation.state, invitation.score), ("partial", 4))
        self.assertEqual(self.answers.search_count([]), 1)
        self._say(invitation, 1)
        count = self.answers.search_count([])
        invitation._save_page(1, {})
        self.assertEqual(self.answers.search_count([]), count)

    def test_bad_input(self):
        """Bad input: no answer, another one's question, no number, out of bounds."""
        invitation = self._visited()
        name = f"q{invitation._questions()[0].id}"
        for typed in (
            {},
            {name: "6"},
            {name: "0"},
            {name: "x"},
            {name: "٥"},
            {name: "-1"},
        ):
            with self.subTest(typed), self.assertRaises(UserError):
                invitation._save_page(0, typed)
        self.assertFalse(self.answers.search_count([]))
        invitation.date_end = "2026-01-01"
        with self.assertRaises(UserError):
            invitation._save_page(0, {name: "5"})

    def test_promoters(self):
        """glossary 22: nine and ten promote, six and lower do not."""
        for value, counted in (
            (10, 100),
            (9, 100),
            (8, 0),
            (7, 0),
            (6, -100),
            (0, -100),
        ):
            invitation = self._say(self._invited("periodic"), value)
            rows = self.answers.search(
                [("user_input_id", "=", invitation.user_input_id.id)]
            )
            with self.subTest(value):
                self.assertEqual(rows.filtered("is_first").promoter, counted)

    def test_measures(self):
        """One number, one definition: each measure against its recomputation."""
        self.company.npo_small_answers = 1
        scores = (5, 4, 4, 2, 3)
        for score in scores:
            self._say(self._invited("after_service"), score, other=score)
        satisfied = len([score for score in scores if score >= 4])
        self.assertEqual(self._measure("csat"), (5, satisfied))
        self.assertEqual(self._measure("ces")[0], 5)
        self.assertAlmostEqual(self._measure("ces")[1], sum(scores) / 5)
        for nps in (10, 9, 5, 8):
            self._say(self._invited("periodic"), nps, other=4)
        self.assertAlmostEqual(self._measure("nps")[1], 100 * (2 - 1) / 4)
        self.assertEqual(self._measure("trust_index"), (12, 80))
        self.assertEqual(self._measure("impression"), (4, 4))
        self.assertEqual(self._measure("response_rate"), (9, 9))
        self._say(self._invited("after_complaint"), 1)
        self.assertEqual(self._measure("complaint_satisfaction"), (1, 0))

    def test_reasons_follow_score(self):
        """R068: the reason that is asked for depends on the score."""
        for score, kind in ((1, "bad"), (5, "good")):
            self._say(self._invited(), score, "Words", reasons=("speed", "x"))
            remarks = self.env["npo.opinion.remark"].search([], limit=2)
            with self.subTest(score):
                self.assertEqual(set(remarks.mapped("kind")), {kind, "said"})
                ticked = remarks.filtered(lambda one: one.kind != "said")
                self.assertEqual(ticked.dimension, "speed")

    def test_names_masked(self):
        """R079: nobody who works here is named in what is stored to be read."""
        self.users["front"].name = "سارة العتيبي"
        for text in (
            "الموظفة سارة العتيبي كانت لطيفة",
            "شكراً لسارة",
            "الأخت ساره العتيبى تأخرت",
        ):
            masked = self.company._npo_mask_staff(text)
            with self.subTest(text):
                self.assertNotRegex(masked, "سار|عتيب")
                self.assertIn("•••", masked)
        self.assertEqual(self.company._npo_mask_staff("المكان نظيف"), "المكان نظيف")
        self._say(self._invited(), 2, "Sealer was late. SEALER!")
        said = self.env["npo.opinion.remark"].search([("kind", "=", "said")], limit=1)
        self.assertNotIn("sealer", said.text.lower())

    # ------------------------------------------------------------
    # MAKING IT GOOD
    # ------------------------------------------------------------

    def test_low_score(self):
        """R069, P126: a low answer opens a task at once, due in two working days."""
        before = self.recovery.search([])
        invitation = self._visited()
        name = f"q{invitation._questions()[0].id}"
        invitation._save_page(0, {name: "1"})
        task = self.recovery.search([]) - before
        self.assertEqual(len(task), 1)
        self.assertEqual(task.activity_ids.user_id, self.users["chief"])
        calendar = self.company._npo_work_calendar()
        due = calendar.add_days(invitation.write_date, 2)
        self.assertLessEqual(abs((task.date_deadline - due.date()).days), 1)
        self.assertEqual(task.partner_id, self.person)
        self._say(invitation, 1)
        self.assertEqual(len(self.recovery.search([]) - before), 1)
        self._say(self._invited(), 3)
        self.assertEqual(len(self.recovery.search([]) - before), 1)
        task = task.with_user(self.users["chief"])
        with self.assertRaises(UserError):
            task.action_done()
        task.note = "Called, put right."
        task.action_done()
        self.assertEqual(task.state, "done")
        self.assertFalse(task.activity_ids)

    def test_not_who_served(self):
        """R079: the task is not given to who served, though they lead the centre."""
        visit = self._visit("chief", partner_id=self.person.id)
        visit.action_start()
        visit.action_end("completed")
        invitation = self._say(visit._opinion(), 1)
        task = self.recovery.search([("invitation_id", "=", invitation.id)])
        self.assertTrue(task.user_id)
        self.assertNotEqual(task.user_id, self.users["chief"])

    def test_anonymous(self):
        """P123: anonymous answers lead to no case, nor does their task."""
        self.company.npo_opinion_anonymous = True
        invitation = self._visited()
        before = self.recovery.search([])
        self._say(invitation, 1, "Bad")
        task = self.recovery.search([]) - before
        self.assertFalse(task.invitation_id or task.partner_id)
        self.assertFalse(invitation.user_input_id or invitation.score)
        sheet = self.answers.search([], limit=1).user_input_id
        self.assertTrue(sheet.npo_case_key)

    # ------------------------------------------------------------
    # BY OTHER WAYS
    # ------------------------------------------------------------

    def test_tablet(self):
        """P129, R104: the face on the tablet is the first answer; asked no more."""
        visit = self._done(partner_id=self.person.id)
        visit._rate_visit(5)
        invitation = visit._opinion()
        self.assertEqual((invitation.state, invitation.score), ("partial", 5))
        self.assertEqual(invitation.source, "tablet")
        self.invitations._cron_send()
        self.assertFalse(invitation.date_sent)
        other = self._done(partner_id=self.person.id)
        self._say(other._opinion(), 4)
        self.assertFalse(other._is_rateable())

    def test_entry(self):
        """R185, P122, P125: written down by a colleague, never by who served."""
        visit = self._done(partner_id=self.person.id)
        entries = self.env["npo.opinion.entry"]
        vals = {"subject": f"npo.visit,{visit.id}", "source": "phone"}
        with self.assertRaises(UserError):
            entries.with_user(self.front).create(vals).action_start()
        key = visit._opinion().token
        entry = entries.with_user(self.officer).create(vals)
        address = entry.action_start()["url"]
        invitation = visit._opinion()
        self.assertNotEqual(invitation.token, key, "the person's own is another one")
        self.assertEqual(address, f"/opinion/{invitation.token}")
        self._say(invitation, 4)
        self.assertEqual(invitation.source, "phone")
        self.assertEqual(invitation.interviewer_id, self.officer)
        row = self.answers.search([], limit=1)
        self.assertEqual(row.source, "phone")
        with self.assertRaises(UserError):
            entry.action_start()

    def test_entry_after_person(self):
        """R079: what a person has begun is opened by nobody else."""
        visit = self._done(partner_id=self.person.id)
        invitation = visit._opinion()
        name = f"q{invitation._questions()[0].id}"
        invitation._save_page(0, {name: "1"})
        entry = self.env["npo.opinion.entry"].with_user(self.officer)
        entry = entry.create({"subject": f"npo.visit,{visit.id}", "source": "paper"})
        with self.assertRaises(UserError):
            entry.action_start()

    def test_entry_role(self):
        """R185: who has no counter writes nothing down."""
        visit = self._done(partner_id=self.person.id)
        vals = {"subject": f"npo.visit,{visit.id}", "source": "phone"}
        with self.assertRaises(AccessError):
            self.env["npo.opinion.entry"].with_user(self.users["member"]).create(vals)

    def test_margin(self):
        """P127: by hand, of 100 answers and 80 %: ±7.8; of all who could: none."""
        self.assertAlmostEqual(margin(0.8, 100), 7.84, places=2)
        self.assertAlmostEqual(margin(0.8, 100, 200), 7.84 * (100 / 199) ** 0.5, 2)
        self.assertEqual(margin(0.5, 50, 50), 0)
        for share, count in ((0.5, 0), (1.1, 10)):
            with self.assertRaises(ValueError):
                margin(share, count)
