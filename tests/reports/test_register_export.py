import base64
import io

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from ...models.reports.register_columns import REGISTERS
from ...tools import hijri
from ..common_performance import PerformanceCommon
from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestRegisterExport(PerformanceCommon, ReportsCommon):
    """D14, R162: each register is taken along, by who may, with what the role reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("base.group_allow_export")
        for user in cls.users.values():
            user.group_ids |= group
        cls.cases = cls._complaints(3)
        cls.cases[1].title = "=1+1"

    def _export(self, name, user, ids=None, domain=None):
        exports = self.env["npo.register.export"].with_user(self.users[user])
        context = {"active_model": name}
        if ids is not None:
            context["active_ids"] = ids
        if domain is not None:
            context["active_domain"] = domain
        action = exports.with_context(**context).action_export()
        form = exports.browse(int(action["url"].split("/")[4]))
        self.assertEqual(form.sudo().create_uid, self.users[user])
        return self._book(base64.b64decode(form.file)), form

    @staticmethod
    def _rows(book):
        return [[cell.value for cell in row] for row in book.active.iter_rows()]

    def test_register(self):
        """Numbered rows, real days in both calendars, frozen heads, noted."""
        logs = self.env["npo.access.log"].search_count([("way", "=", "list")])
        book, _form = self._export("npo.complaint", "chief", ids=self.cases.ids)
        rows = self._rows(book)
        names = [row[0] for row in rows if row[0] in self.cases.mapped("name")]
        self.assertEqual(names, self.cases.sorted("id").mapped("name"))
        day = self.first.replace(day=15)
        cells = [cell for row in book.active.iter_rows() for cell in row]
        self.assertIn(day, [cell.value.date() for cell in cells if cell.is_date])
        self.assertIn(hijri.format_hijri_numeric(day), [cell.value for cell in cells])
        self.assertTrue(book.active.freeze_panes)
        found = self.env["npo.access.log"].search([("way", "=", "list")], limit=1)
        self.assertEqual((found.entry_count, found.is_masked), (3, True))
        self.assertEqual(found.user_id, self.users["chief"])
        self.assertEqual(
            self.env["npo.access.log"].search_count([("way", "=", "list")]), logs + 1
        )

    def test_all_of_it(self):
        """Where all are chosen the domain is taken, beyond the page that is shown."""
        domain = [("company_id", "=", self.company.id)]
        book, _form = self._export("npo.complaint", "chief", domain=domain)
        names = {row[0] for row in self._rows(book)}
        self.assertLessEqual(set(self.cases.mapped("name")), names)

    def test_own_rights(self):
        """Whoever takes it along finds what they may read, and no more."""
        other = self._new_association("Other", "harfa")
        foreign = self.env["npo.complaint"].create(
            {
                "title": "x",
                "company_id": other.id,
                "channel_id": self.env.ref("npo_relations.channel_portal").id,
            }
        )
        self.cases[0].sudo().confidentiality = "sealed"
        self.env.flush_all()
        ids = [*self.cases.ids, foreign.id]
        book, form = self._export("npo.complaint", "chief", ids=ids)
        texts = str(self._rows(book))
        self.assertNotIn(foreign.name, texts)
        self.assertNotIn(self.cases[0].name, texts)
        self.assertIn(self.cases[1].name, texts)
        for name in ("manager", "handler"):
            with self.subTest(name), self.assertRaises(AccessError):
                form.with_user(self.users[name]).read(["file"])

    def test_sealed(self):
        """P092: a sealed complaint is in no register, whoever takes it along."""
        self.cases[0].sudo().confidentiality = "sealed"
        self.env.flush_all()
        stream = io.BytesIO()
        exports = self.env["npo.register.export"]
        ids = Domain("id", "in", self.cases.ids)
        counts = exports._write_book(stream, self.env["npo.complaint"].sudo(), ids)
        self.assertEqual(dict(counts), {self.company.id: 2})
        self.assertNotIn(
            self.cases[0].name, str(self._rows(self._book(stream.getvalue())))
        )

    def test_end(self):
        """A list that is cut off says so."""
        stream = io.BytesIO()
        exports = self.env["npo.register.export"]
        ids = Domain("id", "in", self.cases.ids)
        exports._write_book(stream, self.env["npo.complaint"], ids, limit=2)
        rows = self._rows(self._book(stream.getvalue()))
        self.assertIn("2", rows[-1][0])
        names = [row[0] for row in rows if row[0] in self.cases.mapped("name")]
        self.assertEqual(len(names), 2)

    def test_who(self):
        """Without the right to export, or to read the register: nothing."""
        self.users["chief"].group_ids -= self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self._export("npo.complaint", "chief", ids=self.cases.ids)
        for name, model in (
            ("researcher", "npo.payout"),
            ("chief", "res.users"),
            ("chief", "npo.access.log"),
            ("chief", None),
        ):
            with self.subTest((name, model)), self.assertRaises(UserError):
                self._export(model, name, ids=[1])

    def test_nothing_protected(self):
        """No column of a register is a protected value, or a whole text of a case."""
        for name, columns in REGISTERS.items():
            fields = self.env[name]._fields
            protected = getattr(self.env[name], "_protected_fields", frozenset())
            for column in columns:
                with self.subTest(f"{name}.{column}"):
                    self.assertIn(column, fields)
                    self.assertNotIn(column, protected)
                    self.assertNotEqual(fields[column].type, "binary")
                    self.assertTrue(fields[column].store)

    def test_every_register(self):
        """Each opens, with and without rows, in Arabic from right to left."""
        self.env["res.lang"]._activate_lang("ar_001")
        exports = self.env["npo.register.export"].with_context(lang="ar_001")
        for name in (*REGISTERS, "npo.beneficiary"):
            stream = io.BytesIO()
            model = self.env[name].with_context(lang="ar_001")
            with self.subTest(name):
                exports._write_book(stream, model, Domain.TRUE, limit=50)
                sheet = self._book(stream.getvalue()).active
                self.assertTrue(sheet.sheet_view.rightToLeft)
                stream = io.BytesIO()
                counts = exports._write_book(stream, model, Domain.FALSE)
                self.assertFalse(counts)
                self.assertTrue(self._book(stream.getvalue()).active.max_row)

    def test_statements(self):
        """As many statements for each further thousand rows: nothing grows."""
        self.cr.execute(
            """INSERT INTO npo_visit (company_id, site_id, day, section, number, state,
                      purpose_id, date_arrived, name, create_date)
               SELECT %s, %s, %s, 'men', n, 'done', %s, now(), 'V' || n, now()
                 FROM generate_series(1, 4000) n""",
            [
                self.company.id,
                self.site.id,
                self.last,
                self.env.ref("npo_relations.visit_purpose_inquiry").id,
            ],
        )
        exports = self.env["npo.register.export"]
        domain = Domain("company_id", "=", self.company.id)
        counts = [
            self._statements(
                lambda size=size: exports._write_book(
                    io.BytesIO(), self.env["npo.visit"], domain, limit=size
                )
            )
            for size in (1000, 2000, 4000)
        ]
        self.assertLessEqual(counts[1] - counts[0], 3, counts)
        self.assertLessEqual(counts[2] - counts[1], 6, counts)
