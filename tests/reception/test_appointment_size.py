import logging
from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ..common_performance import PerformanceCommon
from ..portal import test_portal_performance
from .common_appointment import NOW, AppointmentCommon, riyadh
from .test_appointment_portal import AppointmentPortalCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAppointmentSize(PerformanceCommon, AppointmentCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Person {number}", "company_id": cls.company.id}
                for number in range(100)
            ]
        )

    def _make(self, count, first=0, **vals):
        """Return appointments that are confirmed, one a day from 2027 on."""
        made = self.env["npo.appointment"].create(
            [
                {
                    "official_id": self.official.id,
                    "partner_id": person.id,
                    "subject": "A refusal",
                    "company_id": self.company.id,
                    "state": "confirmed",
                    "start": riyadh(60 + first + number, 9),
                    "stop": riyadh(60 + first + number, 10),
                    **vals,
                }
                for number, person in enumerate(self.people[:count])
            ]
        )
        self.env.flush_all()
        return made

    def _model(self):
        return self.env["npo.appointment"].with_user(self.front)

    def _at_two_sizes(self, action):
        counts = []
        for size, first in ((10, 0), (90, 10)):
            self._make(size, first)
            action()
            counts.append(self._statements(action))
        _logger.info("statements at two sizes: %s", counts)
        return counts

    def test_list(self):
        """The list of 80 in 8 statements."""
        model = self._model()
        spec = self._view_spec(model, "list")
        counts = self._at_two_sizes(lambda: model.web_search_read([], spec, limit=80))
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_search(self):
        """What is typed is found in 8 statements."""
        model = self._model()
        counts = self._at_two_sizes(
            lambda: model.search_fetch(
                ["|", ("name", "ilike", "APT"), ("partner_id", "ilike", "Person 7")],
                ["name", "partner_id", "start"],
                limit=80,
            )
        )
        self.assertLessEqual(counts[1], 8)
        self.assertEqual(*counts)

    def test_form(self):
        """One appointment opens in 14 statements."""
        own = self._confirmed(riyadh(29, 9)).with_user(self.front)
        spec = self._view_spec(self._model(), "form")
        read = own.web_read
        self._statements(lambda: read(spec))
        count = self._statements(lambda: read(spec))
        _logger.info("form: %s statements", count)
        self.assertLessEqual(count, 14)

    def test_create(self):
        """A hundred are recorded in 60 statements, one in 22."""
        self._make(1)
        one = self._statements(lambda: self._make(1, 1))
        many = self._statements(lambda: self._make(100, 2))
        _logger.info("create: %s, %s of 100", one, many)
        self.assertLessEqual(one, 22)
        self.assertLessEqual(many, 60)

    def test_free_times(self):
        """A fortnight in a fixed number of statements, for 2 officials or for 20."""
        users = [
            self._new_staff(f"official{number}", "committee_member", self.company)
            for number in range(19)
        ]
        officials = self.official
        counts = []
        for size in (1, 18):
            for user in users[:size]:
                officials |= self._new_official(user, title=user.name)
            users = users[size:]
            for one in officials:
                self._event(riyadh(29, 9), user=one.user_id)
            self._make(20, len(officials), start=None, stop=None, state="cancelled")
            officials._free_slots()
            counts.append(self._statements(officials._free_slots))
        _logger.info("free times: %s statements", counts)
        self.assertEqual(len(officials), 20)
        self.assertLessEqual(counts[1], 14)
        self.assertEqual(*counts)

    def test_batches(self):
        """Reminders and missed ones of a hundred in 60 statements each."""
        own = self._make(100)
        with freeze_time(own[50].start - timedelta(hours=1)):
            self.company.npo_appointment_reminder_hours = 24 * 400
            model = self.env["npo.appointment"]
            taken = self._statements(model._cron_remind)
            _logger.info("reminders: %s statements", taken)
            self.assertEqual(len(own.filtered("date_reminded")), 50)
            self.assertLessEqual(taken, 60)
            taken = self._statements(model._cron_no_show)
            _logger.info("missed: %s statements", taken)
            self.assertEqual(len(own.filtered(lambda one: one.state == "no_show")), 50)
            self.assertLessEqual(taken, 60)

    def test_steps(self):
        """Asking and confirming; a calendar is read and written in them."""
        self._confirmed(riyadh(29, 8))
        made = []
        asked = self._statements(lambda: made.append(self._ask(riyadh(29, 9))))
        confirmed = self._statements(made[0].with_user(self.manager).action_confirm)
        moved = self._statements(
            lambda: made[0].with_user(self.front)._reschedule(riyadh(29, 10))
        )
        _logger.info("ask %s, confirm %s, move %s", asked, confirmed, moved)
        self.assertLessEqual(asked, 60)
        self.assertLessEqual(confirmed, 70)
        self.assertLessEqual(moved, 60)


@tagged("post_install", "-at_install")
class TestAppointmentPortalSize(AppointmentPortalCommon):
    """The pages of the portal in 16 statements, whether 2 or 40 are there."""

    _statements = test_portal_performance.TestPortalPerformance._statements
    _measure = test_portal_performance.TestPortalPerformance._measure

    def _more(self, count):
        self.env["npo.appointment"].create(
            [
                {
                    "official_id": self.official.id,
                    "partner_id": self.partner.id,
                    "subject": "My request",
                    "company_id": self.company.id,
                    "source": "portal",
                }
                for _number in range(count)
            ]
        )

    def test_pages(self):
        self._more(2)
        own = self._live()[:1]
        pages = {
            "list": ("/my/appointments", 16, 40),
            "page": (f"/my/appointments/{own.id}", 25, 100),
            "new": (f"/my/appointments/new?official_id={self.official.id}", 25, 100),
        }
        small = {name: self._measure(page[0])[0] for name, page in pages.items()}
        self._more(38)
        for name, (url, most, kilobytes) in pages.items():
            statements, response = self._measure(url)
            with self.subTest(name):
                size = len(response.content)
                _logger.info("%s: %s statements, %s bytes", name, statements, size)
                self.assertLessEqual(statements, most)
                self.assertLessEqual(statements, small[name] + 1)
                self.assertLess(size, kilobytes * 1024)
