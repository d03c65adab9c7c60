from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PeopleCommon


@tagged("post_install", "-at_install")
class TestFileRenewal(PeopleCommon):
    """D20, P134: a file ends, its person is asked before, a renewal keeps history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2025-03-01 09:00"):
            cls.file = cls._new_file()
            cls.file._register_file()
        cls.fresh = cls._new_file(name="Fresh")

    def _run(self, day):
        cron = self.env.ref("npo_relations.ir_cron_npo_renewal")
        with freeze_time(f"{day} 09:00"), self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _messages(self):
        messages = self.env["npo.message"].search(
            [("res_model", "=", "npo.beneficiary"), ("res_id", "=", self.file.id)]
        )
        return messages.mapped("template_id.name")

    def test_campaign(self):
        """Nothing before its time; then one message, the end, and one more."""
        self._run("2026-01-29")
        self.assertFalse(self._messages())
        self._run("2026-01-30")
        self._run("2026-02-15")
        self.assertEqual(self._messages(), ["Beneficiary's file: to be renewed"])
        self.assertEqual(str(self.file.date_renewal_told), "2026-01-30")
        self._run("2026-03-01")
        self.assertEqual(self.file.state, "active")
        self._run("2026-03-02")
        self._run("2026-03-03")
        self.assertEqual(self.file.state, "expired")
        self.assertTrue(self.file.state_note)
        self.assertEqual(
            self._messages(),
            ["Beneficiary's file: ended", "Beneficiary's file: to be renewed"],
        )
        self.assertEqual(self.fresh.state, "prospect")

    def test_message(self):
        """The day in both calendars, no number of identity."""
        self.file.partner_id.lang = "en_US"
        self._run("2026-02-15")
        message = self.env["npo.message"].search([("res_id", "=", self.file.id)])
        self.assertIn("1 March 2026", message.body)
        self.assertIn("AH", message.body)
        self.assertIn(self.file.file_no, message.body)

    def test_renewal_keeps_history(self):
        """Renewed by an officer: a new period, the number and the days before kept."""
        number = self.file.file_no
        self._run("2026-03-05")
        with freeze_time("2026-03-10 09:00"):
            self._as(self.file, self.officer).action_renew()
            self.env.flush_all()
        self.assertRecordValues(
            self.file,
            [
                {
                    "state": "active",
                    "file_no": number,
                    "state_note": False,
                    "date_renewal_told": False,
                }
            ],
        )
        self.assertEqual(str(self.file.date_registered), "2025-03-01")
        self.assertEqual(str(self.file.date_renewal), "2027-03-10")
        self._run("2027-02-20")
        self.assertEqual(len(self._messages()), 2)  # ended, and asked anew

    def test_settings_and_suspended(self):
        """⚖ settings of the association; who is suspended is asked for nothing."""
        self.company.npo_renewal_notice_days = 5
        self._run("2026-02-20")
        self.assertFalse(self._messages())
        self._as(self.file, self.officer).action_suspend(note="x")
        self._run("2026-03-20")
        self.assertEqual(self.file.state, "suspended")
        with freeze_time("2026-03-20 09:00"):
            self._as(self.file, self.officer).action_reactivate()
        self._run("2026-03-21")
        self.assertEqual(self.file.state, "expired")

    def test_in_batches(self):
        """Resumed where it stopped; what it costs grows by the tracked lines alone."""

        def expire(number):
            with freeze_time("2025-03-01 09:00"):
                files = self.Beneficiary.create(
                    [
                        {"name": f"P{index}", "company_id": self.company.id}
                        for index in range(number)
                    ]
                )
                files._register_file()
            with freeze_time("2026-03-05 09:00"):
                domain = self.Beneficiary._ended_domain(self.company)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                for _batch in range(2):
                    self.Beneficiary._take(domain, (number + 1) // 2)._expire()
                self.env.flush_all()
                self.assertEqual(self.Beneficiary.search_count(domain), 0)
            self.assertEqual(set(files.mapped("state")), {"expired"})
            return self.cr.sql_log_count - before

        self._run("2026-03-05")
        expire(4)
        few, many = expire(4), expire(40)
        self.assertLessEqual(many, few + 20)

    def test_tracked(self):
        """The days of each period are in the history of the file."""
        for name in ("state", "date_renewal"):
            self.assertTrue(self.Beneficiary._fields[name].tracking)

    def test_written_by_the_cron_alone(self):
        file = self._as(self.file, self.officer)
        with self.assertRaises(UserError):
            file.write({"date_renewal_told": "2026-01-01"})
