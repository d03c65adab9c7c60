from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .complaint_common import ComplaintCommon


def riyadh(*args):
    return datetime(*args) - timedelta(hours=3)


@tagged("post_install", "-at_install")
class TestComplaint(ComplaintCommon):
    """What is taken in, how grave it is, and its three clocks (R145, R150, R151)."""

    def test_categories(self):
        """Glossary 17.2: each category has its severity and confidentiality."""
        categories = self.env["npo.complaint.category"].search([])
        self.assertEqual(len(categories), 25)
        for code, severity, secrecy in (
            ("delay", "medium", "normal"),
            ("staff_conduct", "high", "restricted"),
            ("harassment", "critical", "sealed"),
            ("safety", "critical", "normal"),
        ):
            case = self._receive(category_id=self._category(code).id)
            with self.subTest(code):
                self.assertEqual(
                    (case.sudo().severity, case.sudo().confidentiality),
                    (severity, secrecy),
                )

    def test_another_category_opens_nothing(self):
        """P083: choosing a milder category never opens what was kept close."""
        case = self._receive(category_id=self._category("medical").id)
        case.category_id = self._category("other")
        self.assertEqual(case.severity, "low")
        self.assertEqual(case.confidentiality, "restricted")

    @freeze_time("2026-10-01 12:30:00")  # a Thursday, 15:30 in Riyadh
    def test_three_clocks(self):
        """R151: told in one working day, assessed in two, answered in ten."""
        self.person.email = False
        case = self._receive()
        self.assertEqual(case.date_ack_due, riyadh(2026, 10, 4, 15, 30))
        self.assertEqual(case.date_assess_due, riyadh(2026, 10, 5, 15, 30))
        self.assertEqual(case.date_due, riyadh(2026, 10, 15, 15, 30))
        self.assertIn("1 working days", case.ack_sentence)
        self.assertIn("2 working days", case.assess_sentence)
        self.assertIn("10 working days", case.clock_sentence)

    def test_late_by_search(self):
        """R151: each of the three is found late by search, at the minute."""
        self.person.email = False
        with freeze_time("2026-10-01 12:30:00"):
            case = self._receive()
        complaints = self.env["npo.complaint"].with_user(self.handler)
        for moment, late in (
            ("2026-10-04 12:29:00", ()),
            ("2026-10-04 12:31:00", ("is_ack_late",)),
            ("2026-10-05 12:31:00", ("is_ack_late", "is_assess_late")),
            (
                "2026-10-15 12:31:00",
                ("is_ack_late", "is_assess_late", "is_overdue"),
            ),
        ):
            with freeze_time(moment), self.subTest(moment):
                case.invalidate_recordset()
                for name in ("is_ack_late", "is_assess_late", "is_overdue"):
                    found = complaints.search([(name, "=", True)])
                    self.assertEqual(case in found, name in late, name)
                    self.assertEqual(case[name], name in late, name)

    def test_assessed_late_stays_late(self):
        """P084: time waited later does not excuse a first assessment that was late."""
        case = self._assessed()
        due = case.date_assess_due
        case._ask_person("On which day?")
        case.sudo().write({"date_paused": case.date_paused - timedelta(days=7)})
        case.with_user(1)._portal_reply("On Sunday.")
        self.assertGreater(case.paused_hours, 1)
        self.assertEqual(case.date_assess_due, due)

    # ------------------------------------------------------------
    # ACKNOWLEDGED
    # ------------------------------------------------------------

    def test_acknowledged_at_once(self):
        """P072: number, day and who handles it, the moment it comes in."""
        case = self._receive()
        self.assertEqual(case.stage_code, "acknowledged")
        self.assertTrue(case.date_acknowledged)
        self.assertEqual(case.user_id, self.handler)
        message = self._told(case, "cmp_ack")
        self.assertEqual(len(message), 1)
        self.assertIn(case.name, message.body)
        self.assertIn("complaints officer", message.body)
        self.assertIn("will not affect your service", message.body)
        self.assertNotIn(self.person.name, message.subject)

    def test_acknowledged_by_telephone(self):
        """P072: who has no address is called: a task, and a note that it was done."""
        self.person.email = False
        case = self._receive()
        self.assertEqual(case.stage_code, "received")
        self.assertFalse(self._told(case, "cmp_ack"))
        self.assertEqual(case.activity_ids.user_id, self.handler)
        case.action_acknowledge()
        self.assertEqual(case.stage_code, "acknowledged")
        self.assertFalse(case.activity_ids)
        self.assertEqual(case.action_ids.kind, "contacted")

    def test_unknown_person(self):
        """P093: who stays unknown is answered by number; nobody is to be called."""
        case = self._receive(partner_id=False, is_anonymous=True)
        self.assertEqual(case.stage_code, "acknowledged")
        self.assertFalse(case.activity_ids)
        other = self._receive(
            partner_id=False, contact_name="Ali", contact_email="ali@example.com"
        )
        message = self._told(other, "cmp_ack")
        self.assertEqual(message.email_to, "ali@example.com")
        self.assertIn("Ali", message.body)

    def test_safe_way(self):
        """P094: no message where it is not safe, nor before its time: a task."""
        soon = datetime.now() + timedelta(days=2)
        for vals in ({"no_messages": True}, {"quiet_until": soon}):
            case = self._receive(**vals, safe_contact="Her sister, mornings")
            with self.subTest(vals):
                self.assertFalse(self._told(case, "cmp_ack"))
                self.assertIn("Her sister", case.activity_ids.note)
        self.assertEqual(case.activity_ids.date_deadline, soon.date())
        case = self._receive(no_letter=True)
        with self.assertRaisesRegex(UserError, "safe way"):
            case.action_print_letter()

    # ------------------------------------------------------------
    # CHANNELS
    # ------------------------------------------------------------

    def test_channels_of_complaints(self):
        """R202: the channels for complaints, not those for communication."""
        with self.assertRaises(ValidationError):
            self._receive(channel_id=self.channel.id)
        harfa = self._new_association("Harfa Test", "harfa")
        version = harfa.npo_policy_version_id
        codes = self.env["npo.complaint"]._open_channels(version).mapped("code")
        self.assertEqual(
            set(codes), {"tawasul", "social", "email", "in_person", "portal"}
        )

    def test_social_and_tawasul(self):
        """R201, R203: the link of the post, and the number of the other system."""
        with self.assertRaisesRegex(ValidationError, "link of the post"):
            self._receive(channel_id=self.env.ref("npo_relations.channel_social").id)
        case = self._receive(
            channel_id=self.env.ref("npo_relations.channel_social").id,
            social_link="https://x.com/a/status/1",
        )
        self.assertTrue(case.social_link)
        tawasul = self.env.ref("npo_relations.channel_tawasul")
        self.company.npo_policy_version_id.with_user(self.users["governor"])
        self.env["npo.policy.channel"].with_user(
            self.users["governor"]
        )._add_operational(
            self.company.npo_policy_version_id.with_user(self.users["governor"]),
            tawasul,
            "Test",
            kind="complaint",
        )
        with self.assertRaisesRegex(ValidationError, "Tawasul"):
            self._receive(channel_id=tawasul.id)
        self._receive(channel_id=tawasul.id, external_reference="T-1")

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_on_behalf(self):
        """P093: whom it happened to is named; who complains is answered."""
        child = self.env["res.partner"].create(
            {"name": "Child", "company_id": self.company.id}
        )
        case = self._receive(concerned_id=child.id)
        self.assertEqual(self._told(case, "cmp_ack").partner_id, self.person)
        with self.assertRaises(ValidationError):
            self._receive(concerned_id=self.person.id)

    def test_roles(self):
        """P083: officers see what they handle or took in; who asked, what is asked."""
        mine = self._receive()
        for who, sees in (
            ("handler", True),
            ("centre", True),
            ("chief", True),
            ("manager", True),
            ("auditor", True),
            ("officer", False),
            ("delegate", False),
            ("researcher", False),
            ("governor", False),
        ):
            found = self.env["npo.complaint"].with_user(self.users[who]).search([])
            with self.subTest(who):
                self.assertEqual(mine in found, sees)
        mine.user_id = self.officer
        self.assertEqual(mine.with_user(self.officer).stage_code, "acknowledged")
        logs = self.env["npo.message"].with_user(self.users["officer2"])
        self.assertFalse(logs.search([("complaint_id", "=", mine.id)]))
        with self.assertRaises(AccessError):
            mine.with_user(self.users["auditor"]).title = "x"

    def test_written_by_steps_alone(self):
        """D02: nobody writes what a step writes, nor gives it as a default."""
        case = self._receive()
        for vals in (
            {"severity": "low"},
            {"outcome": "upheld"},
            {"answer": "No."},
            {"date_assessed": "2026-01-01"},
            {"barred_user_ids": [Command.clear()]},
            {"confidentiality": "normal"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                case.write(vals)

    # ------------------------------------------------------------
    # DESK
    # ------------------------------------------------------------

    def _desk(self, user=None, **vals):
        return (
            self.env["npo.complaint.desk"]
            .with_user(user or self.officer)
            .create(
                {
                    "title": "No answer",
                    "description": "I called three times.",
                    "partner_id": self.person.id,
                    **vals,
                }
            )
        )

    def test_desk(self):
        """R150, R205: taken in at the desk in a title and a few words."""
        wizard = self._desk()
        self.assertEqual(wizard.channel_id, self.in_person)
        action = wizard.action_confirm()
        case = self.env["npo.complaint"].browse(action["res_id"])
        self.assertEqual(case.severity, "low")
        self.assertTrue(case.with_user(self.officer).name.startswith("CMP/"))
        with self.assertRaisesRegex(UserError, "Still missing"):
            self._desk(title=False).action_confirm()

    def test_desk_suggestion(self):
        """R054: a remark or a thanks becomes a suggestion."""
        for kind in ("note", "thanks"):
            action = self._desk(kind=kind, partner_id=False, is_anonymous=True)
            self.assertEqual(action.action_confirm()["res_model"], "npo.suggestion")
