from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import InquiryCommon


@tagged("post_install", "-at_install")
class TestLiaison(InquiryCommon):
    """R168: each field of work has an officer, and there is always somebody."""

    def _for(self):
        return self.env["npo.liaison"]._liaison_for(self.field, self.company)

    def _absent(self, user, cover):
        today = self.company._npo_today()
        return self.env["npo.absence"].create(
            {
                "user_id": user.id,
                "cover_id": cover.id,
                "date_from": today,
                "date_to": today,
                "company_id": self.company.id,
            }
        )

    def test_who_answers(self):
        """R168: the officer, the deputy, who stands in, the manager of the centre."""
        officer, deputy = self.users["researcher"], self.users["officer2"]
        cover = self.users["deliverer"]
        self.assertEqual(self._for(), officer)
        self._absent(officer, cover)
        self.assertEqual(self._for(), deputy)
        self._absent(deputy, self.users["member"])
        self.assertEqual(self._for(), cover)
        nobody = self.env["npo.work.field"]
        liaisons = self.env["npo.liaison"]
        self.assertEqual(
            liaisons._liaison_for(nobody, self.company), self.users["chief"]
        )

    def test_term_over(self):
        """R168: after the term of the officer it is the deputy."""
        today = self.company._npo_today()
        self.liaison.write(
            {
                "date_from": today - timedelta(days=30),
                "date_to": today - timedelta(days=1),
            }
        )
        self.assertEqual(self._for(), self.users["officer2"])

    def test_one_at_a_time(self):
        """R168: a field has one officer; who follows begins after the term."""
        vals = {
            "work_field_id": self.field.id,
            "user_id": self.officer.id,
            "company_id": self.company.id,
        }
        today = self.company._npo_today()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["npo.liaison"].create(
                {**vals, "date_to": today + timedelta(days=1)}
            )
        self.liaison.date_to = today
        tomorrow = today + timedelta(days=1)
        self.assertTrue(self.env["npo.liaison"].create({**vals, "date_from": tomorrow}))

    def test_published(self):
        """R168: the list that everybody may read."""
        published = self.env["npo.liaison"]._published(self.company)
        self.assertEqual(published[0]["officer"], "Researcher")
        self.assertEqual(published[0]["contact"], "0112345678")

    def test_setup(self):
        """R165, R168: a field without an officer, or one channel, is red."""
        checks = self._checks()
        self.assertEqual(checks["liaisons"]["state"], "done")
        self.company.npo_work_field_ids |= self.env.ref(
            "npo_relations.work_field_legal"
        )
        line = self._checks()["liaisons"]
        self.assertEqual(line["state"], "missing")
        self.assertIn("Legal affairs", line["why"])

    def _checks(self):
        checks = self.env["npo.setup.check"]._checks(self.company)
        return {check["code"]: check for check in checks}


