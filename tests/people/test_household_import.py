from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.people import spreadsheet_import_run as run
from .common import IQAMA, NATIONAL_ID, OTHER_NATIONAL_ID
from .import_common import ImportCommon, identity

HEADS = ["هوية رب الأسرة", "دخل الأسرة", "الإيجار", "الأقساط"]
MEMBERS = ["هوية رب الأسرة", "القرابة", "الاسم", "رقم الهوية", "الميلاد", "الدخل"]


@tagged("post_install", "-at_install")
class TestHouseholdImport(ImportCommon):
    """D16: families and their members from a spreadsheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._new_file(name="نورة مثال", identity_number=NATIONAL_ID)
        cls.other = cls._new_file(name="هدى مثال", identity_number=OTHER_NATIONAL_ID)
        cls.other._register_file()

    def _families(self):
        return self.env["npo.household"].search([("company_id", "=", self.company.id)])

    def _import_heads(self):
        rows = [
            [NATIONAL_ID, "٤٬٠٠٠ ريال", 1500, "500"],
            [self.other.file_no, None, None, None],
        ]
        return self._done(self._import(rows, titles=HEADS, register="household"))

    def _import_members(self, rows, **vals):
        return self._import(rows, titles=MEMBERS, register="member", **vals)

    def _problems(self, record):
        return {
            row.number: row.problems[0][0]
            for row in record.row_ids
            if row.state == "error"
        }

    def test_families(self):
        """D16, glossary 7: a family for each head, with what it lives on; once."""
        record = self._import_heads()
        self.assertEqual((record.state, record.created_count), ("done", 2))
        family = self._families().filtered(
            lambda family: family.head_partner_id == self.head.partner_id
        )
        self.assertEqual((family.total_income, family.per_capita), (4000, 2000))
        self.assertEqual(family.head_id.identity_number, NATIONAL_ID)
        self.assertEqual(family.create_uid, self.officer)
        again = self._import_heads()
        self.assertEqual((again.created_count, again.present_count), (0, 2))

    def test_bad_families(self):
        """No head, an unknown one, an income below nothing or of no number."""
        rows = [
            [None, 1, 1, 1],
            [identity(5), 1, 1, 1],
            [NATIONAL_ID, -1, "nan", "1e999"],
        ]
        record = self._import(rows, titles=HEADS, register="household")
        record.action_check()
        self._work(record)
        self.assertEqual(self._problems(record), {2: "A", 3: "A", 4: "B"})
        last = record.row_ids.filtered(lambda row: row.number == 4)
        self.assertEqual([line[0] for line in last.problems], ["B", "C", "D"])

    def test_members(self):
        """D16, D10: members by their head's number, in either calendar; once."""
        self._import_heads()
        rows = [
            [NATIONAL_ID, "رب الأسرة", "نورة مثال", NATIONAL_ID, None, None],
            [NATIONAL_ID, "ابن", "سعد مثال", identity(7), "1435/1/1", 0],
            [NATIONAL_ID, "بنت", "ريم مثال", None, "٢٠١٥/٠٥/٠١", None],
            [self.other.file_no, "زوج", "علي مثال", IQAMA, "1/1/1400هـ", 2500],
        ]
        record = self._done(self._import_members(rows))
        states = record.row_ids.sorted("number").mapped("state")
        self.assertEqual(states, ["present", "created", "created", "created"])
        family = self._families().filtered(
            lambda family: family.head_partner_id == self.head.partner_id
        )
        self.assertEqual(family.member_count, 3)
        self.assertEqual(
            set(family.member_ids.mapped("relation")), {"head", "son", "daughter"}
        )
        self.assertAlmostEqual(family.per_capita, 666.67)
        # the same again, and the same person without a number spelt otherwise
        rows[2][2] = "ريـم  مثال"
        again = self._done(self._import_members(rows))
        self.assertEqual((again.created_count, again.present_count), (0, 4))

    def test_bad_members(self):
        """An unknown family, a second head, a wrong number, a birth to come."""
        self._import_heads()
        rows = [
            [identity(5), "ابن", "أ مثال", None, None, None],
            [NATIONAL_ID, "رب الأسرة", "ب مثال", identity(6), None, None],
            [NATIONAL_ID, "ابن", "ج مثال", "1000000000", None, None],
            [NATIONAL_ID, "ابن", "د مثال", None, "1/1/1499", None],
            [NATIONAL_ID, "جار", "هـ مثال", None, None, None],
            [NATIONAL_ID, "ابن", None, None, None, None],
            [NATIONAL_ID, "ابن", "و مثال", None, None, -5],
        ]
        record = self._import_members(rows)
        record.action_check()
        self._work(record)
        self.assertEqual(
            self._problems(record),
            {2: "A", 3: "B", 4: "D", 5: "E", 6: "B", 7: "C", 8: "F"},
        )

    def test_elsewhere(self):
        """D10: who lives in another family is not brought into a second one."""
        self._import_heads()
        row = [NATIONAL_ID, "ابن", "سعد مثال", identity(7), None, None]
        self._done(self._import_members([row]))
        row[0] = OTHER_NATIONAL_ID
        record = self._done(self._import_members([row]))
        self.assertEqual((record.created_count, record.present_count), (0, 1))

    def test_taken_back(self):
        """All or none: members and families are taken back, the files stay."""
        self._import_heads()
        self.patch(run, "BATCH_ROWS", 2)
        rows = [
            [NATIONAL_ID, "ابن", f"ابن {letter}", None, None, None]
            for letter in "أبتثج"
        ]
        record = self._import_members(rows, mode="all")
        record.action_check()
        self._work(record)
        record.action_import()
        self._work(record, steps=1)
        record.action_cancel()
        self._work(record)
        self.assertEqual(record.created_count, 0)
        self.assertEqual(set(self._families().mapped("member_count")), {1})
        self.assertTrue(self.head.exists())

    def test_families_in_use_stay(self):
        """A family that has grown meanwhile is not taken back in silence."""
        self._import_heads()
        self._done(
            self._import_members([[NATIONAL_ID, "ابن", "سعد مثال", None, None, None]])
        )
        families = self._families()
        with self.assertRaises(UserError):
            families._npo_import_undo()
        alone = families.filtered(lambda family: family.member_count == 1)
        alone._npo_import_undo()
        self.assertEqual(self._families(), families - alone)

    def test_statements(self):
        """A batch of members takes as many statements for 400 rows as for 40."""
        self._import_heads()
        counts = []
        for size in (40, 400):
            self.patch(run, "BATCH_ROWS", size)
            rows = [
                [NATIONAL_ID, "ابن", f"ابن {size} {n}", identity(size * 1000 + n)]
                for n in range(size)
            ]
            record = self._import(rows, titles=MEMBERS[:4], register="member")
            record.action_check()
            self._work(record)
            record.action_import()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._work(record)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(record.created_count, size)
        self.assertLessEqual(counts[1], counts[0] + 10, counts)
