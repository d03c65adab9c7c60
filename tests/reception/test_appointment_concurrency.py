from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon
from .common_appointment import AppointmentCommon


@tagged("post_install", "-at_install")
class TestAppointmentAtOnce(AtOnceCommon):
    """R193: two people take the last time: one has it, the other the next ones."""

    _new_official = vars(AppointmentCommon)["_new_official"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.official = cls._new_official(cls.users["manager"])
        cls.person = cls._new_beneficiary().partner_id
        cls.users["portal"].partner_id.company_id = cls.company
        cls.cr.commit()

    def setUp(self):
        super().setUp()
        self.env["npo.appointment"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self.official.max_a_day = 0
        # of whole days: the first is cut off by the hours that the portal keeps free,
        # and the counter, which keeps none, would be told of others
        slots = self.official._free_slots(with_lead=True)[self.official]
        first = slots[0][0].date()
        self.slots = [slot for slot in slots if slot[0].date() > first]
        self.cr.commit()

    def _at_counter(self, start):
        def ask(env):
            official = env["npo.official"].browse(self.official.id)
            vals = {"partner_id": self.person.id, "subject": "At the counter"}
            return env["npo.appointment"]._ask(official, vals, start).id

        return self.users["front"], ask

    def _in_portal(self, start):
        def ask(env):
            company = env["res.company"].browse(self.company.id)
            post = {
                "official_id": str(self.official.id),
                "subject": "In the portal",
                "start": start.isoformat(" "),
                "notice": str(env["npo.consent"]._notice(company).id),
            }
            return env["npo.appointment"]._portal_ask(company, post).id

        return self.users["portal"], ask

    def _live(self):
        return self.env["npo.appointment"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_same_time(self):
        """The counter and the portal at one moment: one wins, the other is told."""
        start = self.slots[0][0]
        results = self._at_once(self._at_counter(start), self._in_portal(start))
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        following = self.official._hour_text(self.slots[1][0])
        self.assertIn(following, str(told[0]), "the next free time is named")
        self.assertEqual(self._live().mapped("start"), [start])

    def test_last_place_of_a_day(self):
        """Two times of a day on which there is one place left: one of them only."""
        self.official.max_a_day = 1
        self.cr.commit()
        day = self.official._local(self.slots[0][0]).date()
        first, second = [
            start
            for start, _end in self.slots
            if self.official._local(start).date() == day
        ][:2]
        results = self._at_once(self._at_counter(first), self._in_portal(second))
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        self.assertEqual(len(self._live()), 1)

    def test_two_times(self):
        """Two different times at one moment are both given."""
        first, second = self.slots[0][0], self.slots[1][0]
        results = self._at_once(self._at_counter(first), self._in_portal(second))
        self.assertFalse([one for one in results if isinstance(one, UserError)])
        self.assertEqual(set(self._live().mapped("start")), {first, second})

    def test_pressed_twice(self):
        """The button pressed twice in the portal asks once."""
        start = self.slots[0][0]
        results = self._at_once(self._in_portal(start), self._in_portal(start))
        self.assertEqual(len(set(results)), 1, results)
        self.assertEqual(len(self._live()), 1)

    def test_confirmed_and_cancelled(self):
        """The official confirms while reception cancels: one of both."""
        _user, ask = self._at_counter(self.slots[0][0])
        appointment_id = ask(self.env)
        self.cr.commit()

        def press(name):
            return lambda env: getattr(
                env["npo.appointment"].browse(appointment_id), name
            )()

        results = self._at_once(
            (self.users["manager"], press("action_confirm")),
            (self.users["front"], press("action_cancel")),
        )
        appointment = self._live()
        told = [result for result in results if isinstance(result, UserError)]
        if appointment.state == "cancelled":
            self.assertFalse(appointment.event_id)
        else:
            self.assertEqual(len(told), 1)
            self.assertTrue(appointment.event_id)
