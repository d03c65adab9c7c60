from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import local_today
from .common import SecurityCommon


@tagged("post_install", "-at_install")
class TestGuards(SecurityCommon):
    """What a step of the flow writes is written by no other way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.request = cls._new_request(cls.file)
        cls.other = cls._new_request(cls._new_beneficiary(1)).sudo()
        cls.vals = {
            "company_id": cls.company.id,
            "beneficiary_id": cls.file.id,
            "partner_id": cls.file.partner_id.id,
            "service_id": cls._service("furnishing").id,
            "channel_id": cls.channel.id,
            "description": "A bed.",
        }
        cls.model = cls.env["npo.request"].with_user(cls.officer)

    def _value(self, name):
        """Return some value that a field takes."""
        field = self.env["npo.request"]._fields[name]
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.comodel_name:
            found = (
                self.env[field.comodel_name].sudo().search([], limit=1, order="id desc")
            )
            return [Command.set(found.ids)] if field.type != "many2one" else found.id
        return {
            "boolean": True,
            "integer": 3,
            "float": 3.0,
            "monetary": 3.0,
            "date": "2020-01-01",
            "datetime": "2020-01-01 00:00:00",
        }.get(field.type, "committee")

    def _guarded(self):
        """Return the names of what nobody writes: of the flow, and worked out."""
        model = self.env["npo.request"]
        derived = {
            name
            for name, field in model._fields.items()
            if field.store and field.compute and field.readonly
        }
        self.assertLessEqual({"stage_code", "is_frozen", "reply_deadline"}, derived)
        self.assertGreater(len(model._steps_only()), 40)
        return sorted(model._steps_only() | derived)

    def test_write(self):
        """Each field of the flow, for the officer, the researcher and the admin."""
        self.request.sudo().researcher_id = self.users["researcher"]
        for who in ("officer", "researcher", "admin"):
            own = self._as(who, self.request)
            for name in self._guarded():
                with self.subTest(f"{who} {name}"):
                    self._assert_refused(
                        lambda own=own, name=name: own.write({name: self._value(name)})
                    )

    def test_create(self):
        """Each field of the flow at creation, given or by a default of the context."""
        self.enterContext(freeze_time(fields.Datetime.now()))
        clean = self.model.create(dict(self.vals))
        for name in self._guarded():
            if name == "company_id":
                continue
            value = self._value(name)
            with self.subTest(name):
                self._assert_refused(
                    lambda n=name, v=value: self.model.create({**self.vals, n: v})
                )
                with_default = self.model.with_context(**{f"default_{name}": value})
                request = with_default.create(dict(self.vals))
                if name not in ("name", "date_deadline"):
                    self.assertEqual(request[name], clean[name])

    def test_own_defaults(self):
        """A default of one's own or of the association fills nothing of the flow."""
        self.enterContext(freeze_time(fields.Datetime.now()))
        clean = self.model.create(dict(self.vals))
        names = [
            name
            for name in self._guarded()
            if name not in ("name", "company_id", "date_deadline")
            and self.model._fields[name].type not in ("one2many", "many2many")
        ]
        values = {name: self._value(name) for name in names}
        own = self.env["ir.default"].with_user(self.officer)
        for name, value in values.items():
            own.set("npo.request", name, value, user_id=True)
        own.sudo().set("npo.request", "decision", "accepted", company_id=True)
        own.set("npo.request", "priority", "1", user_id=True)
        request = self.model.create(dict(self.vals))
        shown = self.model.default_get([*names, "priority"])
        for name in names:
            with self.subTest(name):
                self.assertEqual(request[name], clean[name])
                self.assertNotIn((name, values[name]), shown.items())
        # what one writes oneself, one may be offered
        self.assertEqual((request.priority, shown["priority"]), ("1", "1"))
        brought = {f"default_{name}": value for name, value in values.items()}
        shown = self.model.with_context(**brought, default_priority="2").default_get(
            [*names, "priority"]
        )
        self.assertEqual(shown["priority"], "2")
        self.assertFalse({*shown.items()} & {*values.items()})

    def test_own_defaults_of_a_register(self):
        """Nor does it fill what the steps of a register write."""
        own = self.env["ir.default"].with_user(self.officer)
        own.set("npo.internal.request", "state", "answered", user_id=True)
        own.set("npo.internal.request", "is_rated", True, user_id=True)
        unit = self.env["hr.department"].create(
            {"name": "Unit", "company_id": self.company.id}
        )
        one = (
            self.env["npo.internal.request"]
            .with_user(self.officer)
            .create({"title": "A list", "department_id": unit.id})
        )
        self.assertRecordValues(one.sudo(), [{"state": "open", "is_rated": False}])

    def test_defaults_of_logs(self):
        """The context of a caller decides nothing of what a step writes beside."""
        model = self.model.with_context(
            default_state="matched",
            default_result="verified",
            default_source="original",
            default_is_mandatory=False,
            default_date_end="2020-01-01",
            default_matched_by_id=self.officer.id,
        )
        request = model.create({**self.vals, "service_id": self.service.id})
        self.assertTrue(request.document_ids)
        self.assertEqual(set(request.document_ids.mapped("state")), {"missing"})
        self.assertEqual(set(request.verification_ids.mapped("result")), {False})
        self.assertTrue(request.document_ids.filtered("is_mandatory"))
        self.assertFalse(request.stage_log_ids[-1].date_end)
        request.with_context(default_state="sent").action_receive()
        self.assertEqual(set(request.message_log_ids.mapped("state")), {"outgoing"})

    def test_files_and_papers_take_no_default_state(self):
        """A registered file and a matched paper come by their steps alone."""
        file = (
            self.env["npo.beneficiary"]
            .with_user(self.officer)
            .with_context(default_state="active", default_file_no="BNF/1")
            .create({"name": "Somebody New"})
        )
        self.assertRecordValues(file, [{"state": "prospect", "file_no": False}])
        for vals in ({"search_key": "x"}, {"identity_masked": "x"}):
            self._assert_refused(lambda v=vals: file.write(v))
        line = self.request.document_ids[:1]
        for vals in (
            {"state": "matched"},
            {"is_restricted": True},
            {"site_id": self.branch.id},
            {"is_mandatory": False},
            {"matched_by_id": self.officer.id},
            {"request_id": self.other.id},
        ):
            with self.subTest(str(vals)):
                self._assert_refused(lambda v=vals: line.write(v))

    def test_by_relation(self):
        """Through the file, the service, the committee, the stage: the same guards."""
        vals = {"decision": "accepted"}
        update = Command.update(self.request.id, vals)
        create = Command.create({**self.vals, **vals})
        file = self.file.with_user(self.officer)
        for command in (update, create):
            self._assert_refused(lambda c=command: file.write({"request_ids": [c]}))
        for name in ("stage_log_ids", "message_log_ids", "declaration_ids"):
            command = Command.create({"res_model": "npo.request"})
            self._assert_refused(
                lambda n=name, c=command: self.request.write({n: [c]}), AccessError
            )
        for name in ("delivery_ids", "referral_ids"):
            self._assert_refused(
                lambda n=name: self.request.write({n: [Command.create({})]})
            )
        for record in (self.service, self.committee, self.request.stage_id):
            own = record.with_user(self.officer)
            self._assert_refused(lambda own=own: own.write({"name": "X"}), AccessError)

    def test_import_copy_and_name(self):
        """An import, a copy and a quick creation pass through the same guards."""
        result = self.model.load(
            ["beneficiary_id/.id", "service_id/.id", "decision"],
            [[str(self.file.id), str(self.service.id), "Accepted"]],
        )
        self.assertFalse(result["ids"])
        copy = self.request.copy({"decision": "accepted", "date_raised": "2020-01-01"})
        self.assertFalse(copy.decision or copy.date_raised or copy.date_submitted)
        self._assert_refused(lambda: self.model.name_create("X"))

    def test_archive(self):
        """An open request is hidden from nobody; a closed one is put away."""
        for call in (
            lambda: self.request.action_archive(),
            lambda: self.request.write({"active": False}),
            lambda: self.model.create({**self.vals, "active": False}),
        ):
            self._assert_refused(call)
        hidden = self.model.with_context(default_active=False).create(dict(self.vals))
        self.assertTrue(hidden.active)
        self.request._cancel(self.env.ref("npo_relations.reason_cancel_duplicate"))
        self.request.action_archive()
        self.assertFalse(self.request.active)

    def test_person_and_place(self):
        """A request stays with its person and its association."""
        other = self.other
        for vals in (
            {"partner_id": other.partner_id.id},
            {
                "partner_id": other.partner_id.id,
                "beneficiary_id": other.beneficiary_id.id,
            },
            {"beneficiary_id": other.beneficiary_id.id},
            {"company_id": self.env.ref("base.main_company").id},
            {"user_id": self.users["portal"].id},
            {"researcher_id": self.users["portal"].id},
            {"researcher_id": self.users["officer2"].id},
        ):
            with self.subTest(str(vals)):
                self._assert_refused(lambda v=vals: self.request.write(v))
        self._assert_refused(
            lambda: self.request._refer(self.users["internal"], question="What?")
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.officer)
        self._assert_refused(lambda: wizard.create({}), AccessError)

    def test_study(self):
        """R113: the study is the researcher's, at its stage; the rest the officers'."""
        study = {"recommendation": "accept", "research_note": "In need."}
        researcher = self.users["researcher"]
        self.request.sudo().researcher_id = researcher
        for who in ("officer", "admin", "researcher"):
            own = self._as(who, self.request)
            self._assert_refused(lambda own=own: own.write(study), AccessError)
        self._assert_refused(lambda: self.model.create({**self.vals, **study}))
        given = self.model.with_context(default_recommendation="accept")
        self.assertFalse(given.create(dict(self.vals)).recommendation)
        own = self._as("researcher", self.request)
        for vals in ({"description": "x"}, {"amount_requested": 1}, {"priority": "3"}):
            self._assert_refused(lambda v=vals: own.write(v), AccessError)
        request = self._advance(self.request, "committee")
        self._assert_refused(lambda: self._as("researcher", request).write(study))

    def test_verification(self):
        """R116: of an item, only what was found is written; who and when by itself."""
        item = self.request.verification_ids[:1]
        for vals in (
            {"is_mandatory": False},
            {"request_id": self.other.id},
            {"item_id": item.item_id.id},
            {"company_id": self.company.id},
        ):
            with self.subTest(str(vals)):
                self._assert_refused(lambda v=vals: item.write(v), AccessError)
        item.write(
            {
                "result": "verified",
                "source": "original",
                "user_id": self.users["officer2"].id,
                "date": "2020-01-01",
            }
        )
        self.assertEqual(item.user_id, self.officer)
        self.assertEqual(item.date.date(), local_today())
        self._assert_refused(lambda: item.unlink(), AccessError)

    def test_referral(self):
        """R111: the question stays as it was asked, with whom and until when."""
        referral = self.request._refer(self.users["researcher"], question="What?")
        own = self._as("researcher", referral.sudo())
        for vals in (
            {"question": "Else"},
            {"date_due": "2030-01-01"},
            {"user_id": self.users["researcher"].id},
            {"date_answered": "2020-01-01"},
            {"request_id": self.other.id},
        ):
            with self.subTest(str(vals)):
                self._assert_refused(lambda v=vals: own.write(v))
        own.write({"answer": "So."})

    def test_signed_and_delivered_stay(self):
        """A declaration and a delivery are changed and deleted by nobody."""
        request = self._advance(self.request, "delivery")
        delivery = request.with_user(self.users["deliverer"])._deliver(
            {
                "amount": 10,
                "date": self.company._npo_today(),
                "receipt_method": "bank",
                "bank_reference": "77",
            }
        )
        for record in (request.sudo().declaration_id, delivery.sudo()):
            for who in ("officer", "deliverer", "manager", "admin"):
                own = self._as(who, record)
                with self.subTest(f"{who} {record._name}"):
                    self._assert_refused(lambda own=own: own.write({"company_id": 1}))
                    self._assert_refused(lambda own=own: own.unlink(), AccessError)
        self._assert_refused(lambda: request.unlink())

    def test_papers_come_through_the_document(self):
        """A file is not slipped in as an attachment of a paper."""
        attachments = self.env["ir.attachment"].with_user(self.officer)
        self._assert_refused(
            lambda: attachments.create(
                {
                    "name": "x.exe",
                    "raw": b"MZ",
                    "res_model": "npo.document",
                    "res_id": self.request.document_ids[0].id,
                }
            ),
            AccessError,
        )
        declared = self._advance(self.request, "committee").sudo().declaration_id
        self._assert_refused(
            lambda: attachments.create(
                {
                    "name": "signature",
                    "raw": b"x",
                    "res_model": "npo.declaration",
                    "res_id": declared.id,
                    "res_field": "signature",
                }
            ),
            AccessError,
        )

    def test_readers_post_nothing(self):
        """Who may only read a request neither writes on it nor sets tasks on it."""
        for who in ("auditor", "manager"):
            own = self._as(who, self.request)
            self._assert_refused(
                lambda own=own: own.message_post(body="x"), AccessError
            )
            self._assert_refused(
                lambda own=own: own.activity_schedule("mail.mail_activity_data_todo"),
                AccessError,
            )


