from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestComingOfAge(AssociationCommon):
    """D11, P022: a file's person turns 18, and is asked for their own consents."""

    def _minor(self, index=0, **vals):
        file = self._new_beneficiary(index, birth_date="2008-03-02")
        guardian = self.env["res.partner"].create(
            {"name": "Guardian", "company_id": self.company.id}
        )
        self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": file.partner_id.id,
                "representative_id": guardian.id,
                "date_from": "2020-01-01",
                **vals,
            }
        )
        return file

    def _run_cron(self):
        cron = self.env.ref("npo_relations.ir_cron_npo_file_coming_of_age")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_once(self):
        """One task for an officer on the day, not before and never twice."""
        file = self._minor()
        with freeze_time("2026-03-01 09:00:00"):
            self._run_cron()
            self.assertFalse(file.activity_ids)
        with freeze_time("2026-03-02 09:00:00"):
            for _time in range(2):
                self._run_cron()
            self.assertEqual(len(file.activity_ids), 1)
            self.assertIn("18", file.activity_ids.summary)
            self.assertIn("consents", file.activity_ids.note)
            user = file.activity_ids.user_id
            self.assertTrue(user.has_group("npo_relations.group_npo_relations_officer"))

    def test_not_for_others(self):
        """Not for a household's member, a closed file, or an adult's curator."""
        member = self._minor()
        household = self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": member.partner_id.id}
                    )
                ],
            }
        )
        closed = self._minor(1)
        closed.action_close("Moved away")
        adult = self._minor(2, kind="custodian", instrument_number="7")
        adult.birth_date = "1980-01-01"
        with freeze_time("2026-03-02 09:00:00"):
            self._run_cron()
        self.assertTrue(household.member_ids)
        for file in (member, closed, adult):
            self.assertFalse(file.activity_ids)
