from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_browser import WebCommon
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintExclusion(ComplaintCommon):
    """A complaint about somebody never passes through them (P074, P097)."""

    def _about(self, *users, **vals):
        return self._receive(subject_user_ids=[user.id for user in users], **vals)

    def test_barred(self):
        """P074: the person, their manager, and who is in charge of the unit."""
        case = self._receive(subject_employee_ids=self.employee.ids)
        self.assertEqual(case.sudo().barred_user_ids, self.worker | self.unit_head)
        case = self._about(self.worker)
        self.assertEqual(case.sudo().barred_user_ids, self.worker | self.unit_head)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_rule(self):
        """P074: on all operations, whatever the role, the administrator included."""
        admin = self._new_staff("admin", "admin", self.company)
        for who in (self.handler, self.manager, self.users["chief"], admin):
            case = self._about(who).sudo()
            mine = case.with_user(who)
            with self.subTest(who.name):
                self.assertNotIn(
                    case, self.env["npo.complaint"].with_user(who).search([])
                )
                self.assertFalse(
                    self.env["npo.complaint"].with_user(who).name_search(case.name)
                )
                for step in (
                    lambda mine=mine: mine.read(["title"]),
                    lambda mine=mine: mine.write({"title": "x"}),
                    lambda mine=mine: mine.unlink(),
                    lambda mine=mine: mine.message_post(body="x"),
                ):
                    with self.assertRaises(UserError):
                        step()
                with self.assertRaisesRegex(UserError, "whom it concerns"):
                    mine._assess("low", "0")
                with self.assertRaises(UserError):
                    mine.action_approve()

    def test_logs(self):
        """P074: neither the log, the messages nor the duties of it."""
        case = self._about(self.manager)
        case._assess("medium", "1")
        for name in ("npo.stage.log", "npo.message", "npo.duty"):
            found = [("complaint_id", "=", case.id)]
            with self.subTest(name):
                self.assertTrue(self.env[name].sudo().search_count(found))
                barred = self.env[name].with_user(self.manager)
                self.assertFalse(barred.search_count(found))

    def test_goes_round(self):
        """P074: to another officer, else the manager, else the governance officer."""
        second = self._new_staff("second", "complaint_officer", self.company)
        manager, governor = self.manager, self.users["governor"]
        case = self._about(self.handler).sudo()
        self.assertEqual(case.user_id, second)
        case = self._about(self.handler, second).sudo()
        self.assertEqual(case.user_id, manager)
        case = self._about(self.handler, second, manager).sudo()
        self.assertEqual(case.user_id, governor)
        own = case.with_user(governor)
        own._assess("medium", "1")
        own.action_investigate()
        self.assertEqual(own.stage_code, "investigation")

    def test_chair(self):
        """P074: where all who could handle it are concerned, the chair of the board."""
        handlers = self.handler | self.manager | self.users["governor"]
        self.assertFalse(self._about(*handlers).sudo().user_id)
        chair = self._new_staff("of_the_board", "committee_member", self.company)
        self.env["npo.board.member"].create(
            {
                "partner_id": chair.partner_id.id,
                "company_id": self.company.id,
                "position": "chair",
                "date_from": "2020-01-01",
            }
        )
        approved = self._about(*handlers, severity="high").sudo()
        self.assertEqual(approved.user_id, chair)
        self.assertTrue(approved.needs_approval)
        case = self._about(*handlers, self.users["chief"], severity="high").sudo()
        self.assertEqual(case.user_id, chair)
        own = case.with_user(chair)
        self.assertTrue(own.may_handle)
        form = self.env["npo.complaint.step"].with_user(chair)
        form = form.with_context(**own.action_assess()["context"]).create({})
        form.write({"severity": "high", "urgency": "1"})
        form.action_take()
        own.action_investigate()
        own._decide("upheld", "people", "We are sorry: it is put right.")
        self.assertEqual(own.stage_code, "decided")
        self.assertFalse(self._about(*handlers, chair).sudo().user_id)

    def test_chair_of_what_is_sealed(self):
        """P092: nor is a sealed complaint lost where all are concerned."""
        chair = self._new_staff("of_the_board", "committee_member", self.company)
        self.env["npo.board.member"].create(
            {
                "partner_id": chair.partner_id.id,
                "company_id": self.company.id,
                "position": "chair",
                "date_from": "2020-01-01",
            }
        )
        concerned = self.manager | self.users["governor"]
        case = self._about(*concerned, kind="violation").sudo()
        self.assertEqual(case.focal_user_ids, chair)

    def test_named_later(self):
        """P074: whoever is named later loses it, with tasks and what they follow."""
        case = self._receive()
        second = self._new_staff("second", "complaint_officer", self.company)
        case._task(self.handler, "Call back")
        case.message_subscribe(self.handler.partner_id.ids)
        case.with_user(second).subject_user_ids = self.handler
        case = case.sudo()
        self.assertEqual(case.user_id, second)
        self.assertFalse(
            case.activity_ids.filtered(lambda task: task.user_id == self.handler)
        )
        self.assertNotIn(self.handler.partner_id, case.message_partner_ids)

    def test_asked_then_named(self):
        """P074: a question to somebody who turns out to be concerned is taken back."""
        case = self._receive()
        case._assess("medium", "1")
        line = case._send_to_unit(self.unit, "What happened?")
        case.subject_user_ids = self.worker
        self.assertEqual((line.state, case.stage_code), ("void", "investigation"))
        self.assertFalse(line.activity_ids)

    def test_form(self):
        """P074: who is concerned is named: users, and employees by who may see them."""
        case = self._receive()
        view = self.env["ir.ui.view"].browse(case.action_exclude()["views"][0][0])
        form = Form(case, view=view)
        form.subject_user_ids.add(self.worker)
        with self.assertRaises(AssertionError):  # not in the view of this user
            form.subject_employee_ids.add(self.employee)
        form.save()
        self.assertEqual(case.sudo().barred_user_ids, self.worker | self.unit_head)
        second = self._new_staff("second", "complaint_officer", self.company)
        second.group_ids |= self.env.ref("hr.group_hr_user")
        other = self._receive(user_id=second.id).with_user(second)
        form = Form(other, view=view.with_user(second))
        form.subject_employee_ids.add(self.employee)
        form.save()
        self.assertEqual(other.sudo().barred_user_ids, self.worker | self.unit_head)

    def test_not_told(self):
        """P074: neither follower nor recipient nor task, whoever names them."""
        case = self._about(self.worker)
        barred = self.worker.partner_id
        case.message_subscribe(barred.ids)
        self.assertNotIn(barred, case.sudo().message_partner_ids)
        message = case.message_post(body="x", partner_ids=barred.ids)
        self.assertNotIn(barred, message.sudo().partner_ids)
        self.assertNotIn(barred, message.sudo().notified_partner_ids)
        with self.assertRaises(UserError):
            case.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.worker.id
            )
        with self.assertRaises(UserError):
            case.user_id = self.worker

    def test_unit_goes_round(self):
        """P074: a unit whose manager is concerned is asked above it."""
        above = self.env["hr.department"].create(
            {
                "name": "Services",
                "company_id": self.company.id,
                "manager_id": self._employee(self.officer).id,
            }
        )
        self.unit.parent_id = above
        case = self._about(self.worker)
        case._assess("medium", "1")
        line = case._send_to_unit(self.unit, "What happened?")
        self.assertEqual(line.user_id, self.officer)
        with self.assertRaises(UserError):
            case._send_to_unit(self.unit, "What?", user=self.unit_head)

    # ------------------------------------------------------------
    # NO REPRISALS
    # ------------------------------------------------------------

    def test_suspension(self):
        """P097: the file of who complained is suspended by an unconcerned manager."""
        self.file.sudo().state = "active"
        self._about(self.manager)
        for user in (self.officer, self.manager):
            with self.subTest(user.name), self.assertRaisesRegex(UserError, "manager"):
                self.file.with_user(user).action_suspend(note="No answer.")
        other = self._new_staff("other", "general_manager", self.company)
        arch = self.file.with_user(other).get_view(view_type="form")["arch"]
        self.assertIn("'default_step': 'suspend'", arch)
        self.file.with_user(other).action_suspend(note="No answer.")
        self.assertEqual(self.file.state, "suspended")

    def test_suspension_of_others(self):
        """P097: who did not complain, or long ago, is suspended by the desk."""
        self.file.sudo().state = "active"
        case = self._receive()
        case.sudo().date_received = "2020-01-01"
        self.file.with_user(self.officer).action_suspend(note="No answer.")
        self.assertEqual(self.file.state, "suspended")

    def test_refusal(self):
        """P097: a refusal waits for approval, and does not say why."""
        self._receive()
        request = self._advance(self._new_request(self.file), "committee")
        chair = self.users["chair"]
        reason = self.env.ref("npo_relations.reason_rejection_no_need")
        request = request.with_user(chair)
        request._decide("rejected", chair, decision_reason_id=reason.id)
        approval = request.sudo().approval_id
        self.assertEqual((approval.kind, approval.state), ("refusal", "waiting"))
        self.assertNotIn("complain", approval.reason)
        early = self.env.ref("npo_relations.reason_early_reply_simple")
        request._approve_early_reply(early)
        with self.assertRaisesRegex(UserError, "waits for a higher approval"):
            request.action_announce()
        approval.with_user(self.manager)._answer(True, "It is right.")
        request.action_announce()
        self.assertEqual(request.decision, "rejected")

    def test_refusal_by_the_concerned(self):
        """P097: a manager who is concerned does not approve it: the board does."""
        self._about(self.manager)
        request = self._advance(self._new_request(self.file), "committee")
        chair = self.users["chair"]
        reason = self.env.ref("npo_relations.reason_rejection_no_need")
        request.with_user(chair)._decide(
            "rejected", chair, decision_reason_id=reason.id
        )
        self.assertEqual(request.sudo().approval_id.approver, "board")


