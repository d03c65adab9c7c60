import base64
import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..core.test_print_engine import read_pdf
from .test_console import VoiceCommon


@tagged("post_install", "-at_install")
class TestVoiceReport(VoiceCommon):
    """R177–R180: statistics that agree with the records, sealed ones as a number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env["npo.channel"].search([("code", "=", "website")])
        with freeze_time("2026-03-02 07:00:00"):
            cls._new_case("inquiry")
            cls._new_case("inquiry", channel_id=website.id)
            cls._new_case("complaint", channel_id=website.id)
            cls.sealed = cls._new_case(
                "complaint", confidentiality="sealed", severity="critical"
            )
            cls._new_case("suggestion")
        cls.company.npo_small_count = 1
        cls.env["res.lang"]._activate_lang("en_US")
        cls.users["chief"].lang = "en_US"
        cls.env.flush_all()

    def _report(self, user="chief"):
        return self.env["npo.voice.report"].with_user(self.users[user])

    def _statistics(self, user="chief", **vals):
        statistics = self.env["npo.voice.statistics"].with_user(self.users[user])
        return statistics.create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31", **vals}
        )

    def test_totals(self):
        """R177, R178: totals equal the number of records, whatever the grouping."""
        report = self._report()
        for kind, count in (("inquiry", 2), ("complaint", 2), ("suggestion", 1)):
            domain = [("kind", "=", kind)]
            self.assertEqual(report.search_count(domain), count)
            for group in ("received_via", "site_id", "channel_id", "severity"):
                with self.subTest(kind=kind, group=group):
                    groups = report._read_group(domain, [group], ["__count"])
                    self.assertEqual(sum(number for _value, number in groups), count)
        ways = dict(
            report._read_group(
                [("kind", "=", "inquiry")], ["received_via"], ["__count"]
            )
        )
        self.assertEqual(ways, {"centre": 1, "website": 1})

    def test_sealed_is_a_number(self):
        """R201, P092: of a sealed case the month is told, and nothing else."""
        sealed = self._report().search([("is_sealed", "=", True)])
        self.assertEqual(len(sealed), 1)
        self.assertEqual(str(sealed.date), "2026-03-01")
        for name in ("channel_id", "site_id", "severity", "user_id", "received_via"):
            self.assertFalse(sealed[name], name)
        self.assertFalse(sealed.is_late)
        self.company.npo_small_count = 2  # fewer than two are not told
        self.assertFalse(self._report().search([("is_sealed", "=", True)]))

    def test_sealed_row_leads_nowhere(self):
        """P092: the number of a sealed row is that of no case, and tells no order."""
        with freeze_time("2026-01-05 07:00:00"):
            self._new_case("complaint", confidentiality="sealed")
        self.env.flush_all()
        report = self._report()
        rows = report.search([("is_sealed", "=", True)], order="date")
        self.assertEqual([str(row.date) for row in rows], ["2026-01-01", "2026-03-01"])
        self.assertTrue(all(row_id < 0 for row_id in rows.ids))
        others = report.search([("is_sealed", "=", False)])
        self.assertTrue(all(row_id > 0 for row_id in others.ids))
        self.assertEqual(len(set(report.search([]).ids)), len(rows) + len(others))

    def test_sealed_months(self):
        """P092: by month on screen, sheet and paper; few are told as “fewer than”."""
        with freeze_time("2026-04-10"):
            for number in range(3):
                person = self._new_beneficiary(number + 1).partner_id
                self._new_case(
                    "complaint", confidentiality="sealed", partner_id=person.id
                )
        with freeze_time("2026-05-10"):
            for _time in range(3):  # three of one person are of one
                self._new_case("complaint", confidentiality="sealed")
        self.company.npo_small_count = 3
        self.env.flush_all()
        period = {"date_from": "2026-03-01", "date_to": "2026-05-31"}
        statistics = self._statistics(**period)
        rows = [
            ("March 2026", "fewer than 3"),
            ("April 2026", "3"),
            ("May 2026", "fewer than 3"),
        ]
        self.assertEqual(statistics._sealed_rows(), rows)
        self.assertEqual(statistics.sealed_text.splitlines()[1], "April 2026: 3")
        sheet = next(s for s in statistics._sheets() if s.name == "Sealed complaints")
        self.assertEqual(sheet.rows, [list(row) for row in rows])
        # of a month that is cut the number is not told: the rest would be known too
        statistics.date_from = "2026-04-02"
        self.assertEqual(statistics._sealed_rows(), rows[2:])
        other = self._new_association("Other", "harfa")
        statistics = self._statistics(**period, company_id=other.id)
        self.assertNotIn(("April 2026", "3"), statistics._sealed_rows())

    def test_late(self):
        """R151: what is late, and how long answers took, in working hours."""
        late = self._report().search([("is_late", "=", True)])
        self.assertEqual(
            set(late.mapped("kind")), {"inquiry", "complaint", "suggestion"}
        )
        with freeze_time("2026-03-03 08:00:00"):
            case = self._new_case("inquiry")
        with freeze_time("2026-03-03 08:30:00"):
            case.date_answered = "2026-03-03 08:30:00"
        self.env.flush_all()
        row = self._report().search([("answer_hours", ">", 0)])
        self.assertAlmostEqual(row.answer_hours, 0.5)
        self.assertFalse(row.is_late)

    def test_spreadsheet(self):
        """R177, R179: a sheet for each kind, right to left, with Arabic headings."""
        self.env["res.lang"]._activate_lang("ar_001")
        statistics = self._statistics().with_context(lang="ar_001")
        statistics.action_export()
        content = base64.b64decode(statistics.sudo().file)
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(len(book.worksheets), 5)
        for sheet in book.worksheets:
            self.assertTrue(sheet.sheet_view.rightToLeft)
        figures = [
            [cell.value for cell in row] for row in book.worksheets[0].iter_rows()
        ]
        counts = [row[1] for row in figures if isinstance(row[1], int)]
        self.assertEqual(sorted(counts), [1, 2, 2])
        titles = [cell.value for cell in book.worksheets[0][5]]
        self.assertRegex("".join(filter(None, titles)), "[\u0600-\u06ff]")

    def test_paper(self):
        """R177: the same numbers on paper."""
        self.env["res.lang"]._activate_lang("en_US")
        reports = self.env["ir.actions.report"].with_user(self.users["chief"])
        content, kind = reports.with_context(
            force_report_rendering=True, lang="en_US"
        )._render_qweb_pdf(
            "npo_relations.report_npo_voice_statistics", self._statistics().ids
        )
        self.assertEqual(kind, "pdf")
        text = " ".join(read_pdf(content))
        # Arabic where it is installed
        title = "الاستفسارات والشكاوى والمقترحات|Inquiries, complaints and suggestions"
        self.assertRegex(text, title)
        self.assertRegex(text, "الموقع الإلكتروني|Website")

    def test_who(self):
        """R177: for the centre, management and audit; of the own association."""
        with self.assertRaises(AccessError):
            self._statistics("officer")
        with self.assertRaises(AccessError):
            self._report("officer").search([])
        other = self._new_association("Other", "harfa")
        self.assertFalse(self._report().search([("company_id", "=", other.id)]))
