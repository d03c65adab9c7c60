from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon, local_today


@tagged("post_install", "-at_install")
class TestRepresentative(AssociationCommon):
    """D11: who applies, signs and receives for another, by a right that is valid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {"name": "سارة العتيبي", "company_id": cls.company.id}
        )

    def _right(self, file, user=None, **vals):
        return (
            self.env["npo.representative"]
            .with_user(user or self.officer)
            .create(
                {
                    "partner_id": file.partner_id.id,
                    "representative_id": self.person.id,
                    "kind": "guardian",
                    "identity_number": "1010101010",
                    **vals,
                }
            )
        )

    def _minor(self):
        today = local_today()
        return self._new_beneficiary(birth_date=fields.Date.add(today, years=-10))

    def test_minor(self):
        """A minor's request is signed by the guardian and stores both identities."""
        file = self._minor()
        request = self._advance(self._new_request(file), "declaration")
        with self.assertRaises(UserError):
            request._record_paper_signature("paper", False)
        right = self._right(file)
        request.sudo().representative_id = self.person
        declaration = request._record_paper_signature("paper", False)
        self.assertRecordValues(
            declaration.sudo(),
            [
                {
                    "signer_id": self.person.id,
                    "applicant_id": file.partner_id.id,
                    "representation_id": right.id,
                    "applicant_identity": "••••••0008",
                    "signer_identity": "••••••1010",
                }
            ],
        )

    def test_expired_attorney(self):
        """An expired power of attorney neither applies, signs nor receives."""
        file = self._new_beneficiary()
        today = local_today()
        right = self._right(
            file,
            kind="attorney",
            instrument_number="44/1",
            date_from=fields.Date.add(today, years=-2),
            date_expiry=today,
        )
        self.assertEqual(right.state, "valid")  # its last day
        request = self._new_request(file, representative_id=self.person.id)
        request = self._advance(request, "declaration")
        right.date_expiry = fields.Date.add(today, days=-1)
        self.assertEqual(right.state, "expired")
        with self.assertRaises(UserError):
            request._record_paper_signature("paper", False)
        with self.assertRaises(UserError):
            self._new_request(
                file,
                representative_id=self.person.id,
                service_id=self._service("furnishing").id,
            )
        right.date_expiry = fields.Date.add(today, days=1)
        request = self._advance(request, "delivery")
        right.date_expiry = fields.Date.add(today, days=-1)
        vals = {"amount": 1, "date": self.company._npo_today()}
        vals |= {
            "receipt_method": "bank",
            "bank_reference": "77",
            "receiver_name": "ساره العتيبي",
        }
        deliverer = request.with_user(self.users["deliverer"])
        with self.assertRaises(UserError):
            deliverer._deliver(vals)
        deliverer._deliver({**vals, "receiver_name": file.name})

    def test_scope(self):
        """Each right is its own; a revoked one gives none."""
        file = self._new_beneficiary()
        right = self._right(
            file, kind="interdiction", instrument_number="44/3", may_sign=False
        )
        model = self.env["npo.representative"]
        args = (self.person, self.company)
        partner = file.partner_id
        self.assertEqual(model._valid_representative(partner, "apply", *args), right)
        self.assertFalse(model._valid_representative(partner, "sign", *args))
        right.action_revoke("No longer wanted")
        self.assertEqual(right.state, "revoked")
        self.assertFalse(model._valid_representative(partner, "apply", *args))
        for state in ("valid", "expired", "future", "revoked"):
            found = model.search([("state", "=", state), ("id", "=", right.id)])
            self.assertEqual(bool(found), state == "revoked")

    def test_of_age(self):
        """The guardian of a minor acts until the minor is 18."""
        file = self._new_beneficiary(birth_date="2008-03-02")
        with freeze_time("2026-03-01 09:00:00"):
            right = self._right(file)
            self.assertEqual(right.state, "valid")
        with freeze_time("2026-03-02 09:00:00"):
            right.invalidate_recordset(["state"])
            self.assertEqual(right.state, "expired")
            found = right.search([("state", "in", ["expired"])])
            self.assertIn(right, found)
            self.company.npo_adult_age = 21
            self.assertEqual(right.state, "valid", "⚖ the association's own age")

    def test_bad_input(self):
        file = self._new_beneficiary()
        today = local_today()
        for vals in (
            {"representative_id": file.partner_id.id},
            {"kind": "attorney", "date_expiry": today},
            {"kind": "attorney", "instrument_number": "1"},
            {"kind": "companion"},
            {"identity_number": "1000000000"},
            {"instrument_number": "x" * 10000},
            {"date_from": "1447/13/01"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._right(file, **vals)
        right = self._right(file)
        for vals in (
            {"date_revoked": today},
            {"representative_id": self.users["member"].partner_id.id},
            {"date_end": today},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                right.write(vals)

    def test_access(self):
        """The front desk and delivery see who may, not the instrument."""
        right = self._right(
            self._new_beneficiary(), kind="custodian", instrument_number="44/2"
        )
        deliverer = right.with_user(self.users["deliverer"])
        deliverer.invalidate_recordset()
        deliverer.read(["representative_id", "state", "may_receive"])
        for name in ("instrument_number", "identity_number"):
            with self.assertRaises(AccessError):
                deliverer.read([name])
        with self.assertRaises(AccessError):
            deliverer.action_revoke()
        delegate = right.with_user(self.users["delegate"])
        self.assertFalse(delegate.has_access("read"))


@tagged("post_install", "-at_install")
class TestCircumstance(AssociationCommon):
    """R066: consideration for circumstances, and the family on the file."""

    def _file(self):
        codes = ("remote", "patient")
        circumstances = self.env["npo.circumstance"].search([("code", "in", codes)])
        return self._new_beneficiary(circumstance_ids=[Command.set(circumstances.ids)])

    def test_banner_and_channel(self):
        """A flagged person's request shows a banner and proposes the telephone."""
        file = self._file()
        request = self._new_request(file, channel_id=False)
        self.assertEqual(request.channel_id.kind, "phone")
        self.assertIn("Lives far away", request.circumstance_note)
        self.assertIn("Patient", request.circumstance_note)
        said = self._new_request(file, service_id=self._service("furnishing").id)
        self.assertEqual(said.channel_id, self.channel)
        other = self._new_request(self._new_beneficiary(1))
        self.assertFalse(other.circumstance_note)
        request = self._advance(request, "delivery")
        seen = request.with_user(self.users["deliverer"]).circumstance_note
        self.assertIn("Lives far away", seen)
        self.assertNotIn("Patient", seen)

    def test_household_of_a_file(self):
        """The button opens the household, or begins one that the person heads."""
        file = self._new_beneficiary().with_user(self.officer)
        action = file.action_view_household()
        Household = self.env["npo.household"].with_user(self.officer)
        household = Household.with_context(**action["context"]).create({})
        self.assertEqual(household.head_id.partner_id, file.partner_id)
        file.invalidate_recordset()
        self.assertEqual(file.household_id, household)
        self.assertEqual(file.household_member_ids, household.member_ids)
        self.assertEqual(file.action_view_household()["res_id"], household.id)
        deliverer = file.with_user(self.users["deliverer"])
        with self.assertRaises(AccessError):
            deliverer.read(["household_id"])
        with self.assertRaises(AccessError):
            deliverer.action_view_household()
