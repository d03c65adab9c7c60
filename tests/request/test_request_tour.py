from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import AssociationCommon
from ..common_browser import WebCommon


@tagged("post_install", "-at_install")
class TestRequestTour(AssociationCommon, WebCommon):
    """The officer and the committee at their screens, in a real browser, in Arabic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        for user in cls.users.values():
            user.lang = "ar_001"
        cls.service.requires_research = False
        cls.chair = cls.users["chair"]

    def _tour(self, name, user):
        self.start_tour("/odoo/my-work", name, login=user.login)

    def test_officer_takes_it_to_the_committee(self):
        """R096, R107–R122: from the officer's home to the committee."""
        request = self._new_request()
        self._hand_in(request)
        self._tour("npo_officer_to_committee", self.officer)
        self.assertEqual(request.stage_code, "committee")
        self.assertTrue(request.is_frozen)
        self.assertEqual(request.declaration_id.method, "paper")
        self.assertEqual(request.date_clock_start, self.company._npo_today())

    def test_officer_receives_a_new_person(self):
        """R104: search first, and only a miss opens a new file."""
        self._tour("npo_officer_intake", self.officer)
        request = self.env["npo.request"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.assertEqual(request.stage_code, "data_entry")
        self.assertEqual(request.user_id, self.officer)
        self.assertEqual(request.beneficiary_id.identity_number, "1010101010")
        self.assertEqual(request.partner_id.phone, "+966551234567")

    def test_committee_decides_too_early(self):
        """R126: recording is free; announcing early is refused without a reason."""
        request = self._advance(self._new_request(), "committee")
        self._tour("npo_committee_too_early", self.chair)
        self.assertEqual(request.decision, "accepted")
        self.assertFalse(request.date_announced)
        with self.assertRaises(UserError):
            request.with_user(self.chair).action_announce()

    def test_committee_announces_in_time(self):
        """R125, R126: from the earliest day on, one button announces it."""
        request = self._advance(self._new_request(), "decided")
        request.sudo().date_clock_start = fields.Date.subtract(
            self.company._npo_today(), days=15
        )
        self._tour("npo_committee_announces", self.chair)
        self.assertEqual(request.window_state, "replied_in_window")
        self.assertEqual(request.stage_code, "registration")
        sent = request.message_log_ids[0]
        self.assertIn(request.name, sent.subject)
