from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..security.common_sealed import MARKER, SealedCommon


@tagged("post_install", "-at_install")
class TestComplaintSealed(SealedCommon):
    """P005, P083, P092–P097, P101: to whom a sealed complaint goes, and what of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.users["sealer2"]

    def _sealed(self, category="harassment", **vals):
        return self._complain(category_id=self._category(category).id, **vals)

    def _name(self, user, **vals):
        return self.env["npo.focal.person"].create(
            {"user_id": user.id, "company_id": self.company.id, **vals}
        )

    def _mails(self):
        return self.env["mail.mail"].search([], order="id desc", limit=5)

    def _opened(self, case, way="sealed"):
        return self.env["npo.access.log"].search(
            [("complaint_id", "=", case.id), ("way", "=", way)]
        )

    # ------------------------------------------------------------
    # TO WHOM IT GOES
    # ------------------------------------------------------------

    def test_sealed_from_the_beginning(self):
        """P005, P092: sealed categories and whistle-blowing, never with a unit."""
        for vals in ({"category": "harassment"}, {"kind": "violation"}):
            vals = {"category": "delay", **vals}
            case = self._sealed(**vals)
            with self.subTest(str(vals)):
                self.assertEqual(case.confidentiality, "sealed")
                self.assertEqual(case.focal_user_ids, self.focal)
                self.assertEqual(case.user_id, self.focal)
                self.assertFalse(case.department_id)
                self.assertFalse(case.message_follower_ids)
        self.assertEqual(self._sealed("delay").confidentiality, "normal")

    def test_focal_persons_of_the_category(self):
        """P092: who is named for the category; a line without one is for all."""
        self._name(self.second, category_ids=self._category("corruption").ids)
        self.assertEqual(
            self._sealed("corruption").focal_user_ids, self.focal | self.second
        )
        self.assertEqual(self._sealed("harassment").focal_user_ids, self.focal)

    def test_never_whom_it_concerns(self):
        """P092: subject, manager and the person's own account are no focal persons."""
        case = self._sealed(subject_user_ids=[Command.set(self.focal.ids)])
        self.assertEqual(case.focal_user_ids, self.users["manager"])
        own = self._sealed(partner_id=self.focal.partner_id.id)
        self.assertEqual(own.focal_user_ids, self.users["manager"])
        both = self.focal | self.users["manager"]
        case = self._sealed(subject_user_ids=[Command.set(both.ids)])
        self.assertEqual(case.focal_user_ids, self.users["governor"])

    def test_subject_found_out_later(self):
        """P092: it is taken from whom it turns out to concern."""
        self._name(self.second)
        case = self._sealed()
        self.assertEqual(case.focal_user_ids, self.focal | self.second)
        case.write({"subject_user_ids": [Command.link(case.user_id.id)]})
        self.assertEqual(len(case.focal_user_ids), 1)
        self.assertEqual(case.user_id, case.focal_user_ids)
        self.assertFalse(case.subject_user_ids & case.focal_user_ids)

    def test_list_is_kept_by_two_roles(self):
        """P092: governance officer and general manager name; nobody rewrites it."""
        for role in ("governor", "manager"):
            lines = self._as(role, self.env["npo.focal.person"])
            lines.create({"user_id": self.second.id, "company_id": self.company.id})
        for role in ("handler", "sealer", "chief", "officer", "auditor"):
            lines = self._as(role, self.env["npo.focal.person"])
            with self.subTest(role):
                self._assert_refused(
                    lambda lines=lines: lines.create(
                        {"user_id": self.second.id, "company_id": self.company.id}
                    ),
                    AccessError,
                )
        line = self._as("governor", self._name(self.second))
        self._assert_refused(lambda: line.write({"user_id": self.handler.id}))
        self._assert_refused(line.unlink)
        self._assert_refused(lambda: self._name(self.officer), ValidationError)

    def test_named_later_and_no_longer(self):
        """P092: being named opens nothing; being named no longer closes all."""
        case = self._sealed()
        self._name(self.second)
        self.assertEqual(case.focal_user_ids, self.focal)
        line = self.env["npo.focal.person"].search([("user_id", "=", self.focal.id)])
        today = self.company._npo_today()
        line.date_to = today
        self.assertEqual(case.focal_user_ids, self.focal)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.env["npo.focal.person"]._cron_release()
            self.assertEqual(case.focal_user_ids, self.second)
            self.assertEqual(case.user_id, self.second)
            self.env["npo.focal.person"]._cron_release()
            self.assertEqual(case.focal_user_ids, self.second)

    # ------------------------------------------------------------
    # THE CONTACT IT CAME FROM
    # ------------------------------------------------------------

    def _contact(self):
        """Return a contact with all that may be said of it."""
        contact = self.env["npo.interaction"].create(
            {
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "partner_id": self.person.id,
                "subject": f"Heard {MARKER}",
                "summary": f"Told: {MARKER}",
                "place": MARKER,
            }
        )
        contact.message_post(body=MARKER, attachments=[("b.txt", MARKER.encode())])
        contact.message_notify(body=MARKER, partner_ids=self.officer.partner_id.ids)
        contact.activity_schedule("mail.mail_activity_data_todo", summary=MARKER)
        return contact

    def _assert_stripped(self, contact, case):
        self.env.flush_all()
        contact.invalidate_recordset()
        self.assertTrue(contact.is_stripped)
        self.assertFalse(contact.partner_id)
        beside = [("model", "=", contact._name), ("res_id", "=", contact.id)]
        self.assertFalse(self.env["mail.message"].search(beside))
        self.assertFalse(contact.activity_ids)
        told = [value for value in contact.read()[0].values() if MARKER in str(value)]
        self.assertFalse(told)
        files = self.env["ir.attachment"].search([("name", "=", "b.txt")])
        self.assertEqual((files.res_model, files.res_id), (case._name, case.id))

    def test_contact_of_a_sealed_complaint(self):
        """P092: the contact that it came from keeps nothing of what was said."""
        contact = self._contact()
        case = self._sealed(interaction_id=contact.id)
        self._assert_stripped(contact, case)

    def test_contact_of_a_complaint_sealed_later(self):
        """P092: nor does it once the complaint is sealed; opened again, it stays so."""
        contact = self._contact()
        case = self._complain(user_id=self.handler.id, interaction_id=contact.id)
        self.assertIn(MARKER, contact.summary)
        case.with_user(self.handler)._seal()
        self._assert_stripped(contact, case)
        case.with_user(self.focal)._unseal("restricted", "Said so publicly")
        self._assert_stripped(contact, case)

    # ------------------------------------------------------------
    # WHO IS TOLD, AND WHAT
    # ------------------------------------------------------------

    def test_mails_to_staff(self):
        """P092: neither subject nor body tells anything; only focal persons get it."""
        self._mails().unlink()
        case = self._sealed()
        staff = self.handler.partner_id | self.users["manager"].partner_id
        case.with_user(self.focal).message_subscribe(staff.ids)
        case.with_user(self.focal).message_post(
            body=MARKER, subtype_xmlid="mail.mt_comment", partner_ids=staff.ids
        )
        case.message_notify(body=MARKER, subject=MARKER, partner_ids=staff.ids)
        case.message_post(
            body=f"More: {MARKER}",
            author_id=self.person.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mails = self._mails().filtered(lambda mail: not mail.npo_message_id)
        self.assertTrue(mails)
        self.assertEqual(mails.recipient_ids, self.focal.partner_id)
        for mail in mails:
            told = f"{mail.subject} {mail.body_html} {mail.headers}"
            for word in (MARKER, case.name, "omplaint", self.person.name):
                self.assertNotIn(word, told)
        self.assertFalse(case.message_follower_ids)
        self.assertFalse(case.message_ids.notification_ids)

    def test_tasks(self):
        """P092: a task on it is a focal person's, whoever it is given to."""
        case = self._sealed()
        task = case.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.handler.id, summary=MARKER
        )
        self.assertEqual(task.user_id, self.focal)
        task.user_id = self.users["manager"]
        self.assertEqual(task.user_id, self.focal)
        self.assertEqual(case.activity_ids.user_id, self.focal)

    def test_messages_to_the_person(self):
        """P092, P094: “your message number …”, and no more."""
        case = self._sealed()
        message = case.message_log_ids
        self.assertEqual(
            message.template_id,
            self.env.ref("npo_relations.mail_template_cmp_ack_sealed"),
        )
        self.assertIn(case.name, message.subject)
        case._notify("cmp_decision")
        self.assertEqual(len(case.message_log_ids), 2)
        for text in case.message_log_ids.mapped(lambda one: one.subject + one.body):
            for word in (MARKER, "omplaint", self.person.name, case.category_id.name):
                self.assertNotIn(word, text)

    # ------------------------------------------------------------
    # SEALING AND UNSEALING
    # ------------------------------------------------------------

    def test_unseal(self):
        """P092: by a focal person, with a reason that stays on record."""
        case = self.complaint
        self._touch(case)
        case.with_user(self.handler)._seal()
        handler = self._as(self.handler, case)
        self._assert_refused(lambda: handler._unseal("normal", "I want to see it"))
        own = self._as(self.focal, case)
        self._assert_refused(lambda: own.write({"confidentiality": "normal"}))
        self._assert_refused(lambda: own._unseal("restricted", " "))
        self._assert_refused(lambda: own._unseal("sealed", "So"))
        form = self.env["npo.complaint.seal"].with_user(self.focal)
        form.create(
            {"complaint_id": case.id, "step": "unseal", "reason": "Not so grave"}
        ).action_confirm()
        self.assertEqual(case.confidentiality, "restricted")
        log = self._opened(case, "unseal")
        self.assertRecordValues(
            log, [{"user_id": self.focal.id, "reason": "Not so grave"}]
        )
        self.assertTrue(self._as(self.handler, log.complaint_id).title)
        self.assertTrue(
            self._as(self.handler, self.env["mail.message"]).search(
                [("model", "=", case._name), ("res_id", "=", case.id)]
            )
        )

    def test_seal_at_any_step(self):
        """P092: whoever handles it seals it, and what waits for others ends."""
        case = self.complaint
        self._touch(case)
        self.assertEqual(case.stage_code, "at_unit")
        case.with_user(self.handler)._seal()
        self.assertEqual(case.focal_user_ids, self.focal)
        self.assertEqual(case.user_id, self.focal)
        self.assertEqual(set(case.assignment_ids.mapped("state")), {"void"})
        self.assertEqual(case.activity_ids.user_id, self.focal)
        self._assert_refused(case.with_user(self.focal)._seal)
        own = self._as(self.focal, case)
        own.action_investigate()
        self.assertEqual(own.stage_code, "investigation")

    def test_name_one_more_person(self):
        """P092: by a focal person, with a reason; never whom it concerns."""
        case = self._sealed(subject_user_ids=[Command.set(self.users["chief"].ids)])
        own = self._as(self.focal, case)
        self._assert_refused(
            lambda: own._name_focal_person(self.users["chief"], "Must know")
        )
        self._assert_refused(lambda: own._name_focal_person(self.second, ""))
        second = self._as(self.second, case)
        self._assert_refused(lambda: second._name_focal_person(self.second, "I"))
        own._name_focal_person(self.second, "Investigates")
        self.assertEqual(self._as(self.second, case).user_id, self.focal)
        self.assertEqual(self._opened(case, "named").reason, "Investigates")

    # ------------------------------------------------------------
    # OPENED
    # ------------------------------------------------------------

    def test_opening_is_logged(self):
        """P101: once for each person and day; who exports it, each time."""
        case = self._sealed()
        own = self._as(self.focal, case)
        own.read(["name"])
        self.assertFalse(self._opened(case))
        for _time in range(3):
            own.web_read({"title": {}, "description": {}})
        self.assertRecordValues(
            self._opened(case), [{"user_id": self.focal.id, "res_name": case.name}]
        )
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            own.read(["title"])
        self.assertEqual(len(self._opened(case)), 2)
        self.focal.group_ids |= self.env.ref("base.group_allow_export")
        own.export_data(["title"])
        self.assertTrue(self._opened(case, "export"))
        log = self._as(self.focal, self.env["npo.access.log"])
        self.assertTrue(log.search([("res_name", "=", case.name)]))
        for role in ("manager", "auditor", "root"):
            log = self._as(role, self.env["npo.access.log"])
            self.assertFalse(log.search([("res_name", "=", case.name)]))
        normal = self._complain(category_id=self._category("delay").id)
        self._as(self.handler, normal).read(["title"])
        self.assertFalse(self._opened(normal))

    # ------------------------------------------------------------
    # RESTRICTED
    # ------------------------------------------------------------

    def test_restricted(self):
        """P083: for who handles it and who needs to know, its log as well."""
        case = self._complain(user_id=self.officer.id)
        self.assertEqual(case.confidentiality, "restricted")
        sees = {"officer", "handler", "chief", "manager", "admin", "root"}
        for role in self.users:
            own = self._as(role, case)
            if not own.browse().has_access("read"):
                continue
            with self.subTest(role):
                found = own.search([("id", "=", case.id)])
                self.assertEqual(bool(found), role in sees)
                logs = self._as(role, self.env["npo.stage.log"])
                if role not in sees and logs.has_access("read"):
                    self.assertFalse(logs.search([("complaint_id", "=", case.id)]))

    # ------------------------------------------------------------
    # REPEATED, REPRISALS, THE PERSON'S CHOICE
    # ------------------------------------------------------------

    def test_repeated(self):
        """P092: what is not sealed does not tell that something sealed was said."""
        sealed = self._sealed(title="The same words again and again")
        open_one = self._complain(
            title="The same words again and again",
            category_id=self._category("delay").id,
        )
        self.assertEqual(open_one.repeat_count, 0)
        self.assertFalse(open_one.similar_ids)
        another = self._sealed(title="The same words again and again")
        self.assertIn(sealed, another._similar())
        own = self._as(self.focal, open_one)
        self.assertEqual(open_one.confidentiality, "normal")
        own.sudo().user_id = self.handler
        open_one._mark_duplicate(sealed)
        self.assertEqual(open_one.confidentiality, "sealed")
        self.assertEqual(open_one.focal_user_ids, self.focal)

    def test_reprisals(self):
        """P097: the focal person is told of a refusal; nobody is asked twice for it."""
        file = self._new_beneficiary(1)
        case = self._sealed(partner_id=file.partner_id.id)
        self.assertFalse(
            self.env["npo.complaint"]._protecting(file.partner_id, self.company)
        )
        request = self._advance(self._new_request(file), "committee")
        chair = self.users["chair"]
        request.with_user(chair)._decide(
            "rejected",
            chair,
            decision_reason_id=self.env.ref(
                "npo_relations.reason_rejection_no_need"
            ).id,
        )
        self.assertFalse(request.sudo().approval_id)
        tasks = case.activity_ids.filtered(lambda one: request.name in one.summary)
        self.assertEqual(tasks.user_id, self.focal)

    def test_choice_of_the_person(self):
        """P096: no unit without it, no settlement, and nobody who was not named."""
        case = self._as(self.focal, self._sealed())
        case._assess("critical", "2")
        unit = self.env["hr.department"].create(
            {"name": "Unit", "company_id": self.company.id}
        )
        self._assert_refused(lambda: case._send_to_unit(unit, "?", self.second))
        case.survivor_choice = "unit"
        self._assert_refused(lambda: case._send_to_unit(unit, "?", self.second))
        case._name_focal_person(self.second, "Heads the unit")
        line = case._send_to_unit(unit, "What happened?", self.second)
        self.assertEqual(line.user_id, self.second)
        self._assert_refused(
            lambda: case.sudo().write({"outcome": "resolved_informally"})
        )

    def test_authorities(self):
        """P095: the known lines are there, and a referral is recorded."""
        line = self.env.ref("npo_relations.authority_family_violence")
        self.assertEqual(line.phone, "1919")
        case = self._as(self.focal, self._sealed("child_protection"))
        action = self.env["npo.complaint.action"].with_user(self.focal)
        action = action.create(
            {
                "complaint_id": case.id,
                "kind": "authority_referral",
                "authority_id": line.id,
            }
        )
        self.assertEqual(case.action_ids, action)

    def test_setup_check(self):
        """P092: red until somebody is named."""
        check = self.env["npo.setup.check"]

        def state():
            lines = {line["code"]: line for line in check._checks(self.company)}
            return lines["focal_persons"]["state"]

        self.assertEqual(state(), "done")
        self.env["npo.focal.person"].search([]).date_to = fields.Date.subtract(
            self.company._npo_today(), days=0
        )
        self.assertEqual(state(), "done")
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.assertEqual(state(), "missing")

    def test_late(self):
        """P092, R206: that it is late is told to its focal persons alone, unnamed."""
        case = self._sealed()
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self.env["npo.complaint"]._escalate_batch(self.company)
        told = self.env["npo.reminder"].search([("complaint_id", "=", case.id)])
        self.assertEqual(told.user_id, self.focal)
        tasks = self.env["mail.activity"].search([("note", "ilike", case.name)])
        self.assertFalse(tasks)

    def test_handler_is_focal(self):
        """P092: nobody is given a sealed complaint who was not named for it."""
        case = self._sealed()
        with self.assertRaises(ValidationError):
            case.user_id = self.handler

    def test_error_types(self):
        """A step by who may not know of it says nothing of the complaint."""
        case = self._sealed()
        for role in ("handler", "manager", "chief", "admin"):
            own = self._as(role, case)
            error = self._assert_refused(own.action_investigate, UserError)
            self.assertNotIn(case.name, str(error))
