import base64
import io
from datetime import date, timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..core.test_print_engine import read_pdf
from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestStandards(CentreCommon):
    """R073: what a standard asks for, what shows that it is met, and how far."""

    def test_register(self):
        """R073: a new association finds the standards, not assessed."""
        standards = self.env["npo.standard"].search([])
        self.assertEqual(
            standards.mapped("code"), ["iso10002", "pdpl", "ncnp", "access"]
        )
        self.assertEqual(set(standards.item_ids.mapped("state")), {"open"})
        count = len(standards.item_ids)
        self.company._npo_load_standards()
        self.assertEqual(len(self.env["npo.standard"].search([]).item_ids), count)

    def test_assessment(self):
        """R073: met whole, in part, not; of what applies, with evidence."""
        standard = self.env["npo.standard"].search([("code", "=", "ncnp")])
        items = standard.item_ids.with_user(self.users["centre"])
        self.assertEqual((standard.met_percent, standard.open_count), (0, 6))
        with self.assertRaisesRegex(ValidationError, "what shows"):
            items[0].state = "met"
        items[0].write({"state": "met", "evidence": "The policy on the website"})
        items[1].write({"state": "partial", "evidence_url": "https://example.com"})
        items[2].state = "unmet"
        items[3].state = "na"
        self.assertEqual((standard.met_percent, standard.open_count), (50, 2))
        self.assertEqual(items[0].user_id, self.users["centre"])
        self.assertEqual(items[0].date_assessed, self.company._npo_today())
        items[0].write({"user_id": self.users["chief"].id})
        self.assertEqual(items[0].user_id, self.users["centre"])
        improvement = self.env["npo.improvement"].browse(
            items[2].action_improve()["res_id"]
        )
        self.assertEqual(improvement._origin_record(), items[2])
        with self.assertRaises(AccessError):
            items[0].with_user(self.users["manager"]).state = "met"

    def test_pdf(self):
        standards = self.env["npo.standard"].search([])
        standards[0].item_ids[0].write({"state": "met", "evidence": "Minutes 12"})
        reports = self.env["ir.actions.report"].with_user(self.users["manager"])
        content, _kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("npo_relations.report_npo_standard", standards.ids)
        text = " ".join(read_pdf(content))
        for words in ("Minutes 12", "100%"):
            with self.subTest(words):
                self.assertIn(words, text)


@tagged("post_install", "-at_install")
class TestSamples(CentreCommon):
    """R174: some closed requests are looked through, and nobody chooses them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = date(2026, 10, 15)
        done = cls.env.ref("npo_relations.stage_request_done")
        cls.requests = cls._new_request(cls.file).sudo()
        for index in range(1, 4):
            cls.requests |= cls._new_request(cls._new_beneficiary(index)).sudo()
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE npo_request SET stage_id = %s, stage_code = 'done',"
            " date_closed = '2026-10-10 09:00' WHERE id IN %s",
            (done.id, tuple(cls.requests.ids)),
        )
        cls.env.invalidate_all()
        cls.samples = cls.env["npo.sample"].with_user(cls.users["centre"])

    def test_drawn(self):
        """R174: a share of the month's requests, by a number, once."""
        self.company.npo_sample_percent = 50
        sample = self.samples._draw(self.company, self.day, seed=7)
        self.assertRecordValues(
            sample,
            [
                {
                    "population": 4,
                    "seed": 7,
                    "check_count": 2,
                    "date_from": date(2026, 10, 1),
                    "date_to": date(2026, 10, 31),
                }
            ],
        )
        again = self.samples._choose(self.requests, 50, 7)
        self.assertEqual(sample.sudo().check_ids.request_id, again)
        drawn = {
            tuple(self.samples._choose(self.requests, 50, seed).ids)
            for seed in range(1, 40)
        }
        self.assertGreater(len(drawn), 3)  # another number, other requests
        self.assertEqual(self.samples._draw(self.company, self.day), sample)
        self.assertEqual(len(self.samples._choose(self.requests, 5, 7)), 1)
        self.assertFalse(self.samples._choose(self.requests.browse(), 5, 7))
        empty = self.samples._draw(self.company, date(2026, 5, 1))
        self.assertEqual(empty.population, 0)

    def test_looked_through(self):
        """R174: five questions each; the result is counted, and leads to more."""
        self.company.npo_sample_percent = 50
        sample = self.samples._draw(self.company, self.day)
        self.assertEqual(sample.open_count, 2)
        with self.assertRaisesRegex(UserError, "Still to look"):
            sample.action_finish()
        names = ("told", "asked_once", "in_time", "without_detour", "delivered")
        first, second = sample.check_ids
        self.assertEqual(first.request_name, first.sudo().request_id.name)
        first.write({f"was_{name}": "yes" for name in names})
        second.write({f"was_{name}": "yes" for name in names[1:]})
        self.assertEqual(second.state, "open")
        second.write({"was_told": "no", "note": "Came three times"})
        self.assertEqual(sample.check_ids.mapped("state"), ["smooth", "rough"])
        self.assertEqual(sample.smooth_percent, 50)
        self.assertEqual(second.user_id, self.users["centre"])
        improvement = self.env["npo.improvement"].browse(
            second.action_improve()["res_id"]
        )
        self.assertEqual(improvement.service_id, self.service)
        sample.action_finish()
        with self.assertRaises(UserError):
            first.was_told = "no"
        kpi = self.env.ref("npo_relations.kpi_samples_smooth")
        figure = kpi._figures(self.company, self.day, date(2026, 10, 31))[kpi]
        self.assertEqual(figure, (2, 1))

    def test_nobody_chooses(self):
        sample = self.samples._draw(self.company, self.day)
        other = self.requests - sample.sudo().check_ids.request_id
        for change in (
            lambda: sample.check_ids.write({"request_id": other[:1].id}),
            lambda: sample.check_ids.create(
                {"sample_id": sample.id, "request_id": other[:1].id}
            ),
            lambda: sample.check_ids.unlink(),
            lambda: sample.write({"seed": 1}),
            lambda: self.samples.create({}),
            lambda: self.samples.with_user(self.users["manager"]).action_draw(),
        ):
            with self.assertRaises(AccessError):
                change()


