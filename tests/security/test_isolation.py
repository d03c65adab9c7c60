from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SecurityCommon

# Models without an association of their own: shared lists that staff read.
SHARED = {
    "npo.retention.class",
    "npo.retention.rule",
    "npo.support.service.type",
    "npo.centre.task",
    "npo.training.topic",
    "npo.visit.purpose",
    "npo.agreement.check.item",
    "npo.authority",
    "npo.channel",
    "npo.complaint.category",
    "npo.stage",
    "npo.reason",
    "npo.request.kind",
    "npo.region",
    "npo.assessment.item",
    "npo.verification.item",
    "npo.document.type",
    "npo.beneficiary.category",
    "npo.circumstance",
    "npo.stakeholder.type",
    "npo.work.field",
    "npo.inquiry.topic",
    "npo.kpi",
    "npo.dashboard",
    "npo.dashboard.line",
    "npo.opinion.question",
    "npo.report.type",
    "npo.report.section",
    "npo.policy.topic",
    "npo.policy.requirement",
    "npo.zakat.head",
}
# The association of these is that of what they belong to.
OWNED = {
    "npo.checklist.item": "checklist_id",
    "npo.score.rule": "scheme_id",
    "npo.service.document": "service_id",
    "npo.committee.member": "committee_id",
    "npo.import.column": "import_id",
}


@tagged("post_install", "-at_install")
class TestIsolation(SecurityCommon):
    """D06: one association sees nothing of another, by whatever way it asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._advance(cls._new_request(), "committee").sudo()
        cls.foreign = cls._new_association("Other Association", "masaken")
        cls.foreign_users = {
            name: cls._new_person(
                f"foreign_{name}", f"npo_relations.group_npo_{role}", cls.foreign
            )
            for name, role in (
                ("officer", "relations_officer"),
                ("manager", "general_manager"),
                ("auditor", "auditor"),
                ("governor", "governance_officer"),
                ("admin", "admin"),
                ("member", "committee_member"),
            )
        }
        cls.env["npo.committee"].search([("company_id", "=", cls.foreign.id)])

    def _rules(self, model):
        return self.env["ir.rule"].search(
            [("model_id.model", "=", model), ("global", "=", True)]
        )

    def test_company_rules(self):
        """Every model of an association has a global rule on the company."""
        for name in self._npo_models(transient=False):
            if name in SHARED:
                continue
            path = f"{OWNED[name]}.company_id" if name in OWNED else "company_id"
            with self.subTest(name):
                if name not in OWNED:
                    self.assertIn("company_id", self.env[name]._fields)
                self.assertIn(
                    f"('{path}', 'in', company_ids)",
                    "".join(self._rules(name).mapped("domain_force")),
                )

    def test_forms_are_ones_own(self):
        """What was typed into a form is read by nobody else."""
        for name in self._npo_models(transient=True):
            with self.subTest(name):
                self.assertEqual(
                    self._rules(name).mapped("domain_force"),
                    ["[('create_uid', '=', user.id)]"],
                )
        form = self.env["npo.request.intake"].with_user(self.officer)
        form = form.create({"name": "Secret Name", "identity_number": "1000000008"})
        for user in (self.users["officer2"], self.foreign_users["officer"]):
            other = form.with_user(user)
            other.invalidate_recordset()
            self._assert_refused(lambda other=other: other.read(["name"]), AccessError)

    def test_nothing_by_relation(self):
        """The way through a relation is no way around the rule."""
        request = self.request
        officer = self.foreign_users["officer"]
        person = request.partner_id.with_user(officer)
        model = self._as(officer, self.env["npo.request"])
        for domain in (
            [("beneficiary_id.company_id", "=", self.company.id)],
            [("service_id.company_id", "=", self.company.id)],
            [("document_ids.partner_id", "=", person.id)],
            [("npo_search", "=", request.name)],
            [("npo_search", "=", "1000000008")],
        ):
            with self.subTest(str(domain)):
                self.assertFalse(model.search(domain))
        for path in ("request_ids", "document_ids"):
            beneficiary = self._as(officer, request.beneficiary_id)
            self._assert_refused(lambda b=beneficiary, p=path: b[p].ids, AccessError)

    def test_no_foreign_parts(self):
        """A request is not made of parts of another association."""
        officer = self.foreign_users["officer"]
        service = self.env["npo.service"].search(
            [("company_id", "=", self.foreign.id), ("code", "=", "rent_aid")]
        )
        vals = {
            "company_id": self.foreign.id,
            "beneficiary_id": self.request.beneficiary_id.id,
            "service_id": service.id,
            "channel_id": self.channel.id,
        }
        model = self._as(officer, self.env["npo.request"])
        self._assert_refused(lambda: model.create(vals))
        person = self.env["res.partner"].create({"name": "Free Person"})
        vals = {**vals, "beneficiary_id": False, "partner_id": person.id}
        for name, value in (
            ("service_id", self.service.id),
            ("site_id", self.site.id),
            ("company_id", self.company.id),
            ("user_id", self.officer.id),
            ("researcher_id", self.users["researcher"].id),
        ):
            with self.subTest(name):
                self._assert_refused(
                    lambda n=name, v=value: model.create({**vals, n: v})
                )
        self.assertTrue(model.create(vals))

    def test_governor_keeps_to_own_services(self):
        """Who may write the services of one association may not write another's."""
        line = self.service.document_line_ids[:1]
        own = self._as(self.foreign_users["governor"], line)
        self._assert_refused(lambda: own.write({"is_mandatory": False}), AccessError)
        self._assert_refused(
            lambda: own.create(
                {
                    "service_id": self._service("furnishing").id,
                    "document_type_id": self.env["npo.document.type"]
                    .create({"name": "X", "code": "x"})
                    .id,
                }
            ),
            AccessError,
        )

    def test_one_company_at_a_time(self):
        """Who works for both sees what the company switcher says."""
        officer = self.officer
        officer.company_ids |= self.foreign
        model = self.env["npo.request"].with_user(officer)
        seen = model.with_context(allowed_company_ids=self.foreign.ids)
        self.assertFalse(seen.search([("id", "=", self.request.id)]))
        seen = model.with_context(allowed_company_ids=self.company.ids)
        self.assertTrue(seen.search([("id", "=", self.request.id)]))


