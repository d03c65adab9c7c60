from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import local_today
from .assessment_common import AssessmentCommon


@tagged("post_install", "-at_install")
class TestAssessmentHousehold(AssessmentCommon):
    """D10, R059, P131: the study stands on the applicant's household."""

    def _members(self, study, user=None):
        study = self._as(user, study) if user else study
        study.invalidate_recordset()
        return {member["name"]: member for member in study._member_rows()}

    def test_members_are_not_typed_twice(self):
        """Who is in the household is in the study, at once, until it is handed in."""
        study = self._new_study()
        self.assertEqual(study.household_id, self.household)
        self.assertEqual((study.member_count, study.dependants), (5, 4))
        self.assertEqual(study.per_capita, 600)
        child = self.household.member_ids.filtered(lambda one: one.name == "Child 1")
        child.write({"school": "First school", "education": "primary"})
        self.assertEqual(self._members(study)["Child 1"]["education"], "Primary")
        self.assertIn("First school", study.members_table)
        self.household.member_ids = [
            Command.create({"name": "Child 5", "relation": "daughter"})
        ]
        self.assertEqual((study.member_count, study.dependants), (6, 5))
        self.assertEqual(study.per_capita, 500)
        study.action_done()
        child.write({"school": "Another school", "name": "Renamed"})
        child.date_to = local_today()
        self.env.flush_all()
        members = self._members(study)
        self.assertEqual(members["Child 1"]["school"], "First school")
        self.assertEqual((study.member_count, len(members)), (6, 6))
        self.assertEqual(study.per_capita, 500)
        self.assertIn("First school", study.members_table)

    def test_household_begun_from_the_study(self):
        """A draft takes the household that its person joins; without, it stays one."""
        file = self._new_beneficiary(1)
        vals = self._study_vals(beneficiary_id=file.id)
        study = self.env["npo.assessment"].create(
            {**vals, "researcher_id": self.researcher.id}
        )
        own = self._as("researcher", study)
        self.assertFalse(own.household_id)
        self.assertEqual(own.member_count, 1)
        self.assertIn("household", str(self._assert_refused(own.action_done)))
        action = own.action_household()
        self.assertFalse(action["res_id"])
        household = (
            self.env["npo.household"]
            .with_user(self.researcher)
            .with_context(**action["context"])
            .create({"member_ids": action["context"]["default_member_ids"]})
        )
        self.assertEqual(own.household_id, household)
        own.beneficiary_id.invalidate_recordset()
        self.assertEqual(own.action_household()["res_id"], household.id)
        own.action_done()
        self.assertEqual(own.state, "done")

    def test_household_is_told(self):
        """Glossary 7: what was found is the household's and the file's, one figure."""
        head, son = self.household.member_ids.sorted("is_head", reverse=True)[:2]
        son.income = 777
        study = self._new_study(
            income_line_ids=[
                self._line("income", "pension", 3000, member_id=head.id),
                self._line("income", "rental", 18000, period="yearly"),
            ]
        )
        self.assertNotEqual(self.household.per_capita, 600)
        study.action_done()
        self.assertRecordValues(
            self.household,
            [
                {
                    "other_income": 1500,
                    "rent": 1250,
                    "debt_instalments": 250,
                    "total_income": 4500,
                    "per_capita": study.per_capita,
                    "date_studied": study.date,
                }
            ],
        )
        self.assertEqual((head.income, son.income), (3000, 0))
        file = self._as("manager", self.file)
        self.assertEqual(file.household_per_capita, 600)
        self.assertEqual(file.study_id, study)
        self.assertEqual(file.study_level, "high")
        self.assertIn(study.name, str(self.household.message_ids.mapped("body")))

    def test_older_study_tells_nothing_newer(self):
        """A study of another member, dated before, leaves the household as it is."""
        self._new_study().action_done()
        wife = self._new_beneficiary(1)
        self.household.member_ids = [
            Command.create({"relation": "wife", "partner_id": wife.partner_id.id})
        ]
        late = self._new_study(
            beneficiary_id=wife.id,
            date=local_today() - timedelta(days=9),
            monthly_rent=10,
        )
        self.assertEqual(late.household_id, self.household)
        late.action_done()
        self.assertEqual(self.household.rent, 1250)

    def test_members_of_this_household(self):
        """A line names a member of the household studied, of no other."""
        study = self._new_study(self.health_researcher)
        stranger = self._new_family(self._new_beneficiary(1)).member_ids[0]
        for vals in (
            {"line_ids": [self._line("income", "gosi", member_id=stranger.id)]},
            {"health_line_ids": [Command.create({"member_id": stranger.id})]},
        ):
            self._assert_refused(lambda vals=vals: study.write(vals))
        son = self.household.member_ids.filtered(lambda one: one.name == "Child 1")
        study.health_line_ids = [Command.create({"member_id": son.id})]
        self.assertEqual(study.health_line_ids.member, "Child 1")
        self._assert_refused_sql(son.unlink)

    def _assert_refused_sql(self, call):
        self._assert_refused(call, Exception)

    def test_health_of_members(self):
        """P013: the health of a member is in the table for its readers alone."""
        son = self.household.member_ids.filtered(lambda one: one.name == "Child 1")
        son.sudo().health_status = "disabled"
        study = self._new_study(self.health_researcher)
        for _state in ("draft", "done"):
            found = self._members(study, self.health_researcher)["Child 1"]
            self.assertEqual(found["health"], "Disability")
            self.assertEqual(self._members(study, "manager")["Child 1"]["health"], "")
            self.assertNotIn("Disability", self._as("manager", study).members_table)
            if study.state == "draft":
                study.action_done()
        son.sudo().health_status = "healthy"
        found = self._members(study, self.health_researcher)["Child 1"]
        self.assertEqual(found["health"], "Disability")
        self.assertNotIn("disabled", str(self._as("manager", study).members_kept))
        self.assertNotIn("1000000008", study.members_table)

    def test_health_attachment(self):
        """P013: a paper on a line of health is for the readers of health."""
        study = self._new_study(
            self.health_researcher, health_line_ids=self._health_vals()
        )
        attachment = study.env["ir.attachment"].create(
            {
                "name": "report.pdf",
                "raw": b"%PDF-1.4 asthma",
                "res_model": "npo.assessment.health",
                "res_id": study.health_line_ids[0].id,
            }
        )
        self.assertTrue(self._as(self.health_manager, attachment).raw)
        for role in ("manager", "researcher", "officer", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._as(role, attachment).read(["raw"])

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    def test_merge(self):
        """Two files with studies and drafts: the newer study counts, the last draft
        goes on, and nothing is lost."""
        other = self._new_beneficiary(1)
        first = self._new_study(date=local_today() - timedelta(days=30))
        first.action_done()
        second = self._new_study(beneficiary_id=other.id)
        second.action_done()
        draft, last = (
            study.browse(study.action_new_study()["res_id"])
            for study in (first, second)
        )
        merge = lambda: self._as("officer", self.file)._merge(  # noqa: E731
            self._as("officer", other), {}, "The same person"
        )
        # a member of two families: somebody says first of which
        self.assertIn("household", str(self._assert_refused(merge)).lower())
        second.household_id.active = False
        merge()
        self.env.invalidate_all()
        studies = first | second | draft | last
        self.assertEqual(studies.sudo().beneficiary_id, self.file)
        self.assertEqual((first.state, second.state), ("superseded", "done"))
        self.assertEqual(second.previous_id, first)
        self.assertEqual((draft.active, last.active), (False, True))
        self.assertEqual(last.sudo().household_id, self.household)
        last.sudo().write(
            {
                "is_consent_confirmed": True,
                "companion": "Huda",
                "recommendation": "partial",
                "recommendation_note": "x",
            }
        )
        last.with_user(self.researcher).action_done()
        self.assertEqual((second.state, last.state), ("superseded", "done"))


@tagged("post_install", "-at_install")
class TestAssessmentVisit(AssessmentCommon):
    """P133: two go to a home; a woman to women alone."""

    def test_two_persons(self):
        study = self._new_study(companion=" ")
        self.assertIn("two go to a home", study.next_step_note)
        self._assert_refused(study.action_done, UserError)
        study.mode = "phone"
        self.assertFalse(study.next_step_note)
        study.mode = "home_visit"
        self.company.npo_visit_in_pairs = False
        study.invalidate_recordset()
        study.action_done()
        self.assertEqual(study.state, "done")

    def test_woman_to_women(self):
        """The female researchers are proposed where no man lives in the home."""
        self.researcher.partner_id.npo_gender = "male"
        woman = self._new_person("woman", "npo_relations.group_npo_social_researcher")
        woman.partner_id.npo_gender = "female"
        study = self._new_study()
        self.assertTrue(study.is_woman_alone)
        self.assertIn(woman.name, study.visit_note)
        study.mode = "office"
        self.assertFalse(study.visit_note)
        study.mode = "home_visit"
        child = self.household.member_ids[-1]
        child.birth_date = "1990-01-01"
        study.invalidate_recordset()
        self.assertFalse(study.is_woman_alone)
        self.assertFalse(study.visit_note)
        child.lives_in_house = False
        study.invalidate_recordset()
        self.assertTrue(study.visit_note)
        self.researcher.partner_id.npo_gender = "female"
        study.invalidate_recordset()
        self.assertFalse(study.visit_note)

    def test_home(self):
        """The researcher's home: visits of today, what is written, what is due."""
        study = self._new_study(date_visit=fields.Datetime.now())
        later = fields.Datetime.now() + timedelta(days=3)
        self._new_study(beneficiary_id=self._new_beneficiary(1).id, date_visit=later)
        home = self.env["npo.home"].with_user(self.researcher)
        home = home.with_company(self.company).with_context(lang="en_US")
        tiles = {tile["label"]: tile for tile in home.get_home()["tiles"]}
        self.assertEqual(tiles["Visits today"]["count"], 1)
        self.assertEqual(study.search(tiles["Visits today"]["domain"]).ids, study.ids)
        self.assertEqual(tiles["Studies being written"]["count"], 2)
        self.assertEqual(tiles["To be studied again"]["count"], 0)
        self.assertEqual(tiles["Files to renew"]["count"], 0)
