from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SCAN, CentreCommon


@tagged("post_install", "-at_install")
class TestInteraction(CentreCommon):
    """R085–R089, R091, R093, R095, R201: one register of contact."""

    def test_r153_to_contact(self):
        """R153: whom nobody met for as long as the kind allows is to be contacted."""
        kind = self.env.ref("npo_relations.npo_stakeholder_type_beneficiary")
        partners = self.env["res.partner"].with_user(self.officer)
        own = [("id", "=", self.person.id)]
        waiting = [*own, ("npo_to_contact", "=", True)]
        self.assertIn(kind, self.person.npo_stakeholder_type_ids)
        with freeze_time(datetime(2035, 1, 1)):
            self.assertFalse(partners.search(waiting), "of no kind that is looked at")
            kind.contact_months = 6
            self.assertEqual(partners.search(waiting), self.person)
            self.assertTrue(self.person.npo_to_contact)
            self._record(date=datetime(2034, 9, 1))
            self.person.invalidate_recordset()
            self.assertFalse(partners.search(waiting))
            self.assertFalse(self.person.npo_to_contact)
            self.assertTrue(partners.search([*own, ("npo_to_contact", "=", False)]))
        with freeze_time(datetime(2035, 4, 1)):
            self.assertEqual(partners.search(waiting), self.person)

    def test_help_after_midnight(self):
        """R090, D09: who asks at night is called by a day of the association."""
        self._open_day_and_night()
        self.company.npo_help_days = 2
        with freeze_time("2026-10-04 23:30:00"):  # 02:30 of the next day in Riyadh
            asked = self.env["npo.interaction"]._receive(
                {
                    "company_id": self.company.id,
                    "channel_id": self.env.ref("npo_relations.channel_website").id,
                    "subject": "Help",
                    "summary": "Please call",
                    "contact_name": "Noura",
                }
            )
        self.assertEqual(asked.date_call_due, date(2026, 10, 7))
        self.assertEqual(asked.activity_ids.date_deadline, date(2026, 10, 7))

    def test_number_and_channel(self):
        """R085: numbered; a channel that the policy does not open is refused."""
        self.assertRegex(self._record().name, r"^CON/\d{4}/\d{5}$")
        with self.assertRaisesRegex(ValidationError, "is not open in the policy"):
            self._record("fax")
        old = self._record("letter")
        lines = self.company.npo_policy_version_id.channel_line_ids
        lines.channel_ids.filtered(lambda one: one.code == "letter").active = False
        old.subject = "Stays as it came"
        with self.assertRaises(ValidationError):
            self._record("letter")

    def test_open_channels_on_the_form(self):
        """R085: the form offers the channels of the policy and no others."""
        with Form(self.env["npo.interaction"].with_user(self.officer)) as form:
            codes = set(form.open_channel_ids[:].mapped("code"))
            form.channel_id = self.channel
            form.subject = "A question"
        self.assertIn("interview", codes)
        self.assertNotIn("fax", codes)

    @freeze_time("2026-10-04 22:30:00")  # 01:30 of the next day in Riyadh
    def test_visitors_of_today(self):
        """R086: an interview on the premises counts among today's visitors."""
        visits = self.env["npo.visit"].with_user(self.officer)
        domain = visits.with_company(self.company)._today_domain()
        before = visits.search_count(domain)
        self._record(is_on_premises=True, place="Office 2", duration=20)
        self._record(is_on_premises=False)
        yesterday = datetime(2026, 10, 4, 20, 30)
        self._record(is_on_premises=True, date=yesterday)
        self.assertEqual(visits.search_count(domain), before + 1)

    @freeze_time("2026-10-01 09:00:00")  # a Thursday
    def test_call_back(self):
        """R087: nobody answered: called again on the next working day, a Sunday."""
        call = self._record("phone", direction="out", call_result="no_answer")
        self.assertEqual(call.activity_ids.date_deadline, date(2026, 10, 4))
        self.assertEqual(call.activity_ids.user_id, self.officer)
        self.assertNotIn(self.person.name, call.activity_ids.summary)
        reached = self._record("phone", direction="out", call_result="answered")
        self.assertFalse(reached.activity_ids)
        reached.call_result = "call_back"
        self.assertEqual(len(reached.activity_ids), 1)

    def test_social_needs_its_link(self):
        """R088, R203: a post is on record by its link or a picture of it."""
        with self.assertRaisesRegex(ValidationError, "network"):
            self._record("social", link="https://x.com/a/1")
        with self.assertRaisesRegex(ValidationError, "link to the post"):
            self._record("social", network="x", is_public=True, account="@a")
        with self.assertRaisesRegex(ValidationError, "begins with https"):
            self._record("social", network="x", link="javascript:alert(1)")
        self._record("social", network="x", link="https://x.com/a/1", is_public=True)
        self._record("social", network="telegram", account="@a")

    def test_no_number_in_public(self):
        """R088: what looks like an identity number or IBAN is refused in public."""
        post = {"network": "x", "link": "https://x.com/a/1", "is_public": True}
        for text in (
            "My number is 1010101010",
            "رقمي ١٠١٠-١٠١٠-١٠",
            "iqama:2121 2121 26.",
            "sa03 8000 0000 6080 1016 7519",
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, "IBAN"):
                self._record("social", summary=text, **post)
            with self.subTest(text), self.assertRaisesRegex(ValidationError, "IBAN"):
                self._record("social", subject=text, **post)
        for text in ("Call 0501234567", "REQ/2026/00001", "12345678901234"):
            self._record("social", summary=text, **post)
        public = self._record("social", **post)
        public.action_move_private()
        self.assertTrue(public.date_private)
        public.summary = "My number is 1010101010"
        with self.assertRaises(ValidationError):
            public.is_public = True
        with self.assertRaises(UserError):
            public.action_move_private()

    def test_letters(self):
        """R089: a number of the year for each direction, dates, link to the reply."""
        letter = self._record(
            "letter", sender_ref="55/A", date_letter="2026-01-02", page_count=2
        )
        self.assertRegex(letter.register_no, r"^LTI/\d{4}/00001$")
        action = letter.action_reply()
        form = Form(letter.browse().with_context(**action["context"]))
        reply = form.save()
        self.assertRegex(reply.register_no, r"^LTO/\d{4}/00001$")
        self.assertEqual(letter.reply_ids, reply)
        self.assertEqual(reply.partner_id, self.person)
        second = self._record("letter", direction="out")
        self.assertTrue(second.register_no.endswith("/00002"))
        self.assertFalse(self._record("interview").register_no)
        with self.assertRaisesRegex(UserError, "register of letters"):
            letter.direction = "out"
        with self.assertRaises(AccessError):
            letter.register_no = "LTI/2026/00009"
        with self.assertRaises(ValidationError):
            self._record("letter", date_letter="2100-01-01")
        with self.assertRaises(ValidationError):
            letter.reply_to_id = reply

    def test_scan_is_looked_at(self):
        """R089: a scan is what its name says, by whatever way it comes."""
        letter = self._record("letter", scan=SCAN, scan_name="letter.pdf")
        self.assertTrue(letter.scan)
        with self.assertRaises(UserError):
            self._record("letter", scan=b"PHNjcmlwdD4=", scan_name="x.pdf")
        with self.assertRaises(UserError):
            letter.write({"scan": b"PHNjcmlwdD4=", "scan_name": "x.pdf"})

    def test_delegate_sees_own_site(self):
        """R093: a delegate records and sees the contacts of the own sites alone."""
        other = self._record()
        delegate = self.env["npo.interaction"].with_user(self.users["delegate"])
        self.assertFalse(delegate.search([("id", "=", other.id)]))
        with Form(delegate) as form:
            form.channel_id = self.env.ref("npo_relations.channel_delegate")
            form.subject = "A family asks"
        own = form.record
        self.assertEqual(own.site_id, self.branch)
        self.assertIn(own, delegate.search([]))
        with self.assertRaises(AccessError):
            self._record("delegate", user="delegate", site_id=self.site.id)

    def test_register_is_not_written(self):
        """The number and the flow of a contact are nobody's to write or default."""
        contact = self._record()
        for vals in (
            {"name": "CON/1"},
            {"is_stripped": True},
            {"company_id": self.env.company.id},
            {"channel_kind": "letter"},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                contact.write(vals)
        contacts = contact.with_context(default_is_stripped=True).browse()
        made = contacts.create({"channel_id": self.channel.id, "subject": "x"})
        self.assertFalse(made.is_stripped)

    def test_stripped(self):
        """What became a sealed case leaves nothing of its content behind."""
        contact = self._record("letter", scan=SCAN, scan_name="a.pdf", sender_ref="7")
        contact.message_post(body="The officer hit me", attachments=[("b.txt", b"b")])
        contact.activity_schedule("mail.mail_activity_data_todo", summary="Hit")
        case = self.env["npo.complaint"]._receive(
            {
                "title": "x",
                "channel_id": self.env.ref("npo_relations.channel_website").id,
                "company_id": self.company.id,
                "is_anonymous": True,
            }
        )
        contact._strip(case)
        self.env.flush_all()
        contact.invalidate_recordset()
        self.assertTrue(contact.is_stripped)
        for name in ("summary", "partner_id", "scan", "scan_name", "sender_ref"):
            self.assertFalse(contact[name], name)
        self.assertEqual(contact.subject, "Moved to a sealed case")
        self.assertFalse(contact.message_ids)
        self.assertFalse(contact.activity_ids)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "npo.complaint"), ("res_id", "=", case.id)]
        )
        self.assertEqual(set(files.mapped("name")), {"a.pdf", "b.txt"})
        with self.assertRaises(UserError):
            contact.summary = "again"


