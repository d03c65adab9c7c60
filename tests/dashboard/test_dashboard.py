import json
from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon, local_today


class DashboardCommon(AssociationCommon):
    def _show(self, name="manager", dashboard=None, **options):
        """Return what a user's screen shows."""
        boards = self.env["npo.dashboard"].with_user(self.users[name])
        return boards.get_dashboard(dashboard and dashboard.id, options)

    def _visit(self):
        """Let somebody come to the first site, today."""
        purpose = self.env.ref("npo_relations.visit_purpose_meet_official")
        self.env["npo.visit"].with_user(self.users["front"]).create(
            {"site_id": self.site.id, "gender": "female", "purpose_id": purpose.id}
        )

    def _board(self, code):
        return self.env.ref(f"npo_relations.npo_dashboard_{code}")

    def _tile(self, content, code):
        line = self.env.ref(f"npo_relations.npo_dashboard_manager_{code}")
        return next(tile for tile in content["tiles"] if tile["id"] == line.id)


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    """Each role's figures, from the one definition of each number (D14, R171)."""

    def test_each_role_sees_its_own(self):
        """D14: one for manager, centre, committee, finance and officer; no other."""
        own = {
            "manager": "manager",
            "centre": "centre",
            "chief": "centre",
            "member": "committee",
            "payer": "finance",
            "officer": "officer",
        }
        for name, code in own.items():
            with self.subTest(name):
                content = self._show(name)
                self.assertEqual(content["id"], self._board(code).id)
                self.assertTrue(content["tiles"])
                foreign = self._board("finance" if code != "finance" else "manager")
                self.assertNotIn(
                    foreign.id, [one["id"] for one in content["dashboards"]]
                )
                self.assertEqual(
                    self._show(name, dashboard=foreign)["id"], content["id"]
                )

    def test_nobody_elses(self):
        """An auditor has none and is told so; a portal user reads nothing at all."""
        self.assertEqual(self._show("auditor"), {"dashboards": []})
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "dashboard_portal",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.env["npo.dashboard"].with_user(portal).get_dashboard()
        board = self._board("manager").with_user(self.users["payer"])
        with self.assertRaises(AccessError):
            board.open_line(self._board("manager").line_ids[0].id)

    def test_a_line_of_another_board(self):
        """A line is opened through its own dashboard alone."""
        board = self._board("finance").with_user(self.users["payer"])
        foreign = self._board("manager").line_ids[0]
        with self.assertRaisesRegex(AccessError, "not on the dashboard"):
            board.open_line(foreign.id)

    def test_a_number_and_its_records(self):
        """A tile counts what its records are; only who may reads them."""
        before = self._tile(self._show(), "requests_received")["text"]
        self._advance(self._new_request(), "verification")
        tile = self._tile(self._show(), "requests_received")
        self.assertEqual(int(tile["text"]), int(before) + 1)
        board = self._board("manager").with_user(self.users["manager"])
        action = board.open_line(tile["id"])
        records = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(records), int(tile["text"]))

    def test_target(self):
        """R171: a figure stands against the target that the association set."""
        kpi = self.env.ref("npo_relations.kpi_visits_count")
        self.env["npo.kpi.target"].create(
            {
                "kpi_id": kpi.id,
                "company_id": self.company.id,
                "date_from": fields.Date.subtract(local_today(), years=1),
                "direction": "at_least",
                "target": 1,
            }
        )
        tile = self._tile(self._show(), "visits_count")
        self.assertEqual(tile["status"], "missed")
        self.assertIn("1", tile["target"])
        self._visit()
        self.assertEqual(self._tile(self._show(), "visits_count")["status"], "met")

    def test_vision(self):
        """R171: the vision of the service stands above the figures."""
        self.company.npo_service_vision = "Served with dignity"
        self.assertEqual(self._show()["vision"], "Served with dignity")

    def test_periods(self):
        """Before and after; nothing lies in the future; both calendars."""
        with freeze_time("2026-11-22 09:00:00"):
            content = self._show(period="month")
            self.assertTrue(content["period"]["is_open"])
            self.assertIsNone(content["period"]["next"])
            self.assertEqual(content["period"]["previous"], "2026-10-01")
            content = self._show(period="month", day="2026-10-01")
            self.assertFalse(content["period"]["is_open"])
            self.assertEqual(content["period"]["next"], "2026-11-01")
            future = self._show(period="year", day="2031-01-01")
            self.assertIn("2026", future["period"]["label"])
            hijri = self._show(period="month", calendar="hijri")
            self.assertIn("1448", hijri["period"]["label"])
            self.assertEqual(len(hijri["tiles"][0]["points"]), 13)

    def test_short_months(self):
        """A leap February and a Hijri month of 29 days are whole months."""
        board = self._board("manager").with_user(self.users["manager"])
        view = board._view({"period": "month", "day": "2024-02-29"})
        self.assertEqual(view["periods"][-1], (date(2024, 2, 1), date(2024, 2, 29)))
        options = {"period": "month", "day": "2026-03-10", "calendar": "hijri"}
        first, last = board._view(options)["periods"][-1]
        self.assertIn((last - first).days + 1, (29, 30))
        self.assertTrue(first <= date(2026, 3, 10) <= last)

    def test_bad_options(self):
        """What a client makes up is told in a sentence, and is no error of ours."""
        for options in (
            {"period": "century"},
            {"day": "tomorrow"},
            {"day": {"a": 1}},
            {"day": "0001-01-01", "period": "year"},
            {"calendar": "julian"},
            {"period": ["month"]},
        ):
            with self.subTest(options), self.assertRaises(UserError):
                self._show(**options)
        self.assertTrue(self._show(site=999999999)["tiles"])
        self.assertTrue(self._show(site="x")["tiles"])

    def test_of_one_site(self):
        """The figures of a site are its own, and not broken down by site again."""
        self._visit()
        here = self._show(site=self.site.id)
        self.assertEqual(self._tile(here, "visits_count")["text"], "1")
        there = self._show(site=self.branch.id)
        self.assertEqual(self._tile(there, "visits_count")["text"], "0")
        site = self.env.ref(
            "npo_relations.npo_dashboard_manager_requests_received_by_site"
        )
        self.assertNotIn(site.id, [part["id"] for part in here["breakdowns"]])

    def test_breakdown_adds_up(self):
        """A breakdown of a count adds up to its tile."""
        for _number in range(2):
            self._advance(self._new_request(), "verification")
            self.env["npo.beneficiary"].search(
                [("company_id", "=", self.company.id)]
            ).active = False
        content = self._show()
        total = int(self._tile(content, "requests_received")["text"])
        line = self.env.ref(
            "npo_relations.npo_dashboard_manager_requests_received_by_service"
        )
        part = next(one for one in content["breakdowns"] if one["id"] == line.id)
        self.assertEqual(sum(int(row["text"]) for row in part["rows"]), total)
        self.assertEqual(part["rows"][0]["width"], 100)

    def test_late(self):
        """A list of what is late holds what the reader may read, and opens it."""
        request = self._advance(self._new_request(), "committee")
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=90)):
            content = self._show("officer")
            late = next(
                one for one in content["lists"] if one["model"] == "npo.request"
            )
            self.assertEqual([row["id"] for row in late["rows"]], request.ids)
            board = self._board("officer").with_user(self.officer)
            action = board.open_line(late["id"])
            found = self.env["npo.request"].search(action["domain"])
            self.assertIn(request, found)

    def test_late_at_each_site(self):
        """D14: with a site chosen, what is late there alone is listed and opened."""
        sites = (self.site, self.branch)
        late = {}
        for index, site in enumerate(sites):
            request = self._new_request(self._new_beneficiary(index), site_id=site.id)
            late[site] = self._advance(request, "committee")
        board = self._board("manager")
        line = self.env.ref("npo_relations.npo_dashboard_manager_list_1")

        def shown(content, line):
            return next(one for one in content["lists"] if one["id"] == line.id)

        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=90)):
            everywhere = self._show()
            self.assertEqual(shown(everywhere, line)["count"], 2)
            for site in sites:
                with self.subTest(site.name):
                    content = self._show(site=site.id)
                    part = shown(content, line)
                    ids = [row["id"] for row in part["rows"]]
                    self.assertEqual((ids, part["count"]), (late[site].ids, 1))
                    self.assertFalse(part["all_sites"])
                    board = board.with_user(self.users["manager"])
                    action = board.open_line(line.id, {"site": site.id})
                    found = self.env["npo.request"].search(action["domain"])
                    self.assertEqual(found, late[site])

    def test_late_at_all_sites(self):
        """D14: a list whose records name no site says that it is of all sites."""
        for site, is_said in ((False, False), (self.site.id, True)):
            lists = self._show("payer", site=site)["lists"]
            bills = next(one for one in lists if one["model"] == "account.move")
            with self.subTest(site):
                self.assertEqual(bills["all_sites"], is_said)

    def _answer(self, day, satisfied, times, site):
        """Write answers to the first question, as the pages would."""
        self.env["npo.opinion.answer"].create(
            [
                {
                    "company_id": self.company.id,
                    "event": "after_service",
                    "question_code": "q_overall",
                    "date": day,
                    "is_satisfied": satisfied,
                    "site_id": site.id,
                }
            ]
            * times
        )

    def _opinion(self, name, **options):
        """Return the text of the tile of satisfaction."""
        content = self._show(name, **options)
        code = "manager" if name == "manager" else "centre"
        line = self.env.ref(f"npo_relations.npo_dashboard_{code}_csat")
        return next(one for one in content["tiles"] if one["id"] == line.id)["text"]

    def test_opinions(self):
        """R079: whole months that are over, of enough answers, of all sites."""
        with freeze_time("2026-11-22 09:00:00"):
            self._answer("2026-10-05", True, 5, self.site)
            self._answer("2026-10-06", False, 1, self.branch)
            self._answer("2026-09-05", True, 4, self.site)
            self._answer("2026-11-05", True, 9, self.site)
            told = self._opinion("handler", day="2026-10-01")
            self.assertIn("83%", told)
            few = self._opinion("handler", day="2026-09-01")
            self.assertEqual(few, "Too few to tell")
            later = "Told by whole months, when they are over"
            for options in (
                {},  # this month: the next answer would show in the difference
                {"day": "2026-10-01", "site": self.site.id},
                {"day": "2026-10-01", "period": "quarter"},
                {"day": "2026-10-05", "period": "week"},
                {"day": "2026-10-05", "period": "day"},
                {"day": "2026-10-10", "calendar": "hijri"},
            ):
                with self.subTest(options):
                    self.assertEqual(self._opinion("handler", **options), later)
            # the management, who reads the answers themselves
            self.assertIn("9", self._opinion("manager"))
            self.assertEqual(
                self._opinion("manager", day="2026-09-01"), "Too few to tell"
            )

    def test_opinions_are_not_opened(self):
        """R079: who sees the figure does not see the answers behind it."""
        board = self._board("centre").with_user(self.users["handler"])
        line = self.env.ref("npo_relations.npo_dashboard_centre_csat")
        with self.assertRaises(AccessError):
            action = board.open_line(line.id)
            self.env[action["res_model"]].with_user(self.users["handler"]).search(
                action["domain"]
            )

    def test_two_associations(self):
        """Nothing of another association is counted or listed."""
        other = self._new_association("Other", "nbra")
        manager = self._new_staff("boss", "general_manager", other)
        self._advance(self._new_request(), "verification")
        content = (
            self.env["npo.dashboard"]
            .with_user(manager)
            .with_company(other)
            .with_context(allowed_company_ids=other.ids)
            .get_dashboard()
        )
        self.assertEqual(self._tile(content, "requests_received")["text"], "0")
        self.assertNotIn(self.site.id, [one["id"] for one in content["sites"]])

    def test_it_is_plain_data(self):
        """What is sent to the browser is JSON, whatever was counted."""
        for name in ("manager", "centre", "member", "payer", "officer"):
            with self.subTest(name):
                self.assertTrue(json.dumps(self._show(name)))

    @freeze_time("2026-10-04 23:30:00")  # 02:30 of the next day in Riyadh
    def test_day_of_the_association(self):
        """D09: a moment is said by its day at the association, wherever one reads."""
        self._visit()
        manager = self.users["manager"]
        manager.tz = "America/New_York"
        visit = self.env["npo.visit"].search([("company_id", "=", self.company.id)])
        board = self._board("manager").with_user(manager)
        view = board._view({})
        day = date(2026, 10, 5)
        self.assertEqual(
            board._day_said(visit.with_user(manager), "date_arrived", view),
            board._label({**view, "kind": "day"}, (day, day)),
        )

    def test_definition(self):
        """A line that could not be shown is refused where it is written."""
        board = self._board("manager")
        lines = self.env["npo.dashboard.line"]
        broken = (
            {
                "kind": "breakdown",
                "kpi_id": self.env.ref("npo_relations.kpi_paid_on_time").id,
                "by": "gender",
            },
            {"kind": "list", "name": "L", "res_model": "no.model", "domain": "[]"},
            {
                "kind": "list",
                "name": "L",
                "res_model": "npo.request",
                "domain": "[('no_field', '=', 1)]",
            },
        )
        for vals in broken:
            with self.subTest(vals), self.assertRaises(ValidationError):
                lines.create({"dashboard_id": board.id, **vals})


