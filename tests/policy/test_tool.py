import base64
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestTool(PolicyCommon):
    """Tools of the relations officer: R096–R102, R211."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._put_in_force()
        cls.tool = cls.version.tool_ids

    def _new_tool(self, **vals):
        return (
            self.env["npo.tool"]
            .sudo()
            .create(
                {
                    "name": "Price list",
                    "code": "price_list",
                    "reason": "Asked at the desk",
                    "company_id": self.company.id,
                    **vals,
                }
            )
        )

    @users("npo_relations_officer")
    def test_open(self):
        """R097: one click opens the file or the link; without one it says so."""
        tool = self.tool.with_env(self.env)
        with self.assertRaises(UserError):
            tool.action_open()
        self.tool.write({"file": base64.b64encode(b"x"), "file_name": "bylaws.pdf"})
        self.assertIn(f"/npo.tool/{tool.id}/file", tool.action_open()["url"])
        self.tool.url = "https://example.org/bylaws"
        self.assertEqual(tool.action_open()["url"], "https://example.org/bylaws")

    def test_frozen_title(self):
        """R211: the title is content of the policy, the file is not."""
        with self.assertRaises(UserError):
            self.tool.name = "Other"
        with self.assertRaises(UserError):
            self.tool.unlink()
        self.tool.version_label = "2"

    def test_operational_needs_reason(self):
        """R211: a tool beside the policy tells why."""
        with self.assertRaises(ValidationError):
            self._new_tool(reason=False)
        tool = self._new_tool()
        self.assertEqual(self.version._available_tools(), self.tool | tool)

    def test_validity(self):
        """R097: a tool outside its dates is not offered; compute and search agree."""
        today = fields.Date.context_today(self.tool)
        tools = self.env["npo.tool"].search([("company_id", "=", self.company.id)])
        for start, end, valid in (
            (False, False, True),
            (today, today, True),
            (today + timedelta(days=1), False, False),
            (False, today - timedelta(days=1), False),
        ):
            with self.subTest(start=start, end=end):
                self.tool.write({"date_from": start, "date_to": end})
                self.assertEqual(self.tool.is_valid, valid)
                found = tools.search([("id", "in", tools.ids), ("is_valid", "=", True)])
                self.assertEqual(self.tool in found, valid)
                found = tools.search(
                    [("id", "in", tools.ids), ("is_valid", "=", False)]
                )
                self.assertEqual(self.tool in found, not valid)
                self.assertEqual(self.tool in self.version._available_tools(), valid)

    def test_url(self):
        """A link opens a page; nothing else is behind the click."""
        for url in ("javascript:alert(1)", "file:///etc/passwd", "example.org"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.tool.url = url

    def test_dates_in_order(self):
        with self.assertRaises(ValidationError):
            self._new_tool(date_from="2026-02-01", date_to="2026-01-01")

    @mute_logger("odoo.sql_db")
    def test_code_unique(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._new_tool(code="bylaws")

    @users("npo_relations_officer", "npo_committee_member")
    def test_audience(self):
        """R097: a tool for one group is seen by that group only."""
        group = self.env.ref("npo_relations.group_npo_committee_member")
        tool = self._new_tool(group_ids=group.ids, code=self.env.user.login)
        seen = tool in self.env["npo.tool"].search([])
        self.assertEqual(seen, self.env.user.login == "npo_committee_member")
        offered = self.version.with_env(self.env)._available_tools()
        self.assertEqual(tool in offered, seen)
        offered.mapped("name")

    @users("npo_relations_officer")
    def test_asked_once(self):
        """Each case shows the tools: their ids are kept, until one changes."""
        version = self.version.with_env(self.env)
        self.assertEqual(version._available_tools().ids, self.tool.ids)
        with self.assertQueryCount(0):
            version._available_tools()
        tool = self._new_tool()
        self.assertIn(tool, version._available_tools())
