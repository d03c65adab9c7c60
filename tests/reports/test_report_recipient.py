from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestReportRecipient(ReportsCommon):
    """R187, D14: an approved report reaches whom it is for, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.governor2 = cls._new_staff("governor2", "governance_officer", cls.company)

    def _on_the_board(self, *names, **vals):
        self.env["npo.board.member"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.users[name].partner_id.id,
                    "date_from": fields.Date.subtract(self.today, years=1),
                    **vals,
                }
                for name in names
            ]
        )

    def _submitted(self, code, user="centre", **vals):
        run = self._filled(code, user, **vals)
        run.action_submit()
        return run

    def _approved(self, code, user="centre", **vals):
        run = self._submitted(code, user, **vals)
        run.with_user(self.users["manager"]).action_approve()
        return run

    def _told(self, run):
        """Return who has a task to read the report, a task each."""

        def is_to_read(task):
            env = run.with_context(lang=task.user_id.lang or "en_US").env
            return task.summary == run._task_to_read(env)[0]

        return run.sudo().activity_ids.filtered(is_to_read).user_id

    def test_board(self):
        """R187: members in office read the board's report, and no other one."""
        self._on_the_board("front", "member")
        self._on_the_board("chair", date_to=fields.Date.subtract(self.today, days=1))
        run = self._submitted("board_report", "governor")
        other = self._approved("policy_ack", "governor")
        member = self.users["front"]
        with self.assertRaises(AccessError):
            run.with_user(member).read(["summary"])
        run.with_user(self.users["manager"]).action_approve()
        readers = self.users["front"] | self.users["member"]
        self.assertEqual(run.passed_to_ids, readers)
        self.assertEqual(self._told(run), readers)
        self.assertTrue(run.date_passed_on)
        runs = self.env["npo.report.run"].with_user(member)
        self.assertEqual(runs.search([]), run)
        lines = self.env["npo.report.line"].with_user(member).search([])
        self.assertEqual(lines.run_id, run)
        self.assertIn(run.name, self._pdf(run.with_user(member)))
        self.assertTrue(run.with_user(member).content_html)
        for refused in (run.with_user(self.users["chair"]), other.with_user(member)):
            with self.assertRaises(AccessError):
                refused.read(["summary"])
        self.assertFalse(run.with_user(member).has_access("write"))

    def test_board_without_accounts(self):
        """Where no member has an account, governance passes it on."""
        partner = self.env["res.partner"].create({"name": "Member"})
        self.env["npo.board.member"].create(
            {
                "company_id": self.company.id,
                "partner_id": partner.id,
                "date_from": self.today,
            }
        )
        run = self._approved("board_report", "governor")
        self.assertEqual(run.passed_to_ids, self.users["governor"] | self.governor2)
        self.assertEqual(self._told(run), self.governor2)

    def test_each_recipient(self):
        """Each report reaches the role it is for; its paper addresses them."""
        self._on_the_board("member")
        run = self._filled("complaints_stats")
        kind = run.type_id.sudo()
        wanted = {
            "centre": ("chief", "To the manager of the service centre"),
            "manager": ("manager", "To his excellency the general manager"),
            "board": ("member", "To the chair and the members of the board"),
            "governance": ("governor", "To the governance officer"),
            "finance": ("payer", "To the finance department"),
        }
        self.assertEqual(set(wanted), set(dict(kind._fields["recipient"].selection)))
        for recipient, (name, words) in wanted.items():
            kind.recipient = recipient
            with self.subTest(recipient):
                self.assertIn(self.users[name], run.sudo()._recipients())
                self.assertEqual(run._addressee(), words)

    def test_addressed(self):
        """D14: paper and workbook of the board's report are not for the manager."""
        run = self._filled("board_report", "governor")
        words = "To the chair and the members of the board"
        cover = self._book(run._workbook()).worksheets[0]
        cells = [cell.value for row in cover.iter_rows() for cell in row]
        text = self._pdf(run)
        for where in (cells, text):
            self.assertIn(words, where)
            self.assertNotIn("To his excellency the general manager", where)

    def test_once(self):
        """Approved again, or passed on again: nobody is told a second time."""
        run = self._approved("support_services_report")
        self.assertEqual(self._told(run), self.users["chief"])
        was = run.date_passed_on
        with self.assertRaises(UserError):
            run.with_user(self.users["manager"]).action_approve()
        run.sudo()._pass_on()
        tasks = run.sudo().activity_ids.filtered(
            lambda task: task.user_id == self.users["chief"]
        )
        self.assertEqual((len(tasks), run.date_passed_on), (1, was))

    def test_returned(self):
        """What is returned is not passed on."""
        run = self._submitted("support_services_report")
        run.with_user(self.users["manager"]).action_return("Say why")
        self.assertFalse(run.date_passed_on or run.passed_to_ids or self._told(run))
        with self.assertRaises(AccessError):
            run.passed_to_ids = self.users["front"]

    def test_secret(self):
        """R157: a secret one is passed on to nobody who may not see it."""
        self._on_the_board("member")
        run = self._submitted("board_report", "governor", classification="secret")
        run.with_user(self.users["manager"]).action_approve()
        self.assertFalse(run.passed_to_ids or self._told(run))
        with self.assertRaises(AccessError):
            run.with_user(self.users["member"]).read(["summary"])