@tagged("post_install", "-at_install")
class TestHarfaChannels(CentreCommon):
    """R095, R201, R202: an association with fax, e-mail and the Tawasul system."""

    profile = "harfa"

    def test_fax(self):
        """R095: a fax stands in the register of letters, with its transmission."""
        fax = self._record(
            "fax", direction="out", fax_number="0112345678", fax_state="waiting"
        )
        self.assertRegex(fax.register_no, r"^LTO/\d{4}/00001$")
        self._record("letter", direction="out")
        self.assertRegex(self._record("fax", direction="out").register_no, "/00003$")

    def test_outside_number_once(self):
        """R201: a number of Tawasul is on record once in an association."""
        self._record("tawasul", user="centre", outside_ref="T-1")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._record("tawasul", user="centre", outside_ref="T-1")


@tagged("post_install", "-at_install")
class TestOutcomes(CentreCommon):
    """R085, R090: one key from a contact to what comes of it."""

    def test_carried(self):
        """R063, R054: person, channel, site and words are typed once."""
        contact = self._record("phone", site_id=self.branch.id)
        for step, model in (
            ("action_inquiry", "npo.inquiry"),
            ("action_suggestion", "npo.suggestion"),
        ):
            with self.subTest(model):
                action = getattr(contact, step)()
                self.assertEqual(action["res_model"], model)
                context = action["context"]
                own = self.env[model].with_user(self.officer).with_context(**context)
                made = own.create({})
                self.assertEqual(made.interaction_id, contact)
                self.assertEqual(made.partner_id, self.person)
                self.assertEqual(made.site_id, self.branch)
                self.assertEqual(made.channel_id.code, "phone")
                self.assertEqual(made.title, "The rent")
                self.assertEqual(made.description, contact.summary)
        contact.invalidate_recordset()
        self.assertEqual((contact.inquiry_count, contact.suggestion_count), (1, 1))
        action = contact.with_context(npo_outcome="npo.inquiry").action_view_outcome()
        self.assertEqual(len(self.env["npo.inquiry"].search(action["domain"])), 1)

    def test_complaint(self):
        """R201, R203: the form of a complaint knows person, words, link and number."""
        contact = self._record(
            "social", network="x", link="https://x.com/a/1", outside_ref="T-9"
        )
        action = contact.action_complaint()
        desks = self.env[action["res_model"]].with_user(self.officer)
        with Form(desks.with_context(**action["context"])) as form:
            form.title = "No answer"
        action = form.record.action_confirm()
        case = self.env["npo.complaint"].browse(action["res_id"])
        self.assertEqual(case.interaction_id, contact)
        self.assertEqual(case.partner_id, self.person)
        self.assertEqual(case.description, contact.summary)
        self.assertEqual(case.channel_id.code, "social")
        self.assertEqual(case.social_link, contact.link)
        self.assertEqual(case.external_reference, "T-9")
        self.assertEqual(case.site_id, contact.site_id)

    def test_request(self):
        """R090: the intake finds the person's file, the channel and the words."""
        contact = self._record("assistance_request")
        action = contact.action_request()
        wizards = self.env[action["res_model"]].with_user(self.officer)
        with Form(wizards.with_context(**action["context"])) as form:
            self.assertEqual(form.beneficiary_id, self.file)
            self.assertEqual(form.channel_id.code, "assistance_request")
            form.service_id = self.service
            form.is_notice_told = True
        action = form.record.action_confirm()
        request = self.env["npo.request"].browse(action["res_id"])
        self.assertEqual(request.interaction_id, contact)
        self.assertEqual(request.channel_id, contact.channel_id)
        self.assertEqual(request.description, contact.summary)
        contact.invalidate_recordset()
        self.assertEqual(contact.request_count, 1)

    def test_appointment(self):
        """R065, R192: asked for with who receives, and linked back."""
        official = self.env["npo.official"].create(
            {
                "title": "General manager",
                "user_id": self.users["manager"].id,
                "company_id": self.company.id,
                "site_id": self.site.id,
            }
        )
        contact = self._record()
        action = contact.action_appointment()
        book = self.env[action["res_model"]].with_user(self.officer)
        with Form(book.with_context(**action["context"])) as form:
            self.assertEqual(form.subject, "The rent")
            form.official_id = official
        done = form.record.action_confirm()
        appointment = self.env["npo.appointment"].browse(done["res_id"])
        self.assertEqual(appointment.partner_id, self.person)
        self.assertEqual(appointment.state, "requested")
        contact.invalidate_recordset()
        self.assertEqual(contact.appointment_count, 1)

    def test_who_may(self):
        """The keys are for reception and the officers; readers only read."""
        contact = self._record()
        for who in ("manager", "auditor"):
            reader = contact.with_user(self.users[who])
            self.assertEqual(reader.subject, "The rent")
            with self.subTest(who), self.assertRaises(AccessError):
                reader.action_inquiry()
        with self.assertRaises(AccessError):
            contact.with_user(self.users["researcher"]).read(["subject"])


