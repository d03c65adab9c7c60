import base64
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..people.common import PDF
from .common import ROLE_NAMES, SecurityCommon

IDENTITY = ("officer", "delegate", "researcher", "admin")
HEALTH = ("health", "admin")
FAMILY = (*IDENTITY, "member", "manager", "auditor")
# model -> field -> who reads it; to all others it is not there, by whatever way.
SECRETS = {
    "npo.household": dict.fromkeys(
        (
            "other_income",
            "rent",
            "debt_instalments",
            "total_income",
            "per_capita",
            "note",
        ),
        FAMILY,
    ),
    "npo.household.member": {
        "identity_number": IDENTITY,
        "income": FAMILY,
        "health_status": HEALTH,
        "disability_type": HEALTH,
        "disability_degree": HEALTH,
    },
    "npo.representative": {
        "identity_number": IDENTITY,
        "instrument_number": IDENTITY,
    },
    "npo.assessment": {
        "family_problems": HEALTH,
        "health_line_ids": HEALTH,
        "points_family": HEALTH,
        "points_health": HEALTH,
        "snapshot": HEALTH,
        "owner_iban": IDENTITY,
    },
    "npo.document": {
        "number": (*IDENTITY, "health"),
        "restricted_number": HEALTH,
        "restricted_file": HEALTH,
    },
    "npo.beneficiary": {
        "identity_number": IDENTITY,
        "iban": IDENTITY,
        "household_id": FAMILY,
        "household_member_ids": FAMILY,
        "category_ids": (*FAMILY, "health"),
        "outreach_ids": ("officer", "delegate", "manager", "auditor", "admin"),
    },
    "res.partner": {
        "npo_consent_ids": (*IDENTITY, "front", "manager", "auditor"),
    },
}
# What is shown one at a time, and logged; searched for as a whole.
PROTECTED = {
    "npo.beneficiary": ("identity_number",),
    "npo.household.member": ("identity_number",),
    "npo.representative": ("identity_number", "instrument_number"),
}
# Written by who takes the paper in, and not read by them.
TAKEN_IN = ("restricted_number", "restricted_file")
WRITES = (3, 5)
# What of a contact is reached through the chatter.
CHATTER = (
    "message_partner_ids",
    "message_follower_ids.partner_id",
    "message_ids.author_id",
    "message_ids.partner_ids",
    "activity_ids.user_id.partner_id",
)
NUMBERS = ("1010101010", "2000000006", "44/778899")
WORDS = ("Quarrel at home", "Insulin", "SA4420000001234567891234")