@tagged("post_install", "-at_install")
class TestComplaintFiles(ComplaintCommon, WebCommon):
    """P074: what was attached to a complaint, by its address."""

    def _addresses(self, file):
        return (
            f"/web/content/{file.id}",
            f"/web/content/{file.id}?download=true",
            f"/web/content?model=ir.attachment&id={file.id}&field=raw",
            f"/web/image/{file.id}",
            f"/mail/attachment/zip?file_ids={file.id}&zip_name=x.zip",
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_files(self):
        """P074: who is barred reads none of it; who handles it does."""
        words = b"%PDF-1.4\nThey were rude to me"
        about = {"subject_user_ids": self.manager.ids, "user_id": self.handler.id}
        case = self._receive(**about).sudo()
        file = case._attach([("told.pdf", words)])
        self.assertIn(self.manager, case.barred_user_ids)
        own = f"/web/content/{file.id}"
        self.authenticate(self.handler.login, self._password("handler"))
        self.assertEqual(self.url_open(own).content, words)
        self.authenticate(self.manager.login, self._password("manager"))
        for address in self._addresses(file):
            with self.subTest(address):
                self.assertNotIn(words, self.url_open(address).content)
        case.subject_user_ids = False
        self.assertEqual(self.url_open(own).content, words)

    def _password(self, name):
        return f"{name}_{self.company.id}"
