from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..agreement.common import AgreementCommon
from ..common_browser import WebCommon
from ..compensation.common import CompensationCommon

MARKER = "zarqaqword"
# Logs that stand beside a case, and may quote it.
LOGS = ("npo.stage.log", "npo.message", "npo.duty", "npo.appeal", "npo.rating")
DISPUTERS = {"lawyer", "handler", "claims", "grantor", "manager", "auditor"}
CASE_READERS = DISPUTERS - {"handler"}


class ClaimsDoors(CompensationCommon):
    """A complaint, the dispute and the claim that came of it, and who may know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={"allowed_company_ids": cls.company.ids, "lang": "en_US"}
        )
        cls.handler = cls.users["handler"]
        for name, user in cls.users.items():
            user.password = f"{name}_{cls.company.id}"

    @classmethod
    def _as(cls, name, records):
        return records.with_env(cls.env).with_user(cls.users[name])

    @classmethod
    def _complain(cls, **vals):
        complaint = cls.env["npo.complaint"]._receive(
            {
                "title": f"About {MARKER}",
                "description": f"What happened: {MARKER}",
                "channel_id": cls.env.ref("npo_relations.channel_in_person").id,
                "company_id": cls.company.id,
                "partner_id": cls.person.id,
                **vals,
            }
        )
        complaint.sudo().user_id = cls.handler
        return complaint.with_user(cls.handler)

    def _granted(self):
        self._without_accounting()
        case = self._asked()
        self._approve(case)
        return case

    def _file_beside(self, record):
        return self.env["ir.attachment"].create(
            {
                "name": f"{MARKER}.txt",
                "raw": MARKER.encode(),
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def _seen(self, name, model, domain):
        """Return what a user finds by every way of searching a table."""
        own = self._as(name, self.env[model])
        if not own.has_access("read"):
            return False
        try:
            found = own.search(domain)
        except AccessError:  # of files beside what the user has no right to at all
            return False
        self.assertEqual(own.search_count(domain), len(found), f"{name} {model}")
        groups = own._read_group(domain, [], ["__count"])
        self.assertEqual(groups[0][0], len(found), f"{name} {model}")
        return bool(found)

    def _assert_shut(self, door):
        """Fail where a call that ought to be refused answers."""
        try:
            told = door()
        except (UserError, ValueError):
            return
        self.fail(f"it answers: {told}")

    def _beside(self, record):
        return [("res_model", "=", record._name), ("res_id", "=", record.id)]


@tagged("post_install", "-at_install")
class TestClaimsDoors(ClaimsDoors):
    """R030, R158, P092: what stands beside a claim or a dispute, by every door."""

    def _assert_files(self, record, readers):
        """Look for a file beside a record as everybody; read it as who finds it."""
        file = self._file_beside(record)
        for name in self.users:
            with self.subTest(name):
                own = self._as(name, file)
                reads = self._as(name, record).has_access("read")
                seen = self._seen(name, "ir.attachment", self._beside(record))
                self.assertEqual(seen, reads and name in readers)
                self.assertEqual(bool(own.search([("id", "=", file.id)])), seen)
                self.assertEqual(own.has_access("read"), seen)
                if not seen:
                    with self.assertRaises(AccessError):
                        own.read(["raw", "name"])
        return file

    def test_r158_files_of_a_claim(self):
        """R158: a file beside an approved case is not for who pays it."""
        case = self._granted()
        self.assertTrue(self._as("payer", case).has_access("read"))
        self._assert_files(case, CASE_READERS)

    def test_r158_tasks_on_a_claim(self):
        """R158: a task on an approved case tells finance nothing, but its own."""
        case = self._granted()
        for record in (case, self.agreement):
            record.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=MARKER,
                user_id=self.users["lawyer"].id,
            )
            told = [*self._beside(record), ("summary", "=", MARKER)]
            for name in ("payer", "poster", "deliverer"):
                with self.subTest(f"{name} {record._name}"):
                    self.assertFalse(self._seen(name, "mail.activity", told))
            self.assertTrue(self._seen("lawyer", "mail.activity", told))

    def test_r158_words_by_every_search(self):
        """R158: finance finds no case by its words, sorts and groups none by them."""
        case = self._granted()
        own = self._as("payer", self.env["npo.compensation"])
        self.assertTrue(own.search([("id", "=", case.id)]))
        self.assertFalse(own.name_search("vases"))
        for name in ("title", "description", "agreement_id", "complaint_id"):
            with self.subTest(name):
                for door in (
                    lambda name=name: own.search([(name, "!=", False)]),
                    lambda name=name: own.search_count([(name, "!=", False)]),
                    lambda name=name: own._read_group([], [name], ["__count"]),
                    lambda name=name: own.search([], order=name),
                    lambda name=name: own.browse(case.id).web_read({name: {}}),
                    lambda name=name: own.browse(case.id).export_data([name]),
                ):
                    self._assert_shut(door)
        payouts = self._as("payer", self.env["npo.payout"])
        self.assertFalse(payouts.search([("res_name", "ilike", "vases")]))

    def test_r030_files_of_an_agreement(self):
        """R030: finance reads what is agreed on, not the file put beside it."""
        self.assertTrue(self._as("payer", self.agreement).has_access("read"))
        everybody = set(self.users) - {"payer", "poster"}
        self._assert_files(self.agreement, everybody)
        with self.assertRaises(AccessError):
            self._as("payer", self.env["ir.attachment"]).create(
                {
                    "name": "x",
                    "raw": b"x",
                    "res_model": "npo.agreement",
                    "res_id": self.agreement.id,
                }
            )

    def test_r030_talk_about_an_agreement(self):
        """R030: nor what is said about it; nobody writes on what they cannot read."""
        self.agreement.message_post(body=MARKER)
        about = [("model", "=", "npo.agreement"), ("res_id", "=", self.agreement.id)]
        about.append(("body", "ilike", MARKER))
        for name in ("payer", "poster", "deliverer"):
            with self.subTest(name):
                messages = self._as(name, self.env["mail.message"])
                self.assertFalse(messages.search(about))
        self.assertTrue(self._as("lawyer", self.env["mail.message"]).search(about))
        dispute = self.agreement.with_user(self.lawyer)._open_dispute({"title": "x"})
        for record in (self.agreement, dispute):
            for name in ("deliverer", "payer"):
                with self.subTest(f"{name} {record._name}"):
                    with self.assertRaises(AccessError):
                        self._as(name, record).message_post(body="x")

    def test_r158_logs(self):
        """R158: what is logged and told of a case is for who reads the case."""
        case = self._complete()
        dispute = self._as("claims", self.env["npo.dispute"])._open_from(case, {})
        case._reject(f"Because of {MARKER}.")
        self.env["npo.appeal"]._lodge(
            case, self.person, ground="error", statement=MARKER
        )
        for record, readers in ((case, CASE_READERS), (dispute, DISPUTERS)):
            for model in LOGS:
                if not self.env[model].search(self._beside(record)):
                    continue
                for name in self.users:
                    with self.subTest(f"{record._name} {model} {name}"):
                        if self._seen(name, model, self._beside(record)):
                            self.assertIn(name, readers)
        for name in ("claims", "lawyer", "manager"):
            for record in (case, dispute):
                with self.subTest(f"{name} reads {record._name}"):
                    own = self._as(name, record)
                    self.assertTrue(own.stage_log_ids)
                    self.assertTrue(own.message_log_ids)
        self.assertTrue(self._seen("claims", "npo.appeal", self._beside(case)))

    def test_p092_dispute_of_a_complaint_sealed_later(self):
        """P092: moves, letters, duties, talk, tasks and files are sealed with it."""
        complaint = self._complain()
        dispute = self.env["npo.dispute"].with_user(self.handler)
        dispute = dispute._open_from(complaint, {"facts": MARKER})
        own = self._as("lawyer", dispute)
        own.user_id = self.lawyer
        own.action_begin()
        own.message_post(body=MARKER, attachments=[(f"{MARKER}.txt", b"x")])
        own.activity_schedule("mail.mail_activity_data_todo", summary=MARKER)
        self.env["npo.dispute.meeting"].with_user(self.lawyer).create(
            {"dispute_id": dispute.id, "place": MARKER, "minutes": MARKER}
        )
        self.assertTrue(self._seen("lawyer", "npo.stage.log", self._beside(dispute)))
        complaint._seal()
        self.env.flush_all()
        self.env.invalidate_all()
        focal = complaint.sudo().focal_user_ids
        message = [("model", "=", "npo.dispute"), ("res_id", "=", dispute.id)]
        doors = {
            **dict.fromkeys((*LOGS, "mail.activity"), self._beside(dispute)),
            "ir.attachment": self._beside(dispute),
            "mail.message": message,
            "npo.dispute": [("id", "=", dispute.id)],
            "npo.dispute.step": [("dispute_id", "=", dispute.id)],
            "npo.dispute.meeting": [("dispute_id", "=", dispute.id)],
        }
        for name in self.users:
            if self.users[name] in focal:
                continue
            for model, domain in doors.items():
                with self.subTest(f"{name} {model}"):
                    self.assertFalse(self._seen(name, model, domain))
            if name in DISPUTERS:
                found = self._as(name, self.env["npo.dispute"])
                self.assertFalse(found.name_search(dispute.sudo().name))
                with self.assertRaises(UserError):
                    self._as(name, dispute).read(["name"])
                with self.assertRaises(UserError):
                    self._as(name, dispute).export_data(["title", "facts"])
        self.assertTrue(self.env["npo.stage.log"].search(self._beside(dispute)))

    def test_p092_claim_of_a_complaint_sealed_later(self):
        """P092: the case goes on; what was said and told before is sealed with it."""
        complaint = self._complain()
        complaint.action_compensate()
        case = complaint.sudo().action_ids.compensation_id.with_user(self.claims)
        case.action_examine()
        case.message_post(body=f"It is {MARKER}.")
        dispute = self._as("claims", self.env["npo.dispute"])._open_from(case, {})
        self.assertEqual(dispute.sudo().complaint_id, complaint.sudo())
        complaint._seal()
        self.env.flush_all()
        self.env.invalidate_all()
        focal = complaint.sudo().focal_user_ids
        message = [("model", "=", case._name), ("res_id", "=", case.id)]
        for name in set(self.users):
            if self.users[name] in focal:
                continue
            with self.subTest(name):
                self.assertFalse(self._seen(name, "mail.message", message))
                self.assertFalse(self._seen(name, "npo.message", self._beside(case)))
                self.assertFalse(self._seen(name, "npo.stage.log", self._beside(case)))
                found = [("id", "=", dispute.id)]
                self.assertFalse(self._seen(name, "npo.dispute", found))
        [told] = case.read(["title", "description", "complaint_id", "dispute_id"])
        self.assertNotIn(MARKER, str(told))
        case.message_post(body="What comes later is of the case.")
        self.assertTrue(self._seen("lawyer", "mail.message", message))

    def test_p092_origin_is_a_step(self):
        """P092: nobody ties a dispute to a complaint by hand, nor cuts it off."""
        complaint = self._complain()
        dispute = self.agreement.with_user(self.lawyer)._open_dispute({"title": "x"})
        with self.assertRaises(AccessError):
            dispute.complaint_id = complaint.id
        with self.assertRaises(AccessError):
            dispute.secrecy = "sealed"
        with self.assertRaises(AccessError):
            self._as("lawyer", self.env["npo.dispute"]).create(
                {
                    "title": "x",
                    "partner_id": self.person.id,
                    "complaint_id": complaint.id,
                }
            )

    def test_d12_objection_at_the_desk(self):
        """D12: an objection to a refused claim is recorded at the desk, once."""
        case = self._new_case()
        case.action_examine()
        case.sudo().agreement_id = False
        case._refuse_scope("It is nobody's agreement.")
        action = case.action_appeal()
        wizard = self._as("claims", self.env["npo.appeal.record"])
        wizard = wizard.with_context(**action["context"]).create(
            {"ground": "error", "statement": "There is one."}
        )
        self.assertEqual(wizard.lodged_by_id, self.person)
        opened = wizard.action_confirm()
        appeal = self.env["npo.appeal"].browse(opened["res_id"])
        self.assertEqual(appeal.subject, "compensation")
        self.assertEqual(appeal.lodged_by_id, self.person)
        self.assertTrue(self._as("claims", appeal).has_access("read"))
        with self.assertRaisesRegex(UserError, "no decision to object to"):
            case.action_appeal()
        for name in ("lawyer", "grantor", "payer", "officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(name, case).action_appeal()


@tagged("post_install", "-at_install")
class TestClaimsAddresses(ClaimsDoors, WebCommon):
    """R158: files, papers and pages of a claim, by an address typed by hand."""

    def _login(self, name):
        self.authenticate(self.users[name].login, f"{name}_{self.company.id}")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_r158_addresses(self):
        """Finance opens the settlement it pays, and nothing that was found."""
        case = self._granted()
        file = self._file_beside(case)
        evidence = case.sudo().evidence_ids[:1]
        kept = (
            f"/web/content/{file.id}",
            f"/web/image/{file.id}",
            f"/mail/attachment/zip?file_ids={file.id}&zip_name=x.zip",
            f"/web/content/npo.compensation.evidence/{evidence.id}/file",
            f"/report/pdf/npo_relations.report_npo_compensation_file/{case.id}",
            f"/my/compensations/{case.id}",
        )
        words = (MARKER, "Broken vases", "Three vases", "%PDF")
        for name in ("payer", "deliverer", "officer"):
            self._login(name)
            for address in kept:
                with self.subTest(f"{name} {address}"):
                    content = self.url_open(address).content
                    for word in words:
                        self.assertNotIn(word.encode(), content)
        self._login("lawyer")
        self.assertIn(MARKER.encode(), self.url_open(kept[0]).content)
        self._login("payer")
        settlement = f"/web/content/npo.compensation/{case.id}/settlement_file"
        self.assertIn(b"%PDF", self.url_open(settlement).content)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_r158_paperclip(self):
        """A file sent by the web client's paperclip is nobody's way around it."""
        case = self._granted()
        before = self.env["ir.attachment"].search_count(self._beside(case))
        for name in ("payer", "deliverer"):
            self._login(name)
            self.url_open(
                "/mail/attachment/upload",
                data={
                    "csrf_token": Request.csrf_token(self),
                    "thread_id": case.id,
                    "thread_model": "npo.compensation",
                },
                files={"ufile": ("a.txt", MARKER, "text/plain")},
            )
        after = self.env["ir.attachment"].search_count(self._beside(case))
        self.assertEqual(after, before)


@tagged("post_install", "-at_install")
class TestOthersClaims(AgreementCommon):
    """D02: agreements, disputes and their parts of another association."""

    def test_d02_other_association(self):
        """D02: no role finds, counts, groups or opens those of another."""
        agreement = self._active()
        dispute = self._dispute(agreement)
        other = self._new_association("Another Association", self.profile)
        for role in ("legal_adviser", "finance_officer", "general_manager"):
            user = self._new_staff(f"other_{role}", role, other)
            for record in (agreement, dispute):
                own = record.with_context(allowed_company_ids=other.ids)
                own = own.with_user(user)
                if not own.browse().has_access("read"):
                    continue
                with self.subTest(f"{role} {record._name}"):
                    found = [("id", "=", record.id)]
                    self.assertFalse(own.search(found))
                    self.assertFalse(own.search_count(found))
                    self.assertFalse(own._read_group(found, ["partner_id"]))
                    self.assertFalse(own.name_search(record.name))
                    with self.assertRaises(AccessError):
                        own.web_read({"title": {}})
                    with self.assertRaises(UserError):
                        own.export_data(["title"])
                    with self.assertRaises(AccessError):
                        own.message_post(body="x")
