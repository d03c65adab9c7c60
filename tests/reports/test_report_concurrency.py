from unittest.mock import patch

from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoSchedulers(AtOnceCommon):
    """Two crons at once, and two persons: one report on a period (R187)."""

    profile = "harfa"

    def setUp(self):
        super().setUp()
        self.kind = self.env.ref("npo_relations.report_type_requests_report")
        self.addCleanup(self._drop)

    def _own(self):
        return [("company_id", "=", self.company.id)]

    def _drop(self):
        runs = self.env["npo.report.run"].search(self._own())
        runs.submission_state = "draft"
        runs.unlink()
        self.env["npo.report.schedule"].search(self._own()).unlink()
        self.cr.commit()

    def test_two_crons(self):
        """Each drafts the same schedule in one moment: the report is there once."""
        schedule = self.env["npo.report.schedule"].create(
            {"company_id": self.company.id, "type_id": self.kind.id}
        )
        self.cr.commit()

        def draft(env):
            env["npo.report.schedule"].browse(schedule.id)._draft_alone()

        self._at_once((self.env.user, draft), (self.env.user, draft))
        run = self.env["npo.report.run"].search(self._own())
        self.assertEqual(len(run), 1)
        self.assertTrue(run.date_filled and run.content)
        self.assertFalse(schedule.last_error)

    def test_two_managers(self):
        """Two approve in one moment: one does, and the report is passed on once."""
        managers = [
            self.users["manager"],
            self._new_staff("manager2", "general_manager", self.company),
        ]
        kind = self.env.ref("npo_relations.report_type_support_services_report")
        run = (
            self.env["npo.report.run"]
            .with_user(self.users["centre"])
            .create({"type_id": kind.id, "company_id": self.company.id})
        )
        run.action_fill()
        run.action_submit()
        self.cr.commit()

        def approve(env):
            env["npo.report.run"].browse(run.id).action_approve()

        results = self._at_once(*((manager, approve) for manager in managers))
        self._assert_one_wins(results)
        run = run.sudo()
        self.assertEqual(run.submission_state, "approved")
        chief = self.users["chief"]
        self.assertEqual(run.passed_to_ids, chief)
        tasks = run.activity_ids.filtered(lambda task: task.user_id == chief)
        self.assertEqual(len(tasks), 1)

    def test_killed(self):
        """What dies half-way leaves nothing; the next time the whole is there."""
        schedule = self.env["npo.report.schedule"].create(
            {"company_id": self.company.id, "type_id": self.kind.id}
        )
        self.cr.commit()

        class Killed(BaseException):
            pass

        lines = type(self.env["npo.report.line"])
        with patch.object(lines, "create", side_effect=Killed):
            with self.assertRaises(Killed):
                schedule._draft_alone()
            self.cr.rollback()
        self.assertFalse(self.env["npo.report.run"].search(self._own()))
        schedule._draft_alone()
        self.cr.commit()
        run = self.env["npo.report.run"].search(self._own())
        self.assertTrue(run.line_ids)
