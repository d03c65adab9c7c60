"""Appointments with officials: R066, R106, R192, R193, D09."""

from datetime import date, timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_appointment import NOW, AppointmentCommon, riyadh


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFreeTimes(AppointmentCommon):
    """When an official is free (R193)."""

    def test_hours_and_breaks(self):
        """The hours of the association, half an hour each, without the break."""
        hours = self._hours(first=date(2026, 11, 29), days=1)
        self.assertEqual(hours[0], "29 08:00")
        self.assertEqual(len(hours), 14)
        self.assertNotIn("29 12:00", hours)
        friday = self._hours(first=date(2026, 11, 27), days=2)
        self.assertEqual(friday, [])

    def test_own_hours_within_the_site(self):
        """An official's own hours, within those of the site and without its leaves."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Mondays",
                "company_id": self.company.id,
                "tz": "Asia/Riyadh",
                "attendance_ids": [
                    fields.Command.clear(),
                    fields.Command.create(
                        {
                            "name": "Monday",
                            "dayofweek": "0",
                            "hour_from": 6,
                            "hour_to": 10,
                        }
                    ),
                ],
            }
        )
        self.official.calendar_id = calendar
        self.assertEqual(
            self._hours(first=date(2026, 11, 26), days=7),
            ["30 08:00", "30 08:30", "30 09:00", "30 09:30"],
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "calendar_id": calendar.id,
                "date_from": riyadh(30, 8),
                "date_to": riyadh(30, 9),
            }
        )
        self.assertEqual(
            self._hours(first=date(2026, 11, 26), days=7), ["30 09:00", "30 09:30"]
        )

    def test_site_without_own_hours_keeps_holidays(self):
        """A site with hours of its own is closed on the association's holidays."""
        self.site.calendar_id = self.company.resource_calendar_id.copy(
            {"name": "Branch"}
        )
        self.assertIn("29 08:00", self._hours())
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Founding",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": riyadh(29, 0),
                "date_to": riyadh(30, 0),
            }
        )
        self.assertEqual(self._hours()[0][:2], "26")
        self.assertNotIn("29", {hour[:2] for hour in self._hours()})

    def test_ramadan(self):
        """In Ramadan 1448 (from 8 February 2027) the times are those of Ramadan."""
        with freeze_time("2027-02-04 06:00:00"):
            hours = self._hours(first=date(2027, 2, 7), days=2)
        self.assertIn("07 08:00", hours)
        self.assertNotIn("08 08:00", hours)
        self.assertIn("08 10:00", hours)

    def test_calendar(self):
        """Busy events count, whoever invited; free and declined ones do not."""
        self._event(riyadh(29, 8))
        free = self._event(riyadh(29, 9), show_as="free")
        invited = self._event(
            riyadh(29, 10),
            user=self.officer,
            partner_ids=[
                fields.Command.set((self.manager | self.officer).partner_id.ids)
            ],
        )
        hours = self._hours(first=date(2026, 11, 29), days=1)
        self.assertEqual(hours[:3], ["29 09:00", "29 09:30", "29 11:00"])
        invited.attendee_ids.filtered(
            lambda one: one.partner_id == self.manager.partner_id
        ).state = "declined"
        self.assertIn("29 10:00", self._hours(first=date(2026, 11, 29), days=1))
        free.write({"show_as": "busy"})
        self.assertNotIn("29 09:00", self._hours(first=date(2026, 11, 29), days=1))

    def test_whole_day(self):
        """An event of a whole day takes the day, and neither neighbour."""
        self._event(
            riyadh(29, 8),
            allday=True,
            start_date=date(2026, 11, 29),
            stop_date=date(2026, 11, 29),
        )
        days = {hour[:2] for hour in self._hours(first=date(2026, 11, 26), days=5)}
        self.assertEqual(days, {"26", "30"})

    def test_absence(self):
        """Who is away has no times, to the last hour of the last day."""
        self.env["npo.absence"].create(
            {
                "user_id": self.manager.id,
                "cover_id": self.officer.id,
                "date_from": "2026-11-26",
                "date_to": "2026-11-29",
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._hours()[0], "30 08:00")

    def test_length_by_purpose(self):
        """R106: the length is that of the purpose, the official, the association."""
        interview = self.env.ref("npo_relations.visit_purpose_interview")
        self.assertEqual(self.official._minutes(interview), 30)
        self.official.slot_minutes = 20
        self.assertEqual(self.official._minutes(interview), 20)
        interview.with_company(self.company).slot_minutes = 60
        self.assertEqual(self.official._minutes(interview), 60)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(interview.with_company(other).slot_minutes)
        appointment = self._ask(riyadh(29, 9), purpose_id=interview.id)
        self.assertEqual(appointment.stop - appointment.start, timedelta(hours=1))

    def test_number_a_day(self):
        """A day that has as many as the official takes has no more times."""
        self.official.max_a_day = 1
        self._ask(riyadh(29, 9))
        self.assertNotIn("29", {hour[:2] for hour in self._hours()})
        with self.assertRaisesRegex(UserError, "30"):
            self._ask(riyadh(29, 14))

    def test_archived(self):
        """Whose account is closed, or who was archived, is met by nobody."""
        self.assertTrue(self._hours())
        self.manager.active = False
        self.assertEqual(self._hours(), [])
        with self.assertRaises(UserError):
            self._ask(riyadh(29, 9))
        self.manager.active = True
        self.official.active = False
        with self.assertRaises(UserError):
            self._ask(riyadh(29, 9))

    def test_official(self):
        """What is not an official, or has no number, is refused with a sentence."""
        stranger = self.env["res.users"].create({"name": "New", "login": "new_apt"})
        for error, vals in (
            (ValidationError, {"user_id": stranger.id}),
            (CheckViolation, {"slot_minutes": -1}),
            (CheckViolation, {"slot_minutes": 481}),
            (CheckViolation, {"days_ahead": 400}),
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.cr.savepoint(),
            ):
                self.official.write(vals)
                self.env.flush_all()
        self.site.has_women_section = False
        with self.assertRaises(ValidationError):
            self.official.section = "women"
        self._ask(riyadh(29, 9))
        with self.assertRaises(UserError):
            self.official.user_id = self.officer


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAppointment(AppointmentCommon):
    """From being asked for to what became of it (R192)."""

    def test_refused_with_alternatives(self):
        """R193: Friday, a holiday, a meeting, the break: the next times are named."""
        self._event(riyadh(29, 9))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": riyadh(30, 0),
                "date_to": riyadh(31, 0),
            }
        )
        for start, named in (
            (riyadh(27, 9), "08:00"),  # Friday
            (riyadh(30, 9), "08:00"),  # the holiday
            (riyadh(29, 9, 30), "08:00"),  # over the meeting
            (riyadh(29, 12), "08:00"),  # the break
            (riyadh(25, 9), "09:00"),  # yesterday
            (riyadh(29 + 60, 9), "09:00"),  # further than times are given
        ):
            with self.subTest(start=start):
                with self.assertRaisesRegex(UserError, named), self.cr.savepoint():
                    self._ask(start)
        self.assertTrue(self._ask(riyadh(29, 8)))

    def test_asked_and_confirmed(self):
        """Reception asks, the official confirms: the calendar and the person know."""
        appointment = self._ask(riyadh(29, 9))
        self.assertEqual(appointment.state, "requested")
        self.assertTrue(appointment.name.startswith("APT"))
        task = self.env["mail.activity"].search(
            [("res_model", "=", "npo.appointment"), ("res_id", "=", appointment.id)]
        )
        self.assertEqual(task.user_id, self.manager)
        with self.assertRaises(AccessError), self.cr.savepoint():
            appointment.action_confirm()  # reception does not answer for the official
        appointment.with_user(self.manager).action_confirm()
        own = appointment.sudo()
        self.assertEqual(own.state, "confirmed")
        self.assertFalse(task.exists())
        self.assertEqual(len(self._messages(own, "confirmed")), 1)
        event = own.event_id
        self.assertEqual((event.start, event.stop), (own.start, own.stop))
        self.assertEqual(event.user_id, self.manager)
        self.assertEqual(event.partner_ids, self.manager.partner_id)
        self.assertEqual(event.privacy, "private")
        told = f"{event.name} {event.description} {event.location}"
        self.assertNotIn("refusal", told)
        self.assertNotIn(self.person.name, told)
        self.assertNotIn("09:00", self._hours(first=date(2026, 11, 29), days=1))
        with self.assertRaises(UserError):
            appointment.with_user(self.manager).action_confirm()

    def test_confirmed_at_once(self):
        """Who is met and who meets are both there: nobody waits for an answer."""
        appointment = self._ask(riyadh(29, 9), user=self.manager)
        self.assertEqual(appointment.state, "confirmed")

    def test_proposed(self):
        """Without a time, the official proposes one; the person agrees by telephone."""
        appointment = self._ask(wishes="Mornings")
        self.assertFalse(appointment.start)
        with self.assertRaises(AccessError), self.cr.savepoint():
            appointment._propose(riyadh(29, 9))
        official = appointment.with_user(self.manager)
        with self.assertRaises(UserError), self.cr.savepoint():
            official.action_confirm()  # no time to confirm
        official._propose(riyadh(29, 9), "I am travelling before.")
        self.assertEqual(appointment.state, "proposed")
        message = self._messages(appointment, "proposed")
        self.assertIn("I am travelling before.", message.body)
        self.assertNotIn("refusal", message.subject)
        self.assertFalse(appointment.sudo().event_id)
        appointment.action_agree()
        self.assertEqual(appointment.state, "confirmed")
        self.assertTrue(appointment.sudo().event_id)

    def test_moved(self):
        """The person asks for another time: the hour moves and is confirmed again."""
        own = self._confirmed(riyadh(29, 9))
        event = own.event_id
        own.with_user(self.front)._reschedule(riyadh(29, 10))
        self.assertEqual(own.state, "rescheduled")
        self.assertEqual(event.start, riyadh(29, 10))
        self.assertIn("29 09:00", self._hours())
        own.with_user(self.manager).action_confirm()
        self.assertEqual(own.state, "confirmed")
        self.assertEqual(own.event_id, event)
        # to an hour that overlaps its own old one
        own.with_user(self.front)._reschedule(riyadh(29, 10, 15))
        self.assertEqual(own.start, riyadh(29, 10, 15))

    def test_declined(self):
        """A refusal needs a reason, which the person reads; the hour is free again."""
        own = self._confirmed(riyadh(29, 9))
        event = own.event_id
        with self.assertRaises(UserError), self.cr.savepoint():
            own.with_user(self.manager)._decline(" ")
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.with_user(self.front)._decline("No.")
        own.with_user(self.manager)._decline("The committee decides on it.")
        self.assertEqual(own.state, "declined")
        self.assertFalse(event.exists())
        self.assertIn(
            "The committee decides on it.", self._messages(own, "declined").body
        )
        self.assertIn("29 09:00", self._hours())
        with self.assertRaises(UserError):
            own.with_user(self.front)._reschedule(riyadh(29, 9))

    def test_cancelled(self):
        """Who does not come frees the hour."""
        own = self._confirmed(riyadh(29, 9))
        own.with_user(self.front).action_cancel()
        self.assertEqual(own.state, "cancelled")
        self.assertFalse(own.event_id)
        self.assertTrue(self._ask(riyadh(29, 9)))

    def test_over_meanwhile(self):
        """What came into the calendar before the confirmation is told, not doubled."""
        appointment = self._ask(riyadh(29, 9))
        self._event(riyadh(29, 9))
        with self.assertRaisesRegex(UserError, "10:00"):
            appointment.with_user(self.manager).action_confirm()

    def test_held_and_missed(self):
        """What became of it is recorded once it has begun, or the person is here."""
        own = self._confirmed(riyadh(29, 9))
        official = own.with_user(self.manager)
        for step in ("action_held", "action_no_show"):
            with self.assertRaises(UserError), self.cr.savepoint():
                getattr(official, step)()
        with freeze_time("2026-11-29 06:10:00"):
            official.action_no_show()
            self.assertEqual(own.state, "no_show")
            other = self._confirmed(riyadh(29, 10))
        with freeze_time("2026-11-29 06:50:00"):
            other.with_user(self.front).action_arrive()
            with self.assertRaises(UserError), self.cr.savepoint():
                other.with_user(self.front).action_no_show()
            other.with_user(self.manager).write({"outcome": "A new study"})
            other.with_user(self.manager).action_held()
        self.assertEqual(other.state, "held")
        kpi = self.env.ref("npo_relations.kpi_appointments_held")
        day = date(2026, 11, 29)
        with freeze_time("2026-11-30 06:00:00"):
            figures = kpi._figures(self.company, day, day)
        self.assertEqual(figures[kpi], (2, 1))

    def test_crons(self):
        """Both are reminded once, a day before; who did not come is marked."""
        own = self._confirmed(riyadh(29, 9))
        call = self._confirmed(riyadh(29, 10), mode="phone")
        appointments = self.env["npo.appointment"]
        appointments._cron_remind()
        self.assertFalse(own.date_reminded, "three days ahead")
        with freeze_time("2026-11-28 07:30:00"):
            appointments._cron_remind()
            appointments._cron_remind()
        self.assertEqual(len(self._messages(own, "reminder")), 1)
        task = self.env["mail.activity"].search(
            [("user_id", "=", self.manager.id), ("res_model", "=", False)]
        )
        self.assertEqual(task.date_deadline, date(2026, 11, 29))
        self.assertIn("2", task.summary, "one task for both of the day")
        with freeze_time("2026-11-29 06:59:00"):  # half past nine and 29 minutes
            appointments._cron_no_show()
            self.assertEqual(own.state, "confirmed")
        with freeze_time("2026-11-29 10:31:00"):
            appointments._cron_no_show()
        self.assertEqual(own.state, "no_show")
        self.assertEqual(call.state, "confirmed", "nobody waits at the door")

    def test_arrival(self):
        """Whoever has an appointment is recognised at the door, once."""
        own = self._confirmed(riyadh(29, 9))
        later = self._confirmed(riyadh(29, 14))
        appointments = self.env["npo.appointment"].with_user(self.front)
        self.assertFalse(appointments._appointments_of(self.person, self.site))
        with freeze_time("2026-11-29 05:50:00"):
            self.assertFalse(appointments._appointments_of(self.person, self.branch))
            found = appointments._appointments_of(self.person, self.site)
            self.assertEqual(found, {self.person: own})
            visit = self.env["npo.visit"].create(
                {
                    "site_id": self.site.id,
                    "partner_id": self.person.id,
                    "purpose_id": self.env.ref(
                        "npo_relations.visit_purpose_meet_official"
                    ).id,
                    "company_id": self.company.id,
                    "day": "2026-11-29",
                }
            )
            found[self.person]._arrive(visit)
            self.assertEqual((own.visit_id, bool(own.date_arrived)), (visit, True))
            own._arrive()
            self.assertEqual(own.visit_id, visit, "noted once")
            found = appointments._appointments_of(self.person, self.site)
            self.assertEqual(found, {self.person: later})
        self.assertFalse(appointments._appointments_of(self.person.browse(), self.site))

    def test_around_midnight(self):
        """Today is that of the association: at one in the night UTC is yesterday."""
        own = self._confirmed(riyadh(29, 9))
        appointments = self.env["npo.appointment"]
        for moment, is_found in (
            ("2026-11-28 20:59:00", False),  # 23:59 of Saturday
            ("2026-11-28 21:01:00", True),  # 00:01 of Sunday
            ("2026-11-29 21:01:00", False),  # Monday
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                found = appointments._appointments_of(self.person, self.site)
                self.assertEqual(found, {self.person: own} if is_found else {})

    def test_circumstances(self):
        """R066: to whom it is hard to come, a call is proposed."""
        file = self.env["npo.beneficiary"].search([("partner_id", "=", self.person.id)])
        forms = self.env["npo.appointment.book"].with_user(self.officer)
        form = Form(forms)
        form.partner_id = self.person
        self.assertEqual(form.mode, "in_person")
        remote = self.env["npo.circumstance"].search([("is_remote", "=", True)])
        file.circumstance_ids = remote.filtered(lambda one: not one.is_sensitive)[:1]
        form = Form(forms)
        form.partner_id = self.person
        self.assertEqual(form.mode, "phone")
        self.assertIn(file.circumstance_ids.name, form.circumstance_note)
        appointment = self._ask()
        self.assertIn(file.circumstance_ids.name, appointment.circumstance_note)

    def test_guards(self):
        """R193: what a step writes, nobody writes; the database refuses a double."""
        appointment = self._ask(riyadh(29, 9))
        for vals in (
            {"state": "confirmed"},
            {"start": riyadh(27, 9)},
            {"official_id": self.official.id},
            {"partner_id": self.officer.partner_id.id},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                appointment.write(vals)
        appointment.write({"wishes": "Mornings"})
        with self.assertRaises(AccessError), self.cr.savepoint():
            appointment.create({"partner_id": self.person.id, "subject": "x"})
        with self.assertRaises(ExclusionViolation), self.cr.savepoint():
            with mute_logger("odoo.sql_db"):
                self.env["npo.appointment"].create(
                    {
                        "official_id": self.official.id,
                        "partner_id": self.person.id,
                        "subject": "x",
                        "start": riyadh(29, 9, 15),
                        "stop": riyadh(29, 9, 20),
                        "company_id": self.company.id,
                    }
                )
                self.env.flush_all()

    def test_who_sees(self):
        """Reception and the readers see all, an official the own, others nothing."""
        appointment = self._ask(riyadh(29, 9))
        other = self._new_official(self.users["researcher"], title="Head of research")
        mine = self._ask(riyadh(29, 9), official=other)
        for name, expected in (
            ("front", appointment | mine),
            ("officer", appointment | mine),
            ("centre", appointment | mine),
            ("auditor", appointment | mine),
            ("manager", appointment | mine),
            ("researcher", mine),
            ("delegate", mine.browse()),
            ("handler", mine.browse()),
        ):
            with self.subTest(name):
                found = mine.with_user(self.users[name]).search([])
                self.assertEqual(found.sorted("id"), expected.sorted("id"))
        with self.assertRaises(AccessError):
            mine.with_user(self.manager).write({"outcome": "Not mine"})


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAppointmentInCalendar(AppointmentCommon):
    """The official moves the hour in the calendar (R192)."""

    def _shift(self, own, **vals):
        event = own.event_id.with_user(self.manager).with_context(dont_notify=True)
        event.write(vals)

    def test_follows(self):
        """The appointment follows, and the person is asked whether it suits."""
        own = self._confirmed(riyadh(29, 9))
        self._shift(own, start=riyadh(30, 10), stop=riyadh(30, 10, 30))
        self.assertEqual((own.start, own.state), (riyadh(30, 10), "proposed"))
        self.assertEqual(len(self._messages(own, "proposed")), 1)
        self.assertTrue(own.event_id)
        self._shift(own, name="Renamed")
        own.with_user(self.front).action_agree()
        self.assertEqual(own.state, "confirmed")
        self._shift(own, stop=riyadh(30, 11))
        self.assertEqual((own.stop, own.state), (riyadh(30, 11), "confirmed"))

    def test_refused(self):
        """Onto Friday, onto another appointment, or away: refused, all stays."""
        own = self._confirmed(riyadh(29, 9))
        self._confirmed(riyadh(29, 10))
        for start in (riyadh(27, 9), riyadh(29, 10)):
            stop = start + timedelta(minutes=30)
            with self.assertRaisesRegex(UserError, "08:00"), self.cr.savepoint():
                self._shift(own, start=start, stop=stop)
        own.invalidate_recordset()
        self.assertEqual(own.event_id.start, riyadh(29, 9))
        with self.assertRaises(UserError), self.cr.savepoint():
            self._shift(own, active=False)
        with self.assertRaises(UserError), self.cr.savepoint():
            own.event_id.with_user(self.manager).unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            self._shift(
                own,
                allday=True,
                start_date=date(2026, 11, 30),
                stop_date=date(2026, 11, 30),
            )
        own.with_user(self.manager)._decline("No.")
        self.assertFalse(own.event_id)

    def test_other_events(self):
        """What no appointment stands behind is the official's own affair."""
        event = self._event(riyadh(27, 9))
        event.write({"start": riyadh(27, 10), "stop": riyadh(27, 11)})
        event.action_archive()
        event.unlink()
        self.assertFalse(event.exists())
