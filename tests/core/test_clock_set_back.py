from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestClockSetBack(AssociationCommon, TransactionCase):
    """The clock of the server is set back an hour while people work (issue 10)."""

    def test_request(self):
        """D03, R103: steps go on, numbers follow each other, no time is negative."""
        first = self._new_request()
        with freeze_time(fields.Datetime.now() - timedelta(hours=1)):
            self._hand_in(first)
            first.action_complete()
            second = self._new_request(self._new_beneficiary(1))
        first.action_verify()
        self.env.flush_all()
        logs = self.env["npo.stage.log"].search(
            [("res_model", "=", first._name), ("res_id", "=", first.id)]
        )
        ended = logs.filtered("date_end")
        self.assertGreater(len(ended), 1)
        self.assertTrue(all(log.hours >= 0 for log in ended))
        numbers = [int(one.name.rpartition("/")[2]) for one in (first, second)]
        self.assertEqual(numbers[1], numbers[0] + 1)

    def test_form(self):
        """D05: a form that was opened before can be sent; nobody else's can."""
        guard = self.env["npo.flood.guard"]
        stamp = guard._stamp("n")
        with freeze_time(fields.Datetime.now() - timedelta(hours=1)):
            self.assertGreater(guard._stamp_age(stamp), self.company.npo_form_seconds)
        self.assertIsNone(guard._stamp_age(f"9{stamp}"), "not of ours")

    def test_register_of_a_closed_association(self):
        """D03: the numbers of an association that is gone keep nobody else waiting."""
        sequences = self.env["ir.sequence"]
        gone = sequences.create({"name": "X", "code": "npo.REQ", "company_id": False})
        self.assertFalse(gone.company_id)
        sequences._npo_draw("REQ", self.company, 1)
        sequences._cron_npo_prepare_year()
        day = fields.Date.today().replace(month=1, day=1)
        day = day.replace(year=day.year + 1)
        own = sequences.search(
            [("code", "=", "npo.REQ"), ("company_id", "=", self.company.id)]
        )
        self.assertIn(day, own.date_range_ids.mapped("date_from"))
        self.assertFalse(gone.date_range_ids)
