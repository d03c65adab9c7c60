from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...models.core.print_document import PrintDocument
from ..common import AssociationCommon

AWARE = datetime(2026, 3, 1, 6, 0)


@tagged("post_install", "-at_install")
class TestBreach(AssociationCommon):
    """P017, R157: an incident with data is recorded, told in time, and learned from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protector = cls.users["protector"]
        cls.manager = cls.users["manager"]
        cls.incidents = cls.env["npo.data.breach"].with_user(cls.protector)
        cls.person = cls._new_beneficiary().partner_id

    @classmethod
    def _incident(cls, **vals):
        return cls.incidents.create(
            {
                "title": "A list was sent to a wrong address",
                "what_happened": "A list of 40 households went to a wrong address.",
                "aware_at": AWARE,
                **vals,
            }
        )

    @classmethod
    def _contents(cls):
        return {
            "date_occurred": datetime(2026, 2, 28, 9, 0),
            "data_kinds": "Names and telephones",
            "person_kinds": "Heads of households",
            "person_count": 40,
            "consequences": "Calls by unknown persons",
            "measures": "The receiver deleted the list.",
        }

    def _remind(self):
        cron = self.env.ref("npo_relations.ir_cron_npo_data_breach_remind")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    @freeze_time("2026-03-01 07:00")
    def test_reported_by_anybody(self):
        """R157: the staff reports in a few words, and does not see the register."""
        front = self.users["front"]
        reports = self.env["npo.data.breach.report"].with_user(front)
        # as in life: tests are told to subscribe nobody
        form = Form(
            reports.with_context(tracking_disable=False, mail_create_nosubscribe=False)
        )
        form.what_happened = "A folder was left in the bus."
        result = form.save().action_report()
        incident = self.incidents.search([], limit=1)
        self.assertIn(incident.name, result["params"]["message"])
        self.assertTrue(incident.name.startswith("BRC/2026/"))
        self.assertRecordValues(
            incident,
            [{"state": "reported", "reported_by_id": front.id, "harm": False}],
        )
        self.assertNotIn(front.partner_id, incident.sudo().message_partner_ids)
        told = incident.sudo().activity_ids.user_id
        self.assertEqual(told, self.protector | self.manager)
        self.assertNotIn("folder", str(incident.sudo().activity_ids.mapped("summary")))
        for way in (
            lambda: self.incidents.with_user(front).search([]),
            lambda: incident.with_user(front).read(["what_happened"]),
            lambda: incident.with_user(self.officer).read(["name"]),
        ):
            with self.assertRaises(AccessError):
                way()
        home = self.env["npo.home"].with_user(front).get_home()
        self.assertIn(
            "npo_relations.npo_data_breach_report_action",
            [action["action"] for action in home["actions"]],
        )
        home = self.env["npo.home"].with_user(self.protector).get_home()
        counts = {tile["model"]: tile["count"] for tile in home["tiles"]}
        self.assertIn("npo.data.breach", counts)

    def test_countdown(self):
        """P017: 72 hours by the clock; late is searched, both values."""
        with freeze_time("2026-03-01 07:00"):
            one = self._incident()
            self.assertEqual(one.date_deadline, datetime(2026, 3, 4, 6, 0))
            self.assertEqual(one.hours_left, 71)
            self.company.npo_breach_hours = 48  # ⚖ from now on
            self.assertEqual(self._incident().date_deadline.day, 3)
        for now, is_late in (("2026-03-04 05:59", False), ("2026-03-04 06:01", True)):
            with freeze_time(now):
                one.invalidate_recordset()
                self.assertEqual(one.is_overdue, is_late)
                late = self.incidents.search([("is_overdue", "=", True)])
                self.assertEqual(one in late, is_late)
                rest = self.incidents.search([("is_overdue", "=", False)])
                self.assertEqual(one in rest, not is_late)

    def test_reminders(self):
        """P017: a task before the hour and one after it, once each; for both roles."""
        with freeze_time("2026-03-01 07:00"):
            one = self._incident()
            self._remind()
            self.assertFalse(one.sudo().activity_ids)
        for now, count in (("2026-03-03 07:00", 2), ("2026-03-04 07:00", 4)):
            with freeze_time(now):
                self._remind()
                self._remind()
                self.assertEqual(len(one.sudo().activity_ids), count)
        users = one.sudo().activity_ids.user_id
        self.assertEqual(users, self.protector | self.manager)

    @freeze_time("2026-03-01 08:00")
    def test_no_harm(self):
        """P017: where no harm is possible a reason is enough, and it is on record."""
        one = self._incident(harm="none")
        with self.assertRaises(UserError):
            one.action_decide()
        one.harm_reason = "The list was encrypted."
        one.action_decide()
        self.assertEqual(one.decided_by_id, self.protector)
        with self.assertRaises(UserError):
            one.action_close()
        one.write({"measures": "None needed", "lessons": "Encrypt each list."})
        self.assertFalse(one.missing)
        one.action_close()
        self.assertEqual(one.state, "closed")
        with freeze_time("2026-04-01 08:00"):
            one.invalidate_recordset()
            self.assertFalse(one.is_overdue)
        with self.assertRaises(UserError):
            one.title = "Nothing happened"
        with self.assertRaises(UserError):
            one.sudo().unlink()

    @freeze_time("2026-03-01 08:00")
    def test_decision_stands(self):
        """P017: what was decided on harm is changed by deciding again alone."""
        one = self._incident(harm="possible", **self._contents(), lessons="Look twice.")
        one.action_decide()
        for vals in ({"harm": "none"}, {"harm": False}, {"harm_reason": "None."}):
            with self.subTest(vals), self.assertRaises(UserError):
                one.write(vals)
        with self.assertRaises(UserError):
            one.action_close()
        one.action_decide_again()
        one.write({"harm": "none", "harm_reason": "The list was encrypted."})
        one.action_decide()
        one.action_close()
        self.assertEqual(one.state, "closed")

    @freeze_time("2026-03-05 08:00")
    def test_closed_when_complete(self):
        """P017: each required thing is asked for, one by one, before it is closed."""
        one = self._incident(harm="possible")
        one.action_decide()
        steps = [
            {"measures": "The list was deleted."},
            {"lessons": "Two persons look at an address."},
            {"data_kinds": "Names"},
            {"person_kinds": "Heads of households"},
            {"person_count": 40},
            {"consequences": "Calls"},
            {"date_notified": datetime(2026, 3, 5, 7), "notice_number": "1447/9"},
            {"late_reason": "It was found on a Friday."},
            {"untold_reason": "Told by a notice on the website."},
        ]
        for vals in steps:
            with self.assertRaises(UserError) as caught:
                one.action_close()
            before = str(caught.exception)
            one.write(vals)
            with self.subTest(vals):
                self.assertNotEqual(one.missing, before)
        self.assertFalse(one.missing)
        self.assertFalse(one.is_in_time)
        one.action_close()
        self.assertEqual(one.state, "closed")
        one.action_reopen()
        self.assertEqual(one.state, "handled")

    @freeze_time("2026-03-02 08:00")
    def test_persons_are_told(self):
        """P017: each person once, in plain words, nothing personal in the subject."""
        one = self._incident(
            harm="possible",
            notice_text="A list with your telephone went to a wrong address.",
            person_ids=[Command.create({"partner_id": self.person.id})],
        )
        one.action_tell_persons()
        line = one.person_ids
        message = line.sudo().message_id
        self.assertEqual(message.partner_id, self.person)
        self.assertIn("your telephone", message.body)
        self.assertNotIn(self.person.name, message.subject)
        self.assertRecordValues(
            line, [{"way": "message", "told_by_id": self.protector.id}]
        )
        self.assertTrue(line.date_told)
        # written is not told: it counts once the message went out
        missing = one.missing
        self.assertFalse(line._is_told())
        for state, is_told in (("failed", False), ("printed", True), ("sent", True)):
            message.state = state
            with self.subTest(state):
                self.assertEqual(line._is_told(), is_told)
        self.assertLess(len(one.missing), len(missing))
        with self.assertRaises(UserError):
            one.action_tell_persons()
        with self.assertRaises(UserError):
            line.unlink()
        # by phone: noted by hand, with who told
        other = self._new_beneficiary(1).partner_id
        one.person_ids = [
            Command.create(
                {"partner_id": other.id, "way": "phone", "date_told": "2026-03-02"}
            )
        ]
        self.assertEqual(one.person_ids[1].told_by_id, self.protector)

    def _told_so_far(self, one):
        """Return what the paper for the authority says of the persons."""
        return one._told_rows(PrintDocument(one, lang="en_US"))[0][1]

    @freeze_time("2026-03-02 08:00")
    def test_told_is_reached(self):
        """P017: the authority is told of those who were reached, of nobody else."""
        one = self._incident(
            harm="possible",
            notice_text="A list with your telephone went to a wrong address.",
            person_ids=[Command.create({"partner_id": self.person.id})],
        )
        nobody = self._told_so_far(one)
        one.action_tell_persons()
        message = one.person_ids.sudo().message_id
        for state in ("outgoing", "no_address", "failed"):
            message.state = state
            with self.subTest(state):
                self.assertEqual(self._told_so_far(one), nobody)
        # what did not arrive is sent again: the same message, not marked and forgotten
        one.action_tell_persons()
        self.assertEqual(message.state, "outgoing")
        self.assertEqual(one.person_ids.sudo().message_id, message)
        message.state = "sent"
        self.assertNotEqual(self._told_so_far(one), nobody)
        with self.assertRaises(UserError):
            one.action_tell_persons()
        # told by telephone meanwhile, nobody is written to again
        message.state = "failed"
        one.person_ids.way = "phone"
        with self.assertRaises(UserError):
            one.action_tell_persons()

    @freeze_time("2026-03-02 08:00")
    def test_own_messages(self):
        """P017: data protection sends and prints what it wrote, and nothing else."""
        one = self._incident(
            harm="possible",
            notice_text="A list went to a wrong address.",
            person_ids=[Command.create({"partner_id": self.person.id})],
        )
        one.action_tell_persons()
        action = one.person_ids.action_view_message()
        message = self.env["npo.message"].browse(action["res_id"])
        own = message.with_user(self.protector)
        message.state = "failed"
        own.action_send_again()
        self.assertEqual(message.state, "outgoing")
        message.state = "no_address"
        own.action_print()
        self.assertEqual(message.state, "printed")
        self.assertTrue(one.person_ids._is_told())
        message.sudo().write({"state": "failed", "res_model": "res.partner"})
        with self.assertRaises(UserError):
            own.action_send_again()

    @freeze_time("2026-03-02 08:00")
    def test_order_of_days(self):
        """P017: nothing is known or told in the future, or before it happened."""
        with self.assertRaises(ValidationError):
            self._incident(aware_at=datetime(2026, 3, 3))
        with self.assertRaises(ValidationError):
            self._incident(date_occurred=datetime(2026, 3, 1, 7))
        with self.assertRaises(ValidationError):
            self._incident(date_notified=datetime(2026, 2, 28))
        with self.assertRaises(AccessError):
            self._incident(state="closed")
        with self.assertRaises(AccessError):
            self._incident().with_user(self.manager).action_decide()

    @freeze_time("2026-03-02 08:00")
    def test_paper(self):
        """P017: the paper lists the five required contents, and whom to ask."""
        self.company.npo_privacy_email = "dpo@example.com"
        one = self._incident(harm="possible", **self._contents())
        report = self.env["ir.actions.report"].with_user(self.protector)
        html, _kind = report._render_qweb_html(
            "npo_relations.report_npo_data_breach", one.ids
        )
        html = html.decode()
        self.assertEqual(html.count("npo_subtitle"), 5)
        for text in ("Names and telephones", "Heads of households", "40"):
            self.assertIn(text, html)
        self.assertIn("Calls by unknown persons", html)
        self.assertIn("dpo@example.com", html)
        report = report.with_context(force_report_rendering=True)
        pdf, kind = report._render_qweb_pdf(
            "npo_relations.report_npo_data_breach", one.ids
        )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))

    @freeze_time("2026-03-02 08:00")
    def test_improvement(self):
        """P017: what was learned becomes an improvement that points back."""
        one = self._incident()
        action = one.action_improve()
        improvement = self.env["npo.improvement"].browse(action["res_id"])
        self.assertEqual(improvement.kind, "corrective")
        self.assertEqual(one.improvement_ids, improvement)
