import base64
import io
from datetime import timedelta

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from .common import InspectionCommon, photo


@tagged("post_install", "-at_install")
class TestInspectionPaper(InspectionCommon):
    """R194, R199, R200, D14: printed in Arabic, and read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.company.partner_id.lang = "ar_001"
        cls.site.with_context(lang="ar_001").name = "الفرع الرئيس"

    def _print(self, name, records):
        reports = self.env["ir.actions.report"].with_user(records.env.user)
        content, kind = reports.with_context(
            force_report_rendering=True, allowed_company_ids=self.company.ids
        )._render_qweb_pdf(f"npo_relations.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return " ".join(" ".join(read_pdf(content)).split())

    def test_round(self):
        """Number, both dates, score, sections, notes and the photo."""
        one = self._answer(self._begun(), go_noise="not_ok")
        line = self._line(one, "go_noise")
        line.write({"note": "ازدحام عند المدخل", "photo": photo()})
        line.action_correct()
        one.action_finish()
        text = self._print("report_npo_inspection", one)
        for word in (one.name, "96.7", "1447", "2026", "ازدحام", "الفرع"):
            self.assertIn(word, text)
        self.assertIn(line.action_ids.name, text)

    def test_readiness(self):
        one = self._answer(self._begun(kind="readiness", user="front"))
        one.action_finish("ميساء السدو")
        text = self._print("report_npo_inspection", one)
        self.assertIn("السدو", text)
        self.assertIn("100", text)

    def test_round_that_was_not_made(self):
        """A report opens without data too (D14)."""
        self.assertIn("2026", self._print("report_npo_inspection", self._round()))

    def test_emergency(self):
        """Numbered, both calendars, the times, what was done, and the answer."""
        action = self._emergency(action="أعيد تشغيل الخادم", result="عادت الخدمة")
        action.action_taken()
        report = action.report_ids
        report.effect = "انتظر اثنا عشر زائراً"
        report.action_submit()
        manager = report.with_user(self.users["manager"])
        manager.action_approve()
        text = self._print("report_npo_emergency_report", manager)
        for word in (report.name, action.name, "1447", "2026", "05:30", "06:00", "30"):
            self.assertIn(word, text)
        for word in ("الخادم", "عادت", "زائرا"):
            self.assertIn(word, text)

    def test_draft_is_not_the_managers(self):
        """The manager prints nothing of a draft."""
        report = self._emergency().report_ids.with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            self._print("report_npo_emergency_report", report)


@tagged("post_install", "-at_install")
class TestScorecard(InspectionCommon):
    """R200: the sites beside one another, by the measures of their period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        one = cls._begun()
        cls._answer(one, go_noise="partial").action_finish()
        purpose = cls.env.ref("npo_relations.visit_purpose_inquiry")
        vals = {
            "company_id": cls.company.id,
            "purpose_id": purpose.id,
            "day": cls.today,
            "section": "men",
            "state": "done",
            "date_started": fields.Datetime.now(),
        }
        cls.env["npo.visit"].sudo().create(
            [
                {
                    **vals,
                    "site_id": site.id,
                    "number": number,
                    "waiting_minutes": minutes,
                }
                for number, (site, minutes) in enumerate(
                    ((cls.site, 8), (cls.site, 12), (cls.branch, 40)), start=1
                )
            ]
        )
        cls._rated(cls.site, (5, 5, 4, 4, 2))

    @classmethod
    def _rated(cls, site, ratings):
        cls.env["npo.rating"].create(
            [
                {
                    "name": "x",
                    "kind": "inquiry",
                    "res_model": "npo.inquiry",
                    "res_id": 10**6 + 100 * site.id + number,
                    "company_id": cls.company.id,
                    "site_id": site.id,
                    "token": f"{site.id}-{number}",
                    "rating": rating,
                    "date_rated": fields.Datetime.now(),
                }
                for number, rating in enumerate(ratings)
            ]
        )

    def _page(self, user="chief"):
        pages = self.env["npo.office.scorecard"].with_user(self.users[user])
        page = pages.browse(pages.action_open()["res_id"])
        page.date_to = self.today
        page.action_show()
        return page

    def test_figures(self):
        """Visits, waiting, rounds, score and satisfaction of each site."""
        page = self._page()
        lines = page.line_ids.grouped("site_id")
        first, second = lines[self.site], lines[self.branch]
        self.assertEqual((first.visits, first.waiting), (2, 10))
        self.assertEqual((second.visits, second.waiting), (1, 40))
        self.assertEqual((first.done, first.due), (1, 1))
        self.assertEqual((second.done, second.due), (0, 0))
        self.assertAlmostEqual(first.score, 100 * 29.5 / 30, places=1)
        self.assertEqual((first.ratings, first.satisfied), (5, 80))
        self.assertEqual((second.ratings, second.satisfied), (0, 0))

    def test_few_ratings(self):
        """R079: few are not told, nor the other site by which they could be found."""
        self._rated(self.branch, (1, 1, 1, 1))
        for line in self._page().line_ids:
            self.assertEqual((line.ratings, line.satisfied), (0, 0))

    def test_same_as_the_measures(self):
        """The sites add up to what the measure says of the association."""
        page = self._page("manager")
        for code, name in (("visits_count", "visits"), ("inspections_done", "due")):
            kpi = self.env.ref(f"npo_relations.kpi_{code}")
            counted, _kept = kpi._figures(self.company, page.date_from, page.date_to)[
                kpi
            ]
            self.assertEqual(sum(page.line_ids.mapped(name)), counted)

    def test_periods(self):
        page = self._page()
        page.action_week()
        self.assertEqual(page.date_from, self.today - timedelta(days=6))
        page.action_quarter()
        self.assertEqual(page.date_from, self.today - timedelta(days=89))
        page.write({"date_from": "2026-06-10", "date_to": "2026-06-01"})
        with self.assertRaises(UserError):
            page.action_show()

    def test_readers(self):
        """For the centre and the management; a page is its reader's own."""
        page = self._page()
        for name in ("front", "researcher", "auditor", "handler"):
            pages = self.env["npo.office.scorecard"].with_user(self.users[name])
            with self.subTest(name), self.assertRaises(AccessError):
                pages.action_open()
            for step in ("action_show", "action_print", "action_export"):
                with self.subTest((name, step)), self.assertRaises(AccessError):
                    getattr(page.with_user(self.users[name]), step)()

    def test_statements(self):
        """One query for each number, whether there are two sites or thirty."""
        page = self._page()
        counts = []
        for number in (1, 28):
            self.env["npo.site"].create(
                [
                    {"name": f"Site {n}", "company_id": self.company.id}
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            page.sudo()._fill()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
        self.assertLessEqual(counts[1], 40, counts)

    def test_spreadsheet(self):
        """Opened again, right to left, with the figures of the page."""
        self.env["res.lang"]._activate_lang("ar_001")
        self.users["chief"].lang = "ar_001"
        page = self._page().with_context(lang="ar_001")
        page.action_export()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(page.file)))
        sheet = book.worksheets[0]
        self.assertTrue(sheet.sheet_view.rightToLeft)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        first = next(row for row in rows if row[0] == self.site.name)
        self.assertEqual(first[2:4], [2, 10])
        self.assertEqual(first[8], 80)
        second = next(row for row in rows if row[0] == self.branch.name)
        self.assertEqual(second[8], "—")

    def test_paper(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.users["chief"].lang = "ar_001"
        page = self._page().with_context(lang="ar_001")
        reports = self.env["ir.actions.report"].with_user(self.users["chief"])
        content, _kind = reports.with_context(
            force_report_rendering=True, allowed_company_ids=self.company.ids
        )._render_qweb_pdf("npo_relations.report_npo_office_scorecard", page.ids)
        text = " ".join(read_pdf(content))
        for word in ("1447", "2026", "98.3", "80"):
            self.assertIn(word, text)
