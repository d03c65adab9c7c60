import base64
import io

import openpyxl
import pypdf

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import ReceptionCommon


@tagged("post_install", "-at_install")
class TestVisitSheet(ReceptionCommon):
    """R172: a day is counted, closed and signed, and then stays as it is."""

    def _seven(self):
        """Register seven visitors, five of them women, and let them go (R172)."""
        request = self.env.ref("npo_relations.visit_purpose_new_request")
        women = [self._done(gender="female") for _number in range(3)]
        women.append(self._done(partner_id=self.person.id, purpose_id=request.id))
        women.append(self._done(partner_id=self.person.id, companions=2))
        men = [self._done(section="men", gender="male") for _number in range(2)]
        return women[0].sheet_id, [*women, *men]

    def test_seven_and_five(self):
        """R172: 7 visitors, 5 of them women: the daily report shows 7 and 5."""
        sheet, _visits = self._seven()
        count = sheet.with_user(self.front)._counted()
        self.assertEqual((count.total, count.women, count.companions), (7, 5, 2))
        self.assertEqual(sheet.visit_count, 7)
        self.assertEqual(len(count.groups), 2, "men and women of one site")
        # men new, men before, women new, women before, not told new, not told before
        self.assertEqual(count.sums, [2, 0, 4, 1, 0, 0])
        totals = [total for _group, lines in count.groups for *_line, total in lines]
        self.assertEqual(sorted(totals), [1, 2, 4])

    def test_one_query(self):
        """R172: the count of a day is one query, however many came."""
        sheet, _visits = self._seven()
        sheet._counted()  # the names of sites and purposes
        for _size in range(2):
            self.env.flush_all()
            start = self.cr.sql_log_count
            sheet._counted()
            self.assertEqual(self.cr.sql_log_count - start, 1)
            self._seven()

    def test_closed(self):
        """R172: closed and signed; then nobody is registered and nothing changed."""
        sheet, visits = self._seven()
        front = sheet.with_user(self.front)
        waiting = self._visit()
        for signed in ({}, {"typed_name": " "}):
            with self.assertRaisesRegex(UserError, "signature|توقيع"):
                front._close(**signed)
        with self.assertRaisesRegex(UserError, "1"):
            front._close(typed_name="Front Test")
        with Form(
            self.env["npo.visit.sheet.step"]
            .with_user(self.front)
            .with_context(**front.action_close()["context"])
        ) as form:
            self.assertEqual(form.open_count, 1)
            form.leave = True
            form.typed_name = "Front Test"
        form.record.action_confirm()
        self.assertEqual(waiting.state, "left")
        self.assertEqual((sheet.state, sheet.typed_name), ("closed", "Front Test"))
        self.assertEqual(sheet.closed_by_id, self.front)
        for change in (
            self._visit,
            lambda: visits[0].write({"companions": 1}),
            lambda: visits[0].action_support("photocopy"),
            lambda: front._close(typed_name="Again"),
            lambda: self._visit(user="chief"),
        ):
            with self.assertRaisesRegex(UserError, "closed|مغلق|أُغلق"):
                change()

    def test_opened_again(self):
        """R172: the centre manager alone opens it again, with a reason that stays."""
        sheet, visits = self._seven()
        sheet.with_user(self.front)._close(typed_name="Front Test")
        for who in ("front", "centre", "officer"):
            with self.subTest(who), self.assertRaises(AccessError):
                sheet.with_user(self.users[who])._reopen("x")
        chief = sheet.with_user(self.users["chief"])
        with self.assertRaises(UserError):
            chief._reopen(" ")
        chief._reopen("Two were in the wrong section")
        self.assertEqual(sheet.state, "open")
        self.assertFalse(sheet.typed_name)
        self.assertIn("wrong section", sheet.message_ids[0].body)
        visits[0].with_user(self.users["chief"]).companions = 1
        self.assertEqual(self._visit().number, 6)
        with self.assertRaises(UserError):
            chief._reopen("x")

    def test_not_written(self):
        """The sheet is opened by its first visitor, and written by its steps."""
        sheet, _visits = self._seven()
        for who in ("front", "chief", "delegate"):
            own = sheet.with_user(self.users[who])
            for vals in ({"state": "closed"}, {"last_women": 0}, {"typed_name": "x"}):
                with self.subTest(f"{who} {vals}"), self.assertRaises(AccessError):
                    own.write(vals)
            with self.assertRaises(AccessError):
                own.create({"site_id": self.branch.id, "day": "2026-01-01"})
        with self.assertRaises(UserError):
            sheet.unlink()

    @freeze_time("2026-10-05 09:00:00")
    def test_late_visitor_of_a_closed_day(self):
        """R172: what a counter kept too long is refused, and says what to do."""
        with freeze_time("2026-10-04 09:00:00"):
            sheet, _visits = self._seven()
            sheet.with_user(self.front)._close(typed_name="Front Test")
        with self.assertRaisesRegex(UserError, "manager|مدير"):
            self._visit(date_arrived="2026-10-04 10:00:00", client_key="late")
        self.assertEqual(self._visit().number, 1)

    # ------------------------------------------------------------
    # PAPER AND FILE
    # ------------------------------------------------------------

    def _pdf(self, report, record):
        reports = self.env["ir.actions.report"].with_user(self.front)
        reports = reports.with_context(force_report_rendering=True)
        content = reports._render_qweb_pdf(f"npo_relations.{report}", record.ids)[0]
        return pypdf.PdfReader(io.BytesIO(content))

    def test_pdf(self):
        """R172, D14: the sheet on paper: the sentence, the table, the signature."""
        sheet, _visits = self._seven()
        sheet.with_user(self.front)._close(typed_name="Front Test")
        reader = self._pdf("action_report_npo_visit_sheet", sheet)
        text = " ".join(page.extract_text() for page in reader.pages)
        text = text.replace("\xa0", " ")
        self.assertEqual(len(reader.pages), 1)
        self.assertIn("Front Test", text)
        self.assertIn("7", text)
        self.assertNotIn(self.person.name, text)

    def test_slip(self):
        """R104: the slip has the number and the code, and nobody's name."""
        visit = self._visit(partner_id=self.person.id)
        reader = self._pdf("action_report_npo_visit_slip", visit)
        text = reader.pages[0].extract_text()
        self.assertEqual(len(reader.pages), 1)
        self.assertLess(float(reader.pages[0].mediabox.width), 250, "a narrow paper")
        self.assertIn(visit.rating_code, text)
        self.assertNotIn(self.person.name, text)
        self.assertNotIn(visit.name, text)

    def _workbook(self, action, page):
        self.assertEqual(action["type"], "ir.actions.act_url")
        content = base64.b64decode(page.file)
        return openpyxl.load_workbook(io.BytesIO(content)).active

    def test_xlsx(self):
        """R172, D14: the same numbers as a spreadsheet, right to left in Arabic."""
        sheet, _visits = self._seven()
        front = self.front
        front.lang = "ar_001"
        own = sheet.with_user(front).with_context(lang="ar_001")
        action = own.action_export()
        page = self.env["npo.visit.count"].search([], order="id desc", limit=1)
        book = self._workbook(action, page)
        rows = list(book.iter_rows(values_only=True))
        self.assertEqual(rows[-1][1:], (2, 0, 4, 1, 0, 0, 7))
        self.assertTrue(book.sheet_view.rightToLeft)

    def test_period(self):
        """D14: a period without visitors has its paper and file as well."""
        pages = self.env["npo.visit.count"].with_user(self.front)
        page = pages.create({"date_from": "2020-01-01", "date_to": "2020-01-31"})
        rows = list(self._workbook(page.action_export(), page).iter_rows())
        self.assertEqual(rows[-1][-1].value, 0)
        reader = self._pdf("action_report_npo_visit_count", page)
        self.assertEqual(len(reader.pages), 1)
        for who in ("researcher", "auditor"):
            with self.subTest(who), self.assertRaises(AccessError):
                page.with_user(self.users[who]).action_export()
