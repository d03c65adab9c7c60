import base64
import io
import os
import zipfile

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.people import spreadsheet_import_run as run
from .common import IBAN, NATIONAL_ID, OTHER_NATIONAL_ID, PeopleCommon
from .import_common import TITLES, ImportCommon, identity, rows_of
from .test_spreadsheet_reader import lines, workbook


@tagged("post_install", "-at_install")
class TestSpreadsheetImport(ImportCommon):
    """D16: a register from a spreadsheet, by batches, once."""

    def _files(self, record):
        return self.Beneficiary.browse(
            record.sudo()
            .row_ids.filtered(lambda r: r.state == "created")
            .mapped("res_id")
        )

    def test_whole_way(self):
        """D16: a sheet becomes files, as the officer, in the register's own form."""
        record = self._import(rows_of(70))
        self.assertEqual(record.state, "draft")
        self.assertEqual(
            record.column_ids.mapped("field_name"),
            ["name", "identity_number", "phone", "birth_date", "npo_gender", "city"],
        )
        self.assertIn("شخص مثال 3", record.preview)
        self._done(record)
        self.assertEqual((record.state, record.created_count), ("done", 70))
        files = self._files(record)
        first = files.filtered(lambda file: file.name == "شخص مثال 1")
        self.assertEqual(first.identity_number, identity(1))
        self.assertEqual(str(first.birth_date), "1985-03-01")
        self.assertEqual(first.npo_gender, "female")
        self.assertEqual(first.create_uid, self.officer)
        self.assertEqual(files.company_id, self.company)
        self.assertEqual(set(files.mapped("state")), {"prospect"})
        self.assertFalse(record.sample)
        self.assertFalse(record.sudo()._batches())

    def test_bad_rows(self):
        """D16: 3 bad rows of 100 import 97, or 0, and are listed by row and column."""
        rows = rows_of(100)
        rows[9][1] = "1000000000"
        rows[49][3] = "32/13/1445"
        rows[99][2] = "05012345"
        for mode, created in (("all", 0), ("good", 97)):
            record = self._import(rows, mode=mode)
            record.action_check()
            self._work(record)
            self.assertEqual(record.error_count, 3)
            if mode == "all":
                with self.assertRaises(UserError):
                    record.action_import()
            else:
                record.action_import()
                self._work(record)
            self.assertEqual(len(self._files(record)), created)
        errors = record.row_ids.filtered(lambda row: row.state == "error")
        self.assertEqual(
            [(row.number, row.problems[0][0]) for row in errors],
            [(11, "B"), (51, "D"), (101, "C")],
        )
        record.action_report()
        content = base64.b64decode(record.report_file)
        cells = [
            row
            for row in load_workbook(io.BytesIO(content)).active.iter_rows(
                min_row=6, values_only=True
            )
        ]
        self.assertEqual([(row[0], row[1]) for row in cells][0], (11, "B"))
        self.assertNotIn("1000000000", str(cells))

    def test_again_changes_nothing(self):
        """D16: the same file again, and a corrected one, double nobody."""
        rows = rows_of(40)
        rows[5][1] = None  # known by the whole row only
        self._done(self._import(rows))
        before = self.Beneficiary.search_count([("company_id", "=", self.company.id)])
        again = self._done(self._import(rows))
        self.assertEqual((again.created_count, again.present_count), (0, 40))
        # the same in other signs, and one more
        rows[3][1] = rows[3][1].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        rows[4][3] = "1405-06-10هـ"
        more = self._done(self._import([*rows, *rows_of(1, 900)]))
        self.assertEqual((more.created_count, more.present_count), (1, 40))
        after = self.Beneficiary.search_count([("company_id", "=", self.company.id)])
        self.assertEqual(after, before + 1)

    def test_duplicates(self):
        """R108: the same person twice in a file, or in the register already."""
        self._new_file(name="Here already", identity_number=OTHER_NATIONAL_ID)
        rows = [*rows_of(3), *rows_of(1)]
        rows[1][1] = OTHER_NATIONAL_ID
        rows[3][0] = "اسم آخر"
        record = self._done(self._import(rows))
        states = record.row_ids.sorted("number").mapped("state")
        self.assertEqual(states, ["created", "present", "created", "twice"])
        self.assertNotIn(OTHER_NATIONAL_ID, str(record.row_ids.mapped("problems")))

    def test_interruption(self):
        """Issue 4: stopped in the middle, it goes on there and doubles nobody."""
        record = self._import(rows_of(100))
        record.action_check()
        self._work(record, steps=3)  # split, two batches of four
        self.assertEqual((record.row_done, record.state), (60, "checking"))
        self._work(record)
        record.action_import()
        self._work(record, steps=2)
        self.assertEqual((record.created_count, record.row_done), (60, 60))
        # the server is gone in the middle of the third batch
        with (
            self.assertRaises(ZeroDivisionError),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            record.sudo()._import_batch()
            raise ZeroDivisionError
        self.env.invalidate_all(flush=False)
        record.action_resume()
        self._work(record)
        self.assertEqual((record.state, record.created_count), ("done", 100))
        self.assertEqual(len(self._files(record)), 100)
        numbers = self._files(record).mapped("identity_number")
        self.assertEqual(len(set(numbers)), 100)

    def test_interruption_at_row_30000(self):
        """Issue 4: gone in the 30th of 50 batches, it goes on there, counts exact.

        NPO_IMPORT_BATCH=1000 runs it at the full 50,000 rows.
        """
        batch = int(os.environ.get("NPO_IMPORT_BATCH", "8"))
        self.patch(run, "BATCH_ROWS", batch)
        record = self._import(rows_of(50 * batch))
        record.action_check()
        self._work(record)
        self.assertEqual((record.state, record.good_count), ("checked", 50 * batch))
        record.action_import()
        self._work(record, steps=29)
        step = self.registry["npo.import"]._update_rows

        def gone(*args):
            step(*args)  # the files are made, their rows and the place not yet kept
            raise KeyboardInterrupt

        self.patch(self.registry["npo.import"], "_update_rows", gone)
        with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
            record.sudo()._run_step()
        self.env.invalidate_all(flush=False)
        self.patch(self.registry["npo.import"], "_update_rows", step)
        self.assertEqual(record.row_done, 29 * batch)
        self.assertEqual(len(self._files(record)), 29 * batch)
        record.action_resume()
        self._work(record)
        self.assertEqual((record.state, record.created_count), ("done", 50 * batch))
        numbers = self._files(record).mapped("identity_number")
        self.assertEqual(len(set(numbers)), 50 * batch)
        partners = self.env["res.partner"].search_count(
            [("name", "=like", "شخص مثال %")]
        )
        self.assertEqual(partners, 50 * batch)

    def test_merged_and_wide(self):
        """Issue 4: 40 columns under a merged title, a city merged over its rows."""
        rows = [[*row, *range(34)] for row in rows_of(6)]
        for row in rows[1:]:
            row[5] = None
        titles = [*TITLES, *(f"عمود {number}" for number in range(34))]
        record = self._import(rows, titles=titles, merged=["F2:F7"])
        self.assertEqual(len(record.column_ids), 40)
        self._done(record)
        self.assertEqual(record.created_count, 6)
        self.assertEqual(self._files(record).mapped("city"), ["مدينة مثال"] * 6)

    def test_endless_cell(self):
        """A cell of 10 MB is an error of its row, told in words, and not kept."""
        rows = rows_of(3)
        rows[1][5] = "م" * 10_000_000
        record = self._upload(lines([TITLES, *rows]).encode(), file_name="r.csv")
        record.action_check()
        self._work(record, steps=1)
        self.assertLess(sum(len(batch.raw) for batch in record.sudo()._batches()), 9999)
        self._work(record)
        self.assertEqual((record.error_count, record.good_count), (1, 2))
        error = record.row_ids.filtered(lambda row: row.state == "error")
        self.assertEqual((error.number, error.problems[0][0]), (3, "F"))
        self.assertLess(len(str(error.problems)), 200)

    def test_broken_far_below(self):
        """A row that cannot be read stops the check with a sentence for people."""
        source = zipfile.ZipFile(io.BytesIO(workbook([TITLES, *rows_of(400)])))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in source.namelist():
                part = source.read(name)
                if name.endswith("sheet1.xml"):
                    part = part[: len(part) * 3 // 4]
                archive.writestr(name, part)
        record = self._upload(stream.getvalue())
        record.action_check()
        with self.assertRaisesRegex(UserError, "damaged"):
            record.sudo()._step()

    def test_interrupted_between_row_and_place(self):
        """A batch whose place was lost finds its rows by their keys."""
        record = self._import(rows_of(60))
        record.action_check()
        self._work(record)
        record.action_import()
        self._work(record, steps=1)
        record.sudo().write({"batch_done": 0, "row_done": 0})
        self._work(record)
        self.assertEqual(len(self._files(record)), 60)

    def test_registered_meanwhile(self):
        """Who was registered at the desk between check and import is not doubled."""
        for mode, created in (("good", 39), ("all", 39)):
            record = self._import(rows_of(40, 100 * (mode == "all")), mode=mode)
            record.action_check()
            self._work(record)
            first = rows_of(40, 100 * (mode == "all"))[35]
            self._new_file(name="Desk", identity_number=first[1])
            record.action_import()
            self._work(record)
            self.assertEqual(record.created_count, created)
            self.assertEqual(record.present_count, 1)

    def test_none_when_one_cannot_be_saved(self):
        """All or none: what the register itself refuses takes everything back."""
        record = self._import(rows_of(70), mode="all")
        record.action_check()
        self._work(record)
        record.action_import()
        model = self.registry["npo.beneficiary"]
        created = model._npo_import_created

        def refuse(files, target):
            if any(file.name == "شخص مثال 65" for file in files):
                raise UserError("No")
            return created(files, target)

        self.patch(model, "_npo_import_created", refuse)
        self._work(record)
        self.assertEqual(record.state, "failed")
        self.assertEqual(record.created_count, 0)
        self.assertFalse(self._files(record))
        self.assertFalse(
            self.env["res.partner"].search([("name", "=like", "شخص مثال %")])
        )

    def test_cancel(self):
        """Cancelled: the good rows done stay; of all or none nothing stays."""
        for mode, kept in (("good", 30), ("all", 0)):
            record = self._import(rows_of(70, 200 * (mode == "all")), mode=mode)
            record.action_check()
            self._work(record)
            record.action_import()
            self._work(record, steps=1)
            record.action_cancel()
            self._work(record)
            self.assertEqual(len(self._files(record)), kept)
            self.assertIn(record.state, ("cancelled", "failed"))

    def test_resume_after_cancel(self):
        record = self._import(rows_of(70))
        record.action_check()
        self._work(record)
        record.action_import()
        self._work(record, steps=1)
        record.action_cancel()
        self._work(record)
        record.action_resume()
        self._work(record)
        self.assertEqual((record.state, record.created_count), ("done", 70))

    def test_mapping(self):
        """A column is corrected; a required or a doubled one stops the check."""
        record = self._import([["x", "y"]], titles=["عمود", "آخر"])
        with self.assertRaises(UserError):
            record.action_check()
        first, second = record.column_ids
        (first | second).write({"field_name": "name"})
        with self.assertRaises(UserError):
            record.action_check()
        record.write(
            {"column_ids": [Command.update(second.id, {"field_name": "city"})]}
        )
        self._done(record)
        self.assertEqual(self._files(record).mapped("city"), ["y"])

    def test_name_in_parts(self):
        record = self._import(
            [["نورة", "سالم", "مثال", "التجريبي"]],
            titles=["الاسم الأول", "اسم الأب", "اسم الجد", "اسم العائلة"],
        )
        self._done(record)
        self.assertEqual(self._files(record).name, "نورة سالم مثال التجريبي")

    def test_csv(self):
        """A CSV of Windows-1256 with semicolons."""
        content = lines([TITLES, *rows_of(3)], ";").encode("cp1256")
        record = self._done(self._upload(content, file_name="r.csv"))
        self.assertEqual(record.created_count, 3)

    def test_unreadable(self):
        """A spoilt file is refused with a sentence, and nothing of it is kept."""
        for content in (b"", b"\x00\x01\x02", "Ø§Ù„Ø§Ø³Ù…Ø§Ù„".encode()):
            with self.assertRaises(UserError):
                self._upload(content or b" ")

    def test_documents(self):
        """D16: documents, by the identity number of their person."""
        file = self._new_file(name="Whose", identity_number=NATIONAL_ID)
        kind = self.env.ref("npo_relations.document_type_divorce_deed")
        rows = [
            [NATIONAL_ID, kind.name, "A-1", "1445/6/10"],
            [identity(77), kind.name, "A-2", "1445/6/10"],
            [NATIONAL_ID, "?", "A-3", "1445/6/10"],
        ]
        titles = ["رقم الهوية", "نوع المستند", "رقم المستند", "تاريخ الإصدار"]
        record = self._import(rows, titles=titles, register="document")
        self._done(record)
        self.assertEqual(record.error_count, 2, record.row_ids.mapped("problems"))
        self.assertEqual(file.document_ids.mapped("number"), ["A1"])
        again = self._done(self._import(rows[:1], titles=titles, register="document"))
        self.assertEqual((again.created_count, again.present_count), (0, 1))

    def test_registered(self):
        """D16: the administrator brings in who was accepted before, with numbers."""
        record = self._import(rows_of(3))
        with self.assertRaises(AccessError):
            record.write({"target": "active"})
        admin = self.users_by_role["admin"]
        record = self._done(self._import(rows_of(3), user=admin, target="active"))
        files = self._files(record)
        self.assertEqual(set(files.mapped("state")), {"active"})
        self.assertEqual(len(set(files.mapped("file_no"))), 3)

    def test_template(self):
        """D16: the template is read back by the import, its lists offered."""
        for register in ("beneficiary", "household", "member", "document"):
            record = self._as(self.env["npo.import"], self.officer).create(
                {"register": register}
            )
            record.action_template()
            content = base64.b64decode(record.report_file)
            book = load_workbook(io.BytesIO(content))
            self.assertEqual(len(book.worksheets), 2)
            self.assertTrue(book.worksheets[0].data_validations.dataValidation)
            filled = self._upload(content, register=register)
            self.assertTrue(all(filled.column_ids.mapped("field_name")))

    def test_nobody_elses(self):
        """An import is its user's own; its progress is written by nobody."""
        record = self._import(rows_of(2))
        for user in (self.users_by_role["admin"], self.other_officer, self.stranger):
            with self.assertRaises(AccessError):
                self._as(record, user).read(["sample"])
        for vals in ({"state": "importing"}, {"created_count": 5}, {"sample": False}):
            with self.assertRaises(UserError):
                record.write(vals)
        desk = self.users_by_role["service_representative"]
        with self.assertRaises(AccessError):
            self._import(rows_of(1), user=desk)

    def test_statements(self):
        """A batch takes as many statements for 1,000 rows as for its first few."""
        self.patch(run, "BATCH_ROWS", 1000)
        record = self._import(rows_of(1000))
        record.action_check()
        self._work(record, steps=1)
        self.env.flush_all()
        with self.assertQueryCount(40):
            self._work(record, steps=1)
        record.action_import()
        self.env.flush_all()
        with self.assertQueryCount(250):
            self._work(record, steps=1)
        self.assertEqual(record.created_count, 1000)

    def test_speed_does_not_depend_on_what_is_there(self):
        """The second 1,000 rows take the statements of the first."""
        self.patch(run, "BATCH_ROWS", 500)
        record = self._import(rows_of(1000))
        record.action_check()
        self._work(record)
        record.action_import()
        counts = []
        for _batch in range(2):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._work(record, steps=1)
            counts.append(self.env.cr.sql_log_count - before)
        # the last one also ends the import and tells its user
        self.assertLessEqual(counts[1], counts[0] + 10)


@tagged("post_install", "-at_install")
class TestMaskedExport(PeopleCommon):
    """R162, issue 4: a list taken along shows each role its masks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(
            name="=HYPERLINK(1)",
            identity_number=NATIONAL_ID,
            phone="0501234567",
            birth_date="1980-02-03",
            iban=IBAN,
        )

    def _export(self, role):
        user = self.users_by_role[role]
        action = self._as(self.file, user).action_export_masked()
        form = self.env["npo.register.export"].browse(int(action["url"].split("/")[4]))
        self.assertEqual(form.create_uid, user)
        with self.assertRaises(AccessError):
            self._as(form, self.users_by_role["admin"]).read(["file"])
        own = self._as(form, user)
        book = load_workbook(io.BytesIO(base64.b64decode(own.file)))
        return [
            cell
            for row in book.active.iter_rows()
            for cell in row
            if cell.value is not None
        ]

    def test_masks(self):
        """The number in full and the IBAN are in no role's list."""
        for role in (
            "relations_officer",
            "service_representative",
            "committee_member",
            "auditor",
        ):
            cells = self._export(role)
            text = " ".join(str(cell.value) for cell in cells)
            with self.subTest(role):
                self.assertNotIn(NATIONAL_ID, text)
                self.assertNotIn(IBAN, text)
                self.assertIn(NATIONAL_ID[-4:], text)
                verifies = role == "relations_officer"
                self.assertEqual("+966501234567" in text, verifies)
                self.assertIn("1980", text)
                years = [cell for cell in cells if cell.value == "1980"]
                self.assertEqual(bool(years), not verifies)

    def test_formulas(self):
        """What begins like a formula is text, in the sheet and in a CSV of it."""
        cells = self._export("relations_officer")
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertIn("'=HYPERLINK(1)", [cell.value for cell in cells])

    def test_who(self):
        """Without the right to export, and of whose file one may not read: nothing."""
        clerk = self._new_user(
            "npo_clerk", "npo_relations.group_npo_service_representative"
        )
        clerk.group_ids -= self.env.ref("base.group_allow_export")
        for user in (clerk, self.other_officer, self.stranger, self.portal_user):
            with self.assertRaises(AccessError):
                self._as(self.file, user).action_export_masked()

    def test_native_export(self):
        """The platform's own export gives nobody a number that the role does not."""
        desk = self._as(self.file, self.users_by_role["service_representative"])
        for name in ("identity_number", "iban"):
            with self.assertRaises(AccessError):
                desk.export_data([name])
        accounts = desk.export_data(["partner_id/bank_ids/acc_number"])
        self.assertNotIn(IBAN, str(accounts))
        officer = self._as(self.file, self.officer)
        self.assertTrue(officer.export_data(["identity_masked"])["datas"])
