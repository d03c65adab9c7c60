from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.npo_relations.models.satisfaction.invitation import MASK

from ..common_performance import PerformanceCommon
from .common import OpinionCommon


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestInvitation(OpinionCommon, PerformanceCommon):
    """Who is asked, when, and how often."""

    def _sent(self, **vals):
        visit = self._done(partner_id=self.person.id, **vals)
        invitation = visit._opinion()
        self.invitations._cron_send()
        return invitation

    def _messages(self, invitation):
        return self.env["npo.message"].search(
            [
                ("res_model", "=", invitation.res_model),
                ("res_id", "=", invitation.res_id),
            ]
        )

    def _withdraw(self):
        purpose = self.env.ref("npo_relations.consent_purpose_survey")
        text = self.env.ref("npo_relations.consent_text_survey_1")
        now = fields.Datetime.now()
        return self.env["npo.consent"].create(
            {
                "partner_id": self.person.id,
                "purpose_id": purpose.id,
                "text_id": text.id,
                "sentence": text.text,
                "company_id": self.company.id,
                "date_given": now,
                "method": "paper",
                "recorded_by_id": self.officer.id,
                "date_withdrawn": now,
            }
        )

    def test_questionnaires(self):
        """R068, P121: one for each event; of one event at most five are asked."""
        surveys = self.env["survey.survey"].search(
            [("npo_company_id", "=", self.company.id)]
        )
        self.assertEqual(len(surveys), 8)
        titles = surveys.question_ids.mapped("npo_question_id.code")
        self.assertIn("q_m_safe", titles)
        self.assertNotIn("q_h_info", titles, "of another kind of association")
        for event in ("service", "visit", "complaint", "decision"):
            for score in (1, 5):
                invitation = self._invited(f"after_{event}")
                invitation.write({"score": score, "is_answered": True})
                with self.subTest(event=event, score=score):
                    asked = invitation._questions()
                    self.assertTrue(3 <= len(asked) <= 5, len(asked))
                    roles = asked.mapped("npo_role")
                    self.assertEqual(roles[0], "first")
                    words = "text_low" if score == 1 else "text_high"
                    self.assertIn(words, roles)
        self.company._npo_make_questionnaires()
        self.assertEqual(
            len(surveys.search([("npo_company_id", "=", self.company.id)])), 8
        )

    def test_whole_pool(self):
        """P120: asked in turn, every question of the pool is asked of somebody."""
        pool = self._survey("after_visit").question_ids.filtered(
            lambda one: one.npo_role == "pool"
        )
        asked = self.env["survey.question"]
        for _number in range(len(pool)):
            asked |= self._invited()._questions()
        self.assertFalse(pool - asked)

    def test_visit_message(self):
        """R068, D04: sent once by a message on the visit, whose log has no key."""
        invitation = self._sent()
        self.assertEqual(invitation.state, "sent")
        message = self._messages(invitation)
        self.assertEqual(len(message), 1)
        self.assertNotIn(invitation.token, message.body)
        self.env["npo.message"]._cron_send()
        mail = self.env["mail.mail"].search([("npo_message_id", "=", message.id)])
        self.assertIn(invitation.token, mail.body_html)
        self.invitations._cron_send()
        self.assertEqual(len(self._messages(invitation)), 1)

    def test_mask_that_was_typed(self):
        """R079: a mask that somebody typed gets no key, of whomever, nor breaks it."""
        invitation = self._sent()
        message = self._messages(invitation)
        foreign = self._done(partner_id=self._new_beneficiary(2).partner_id.id)
        own_other = self._done(partner_id=self.person.id)
        for typed in (
            foreign._opinion().id,
            own_other._opinion().id,
            999999999,
            "9" * 40,
        ):
            message.body += Markup("<p>%s%s</p>") % (MASK, typed)
        body = message._mail_body()
        self.assertIsInstance(body, Markup)
        self.assertIn(invitation.token, body)
        self.assertEqual(body.count("/opinion/"), 1)
        for visit in (foreign, own_other):
            self.assertNotIn(visit._opinion().token, body)
        self.env["npo.message"]._cron_send()
        self.assertEqual(message.state, "sent")

    def test_round_message(self):
        """R072: what is asked in a round has its key, on the invitation itself."""
        invitation = self._invited(
            "stakeholder", self.person, state="waiting", date_sent=False
        )
        self.invitations._cron_send()
        message = self.env["npo.message"].search(
            [("res_model", "=", invitation._name), ("res_id", "=", invitation.id)]
        )
        self.assertIn(f"/opinion/{invitation.token}", message._mail_body())

    def test_one_reminder(self):
        """R077: one reminder after some days, to who did not answer alone."""
        invitation = self._sent()
        answered = self._invited(date_remind=fields.Datetime.now())
        self._say(answered, 5)
        for days, told in ((2, 1), (3, 2), (4, 2), (40, 2)):
            later = fields.Datetime.now() + timedelta(days=days, minutes=1)
            with self.subTest(days), freeze_time(later):
                self.invitations._cron_send()
                self.assertEqual(len(self._messages(invitation)), told)
        self.assertTrue(invitation.date_reminded)
        self.assertFalse(answered.date_reminded)

    def test_consent(self):
        """D18: never who withdrew; with the stricter choice, only who agreed."""
        self._withdraw()
        invitation = self._sent()
        self.assertEqual(
            (invitation.state, invitation.skip_reason), ("skipped", "consent")
        )
        self.assertFalse(self._messages(invitation))
        other = self._new_beneficiary(1).partner_id
        self.company.npo_opinion_needs_consent = True
        strict = self._done(partner_id=other.id)._opinion()
        self.invitations._cron_send()
        self.assertEqual(strict.skip_reason, "consent")

    def test_consent_before_reminder(self):
        """D18: who withdraws between the two is not reminded."""
        invitation = self._sent()
        self._withdraw()
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            self.invitations._cron_send()
        self.assertEqual(len(self._messages(invitation)), 1)
        self.assertFalse(invitation.date_reminded)

    def test_rest(self):
        """P124: within thirty days nobody is asked again, nor twice in one batch."""
        first = self._done(partner_id=self.person.id)._opinion()
        second = self._done(partner_id=self.person.id)._opinion()
        self.invitations._cron_send()
        states = [first.state, second.state]
        self.assertEqual(states, ["sent", "skipped"])
        self.assertEqual(self._sent().skip_reason, "recent")
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.assertEqual(self._sent().state, "sent")

    def test_sampling(self):
        """P124: a share of the visits is drawn; of none, none is asked."""
        self.company.npo_opinion_visit_share = 0
        self.assertFalse(self._done(partner_id=self.person.id)._opinion())

    def test_never_twice(self):
        """R068: one thing is asked about once, whoever calls it again."""
        visit = self._done(partner_id=self.person.id)
        self.assertFalse(self.invitations._invite("after_visit", visit))
        self.assertEqual(len(visit._opinion()), 1)
        unknown = self._done(visitor_name="Somebody")
        self.assertFalse(unknown._opinion(), "nobody to ask")

    def test_without_questionnaire(self):
        """R068: what is archived is not asked, and the old stars take its place."""
        self._survey("after_visit").active = False
        self.assertFalse(self._done(partner_id=self.person.id)._opinion())
        self._survey("after_service").active = False
        request = self._delivered()
        self.assertFalse(request._opinion())
        self.assertIn("/rate/", request._rating_link())

    def test_refused_request(self):
        """R068: who is refused is asked whether the reason was explained."""
        request = self._new_request(self.file)
        self._advance(request, "committee")
        chair = self.users["chair"]
        reason = self.env.ref("npo_relations.reason_rejection_no_need")
        request.with_user(chair)._decide(
            "rejected", chair, decision_reason_id=reason.id
        )
        early = self.env.ref("npo_relations.reason_early_reply_simple")
        request.with_user(chair)._approve_early_reply(early)
        request.with_user(chair).action_announce()
        asked = self.invitations.search([("res_id", "=", request.id)])
        self.assertEqual(asked.mapped("event"), ["after_decision"])
        self.invitations._cron_send()
        last = request.message_log_ids.sorted("id")[-1:]
        self.assertEqual(
            last.template_id,
            self.env.ref("npo_relations.mail_template_opinion_decision"),
        )
        self.assertIn(asked.token, last._mail_body())

    def test_begun_is_not_reminded(self):
        """R077: who has begun, or whom a colleague asks, is not reminded."""
        begun, asked = self._sent(), self._sent()
        asked.write({"state": "sent", "date_remind": fields.Datetime.now()})
        begun._save_page(0, {f"q{begun._questions()[0].id}": "5"})
        begun.date_remind = fields.Datetime.now()
        asked._begin_for(self.officer, "phone")
        self.assertRecordValues(asked, [{"state": "open", "date_remind": False}])
        self.invitations._cron_send()
        self.assertFalse(begun.date_reminded or asked.date_reminded)

    def test_withdrawn_at_delivery(self):
        """D18: who withdrew finds no way to rate in the message of the delivery."""
        self._withdraw()
        request = self._delivered()
        opinion = request._opinion()
        self.assertEqual((opinion.state, opinion.skip_reason), ("skipped", "consent"))
        self.assertFalse(request.with_context(npo_in_message=True)._rating_link())
        self.assertIn(opinion.token, request._rating_link())
        bodies = "".join(map(str, self._messages(opinion).mapped("body")))
        self.assertNotIn("/opinion/", bodies)

    def test_rest_at_delivery(self):
        """P124: who was asked shortly before finds no link in the next message."""
        self.assertEqual(self._sent().state, "sent")
        request = self._delivered()
        opinion = request._opinion()
        self.assertEqual((opinion.state, opinion.skip_reason), ("skipped", "recent"))
        self.assertFalse(opinion.date_sent)
        bodies = "".join(map(str, request.message_log_ids.mapped("body")))
        self.assertNotIn(MASK + str(opinion.id), bodies)

    def test_case_is_gone(self):
        """R068: what it was about is gone: nobody is asked, and nothing breaks."""
        visit = self._done(partner_id=self.person.id)
        invitation = visit._opinion()
        invitation.res_id = self.env["npo.visit"].search([], order="id desc")[0].id + 99
        self.invitations._cron_send()
        self.assertFalse(self._messages(invitation))

    def test_questions_taken_away(self):
        """R068: a page that is no more ends the questionnaire."""
        invitation = self._sent()
        invitation._save_page(0, {f"q{invitation._questions()[0].id}": "5"})
        invitation.page = 9
        invitation._save_page(9, {})
        self.assertEqual(invitation.state, "done")

    def test_contacts_of_another_association(self):
        """R075: a round asks contacts of its own association, that one may read."""
        other = self.env["res.company"].create({"name": "Another association"})
        foreign = self.env["res.partner"].create(
            {"name": "Theirs", "email": "x@example.com", "company_id": other.id}
        )
        vals = {
            "event": "stakeholder",
            "planned": 1,
            "audience": "supplier",
            "company_id": self.company.id,
        }
        plans = self.env["npo.opinion.plan"]
        with self.assertRaises(UserError):
            plans.create({**vals, "partner_ids": foreign.ids})
        plan = plans.create({**vals, "partner_ids": self.person.ids})
        self.person.company_id = self.company
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [other.id, self.person.id],
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                plan.with_user(self.users["centre"]).action_invite()

    def test_two_associations(self):
        """R075: two associations may ask one supplier in one year."""
        first = self._invited(
            "stakeholder", self.person, res_model="res.partner", res_id=self.person.id
        )
        other = self.env["res.company"].create({"name": "Another association"})
        second = self._invited(
            "stakeholder",
            self.person,
            res_model="res.partner",
            res_id=self.person.id,
            company_id=other.id,
        )
        self.env.flush_all()
        self.assertNotEqual(first, second)

    def test_facts(self):
        """R186: what answers are broken down by is kept with the invitation."""
        invitation = self._delivered()._opinion()
        self.assertRecordValues(
            invitation,
            [
                {
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "service_id": self.service.id,
                    "channel_id": self.channel.id,
                    "gender": "female",
                    "audience": "beneficiary",
                }
            ],
        )

    def test_statements(self):
        """Performance: inviting and sending are flat from ten to fifty."""
        people = self.env["res.partner"].create(
            [
                {"name": f"P {n}", "email": f"p{n}@example.com", "lang": "ar_001"}
                for n in range(60)
            ]
        )
        visits = self._visit()
        visits |= (
            self.env["npo.visit"]
            .with_user(self.front)
            ._register_visitors(
                [
                    {
                        "company_id": self.company.id,
                        "site_id": self.site.id,
                        "section": "women",
                        "purpose_id": self.inquiry.id,
                        "partner_id": person.id,
                    }
                    for person in people
                ]
            )
        )
        visits = visits.sudo().filtered("partner_id")
        few = self._statements(
            lambda: self.invitations._invite("after_visit", visits[:10])
        )
        many = self._statements(
            lambda: self.invitations._invite("after_visit", visits[10:])
        )
        self.assertLessEqual(many, few + 1)
        of_ten = self.invitations.search([("res_id", "in", visits[:10].ids)])
        of_fifty = self.invitations.search([("res_id", "in", visits[10:].ids)])
        few = self._statements(of_ten._send)
        many = self._statements(of_fifty._send)
        self.assertLessEqual(many, few + 6, "flat but for the batches of the ORM")

    def test_round(self):
        """R072, R075, P003: a planned round asks everybody once in its year."""
        self.file.sudo().state = "active"
        self.env.flush_all()
        plan = self.env["npo.opinion.plan"].create(
            {"event": "periodic", "planned": 1, "company_id": self.company.id}
        )
        plan.with_user(self.users["centre"]).action_invite()
        plan.action_invite()
        self.assertEqual(plan.invited, 1)
        suppliers = self.env["res.partner"].create(
            [{"name": "A", "email": "a@example.com"}, {"name": "B"}]
        )
        wide = self.env["npo.opinion.plan"].create(
            {
                "event": "stakeholder",
                "planned": 2,
                "audience": "supplier",
                "partner_ids": suppliers.ids,
                "company_id": self.company.id,
            }
        )
        wide.action_invite()
        invitation = self.invitations.search([("partner_id", "=", suppliers[0].id)])
        codes = invitation._questions().mapped("npo_question_id.code")
        self.assertIn("q_s_supplier", codes)
        self.assertNotIn("q_v_volunteer", codes)
        self.invitations._cron_send()
        self.assertEqual(invitation.state, "sent")
        self._say(invitation, 5)
        self.assertEqual((wide.done, wide.share), (1, 50))
        answers = self.env["npo.opinion.answer"].search([("audience", "=", "supplier")])
        self.assertTrue(answers)
