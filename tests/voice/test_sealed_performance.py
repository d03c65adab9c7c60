from odoo.tests import tagged, warmup
from odoo.tools import SQL

from ..security.common_sealed import SealedCommon

ROWS = 20_000


@tagged("post_install", "-at_install")
class TestSealedPerformance(SealedCommon):
    """performance.md: keeping a few complaints close costs the others nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler = cls.handler.with_context(lang="en_US")

    def _grow(self, rows=ROWS):
        """Copy a complaint many times, one in a hundred of them sealed."""
        self.env.flush_all()
        model = self.env["npo.complaint"]
        columns = [
            name
            for name, field in model._fields.items()
            if field.store and field.column_type and name not in ("id", "name")
        ]
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        values = SQL(", ").join(
            SQL("CASE WHEN n %% 100 = 0 THEN 'sealed' ELSE 'normal' END")
            if name == "confidentiality"
            else SQL.identifier(name)
            for name in columns
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO npo_complaint (name, %s) SELECT 'G' || n, %s"
                " FROM npo_complaint, generate_series(1, %s) n WHERE id = %s",
                names,
                values,
                rows,
                self.complaint.id,
            )
        )
        self.env.cr.execute("ANALYZE npo_complaint")
        self.env.invalidate_all()

    def _list(self, complaints):
        """Read a page of the list as the client does."""
        fields = ("name", "title", "partner_id", "category_id", "severity", "stage_id")
        fields += (
            "company_id",
            "date_due",
            "user_id",
            "confidentiality",
            "is_overdue",
            "is_closed",
        )
        spec = {name: {} for name in fields}
        for name in ("partner_id", "category_id", "stage_id", "user_id"):
            spec[name] = {"fields": {"display_name": {}}}
        return complaints.web_search_read([], spec, limit=80)["records"]

    @warmup
    def test_list(self):
        """A page of the list: 8 statements at two sizes, and nothing sealed in it."""
        for rows in (50, ROWS):
            self._grow(rows)
            complaints = self._as(self.handler, self.env["npo.complaint"])
            with self.subTest(rows), self.assertQueryCount(8):
                records = self._list(complaints)
            self.assertEqual(len(records), min(rows - rows // 100 + 1, 80))
            self.assertNotIn(
                "sealed", {record["confidentiality"] for record in records}
            )

    def test_plan(self):
        """The rules leave the page of the list on its index, sealed rows or not."""
        self._grow()
        for user in (self.handler, self.focal, self.users["root"]):
            complaints = self._as(user, self.env["npo.complaint"])
            query = complaints._search([], limit=80, order=complaints._order)
            plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            text = "\n".join(line for (line,) in plan)
            with self.subTest(user.name):
                if user == self.focal:  # sees what they are named for, by its index
                    self.assertIn("npo_complaint_focal_rel", text)
                else:
                    self.assertIn("npo_complaint_list_idx", text)
                    self.assertNotIn("Seq Scan on npo_complaint\n", text)

    @warmup
    def test_form(self):
        """The first look of a day is noted in two statements, the next in one."""
        case = self._complain(category_id=self._category("harassment").id)
        self.env.flush_all()
        spec = {"title": {}, "description": {}, "confidentiality": {}}
        own = self._as(self.focal, case)
        with self.assertQueryCount(6):
            own.web_read(spec)
        own = self._as(self.focal, case)
        with self.assertQueryCount(5):
            own.web_read(spec)
