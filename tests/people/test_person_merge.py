from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import local_today
from .assessment_common import AssessmentCommon


@tagged("post_install", "-at_install")
class TestMergeOnce(AssessmentCommon):
    """R108, R212: what a person has once, when both files have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls._new_beneficiary(2)
        cls.kept._register_file()
        cls.gone = cls._new_beneficiary(1)
        cls.gone._register_file()
        cls.purpose = cls.env["npo.consent.purpose"]._of(cls.company, codes=["survey"])

    def _merge(self, reason="One card"):
        """Review and merge as an officer does; return what the review said."""
        files = self._as("officer", self.kept | self.gone)
        action = files.env["npo.beneficiary.merge"]._open(files)
        review = files.env["npo.beneficiary.merge"].browse(action["res_id"])
        self.assertEqual(review.kept_id, self.kept)
        moving = review.moving
        review.reason = reason
        review.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(self.gone.merged_into_id, self.kept)
        return moving

    def _agree(self, file, days_ago):
        consent = self.env["npo.consent"]._give(
            file.partner_id, self.purpose, self.company, "phone"
        )
        self._shift(consent, "date_given", days_ago)
        return consent

    def _shift(self, record, name, days_ago):
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        self.cr.execute(
            f'UPDATE "{record._table}" SET "{name}" = %s WHERE id = %s',
            [moment, record.id],
        )
        record.invalidate_recordset()

    # ------------------------------------------------------------
    # CONSENTS
    # ------------------------------------------------------------

    def test_agreed_on_both(self):
        """D18: the newest agreement stands, the other was replaced by it."""
        older, newer = self._agree(self.kept, 9), self._agree(self.gone, 3)
        moving = self._merge()
        self.assertIn("Agreed on both", moving)
        self.assertEqual((older | newer).partner_id, self.kept.partner_id)
        self.assertEqual((older.is_current, newer.is_current), (False, True))
        self.assertTrue(older.date_replaced)

    def test_withdrawn_on_one(self):
        """D18: who withdrew after agreeing has withdrawn, whichever file says so."""
        given, ended = self._agree(self.kept, 9), self._agree(self.gone, 5)
        ended._withdraw("phone")
        self.assertIn("Withdrawn on one", self._merge())
        self.assertFalse(given.is_current)
        self.assertTrue(given.date_withdrawn)
        self.assertFalse(
            self.env["npo.consent"]._has_consent(
                self.kept.partner_id, "survey", self.company
            )
        )

    def test_agreed_again(self):
        """D18: who agreed after withdrawing agrees."""
        ended = self._agree(self.gone, 9)
        ended._withdraw("phone")
        self._shift(ended, "date_withdrawn", 6)
        given = self._agree(self.kept, 2)
        self.assertNotIn("Withdrawn on one", self._merge())
        self.assertTrue(given.is_current)

    # ------------------------------------------------------------
    # STUDIES
    # ------------------------------------------------------------

    def _study_of(self, file, is_left=False):
        """Return a study as a draft; of a file whose household was left, perhaps."""
        study = self._new_study(beneficiary_id=file.id).sudo()
        if is_left:
            study.household_id.active = False
        return study

    def test_studies_in_force(self):
        """The newer study is in force and names the one it replaced."""
        studies = []
        for file, days_ago in ((self.kept, 40), (self.gone, 4)):
            study = self._study_of(file)
            study.date = local_today() - timedelta(days=days_ago)
            study.with_user(self.researcher).action_done()
            studies.append(study)
        older, newer = studies
        newer.household_id.active = False
        self.assertIn(f"{newer.name} is the study in force", self._merge())
        self.assertEqual(newer.beneficiary_id, self.kept)
        self.assertEqual(newer.partner_id, self.kept.partner_id)
        self.assertEqual(older.state, "superseded")
        self.assertEqual(newer.state, "done")
        self.assertEqual(newer.previous_id, older)

    def test_two_drafts(self):
        """One draft is written on; the other is kept, archived."""
        older = self._study_of(self.gone, is_left=True)
        self._shift(older, "write_date", 2)
        newer = self._study_of(self.kept)
        self.assertIn(f"{older.name} is archived", self._merge())
        self.assertEqual((older.active, newer.active), (False, True))
        self.assertEqual((older | newer).beneficiary_id, self.kept)
        self.assertEqual(older.story, "The father died.")

    # ------------------------------------------------------------
    # FAMILY AND WHO ACTS
    # ------------------------------------------------------------

    def _family(self, *files):
        return self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {
                            "relation": "other" if index else "head",
                            "partner_id": file.partner_id.id,
                        }
                    )
                    for index, file in enumerate(files)
                ],
            }
        )

    def test_twice_in_one_family(self):
        """D10: one line ends; the head stays the head."""
        family = self._family(self.gone, self.kept)
        self.assertIn(f"once a member of {family.reference}", self._merge())
        self.assertEqual(family.member_count, 1)
        self.assertEqual(family.head_id.partner_id, self.kept.partner_id)
        self.assertEqual(len(family.member_ids), 2)

    def test_two_families(self):
        """D10: of two families, somebody says first which one the person left."""
        family = self._family(self.kept)
        other = self._family(self.gone)
        with self.assertRaisesRegex(UserError, "two households"):
            self._merge()
        other.active = False
        self._merge()
        self.assertEqual(self.kept.household_id, family)

    def test_one_acts_for_the_other(self):
        """D11: who acts for another is another person."""
        self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.kept.partner_id.id,
                "representative_id": self.gone.partner_id.id,
                "kind": "guardian",
            }
        )
        with self.assertRaisesRegex(UserError, "two persons"):
            self._merge()

    def test_representatives_move(self):
        """D11: who acts for the person, and for whom the person acts, go along."""
        third = self.env["res.partner"].create({"name": "Third"})
        rights = self.env["npo.representative"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": partner.id,
                    "representative_id": representative.id,
                }
                for partner, representative in (
                    (self.gone.partner_id, third),
                    (third, self.gone.partner_id),
                )
            ]
        )
        self._merge()
        self.assertEqual(rights[0].partner_id, self.kept.partner_id)
        self.assertEqual(rights[0].beneficiary_id, self.kept)
        self.assertEqual(rights[1].representative_id, self.kept.partner_id)

    # ------------------------------------------------------------
    # CALLS, REQUESTS, THE LOG
    # ------------------------------------------------------------

    def test_proposed_on_both(self):
        """R058: the proposal whose calls came further stays, with both notes."""
        rule = self.env["npo.outreach.rule"].create(
            {
                "name": "Rule",
                "company_id": self.company.id,
                "service_id": self.service.id,
            }
        )
        behind, ahead = (
            self.env["npo.outreach"]
            .sudo()
            .create(
                {
                    "rule_id": rule.id,
                    "service_id": self.service.id,
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "period": "2026",
                    "note": note,
                }
            )
            for file, note in ((self.kept, "Busy"), (self.gone, "Wants it"))
        )
        self._as("officer", behind).action_called()
        self._as("officer", ahead).action_agree()
        self.assertIn("Proposed on both: Rule", self._merge())
        self.assertFalse(behind.exists())
        self.assertEqual(ahead.beneficiary_id, self.kept)
        self.assertEqual(ahead.partner_id, self.kept.partner_id)
        self.assertEqual((ahead.note, ahead.call_count), ("Wants it\nBusy", 2))

    def test_two_drafts_of_a_request(self):
        """R090: one draft for a service stays; the papers of both are on the file."""
        old, new = (
            self.env["npo.request"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "partner_id": file.partner_id.id,
                    "service_id": self.service.id,
                    "channel_id": self.channel.id,
                }
            )
            .sudo()
            for file in (self.gone, self.kept)
        )
        draft = self.env.ref("npo_relations.stage_request_draft")
        (old | new).flush_recordset()
        self.cr.execute(
            "UPDATE npo_request SET stage_id = %s, stage_code = 'draft'"
            " WHERE id = ANY(%s)",
            [draft.id, (old | new).ids],
        )
        self.env.invalidate_all()
        self._shift(old, "write_date", 2)
        documents = old.document_ids
        self.assertTrue(documents)
        self.assertIn("One draft stays", self._merge())
        self.assertFalse(old.exists())
        self.assertEqual(new.partner_id, self.kept.partner_id)
        self.assertEqual(documents.exists().beneficiary_id, self.kept)

    def test_log_goes_along(self):
        """R154: who saw what of the person is found on the file that stays."""
        self._as("officer", self.gone).read(["identity_number"])
        number = self.gone.file_no
        self._merge()
        logs = self.env["npo.access.log"]
        log = logs._of_person(self.kept.partner_id, self.kept.company_id)
        log = log.filtered(lambda line: line.way == "read")
        self.assertEqual(log.mapped("res_name"), [number])

    # ------------------------------------------------------------
    # THE REVIEW
    # ------------------------------------------------------------

    def test_review_changes_nothing(self):
        """What would be decided is told, and nothing of it is done."""
        older, newer = self._agree(self.kept, 9), self._agree(self.gone, 3)
        study = self._study_of(self.gone, is_left=True)
        draft = self._study_of(self.kept)
        files = self._as("officer", self.kept | self.gone)
        action = files.env["npo.beneficiary.merge"]._open(files)
        review = files.env["npo.beneficiary.merge"].browse(action["res_id"])
        self.assertIn("Agreed on both", review.moving)
        self.env.invalidate_all()
        self.assertTrue(older.is_current and newer.is_current)
        self.assertTrue(study.active and draft.active)
        self.assertNotEqual(study.beneficiary_id, draft.beneficiary_id)

    def test_one_contact(self):
        """An ended file and a live one on one contact: the contact stays whole."""
        self.gone._change_state("closed", "moved")
        again = self._new_beneficiary(
            3, partner_id=self.gone.partner_id.id, name=self.gone.name
        )
        partner = again.partner_id
        user = self.users["portal"]
        user.partner_id = partner
        self.kept = self.gone
        self.gone = again
        self._merge()
        self.assertTrue(partner.active and user.active)
        self.assertTrue(partner.bank_ids)
