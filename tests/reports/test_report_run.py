from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestReportRun(ReportsCommon):
    """R187, R188: filled in, submitted, answered by another, frozen."""

    def test_whole_way(self):
        """R187: draft, figures, submitted, approved with its stamps, printed."""
        self._complaints(3)
        run = self._run("complaints_stats")
        self.assertRegex(run.name, r"^RPT/\d{4}/\d{5}$")
        with self.assertRaises(UserError):
            run.action_submit()
        run.action_fill()
        line = run.line_ids.filtered(
            lambda one: one.kpi_id.code == "complaints_received"
        )
        self.assertEqual(line.value, 3)
        run.write({"notes": "More than usual", "recommendations": "Train the desk"})
        run.action_submit()
        manager = run.with_user(self.users["manager"])
        self.assertEqual(
            run.activity_ids.user_id, self.company._npo_colleague("general_manager")
        )
        manager.action_approve()
        self.assertEqual(run.submission_state, "approved")
        self.assertEqual(run.answered_by, self.users["manager"])
        self.assertTrue(run.date_answered and run.date_submitted)
        text = self._pdf(manager)
        for word in (run.name, "Train the desk", "More than usual", "Centre"):
            self.assertIn(word, text)

    def test_manager_sees_submitted(self):
        """R188: the manager sees nothing of a draft, and answers only another's."""
        run = self._filled("complaints_stats")
        manager = run.with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            manager.read(["name"])
        self.assertFalse(
            self.env["npo.report.line"]
            .with_user(self.users["manager"])
            .search([("run_id", "=", run.id)])
        )
        run.action_submit()
        self.assertTrue(manager.line_ids)