@tagged("post_install", "-at_install")
class TestOwnCases(SecurityCommon):
    """R093, R113, R123, R129: each role sees the cases that are its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        delegate = cls.users["delegate"]
        cls.far = cls._advance(cls._new_request(), "delivery").sudo()
        cls.far.with_user(cls.users["deliverer"])._deliver(
            {
                "amount": 100,
                "date": cls.company._npo_today(),
                "receipt_method": "bank",
                "bank_reference": "77",
            }
        )
        reason = cls.env.ref("npo_relations.reason_return_missing_document")
        person = cls.env["npo.beneficiary"].with_user(delegate)
        person = person.create(
            {
                "name": "Near Person",
                "company_id": cls.company.id,
                "identity_number": "1010101010",
            }
        )
        cls.near = cls._new_request(
            person.sudo(), officer=delegate, site_id=cls.branch.id
        ).sudo()
        cls.near.with_user(delegate)._return(reason, "Bring it")

    def _logged(self, request):
        """Return everything that hangs on a request, by model."""
        logs = [("res_model", "=", "npo.request"), ("res_id", "=", request.id)]
        parts = [
            request,
            request.document_ids,
            request.verification_ids,
            request.declaration_ids,
            request.delivery_ids,
            request.referral_ids,
            request.message_ids,
        ]
        parts += [
            self.env[name].sudo().search(logs)
            for name in ("npo.stage.log", "npo.message", "npo.duty")
        ]
        return {part._name: part for part in parts if part}

    def _assert_hidden(self, role, records):
        own = self._as(role, records)
        if own.browse().has_access("read"):
            self.assertFalse(own.search([("id", "in", records.ids)]))
            self.assertFalse(own._filtered_access("read"))
            self._assert_refused(lambda: own.read(["display_name"]), AccessError)
        for operation in ("write", "unlink"):
            self.assertFalse(own._filtered_access(operation))

    def test_delegate(self):
        """R093: a delegate lists, opens and acts on own sites' requests only."""
        far = self._logged(self.far)
        self.assertLessEqual(
            {"npo.declaration", "npo.delivery", "npo.duty", "npo.message"}, set(far)
        )
        for name, records in far.items():
            with self.subTest(name):
                self._assert_hidden("delegate", records)
        for name, records in self._logged(self.near).items():
            with self.subTest(f"own {name}"):
                self.assertEqual(
                    self._as("delegate", records)._filtered_access("read"), records
                )
        self._assert_hidden("delegate", self.far.beneficiary_id)

    def test_delegate_acts_nowhere_else(self):
        """R093: no step, no move, no creation beyond the own sites."""
        far = self._as("delegate", self.far)
        for step in ("action_receive", "action_hold", "action_refer", "action_cancel"):
            self._assert_refused(getattr(far, step), AccessError)
        near = self._as("delegate", self.near)
        self._assert_refused(lambda: near.write({"site_id": self.site.id}), AccessError)
        vals = {
            "company_id": self.company.id,
            "partner_id": self.near.partner_id.id,
            "service_id": self.service.id,
            "channel_id": self.channel.id,
        }
        self._assert_refused(
            lambda: near.create({**vals, "site_id": self.site.id}), AccessError
        )

    def test_delegate_gets_no_foreign_papers(self):
        """R093: naming a foreign person in an own request shows none of their data."""
        person = self.far.beneficiary_id
        near = self._as("delegate", self.near)
        vals = {
            "company_id": self.company.id,
            "site_id": self.branch.id,
            "service_id": self.service.id,
            "channel_id": self.channel.id,
        }
        self._assert_refused(
            lambda: near.create({**vals, "beneficiary_id": person.id}), AccessError
        )
        self._assert_refused(
            lambda: near.write(
                {"beneficiary_id": person.id, "partner_id": person.partner_id.id}
            ),
            AccessError,
        )
        taken = near.create({**vals, "partner_id": person.partner_id.id})
        self.assertFalse(any(taken.sudo().document_ids.mapped("number")))

    def test_logs_move_with_the_case(self):
        """A case given to another site takes its log along."""
        self._as("officer", self.near).site_id = self.site
        for name, records in self._logged(self.near).items():
            with self.subTest(name):
                self._assert_hidden("delegate", records)

    def test_open_cases_move_with_the_file(self):
        """R093: what is open at its site goes with a file, and all that hangs on it."""
        delegate = self.users["delegate"]
        file = self.near.beneficiary_id
        self.assertEqual(file.site_id, self.branch)
        closed = self._new_request(file, officer=delegate, site_id=self.branch.id)
        closed.sudo()._move("cancelled", outcome="withdrawn")
        chosen = self._new_request(file, site_id=self.far.site_id.id).sudo()
        data = self.env["npo.data.request"].create(
            {"partner_id": file.partner_id.id, "kind": "access", "method": "phone"}
        )
        self.assertEqual(data.site_id, self.branch)
        third = self.env["npo.site"].create(
            {"name": "Third", "company_id": self.company.id}
        )
        today = self.company._npo_today()
        appeal = self.env["npo.appeal"].create(
            {
                "company_id": self.company.id,
                "partner_id": file.partner_id.id,
                "res_model": closed._name,
                "res_id": closed.id,
                "site_id": self.branch.id,
                "lodged_by_id": file.partner_id.id,
                "subject": "committee_decision",
                "ground": "error",
                "statement": "It was no mistake of mine.",
                "date_decision": today,
                "date_received": today,
                "date_last": today,
            }
        )
        self._as("officer", file).site_id = third
        self.assertEqual(
            self.near.site_id | appeal.site_id | data.sudo().site_id, third
        )
        for name, records in self._logged(self.near).items():
            with self.subTest(name):
                self._assert_hidden("delegate", records)
        self.assertEqual(closed.sudo().site_id, self.branch, "stays where it ended")
        self.assertEqual(chosen.site_id, self.far.site_id, "stays where it came in")

    def test_others_see_own_cases(self):
        """R113, R123, R129: researcher, committee and deliverer see theirs only."""
        near = self._logged(self.near)
        for role in ("researcher", "member", "deliverer"):
            for name, records in near.items():
                with self.subTest(f"{role} {name}"):
                    self._assert_hidden(role, records)
        far = {
            "researcher": "npo.declaration",
            "member": "npo.declaration",
            "deliverer": "npo.delivery",
        }
        self.far.researcher_id = self.users["researcher"]
        for role, name in far.items():
            for model in ("npo.request", "npo.document", "npo.stage.log", name):
                records = self._logged(self.far)[model]
                with self.subTest(f"{role} own {model}"):
                    own = self._as(role, records)
                    self.assertEqual(own._filtered_access("read"), records)

    def test_seat_that_ended(self):
        """R123: who left the committee no longer sees what was raised to it."""
        far = self._as("member", self.far)
        self.assertTrue(far.has_access("read"))
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.users["member"]
        )
        seat.date_to = "2020-01-01"
        self.assertFalse(self._as("member", self.far).has_access("read"))

    def test_portal(self):
        """One's own requests; of them, nothing that is the association's."""
        mine = self._new_request(self._new_portal_file(index=2)).sudo()
        own = self._as("portal", mine)
        self.assertTrue(own.has_access("read"))
        self._assert_hidden("portal", self.far)
        self._assert_hidden("stranger", mine)
        self._assert_hidden("stranger", mine.document_ids)
        for name in ("user_id", "research_note", "decision", "amount_approved"):
            self._assert_refused(lambda n=name: own.read([n]), AccessError)
            self._assert_refused(
                lambda n=name: own.search([(n, "!=", False)]), AccessError
            )
        self._assert_refused(lambda: own.search([], order="user_id"), AccessError)
        self._assert_refused(
            lambda: own._read_group([], ["decision"], ["__count"]), AccessError
        )
        for vals in (
            {"description": "x"},
            {"document_ids": [Command.create({"document_type_id": 1})]},
        ):
            self._assert_refused(lambda v=vals: own.write(v), AccessError)
