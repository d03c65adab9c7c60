from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import freeze_time, tagged

from ..portal.common import PortalCommon
from .common_appointment import NOW, AppointmentCommon, riyadh


class AppointmentPortalCommon(PortalCommon):
    """The official receives; the applicant has a file and an account."""

    _new_official = vars(AppointmentCommon)["_new_official"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.users["manager"]
        cls.official = cls._new_official(cls.manager)

    def _appointments(self, user=None):
        return self.env["npo.appointment"].with_user(user or self.portal_user)

    def _asked(self, moment=None, user=None, **post):
        """Return an appointment that was asked for in the portal, as superuser."""
        post = {
            "official_id": str(self.official.id),
            "subject": "My request",
            "start": moment and moment.isoformat(" "),
            "wishes": "" if moment else "Mornings",
            "notice": str(self.env["npo.consent"]._notice(self.company).id),
            **post,
        }
        return self._appointments(user)._portal_ask(self.company, post)

    def _live(self):
        return self.env["npo.appointment"].search(
            [("company_id", "=", self.company.id)]
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAppointmentPortalSteps(AppointmentPortalCommon):
    """What a person may do, and what is told (R192)."""

    def test_lead_and_bounds(self):
        """A time is so many hours ahead, of the list, and of this world."""
        for start in (
            riyadh(26, 14),  # today: too near
            riyadh(27, 9),  # Friday
            riyadh(26 + 90, 9),
        ):
            with self.subTest(start=start), self.assertRaises(UserError):
                with self.cr.savepoint():
                    self._asked(start)
        for text in ("tomorrow", "2026-13-01 00:00:00", "9999-12-31 23:59:59"):
            with self.subTest(text), self.assertRaises(UserError):
                with self.cr.savepoint():
                    self._asked(start=text, wishes="")
        self.assertFalse(self._live())
        self.assertEqual(self._asked(riyadh(29, 9)).state, "requested")

    def test_missing(self):
        """Whom, what about, and when: each is asked for by a sentence."""
        for post in (
            {"official_id": "0"},
            {"official_id": "x' OR 1"},
            {"subject": " \x00 "},
            {"start": "", "wishes": " "},
        ):
            with self.subTest(post=post), self.assertRaises(UserError):
                self._asked(riyadh(29, 9), **post)
        asked = self._asked(riyadh(29, 9), mode="home", state="confirmed")
        self.assertEqual((asked.mode, asked.state), ("in_person", "requested"))

    def test_who_is_offered(self):
        """Published officials of the association; of a section, to those of it."""
        offered = self.env["npo.official"]._portal_offered
        women = self._new_official(
            self.users["researcher"], title="Women's section", section="women"
        )
        self._new_official(self.officer, title="Inside", is_published=False)
        self.partner.npo_gender = "male"
        self.assertEqual(offered(self.company, self.partner), self.official)
        with self.assertRaises(UserError):
            self._asked(riyadh(29, 9), official_id=str(women.id))
        self.partner.npo_gender = "female"
        self.assertEqual(offered(self.company, self.partner), self.official | women)
        self.manager.active = False
        self.assertEqual(offered(self.company, self.partner), women)

    def test_flood(self):
        """Pressed twice it is one; more than some open ones are not given."""
        first = self._asked(riyadh(29, 9))
        self.assertEqual(self._asked(riyadh(29, 9)), first)
        self.company.npo_open_appointments = 2
        self._asked(riyadh(29, 10))
        with self.assertRaisesRegex(UserError, "2"):
            self._asked(riyadh(29, 11))
        self.company.npo_open_appointments = 100
        self.company.npo_posts_per_contact = 3
        self._asked(riyadh(29, 11))
        with self.assertRaises(UserError):
            self._asked(riyadh(29, 13))
        self.assertEqual(len(self._live()), 3)

    def test_answers(self):
        """The person agrees, moves and cancels what is the own."""
        own = self._asked(riyadh(29, 9))
        own.with_user(self.manager)._propose(riyadh(30, 9))
        mine = own.with_user(self.portal_user)
        mine._portal_accept()
        self.assertEqual(own.state, "confirmed")
        with self.assertRaises(UserError), self.cr.savepoint():
            mine._portal_accept()
        mine._portal_move(riyadh(30, 10).isoformat(" "))
        self.assertEqual((own.state, own.start), ("rescheduled", riyadh(30, 10)))
        self.assertEqual(own.event_id.start, riyadh(30, 10))
        mine._portal_cancel()
        self.assertEqual(own.state, "cancelled")
        self.assertFalse(own.event_id)
        self.assertEqual(own.activity_ids.user_id, self.manager)
        for step in (mine._portal_cancel, lambda: mine._portal_move("2026-11-30")):
            with self.assertRaises(UserError), self.cr.savepoint():
                step()

    def test_of_another(self):
        """Another's appointment is nobody's to see, to move, or to answer."""
        own = self._asked(riyadh(29, 9))
        own.with_user(self.manager)._propose(riyadh(30, 9))
        other = own.with_user(self.stranger)
        for step in (
            other._portal_accept,
            other._portal_cancel,
            lambda: other._portal_move("2026-11-30 06:00:00"),
            other.action_agree,
            other.action_cancel,
            lambda: other.read(["subject"]),
            lambda: other.search([]),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                step()
        self.assertFalse(other._portal_rows(20))
        mine = own.with_user(self.portal_user)
        with self.assertRaises(AccessError):
            mine.read(["subject"])
        with self.assertRaises(AccessError):
            mine.action_confirm()
        gone = own.with_user(self.portal_user).browse(own.id + 1000)
        with self.assertRaises(MissingError):
            gone._is_mine()


@tagged("post_install", "-at_install")
class TestAppointmentPages(AppointmentPortalCommon):
    """The pages of the appointments."""

    def _first_slot(self):
        return self.official._free_slots(with_lead=True)[self.official][0][0]

    def test_pages(self):
        """Ask, look, move, cancel; an error keeps what was typed."""
        _response, page = self._get("/my/appointments")
        self.assertTrue(page.xpath("//a[@href='/my/appointments/new']"))
        url = f"/my/appointments/new?official_id={self.official.id}"
        _response, page = self._get(url)
        times = page.xpath("//input[@name='start']/@value")
        self.assertEqual(times[0], self._first_slot().isoformat(" "))
        data = {
            "official_id": self.official.id,
            "subject": "",
            "wishes": "Mornings",
            "start": times[1],
            "notice": page.xpath("//input[@name='notice']/@value")[0],
        }
        notice = self.env["npo.consent"]._notice(self.company)
        self.assertEqual(data["notice"], str(notice.id))
        # P015: without the notice that stands on the form nothing is asked for
        unseen = {**data, "subject": "My request", "notice": ""}
        _response, page = self._post("/my/appointments/new", unseen)
        self.assertTrue(page.get_element_by_id("npo_errors").text_content())
        self.assertFalse(self._live())
        _response, page = self._post("/my/appointments/new", data)
        self.assertTrue(page.get_element_by_id("npo_errors") is not None)
        self.assertEqual(page.get_element_by_id("wishes").text_content(), "Mornings")
        chosen = page.xpath("//input[@name='start'][@checked]/@value")
        self.assertEqual(chosen, [times[1]])
        response, page = self._post(
            "/my/appointments/new", {**data, "subject": "My request"}
        )
        own = self._live()
        self.assertEqual(self._path(response), f"/my/appointments/{own.id}")
        self.assertEqual(own.notice_text_id, notice)
        self.assertEqual(own.start.isoformat(" "), times[1])
        response, page = self._post(
            f"/my/appointments/{own.id}", {"step": "move", "start": times[2]}
        )
        self.assertEqual(own.start.isoformat(" "), times[2])
        response, page = self._post(f"/my/appointments/{own.id}", {"step": "accept"})
        self.assertTrue(page.get_element_by_id("npo_errors") is not None)
        self._post(f"/my/appointments/{own.id}", {"step": "cancel"})
        self.assertEqual(own.state, "cancelled")
        self._get(f"/my/appointments/{own.id}")

    def test_of_another(self):
        """To anybody else it does not exist."""
        own = self._asked(self._first_slot())
        self._log_in(self.stranger)
        for url in (f"/my/appointments/{own.id}", f"/my/appointments/{own.id + 99}"):
            self.assertEqual(self.url_open(url).status_code, 404)
            response, _page = self._post(url, {"step": "cancel"})
            self.assertEqual(response.status_code, 404)
        self.assertEqual(own.state, "requested")
        _response, page = self._get("/my/appointments")
        self.assertNotIn(own.name, page.text_content())