@tagged("post_install", "-at_install")
class TestVolunteer(CentreCommon):
    """R091: a volunteer refers somebody, and sees no more than that it arrived."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteer, cls.stranger = (
            new_test_user(
                cls.env,
                f"{login}_{cls.company.id}",
                "base.group_portal",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for login in ("volunteer", "stranger")
        )
        kind = cls.env.ref("npo_relations.npo_stakeholder_type_volunteer")
        cls.volunteer.partner_id.npo_stakeholder_type_ids = kind
        cls.volunteer.partner_id.company_id = cls.company

    def test_own_referrals(self):
        contacts = self.env["npo.interaction"].with_user(self.volunteer)
        notice = self.env["npo.consent"]._notice(self.company)
        number = contacts._portal_refer(
            {
                "notice": str(notice.id),
                "subject": "A widow needs help",
                "contact_name": "Umm Ali",
                "contact_phone": "0501234567",
                "partner_id": self.person.id,
                "company_id": 1,
            }
        )
        contact = self.env["npo.interaction"].search([("name", "=", number)])
        self.assertEqual(contact.notice_text_id, notice)
        self.assertEqual(contact.channel_code, "volunteer")
        self.assertEqual(contact.referrer_id, self.volunteer.partner_id)
        self.assertFalse(contact.partner_id)
        self.assertEqual(contact.company_id, self.company)
        self._record(referrer_id=self.stranger.partner_id.id)
        own = contacts._portal_referrals()
        self.assertEqual([line["number"] for line in own], [number])
        self.assertFalse(own[0]["is_taken_up"])

    def test_nothing_else(self):
        """R091: neither the contact nor the file can be opened by the volunteer."""
        contact = self._record(referrer_id=self.volunteer.partner_id.id)
        for record in (contact, self.file):
            own = record.with_user(self.volunteer)
            own.invalidate_recordset()
            with self.subTest(record._name), self.assertRaises(AccessError):
                own.read(["display_name"])
        contacts = self.env["npo.interaction"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            contacts._portal_refer({"subject": "x", "contact_name": "x"})
        with self.assertRaises(AccessError):
            contacts._portal_referrals()
