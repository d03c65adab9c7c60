from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..voice.common import InquiryCommon


@tagged("post_install", "-at_install")
class TestInformation(InquiryCommon):
    """R163–R167: accurate, up to date, for whom it is, and given when asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["npo.stakeholder.type"].search(
            [("code", "=", "supplier")]
        )
        cls.item = cls._item("How suppliers are paid", type_ids=cls.supplier)

    @classmethod
    def _item(cls, name, **vals):
        types = vals.pop("type_ids", cls.supplier.browse())
        return cls.env["npo.info.item"].create(
            {
                "name": name,
                "body": "Within 30 days.",
                "source": "Policy of purchases",
                "owner_id": cls.users["researcher"].id,
                "company_id": cls.company.id,
                "type_ids": [Command.set(types.ids)],
                **vals,
            }
        )

    # ------------------------------------------------------------
    # ON FILE
    # ------------------------------------------------------------

    def test_for_whom(self):
        """R164, R165: what is for suppliers is not shown to a beneficiary."""
        self.assertTrue(self.supplier)
        everybody = self._item("Hours")
        for item in self.item | everybody:
            item.action_verify()
            item.action_publish()
        seller = self.env["res.partner"].create(
            {"name": "Shop", "npo_kind_ids": [Command.link(self.supplier.id)]}
        )
        visible = self.env["npo.info.item"]._visible_to
        self.assertEqual(visible(seller, self.company), self.item | everybody)
        self.assertEqual(visible(self.person, self.company), everybody)
        self.assertEqual(visible(self.env["res.partner"], self.company), everybody)
        kept = self._item("For us", type_ids=self.person.npo_stakeholder_type_ids)
        kept.action_verify()
        kept.action_publish()
        self.assertIn(kept, visible(self.person, self.company))

    def test_verified_first(self):
        """R166: unverified is not published, and a change is verified anew."""
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.item.action_publish()
        self.item.source = False
        with self.assertRaises(UserError):
            self.item.action_verify()
        self.item.source = "The policy"
        self.item.action_verify()
        self.item.action_publish()
        self.assertEqual(self.item.verified_by_id, self.env.user)
        self.item.body = "Within 60 days."
        self.assertFalse(self.item.is_published)
        self.assertFalse(self.item.date_verified)

    def test_kept_by_its_owner(self):
        """R167: its owner and the office write it, and nobody writes it verified."""
        own = self.item.with_user(self.users["researcher"])
        own.body = "Within 45 days."
        own.write({"date_verified": "2020-01-01", "is_published": True})
        self.assertFalse(self.item.date_verified)
        self.assertFalse(self.item.is_published)
        with self.assertRaises(AccessError):
            self.item.with_user(self.users["member"]).body = "x"
        self.item.with_user(self.officer).body = "Within 30 days."

    def test_error_reported(self):
        """R166: an error that is reported is a task of the owner."""
        self.item._report_error("It is <b>60</b> days now.")
        self.assertEqual(self.item.activity_ids.user_id, self.users["researcher"])
        self.assertNotIn("<b>", self.item.message_ids[0].body)
        self.item.with_user(self.users["researcher"]).action_verify()
        self.assertFalse(self.item.activity_ids)

    def test_stale(self):
        """R167: past its period it is stale, found, and its owner told once."""
        stale = self.env["npo.info.item"].search([("is_stale", "=", True)])
        self.assertNotIn(self.item, stale)
        later = self.item.date_stale + timedelta(days=1)
        cron = self.env.ref("npo_relations.ir_cron_npo_info_item_stale")
        with freeze_time(f"{later} 09:00:00"):
            self.item.invalidate_recordset(["is_stale"])
            self.assertTrue(self.item.is_stale)
            found = self.env["npo.info.item"].search([("is_stale", "=", True)])
            self.assertIn(self.item, found)
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
            self.assertEqual(len(self.item.activity_ids), 1)
            self.item.action_verify()
            self.assertFalse(self.item.is_stale)
            self.assertFalse(self.item.activity_ids)

    # ------------------------------------------------------------
    # ASKED FOR
    # ------------------------------------------------------------

    def _request(self, **vals):
        return self.env["npo.info.request"]._receive(
            self._vals(
                title="The report of last year", work_field_id=self.field.id, **vals
            )
        )

    def test_received(self):
        """R165: acknowledged, with its officer, due in ten working days."""
        case = self._request()
        self.assertEqual(case.stage_code, "received")
        self.assertEqual(case.user_id, self.users["researcher"])
        self.assertEqual((case.answer_within, case.answer_unit), (10, "days"))
        self.assertIn(case.name, case.message_log_ids.body)

    def test_typed_at_the_desk(self):
        """R165, P072: what an officer types is acknowledged as well, once."""
        case = (
            self.env["npo.info.request"]
            .with_user(self.officer)
            .create(
                self._vals(title="The list of services", work_field_id=self.field.id)
            )
            .sudo()
        )
        self.assertEqual(case.user_id, self.users["researcher"])
        ack = self.env.ref("npo_relations.mail_template_inf_ack")
        self.assertEqual(case.message_log_ids.template_id, ack)
        self.assertEqual(len(case.message_log_ids), 1)
        self.assertEqual(len(self._request().message_log_ids), 1)

    def test_followed_by_number_and_code(self):
        """R165, R053: its number and code open it; a wrong code opens nothing."""
        case = self._request(partner_id=False, contact_name="Salma")
        look = self.env["npo.tracking"]._look
        code = case._tracking_code()
        found, shown = look(self.company, case.name, code.lower(), "1.2.3.4")
        self.assertEqual((found, shown), (case, "thread"))
        found, shown = look(self.company, case.name, code[::-1], "1.2.3.4")
        self.assertEqual((found, shown), (case.browse(), "nothing"))
        other = self._new_association("Other", "harfa")
        found, shown = look(other, case.name, code, "1.2.3.4")
        self.assertEqual(shown, "nothing")

    def test_setup_checklist(self):
        """R165, R168: a field without an officer, and too few ways to ask, are red."""

        def line(code):
            checks = self.env["npo.setup.check"]._checks(self.company)
            return next(check for check in checks if check["code"] == code)

        self.assertEqual(line("work_fields")["state"], "done")
        self.assertEqual(line("liaisons")["state"], "done")
        vacant = self.env["npo.work.field"].search(
            [("id", "!=", self.field.id)], limit=1
        )
        self.company.npo_work_field_ids |= vacant
        self.assertEqual(line("liaisons")["state"], "missing")
        self.assertIn(vacant.name, line("liaisons")["why"])
        self.assertNotIn(self.field.name, line("liaisons")["why"])
        officer = self.liaison.copy({"work_field_id": vacant.id})
        self.assertEqual(line("liaisons")["state"], "done")
        published = self.env["npo.liaison"]._published(self.company)
        self.assertIn(vacant.name, [row["field"] for row in published])
        officer.date_to = officer.date_from
        self.assertEqual(line("liaisons")["state"], "missing")
        self.assertEqual(line("electronic_channels")["state"], "done")
        self.env["npo.channel"].search([("kind", "=", "web")]).active = False
        self.env["npo.channel"].search([("kind", "=", "social")]).active = False
        self.assertEqual(line("electronic_channels")["state"], "missing")
        self.company.npo_work_field_ids = False
        self.assertEqual(line("work_fields")["state"], "missing")

    def test_error_leads_to_an_inquiry(self):
        """R166: an inquiry points at the item; its owner has the task to correct it."""
        inquiry = self._inquiry(topic_id=False, info_item_id=self.item.id)
        self.assertEqual(self.item.activity_ids.user_id, self.users["researcher"])
        told = self.item.message_ids[0].body
        self.assertIn(inquiry.name, told)
        self.assertNotIn(inquiry.description, told)

    def test_given(self):
        """R164: given in full with what is on file."""
        case = self._request().with_user(self.users["researcher"])
        case.action_study()
        form = self.env["npo.info.request.step"].with_user(case.env.user)
        form = form.create(
            {
                "case_id": case.id,
                "step": "answer",
                "outcome": "full",
                "item_id": self.item.id,
            }
        )
        self.assertEqual(form.text, self.item.body)
        form.action_confirm()
        self.assertEqual((case.stage_code, case.outcome), ("answered", "full"))
        told = case.sudo().message_log_ids.sorted("id")[-1:]
        self.assertIn("Within 30 days.", told.body)

    def test_refused_with_a_reason(self):
        """R165: refused or given in part with a reason of the list, and told so."""
        case = self._request()
        case.action_study()
        for outcome in ("refused", "partial"):
            with self.assertRaises(UserError):
                case._answer(outcome, "No.")
        reason = self.env.ref("npo_relations.reason_information_others")
        other = self.env.ref("npo_relations.reason_hold_waiting_call")
        with self.assertRaises(UserError):
            case._answer("refused", "No.", other)
        case._answer("refused", "It tells of other families.", reason)
        told = case.message_log_ids.sorted("id")[-1:]
        self.assertIn("It concerns other people", told.body)
        with self.assertRaises(UserError):
            case._answer("full", "All of it.")

    def test_person(self):
        """R164: the person has it opened again; a stranger and an officer do not."""
        portal = self._portal()
        case = self._request(partner_id=portal.partner_id.id)
        case.action_study()
        case._answer("full", "Here it is.")
        with self.assertRaises(AccessError):
            case.with_user(self._portal("stranger"))._portal_reopen("More.")
        case.with_user(portal)._portal_reopen("Half of it is missing.")
        self.assertEqual(case.stage_code, "studied")
        case._ask("Which half?")
        case.with_user(portal)._portal_reply("The second.")
        self.assertEqual(case.stage_code, "studied")

    # ------------------------------------------------------------
    # GUIDES
    # ------------------------------------------------------------

    def test_guides(self):
        """R176: what is published covers its service; an empty one is not."""
        missing = self.env["npo.service"].search(
            [("guide_ids", "not any", [("is_published", "=", True)])]
        )
        self.assertIn(self.service, missing)
        guide = self.env["npo.guide"].create(
            {
                "name": "How to ask for rent",
                "service_id": self.service.id,
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(ValidationError), self.cr.savepoint():
            guide.action_publish()
        guide.body = "<p>Come with your contract.</p>"
        guide.with_user(self.officer).action_publish()
        missing = missing.search([("guide_ids", "not any", [("is_published", "=", 1)])])
        self.assertNotIn(self.service, missing)
        visible = self.env["npo.guide"]._visible_to(self.person, self.company)
        self.assertEqual(visible, guide)
        with self.assertRaises(AccessError):
            guide.with_user(self.users["researcher"]).action_unpublish()
