import base64
import io
from datetime import date, timedelta

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..core.test_print_engine import read_pdf
from .common import CentreCommon

NOW = "2026-11-18 09:00:00"  # a Wednesday, noon in Riyadh


@tagged("post_install", "-at_install")
class TestTasks(CentreCommon):
    """The catalogue of the centre's tasks: R169, R170, R171."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.npo_centre_start = "2026-01-01"
        cls.tasks = cls.env["npo.centre.task"].search([])
        cls.kpi = cls.env["npo.kpi"].create(
            {
                "name": "Sheets closed",
                "code": "test_sheets",
                "res_model": "npo.interaction",
                "date_field": "date",
                "domain": "[('subject', '=', 'Sheet')]",
                "kept_domain": "[('summary', '=', 'In time')]",
                "unit": "percent",
            }
        )
        cls.task = cls.env.ref("npo_relations.task_visitors")
        cls.task.write(
            {
                "kpi_id": cls.kpi.id,
                "site_field": "site_id",
                "is_each": False,
                "done_domain": "[('summary', '!=', 'Open')]",
            }
        )

    def _sheet(self, moment, summary="In time", site=None):
        contact = self._record(
            subject="Sheet", summary=summary, site_id=(site or self.site).id
        )
        contact.sudo().date = moment
        return contact

    def _tally(self, date_from, date_to):
        days = (date.fromisoformat(date_from), date.fromisoformat(date_to))
        self.env.flush_all()
        return self.task._tallies(self.company, *days)[self.task]

    def _page(self, user="centre", **kwargs):
        pages = self.env["npo.centre.page"].with_user(self.users[user])
        return pages._new_page(self.company, **kwargs)

    # ------------------------------------------------------------
    # CATALOGUE
    # ------------------------------------------------------------

    def test_catalogue(self):
        """R170: twelve organisational tasks and five supervisory ones, numbered."""
        kinds = self.tasks.mapped("kind")
        self.assertEqual(kinds.count("organisational"), 12)
        self.assertEqual(kinds.count("supervisory"), 5)
        self.assertEqual(self.tasks.mapped("number"), list(range(1, 18)))
        for task in self.tasks:
            with self.subTest(task.code):
                self.assertTrue(task.how and task.group_id and task.frequency)
                self.assertTrue(self.env.ref(task.action_xmlid))

    def test_responsible(self):
        """R170: each association names who is responsible, and nobody else's."""
        chief = self.task.with_user(self.users["chief"])
        self.assertEqual(chief._responsible(), self.task.group_id.name)
        chief.user_id = self.users["front"]
        self.assertEqual(chief._responsible(), self.users["front"].name)
        other = self.env["res.company"].create({"name": "Another"})
        self.assertFalse(self.task.with_company(other).user_id)
        with self.assertRaises(AccessError):
            chief.frequency = "week"
        with self.assertRaises(AccessError):
            self.task.with_user(self.users["centre"]).user_id = False
        stranger = self._new_staff("stranger", "relations_officer", other)
        with self.assertRaises(ValidationError):
            chief.user_id = stranger

    def test_definition_is_checked(self):
        """An evidence that cannot be counted is refused where it is written."""
        for bad in (
            {"done_domain": "[('nothing', '=', 1)]"},
            {"done_domain": "__import__('os')"},
            {"site_field": "channel_id"},
            {"site_field": "nothing"},
        ):
            with self.subTest(str(bad)), self.assertRaises(ValidationError):
                self.task.write(bad)

    # ------------------------------------------------------------
    # WHAT WAS DUE
    # ------------------------------------------------------------

    def test_daily(self):
        """R170: working days times active sites; done, late, not done, to be done."""
        with freeze_time(NOW):
            days = [
                day
                for day in (date(2026, 11, 15) + timedelta(days=n) for n in range(4))
                if self.company._npo_work_calendar().is_working_day(day)
            ]
            self.assertEqual(len(days), 4)  # Sunday to Wednesday
            self._sheet("2026-11-15 08:00:00")
            self._sheet("2026-11-15 09:00:00")  # twice is once
            self._sheet("2026-11-15 21:30:00")  # Monday in Riyadh
            self._sheet("2026-11-16 08:00:00", "Late", self.branch)
            self._sheet("2026-11-17 08:00:00", "Open")
            tally = self._tally("2026-11-15", "2026-11-21")
        self.assertEqual(tally.due, 8)
        self.assertEqual((tally.done, tally.late), (2, 1))
        self.assertEqual(tally.waiting, 2)  # today, at both
        self.assertEqual(tally.missed, 3)
        self.assertEqual(
            set(tally.gaps),
            {
                (date(2026, 11, 15), self.branch),
                (date(2026, 11, 17), self.site),
                (date(2026, 11, 17), self.branch),
            },
        )

    def test_holiday_and_new_site(self):
        """D09: nothing on a holiday, before a site was opened, after it was closed."""
        with freeze_time(NOW):
            self.branch.date_open = "2026-11-17"
            tally = self._tally("2026-11-15", "2026-11-21")
            self.assertEqual(tally.due, 4 + 2)
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "company_id": self.company.id,
                    "date_from": "2026-11-15 21:00:00",
                    "date_to": "2026-11-16 21:00:00",
                }
            )
            self.assertEqual(self._tally("2026-11-15", "2026-11-21").due, 3 + 2)
            self.branch.active = False
            self.assertEqual(self._tally("2026-11-15", "2026-11-21").due, 3)
            self.company.npo_centre_start = "2026-11-18"
            self.assertEqual(self._tally("2026-11-15", "2026-11-21").due, 1)

    def test_longer_cycles(self):
        """R170: a week from Sunday, a month, a quarter; the one under way is open."""
        self.task.site_field = False
        self._sheet("2026-11-03 08:00:00")
        self._sheet("2026-08-20 08:00:00", "Late")
        with freeze_time(NOW):
            self.task.frequency = "week"
            tally = self._tally("2026-11-01", "2026-11-30")
            self.assertEqual((tally.done, tally.missed, tally.waiting), (1, 1, 1))
            self.assertEqual(tally.gaps[0][0], date(2026, 11, 8))
            self.task.frequency = "month"
            tally = self._tally("2026-10-01", "2026-11-30")
            self.assertEqual((tally.done, tally.missed), (1, 1))
            self.task.frequency = "quarter"
            tally = self._tally("2026-07-01", "2026-09-30")
            self.assertEqual((tally.done, tally.late), (0, 1))
            tally = self._tally("2026-10-01", "2026-10-31")
            self.assertEqual(tally.due, 0)  # the quarter ends later
            tally = self._tally("2026-11-01", "2026-11-30")
            self.assertEqual((tally.done, tally.due), (1, 1))

    def test_each_record(self):
        """R175: each inquiry is due: answered in time, late, or not at all."""
        cases = self.env["npo.inquiry"]
        for _number in range(3):
            cases |= cases._receive(
                {
                    "title": "When?",
                    "description": "When?",
                    "channel_id": self.channel.id,
                    "company_id": self.company.id,
                    "partner_id": self.person.id,
                }
            )
        self.env.flush_all()
        for case, due, answered in zip(
            cases,
            ("2026-11-10 10:00", "2026-11-11 10:00", "2026-11-12 10:00"),
            ("2026-11-10 09:00", "2026-11-12 10:00", None),
            strict=True,
        ):
            self.env.cr.execute(
                "UPDATE npo_inquiry SET date_due = %s, date_answered = %s,"
                " is_answered_late = %s WHERE id = %s",
                (due, answered, bool(answered and answered > due), case.id),
            )
        self.env.invalidate_all()
        task = self.env.ref("npo_relations.task_inquiries")
        with freeze_time(NOW):
            tally = task._tallies(self.company, date(2026, 11, 1), date(2026, 11, 30))
        tally = tally[task]
        self.assertEqual((tally.done, tally.late, tally.missed), (1, 1, 1))

    # ------------------------------------------------------------
    # THE PAGE
    # ------------------------------------------------------------

    def test_page(self):
        """R169, R170: two parts, each task once; what has no records says so."""
        self._sheet("2026-11-15 08:00:00")
        with freeze_time(NOW):
            page = self._page()
            self.assertEqual(len(page.organisational_ids), 12)
            self.assertEqual(len(page.supervisory_ids), 5)
            self.assertEqual(page.date_from, date(2026, 11, 1))
            line = page.line_ids.filtered(lambda line: line.task_id == self.task)
            self.assertEqual(line.state, "missed")
            self.assertEqual(line.gaps.count("\n"), 5)  # five, and how many others
            self.assertGreaterEqual(page.missed_count, line.missed)
            page.action_week()
            self.assertEqual(page.date_from, date(2026, 11, 15))
            line = page.line_ids.filtered(lambda line: line.task_id == self.task)
            self.assertEqual(line.done, 1)
            action = line.with_user(self.users["centre"]).action_evidence()
            opened = self.env["npo.interaction"].search(action["domain"])
            self.assertEqual(opened.mapped("subject"), ["Sheet"])
        self.assertTrue(all(self.tasks.mapped("kpi_id.code")))
        bare = self.tasks.filtered(lambda task: task.code == "statistics")
        bare.kpi_id = False
        page.action_week()
        line = page.line_ids.filtered(lambda line: line.task_id == bare)
        self.assertRecordValues(line, [{"state": "nothing", "due": 0}])
        self.assertTrue(line.action_screen()["res_model"])

    def test_each_opens_its_evidence(self):
        """R170: each of the seventeen opens its records, or where it is done."""
        page = self._page("manager")
        for line in page.line_ids:
            with self.subTest(line.name):
                self.assertTrue(line.action_evidence()["type"])
                self.assertTrue(line.action_screen()["type"])

    def test_who_reads(self):
        """The centre, governance, management and audit; each their own page."""
        page = self._page("auditor")
        page.action_quarter()
        for user in ("centre", "manager"):
            with self.subTest(user), self.assertRaises(AccessError):
                page.with_user(self.users[user]).action_show()
        for user in ("officer", "front", "researcher", "delegate"):
            with self.subTest(user), self.assertRaises(AccessError):
                self.env["npo.centre.page"].with_user(self.users[user]).action_open()
        page.with_user(self.users["auditor"]).sudo().date_to = "2020-01-01"
        with self.assertRaises(UserError):
            page.action_show()

    def test_menu(self):
        """The menu is there where a policy in force has the centre."""
        menu = self.env.ref("npo_relations.npo_menu_centre_tasks").id
        menus = self.env["ir.ui.menu"].with_user(self.users["centre"])
        self.assertIn(menu, menus._load_menus_blacklist())
        version = self.company.npo_policy_version_id.sudo()
        self.env.cr.execute(
            "UPDATE npo_policy_version SET use_measurement_center = TRUE WHERE id = %s",
            (version.id,),
        )
        self.env.invalidate_all()
        self.assertNotIn(menu, menus._load_menus_blacklist())

    def test_vision(self):
        """R171: the vision with its objectives, target against actual; kept by day."""
        self.company.npo_service_vision = "Served with dignity."
        objectives = self.env["npo.objective"].with_user(self.users["chief"])
        kpi = self.env.ref("npo_relations.kpi_requests_received")
        share = self.env.ref("npo_relations.kpi_policy_channels")
        many = objectives.create({"name": "Many", "kpi_id": kpi.id, "target": 1})
        few = objectives.create(
            {"name": "Few", "kpi_id": kpi.id, "target": 0, "direction": "low"}
        )
        all_ = objectives.create({"name": "All", "kpi_id": share.id, "target": 100})
        self._new_request(self.file)
        self.env.flush_all()
        page = self._page("chief")
        self.assertEqual(page.vision, "Served with dignity.")
        states = {one.objective_id: one.state for one in page.objective_ids}
        self.assertEqual(states, {many: "met", few: "below", all_: "met"})
        with self.assertRaises(AccessError):
            self._page("centre").action_record_objectives()
        page.action_record_objectives()
        values = self.env["npo.objective.value"].search([])
        self.assertEqual(
            {value.objective_id: value.is_met for value in values},
            {many: True, few: False, all_: True},
        )
        line = page.line_ids.filtered(lambda line: line.task_id.code == "vision")
        self.assertEqual((line.done, line.missed), (1, 0))
        with self.assertRaises(AccessError):
            values.with_user(self.users["chief"]).value = 5
        with self.assertRaises(ValidationError):
            all_.target = 120

    def test_page_review(self):
        """R207: what is right of the centre's page, by whom and when."""
        reviews = self.env["npo.page.review"].with_user(self.users["centre"])
        with self.assertRaises(UserError):
            reviews.create({"are_links_right": True})
        with self.assertRaises(UserError):
            reviews.create({"note": "x", "date": "2999-01-01"})
        review = reviews.create(
            {
                "are_links_right": True,
                "note": "The hours of Ramadan",
                "user_id": self.users["chief"].id,
            }
        )
        self.assertEqual(review.user_id, self.users["centre"])
        today = self.company._npo_today()
        self.assertEqual(self.company.npo_page_review_date, today)
        task = self.env.ref("npo_relations.task_page")
        tally = task._tallies(self.company, today, today)[task]
        self.assertEqual(tally.done, 1)

    # ------------------------------------------------------------
    # PAPER, FILES, STATEMENTS
    # ------------------------------------------------------------

    def test_pdf(self):
        """R170: one page on paper, in Arabic too."""
        page = self._page()
        page.action_print()
        reports = self.env["ir.actions.report"].with_user(self.users["centre"])
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("npo_relations.report_npo_centre_page", page.ids)
        self.assertEqual(kind, "pdf")
        pages = read_pdf(content)
        self.assertEqual(len(pages), 1)
        self.assertIn(str(page.due_count), pages[0])

    def test_spreadsheet(self):
        page = self._page()
        page.action_export()
        content = base64.b64decode(page.with_context(bin_size=False).file)
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        numbers = [row[0] for row in rows if isinstance(row[0], int)]
        self.assertEqual(numbers, list(range(1, 18)))
        self.assertEqual(len(book.worksheets), 2)

    def test_statements(self):
        """As many statements for two sites and a week as for nine and a year."""
        counts = []
        for number in (0, 7):
            self.env["npo.site"].create(
                [
                    {"name": f"S{n}", "company_id": self.company.id}
                    for n in range(number)
                ]
            )
            self._page()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._page(date_from=date(2026, 1, 1), date_to=date(2026, 12, 31))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLessEqual(counts[1], 60)

    def test_served_remotely(self):
        """R065: sent in without coming, and no visit until it was closed."""
        portal = self.env.ref("npo_relations.channel_portal")
        cases = self.env["npo.request"]
        for index in (1, 2, 3):
            cases |= self._new_request(self._new_beneficiary(index)).sudo()
        away, visitor, desk = cases
        (away | visitor).channel_id = portal
        self.assertEqual(desk.channel_id.kind, "in_person")
        for moment in ("2026-11-05 08:00:00", "2026-11-12 08:00:00"):
            self.env["npo.visit"].create(
                {
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "day": moment[:10],
                    "partner_id": (
                        visitor if moment < "2026-11-10" else away
                    ).partner_id.id,
                    "purpose_id": self.env["npo.visit.purpose"].search([], limit=1).id,
                    "date_arrived": moment,
                    "number": 900 + int(moment[9:10]),
                }
            )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE npo_request SET stage_code = 'done',"
            " date_submitted = '2026-11-01 08:00', date_closed = '2026-11-10 08:00'"
            " WHERE id IN %s",
            (tuple(cases.ids),),
        )
        self.env.invalidate_all()
        self.assertEqual(cases.filtered("was_remote"), away)
        self.assertEqual(
            cases.search([("id", "in", cases.ids), ("was_remote", "=", False)]),
            visitor | desk,
        )
        kpi = self.env.ref("npo_relations.kpi_remote_service_share")
        period = (date(2026, 11, 1), date(2026, 11, 30))
        self.assertEqual(kpi._figures(self.company, *period)[kpi], (3, 1))
