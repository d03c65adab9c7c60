from odoo.tests import tagged

from ..common_browser import BrowserCommon
from .test_appointment_portal import AppointmentPortalCommon


@tagged("post_install", "-at_install")
class TestAppointmentTour(AppointmentPortalCommon, BrowserCommon):
    """R192: an appointment in the browser, by each side, in Arabic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        arabic = cls.env.ref("base.lang_ar")
        website = cls.env["website"].search([], limit=1)
        website.write({"language_ids": arabic.ids, "default_lang_id": arabic.id})
        cls.front = cls.users["front"]
        (cls.manager | cls.front | cls.portal_user).lang = "ar_001"

    def test_portal(self):
        """The person asks, the official confirms, the person sees it."""
        self._tour("/my/appointments", "npo_person_wants_to_meet", self.portal_user)
        own = self._live()
        self.assertEqual((own.state, own.partner_id), ("requested", self.partner))
        self.assertTrue(own.start)
        self._build_assets(self.manager)
        self._tour("/odoo/my-work", "npo_official_confirms", self.manager)
        self.assertEqual(own.state, "confirmed")
        self.assertTrue(own.event_id)
        self._tour("/my/appointments", "npo_person_is_expected", self.portal_user)

    def test_counter(self):
        """Reception gives an appointment in one dialog."""
        file = self._new_beneficiary()
        self._build_assets(self.front)
        self._tour("/odoo/appointments", "npo_counter_appointment", self.front)
        own = self._live()
        self.assertEqual((own.state, own.source), ("requested", "counter"))
        self.assertEqual(own.partner_id, file.partner_id)
        free = self.official._free_slots(spared=own)[self.official]
        self.assertEqual(own.start, free[0][0])
