from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.privacy.data_request import KINDS
from ..common import AssociationCommon, local_today


@tagged("post_install", "-at_install")
class TestDataRequest(AssociationCommon):
    """P010, P014: each right is asked for, answered in time, and on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.partner = cls.file.partner_id
        cls.protector = cls.users["protector"]
        cls.cases = cls.env["npo.data.request"].with_user(cls.officer)

    def _ask(self, kind="access", user=None, **vals):
        return self.cases.with_user(user or self.officer).create(
            {"partner_id": self.partner.id, "kind": kind, "method": "phone", **vals}
        )

    def _verified(self, kind="access", **vals):
        case = self._ask(kind, **vals)
        case._verify_identity("call", "Asked for the birth date")
        return case

    def _step(self, case, user, step, **vals):
        """Take a step as on the screen, by its form."""
        form = Form(
            self.env["npo.data.request.step"]
            .with_user(user)
            .with_context(default_case_id=case.id, default_step=step)
        )
        for name, value in vals.items():
            form[name] = value
        form.save().action_confirm()

    def _templates(self, case):
        messages = self.env["npo.message"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)], order="id"
        )
        return messages.template_id.mapped("name"), messages

    def test_each_kind(self):
        """P010: every kind is asked for, and ends with an outcome and a date."""
        for kind, _label in KINDS:
            with self.subTest(kind):
                case = self._ask(kind)
                self.assertTrue(case.name.startswith("PDR/"))
                self.assertEqual(case.beneficiary_id, self.file)
                self._step(case, self.officer, "verify", identity_way="card")
                self._step(
                    case, self.protector, "fulfil", outcome="done", note="So it is."
                )
                self.assertRecordValues(
                    case, [{"stage_code": "done", "outcome": "done", "is_closed": True}]
                )
                self.assertTrue(case.date_closed)

    def test_deadline(self):
        """P014: a request of 1 March is due on 31 March; extended, on 30 April."""
        with freeze_time("2026-03-01 09:00"):
            case = self._ask()
            self.assertEqual(case.date_deadline, date(2026, 3, 31))
        with freeze_time("2026-03-31 09:00"):
            case._verify_identity("card")
            self.assertFalse(case.is_overdue)
            case = case.with_user(self.protector)
            with self.assertRaises(UserError):
                case._extend(" ")
            self._step(case, self.protector, "extend", note="The archive is on paper.")
            self.assertEqual(case.date_deadline, date(2026, 4, 30))
            with self.assertRaises(UserError):
                case._extend("Again.")
        names, messages = self._templates(case)
        self.assertEqual(
            names, ["Privacy request: received", "Privacy request: extended"]
        )
        self.assertIn("The archive is on paper.", messages[1].body)
        with freeze_time("2026-05-01 09:00"):
            case.invalidate_recordset(["is_overdue"])
            self.assertTrue(case.is_overdue)
            self.assertIn(case, case.search([("is_overdue", "=", True)]))

    def test_extended_too_late(self):
        """P014: only before the first day has passed."""
        with freeze_time("2026-03-01 09:00"):
            case = self._verified().with_user(self.protector)
        with freeze_time("2026-04-01 09:00"), self.assertRaises(UserError):
            case._extend("Too late.")

    def test_reminder(self):
        """P014: a task on day 20, once; another one after an extension."""
        with freeze_time("2026-03-01 09:00"):
            case = self._verified()
        cron = self.env.ref("npo_relations.ir_cron_npo_data_request_remind")

        def remind():
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()

        with freeze_time("2026-03-20 09:00"):
            remind()
            self.assertFalse(case.activity_ids)
        with freeze_time("2026-03-21 09:00"):
            remind()
            remind()
            self.assertEqual(len(case.activity_ids), 1)
            self.assertEqual(case.activity_ids.user_id, self.protector)
            arabic = self.env(context={"lang": "ar_001"})
            summary = arabic._("Answer the privacy request")
            self.assertNotEqual(summary, "Answer the privacy request")
            self.assertEqual(case.activity_ids.summary, summary)
            case.with_user(self.protector)._extend("The archive is on paper.")
        with freeze_time("2026-04-20 09:00"):
            remind()
            self.assertEqual(len(case.activity_ids), 2)

    def test_identity_first(self):
        """P014: nothing is given before it is known who asks, and how that was seen."""
        case = self._ask("copy").with_user(self.protector)
        for call in (
            lambda: case._fulfil("done"),
            lambda: case.action_print_copy(),
            lambda: case._own_data(),
            lambda: case._verify_identity(False),
        ):
            with self.assertRaises(UserError):
                call()
        case._verify_identity("call", "Asked for the birth date")
        self.assertRecordValues(
            case,
            [
                {
                    "identity_way": "call",
                    "identity_verified_by_id": self.protector.id,
                    "date_identity": local_today(),
                    "stage_code": "open",
                }
            ],
        )

    def test_guardian(self):
        """P014, P022: a minor asks through the guardian, by a right valid today."""
        self.file.birth_date = fields.Date.subtract(local_today(), years=9)
        guardian = self._new_beneficiary(1).partner_id
        case = self._ask()
        with self.assertRaises(UserError):
            case._verify_identity("card")
        case._cancel("Recorded without the guardian.")
        with self.assertRaises(UserError):
            self._ask(representative_id=guardian.id)
        right = self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "representative_id": guardian.id,
            }
        )
        case = self._ask(representative_id=guardian.id)
        right.action_revoke("Ended")
        with self.assertRaises(UserError), self.cr.savepoint():
            case._verify_identity("instrument")
        right.sudo().date_revoked = False
        case._verify_identity("instrument")
        self.assertEqual(case.stage_code, "open")

    def test_refuse(self):
        """P014: refused for a reason of the list, told to the person."""
        case = self._ask()
        reason = self.env.ref("npo_relations.reason_privacy_repetitive")
        wrong = self.env.ref("npo_relations.reason_rejection_incomplete")
        protected = case.with_user(self.protector)
        for bad in (wrong, wrong.browse()):
            with self.assertRaises(UserError):
                protected._refuse(bad)
        with self.assertRaises(AccessError):
            case._refuse(reason)
        self._step(case, self.protector, "refuse", reason_id=reason)
        self.assertRecordValues(
            case, [{"stage_code": "refused", "refusal_reason_id": reason.id}]
        )
        _names, messages = self._templates(case)
        self.assertIn("Repeated without cause", messages[-1].body)
        with self.assertRaises(UserError):
            protected._fulfil("done")

    def test_withdraw(self):
        """D18: what was named ends, and what was not stays."""
        consents = self.env["npo.consent"]
        purposes = self.env["npo.consent.purpose"]._of(self.company)
        media = purposes.filtered(lambda purpose: purpose.code == "media")
        survey = purposes.filtered(lambda purpose: purpose.code == "survey")
        consents._give(self.partner, media | survey, self.company, "phone")
        case = self._verified("withdraw", purpose_ids=media.ids)
        case._fulfil("done")
        has = consents._has_consent
        self.assertFalse(has(self.partner, "media", self.company))
        self.assertTrue(has(self.partner, "survey", self.company))
        self._verified("withdraw")._fulfil("done")
        self.assertFalse(has(self.partner, "survey", self.company))

    def test_in_words(self):
        """What was corrected, destroyed or left out is said in words."""
        for kind, outcome in (
            ("correct", "done"),
            ("destroy", "done"),
            ("access", "partly"),
        ):
            case = self._verified(kind)
            with self.subTest(kind), self.assertRaises(UserError):
                case._fulfil(outcome, " ")
        opened = self._verified("inform").action_open_file()
        self.assertEqual(opened["res_id"], self.file.id)

    def test_copy(self):
        """P010: the whole of one's own data, readable; that it was given is logged."""
        self.file.city = "Arar"
        self._new_request(self.file)
        case = self._verified("copy").with_user(self.protector)
        data = case._own_data()
        values = dict(data["person"])
        self.assertIn("1000000008", values.values())
        self.assertIn("Arar", values.values())
        self.assertIn("SA0380000000608010167519", values.values())
        titles = [entry["title"] for _day, entries in data["days"] for entry in entries]
        self.assertTrue(any(title.startswith("REQ/") for title in titles))
        log = self.env["npo.access.log"].search([("reason", "=", case.name)])
        self.assertEqual(set(log.mapped("field_name")), {"identity_number", "iban"})
        self.assertEqual(log.user_id, self.protector)

    def test_copy_pdf(self):
        """The copy is a paper in the person's language."""
        case = self._verified("copy").with_user(self.protector)
        report = self.env["ir.actions.report"].with_user(self.protector)
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "npo_relations.action_report_npo_own_data", case.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_copy_of_another(self):
        """Who may not answer gets no copy, by the report neither."""
        case = self._verified("copy")
        for role in ("auditor", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                case.with_user(self.users[role])._own_data()

    def test_copy_not_alone(self):
        """P010: who recorded or verified takes no copy; data protection may record."""
        officer2 = self.users["officer2"]

        def refused(case, *users):
            for user in users:
                taken = case.with_user(user)
                for name in (
                    "_own_data",
                    "_copy_archive",
                    "_seen_by",
                    "action_print_copy",
                    "action_download_data",
                ):
                    with (
                        self.subTest(f"{name} {user.login}"),
                        self.assertRaises(UserError),
                    ):
                        getattr(taken, name)()

        case = self._ask("copy")
        case.with_user(self.users["front"])._verify_identity("card")
        refused(case, self.officer)
        self.assertTrue(case.with_user(officer2)._own_data())
        case = self._ask("access", self.users["front"])
        case.with_user(self.officer)._verify_identity("card")
        refused(case, self.officer)
        self.assertTrue(case.with_user(officer2)._own_data())
        case.with_user(officer2)._fulfil("done")
        case = self._ask("access", self.protector)
        case.with_user(self.officer)._verify_identity("card")
        self.assertTrue(case._own_data())
        case._fulfil("done")
        case = self._ask("access")
        case.with_user(self.protector)._verify_identity("card")
        refused(case, self.protector, self.officer)

    def test_own_request(self):
        """Nobody verifies or answers what they asked themselves."""
        self.partner = self.protector.partner_id
        case = self._ask()
        with self.assertRaises(UserError):
            case.with_user(self.protector)._verify_identity("card")

    def test_record_stays(self):
        """What was asked is not rewritten, nothing is skipped, nothing deleted."""
        case = self._ask()
        for vals in (
            {"kind": "copy"},
            {"date_received": "2026-01-01"},
            {"date_deadline": "2030-01-01"},
            {"outcome": "done"},
            {"date_identity": "2026-01-01"},
        ):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                case.write(vals)
        with self.assertRaises(UserError):
            case.sudo().unlink()
        with self.assertRaises(UserError):
            case.stage_id = self.env.ref("npo_relations.stage_data_request_done")
        with self.assertRaises(ValidationError):
            self._ask("copy", date_received=fields.Date.add(local_today(), days=1))

    def test_oral(self):
        """P014: spoken yesterday at the desk, recorded today: the clock began then."""
        yesterday = fields.Date.subtract(local_today(), days=1)
        case = self._ask(method="spoken", date_received=yesterday, detail="What now?")
        self.assertEqual(case.date_deadline, fields.Date.add(yesterday, days=30))

    def test_same_again(self):
        """The same, asked while it is worked on, is one request."""
        self._ask()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self._ask()

    def test_names_readers(self):
        """R154: whether names are told is said by data protection, by no other way."""
        front = self.users["front"]
        with self.assertRaises(AccessError):
            self._ask("access", front, names_readers=True)
        defaults = self.env["ir.default"].with_user(front)
        defaults.set("npo.data.request", "names_readers", True, user_id=True)
        cases = self.cases.with_user(front)
        case = cases.with_context(default_names_readers=True).create(
            {"partner_id": self.partner.id, "kind": "access"}
        )
        self.assertFalse(case.names_readers)
        # nor by the way of an objection, which is recorded as superuser
        case.with_user(self.protector)._refuse(
            self.env.ref("npo_relations.reason_privacy_repetitive")
        )
        spoken = case.with_context(default_names_readers=True)
        self.assertFalse(spoken._object("I was not told.", "spoken").names_readers)
        case = self._ask("copy", self.protector, names_readers=True)
        self.assertTrue(case.names_readers)

    def test_delegate(self):
        """A delegate sees the requests of the own sites' people."""
        delegate = self.users["delegate"]
        case = self._ask()
        self.assertFalse(case.with_user(delegate).has_access("read"))
        self.file.site_id = self.branch
        near = self._ask("copy")
        self.assertTrue(near.with_user(delegate).has_access("read"))

    def test_delegate_elsewhere(self):
        """P010: the site of a request is that of the file; no delegate brings it along.

        By whatever way it got to a site: the file has to be readable.
        """
        delegate = self.users["delegate"]
        branch = {"site_id": self.branch.id}
        defaults = self.env["ir.default"].with_user(delegate)
        defaults.set("npo.data.request", "site_id", self.branch.id, user_id=True)
        for values, context in (
            (branch, {}),
            ({}, {"default_site_id": self.branch.id}),
            ({}, {}),
        ):
            cases = self.cases.with_user(delegate).with_context(**context)
            with (
                self.subTest(str((values, context))),
                self.assertRaises(AccessError),
                self.cr.savepoint(),
            ):
                cases.create({"partner_id": self.partner.id, **values})
        case = self._ask("inform")
        with self.assertRaises(AccessError):
            case.site_id = self.branch
        for kind in ("access", "correct"):
            case = self._verified(kind)
            case.sudo().site_id = self.branch
            self.env.flush_all()
            near = case.with_user(delegate)
            self.assertTrue(near.has_access("read"))
            with self.subTest(kind), self.assertRaises(AccessError):
                if kind == "access":
                    near._own_data()
                else:
                    self.env["npo.data.correction"].with_user(delegate).create(
                        {"case_id": case.id, "field_name": "phone", "new_value": "x"}
                    )

    def test_statements(self):
        """The list takes as many statements with many requests as with few."""
        people = self.env["res.partner"].create(
            [
                {"name": f"P {index}", "company_id": self.company.id}
                for index in range(40)
            ]
        )

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.cases.with_user(self.protector).web_search_read(
                [],
                {
                    "name": {},
                    "partner_id": {"fields": {"display_name": {}}},
                    "is_overdue": {},
                    "stage_id": {"fields": {"display_name": {}}},
                },
            )
            return self.cr.sql_log_count - start

        self._ask()
        read()
        few = read()
        self.cases.create([{"partner_id": partner.id} for partner in people])
        self.assertEqual(read(), few)
        self.assertLessEqual(few, 8)
