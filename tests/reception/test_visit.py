from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ReceptionCommon


@tagged("post_install", "-at_install")
class TestRegister(ReceptionCommon):
    """R104, R172, D03: how visitors are registered."""

    def test_numbers(self):
        """D03: a number of the day by site and section, none left out."""
        first = self._visit()
        self.assertRegex(first.name, r"^VIS/\d{4}/\d{5}$")
        self.assertEqual(first.number, 1)
        self.assertEqual(self._visit().number, 2)
        self.assertEqual(self._visit(section="men").number, 1)
        self.assertEqual(self._visit(site_id=self.branch.id).number, 1)
        self.assertEqual(first.sheet_id.last_women, 2)
        self.assertEqual(first.sheet_id.opened_by_id, self.front)
        self.assertNotIn("Noura", first.display_name)

    def test_number_of_a_refused_visitor(self):
        """D03: what is refused leaves no gap."""
        self._visit()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._visit(companions=10000)
        self.assertEqual(self._visit().number, 2)

    @freeze_time("2026-10-04 22:30:00")  # 01:30 of the next day in Riyadh
    def test_day_of_the_association(self):
        """D09: the day is that of the association, and stays what it was."""
        visit = self._visit()
        self.assertEqual(visit.day, date(2026, 10, 5))
        earlier = self._visit(date_arrived=datetime(2026, 10, 4, 20, 59))
        self.assertEqual(earlier.day, date(2026, 10, 4))
        self.assertEqual((visit.number, earlier.number), (1, 1))

    def test_nobody_from_the_future(self):
        """R172: a counter whose clock is wrong registers nobody for tomorrow."""
        with freeze_time("2026-10-05 08:00:00"):
            with self.assertRaisesRegex(ValidationError, "future|المستقبل"):
                self._visit(date_arrived="2026-10-06 08:00:00")
            fast = self._visit(date_arrived="2026-10-05 08:04:00")
            self.assertEqual(fast.date_arrived, datetime(2026, 10, 5, 8))

    def test_new_and_returning(self):
        """R172: who came before is known by the earlier visits of the person."""
        first = self._visit(partner_id=self.person.id)
        self.assertEqual(first.visitor_kind, "new")
        self.assertEqual(first.gender, "female")
        again = self._visit(partner_id=self.person.id, gender="male")
        self.assertEqual(again.visitor_kind, "returning")
        self.assertEqual(again.gender, "female", "the gender is the person's")
        self.assertEqual(self._visit(visitor_name="Umm Ali").visitor_kind, "new")

    def test_sent_twice(self):
        """R104: the queue of a counter sent twice makes one visitor."""
        first = self._visit(client_key="k1")
        again = self._visit(client_key="k1", visitor_name="x")
        self.assertEqual(first, again)
        both = self.env["npo.visit"].with_user(self.front)
        made = both._register_visitors(
            [
                {
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "purpose_id": self.inquiry.id,
                    "client_key": key,
                }
                for key in ("k1", "k2")
            ]
        )
        self.assertEqual(made[0], first)
        self.assertNotEqual(made[1], first)

    def test_registered_twice_warned(self):
        """R172: a person registered twice on a day is warned of, not refused."""
        self._visit(partner_id=self.person.id)
        form = Form(self.env["npo.visit"].with_user(self.front))
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as caught:
            form.partner_id = self.person
        self.assertTrue(caught.output)
        form.purpose_id = self.inquiry
        self.assertEqual(form.save().number, 1, "another section")

    def test_site_without_calendar(self):
        """A site without working hours of its own registers like any other."""
        self.assertFalse(self.branch.calendar_id)
        visit = self._done(site_id=self.branch.id)
        self.assertEqual(visit.state, "done")

    def test_closed_site(self):
        self.branch.active = False
        with self.assertRaises(UserError):
            self._visit(site_id=self.branch.id)