@tagged("post_install", "-at_install")
class TestDashboardStatements(DashboardCommon):
    """The figures take the same few statements, however many they are."""

    def _visits(self, count):
        """Let people come and go at the first site, today."""
        self.env.flush_all()
        self.cr.execute(
            """INSERT INTO npo_visit (company_id, site_id, day, section, number, state,
                      purpose_id, date_arrived, name, create_date)
               SELECT %s, %s, %s, 'men', n, 'done', %s, now(), 'V' || n, now()
                 FROM generate_series(1, %s) n""",
            [
                self.company.id,
                self.site.id,
                local_today(),
                self.env.ref("npo_relations.visit_purpose_inquiry").id,
                count,
            ],
        )

    def test_tiles(self):
        """D14: the tiles within four statements, of nothing and of three thousand."""
        board = self._board("manager").with_user(self.users["manager"])
        view = board._view({})
        board._tiles(view)  # the definitions are known then, as in a running server
        for count in (0, 3000):
            self._visits(count)
            start = self.cr.sql_log_count
            tiles = board._tiles(view)
            with self.subTest(count):
                self.assertLessEqual(self.cr.sql_log_count - start, 4)
                tile = self._tile({"tiles": tiles}, "visits_count")
                self.assertEqual(tile["text"].replace(",", ""), str(count))
