from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import AssociationCommon, local_today


@tagged("post_install", "-at_install")
class TestIntake(AssociationCommon):
    """R066, D11: the desk considers circumstances, and knows who comes and receives."""

    def _circumstance(self, code):
        return self.env["npo.circumstance"].search([("code", "=", code)])

    def _intake(self):
        return Form(self.env["npo.request.intake"].with_user(self.officer))

    def _right(self, file, name="Salem Guardian", **vals):
        person = self.env["res.partner"].create(
            {"name": name, "company_id": self.company.id}
        )
        return self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": file.partner_id.id,
                "representative_id": person.id,
                "kind": "attorney",
                "instrument_number": "7",
                "date_expiry": fields.Date.add(local_today(), days=30),
                **vals,
            }
        )

    def _confirm(self, form):
        form.service_id = self.service
        intake = form.save()
        intake.is_notice_told = True
        return self.env["npo.request"].browse(intake.action_confirm()["res_id"])

    def test_circumstances(self):
        """On file: a banner, the telephone and priority; nobody else's."""
        patient = self._circumstance("patient")
        file = self._new_beneficiary(circumstance_ids=[Command.set(patient.ids)])
        form = self._intake()
        form.query = "1000000008"
        self.assertEqual(form.beneficiary_id, file)
        self.assertIn("Patient", form.circumstance_note)
        request = self._confirm(form)
        self.assertEqual(request.channel_id.kind, "phone")
        self.assertEqual(request.priority, "1")
        self._new_beneficiary(1)
        form = self._intake()
        form.query = "1010101010"
        self.assertFalse(form.circumstance_note)
        request = self._confirm(form)
        self.assertNotEqual(request.channel_id.kind, "phone")
        self.assertEqual(request.priority, "0")

    def test_new_person(self):
        """Told at the desk: kept on the new file, and heeded at once."""
        form = self._intake()
        form.query = "هيا العتيبي"
        form.identity_number = "1000000008"
        form.circumstance_ids.add(self._circumstance("elderly"))
        self.assertEqual(form.priority, "1")
        request = self._confirm(form)
        self.assertEqual(
            request.beneficiary_id.circumstance_ids, self._circumstance("elderly")
        )
        self.assertEqual(request.channel_id.kind, "phone")

    def test_representative(self):
        """Who comes for another: by a right to apply that is valid today."""
        file = self._new_beneficiary()
        valid = self._right(file)
        self._right(file, "Old", date_from="2020-01-01", date_expiry="2020-02-01")
        self._right(file, "Receives Alone", may_apply=False)
        form = self._intake()
        form.query = "1000000008"
        self.assertEqual(form.representation_ids.ids, valid.ids)
        form.representation_id = valid
        request = self._confirm(form)
        self.assertEqual(request.representative_id, valid.representative_id)
        self.assertEqual(request.origin, "representative")

    def test_receiver(self):
        """The person, or who may receive today; an expired right cannot."""
        file = self._new_beneficiary()
        valid = self._right(file)
        old = self._right(file, "Old", date_from="2020-01-01", date_expiry="2020-02-01")
        foreign = self._right(self._new_beneficiary(1), "Foreign")
        request = self._advance(self._new_request(file), "delivery")
        deliverer = self.users["deliverer"]
        wizards = self.env["npo.request.deliver"].with_user(deliverer)
        vals = {
            "request_id": request.id,
            "amount": 100,
            "receipt_method": "bank",
            "bank_reference": "77",
            "receiver": "representative",
        }
        self.assertEqual(wizards.create(vals).representation_ids.ids, valid.ids)
        for right in (old, foreign, old.browse()):
            wizard = wizards.create({**vals, "representation_id": right.id})
            with self.assertRaises(UserError), self.cr.savepoint():
                wizard.action_confirm()
        wizards.create({**vals, "representation_id": valid.id}).action_confirm()
        wizards.create({**vals, "receiver": "person"}).action_confirm()
        self.assertRecordValues(
            request.sudo().delivery_ids.sorted("id"),
            [
                {"receiver_name": "Salem Guardian", "representation_id": valid.id},
                {"receiver_name": file.name, "representation_id": False},
            ],
        )
