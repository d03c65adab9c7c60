from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import NATIONAL_ID, PeopleCommon


@tagged("post_install", "-at_install")
class TestBeneficiaryFlow(PeopleCommon):
    """States change by methods with reasons, and by nothing else (glossary 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file()
        cls.reason = cls.env["npo.reason"].search(
            [("kind", "=", "suspension")], limit=1
        ) or cls.env["npo.reason"].create(
            {"name": "Not reached", "code": "not_reached", "kind": "suspension"}
        )

    def _file(self, role="relations_officer", file=None):
        return self._as(file or self.file, self.users_by_role[role])

    def test_direct_write_refused(self):
        """Screen, import and RPC write as a user: none changes the flow's fields."""
        for role in ("relations_officer", "admin"):
            file = self._file(role)
            for vals in (
                {"state": "active"},
                {"file_no": "BNF/2026/99999"},
                {"date_registered": "2026-01-01"},
                {"date_renewal": "2036-01-01"},
                {"state_note": "x"},
                {"suspension_reason_id": self.reason.id},
            ):
                with self.subTest(vals), self.assertRaises(UserError):
                    file.write(vals)
                with self.subTest(vals), self.assertRaises(UserError):
                    file.with_context(npo_flow=True, tracking_disable=True).write(vals)

    def test_create_in_state_refused(self):
        """A file cannot be born registered."""
        officer = self._as(self.Beneficiary, self.officer)
        for vals in ({"state": "active"}, {"file_no": "BNF/2026/00001"}):
            with self.assertRaises(UserError):
                officer.create({"name": "A", **vals})
        officer.create({"name": "A", "state": "prospect"})

    def test_person_and_company_fixed(self):
        """A file stays with its person and its association."""
        partner = self.env["res.partner"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self._file().write({"partner_id": partner.id})
        with self.assertRaises(UserError):
            self._file().write({"company_id": self.other_company.id})
        self._file().write({"company_id": self.company.id})

    def test_way_through(self):
        """Visitor, applicant, active, suspended, active, closed, applicant again."""
        file = self._file()
        file._mark_applicant()
        self.assertEqual(file.state, "applicant")
        file._mark_applicant()
        file._register_file()
        self.assertEqual(file.state, "active")
        file.action_suspend(reason_id=self.reason.id)
        self.assertRecordValues(
            file,
            [
                {
                    "state": "suspended",
                    "suspension_reason_id": self.reason.id,
                    "state_note": self.reason.name,
                }
            ],
        )
        number = file.file_no
        with self.assertRaises(UserError):
            file._register_file()
        file.action_reactivate()
        self.assertRecordValues(
            file, [{"state": "active", "suspension_reason_id": False}]
        )
        file.action_close(note="Moved abroad")
        self.assertEqual(file.state, "closed")
        file._mark_applicant()
        self.assertEqual(file.state, "applicant")
        file._register_file()
        self.assertEqual(file.file_no, number)

    def test_reasons_required(self):
        """Closing, rejecting, suspending and barring need a reason in words."""
        file = self._file()
        for step in (file.action_close, file.action_reject, file.action_suspend):
            with self.assertRaises(UserError):
                step(note="  ")
        manager = self._file("general_manager")
        with self.assertRaises(UserError):
            manager.action_blacklist()

    def test_wrong_steps_refused(self):
        """Only the transitions of the table."""
        file = self._file()
        with self.assertRaises(UserError):
            file.action_suspend(note="x")  # a visitor
        with self.assertRaises(UserError):
            file.action_reactivate()
        with self.assertRaises(UserError):
            file.action_reopen(note="x")
        with self.assertRaises(UserError):
            file.action_renew()
        wrong = self.env["npo.reason"].search([("kind", "!=", "suspension")], limit=1)
        file._register_file()
        with self.assertRaises(UserError):
            file.action_suspend(reason_id=wrong.id)

    def test_bar_is_the_managers(self):
        """Barring and lifting is above the desk."""
        with self.assertRaises(AccessError):
            self._file().action_blacklist(note="Forged deed")
        self._file("general_manager").action_blacklist(note="Forged deed")
        self.assertEqual(self.file.state, "blacklisted")
        with self.assertRaises(AccessError):
            self._file().action_reopen(note="x")
        with self.assertRaises(UserError):
            self._file()._register_file()
        self._file("general_manager").action_reopen(note="Proven wrong")
        self.assertEqual(self.file.state, "applicant")

    def test_roles(self):
        """Neither front desk, researcher, committee, delivery, auditor nor portal."""
        self.file._register_file()
        for role in (
            "service_representative",
            "social_researcher",
            "committee_member",
            "delivery_officer",
            "general_manager",
            "auditor",
            "health_reader",
            "governance_officer",
        ):
            with self.subTest(role), self.assertRaises(AccessError):
                self._file(role).action_suspend(note="x")
        with self.assertRaises(AccessError):
            self._as(self.file, self.portal_user).action_renew()
        with self.assertRaises(AccessError):  # another site's file
            self._file("branch_delegate").action_suspend(note="x")
        self.file.site_id = self.branch
        self._file("branch_delegate").action_suspend(note="x")

    def test_reject_applicant(self):
        """A refused applicant is not entitled; a beneficiary stays one."""
        active = self._new_file(name="B")
        active._register_file()
        self.file._mark_applicant()
        (self.file | active)._reject_applicant()
        self.assertEqual(self.file.state, "rejected")
        self.assertEqual(active.state, "active")

    def test_portal_write(self):
        """The person's own data: normalised, dates in either calendar (D08)."""
        self.file._portal_write(
            {
                "name": " علي  حسن ",
                "identity_number": "١٠٠٠٠٠٠٠٠٨",
                "birth_date": "1410/01/10",
                "phone": "0501234567",
                "npo_gender": "male",
            }
        )
        self.assertRecordValues(
            self.file,
            [
                {
                    "name": "علي حسن",
                    "identity_number": NATIONAL_ID,
                    "phone": "+966501234567",
                    "state": "prospect",
                    "file_no": False,
                }
            ],
        )
        self.assertEqual(str(self.file.birth_date), "1989-08-11")
        for vals in (
            {"birth_date": "yesterday"},
            {"birth_date": "1445/01/30"},
            {"phone": "12"},
            {"name": "<b>"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.file._portal_write(vals)

    def test_portal_write_registered(self):
        """What was compared with the originals is no longer the person's to change."""
        self.file.identity_number = NATIONAL_ID
        self.file._register_file()
        self.file._portal_write({"identity_number": NATIONAL_ID, "city": "Arar"})
        self.assertEqual(self.file.city, "Arar")
        with self.assertRaises(UserError):
            self.file._portal_write({"identity_number": "1010101010"})

    def test_read_query(self):
        """What was typed at the desk is carried over to the new file."""
        read = self.Beneficiary._npo_read_query
        self.assertEqual(read("١٠٠٠٠٠٠٠٠٨"), ("identity_number", NATIONAL_ID))
        self.assertEqual(read("2000000006"), ("identity_number", "2000000006"))
        self.assertEqual(read("050 123 4567"), ("phone", "+966501234567"))
        self.assertEqual(read(" علي  حسن"), ("name", "علي حسن"))
        self.assertEqual(read("12ab"), (False, "12ab"))
        self.assertEqual(read(""), (False, ""))

    def test_wizard(self):
        """The dialogue asks for the reason and takes the step."""
        self.file._register_file()
        form = Form(
            self.env["npo.beneficiary.reason"]
            .with_user(self.officer)
            .with_context(default_step="suspend", default_beneficiary_ids=self.file.ids)
        )
        form.reason_id = self.reason
        form.save().action_confirm()
        self.assertEqual(self.file.state, "suspended")
