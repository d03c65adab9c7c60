from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import hijri
from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestReportRun(ReportsCommon):
    """R187, R188: filled in, submitted, answered by another, frozen."""

    def test_whole_way(self):
        """R187: draft, figures, submitted, approved with its stamps, printed."""
        self._complaints(3)
        run = self._run("complaints_stats")
        self.assertRegex(run.name, r"^RPT/\d{4}/\d{5}$")
        with self.assertRaises(UserError):
            run.action_submit()
        run.action_fill()
        self.assertEqual(self._line(run, "complaints_received").value, 3)
        run.write({"notes": "More than usual", "recommendations": "Train the desk"})
        run.action_submit()
        manager = run.with_user(self.users["manager"])
        self.assertEqual(
            run.activity_ids.user_id, self.company._npo_colleague("general_manager")
        )
        manager.action_approve()
        self.assertEqual(run.submission_state, "approved")
        self.assertEqual(run.answered_by, self.users["manager"])
        self.assertTrue(run.date_answered and run.date_submitted)
        text = self._pdf(manager)
        for word in (run.name, "Train the desk", "More than usual", "Centre"):
            self.assertIn(word, text)
        with self.assertRaises(UserError):
            run.notes = "Otherwise"
        manager.action_keep()
        self.assertEqual(run.submission_state, "archived")

    def test_manager_sees_submitted(self):
        """R188: the manager and audit see nothing of a draft, in any table."""
        run = self._filled("complaints_stats")
        lines = self.env["npo.report.line"]
        for name in ("manager", "auditor"):
            own = run.with_user(self.users[name])
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    own.read(["name"])
                mine = lines.with_user(self.users[name])
                self.assertFalse(mine.search([("run_id", "=", run.id)]))
        run.action_submit()
        self.assertTrue(run.with_user(self.users["manager"]).line_ids)

    def test_returned(self):
        """R188: returned with a remark, filled in again, submitted again."""
        run = self._filled("complaints_stats")
        run.action_submit()
        with self.assertRaises(UserError):
            run.action_fill()
        manager = run.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_return(" ")
        form = (
            self.env["npo.submission.return"]
            .with_user(self.users["manager"])
            .create({"res_model": run._name, "res_id": run.id, "remarks": "Say why"})
        )
        form.action_confirm()
        self.assertEqual(
            (run.submission_state, run.manager_remarks), ("returned", "Say why")
        )
        self.assertIn(self.users["centre"], run.activity_ids.user_id)
        self._complaints(2)
        run.action_fill()
        self.assertEqual(self._line(run, "complaints_received").value, 2)
        run.action_submit()
        self.assertEqual(run.submission_state, "submitted")

    def test_prepared_by_another(self):
        """R188: who filled it in, or is responsible, does not answer it."""
        admin = self._new_staff("whole", "admin", self.company)
        run = self._filled("complaints_stats")
        run.user_id = admin
        run.action_submit()
        with self.assertRaises(UserError):
            run.with_user(admin).action_approve()
        run.sudo().write({"user_id": False, "filled_by_id": admin.id})
        for step in ("action_approve", lambda one: one.action_return("x")):
            with self.assertRaises(UserError):
                own = run.with_user(admin)
                step(own) if callable(step) else getattr(own, step)()
        self.assertEqual(run.submission_state, "submitted")

    def test_frozen_and_corrected(self):
        """R187: what was reported stays; what is counted now stands beside it."""
        self._complaints(2)
        run = self._filled("complaints_stats")
        run.action_submit()
        self._complaints(3)
        line = self._line(run, "complaints_received")
        self.assertFalse(line.is_corrected)
        run.with_user(self.users["manager"]).action_recount()
        self.assertEqual(line.value, 2)
        self.assertTrue(line.is_corrected)
        self.assertIn("5", line.now_text)
        other = run.line_ids.filtered(lambda one: not one.counted)[:1]
        self.assertFalse(other.is_corrected)
        self.assertIn("Counted again", self._pdf(run))

    def test_guards(self):
        """What the button fills in is written by nobody, in a draft either."""
        run = self._filled("complaints_stats")
        for vals in (
            {"content": []},
            {"summary": "x"},
            {"filled_by_id": self.users["manager"].id},
            {"name": "x"},
            {"submission_state": "approved"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                run.write(vals)
        with self.assertRaises(AccessError):
            run.line_ids[0].value = 1
        with self.assertRaises(UserError):
            run.date_to = self.today

    @mute_logger("odoo.sql_db")
    def test_once(self):
        """One report of a kind on a period and a site."""
        self._run("complaints_stats")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._run("complaints_stats")
        self._run("complaints_stats", site_id=self.site.id)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._run("complaints_stats", site_id=self.site.id)

    def test_areas(self):
        """Who prepares one kind of report does not see the others."""
        run = self._filled("payments_due", "payer")
        for name in ("centre", "governor", "protector", "handler", "front"):
            with self.subTest(name), self.assertRaises(AccessError):
                run.with_user(self.users[name]).read(["name"])
        with self.assertRaises(AccessError):
            self._run("policy_ack", "centre")

    def test_period(self):
        """D08: a draft is on the last period that is over, in either calendar."""
        kind = self.env.ref("npo_relations.report_type_complaints_stats")
        run = self.env["npo.report.run"].create(
            {"type_id": kind.id, "company_id": self.company.id}
        )
        self.assertEqual((run.date_from, run.date_to), (self.first, self.last))
        run.calendar = "hijri"
        day = hijri.to_hijri(run.date_from)
        self.assertEqual(day.day, 1)
        self.assertLess(run.date_to, self.today)
        self.assertEqual(
            (run.date_to - run.date_from).days + 1,
            hijri.month_length(day.year, day.month),
        )
        with self.assertRaises(ValidationError):
            run.date_to = fields.Date.subtract(run.date_from, days=1)

    def test_not_over(self):
        """A period that is not over is not submitted."""
        run = self._filled(
            "complaints_stats", date_to=fields.Date.add(self.today, days=1)
        )
        with self.assertRaises(UserError):
            run.action_submit()


@tagged("post_install", "-at_install")
class TestReportParts(ReportsCommon):
    """R177–R180, P003, glossary 23: what stands in each kind of report."""

    def test_ways(self):
        """R179: centre, website, portal, other and total, by category."""
        for code, count in (("portal", 2), ("in_person", 3), ("email", 1)):
            channel = self.env.ref(f"npo_relations.channel_{code}")
            self._complaints(count, channel_id=channel.id)
        run = self._filled("complaints_stats")
        part = self._part(run, "By category and way")
        self.assertEqual(len(part["headings"]), 6)
        self.assertEqual(part["sums"][1:], [3, 0, 2, 1, 6])
        self.assertEqual(sum(row[-1] for row in part["rows"]), 6)

    def test_actions(self):
        """R180: actions are counted and listed; without one for days, it is listed."""
        done, *left = self._complaints(3)
        self.env["npo.complaint.action"].create(
            {"complaint_id": done.id, "kind": "meeting", "date": self.last}
        )
        run = self._filled("complaints_stats")
        part = self._part(run, "Actions taken")
        self.assertEqual([row[1] for row in part["rows"]], [1])
        part = self._part(run, "List of the actions")
        self.assertEqual(part["rows"][0][0], done.name)
        self.assertEqual(part["rows"][0][2], {"date": str(self.last)})
        part = self._part(run, "No action taken")
        self.assertEqual({row[0] for row in part["rows"]}, {case.name for case in left})
        self.assertIn(str(self.company.npo_no_action_days), part["note"])

    def test_sealed(self):
        """P092: a sealed complaint is in no list; few are “fewer than”."""
        cases = self._complaints(2)
        sealed = cases[0].sudo()
        self.env["npo.complaint.action"].create(
            {"complaint_id": sealed.id, "kind": "meeting", "date": self.last}
        )
        sealed.write({"confidentiality": "sealed"})
        self.env.flush_all()
        run = self._filled("complaints_stats")
        self.assertEqual(self._line(run, "complaints_received").value, 1)
        self.assertNotIn(sealed.name, str(run.content))
        part = self._part(run, "Sealed complaints")
        self.assertIn(str(self.company.npo_small_count), part["rows"][0][1])
        self.assertFalse(self._part(run, "Actions taken")["rows"])
        self.assertEqual(self._part(run, "By category and way")["sums"][-1], 1)

    def test_stakeholders(self):
        """P003: the board's report names every kind of stakeholder, none left out."""
        run = self._filled("board_report", "governor")
        rows = self._part(run, "Stakeholders")["rows"]
        kinds = self.env["npo.stakeholder.type"].search([])
        self.assertEqual(len(rows), len(kinds))

    def test_time_given(self):
        """R106: how long a service lasted stands beside whether it was enough."""
        self.env["npo.opinion.answer"].create(
            [
                {
                    "company_id": self.company.id,
                    "event": "after_visit",
                    "question_code": "q_time_given",
                    "date": self.first.replace(day=15),
                    "is_satisfied": number < 8,
                }
                for number in range(10)
            ]
        )
        run = self._filled("center_report")
        part = self._part(run, "Time given to visitors")
        lines = run._part_lines(part["number"])
        self.assertEqual(
            lines.kpi_id.mapped("code"), ["avg_service_time", "time_given"]
        )
        self.assertEqual(self._line(run, "time_given").value, 80)

    def test_same_as_the_measures(self):
        """One number, one definition: each line is that of its measure."""
        self._complaints(4)
        run = self._filled("center_report")
        kpis = run.line_ids.kpi_id
        figures = kpis._figures(self.company, self.first, self.last)
        for line in run.line_ids:
            counted, kept = figures[line.kpi_id]
            kpi = line.kpi_id.with_context(lang=run._print_lang())
            with self.subTest(kpi.code):
                if kpi._is_told(counted or 0, self.company):
                    self.assertEqual(line.text, kpi._figure_text(counted, kept))

    def test_every_kind(self):
        """D14: every kind opens on paper and as a workbook, without any data."""
        users = {
            "centre": "centre",
            "governance": "governor",
            "finance": "payer",
            "privacy": "protector",
        }
        kinds = self.env["npo.report.type"].search([])
        self.assertEqual(len(kinds), 15)
        for kind in kinds:
            with self.subTest(kind.code):
                run = self._filled(kind.code, users[kind.area])
                self.assertIn(run.name, self._pdf(run))
                book = self._book(run._workbook())
                self.assertGreater(len(book.worksheets), 1)

    def test_outside_the_window(self):
        """P002: an answer after its last day is listed by its number, with its days."""
        service = self.env["npo.service"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        portal = self.env.ref("npo_relations.channel_portal")
        request = self._new_request(service_id=service.id, channel_id=portal.id).sudo()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE npo_request SET date_announced = %s, reply_deadline = %s,"
            " earliest_reply_date = %s WHERE id = %s",
            [self.last, self.first, self.first, request.id],
        )
        request.invalidate_recordset()
        run = self._filled("committee_decisions", "governor")
        rows = self._part(run, "Outside the reply window")["rows"]
        self.assertEqual([row[0] for row in rows], [request.name])
        self.assertNotIn(request.partner_id.name, str(run.content))

    def test_statements(self):
        """Filling in takes as many statements with ten times the complaints."""
        counts = []
        for size in (3, 30):
            self._complaints(size)
            run = self._run("complaints_stats")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run.action_fill()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            run.sudo().unlink()
        self.assertLessEqual(counts[1], counts[0] + 3, counts)


@tagged("post_install", "-at_install")
class TestReportInArabic(ReportsCommon):
    """D14: the sheet is right to left, its days and numbers are real, and masked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls.company.partner_id.lang = "ar_001"
        action = {"kind": "meeting", "date": cls.last}
        cls.cases = cls._complaints(3)
        cls._complaints(2, severity="high")
        cls.env["npo.complaint.action"].create(
            {"complaint_id": cls.cases[0].id, **action}
        )
        cls.run_ = cls._filled("complaints_stats", notes="=1+1")

    def test_workbook(self):
        book = self._book(self.run_._workbook())
        for sheet in book.worksheets:
            self.assertTrue(sheet.sheet_view.rightToLeft)
        for sheet in book.worksheets[1:]:
            self.assertTrue(sheet.freeze_panes)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertIn("'=1+1", [cell.value for cell in cells])
        days = [cell for cell in cells if cell.is_date and cell.value]
        self.assertIn(self.last, [cell.value.date() for cell in days])
        texts = " ".join(str(cell.value) for cell in cells)
        self.assertIn(hijri.format_hijri_numeric(self.last), texts)
        self.assertTrue(
            [cell for cell in cells if cell.data_type == "n" and cell.value == 5]
        )
        self.assertTrue(any(sheet._charts for sheet in book.worksheets))

    def test_paper(self):
        """Both calendars, the addressee, the figures."""
        text = self._pdf(self.run_)
        year = hijri.to_hijri(self.last).year
        for word in (
            str(year),
            str(self.last.year),
            self.run_.name,
            self.cases[1].name,
        ):
            self.assertIn(word, text)
        self.assertRegex(text, "[\u0600-\u06ff\ufb50-\ufeff]")
