from datetime import date

from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...tools.periods import periods
from .common import OpinionCommon

LINES = ("npo.opinion.answer", "npo.opinion.remark", "npo.opinion.recovery")
SHEETS = ("survey.user_input", "survey.user_input.line")
BELOW = (
    "front",
    "officer",
    "researcher",
    "member",
    "deliverer",
    "delegate",
    "handler",
    "sealer",
    "centre",
    "governor",
    "auditor",
    "payer",
)
LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
CALLS = (
    ("search_read", [[]], {}),
    ("search_count", [[]], {}),
    ("formatted_read_group", [[]], {"groupby": [], "aggregates": ["__count"]}),
    ("web_search_read", [[]], {"specification": {"display_name": {}}}),
    ("name_search", ["", []], {}),
)
# A month that is over on the day on which the tests read.
READ_ON = "2026-06-15 09:00:00"
MAY = date(2026, 5, 1), date(2026, 5, 31)


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestNotForPunishment(OpinionCommon):
    """R079: as who wants to know what somebody said, or of whom it was said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exporters = cls.env.ref("base.group_allow_export")
        exporters.user_ids += cls.env["res.users"].union(
            *(cls.users[who] for who in BELOW)
        )
        with freeze_time("2026-05-12 09:00:00"):
            for score in (5, 5, 4, 4, 2, 5):
                cls._say(cls._invited(site_id=cls.site.id, gender="female"), score, "W")
            for score in (1, 2):
                cls._say(cls._invited(site_id=cls.branch.id, gender="male"), score, "X")
        with freeze_time("2026-04-12 09:00:00"):
            cls._say(cls._invited(site_id=cls.site.id), 1, "Alone")

    def _page(self, who="officer", by="site_id", **vals):
        """Return the page of analysis of May, or of what an attacker writes into it."""
        pages = self.env["npo.opinion.analysis"].with_user(self.users[who])
        with freeze_time(READ_ON):
            page = pages.browse(pages.action_open()["res_id"])
            page.write({"by": by, **vals})
            page.action_show()
        return page

    def _lines(self, page, section):
        return page.line_ids.filtered(lambda line: line.section == section)

    # ------------------------------------------------------------
    # THE LINES
    # ------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_no_lines(self):
        """R079: no line by search, count, group, name, export, read or web call."""
        for name in (*LINES, *SHEETS):
            record = self.env[name].search([], limit=1)
            self.assertTrue(record, name)
            for who in BELOW:
                model = self.env[name].with_user(self.users[who])
                reads = [("read", [record.ids, ["display_name"]], {})]
                reads.append(("export_data", [record.ids, ["create_date"]], {}))
                for method, args, kwargs in (*CALLS, *reads):
                    with self.subTest(f"{who}: {name}.{method}"):
                        with self.assertRaises(AccessError):
                            call_kw(model, method, list(args), dict(kwargs))

    @mute_logger(*LOGGERS)
    def test_survey_officer(self):
        """R079: who manages Odoo's surveys reads none of ours."""
        self.officer.group_ids += self.env.ref("survey.group_survey_manager")
        for name in SHEETS:
            model = self.env[name].with_user(self.officer)
            self.assertFalse(model.search([]), name)
            self.assertFalse(model.search_count([]), name)
        survey = self._survey("after_visit").with_user(self.officer)
        self.assertEqual(survey.answer_count, 0)
        self.assertFalse(survey.question_ids.user_input_line_ids)

    @mute_logger(*LOGGERS)
    def test_invitation(self):
        """R079: who calls those who did not answer sees neither score nor sheet."""
        invitation = self.invitations.search([("is_answered", "=", True)], limit=1)
        own = invitation.with_user(self.users["centre"])
        self.assertTrue(own.read(["state"]))
        for name in ("score", "user_input_id", "token", "page"):
            with self.subTest(name), self.assertRaises(AccessError):
                own.read([name])
            with self.subTest(f"{name} in a domain"), self.assertRaises(AccessError):
                own.search([(name, "!=", False)])
            with self.subTest(f"{name} as an order"), self.assertRaises(AccessError):
                own.search([], order=name)

    @mute_logger(*LOGGERS)
    def test_kept_out_of_the_complaint(self):
        """P092, R079: who is kept out of a complaint sees nothing of what it got."""
        complaint = self.env["npo.complaint"].create(
            {
                "title": "x",
                "partner_id": self.person.id,
                "company_id": self.company.id,
                "channel_id": self.env.ref("npo_relations.channel_portal").id,
            }
        )
        invitation = self.invitations._invite("after_complaint", complaint)
        self.assertEqual(invitation.complaint_id, complaint)
        before = self.env["npo.opinion.recovery"].search([])
        chief, manager = self.users["chief"], self.users["manager"]
        complaint.subject_user_ids = chief
        self.assertIn(chief, complaint.barred_user_ids)
        self._say(invitation, 1)
        task = self.env["npo.opinion.recovery"].search([]) - before
        self.assertEqual(len(task), 1)
        self.assertNotIn(chief, task.user_id)
        for record in (invitation, task):
            with self.subTest(record._name):
                self.assertTrue(record.with_user(manager).read(["event"]))
                with self.assertRaises(AccessError):
                    record.with_user(chief).read(["event"])
                found = record.with_user(chief).search([("id", "=", record.id)])
                self.assertFalse(found)
        self.env.cr.execute(
            "UPDATE npo_complaint SET confidentiality = 'sealed' WHERE id = %s",
            [complaint.id],
        )
        self.env.invalidate_all()
        for record in (invitation, task):
            found = record.with_user(manager).search([("id", "=", record.id)])
            self.assertFalse(found, "sealed")

    @mute_logger(*LOGGERS)
    def test_category_of_the_invitation(self):
        """R079: the category of a person is read by whom the file shows it to."""
        invitation = self.invitations.search([], limit=1)
        with self.assertRaises(AccessError):
            invitation.with_user(self.users["centre"]).read(["category_id"])
        self.assertTrue(
            invitation.with_user(self.users["manager"]).read(["category_id"])
        )
        with self.assertRaises(AccessError):
            invitation.with_user(self.users["manager"]).read(["score"])

    @mute_logger(*LOGGERS)
    def test_said_stays_as_said(self):
        """R079, R186: of a remark the dimension is changed; of a task, no fact."""
        chief = self.users["chief"]
        remark = self.env["npo.opinion.remark"].search([("kind", "=", "said")], limit=1)
        own = remark.with_user(chief)
        own.dimension = "speed"
        self.assertEqual(remark.dimension, "speed")
        for vals in ({"text": "Well done"}, {"kind": "good"}, {"site_id": False}):
            with self.subTest(vals), self.assertRaises(AccessError):
                own.write({**vals, "dimension": "speed"})
        task = self.env["npo.opinion.recovery"].search([], limit=1).with_user(chief)
        task.note = "Called."
        for vals in (
            {"date_deadline": "2030-01-01"},
            {"site_id": False},
            {"service_id": False},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                task.write(vals)

    @mute_logger(*LOGGERS)
    def test_questionnaire_stays_ours(self):
        """R079: nobody opens a questionnaire to Odoo's own pages and reports."""
        survey = self._survey("after_visit")
        self.officer.group_ids += self.env.ref("survey.group_survey_manager")
        own = survey.with_user(self.officer)
        for vals in (
            {"survey_type": "survey"},
            {"access_mode": "token"},
            {"npo_event": "pulse"},
            {"npo_code": "x"},
            {"npo_company_id": False},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                own.write(vals)
        foreign = self.env["survey.survey"].with_user(self.officer)
        foreign = foreign.create({"title": "Of their own"})
        foreign.access_mode = "token"
        for vals in ({"survey_type": "npo_opinion"}, {"npo_event": "pulse"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                foreign.write(vals)

    def test_no_activity(self):
        """R079: the task of a low answer is seen by the management alone."""
        tasks = self.env["npo.opinion.recovery"].search([])
        domain = [("res_model", "=", tasks._name)]
        self.assertTrue(self.env["mail.activity"].search(domain))
        for who in BELOW:
            activities = self.env["mail.activity"].with_user(self.users[who])
            messages = self.env["mail.message"].with_user(self.users[who])
            with self.subTest(who):
                self.assertFalse(activities.search(domain))
                self.assertFalse(messages.search([("model", "=", tasks._name)]))

    def test_nothing_beside_the_case(self):
        """R079: neither log nor discussion of the case tells of a rating."""
        visit = self._done(partner_id=self.person.id)
        self._say(visit._opinion(), 1, "Never again")
        messages = self.env["npo.message"].search([("res_id", "=", visit.id)])
        self.assertNotIn("Never again", "".join(messages.mapped("body")))
        logged = self.env["mail.message"].search([("body", "ilike", "Never again")])
        self.assertFalse(logged)

    # ------------------------------------------------------------
    # THE PAGE
    # ------------------------------------------------------------

    def test_few_are_hidden(self):
        """R079, R186: a group of two is not told, nor can it be worked out."""
        page = self._page()
        total = self._lines(page, "measure")[0]
        self.assertEqual((total.counted, total.value), (8, "62%"))
        groups = self._lines(page, "group")
        self.assertEqual(len(groups), 2)
        self.assertEqual(set(groups.mapped("is_hidden")), {True})
        self.assertFalse(any(groups.mapped("counted")))
        self.assertNotIn("%", "".join(groups.mapped("value")))
        managed = self._lines(
            self._page("manager", date_from=MAY[0], date_to=MAY[1]), "group"
        )
        self.assertEqual(managed.mapped("counted"), [0, 0])

    def test_too_few_in_a_month(self):
        """R079: of a month with one answer nothing is told, in no part of the page."""
        page = self._page(date_from="2026-04-01", date_to="2026-04-30")
        self.assertEqual(page.date_from, date(2026, 4, 1))
        for line in page.line_ids:
            with self.subTest(line.name):
                is_told = line.section == "trend" and line.name == "2026-05"
                if not is_told:
                    self.assertNotRegex(line.value, "[0-9]")
                    self.assertFalse(line.counted)

    def test_periods_cannot_be_subtracted(self):
        """R079: whatever is written into the page, it shows one month that is over."""
        for first, last in (
            ("2026-04-01", "2026-05-31"),
            ("2026-05-01", "2026-05-12"),
            ("2026-05-12", "2026-05-12"),
            ("2026-05-02", "2026-06-30"),
            ("2026-06-01", "2026-06-30"),
            ("2020-01-01", "2030-01-01"),
        ):
            page = self._page(date_from=first, date_to=last)
            with self.subTest(f"{first} {last}"):
                month = page.date_from, page.date_to
                self.assertEqual(page.date_from.day, 1)
                self.assertEqual(fields.Date.add(month[1], days=1).day, 1)
                self.assertEqual(month[0].month, month[1].month)
                self.assertLess(month[1], date(2026, 6, 15))
        for step in ("action_year", "action_quarter", "action_last_year"):
            with freeze_time(READ_ON):
                getattr(page, step)()
            self.assertEqual(page.date_from.month, page.date_to.month)

    def test_measures_cannot_be_subtracted(self):
        """R079: a dimension that holds a few answers beside a measure is not told."""
        page = self._page()
        outcome = self._lines(page, "dimension").filtered(
            lambda line: line.name == "Result"
        )
        rest = self.env["npo.opinion.answer"].search_count(
            [
                ("date", ">=", MAY[0]),
                ("date", "<=", MAY[1]),
                ("dimension", "=", "outcome"),
                ("question_code", "!=", "q_overall"),
            ]
        )
        self.assertEqual(bool(outcome.is_hidden), 0 < rest < 5)
        for line in self._lines(page, "dimension"):
            self.assertTrue(line.is_hidden or line.counted >= 5)

    @mute_logger(*LOGGERS)
    def test_another_reader(self):
        """R079: one's page is one's own; who serves at the counter has none."""
        page = self._page("manager", date_from=MAY[0], date_to=MAY[1])
        with self.assertRaises(AccessError):
            page.with_user(self.officer).line_ids.read(["value"])
        with self.assertRaises(AccessError):
            page.with_user(self.officer).read(["response_rate"])
        for who in ("front", "researcher", "deliverer", "payer"):
            pages = self.env["npo.opinion.analysis"].with_user(self.users[who])
            with self.subTest(who), self.assertRaises(AccessError):
                pages.action_open()

    def test_no_name_of_who_served(self):
        """R079: the page names neither a person nor who served."""
        page = self._page("manager", date_from=MAY[0], date_to=MAY[1])
        text = " ".join(page.line_ids.mapped("name"))
        for user in self.users.values():
            self.assertNotIn(user.name, text)

    def test_spreadsheet(self):
        """R079, R186: the file has what the page has, and no more."""
        page = self._page()
        page.action_export()
        self.assertTrue(page.file)
        self.assertFalse(any(self._lines(page, "group").mapped("counted")))

    def test_one_person_is_one(self):
        """R079: what one person answered five times is not told, on any page."""
        march = date(2026, 3, 1), date(2026, 3, 31)
        with freeze_time("2026-03-12 09:00:00"):
            for _number in range(5):
                invitation = self._invited(partner=self.person, site_id=self.site.id)
                self._say(invitation, 5, "Fast", reasons=("speed",))
        page = self._page("manager", date_from=march[0], date_to=march[1])
        self.assertLessEqual(
            {"measure", "dimension", "group", "trend", "reason"},
            set(page.line_ids.mapped("section")),
        )
        for line in page.line_ids:
            with self.subTest(f"{line.section} {line.name}"):
                self.assertNotRegex(line.value, "[0-9]")
                self.assertFalse(line.counted)
        self.assertEqual(self._figure("manager", *march), (0, None))
        with freeze_time("2026-03-20 09:00:00"):
            for _number in range(4):
                self._say(self._invited(site_id=self.site.id), 4)
        self.assertEqual(self._figure("manager", *march), (9, 9))
        page = self._page("manager", date_from=march[0], date_to=march[1])
        self.assertEqual(self._lines(page, "measure")[0].counted, 9)
        self.assertEqual(set(self._lines(page, "reason").mapped("counted")), {0})

    # ------------------------------------------------------------
    # THE MEASURES
    # ------------------------------------------------------------

    def _figure(self, who, first, last, site=None):
        kpi = self.env["npo.kpi"].search([("code", "=", "csat")])
        own = kpi.with_user(self.users[who]).sudo()
        with freeze_time(READ_ON):
            return own._figures(self.company, first, last, site=site)[own]

    def test_measure_of_any_page(self):
        """R079: no page below the management gets a figure that can be taken apart."""
        self.assertEqual(self._figure("officer", *MAY), (8, 5))
        for first, last, site in (
            (MAY[0], MAY[1], self.site),
            (date(2026, 4, 1), MAY[1], None),
            (date(2026, 5, 1), date(2026, 5, 11), None),
            (date(2026, 4, 1), date(2026, 4, 30), None),
            (date(2026, 6, 1), date(2026, 6, 30), None),
        ):
            with self.subTest(f"{first} {last} {site}"):
                self.assertEqual(self._figure("officer", first, last, site), (0, None))
        self.assertEqual(self._figure("manager", date(2026, 4, 1), MAY[1]), (9, 5))
        self.assertEqual(self._figure("chief", *MAY, self.site), (6, 5))

    def test_tasks_are_opinions(self):
        """R079: how many were not satisfied on a day is not told either."""
        kpi = self.env["npo.kpi"].search([("code", "=", "recovered_in_time")])
        self.assertTrue(kpi.is_opinion)
        counted = {}
        for who in ("officer", "manager"):
            own = kpi.with_user(self.users[who]).sudo()
            with freeze_time(READ_ON):
                counted[who] = own._figures(self.company, *MAY)[own][0]
        self.assertEqual(counted, {"officer": 0, "manager": 0}, "three are too few")

    def test_report_of_the_board(self):
        """R079, P003: its table tells the classes with enough answers, no other."""
        own = {"site_id": self.site.id, "audience": "beneficiary"}
        with freeze_time("2026-05-20 09:00:00"):
            for score in (5, 5, 4, 4, 2, 5):
                self._say(self._invited(**own), score)
        with freeze_time(READ_ON):
            run = self.env["npo.report.run"].create(
                {
                    "type_id": self.env.ref(
                        "npo_relations.report_type_board_report"
                    ).id,
                    "company_id": self.company.id,
                    "cadence": "month",
                    "date_from": MAY[0],
                    "date_to": MAY[1],
                }
            )
            table = self.env["npo.report.table"]._build("opinions", run)
        told = [row[1:] for row in table["rows"] if row[1]]
        self.assertEqual(told, [[6, 83.3]])
        self.assertEqual(len(table["headings"]), 3)

    def test_trend_of_quarters(self):
        """R079: quarters and what is kept back of them are two readings, not each one.

        A month of a few keeps its quarter back; a single month stands by itself.
        """
        kpi = self.env["npo.kpi"].search([("code", "in", ("csat", "nps"))])
        own = kpi.with_user(self.officer).sudo()
        csat = own.filtered(lambda one: one.code == "csat")
        with freeze_time("2026-07-15 09:00:00"):
            quarters = periods("quarter", date(2026, 6, 1), 6)
            own._trend(self.company, quarters)
            self.env.flush_all()
            with self.assertQueryCount(2):
                trend = own._trend(self.company, quarters)
            self.assertEqual(trend[csat], [(0, 0)] * 5 + [(0, None)])
            half = [(date(2026, 1, 1), date(2026, 3, 31)), MAY]
            self.assertEqual(own._trend(self.company, half)[csat], [(0, 0), (8, 5)])

    def test_breakdown_of_any_page(self):
        """R079: a breakdown of a measure hides the few, and what gives them away."""
        kpi = self.env["npo.kpi"].search([("code", "=", "csat")])
        own = kpi.with_user(self.officer).sudo()
        with freeze_time(READ_ON):
            groups = own._figures_by("site", self.company, *MAY)[own]
            trend = own._trend(
                self.company, [(date(2026, 4, 1), date(2026, 4, 30)), MAY]
            )
        self.assertFalse(groups)
        self.assertEqual(trend[own], [(0, None), (8, 5)])