@tagged("post_install", "-at_install")
class TestFlow(ReceptionCommon):
    """R104, R106: a visitor is called, served, ended; times are kept."""

    def test_times(self):
        """R104: waiting = service start − arrival; R106: how long it took."""
        with freeze_time("2026-10-05 08:00:00"):
            visit = self._visit()
        with freeze_time("2026-10-05 08:12:00"):
            visit.with_context(npo_counter=3).action_call()
            self.assertEqual((visit.state, visit.counter), ("called", 3))
        with freeze_time("2026-10-05 08:15:00"):
            visit.action_start()
        with freeze_time("2026-10-05 08:45:00"):
            visit.action_end("completed")
        self.assertEqual((visit.waiting_minutes, visit.service_minutes), (15, 30))
        self.assertEqual((visit.state, visit.result), ("done", "completed"))
        self.assertEqual(visit.user_id, self.front)

    def test_clock_set_back(self):
        """A clock that is set back makes no negative minutes, and no other day."""
        with freeze_time("2026-10-05 21:05:00"):
            visit = self._visit()
        with freeze_time("2026-10-05 20:55:00"):  # the day before, in Riyadh
            visit.action_start()
            self.assertEqual(visit.waiting_minutes, 0)
            visit.action_end("completed")
        self.assertEqual(visit.service_minutes, 0)
        self.assertEqual(visit.day, date(2026, 10, 6))
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            visit.sudo().date_ended = "2026-10-01 08:00:00"
            self.env.flush_all()
        self.assertIn("ended_after_begun", str(caught.exception))

    def test_next(self):
        """R104: who waits longest is next; a section, or any."""
        men = self._visit(section="men")
        women = self._visit(section="women")
        visits = self.env["npo.visit"].with_user(self.front)
        self.assertEqual(visits._call_next(self.site, "women", 2), women)
        self.assertEqual(visits._call_next(self.site), men)
        self.assertFalse(visits._call_next(self.site))
        for counter in (100, -1, "x"):
            with self.subTest(counter), self.assertRaises(UserError):
                self._visit().with_context(npo_counter=counter).action_call()

    def test_called_by_a_colleague(self):
        """R104: nobody takes over who was called; who tries is told by whom."""
        visit = self._visit()
        visit.with_context(npo_counter=3).action_call()
        late = visit.with_user(self.officer)
        for step in (late.action_call, late.action_start):
            with self.assertRaisesRegex(UserError, self.front.name):
                step()
        self.assertRecordValues(
            visit, [{"state": "called", "counter": 3, "user_id": self.front.id}]
        )

    def test_called_again(self):
        """R104: who does not come is called again, by whom they were called."""
        with freeze_time("2026-10-05 08:00:00"):
            visit = self._visit()
            visit.action_call()
        with freeze_time("2026-10-05 08:02:00"):
            visit.action_call()
        self.assertEqual(visit.date_called, datetime(2026, 10, 5, 8, 2))
        visit.action_start()
        self.assertEqual(visit.user_id, self.front)

    def test_steps_in_order(self):
        """What was done is not done again, and who asks is told."""
        visit = self._visit()
        with self.assertRaises(UserError):
            visit.action_end("completed")
        visit.action_start()
        with self.assertRaises(UserError):
            visit.action_leave()
        for result in (None, "left", "x"):
            with self.subTest(result), self.assertRaises(UserError):
                visit.action_end(result)
        visit.action_end("returned")
        with self.assertRaises(UserError):
            visit.action_start()
        left = self._visit()
        left.action_leave()
        self.assertEqual((left.state, left.result), ("left", "left"))

    def test_refer(self):
        """R104: referred to a section, with a number of it, or to a colleague."""
        self._visit(section="men")
        visit = self._served()
        waited = visit.waiting_minutes
        visit._refer("men")
        self.assertEqual((visit.section, visit.number), ("men", 2))
        self.assertEqual(visit.state, "waiting")
        colleague = self.users["officer2"]
        visit._refer(user=colleague)
        visits = self.env["npo.visit"]
        mine = visits.with_user(self.front)._call_next(self.site, "men")
        self.assertNotEqual(mine, visit)
        theirs = visits.with_user(colleague)._call_next(self.site, "men")
        self.assertEqual(theirs, visit)
        theirs.action_start()
        self.assertEqual(theirs.waiting_minutes, waited)
        self.assertEqual(len(theirs.sudo().interaction_ids), 1)
        with self.assertRaises(UserError):
            theirs._refer()
        with self.assertRaises(UserError):
            theirs._refer(user=self.users["researcher"])

    def test_register_is_not_written(self):
        """What the register and the steps fill is nobody's to write or default."""
        visit = self._visit()
        for vals in (
            {"number": 7},
            {"state": "done"},
            {"day": "2026-01-01"},
            {"waiting_minutes": 0},
            {"rating_code": "1"},
            {"sheet_id": False},
            {"user_id": self.officer.id},
            {"visitor_kind": "returning"},
            {"name": "VIS/1"},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                visit.write(vals)
        visits = self.env["npo.visit"].with_user(self.front)
        told = {"site_id": self.site.id, "purpose_id": self.inquiry.id}
        for vals in ({"number": 7}, {"state": "done"}, {"client_key": "x"}):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                visits.create({**told, **vals})
        made = visits.with_context(default_state="done", default_number=9).create(told)
        self.assertEqual((made.state, made.number), ("waiting", 1))
        with self.assertRaises(UserError):
            made.sudo().unlink()

    def test_who_may(self):
        """A delegate serves the own sites; management and audit read."""
        visit = self._visit()
        own = self._visit(user="delegate", site_id=self.branch.id)
        delegate = self.users["delegate"]
        visits = self.env["npo.visit"].with_user(delegate)
        self.assertEqual(visits.search([]), own)
        with self.assertRaises(AccessError):
            self._visit(user="delegate")
        with self.assertRaises(AccessError):
            visit.with_user(delegate).action_start()
        for who in ("manager", "auditor"):
            reader = visit.with_user(self.users[who])
            self.assertEqual(reader.number, 1)
            with self.subTest(who), self.assertRaises(AccessError):
                reader.action_call()
        with self.assertRaises(AccessError):
            visit.with_user(self.users["researcher"]).read(["number"])

    def test_home(self):
        """R172: who came today and who waits stand on the home."""
        self._visit()
        self._done()
        with freeze_time("2020-01-01 08:00:00"):
            self._visit()
        tiles = self.env["npo.home"].with_user(self.front).get_home()["tiles"]
        counts = [one["count"] for one in tiles if one["model"] == "npo.visit"]
        self.assertEqual(counts, [1, 2])

    def test_measures(self):
        """Glossary 22: visitors, waiting, service time, left, from one place."""
        with freeze_time("2026-10-05 08:00:00"):
            visits = [self._visit() for _number in range(3)]
        with freeze_time("2026-10-05 08:10:00"):
            visits[0].action_start()
            visits[2].action_leave()
        with freeze_time("2026-10-05 08:20:00"):
            visits[1].action_start()
            visits[0].action_end("completed")
        day = date(2026, 10, 5)
        codes = ("visits_count", "avg_waiting", "avg_service_time", "left_unserved")
        kpis = self.env["npo.kpi"].search([("code", "in", codes)])
        figures = {
            kpi.code: figure
            for kpi, figure in kpis._figures(self.company, day, day).items()
        }
        self.assertEqual(figures["visits_count"], (3, 3))
        self.assertEqual(figures["avg_waiting"], (2, 15))
        self.assertEqual(figures["avg_service_time"], (1, 10))
        self.assertEqual(figures["left_unserved"], (2, 1))
        waiting = kpis.filtered(lambda kpi: kpi.code == "avg_waiting")
        self.assertIn("15", waiting._figure_text(2, 15))