@tagged("post_install", "-at_install")
class TestPeopleSecrets(SecurityCommon):
    """R154, R157, P013, P025: families, representatives, studies and what they hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        for user in cls.users.values():
            if not user.share:
                user.group_ids |= export
        cls.file = cls._new_beneficiary()
        cls.file.site_id = cls.branch
        cls.file.category_ids = cls.env.ref("npo_relations.category_disabled")
        cls.household = cls.env["npo.household"].create(
            {
                "company_id": cls.company.id,
                "site_id": cls.branch.id,
                "rent": 1500,
                "other_income": 700,
                "note": "Quarrel at home",
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": cls.file.partner_id.id}
                    ),
                    Command.create(
                        {
                            "name": "Son",
                            "relation": "son",
                            "identity_number": NUMBERS[0],
                            "income": 900,
                            "health_status": "disabled",
                            "disability_type": "motor",
                            "disability_degree": "severe",
                        }
                    ),
                ],
            }
        )
        cls.representative = cls.env["npo.representative"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.file.partner_id.id,
                "representative_id": cls.env["res.partner"]
                .create({"name": "Brother"})
                .id,
                "kind": "custodian",
                "identity_type": "iqama",
                "identity_number": NUMBERS[1],
                "instrument_number": NUMBERS[2],
            }
        )
        income = cls.env.ref("npo_relations.assessment_item_income_pension")
        cls.study = cls.env["npo.assessment"].create(
            {
                "beneficiary_id": cls.file.id,
                "company_id": cls.company.id,
                "researcher_id": cls.users["researcher"].id,
                "site_id": cls.branch.id,
                "is_consent_confirmed": True,
                "mode": "office",
                "story": "The father died.",
                "tenure": "rented",
                "recommendation": "full",
                "recommendation_note": "The rent is not bearable.",
                "family_problems": WORDS[0],
                "owner_iban": WORDS[2],
                "income_line_ids": [
                    Command.create(
                        {"kind": "income", "item_id": income.id, "amount": 3000}
                    )
                ],
                "health_line_ids": [
                    Command.create(
                        {"member": "Son", "status": "chronic", "treatment": WORDS[1]}
                    )
                ],
            }
        )
        cls.study.with_user(cls.users["researcher"]).action_done()
        cls.request = cls._advance(cls._new_request(cls.file), "committee").sudo()
        cls.request.researcher_id = cls.users["researcher"]
        purposes = cls.env["npo.consent.purpose"]._of(cls.company, codes=["survey"])
        cls.consent = cls.env["npo.consent"]._give(
            cls.file.partner_id,
            purposes,
            cls.company,
            "paper",
            proof=base64.b64encode(PDF),
            proof_name="proof.pdf",
        )
        kind = cls.env["npo.document.type"].search(
            [("is_restricted", "=", True)], limit=1
        )
        cls.document = cls.env["npo.document"].create(
            {
                "document_type_id": kind.id,
                "beneficiary_id": cls.file.id,
                "number": "H-778899",
                "file_name": "report.pdf",
                "file": base64.b64encode(PDF),
            }
        )
        cls.records = {
            "npo.household": cls.household,
            "npo.household.member": cls.household.member_ids,
            "npo.representative": cls.representative,
            "npo.assessment": cls.study,
            "npo.document": cls.document,
            "npo.beneficiary": cls.file,
            "res.partner": cls.file.partner_id,
        }

    def _closed(self):
        """Yield (role, model, field) of what a role that reads the model may not."""
        for role in ROLE_NAMES:
            for name, secrets in SECRETS.items():
                if not self._as(role, self.env[name]).has_access("read"):
                    continue
                for secret, readers in secrets.items():
                    if role not in readers:
                        yield role, name, secret

    # ------------------------------------------------------------
    # THE FIELD ITSELF
    # ------------------------------------------------------------

    def test_closed(self):
        """Read, export, search, sort, group, write: not to whom it is closed."""
        tried = 0
        for role, name, secret in self._closed():
            own = self._as(role, self.records[name])
            self.assertNotIn(secret, own.fields_get())
            for index, way in enumerate(self._ways(own.browse(), own, secret)):
                if index in WRITES and secret in TAKEN_IN:
                    continue
                tried += 1
                with self.subTest(f"{role} {name}.{secret} #{index}"):
                    self._assert_refused(way)
        self.assertGreater(tried, 400)

    def test_open(self):
        """The other side: who is to read it reads it, so that the rest means it."""
        for name, secrets in SECRETS.items():
            for secret, readers in secrets.items():
                for role in readers:
                    own = self._as(role, self.records[name])
                    if not own.browse().has_access("read"):
                        continue
                    if not own._filtered_access("read"):
                        continue
                    with self.subTest(f"{role} {name}.{secret}"):
                        own._filtered_access("read").read([secret])

    def test_closed_by_name_search(self):
        """A list that is typed into takes no condition on a hidden field."""
        for role, name, secret in self._closed():
            model = self._as(role, self.env[name])
            if not model._fields[secret].store:
                continue
            with self.subTest(f"{role} {name}.{secret}"):
                self._assert_refused(
                    lambda m=model, s=secret: m.name_search(
                        "", domain=[(s, "!=", False)]
                    ),
                    AccessError,
                )

    def test_closed_by_path(self):
        """No relation of any model of ours, or of a contact, leads around a group."""
        models = [*self._npo_models(transient=False), "res.partner", "res.users"]
        tried = 0
        for role in ROLE_NAMES:
            for name in models:
                model = self._as(role, self.env[name])
                if not model.has_access("read"):
                    continue
                for field in model._fields.values():
                    readers = SECRETS.get(field.comodel_name, {})
                    if not model._has_field_access(field, "read"):
                        continue
                    for secret, sees in readers.items():
                        target = self.env[field.comodel_name]._fields[secret]
                        if role in sees or not target.store:
                            continue
                        if not (field.store or field.search):
                            continue
                        tried += 1
                        path = f"{field.name}.{secret}"
                        with self.subTest(f"{role} {name}: {path}"):
                            self._assert_refused(
                                lambda m=model, p=path: m.search([(p, "!=", False)])
                            )
        self.assertGreater(tried, 300)

    def test_closed_by_chatter(self):
        """R154: nobody guesses a follower's number through the chatter of a record."""
        self.request.message_subscribe(self.file.partner_id.ids)
        self.request.message_post(body="x", author_id=self.file.partner_id.id)
        for role in ("member", "deliverer", "manager", "auditor", "front", "portal"):
            for model in ("npo.request", "npo.policy", "res.partner"):
                own = self._as(role, self.env[model])
                for path in CHATTER:
                    name = f"{path}.npo_beneficiary_ids.identity_number"
                    for condition in ((name, "=", "1000000008"), (name, "like", "1")):
                        with self.subTest(f"{role} {model} {condition}"):
                            try:
                                found = own.search([condition])
                            except (AccessError, ValueError):
                                continue
                            self.assertFalse(found)

    def test_no_browsing(self):
        """P025: a number is searched for as a whole, by who may see it."""
        for name, secrets in PROTECTED.items():
            for secret in secrets:
                model = self._as("officer", self.env[name])
                value = self.records[name].sudo().filtered(secret)[:1][secret]
                self.assertTrue(model.search([(secret, "=", value)]))
                for way in (
                    lambda m=model, s=secret: m.search([(s, "=like", "1%")]),
                    lambda m=model, s=secret: m.search([(s, "ilike", "1")]),
                    lambda m=model, s=secret: m.search([(s, ">", "1")]),
                    lambda m=model, s=secret: m.search([(s, "!=", "1")]),
                    lambda m=model, s=secret: m.search([], order=s),
                    lambda m=model, s=secret: m._read_group([], [s]),
                    lambda m=model, s=secret: m._read_group([], [], [f"{s}:max"]),
                ):
                    with self.subTest(f"{name}.{secret}"):
                        self._assert_refused(way, AccessError)

    def _tried(self, role, value, operator="=", model="npo.beneficiary"):
        """Return whether the file is found by an identity number, as RPC asks."""
        own = self._as(role, self.env[model])
        return bool(own.search([("npo_search", operator, value)]))

    def test_number_is_not_guessed_from_its_mask(self):
        """R157, P025: who sees a mask tries no list of numbers, one after another."""
        number = self.file.identity_number
        many = [number, *(str(1000000000 + one) for one in range(30))]
        for role in ("auditor", "member", "front"):
            for model in ("npo.beneficiary", "npo.request"):
                own = self._as(role, self.env[model])
                if not (own.has_access("read") and own.search_count([], limit=1)):
                    continue
                with self.subTest(f"{role}: {model}"):
                    self.assertTrue(self._tried(role, number, model=model), "one")
                    self.assertTrue(self._tried(role, [number], "in", model=model))
                    self.assertFalse(self._tried(role, many, "in", model=model))
                    asked = Domain.OR([[("npo_search", "=", one)] for one in many])
                    self.assertFalse(own.search(asked))
        self.assertTrue(self._tried("officer", many, "in"), "who may see them does")

    def test_numbers_tried_are_counted(self):
        """R157: the desk finds who shows a card, and cannot try all that may be."""
        self.company.npo_identity_lookups = 3
        number = self.file.identity_number
        wrong = [str(1000000000 + one) for one in range(3)]
        self.assertTrue(self._tried("front", number))
        for one in [*wrong[:2], wrong[0], number]:  # the same again costs nothing
            self.assertEqual(self._tried("front", one), one == number)
        self._tried("front", wrong[2])
        self.assertTrue(self._tried("front", number), "it was found before")
        other = self._new_beneficiary(2).identity_number
        for _ in range(2):
            self.assertFalse(self._tried("front", other), "no more in this hour")
        self.assertTrue(self._tried("officer", other))
        self.assertTrue(self._tried("auditor", other), "each is counted alone")
        counted = self.env["npo.flood.guard"].search([])
        self.assertNotIn(number, str(counted.read()))
        for one in counted:
            one.date_end -= timedelta(minutes=61)
        self.assertTrue(self._tried("front", other), "an hour later")

    def test_failing_call_is_counted(self):
        """R157: what fails after the look-up is undone, and counted all the same."""
        again = self.env.cr.postrollback
        before = len(again._funcs)
        for number in ("1000000000", "1000000000"):
            self._tried("front", number)
        self._tried("officer", "1000000001")
        self.assertEqual(len(again._funcs), before + 1)

    # ------------------------------------------------------------
    # THE LOG
    # ------------------------------------------------------------

    def _logged(self, way):
        return self.env["npo.access.log"].search([("way", "=", way)])

    def test_members_and_instruments_are_logged(self):
        """R154: a number of the family is shown for a reason, and logged."""
        son = self.household.member_ids.filtered(
            lambda member: member.relation == "son"
        )
        for record, name, own in (
            (son, "member_id", "identity_number"),
            (self.representative, "representative_id", "instrument_number"),
        ):
            wizard = self._as("officer", self.env["npo.beneficiary.reveal"]).create(
                {name: record.id, "field_name": own, "reason": "Compared"}
            )
            message = wizard.action_confirm()["params"]["message"]
            self.assertIn(record.sudo()[own], message)
            log = self._logged("form")[0]
            self.assertEqual((log.res_model, log.res_id), (record._name, record.id))
            self.assertEqual((log.field_name, log.reason), (own, "Compared"))
            wizard.unlink()
        self._as("officer", son).web_read({"identity_number": {}})
        self.assertEqual(self._logged("read")[0].res_id, son.id)
        self.assertNotIn(NUMBERS[0], str(self._logged("read").read()))

    def test_what_is_typed(self):
        """The number is typed in an entry, which an empty one never clears."""
        son = self.household.member_ids.filtered(
            lambda member: member.relation == "son"
        )
        own = self._as("officer", son)
        own.write({"identity_entry": "٢١٢١٢١٢١٢٦", "identity_type": "iqama"})
        self.assertEqual(son.sudo().identity_number, "2121212126")
        own.write({"identity_entry": ""})
        self.assertEqual(son.sudo().identity_number, "2121212126")
        self.assertFalse(own.identity_entry)
        right = self._as("officer", self.representative)
        right.write({"instrument_entry": "45/123456"})
        self.assertEqual(right.sudo().instrument_number, "45/123456")
        self.assertEqual(right.instrument_masked, "•••••3456")

    def test_health_is_logged(self):
        """P013: opening the health part of a study is on record, as its export is."""
        researcher = self.users["researcher"]
        self._as("researcher", self.study).web_read({"story": {}})
        self.assertFalse(self._logged("health"))
        researcher.group_ids |= self.env.ref("npo_relations.group_npo_health_reader")
        own = self._as("researcher", self.study)
        own.web_read({"health_line_ids": {"fields": {"treatment": {}}}})
        log = self._logged("health")
        self.assertEqual(log.user_id, researcher)
        self.assertEqual((log.res_model, log.res_id), (own._name, own.id))
        self.assertEqual(log.res_name, self.study.name)
        own.export_data(["health_line_ids/treatment"])
        self.assertEqual(len(self._logged("health")), 2)
        own.web_read({"family_problems": {}})
        self.assertEqual(len(self._logged("health")), 3)

    # ------------------------------------------------------------
    # AROUND THE RECORD
    # ------------------------------------------------------------

    def _secrets_in(self, text):
        return [word for word in (*NUMBERS, *WORDS) if word in str(text)]

    def test_chatter(self):
        """No message, no tracked value and no name of a record tells a secret."""
        self.representative.with_user(self.officer).write(
            {"instrument_number": "44/665544", "identity_number": "2121212126"}
        )
        self.household.with_user(self.officer).write({"rent": 1750})
        self.env.flush_all()
        self.cr.precommit.run()
        for model, record in self.records.items():
            messages = self.env["mail.message"].search(
                [("model", "=", model), ("res_id", "in", record.ids)]
            )
            texts = [
                *messages.mapped("body"),
                *messages.mapped("subject"),
                *messages.tracking_value_ids.mapped("old_value_char"),
                *messages.tracking_value_ids.mapped("new_value_char"),
                *messages.tracking_value_ids.mapped("old_value_text"),
                *messages.tracking_value_ids.mapped("new_value_text"),
                *record.mapped("display_name"),
            ]
            with self.subTest(model):
                self.assertFalse(self._secrets_in(texts))
                self.assertNotIn("44/665544", str(texts))
        for role in ROLE_NAMES:
            values = self._as(role, self.env["mail.tracking.value"])
            with self.subTest(role):
                self.assertFalse(values.has_access("read"))

    def test_tracked_fields_are_not_secret(self):
        """What is tracked is told to whoever reads the chatter."""
        for name in self._npo_models(transient=False):
            model = self.env[name]
            for field in model._fields.values():
                if getattr(field, "tracking", None) and field.groups:
                    with self.subTest(f"{name}.{field.name}"):
                        self.assertEqual(field.groups, "base.group_user")

    def test_messages_of_others(self):
        """Who may not open a record reads none of its messages, follower or not."""
        for record in (self.file, self.study, self.household, self.request):
            record.message_post(body="What was said of them")
        ids = self.env["mail.message"].search([("body", "ilike", "What was said")])
        self.assertEqual(len(ids), 4)
        for role in ("governor", "internal", "portal", "stranger", "health"):
            self.file.message_subscribe(self.users[role].partner_id.ids)
            self.study.message_subscribe(self.users[role].partner_id.ids)
            own = self._as(role, ids)
            with self.subTest(role):
                self.assertFalse(own.search([("id", "in", ids.ids)]))
                self._assert_refused(lambda own=own: own.read(["body"]), AccessError)
                for record in (self.file, self.study):
                    self.assertFalse(self._as(role, record)._filtered_access("read"))

    def test_files(self):
        """P013, R157: a restricted paper and a proof are opened by their readers."""
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "in", ("npo.document", "npo.consent")),
                ("res_id", "in", (self.document.id, self.consent.id)),
                ("res_field", "in", ("restricted_file", "proof")),
            ]
        )
        self.assertEqual(len(attachments), 2)
        sees = {
            "restricted_file": ("admin",),
            "proof": (
                "front",
                "officer",
                "delegate",
                "researcher",
                "manager",
                "auditor",
                "admin",
            ),
        }
        for attachment in attachments:
            for role in (*ROLE_NAMES, "stranger"):
                own = self._as(role, attachment)
                with self.subTest(f"{role} {attachment.res_field}"):
                    if role in sees[attachment.res_field]:
                        self.assertTrue(own.read(["raw"]))
                    else:
                        self._assert_refused(
                            lambda own=own: own.read(["raw"]), AccessError
                        )

    def test_list_with_masks_is_logged(self):
        """R162: a list that is taken along is on record, without a name in it."""
        action = self._as("officer", self.file).action_export_masked()
        self.assertIn("npo.register.export", action["url"])
        log = self._logged("list")
        self.assertRecordValues(
            log,
            [
                {
                    "user_id": self.officer.id,
                    "entry_count": 1,
                    "is_masked": True,
                    "company_id": self.company.id,
                }
            ],
        )