@tagged("post_install", "-at_install")
class TestSegregation(SecurityCommon):
    """D02: incompatible duties on one file, by person and not by role or user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all_roles = cls.env.ref("npo_relations.group_npo_admin")
        cls.chair = cls.users["chair"]

    def _seat(self, user):
        user.group_ids |= self.all_roles
        if user not in self.committee._users():
            self.committee.member_ids = [Command.create({"user_id": user.id})]
        return user

    def _decide(self, request, user, members=None):
        request.with_user(user)._decide(
            "accepted", members or user, amount_approved=12000
        )

    def test_register_and_decide(self):
        request = self._advance(self._new_request(), "committee")
        both = self._seat(self.officer)
        self._assert_refused(lambda: self._decide(request, both))
        self._assert_refused(lambda: self._decide(request, self.chair, both))

    def test_enter_and_decide(self):
        """Who entered the request is not freed by a colleague receiving it."""
        both = self._seat(self.users["officer2"])
        request = self.env["npo.request"].with_user(both)
        file = self._new_beneficiary()
        request = request.create(
            {
                "company_id": self.company.id,
                "beneficiary_id": file.id,
                "service_id": self.service.id,
                "channel_id": self.channel.id,
                "description": "Rent.",
                "amount_requested": 12000,
            }
        ).with_user(self.officer)
        request.action_receive()
        self._advance(request, "committee")
        error = self._assert_refused(lambda: self._decide(request, both))
        self.assertIn(both.name, str(error))
        self._decide(request, self.chair)

    def test_verify_and_decide(self):
        request = self._advance(self._new_request(), "verification")
        both = self._seat(self.users["officer2"])
        request.with_user(both).action_verify()
        self._advance(request, "committee")
        self._assert_refused(lambda: self._decide(request, both))

    def test_decide_and_deliver(self):
        request = self._advance(self._new_request(), "delivery")
        both = self._seat(self.chair)
        vals = {
            "amount": 1,
            "date": self.company._npo_today(),
            "receipt_method": "bank",
            "bank_reference": "77",
        }
        self._assert_refused(lambda: request.with_user(both)._deliver(vals))
        request.with_user(self.users["deliverer"])._deliver(vals)

    def test_assess_and_decide_alone(self):
        """Who studied the case decides with others, not alone."""
        researcher = self._seat(self.users["researcher"])
        self.service.requires_research = True
        request = self._advance(self._new_request(), "committee")
        self._assert_refused(lambda: self._decide(request, researcher))
        self._decide(request, researcher, researcher | self.chair)

    def test_two_users_of_one_person(self):
        """A second user of the same contact is the same person."""
        request = self._advance(self._new_request(), "committee")
        twin = self._new_person("twin", "npo_relations.group_npo_committee_member")
        twin.partner_id = self.officer.partner_id
        self._seat(twin)
        self._assert_refused(lambda: self._decide(request, twin))
        self._assert_refused(lambda: self._decide(request, self.chair, twin))

    def test_own_file(self):
        """Nobody registers, decides or delivers what they themselves ask for."""
        chair = self.chair
        file = self._new_beneficiary(name="Chair", partner_id=chair.partner_id.id)
        request = self._advance(self._new_request(file), "committee")
        self._assert_refused(lambda: self._decide(request, chair))
        self._assert_refused(lambda: self._decide(request, self.users["member"], chair))
        self._decide(request, self.users["member"])
        self._seat(self.officer)
        own = self._new_beneficiary(
            1, name="Officer", partner_id=self.officer.partner_id.id
        )
        self._assert_refused(lambda: self._new_request(own))

    def test_reason_of_another_list(self):
        """A rejection is not excused by a reason of another list."""
        request = self._advance(self._new_request(), "committee")
        reason = self.env.ref("npo_relations.reason_hold_waiting_call")
        self._assert_refused(
            lambda: request.with_user(self.chair)._decide(
                "rejected", self.chair, decision_reason_id=reason.id
            ),
            UserError,
        )
