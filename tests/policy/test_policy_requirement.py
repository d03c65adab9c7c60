from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged, users

from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestPolicyRequirement(PolicyCommon):
    """The register of required policies and how the association stands: P001."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requirement = cls.env.ref(
            "npo_relations.policy_requirement_beneficiary_relations"
        )
        cls.policy.requirement_id = cls.requirement

    def _status(self, company=None):
        self.requirement.invalidate_recordset()
        return self.requirement.with_company(company or self.company).status

    def test_list(self):
        """P001: the list of standards 1 is there; weights are not made up."""
        requirements = self.env["npo.policy.requirement"].search([])
        self.assertGreaterEqual(len(requirements), 15)
        self.assertFalse(any(requirements.mapped("weight")))
        self.assertEqual(
            set(requirements.mapped("criterion")),
            {"compliance", "transparency", "finance"},
        )

    def test_status(self):
        """P001: missing, in preparation, in force, review due, published."""
        self.assertEqual(self._status(self.other_company), "missing")
        self.assertEqual(self._status(), "draft")
        self._put_in_force()
        self.assertEqual(self._status(), "approved")
        self.policy.is_published = True
        self.assertEqual(self._status(), "published")
        self.policy.next_review_date = self.company._npo_today() - timedelta(days=1)
        self.assertEqual(self._status(), "review_due")
        self.assertEqual(
            self.requirement.with_company(self.company).next_review_date,
            self.policy.next_review_date,
        )

    def test_search(self):
        """Search and field agree, in each association."""
        for company in self.company | self.other_company:
            requirements = self.env["npo.policy.requirement"].with_company(company)
            for status in ("missing", "draft", "approved"):
                found = requirements.search([("status", "=", status)])
                expected = requirements.search([]).filtered(
                    lambda requirement, status=status: requirement.status == status
                )
                self.assertEqual(found, expected)

    def test_statements(self):
        """The whole list costs one reading of the policies."""
        requirements = self.env["npo.policy.requirement"].search([])
        self.env.flush_all()
        self.env.invalidate_all()
        requirements.mapped("name")
        requirements[:2].mapped("status")
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        requirements.mapped("status")
        whole = self.cr.sql_log_count - before
        self.assertLess(whole, 12)

    @users("npo_governance_officer")
    def test_open(self):
        """From the list to the policy, or to a new one of the kind."""
        action = self.requirement.with_env(self.env).action_open_policy()
        self.assertEqual(action["res_id"], self.policy.id)
        other = self.env.ref("npo_relations.policy_requirement_risk")
        context = other.with_env(self.env).action_open_policy()["context"]
        policy = self.env["npo.policy"].with_context(**context).create({})
        self.assertEqual(policy.requirement_id, other)
        self.assertFalse(policy.is_operating)

    @users("npo_relations_officer")
    def test_open_missing(self):
        other = self.env.ref("npo_relations.policy_requirement_risk")
        with self.assertRaises(UserError):
            other.with_env(self.env).action_open_policy()
