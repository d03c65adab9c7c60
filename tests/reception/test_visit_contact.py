from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import ReceptionCommon


@tagged("post_install", "-at_install")
class TestVisitContact(ReceptionCommon):
    """R105, R205, R212: what comes of a visit, and nobody counted twice."""

    def test_question_stays_open(self):
        """R105: no visit ends with a question neither answered nor passed on."""
        visit = self._served(partner_id=self.person.id)
        action = visit.action_inquiry()
        inquiries = self.env["npo.inquiry"].with_user(self.front)
        inquiry = inquiries.with_context(**action["context"]).create({"title": "When?"})
        self.assertEqual(inquiry.partner_id, self.person)
        with self.assertRaisesRegex(UserError, inquiry.name):
            visit.action_end("completed")
        self.assertEqual(visit.state, "serving")
        inquiry.action_assign()  # the follow-up inquiry
        visit.action_end("completed")
        self.assertEqual(visit.state, "done")
        self.assertTrue(visit.interaction_ids.date_ended)

    def test_answered_questions(self):
        """R105: several questions of one visit, each answered."""
        visit = self._served(partner_id=self.person.id)
        context = visit.action_inquiry()["context"]
        inquiries = self.env["npo.inquiry"].with_user(self.front)
        inquiries = inquiries.with_context(**context).create(
            [{"title": "When?"}, {"title": "Where?"}]
        )
        inquiries[0]._answer("On Sunday.")
        with self.assertRaises(UserError):
            visit.action_end("completed")
        inquiries[1]._answer("Here.")
        visit.action_end("completed")
        self.assertEqual(visit.state, "done")

    def test_one_contact(self):
        """R086: a visit has one contact, and is one visitor."""
        visits = self.env["npo.visit"]
        visit = self._served(partner_id=self.person.id)
        contact = visit.interaction_ids
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.channel_kind, "in_person")
        self.assertEqual(contact.partner_id, self.person)
        self.assertEqual(visit._contact(), contact)
        contact.is_on_premises = True
        today = visits.with_user(self.front).with_company(self.company)._today_domain()
        self.assertEqual(visits.search_count(today), 1)
        with self.assertRaises(UserError):
            self._visit()._contact()

    @freeze_time("2026-10-05 09:00:00")
    def test_contact_makes_its_visit(self):
        """R086: a contact on the premises without a visit makes its visit, once."""
        contacts = self.env["npo.interaction"].with_user(self.users["handler"])
        contact = contacts.create(
            {
                "channel_id": self.channel.id,
                "subject": "The rent",
                "company_id": self.company.id,
                "site_id": self.site.id,
                "partner_id": self.person.id,
                "date": datetime(2026, 10, 5, 8),
                "duration": 20,
                "is_on_premises": True,
            }
        )
        visit = contact.sudo().visit_id
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "done",
                    "result": "completed",
                    "section": "women",
                    "number": 1,
                    "service_minutes": 20,
                    "waiting_minutes": 0,
                    "date_ended": datetime(2026, 10, 5, 8, 20),
                }
            ],
        )
        contact.is_on_premises = True
        self.assertEqual(contact.sudo().visit_id, visit)
        later = contacts.create(
            {"channel_id": self.channel.id, "subject": "x", "site_id": self.site.id}
        )
        self.assertFalse(later.sudo().visit_id)
        later.is_on_premises = True
        self.assertEqual(later.sudo().visit_id.number, 1, "of the families")

    def test_one_person_through(self):
        """R212: visitor, applicant, beneficiary: one contact underneath."""
        visit = self._served(user="officer", visitor_name="Hind Test")
        action = visit.action_request()
        wizards = self.env[action["res_model"]].with_user(self.officer)
        with Form(wizards.with_context(**action["context"])) as form:
            self.assertEqual(form.name, "Hind Test")
            form.identity_number = "1010101010"
            form.phone = "0501112233"
            form.npo_gender = "female"
            form.birth_date = "1990-01-01"
            form.service_id = self.service
            form.description = "The rent"
            form.is_notice_told = True
        action = form.record.action_confirm()
        request = self.env["npo.request"].browse(action["res_id"])
        self.assertEqual(request.interaction_id, visit.interaction_ids)
        self.assertEqual(visit.partner_id, request.partner_id)
        self.assertEqual(request.beneficiary_id.partner_id, visit.partner_id)

    def test_sealed(self):
        """What became a sealed case leaves the visitor a number and no more."""
        visit = self._served(partner_id=self.person.id, visitor_name="Noura")
        visit.sudo().interaction_ids._strip()
        self.assertFalse(visit.partner_id)
        self.assertFalse(visit.visitor_name)
        self.assertEqual(visit.purpose_id.code, "other")
        self.assertEqual(visit.number, 1)

    def test_ended_from_the_contact(self):
        """A visit ends with its contact."""
        visit = self._served()
        visit.interaction_ids.action_end()
        self.assertEqual((visit.state, visit.result), ("done", "completed"))
