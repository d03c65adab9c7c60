from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestPolicyScheduled(PolicyCommon):
    """Approved now, in force on its day; one in force at a time: R003, R005, R007."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.cron = cls.env.ref("npo_relations.ir_cron_npo_policy_in_force")

    def _later(self, days=3, version=None):
        version = version or self.version
        version.write(
            {
                "meeting_text": "Session 1",
                "effective_date": self.today + timedelta(days=days),
            }
        )
        version.action_submit()
        version.action_approve()
        return version

    def _run_on(self, days):
        """Run the cron as on a day to come."""
        day = self.today + timedelta(days=days)
        companies = self.registry["res.company"]
        with (
            patch.object(companies, "_npo_today", lambda company: day),
            self.enter_registry_test_mode(),
        ):
            self.assertIs(self.cron.method_direct_trigger(), True)

    def test_waits_for_its_day(self):
        """R003: a version approved for a later day is in force from that day on."""
        self._later()
        self.assertEqual(self.version.state, "scheduled")
        self.assertFalse(self.version.date_in_force)
        self.assertFalse(self.company.npo_policy_version_id)
        self._run_on(2)
        self.assertEqual(self.version.state, "scheduled")
        self._run_on(3)
        self.assertEqual(self.version.state, "approved")
        self.assertEqual(self.version.date_in_force, self.today + timedelta(days=3))
        self.assertEqual(self.company.npo_policy_version_id, self.version)
        self._run_on(4)  # a second run changes nothing
        self.assertEqual(self.version.date_in_force, self.today + timedelta(days=3))

    def test_on_the_day(self):
        """Approving on the very day needs no cron."""
        self._later(0)
        self.assertEqual(self.version.state, "approved")

    def test_former_stays_until_then(self):
        """R003: the former version is in force up to the day before."""
        first = self._put_in_force()
        second = self._later(version=first.copy())
        self.assertEqual((first.state, second.state), ("approved", "scheduled"))
        self._run_on(3)
        self.assertEqual((first.state, second.state), ("superseded", "approved"))

    def test_one_waits_at_a_time(self):
        self._later()
        second = self.version.copy()
        with self.assertRaisesRegex(UserError, "waits for its day"):
            self._later(5, second)

    def test_overtaken(self):
        """A later version that comes into force first leaves nothing to wait for."""
        self._later()
        second = self._put_in_force(self.version.copy())
        self.assertEqual((self.version.state, second.state), ("superseded", "approved"))
        self._run_on(3)
        self.assertEqual((self.version.state, second.state), ("superseded", "approved"))

    def test_withdrawn_while_it_waits(self):
        self._later()
        self.version._withdraw("The board took it back")
        self._run_on(3)
        self.assertEqual(self.version.state, "withdrawn")

    def test_evidence(self):
        """Annex D 9: nothing is scheduled without evidence either."""
        self.version.effective_date = self.today + timedelta(days=3)
        self.version.action_submit()
        with self.assertRaises(UserError):
            self.version.action_approve()
        with self.assertRaises(UserError):
            self.version._put_in_force_unevidenced("No copy")

    def test_frozen(self):
        """R020: what waits is approved, so that it is frozen, in sudo as well."""
        self._later()
        for attempt in (
            lambda: self.version.sudo().write({"reply_max_value": 45}),
            lambda: self.version.sudo().write({"effective_date": self.today}),
            lambda: self.version.step_ids.write({"name": "x"}),
            lambda: self.version.unlink(),
            lambda: self.version.write({"minor_no": 4}),
            lambda: self.version.action_reset_to_draft(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    def test_one_failure_stops_no_other(self):
        """The cron goes on after a version that cannot come into force."""
        other_policy = self.env["npo.policy"].create(
            {"name": "Other", "company_id": self.company.id, "is_operating": False}
        )
        other = self._new_version(policy=other_policy)
        self._later()
        self._later(version=other)
        versions = self.registry["npo.policy.version"]
        check = versions._check_no_later

        def failing(version):
            if version == self.version:
                raise UserError("No")
            return check(version)

        with patch.object(versions, "_check_no_later", failing):
            self._run_on(3)
        self.assertEqual((self.version.state, other.state), ("scheduled", "approved"))
        self.assertIn("No", self.version.message_ids[0].body)

    def test_cron(self):
        """The daily cron runs without a user's time zone."""
        self._later()
        self._run_on(0)
        self.assertEqual(self.version.state, "scheduled")

    def test_open_case_stays(self):
        """R035: superseding never moves what runs under the former version."""
        first = self._put_in_force()
        params = first._window_params()
        second = first.copy()
        second.study_min_value = 3
        self._later(version=second)
        self._run_on(3)
        self.assertEqual(first._window_params(), params)
        self.assertNotEqual(second._window_params(), params)

    # ------------------------------------------------------------
    # NUMBERS IN WORDS
    # ------------------------------------------------------------

    def test_ordinal_label(self):
        """R007: the ordinal follows the gender of the noun."""
        second = self.version.copy()
        for noun, labels in {
            "copy": ("النسخة الأولى", "النسخة الثانية"),
            "issue": ("الإصدار الأول", "الإصدار الثاني"),
            False: ("", ""),
        }.items():
            (self.version | second).write({"version_noun": noun})
            with self.subTest(noun=noun):
                found = tuple(
                    version.ordinal_label or "" for version in (self.version, second)
                )
                self.assertEqual(found, labels)

    def test_number(self):
        self.assertEqual(self.version.number, "1")
        self.assertEqual(self.version.copy().number, "2")