@tagged("post_install", "-at_install")
class TestInquiry(InquiryCommon):
    """R063, R105, R175: asked, passed on, consulted, answered, closed."""

    # ------------------------------------------------------------
    # TAKEN IN
    # ------------------------------------------------------------

    def test_at_the_desk(self):
        """R063, R064: the front desk registers with a line, and the person is told."""
        inquiries = self.env["npo.inquiry"].with_user(self.users["officer2"])
        form = Form(inquiries)
        form.title = "When is the rent paid?"
        form.channel_id = self.channel
        form.topic_id = self.topic
        form.contact_name = "Sara"
        form.contact_phone = "0501234567"
        inquiry = form.save()
        self.assertEqual(inquiry.stage_code, "new")
        self.assertEqual(inquiry.user_id, self.users["officer2"])
        self.assertEqual(inquiry.work_field_id, self.field)
        self.assertTrue(inquiry.is_unmatched)
        message = inquiry.sudo().message_log_ids
        self.assertEqual(message.phone_to, "0501234567")
        self.assertIn(inquiry.name, message.body)
        self.assertIn(inquiry._tracking_code(), message.body)
        with self.assertRaises(ValidationError):
            inquiries.create({"title": "x", "channel_id": self._closed_channel().id})

    def _told(self, inquiry):
        """Return the text of the message that the person got last."""
        return inquiry.sudo().message_log_ids.sorted("id")[-1:].body

    def _closed_channel(self):
        allowed = self.company.npo_policy_version_id._allowed_channels()
        return (self.env["npo.channel"].search([]) - allowed)[0]

    def test_from_outside_goes_to_the_liaison(self):
        """R168: what comes by page or mail is with the officer of its field at once."""
        inquiry = self._inquiry()
        self.assertEqual(inquiry.stage_code, "assigned")
        self.assertEqual(inquiry.user_id, self.users["researcher"])
        self.assertEqual(len(inquiry.message_log_ids), 1)

    def test_field_of_another_association(self):
        """R168: a topic's field in which the association does not work is left out."""
        legal = self.env["npo.inquiry.topic"].create(
            {
                "name": "Law",
                "code": "law",
                "work_field_id": self.env.ref("npo_relations.work_field_legal").id,
            }
        )
        inquiry = self._inquiry(topic_id=legal.id)
        self.assertFalse(inquiry.work_field_id)
        self.assertEqual(inquiry.user_id, self.users["chief"])

    # ------------------------------------------------------------
    # ANSWERED
    # ------------------------------------------------------------

    def test_first_contact(self):
        """R063: answered at the desk at once; it is not closed without an answer."""
        inquiry = self._at_desk()
        with self.assertRaises(UserError):
            inquiry.action_finish()
        with self.assertRaises(UserError):
            inquiry._answer("  ")
        self._step(inquiry, "answer", text="On the 5th.", unclear_instructions=True)
        self.assertTrue(inquiry.first_contact)
        self.assertTrue(inquiry.unclear_instructions)
        self.assertEqual(inquiry.stage_code, "answered")
        self.assertFalse(inquiry.is_overdue)
        self.assertIn("On the 5th.", self._told(inquiry))
        inquiry.action_finish()
        self.assertTrue(inquiry.is_closed)

    def test_liaison_answers_own_only(self):
        """R168: a liaison officer without another role answers what is theirs."""
        mine, other = self._inquiry(), self._inquiry()
        other.user_id = self.officer
        researcher = self.users["researcher"]
        self._step(mine.with_user(researcher), "answer", text="So it is.")
        self.assertFalse(mine.first_contact)
        with self.assertRaises(AccessError):
            other.with_user(researcher)._answer("Not mine.")
        found = self.env["npo.inquiry"].with_user(researcher).search([])
        self.assertEqual(found, mine)

    def test_written_by_steps_alone(self):
        """R063: nobody writes an answer or an outcome past the steps."""
        inquiry = self._at_desk()
        for vals in (
            {"answer": "x"},
            {"first_contact": True},
            {"satisfaction": "yes"},
            {"asked_id": self.officer.id},
            {"date_answered": fields.Datetime.now()},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                inquiry.write(vals)
        with self.assertRaises(UserError):
            inquiry.stage_id = self.env.ref("npo_relations.stage_inquiry_answered")

    def test_script_is_text(self):
        """R063: what people type is text, in the message and in the thread."""
        inquiry = self._inquiry()
        inquiry._answer("<script>alert(1)</script>")
        self.assertNotIn("<script", self._told(inquiry))
        self.assertIn("alert(1)", self._told(inquiry))
        inquiry._reopen("<img src=x onerror=alert(1)>")
        self.assertNotIn("<img", inquiry.message_ids[0].body)
        self.assertIn("&lt;img", inquiry.message_ids[0].body)

    def test_handed_over(self):
        """R103: taken over, and handed to who stands in, with a note."""
        inquiry = self._inquiry()
        own = inquiry.with_user(self.officer)
        own.action_take()
        self.assertEqual(inquiry.user_id, self.officer)
        self._step(own, "hand_over", user_id=self.users["centre"], text="Knows her.")
        self.assertEqual(inquiry.user_id, self.users["centre"])
        self.assertEqual(inquiry.stage_log_ids[-1].note, "Knows her.")

    # ------------------------------------------------------------
    # ASKED
    # ------------------------------------------------------------

    def test_consultation(self):
        """R175: the unit is asked, one owner stays, the time there is measured."""
        inquiry = self._inquiry()
        asked = self.users["deliverer"]
        researcher = inquiry.with_user(self.users["researcher"])
        with freeze_time("2026-10-04 06:00:00"):  # a Sunday, 9:00
            self._step(researcher, "consult", user_id=asked, text="When is it paid?")
        question = inquiry.consultation_ids
        self.assertEqual(inquiry.stage_code, "consulting")
        self.assertEqual(inquiry.user_id, self.users["researcher"])
        self.assertEqual(str(question.date_due), "2026-10-06")
        self.assertIn(asked, inquiry.activity_ids.user_id)
        with self.assertRaises(UserError):
            researcher._consult(self.env["hr.department"], "Again?", asked)
        seen = self.env["npo.inquiry"].with_user(asked).search([])
        self.assertEqual(seen, inquiry)
        self._inquiry()  # of which who is asked sees nothing
        self.assertEqual(seen.search([]), inquiry)
        with self.assertRaises(AccessError):
            inquiry.with_user(asked)._answer("I tell her myself.")
        with self.assertRaises(AccessError):
            question.with_user(self.officer)._reply("Not asked of me.")
        with freeze_time("2026-10-04 09:00:00"):
            form = question.with_user(asked).action_answer()["context"]
            self._step(
                inquiry.with_user(asked), form["default_step"], text="On the 5th."
            )
        self.assertEqual(question.state, "answered")
        self.assertAlmostEqual(question.hours, 3, 1)
        self.assertEqual(inquiry.stage_code, "assigned")
        self.assertEqual(inquiry.activity_ids.user_id, self.users["researcher"])
        self.assertFalse(inquiry.answer)

    def test_unit_by_its_manager(self):
        """R175: a unit is asked through its manager; one without is refused."""
        unit = self.env["hr.department"].create(
            {"name": "Housing", "company_id": self.company.id}
        )
        inquiry = self._inquiry()
        with self.assertRaises(UserError):
            inquiry._consult(unit, "When?")
        unit.manager_id = self.env["hr.employee"].create(
            {
                "name": "Head",
                "user_id": self.users["member"].id,
                "company_id": self.company.id,
            }
        )
        inquiry._consult(unit, "When?")
        self.assertEqual(inquiry.asked_id, self.users["member"])
        inquiry._answer("Found out without.")
        self.assertEqual(inquiry.consultation_ids.state, "cancelled")
        self.assertFalse(inquiry.activity_ids)

    def test_asked_back(self):
        """P084: the clock stands while the person is asked, and the reply goes on."""
        portal = self._portal()
        inquiry = self._inquiry(partner_id=portal.partner_id.id)
        due = inquiry.date_due
        inquiry._ask("Which month?")
        self.assertEqual(inquiry.stage_code, "waiting")
        self.assertIn("Which month?", self._told(inquiry))
        with self.assertRaises(AccessError):
            inquiry.with_user(self.users["auditor"])._portal_reply("Rajab.")
        later = fields.Datetime.now() + timedelta(days=7)
        with freeze_time(later):
            inquiry.with_user(portal)._portal_reply("Rajab.")
        self.assertEqual(inquiry.stage_code, "assigned")
        self.assertGreater(inquiry.date_due, due)
        self.assertEqual(inquiry.message_ids[0].author_id, portal.partner_id)

    # ------------------------------------------------------------
    # THE PERSON'S WORD
    # ------------------------------------------------------------

    def test_satisfied(self):
        """R063: the person's yes closes it, once; a stranger's is refused."""
        portal, stranger = self._portal(), self._portal("stranger")
        inquiry = self._inquiry(partner_id=portal.partner_id.id)
        inquiry._answer("On the 5th.")
        with self.assertRaises(AccessError):
            inquiry.with_user(stranger)._portal_satisfied(True)
        inquiry.with_user(portal)._portal_satisfied(True)
        inquiry.with_user(portal)._portal_satisfied(True)
        self.assertEqual((inquiry.stage_code, inquiry.satisfaction), ("closed", "yes"))

    def test_reopened(self):
        """R063: the person has it opened again within the days; not later."""
        portal = self._portal()
        inquiry = self._inquiry(partner_id=portal.partner_id.id)
        inquiry._answer("On the 5th.")
        inquiry.with_user(portal)._portal_reopen("Of which month?")
        self.assertEqual(inquiry.stage_code, "reopened")
        self.assertEqual(inquiry.reopened_count, 1)
        self.assertFalse(inquiry.date_answered)
        inquiry._answer("Of Rajab.")
        days = self.company.npo_inquiry_reopen_days + 1
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            with self.assertRaises(UserError):
                inquiry.with_user(portal)._portal_reopen("Again.")

    def test_silence_closes(self):
        """R063: answered and heard no more of: closed after the days, and once."""
        answered, fresh = self._inquiry(), self._inquiry()
        answered._answer("So.")
        days = self.company.npo_inquiry_close_days
        cron = self.env.ref("npo_relations.ir_cron_npo_inquiry_close")
        with freeze_time(fields.Datetime.now() + timedelta(days=days, hours=1)):
            fresh._answer("So too.")
            held = self._inquiry()
            held._answer("So.")
            held.sudo().date_answered = answered.date_answered
            held.with_user(SUPERUSER_ID)._portal_reply("And in Rajab?")
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
        self.assertEqual(answered.stage_code, "closed")
        self.assertEqual(fresh.stage_code, "answered")
        self.assertEqual(held.stage_code, "answered")  # the person said something
        logs = answered.stage_log_ids.filtered(lambda l: l.stage_id.code == "closed")
        self.assertEqual(len(logs), 1)

    # ------------------------------------------------------------
    # WHO SEES
    # ------------------------------------------------------------

    def test_delegate(self):
        """R063: a delegate sees and registers those of the own sites."""
        inquiry = self._inquiry()
        own = self._inquiry(site_id=self.branch.id)
        delegate = self.users["delegate"]
        found = self.env["npo.inquiry"].with_user(delegate).search([])
        self.assertEqual(found, own)
        with self.assertRaises(AccessError):
            inquiry.with_user(delegate).action_take()
        vals = {"title": "x", "channel_id": self.channel.id}
        model = self.env["npo.inquiry"].with_user(delegate)
        with self.assertRaises(AccessError):
            model.create({**vals, "site_id": self.site.id})
        self.assertTrue(model.create({**vals, "site_id": self.branch.id}))

    def test_readers_change_nothing(self):
        """R063: auditor and manager read all, and change nothing by any operation."""
        inquiry = self._inquiry()
        for name in ("auditor", "manager"):
            own = inquiry.with_user(self.users[name])
            self.assertTrue(own.read(["title"]))
            for call in (
                lambda own=own: own.write({"title": "x"}),
                lambda own=own: own.action_take(),
                lambda own=own: own._answer("x"),
                lambda own=own: own.unlink(),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_home(self):
        """R168: one sees at home what waits; the centre what is unclear."""
        inquiry = self._inquiry()
        researcher = self.users["researcher"]
        tiles = self._tiles(researcher)
        self.assertEqual(tiles["Inquiries with me"], 1)
        inquiry._answer("So.", unclear=True)
        self.assertEqual(self._tiles(researcher)["Inquiries with me"], 0)
        self.assertEqual(
            self._tiles(self.users["chief"])["Instructions unclear, 30 days"], 1
        )

    def _tiles(self, user):
        tiles = self.env["npo.home"].with_user(user).get_home()["tiles"]
        return {tile["label"]: tile["count"] for tile in tiles}

    # ------------------------------------------------------------
    # MATCHED
    # ------------------------------------------------------------

    def test_matched(self):
        """R063: who left a mobile is proposed by it, and chosen or entered."""
        file = self._new_beneficiary(0)
        inquiry = self._inquiry(
            partner_id=False, contact_name="N.", contact_phone="0501234560"
        )
        form = self._match_form(inquiry)
        self.assertEqual(form.partner_id, file.partner_id)
        form.action_confirm()
        self.assertEqual(inquiry.partner_id, file.partner_id)
        self.assertFalse(inquiry.is_unmatched)
        with self.assertRaises(UserError):
            inquiry._match(self.person)

    def test_matched_by_address_or_new(self):
        """R063: by the address exactly, of a suggestion too; else a new one."""
        file = self._new_beneficiary(0)
        vals = {"partner_id": False, "contact_email": "NOURA0@example.com"}
        suggestion = self.env["npo.suggestion"]._receive(self._vals(**vals))
        self.assertEqual(self._match_form(suggestion).candidate_ids, file.partner_id)
        unknown = self._inquiry(partner_id=False, contact_phone="0507654321")
        form = self._match_form(unknown)
        self.assertFalse(form.candidate_ids)
        form.new_name = "Maha"
        form.action_create()
        self.assertEqual(unknown.partner_id.name, "Maha")
        self.assertEqual(unknown.partner_id.company_id, self.company)
        with self.assertRaises(AccessError):
            self._match_form(unknown, self.users["researcher"])

    def _match_form(self, case, user=None):
        context = case.with_user(user or self.officer).action_match()["context"]
        forms = self.env["npo.voice.match"].with_user(user or self.officer)
        return forms.with_context(**context).create({})


@tagged("post_install", "-at_install")
class TestAnswer(InquiryCommon):
    """R063, R074: the library grows out of answers, and names nobody."""

    def test_filled(self):
        """R063: the answer has the person's name, gender, number and date."""
        answer = self.env["npo.answer"].create(
            {
                "name": "When?",
                "body": "{Dear Mr|Dear Ms} {name}, about {ref} of {date}: {link}",
                "company_id": self.company.id,
            }
        )
        self.person.name = "Noura {link}"
        inquiry = self._inquiry()
        text = answer._fill(inquiry)
        self.assertTrue(text.startswith("Dear Ms Noura {link}, about INQ/"))
        self.assertIn(f"/my/inquiries/{inquiry.id}", text)
        self.assertNotIn("{date}", text)

    def test_used(self):
        """R063: chosen in the form, it is filled in, sent, and counted."""
        answer = self.env["npo.answer"].create(
            {"name": "When?", "body": "{name}: the 5th.", "company_id": self.company.id}
        )
        answer.action_ready()
        inquiry = self._inquiry()
        form = Form(
            self.env["npo.inquiry.step"].with_context(
                **inquiry.action_answer()["context"]
            )
        )
        form.answer_id = answer
        self.assertEqual(form.text, f"{self.person.name}: the 5th.")
        form.save().action_confirm()
        self.assertEqual(inquiry.answer, f"{self.person.name}: the 5th.")
        self.assertEqual(answer.used_count, 1)

    def test_kept(self):
        """R063: kept from an inquiry without the person; a number holds it back."""
        inquiry = self._inquiry()
        inquiry._answer(f"{self.person.name}, about {inquiry.name}: call 0501234567.")
        own = inquiry.with_user(self.officer)
        kept = self.env["npo.answer"].browse(own.action_keep_answer()["res_id"])
        self.assertEqual(kept.body, "{name}, about {ref}: call 0501234567.")
        self.assertEqual(kept.state, "draft")
        kept = kept.with_user(self.officer)
        self.assertIn("long number", kept.privacy_note)
        with self.assertRaises(ValidationError):
            kept.action_publish()
        kept.body = "Ask Noura."
        self.assertIn("{name}", kept.privacy_note)
        kept.body = "Call us."
        kept.action_publish()
        self.assertIn(kept, self.env["npo.answer"]._published(self.company))
        with self.assertRaises(UserError):
            kept.state = "draft"
        with self.assertRaises(AccessError):
            kept.with_user(self.users["researcher"]).action_draft()

    def test_misconception(self):
        """R074: a notion is put right on the public page of its association alone."""
        notion = self.env["npo.answer"].create(
            {
                "name": "A refusal is final",
                "body": "You may object.",
                "kind": "misconception",
                "company_id": self.company.id,
            }
        )
        published = self.env["npo.answer"]._published
        self.assertFalse(published(self.company, "misconception"))
        notion.action_publish()
        self.assertEqual(published(self.company, "misconception"), notion)
        self.assertFalse(published(self.env["res.company"].create({"name": "Other"})))

    def test_other_association(self):
        """D06: no answer and no inquiry of another association."""
        foreign = self._new_association("Other Association", "masaken")
        stranger = self._new_staff("strange", "relations_officer", foreign)
        inquiry = self._inquiry()
        self.env["npo.answer"].create(
            {"name": "x", "body": "x", "company_id": self.company.id}
        )
        env = (
            inquiry.with_user(stranger)
            .with_context(allowed_company_ids=foreign.ids)
            .env
        )
        for model in ("npo.inquiry", "npo.answer", "npo.liaison"):
            seen = env[model].search([])
            self.assertFalse(seen.filtered(lambda one: one.company_id != foreign))
        with self.assertRaises(AccessError):
            env["npo.inquiry"].browse(inquiry.id).action_answer()

    # ------------------------------------------------------------
    # THE OFFICER'S TASK, THE ROAD, THE VISIT
    # ------------------------------------------------------------

    def _tasks(self, case):
        return case.sudo().activity_ids.sorted("id").mapped("user_id")

    def test_task_of_the_officer(self):
        """R168: whom an inquiry is given to has one task, until it is answered."""
        inquiry = self._inquiry()
        officer = self.users["researcher"]
        self.assertEqual(self._tasks(inquiry), officer)
        self.assertEqual(inquiry.activity_ids.date_deadline, inquiry.date_deadline)
        self.assertNotIn(inquiry.title, inquiry.activity_ids.summary)
        inquiry.with_user(officer)._hand_over(self.users["officer2"], "Away")
        self.assertFalse(self._tasks(inquiry))  # one task for all that is handed over
        inquiry.with_user(self.users["officer2"])._answer("On the fifth.")
        again = self._inquiry()
        again.with_user(officer)._answer("On the fifth.")
        self.assertFalse(self._tasks(again))
        own = self._at_desk()
        self.assertFalse(self._tasks(own))  # who registered it has it open
        own.action_assign()
        self.assertEqual(self._tasks(own), officer)
        asked = self.env["npo.info.request"]._receive(
            self._vals(work_field_id=self.field.id)
        )
        self.assertEqual(self._tasks(asked), officer)

    def test_main_road(self):
        """The bar of stages shows the way of most; a side way only who is on it."""
        roads = {
            "npo.inquiry": ["new", "assigned", "answered", "closed"],
            "npo.info.request": ["received", "studied", "answered", "closed"],
        }
        for name, road in roads.items():
            arch = etree.fromstring(self.env[name].get_view(view_type="form")["arch"])
            [bar] = arch.xpath("//header/field[@name='stage_id']")
            stages = self.env["npo.stage"].search(literal_eval(bar.get("domain")))
            with self.subTest(name):
                self.assertEqual(stages.mapped("code"), road)

    def test_visit(self):
        """R105, R106: many questions in one visit; it ends when each is dealt with."""
        visit = (
            self.env["npo.interaction"]
            .with_user(self.officer)
            .create(
                {
                    "channel_id": self.env.ref("npo_relations.channel_interview").id,
                    "subject": "The rent",
                    "company_id": self.company.id,
                    "partner_id": self.person.id,
                    "date": fields.Datetime.now() - timedelta(minutes=25),
                }
            )
        )
        first, second, third = (
            self._at_desk(interaction_id=visit.id) for _number in range(3)
        )
        self.assertEqual(visit.inquiry_count, 3)
        first._answer("On the fifth.")
        with self.assertRaises(UserError) as caught:
            visit.action_end()
        self.assertIn(second.name, str(caught.exception))
        self.assertNotIn(first.name, str(caught.exception))
        (second | third).action_assign()  # answered later, by its officer
        visit.action_end()
        self.assertEqual(visit.duration, 25)
        ended = visit.date_ended
        visit.action_end()
        self.assertEqual(visit.date_ended, ended)
        with self.assertRaises(AccessError):
            visit.write({"date_ended": False})
        with self.assertRaises(AccessError):
            visit.with_user(self.users["researcher"]).action_end()
