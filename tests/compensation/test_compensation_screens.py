from odoo.tests import tagged

from .common import CompensationCommon

OFFER = "npo_relations.npo_complaint_server_action_compensate"


@tagged("post_install", "-at_install")
class TestCompensationScreens(CompensationCommon):
    """R131: what is offered on screens, and which tasks stay on a case."""

    def _is_offered(self):
        actions = self.env["ir.actions.actions"].with_user(self.claims)
        bound = actions.get_bindings("npo.complaint")["action"]
        return self.env.ref(OFFER).id in [action["id"] for action in bound]

    def test_r131_refer_offered(self):
        """R131: a complaint is referred only where the policy has compensation."""
        self.assertTrue(self._is_offered())
        version = self.company.npo_policy_version_id
        self.env.cr.execute(
            "UPDATE npo_policy_version SET use_compensation = FALSE WHERE id = %s",
            [version.id],
        )
        version.invalidate_recordset()
        self.assertFalse(self._is_offered())

    def test_d06_finance_opens_case(self):
        """D06: finance opens a case it pays, without its discussion."""
        case = self._complete()
        cases = case.with_user(self.users["poster"])
        arch = cases.get_view(view_type="form")["arch"]
        self.assertNotIn("<chatter", arch)
        officer = case.with_user(self.claims).get_view(view_type="form")["arch"]
        self.assertIn("<chatter", officer)

    def test_r132_tasks_done(self):
        """R132: a step that was asked for is no task any more once it is done."""
        case = self._agreed()
        self.assertEqual(case.sudo().activity_ids.user_id, self.claims)
        case._propose("It is fair.", self.fund)
        self.assertEqual(case.sudo().activity_ids.user_id, self.lawyer)
        case.with_user(self.lawyer)._review_legally("fit", "Nothing against it.")
        self.assertEqual(case.sudo().activity_ids.user_id, self.claims)
        case.with_user(self.manager)._sign_for_association()
        case.action_ask_approval()
        self.assertFalse(case.sudo().activity_ids)
