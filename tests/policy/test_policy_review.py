from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users

from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestPolicyReview(PolicyCommon):
    """The cycle of reviews, its reminder and its log: R034."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.cron = cls.env.ref("npo_relations.ir_cron_npo_policy_review")
        cls._put_in_force()

    def _remind(self):
        with self.enter_registry_test_mode():
            self.assertIs(self.cron.method_direct_trigger(), True)

    def _review(self, outcome="keep", **vals):
        return self.env["npo.policy.review"].create(
            {"policy_id": self.policy.id, "outcome": outcome, **vals}
        )

    def test_planned(self):
        """The next review is counted from the day the version is in force."""
        self.assertEqual(self.policy.review_interval_months, 12)
        self.assertEqual(
            self.policy.next_review_date, self.today + relativedelta(months=12)
        )
        self.assertFalse(self.policy.is_review_due)

    def test_interval_of_the_association(self):
        """The association's own choice is proposed to its policies."""
        self.other_company.npo_review_months = 6
        policy = self.env["npo.policy"].create(
            {"name": "Other", "company_id": self.other_company.id}
        )
        self.assertEqual(policy.review_interval_months, 6)

    def test_due(self):
        """Search filter and field agree, for both values."""
        other = self.env["npo.policy"].create(
            {"name": "Other", "company_id": self.company.id, "is_operating": False}
        )
        policies = self.policy | other
        self.policy.next_review_date = self.today - timedelta(days=1)
        other.next_review_date = self.today - timedelta(days=1)  # nothing in force
        for value, expected in ((True, self.policy), (False, other)):
            found = self.env["npo.policy"].search(
                [("id", "in", policies.ids), ("is_review_due", "=", value)]
            )
            self.assertEqual(found, expected)
            self.assertEqual(
                policies.filtered(lambda p, v=value: p.is_review_due == v), expected
            )

    def test_reminder(self):
        """R034: one activity for the governance officer, and not one more each day."""
        self._remind()
        self.assertFalse(self.policy.activity_ids)
        self.policy.next_review_date = self.today - timedelta(days=1)
        self._remind()
        self._remind()
        self.assertEqual(
            self.policy.activity_ids.user_id.mapped("login"), ["npo_governance_officer"]
        )
        self.assertEqual(len(self.policy.activity_ids), 1)

    def test_outcome(self):
        """R034: recording an outcome moves the date forward and ends the reminder."""
        self.policy.next_review_date = self.today - timedelta(days=1)
        self._remind()
        review = self._review(note="Nothing to change")
        self.assertEqual(
            self.policy.next_review_date, self.today + relativedelta(months=12)
        )
        self.assertFalse(self.policy.activity_ids)
        self.assertEqual(review.version_id, self.version)
        second = self._put_in_force(self.version.copy())
        self.assertEqual(self.policy.current_version_id, second)
        self.assertEqual(review.version_id, self.version)  # the log stays

    def test_amend(self):
        """What is to be amended is told."""
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._review("amend")
        self._review("amend", note="The window")

    def test_not_ahead(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._review(date=self.today + timedelta(days=1))

    def test_log(self):
        """D13: the log is kept as it was written, in sudo as well."""
        review = self._review()
        for attempt in (
            lambda: review.sudo().write({"outcome": "amend"}),
            lambda: review.sudo().unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    @users("npo_governance_officer")
    def test_form(self):
        """The officer records it in the form; the name is their own."""
        action = self.policy.with_env(self.env).action_record_review()
        reviews = self.env["npo.policy.review"].with_context(**action["context"])
        with Form(reviews.with_context(default_user_id=1)) as form:
            form.outcome = "keep"
        self.assertEqual(form.record.user_id, self.env.user)
        self.assertEqual(form.record.policy_id, self.policy)

    @users("npo_relations_officer", "npo_general_manager", "npo_auditor")
    def test_refused(self):
        with self.assertRaises(AccessError):
            self.env["npo.policy.review"].create(
                {"policy_id": self.policy.id, "outcome": "keep"}
            )
        with self.assertRaises(AccessError):
            self.policy.with_env(self.env).action_record_review()
