from datetime import date
from itertools import product
from types import SimpleNamespace

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...models.satisfaction.remark import HIDDEN
from ..centre.common import CentreCommon
from .test_not_punishment import BELOW, LOGGERS

READ_ON = "2026-06-15 09:00:00"
MONTHS = tuple(
    (date(2026, month, 1), date(2026, month, last))
    for month, last in ((1, 31), (2, 28), (3, 31))
)
QUARTER = MONTHS[0][0], MONTHS[-1][1]
# Of each month: the first group, the second, of whom three are left in March, a third.
COUNTS = ((7, 6, 8), (7, 6, 8), (7, 3, 8))
LEAST = 5


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestHidden(CentreCommon):
    """R079: what is not told cannot be worked out, and is not told as nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sites, departments = cls.env["npo.site"], cls.env["hr.department"]
        own = {"company_id": cls.company.id}
        cls.north = sites.create({"name": "North", **own})
        cls.sites = cls.site | cls.branch | cls.north
        cls.units = departments.create([{"name": name, **own} for name in "ABC"])
        for (first, _last), counts in zip(MONTHS, COUNTS, strict=True):
            cls._said_on(first.replace(day=12), counts)
        cls.env.flush_all()

    @classmethod
    def _said_on(cls, day, counts):
        """Record on a day so many opinions of each group, each of another person."""
        places = [
            (place, number)
            for place, count in enumerate(counts)
            for number in range(count)
        ]
        cls.env["npo.rating"].create(
            [
                {
                    "name": "x",
                    "kind": "inquiry",
                    "res_model": "npo.inquiry",
                    "res_id": 10**6 + day.month * 1000 + place * 100 + number,
                    "company_id": cls.company.id,
                    "site_id": cls.sites[place].id,
                    "token": f"{day}-{place}-{number}",
                    "rating": 5,
                    "date_rated": f"{day} 09:00:00",
                }
                for place, number in places
            ]
        )
        cls.env["npo.opinion.answer"].create(
            [
                {
                    "event": "after_visit",
                    "audience": cls._audiences()[place],
                    "question_code": "q_overall",
                    "is_first": True,
                    "score": 5,
                    "is_satisfied": True,
                    "date": day,
                    "company_id": cls.company.id,
                    "site_id": cls.sites[place].id,
                }
                for place, _number in places
            ]
        )
        askers = list(cls.users.values())
        cls.env.cr.execute(
            "INSERT INTO npo_internal_request (name, title, company_id, requester_id,"
            " department_id, state, is_rated, rating, date_due, date_answered)"
            " SELECT * FROM UNNEST(%s, %s, %s, %s, %s, %s, %s, %s, %s::date[],"
            " %s::date[])",
            [
                [f"T/{day}/{place}/{number}" for place, number in places],
                ["x"] * len(places),
                [cls.company.id] * len(places),
                [askers[number].id for _place, number in places],
                [cls.units[place].id for place, _number in places],
                ["answered"] * len(places),
                [True] * len(places),
                [5] * len(places),
                [day] * len(places),
                [day] * len(places),
            ],
        )

    @classmethod
    def _audiences(cls):
        """Return three codes of those who are asked."""
        field = cls.env["npo.opinion.answer"]._fields["audience"]
        return [code for code, _label in field.selection][:3]

    def _assert_whole(self, whole, months):
        """Assert that a period less some of its months is never a few, group by group.

        :param whole: {group: how many} of the period, as it is told
        :param months: the same of each of its months
        """
        self.assertTrue(whole, "a test that is told nothing proves nothing")
        for key, counted in whole.items():
            for taken in product((False, True), repeat=len(months)):
                parts = [
                    month.get(key)
                    for month, is_taken in zip(months, taken, strict=True)
                    if is_taken
                ]
                if None not in parts:
                    rest = counted - sum(parts)
                    with self.subTest(f"{key}: {counted} less {parts}"):
                        self.assertFalse(0 < rest < LEAST)

    # ------------------------------------------------------------
    # A QUARTER LESS ITS MONTHS
    # ------------------------------------------------------------

    def _counted(self, who, code, by, period):
        kpi = self.env.ref(f"npo_relations.kpi_{code}")
        own = kpi.with_user(self.users[who]).sudo()
        with freeze_time(READ_ON):
            groups = own._figures_by(by, self.company, *period)[own]
        return {key: figure[0] for key, figure in groups.items()}

    def test_measures(self):
        """R079: the groups of a quarter less those of its months are never a few."""
        for who, (code, by) in product(
            ("centre", "governor"),
            (
                ("rating_satisfied", "site"),
                ("csat", "site"),
                ("internal_satisfied", "department"),
            ),
        ):
            with self.subTest(f"{who} {code}"):
                whole = self._counted(who, code, by, QUARTER)
                months = [self._counted(who, code, by, month) for month in MONTHS]
                self._assert_whole(whole, months)
                self.assertEqual([len(month) for month in months], [3, 3, 1])
                self.assertEqual(list(whole.values()), [24])

    def test_management(self):
        """R071: the management is told each group that is not of a few."""
        whole = self._counted("manager", "csat", "site", QUARTER)
        self.assertEqual(sorted(whole.values()), [15, 21, 24])

    def test_statements_of_months(self):
        """R079: a year of months takes no statement more than a quarter."""
        kpi = self.env.ref("npo_relations.kpi_csat")
        own = kpi.with_user(self.users["centre"]).sudo()
        year = date(2025, 4, 1), date(2026, 3, 31)
        with freeze_time(READ_ON):
            own._figures_by("site", self.company, *QUARTER)
            for period in (QUARTER, year):
                with self.assertQueryCount(3):
                    own._figures_by("site", self.company, *period)

    def test_scorecard_of_sites(self):
        """R079, R200: the same on the page of the sites."""
        pages = self.env["npo.office.scorecard"].with_user(self.users["centre"])
        told = []
        with freeze_time(READ_ON):
            page = pages.browse(pages.action_open()["res_id"])
            for first, last in (QUARTER, *MONTHS):
                page.write({"date_from": first, "date_to": last})
                page.action_show()
                lines = page.line_ids.filtered("ratings")
                told.append({line.site_id: line.ratings for line in lines})
        self._assert_whole(told[0], told[1:])
        self.assertEqual(told[0], {self.north: 24})

    def test_scorecard_of_units(self):
        """R079, R080: the same on the page of the units."""
        pages = self.env["npo.department.page"].with_user(self.users["governor"])
        told = []
        with freeze_time(READ_ON):
            page = pages.browse(pages.action_open()["res_id"])
            for first, last in (QUARTER, *MONTHS):
                page.sudo().write({"date_from": first, "date_to": last})
                page.action_show()
                lines = page.line_ids.filtered(
                    lambda line: line.kpi_id.code == "internal_satisfied"
                )
                told.append(
                    {
                        line.department_id: int(line.figure.split(" of ")[1].split()[0])
                        for line in lines
                        if " of " in line.figure
                    }
                )
        self._assert_whole(told[0], told[1:])
        self.assertEqual(told[0], {self.units[2]: 24})

    def test_report(self):
        """R079: the same in a report, whose tables are for whoever reads it."""
        section = self.env.ref("npo_relations.report_section_satisfaction_report_2")
        self.assertEqual(section.by, "site")
        audiences, sites = [], []
        for period in (QUARTER, *MONTHS):
            run = self.env["npo.report.run"].new(
                {
                    "type_id": section.type_id.id,
                    "company_id": self.company.id,
                    "cadence": "quarter" if period == QUARTER else "month",
                    "date_from": period[0],
                    "date_to": period[1],
                }
            )
            with freeze_time(READ_ON):
                run = run._for_its_readers()
                own = run.type_id.section_ids.filtered(
                    lambda one: one._origin.id == section.id
                )
                rows = run._broken_down(own)["rows"]
                table = self.env["npo.report.table"]._build("opinions", run)
            sites.append({row[0] for row in rows})
            audiences.append(
                {name: count for name, count, share in table["rows"] if share != "—"}
            )
        self._assert_whole(audiences[0], audiences[1:])
        self.assertEqual(sites[0], {"North"})
        self.assertEqual([len(one) for one in sites[1:]], [3, 3, 1])

    # ------------------------------------------------------------
    # RATINGS
    # ------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_ratings_below_the_management(self):
        """R079: no rating is read below the management, nor is who is rated."""
        rating = self.env["npo.rating"].search([], limit=1)
        for who in BELOW:
            own = rating.with_user(self.users[who])
            with self.subTest(who), self.assertRaises(AccessError):
                own.read(["rating"])
            if own.browse().has_access("read"):
                self.assertFalse(own.search([]), who)
        with self.assertRaises(AccessError):
            rating.with_user(self.users["auditor"]).search([])

    @mute_logger(*LOGGERS)
    def test_who_is_rated(self):
        """R079: nobody reads, finds or groups by who dealt with what is rated."""
        chief = self.users["chief"]
        rating = self.env["npo.rating"].search([], limit=1)
        own = rating.with_user(chief)
        self.assertTrue(own.search([("id", "=", rating.id)]))
        by = ["deliverer_ids"]
        for name, call in (
            ("read", lambda: own.read(by)),
            ("search", lambda: own.search([("deliverer_ids", "!=", False)])),
            ("group", lambda: own.formatted_read_group([], by, ["__count"])),
            ("sets", lambda: own.formatted_read_grouping_sets([], [by], ["__count"])),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                call()
        rating.sudo().deliverer_ids = chief
        self.assertFalse(own.search([("id", "=", rating.id)]))
        with self.assertRaises(AccessError):
            own.read(["rating"])

    def test_comment_is_masked(self):
        """R079: whoever is named in the words beside a rating is not stored."""
        rating = self.env["npo.rating"].search([], limit=1)
        rating.write({"date_rated": False, "rating": 0})
        name = self.users["deliverer"].name
        rating._rate(2, f"It was {name} who kept me waiting")
        self.assertIn("kept me waiting", rating.comment)
        self.assertNotIn(name, rating.comment)
        self.assertIn(HIDDEN, rating.comment)

    def test_groups_of_the_management(self):
        """R071: lists and pivots of the management have no group of a few."""
        march = [("date_rated", ">=", MONTHS[2][0]), ("date_rated", "<", "2026-04-01")]
        days = [("date", ">=", MONTHS[2][0]), ("date", "<=", MONTHS[2][1])]
        few = [("site_id", "=", self.branch.id)]
        for name, domain, value in (
            ("npo.rating", march, "rating:avg"),
            ("npo.opinion.answer", days, "score:avg"),
        ):
            model = self.env[name].with_user(self.users["manager"])
            asked = [value, "__count"]
            with self.subTest(name):
                groups = model.formatted_read_group(domain, ["site_id"], asked)
                self.assertEqual([one["__count"] for one in groups], [7, 8])
                self.assertFalse(model.formatted_read_group(domain, ["id"], asked))
                found = model.web_read_group(domain, ["site_id"], asked)
                self.assertEqual(found["length"], 2)
                totals, groups = model.formatted_read_grouping_sets(
                    domain, [[], ["site_id"]], asked
                )
                self.assertEqual([one["__count"] for one in totals], [18])
                self.assertEqual([one["__count"] for one in groups], [7, 8])
                (total,) = model.formatted_read_group(domain + few, [], asked)
                self.assertEqual((total[value], total["__count"]), (False, 0))
                self.assertEqual(model.search_count(domain + few), 3)

    def test_ratings_not_given(self):
        """R071: who was asked and said nothing makes no group large enough."""
        ratings = self.env["npo.rating"].search(
            [("site_id", "=", self.north.id)], order="id"
        )
        ratings[4:].write({"date_rated": False})
        own = ratings.with_user(self.users["manager"])
        groups = own.formatted_read_group([], ["site_id"], ["__count"])
        self.assertNotIn(self.north.id, [one["site_id"][0] for one in groups])

    # ------------------------------------------------------------
    # HIDDEN IS NOT NOTHING
    # ------------------------------------------------------------

    @classmethod
    def _complain(cls, number, **vals):
        """Record complaints of March, each of another person."""
        cls.env["npo.complaint"].create(
            [
                {
                    "title": "x",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "channel_id": cls.env.ref("npo_relations.channel_portal").id,
                    "date_received": "2026-03-12 09:00:00",
                    **vals,
                }
                for partner in cls.env["res.partner"].create(
                    [{"name": f"P{one}"} for one in range(number)]
                )
            ]
        )
        cls.env.flush_all()

    def test_hidden_on_the_scorecard(self):
        """R079, R200: complaints of few are a dash, none are none."""
        self._complain(2, site_id=self.branch.id)
        pages = self.env["npo.office.scorecard"].with_user(self.users["centre"])
        with freeze_time(READ_ON):
            page = pages.browse(pages.action_open()["res_id"])
            page.write({"date_from": MONTHS[2][0], "date_to": MONTHS[2][1]})
            page.action_show()
        rows = {line.site_id: line._row() for line in page.line_ids}
        column = page._titles().index("Complaints")
        self.assertEqual(rows[self.branch][column], "—")
        self.assertEqual(rows[self.site][column], 0)
        hidden = page.line_ids.filtered(lambda line: line.site_id == self.branch)
        self.assertEqual((hidden.complaints, hidden.has_complaints), (0, False))

    def test_hidden_on_the_page_of_units(self):
        """R079, R080: a unit of few answers is “not enough”, not “none”."""
        self._complain(2, department_id=self.units[1].id)
        pages = self.env["npo.department.page"].with_user(self.users["governor"])
        with freeze_time(READ_ON):
            page = pages.browse(pages.action_open()["res_id"])
            page.sudo().write({"date_from": MONTHS[2][0], "date_to": MONTHS[2][1]})
            page.action_show()
        figures = {
            (line.kpi_id.code, line.department_id): line.figure
            for line in page.line_ids
        }
        few = "Not enough answers"
        self.assertEqual(figures["internal_satisfied", self.units[1]], few)
        self.assertEqual(figures["complaints_received", self.units[1]], "—")
        self.assertEqual(figures["complaints_received", self.units[0]], "0")

    def test_hidden_on_the_page_of_keeping(self):
        """R079, P001: of channels of which one is hidden the sum is not told."""
        channels = self.env["npo.channel"].search([], limit=3)
        page = self.env["npo.policy.keeping"].new(
            {"version_id": self.company.npo_policy_version_id.id}
        )
        groups = dict(zip(channels, ((9, 9), (3, 3), (4, 4)), strict=True))
        private = self.env.ref("npo_relations.kpi_complaints_received")
        opinion = self.env.ref("npo_relations.kpi_csat")
        # of opinions the measure has taken two groups out of its total already
        left = {channels[0]: groups[channels[0]]}
        for kpi, found in ((private, groups), (opinion, left)):
            with self.subTest(kpi.code):
                figures = {kpi: (16, 16)}, {kpi: found}
                few = SimpleNamespace(channel_ids=channels[:2])
                row = page._measure_row(kpi, few, figures)
                self.assertEqual((row["state"], row["counted"]), ("untold", 0))
                told = SimpleNamespace(channel_ids=channels[:1])
                row = page._measure_row(kpi, told, figures)
                self.assertEqual(row["counted"], 9)
        row = page._measure_row(opinion, few, ({opinion: (9, 9)}, {opinion: left}))
        self.assertEqual(row["counted"], 9, "nothing is hidden where all is told")