@tagged("post_install", "-at_install")
class TestUnits(CentreCommon):
    """R080, R081: the units measured alike, and what they ask of one another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        departments = cls.env["hr.department"]
        cls.archive = departments.create(
            {"name": "Archive", "company_id": cls.company.id}
        )
        cls.support = departments.create(
            {"name": "Support", "company_id": cls.company.id}
        )
        cls.clerk = cls.env["hr.employee"].create(
            {
                "name": "Clerk",
                "company_id": cls.company.id,
                "user_id": cls.users["deliverer"].id,
                "department_id": cls.archive.id,
            }
        )
        cls.archive.manager_id = cls.clerk
        cls.today = cls.company._npo_today()

    def _ask(self, user="researcher", **vals):
        requests = self.env["npo.internal.request"].with_user(self.users[user])
        return requests.create(
            {"title": "The old file", "department_id": self.archive.id, **vals}
        )

    def test_internal_request(self):
        """R081: an employee asks another unit, is answered, and rates it once."""
        asked = self._ask()
        self.assertRegex(asked.name, r"^INT/\d{4}/\d{5}$")
        self.assertEqual(asked.requester_id, self.users["researcher"])
        self.assertEqual(asked.user_id, self.users["deliverer"])
        self.assertGreater(asked.date_due, self.today)
        with self.assertRaises(AccessError):
            asked.action_answer()
        own = asked.with_user(self.users["deliverer"])
        self.assertEqual(own.activity_ids.user_id, self.users["deliverer"])
        with self.assertRaises(UserError):
            own.action_answer()
        own.answer = "It is on your desk."
        own.action_answer()
        self.assertEqual((asked.state, asked.answered_by_id), ("answered", own.user_id))
        with self.assertRaises(AccessError):
            own.action_rate(5)
        for mark in (0, 9):
            with self.assertRaises(UserError):
                asked.action_rate(mark)
        asked.action_rate_5()
        with self.assertRaises(UserError):
            asked.action_rate_1()
        self.assertTrue(own.is_rated)
        with self.assertRaises(AccessError):
            own.read(["rating"])
        self.assertEqual(asked.with_user(self.users["manager"]).rating, 5)
        with self.assertRaises(UserError):
            own.answer = "No."

    def test_internal_after_midnight(self):
        """D09: the day of the answer is the association's, at any hour of the day."""
        self._open_day_and_night()
        self.company.npo_internal_days = 3
        with freeze_time("2026-10-04 23:30:00"):  # 02:30 of the next day in Riyadh
            asked = self._ask()
        self.assertEqual(asked.date_due, date(2026, 10, 8))
        todo = asked.sudo().activity_ids
        self.assertEqual(todo.date_deadline, date(2026, 10, 8))

    def test_internal_is_counted_apart(self):
        """R081: what units ask is no inquiry of a beneficiary, and the other way."""
        self.company.npo_small_answers = 1
        asked = self._ask()
        asked.sudo().answer = "Here."
        asked.with_user(self.users["deliverer"]).action_answer()
        asked.action_rate(3)
        self.env.flush_all()
        period = (self.company, self.today, self.today)
        satisfied = self.env.ref("npo_relations.kpi_internal_satisfied")
        outside = self.env.ref("npo_relations.kpi_inquiries_in_time")
        figures = (satisfied | outside)._figures(*period)
        self.assertEqual(figures, {satisfied: (1, 0), outside: (0, 0)})
        days = (self.company, asked.date_due, asked.date_due)
        in_time = self.env.ref("npo_relations.kpi_internal_in_time")
        self.assertEqual(in_time._figures(*days)[in_time], (1, 1))

    def test_internal_guards(self):
        asked = self._ask()
        for vals in (
            {"state": "answered"},
            {"requester_id": self.users["front"].id},
            {"rating": 5},
            {"date_due": "2030-01-01"},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                asked.write(vals)
        made = asked.with_context(default_requester_id=self.users["front"].id).create(
            {"title": "x", "department_id": self.archive.id}
        )
        self.assertEqual(made.requester_id, self.users["researcher"])
        for user in ("front", "officer", "member"):
            with self.subTest(user), self.assertRaises(AccessError):
                asked.with_user(self.users[user]).read(["title"])

    def _scorecard(self, user="manager"):
        pages = self.env["npo.department.page"].with_user(self.users[user])
        return pages.browse(pages.action_open()["res_id"])

    def test_scorecard(self):
        """R080: the same measures for each unit; those without training are named."""
        training = self.env["npo.training"].create(
            {
                "title": "Quality",
                "company_id": self.company.id,
                "topic_id": self.env.ref("npo_relations.training_topic_ethics").id,
                "date_from": self.today - timedelta(days=300),
                "hours": 4,
                "attendee_ids": [Command.create({"employee_id": self.clerk.id})],
            }
        )
        training.action_hold()
        self._ask()
        self.env.flush_all()
        page = self._scorecard()
        lines = page.line_ids.grouped("department_id")
        kpis = self.env["npo.kpi"].search([("department_field", "!=", False)])
        for unit in (self.archive, self.support):
            with self.subTest(unit.name):
                self.assertEqual(lines[unit].kpi_id, kpis)
        heads = page.line_ids.filtered(lambda line: not line.kpi_id)
        untrained = heads.filtered("is_untrained").department_id
        self.assertIn(self.support, untrained)
        self.assertNotIn(self.archive, untrained)
        self.assertEqual(page.untrained_count, len(untrained))
        page.action_year()
        hours = page.line_ids.filtered(
            lambda line: (
                line.department_id == self.archive
                and line.kpi_id.code == "training_hours"
            )
        )
        is_this_year = training.date_from.year == self.today.year
        self.assertEqual(hours.figure, "4" if is_this_year else "0")
        action = hours.action_records()
        found = self.env["npo.training.attendee"].search(action["domain"])
        self.assertEqual(found.employee_id, self.clerk if is_this_year else found)

    def test_scorecard_files(self):
        page = self._scorecard("centre")
        page.action_export()
        content = base64.b64decode(page.with_context(bin_size=False).file)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        cells = {cell.value for row in sheet.iter_rows() for cell in row}
        self.assertLessEqual({"Archive", "Support"}, cells)
        page.action_print()
        reports = self.env["ir.actions.report"].with_user(self.users["centre"])
        content, _kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("npo_relations.report_npo_department_page", page.ids)
        self.assertIn("Archive", " ".join(read_pdf(content)))
        with self.assertRaises(AccessError):
            self._scorecard("front")

    def test_steps_saved(self):
        """R173: a procedure made simpler says how many steps a person saves."""
        ideas = self.env["npo.improvement"].with_user(self.users["centre"])
        idea = ideas.create({"title": "One form", "steps_before": 7})
        self.assertEqual(idea.steps_saved, 0)
        idea.steps_after = 3
        self.assertEqual(idea.steps_saved, 4)
        idea.sudo().date_applied = self.today
        self.env.flush_all()
        kpi = self.env.ref("npo_relations.kpi_steps_saved")
        figure = kpi._figures(self.company, self.today, self.today)[kpi]
        self.assertEqual(kpi._figure_text(*figure), "4")

    def test_statements(self):
        """As many statements for three units as for thirty."""
        counts = []
        for number in (1, 27):
            self.env["hr.department"].create(
                [
                    {"name": f"U{n}", "company_id": self.company.id}
                    for n in range(number)
                ]
            )
            self._scorecard()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._scorecard()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 8)  # rows go in by the hundred
        self.assertLessEqual(counts[1], 60)

    def test_home(self):
        """What the centre and the manager see first of it; what one is asked."""
        self.env["npo.campaign"].create(
            {
                "title": "x",
                "objective": "x",
                "company_id": self.company.id,
                "date_from": self.today,
                "date_to": self.today,
            }
        ).action_start()
        self._ask()
        for user, model, count in (
            ("centre", "npo.campaign", 1),
            ("manager", "npo.campaign", 1),
            ("centre", "npo.service.representative", 0),
            ("manager", "npo.sample", 0),
            ("deliverer", "npo.internal.request", 1),
        ):
            home = self.env["npo.home"].with_user(self.users[user]).get_home()
            tile = [one for one in home["tiles"] if one["model"] == model]
            with self.subTest(f"{user} {model}"):
                self.assertEqual([one["count"] for one in tile], [count])
        home = self.env["npo.home"].with_user(self.users["member"]).get_home()
        models = {one["model"] for one in home["tiles"]}
        self.assertFalse(models & {"npo.campaign", "npo.internal.request"})
