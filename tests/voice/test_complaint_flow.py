import base64
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintFlow(ComplaintCommon):
    """Each dated stage of a complaint, by its step (R145, R206, P073–P077)."""

    # ------------------------------------------------------------
    # ASSESSED
    # ------------------------------------------------------------

    def test_priority(self):
        """P073: severity and urgency give the priority."""
        complaints = self.env["npo.complaint"]
        for severity, urgency, priority in (
            ("low", "0", "0"),
            ("low", "2", "1"),
            ("medium", "1", "1"),
            ("high", "1", "2"),
            ("critical", "0", "2"),
            ("critical", "2", "3"),
        ):
            with self.subTest(severity=severity, urgency=urgency):
                self.assertEqual(complaints._priority(severity, urgency), priority)

    def test_critical(self):
        """P073: the general manager has a task the same day, once."""
        case = self._receive(category_id=self._category("safety").id)
        case._assess("critical", "2")
        tasks = case.sudo().activity_ids.filtered(
            lambda task: task.user_id == self.manager
        )
        self.assertEqual(len(tasks), 1)
        self.assertEqual(tasks.date_deadline, self.company._npo_today())

    def test_assess(self):
        """P073: assessed once, by who is there; the promise follows the severity."""
        case = self._receive()
        case._assess("high", "1", handler=self.users["centre"])
        self.assertRecordValues(
            case,
            [
                {
                    "stage_code": "assessed",
                    "severity": "high",
                    "priority": "2",
                    "answer_within": 5,
                    "user_id": self.users["centre"].id,
                }
            ],
        )
        with self.assertRaises(UserError):
            case._assess("low", "0")
        with self.assertRaises(AccessError):
            self._receive().with_user(self.users["auditor"])._assess("low", "0")

    def test_not_before_assessment(self):
        """P073: nothing is looked into before it was assessed."""
        case = self._receive()
        with self.assertRaises(UserError):
            case.action_investigate()
        with self.assertRaises(UserError):
            case._propose("Call back.")

    def test_buttons(self):
        """One main button at each stage, and four at most beside it (ux.md)."""
        cases = self.env["npo.complaint"].with_user(self.handler)
        arch = etree.fromstring(cases.get_view(view_type="form")["arch"])
        stages = self.env["npo.stage"].search([("kind", "=", "complaint")])
        self.assertGreater(len(stages), 10)
        for stage in stages:
            values = {
                "may_handle": True,
                "stage_code": stage.code,
                "needs_approval": False,
                "is_closed": stage.category == "done",
            }
            shown = [
                button.get("class") == "btn-primary"
                for button in arch.xpath("//header/button")
                if not safe_eval(button.get("invisible"), dict(values))
            ]
            with self.subTest(stage.code):
                self.assertLessEqual(shown.count(True), 1)
                self.assertLessEqual(shown.count(False), 4)

    # ------------------------------------------------------------
    # UNITS
    # ------------------------------------------------------------

    def test_unit(self):
        """R206: a unit is asked with a day, reminded, and answers; then it goes on."""
        case = self._investigated()
        line = case._send_to_unit(self.unit, "Who was on duty?")
        self.assertEqual(case.stage_code, "at_unit")
        self.assertEqual(line.user_id, self.unit_head)
        self.assertGreater(line.date_due, self.company._npo_today())
        line.with_user(self.handler).action_remind()
        self.assertEqual(line.reminder_count, 1)
        self.assertEqual(line.reminder_ids.user_id, self.handler)
        with self.assertRaises(UserError):
            line.with_user(self.unit_head)._answer(" ")
        line.with_user(self.unit_head)._answer("Nobody was.")
        self.assertEqual(case.stage_code, "investigation")
        with self.assertRaises(UserError):
            line.with_user(self.unit_head)._answer("Again.")

    def test_unit_sees_the_question_alone(self):
        """R206, P083: who is asked answers in a form, and sees no more than that."""
        staff = self._new_staff("plain", "staff", self.company)
        case = self._investigated("high", category_id=self._category("contract").id)
        self.assertEqual(case.confidentiality, "restricted")
        action = case.sudo().action_ids.create(
            {"complaint_id": case.id, "kind": "meeting"}
        )
        line = case._send_to_unit(self.unit, "Who was on duty?", user=staff)
        other = case._send_to_unit(self.unit, "Who paid?", user=self.unit_head)
        mine = line.with_user(staff)
        for hidden in (case, action, other, case.stage_log_ids):
            with self.subTest(hidden._name), self.assertRaises(AccessError):
                hidden.sudo(False).with_user(staff).read([])
        self.assertEqual(mine.search([]), line)
        view = mine.get_views([(False, "form")])["models"]["npo.complaint.assignment"]
        spec = {name: {} for name in view["fields"] if name != "message_ids"}
        spec["complaint_id"] = {"fields": {"display_name": {}}}
        read = mine.web_read(spec)[0]
        self.assertEqual(read["complaint_id"]["display_name"], case.name)
        self.assertNotIn(case.title, str(read))
        self.assertNotIn(self.person.name, str(read))
        self.assertEqual(mine.activity_ids.user_id, staff)
        tiles = self.env["npo.home"].with_user(staff).get_home()["tiles"]
        counts = {tile["model"]: tile["count"] for tile in tiles}
        self.assertEqual(counts["npo.complaint.assignment"], 1)
        form = self.env["npo.complaint.reply"].with_user(staff)
        form = form.with_context(**mine.action_answer()["context"]).create(
            {
                "note": "Nobody was.",
                "evidence": base64.b64encode(b"%PDF-1.4\nThe list"),
                "evidence_name": "list.pdf",
            }
        )
        self.assertEqual(form.question, "Who was on duty?")
        form.action_confirm()
        self.assertEqual((line.state, line.answer), ("done", "Nobody was."))
        self.assertFalse(line.activity_ids)
        files = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        files = self.env["ir.attachment"].sudo().search(files)
        self.assertEqual(files.mapped("name"), ["list.pdf"])
        with self.assertRaises(AccessError):
            other.with_user(staff).action_answer()

    def test_step_form_tells_nothing(self):
        """P083: a form about a complaint that one does not see shows nothing of it."""
        forms = self.env["npo.complaint.step"].with_user(self.unit_head)
        case = self._assessed("high")
        with self.assertRaises(AccessError):
            forms.create({"step": "assess", "complaint_id": case.id}).read(["severity"])

    def test_open_unit_keeps_it_open(self):
        """R206: nothing is decided or closed while a unit is waited for."""
        case = self._investigated()
        line = case._send_to_unit(self.unit, "Who was on duty?")
        case.action_investigate()
        for step in (
            lambda: case._decide("upheld", "people", "We are sorry."),
            lambda: case._propose("Call back."),
            lambda: case._refer_out("The bank."),
        ):
            with self.assertRaisesRegex(UserError, "waits for Support"):
                step()
        with self.assertRaises(AccessError):
            line.with_user(self.worker).action_take_back()
        line.with_user(self.handler).action_take_back()
        case._propose("Call back.")

    def test_unit_steps_alone(self):
        """D02: nobody makes or writes a question to a unit."""
        case = self._investigated()
        line = case._send_to_unit(self.unit, "Who was on duty?")
        for user in (self.handler, self.unit_head, self.users["chief"]):
            with self.subTest(user.name), self.assertRaises(AccessError):
                line.with_user(user).write({"state": "done"})

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def test_actions(self):
        """R180: what was done, with its day and unit; nothing after closing."""
        case = self._investigated()
        actions = self.env["npo.complaint.action"].with_user(self.handler)
        vals = {"complaint_id": case.id, "kind": "apology", "result": "Called."}
        actions.create(vals)
        self.assertTrue(case.date_action)
        with self.assertRaisesRegex(UserError, "why nothing is done"):
            actions.create({"complaint_id": case.id, "kind": "none"})
        with self.assertRaises(AccessError):
            actions.with_user(self.users["auditor"]).create(vals)
        case._take_back()
        with self.assertRaisesRegex(UserError, "closed"):
            actions.create(vals)

    def test_no_action_taken(self):
        """R180: an open complaint without an action after N days is listed."""
        case = self._receive()
        complaints = self.env["npo.complaint"].with_user(self.handler)
        untouched = [("is_untouched", "=", True)]
        self.assertNotIn(case, complaints.search(untouched))
        case.sudo().date_received -= timedelta(days=8)
        self.assertIn(case, complaints.search(untouched))
        self.assertTrue(case.is_untouched)
        self.env["npo.complaint.action"].with_user(self.handler).create(
            {"complaint_id": case.id, "kind": "contacted"}
        )
        self.assertNotIn(case, complaints.search(untouched))

    # ------------------------------------------------------------
    # DECIDED
    # ------------------------------------------------------------

    def test_grave_is_approved(self):
        """P073: what is grave is answered as another person approved."""
        case = self._investigated("high")
        with self.assertRaisesRegex(UserError, "approved"):
            case._decide("upheld", "people", "We are sorry.")
        case._propose("An apology.")
        self.assertTrue(case.needs_approval)
        with self.assertRaises(AccessError):
            case.action_approve()
        case.with_user(self.manager).action_approve()
        case._decide("upheld", "people", "We are sorry.")
        self.assertEqual(case.stage_code, "decided")
        self.assertEqual(case.approved_by_id, self.manager)

    def test_approver_is_another(self):
        """P074: who handled it does not approve its solution."""
        chief = self.users["chief"]
        case = self._receive().with_user(chief)
        case._assess("high", "1")
        case.action_investigate()
        case._propose("An apology.")
        with self.assertRaisesRegex(UserError, "has done this on it already"):
            case.action_approve()

    def test_decided(self):
        """P075, P076: outcome, cause and answer; told with the right to object."""
        case = self._investigated()
        for given in (
            (False, "process", "x"),
            ("upheld", False, "x"),
            ("upheld", "process", " "),
        ):
            with self.subTest(given), self.assertRaises(UserError):
                case._decide(*given)
        case._decide("upheld", "process", "We call back within a day now.")
        self.assertEqual(case.stage_code, "decided")
        self.assertTrue(case.date_answered)
        message = self._told(case, "cmp_decision")
        self.assertEqual(len(message), 1)
        self.assertIn("We call back within a day now.", message.body)
        self.assertIn("object until", message.body)

    def test_own_complaint(self):
        """P074: nobody handles their own complaint."""
        case = self._receive(partner_id=self.handler.partner_id.id)
        with self.assertRaisesRegex(UserError, "colleague"):
            case._assess("low", "0")

    # ------------------------------------------------------------
    # CLOSED
    # ------------------------------------------------------------

    def test_accepted(self):
        """P077: closed when the person accepts it; who does not is on record."""
        case = self._decided()
        case._hear(False, "It is not true.")
        self.assertEqual(case.stage_code, "decided")
        self.assertTrue(case.is_dissatisfied)
        case._hear(True, "Thank you.")
        self.assertEqual(case.stage_code, "closed_accepted")

    def test_final(self):
        """P077: closed for good after the period to object, not before."""
        for outcome, stage in (
            ("not_upheld", "unfounded"),
            ("upheld", "closed_final"),
        ):
            case = self._decided(outcome)
            with self.assertRaisesRegex(UserError, "can be objected to until"):
                case.action_close_final()
            case.sudo().date_answered -= timedelta(days=60)
            case.action_close_final()
            with self.subTest(outcome):
                self.assertEqual(case.stage_code, stage)

    def test_withdrawn(self):
        """17.4: taken back at any time; the unit need not answer any more."""
        case = self._investigated()
        line = case._send_to_unit(self.unit, "Who was on duty?")
        case._take_back()
        self.assertEqual(case.stage_code, "withdrawn")
        self.assertEqual(line.state, "void")

    def test_duplicate(self):
        """17.4: points to the first one, whose number the person is told."""
        first = self._receive()
        again = self._receive()
        self.assertEqual(again.repeat_count, 1)
        self.assertEqual(again.similar_ids, first)
        again.action_mark_duplicate()
        self.assertEqual(again.stage_code, "duplicate")
        self.assertEqual(again.duplicate_of_id, first)
        self.assertIn(first.name, self._told(again, "cmp_duplicate").body)
        third = self._receive()
        third._mark_duplicate(again)
        self.assertEqual(third.duplicate_of_id, first)

    def test_duplicate_of_another_person(self):
        """17.4: who else complains of the same is owed an answer too."""
        first = self._receive()
        other = self._receive(partner_id=self._new_beneficiary(1).partner_id.id)
        self.assertFalse(other.similar_ids)
        with self.assertRaisesRegex(UserError, "another person"):
            other._mark_duplicate(first)

    def test_repeated(self):
        """R206: the same mobile, and a title that says about the same."""
        known = {
            "partner_id": False,
            "contact_name": "Ali",
            "contact_phone": "0509876543",
        }
        first = self._receive(**known)
        again = self._receive(
            **known,
            title="No answer to my calls again",
            category_id=self._category("delay").id,
        )
        self.assertEqual(again.similar_ids, first)
        apart = self._receive(
            **known, title="The ramp", category_id=self._category("safety").id
        )
        self.assertFalse(apart.similar_ids)
        first.sudo().date_received -= timedelta(days=200)
        again.invalidate_recordset()
        self.assertFalse(again.similar_ids)

    def test_out_of_scope(self):
        """P098: what is not the association's is answered with where to go."""
        case = self._receive()
        with self.assertRaises(UserError):
            case._refer_out("")
        case._refer_out("The bank: 800 124 1000.")
        self.assertEqual((case.stage_code, case.outcome), ("out_of_scope", "referred"))
        self.assertIn("800 124 1000", self._told(case, "cmp_out_of_scope").body)

    def test_reopened(self):
        """P077: a new answer is owed, and what was answered stays."""
        case = self._decided()
        case._hear(True)
        case._reopen("It happened again.")
        self.assertRecordValues(
            case,
            [
                {
                    "stage_code": "reopened",
                    "reopen_count": 1,
                    "outcome": False,
                    "date_answered": False,
                }
            ],
        )
        self.assertIn("Nobody was at the telephone", case.earlier_answers)
        self.assertGreater(case.date_due, fields.Datetime.now())
        case.action_investigate()
        case._decide("upheld", "process", "We are sorry.")
        self.assertEqual(len(self._told(case, "cmp_decision")), 2)

    # ------------------------------------------------------------
    # BARRED
    # ------------------------------------------------------------

    def test_handler_works_here(self):
        """P074: a task on a complaint is not given to whom it concerns."""
        case = self._receive(subject_employee_ids=self.employee.ids)
        with self.assertRaises(UserError):
            case.user_id = self.worker
        with self.assertRaises(UserError):
            case.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.worker.id
            )
