import base64
import io
import json
from pathlib import Path

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path

from ...models.privacy.processing_activity import PROPOSED
from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestProcessing(AssociationCommon):
    """P018: what is done with personal data is written down, reviewed and kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protector = cls.users["protector"]
        cls.activities = (
            cls.env["npo.processing.activity"]
            .with_user(cls.protector)
            .search([("company_id", "=", cls.company.id)])
        )

    def test_proposed(self):
        """P018: an association begins with each activity of the product, in Arabic."""
        entries = json.loads(Path(file_path(PROPOSED)).read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(entries), 14)
        self.assertEqual(
            sorted(self.activities.mapped("code")),
            sorted(entry["code"] for entry in entries),
        )
        first = self.activities[0].with_context(lang="ar_001")
        self.assertEqual(first.name, entries[0]["name"]["ar"])
        self.assertFalse(any(self.activities.mapped("has_transfer")))
        self.activities[0].sudo().write(
            {"date_to": "2020-01-01", "date_from": "2019-01-01"}
        )
        self.activities[0].sudo().unlink()
        self.activities.browse().action_propose()
        again = self.activities.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(again), len(entries))
        with self.assertRaises(AccessError):
            again.browse().with_user(self.users["manager"]).action_propose()

    @freeze_time("2026-03-01 08:00")
    def test_kept_five_years(self):
        """P018: what ended is archived, and deleted no sooner than five years later."""
        one = self.activities[0]
        with self.assertRaises(UserError):
            one.action_archive()
        one.write({"date_from": "2019-01-01", "date_to": "2021-03-02"})
        one.action_archive()
        with self.assertRaises(UserError):
            one.unlink()
        one.date_to = "2021-03-01"
        one.unlink()
        self.assertFalse(one.exists())

    def test_review(self):
        """P018: each line is looked through yearly; who owns it gets a task, once."""
        one = self.activities[0]
        one.write({"date_from": "2026-01-01", "user_id": self.officer.id})
        (self.activities - one).write({"date_from": "2026-06-01"})
        cron = self.env.ref("npo_relations.ir_cron_npo_processing_review")
        for moment, count in (
            ("2026-12-31 08:00", 0),
            ("2026-12-31 22:00", 1),  # already the first day in Riyadh
            ("2027-01-02 08:00", 1),
        ):
            with freeze_time(moment):
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual(len(one.sudo().activity_ids), count)
        self.assertEqual(one.sudo().activity_ids.user_id, self.officer)
        with freeze_time("2027-01-02 08:00"):
            self.assertIn(one, one.search([("is_review_due", "=", True)]))
            one.action_reviewed()
            self.assertFalse(one.is_review_due)
            self.assertNotIn(one, one.search([("is_review_due", "=", True)]))
        self.assertFalse(one.sudo().activity_ids)

    def test_paper(self):
        """P018: the print for the authority lists each activity."""
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.users["auditor"])
            ._render_qweb_html(
                "npo_relations.report_npo_processing", self.activities.ids
            )
        )
        html = html.decode()
        for activity in self.activities.with_context(lang="ar_001"):
            self.assertIn(activity.purpose, html)

    def test_workbook(self):
        """P018: for the authority each activity is a row, in Arabic, right to left."""
        self.protector.group_ids |= self.env.ref("base.group_allow_export")
        self.activities[0].with_context(lang="ar_001").write(
            {
                "name": "=1+1",
                "has_transfer": True,
                "transfer_note": "مزود بريد خارج المملكة باتفاقية",
            }
        )
        exports = self.env["npo.register.export"].with_user(self.protector)
        action = exports.with_context(
            lang="ar_001",
            active_model="npo.processing.activity",
            active_ids=self.activities.ids,
        ).action_export()
        form = exports.browse(int(action["url"].split("/")[4]))
        content = io.BytesIO(base64.b64decode(form.file))
        sheet = openpyxl.load_workbook(content).active
        self.assertTrue(sheet.sheet_view.rightToLeft)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        told = ("purpose", "person_kinds", "data_kinds", "retention", "measures")
        for activity in self.activities[1:].with_context(lang="ar_001"):
            row = next(row for row in rows if row[0] == activity.name)
            for name in told:
                self.assertIn(activity[name], row, name)
            self.assertIn(activity.recipients or None, row)
        transfer = next(row for row in rows if "مزود بريد خارج المملكة باتفاقية" in row)
        self.assertNotEqual(transfer[0], "=1+1", "a formula is no formula there")
        heads = next(row for row in rows if row[-1] and row[0])
        self.assertFalse([head for head in heads if head and head.isascii()], heads)
        with self.assertRaises(UserError):
            exports.with_user(self.users["front"]).with_context(
                active_model="npo.processing.activity",
                active_ids=self.activities.ids,
            ).action_export()
