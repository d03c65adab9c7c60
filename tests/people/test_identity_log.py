from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import local_today
from .common import IBAN, NATIONAL_ID, OTHER_NATIONAL_ID, PeopleCommon

SEES = ("branch_delegate", "relations_officer", "social_researcher", "admin")
READS = ("service_representative", "committee_member", "delivery_officer")
READS += ("general_manager", "auditor")


@tagged("post_install", "-at_install")
class TestIdentityLog(PeopleCommon):
    """Kinds, verification, history, logged reveal, exact search (R154, R157, D02)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(
            identity_number=NATIONAL_ID, iban=IBAN, site_id=cls.branch.id
        )
        cls.file._register_file()
        cls.Log = cls.env["npo.access.log"]

    def _logs(self):
        return self.Log.search([("res_id", "=", self.file.id)])

    # ------------------------------------------------------------
    # REVEAL
    # ------------------------------------------------------------

    def test_reveal(self):
        """The number is shown for a reason, and the log says who, whose, why, when."""
        wizard = self._as(self.env["npo.beneficiary.reveal"], self.officer).create(
            {"beneficiary_id": self.file.id}
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertFalse(self._logs())
        name = self.file.partner_id.name.split()[0]
        for told in (
            f"Compared with the card of {name.upper()}",
            f"\u0644{name}",
            "Number 1088888886",
            "\u0661\u0660\u0668\u0668\u0668\u0668\u0668\u0668\u0668",
        ):
            wizard.reason = told
            with self.subTest(told), self.assertRaises(UserError):
                wizard.action_confirm()
        self.assertFalse(self._logs(), "what is kept for good names nobody (R154)")
        wizard.reason = "Compared with the card"
        action = wizard.action_confirm()
        self.assertIn(NATIONAL_ID, action["params"]["message"])
        self.assertRecordValues(
            self._logs(),
            [
                {
                    "res_model": "npo.beneficiary",
                    "res_name": self.file.file_no,
                    "field_name": "identity_number",
                    "user_id": self.officer.id,
                    "company_id": self.company.id,
                    "way": "form",
                    "reason": "Compared with the card",
                }
            ],
        )
        self.assertNotIn(NATIONAL_ID, str(self._logs().read()))

    def test_owner_of_the_home(self):
        """R154, R157: of the account that the rent goes to, a study shows a mask."""
        researcher = self.users_by_role["social_researcher"]
        study = self.env["npo.assessment"].create(
            {
                "beneficiary_id": self.file.id,
                "company_id": self.company.id,
                "researcher_id": researcher.id,
                "site_id": self.file.site_id.id,
                "tenure": "rented",
            }
        )
        with Form(self._as(study, researcher)) as form:
            form.owner_iban_entry = IBAN
        self.assertEqual(study.owner_iban, IBAN)
        self.assertTrue(study.owner_iban_masked.endswith(IBAN[-4:]))
        self.assertNotIn(IBAN[:-4], study.owner_iban_masked)
        logs = self.env["npo.access.log"].search([("res_model", "=", study._name)])
        self.assertFalse(logs.filtered(lambda log: log.res_id == study.id))
        wizard = self._as(self.env["npo.beneficiary.reveal"], researcher).create(
            {"assessment_id": study.id, "field_name": "owner_iban", "reason": "Rent"}
        )
        self.assertIn(IBAN, wizard.action_confirm()["params"]["message"])
        self._as(study, researcher).read(["owner_iban"])
        logs = self.env["npo.access.log"].search(
            [("res_model", "=", study._name), ("res_id", "=", study.id)], order="id"
        )
        self.assertEqual(logs.mapped("way"), ["form", "read"])
        # what would be copied is shown as well; the next study is the module's own
        researcher.group_ids += self.env.ref("npo_relations.group_npo_health_reader")
        [vals] = self._as(study, researcher).copy_data()
        self.assertEqual(vals["owner_iban"], IBAN)
        study.copy_data()
        logs |= logs.search([("res_model", "=", study._name), ("id", ">", logs[-1].id)])
        self.assertEqual(logs.mapped("way"), ["form", "read", "read"])
        self.assertEqual(set(logs.mapped("res_name")), {study.name})
        with self.assertRaises(AccessError):
            self._as(study, researcher).search([("owner_iban", "ilike", IBAN[:4])])

    def test_health_copied(self):
        """P013: the health of a study is opened by a call that would copy it, too."""
        reader = self.users_by_role["social_researcher"]
        reader.group_ids += self.env.ref("npo_relations.group_npo_health_reader")
        study = self.env["npo.assessment"].create(
            {
                "beneficiary_id": self.file.id,
                "company_id": self.company.id,
                "researcher_id": reader.id,
                "site_id": self.file.site_id.id,
            }
        )
        line = self.env["npo.assessment.health"].create(
            {"assessment_id": study.id, "member": "Son", "diagnosis": "Asthma"}
        )
        [vals] = self._as(line, reader).copy_data()
        self.assertEqual(vals["diagnosis"], "Asthma")
        log = self.Log.search([("res_model", "=", study._name)])
        log = log.filtered(lambda one: one.res_id == study.id)
        self.assertEqual((log.way, log.user_id), ("health", reader))

    def test_many_at_once(self):
        """R154: who searches for fifty-one numbers at once browses."""
        files = self._as(self.Beneficiary, self.officer)
        numbers = [NATIONAL_ID, *map(str, range(50))]
        found = files.search([("identity_number", "in", numbers[:50])])
        self.assertEqual(found, self.file)
        for domain in (
            [("identity_number", "in", numbers)],
            ["|"] * 50 + [("identity_number", "=", one) for one in numbers],
        ):
            with self.subTest(len(domain)), self.assertRaises(AccessError):
                files.search(domain)
        self.assertTrue(self.Beneficiary.search([("identity_number", "in", numbers)]))

    def test_reveal_refused(self):
        """To whom the field is closed, the reveal is; so is any other field."""
        for role in READS:
            file = self._as(self.file, self.users_by_role[role])
            with self.subTest(role), self.assertRaises(AccessError):
                file._reveal("identity_number", "x")
        with self.assertRaises(AccessError):
            self._as(self.file, self.officer)._reveal("state_note", "x")
        with self.assertRaises(AccessError):
            self._as(self.file, self.other_officer)._reveal("iban", "x")
        self.assertFalse(self._logs())

    def test_other_ways_are_logged(self):
        """A call that reads it, an export, a path from elsewhere: a line each."""
        file = self._as(self.file, self.officer)
        file.read(["identity_number", "name"])
        file.web_read({"iban": {}})
        self._as(self.Beneficiary, self.officer).search_read(
            [("id", "=", self.file.id)], ["identity_number"]
        )
        file.export_data(["identity_number"])
        request_path = self._as(self.env["npo.document"], self.officer).create(
            {
                "document_type_id": self._type("salary_letter").id,
                "beneficiary_id": self.file.id,
            }
        )
        request_path.export_data(["beneficiary_id/iban"])
        self.assertEqual(
            self._logs().sorted("id").mapped(lambda log: (log.way, log.field_name)),
            [
                ("read", "identity_number"),
                ("read", "iban"),
                ("read", "identity_number"),
                ("export", "identity_number"),
                ("export", "iban"),
            ],
        )

    def test_form_shows_masks(self):
        """Opening the form shows masks and logs nothing."""
        form = Form(self._as(self.file, self.officer))
        self.assertEqual(form.identity_masked, "••••••0008")
        self.assertEqual(form.iban_masked[-4:], "7519")
        self.assertNotIn("identity_number", form._view["fields"])
        self.assertNotIn("iban", form._view["fields"])
        self.assertFalse(self._logs())

    def test_log_statements(self):
        """Fifty numbers read cost one statement more than five."""
        counts = []
        for size in (5, 50):
            files = self.Beneficiary.create(
                [
                    {
                        "name": f"P{number}",
                        "company_id": self.company.id,
                        "identity_type": "passport",
                        "identity_number": f"P{size}{number:05}",
                    }
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            files = self._as(files, self.officer)
            files.read(["identity_number"])
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            files.read(["identity_number"])
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    def test_log_is_kept(self):
        """Nobody changes or deletes a line; the manager and the auditor read it."""
        self._as(self.file, self.officer).read(["identity_number"])
        log = self._logs()
        for own in (log, self._as(log, self.env.ref("base.user_root")).sudo()):
            with self.assertRaises(AccessError):
                own.write({"reason": "x"})
            with self.assertRaises(AccessError):
                own.unlink()
        for role, user in self.users_by_role.items():
            own = self._as(log, user)
            self.assertEqual(
                own.has_access("read"), role in ("general_manager", "auditor", "admin")
            )
            self.assertFalse(own.has_access("create"))
        self.assertFalse(self._as(log, self.other_officer).has_access("read"))

    # ------------------------------------------------------------
    # EXACT SEARCH
    # ------------------------------------------------------------

    def test_exact_search(self):
        """Who may see it searches by the whole number and in no other way."""
        for role in SEES:
            files = self._as(self.Beneficiary, self.users_by_role[role])
            found = files.search([("identity_number", "=", NATIONAL_ID)])
            self.assertEqual(found, self.file)
            found = files.search([("identity_number", "in", [NATIONAL_ID, "x"])])
            self.assertEqual(found, self.file)
            files.search([("identity_number", "=", False)])
            self.assertIn(self.file, files.search([("identity_number", "!=", False)]))
            for way in self._ways(files):
                with self.subTest(role), self.assertRaises(AccessError):
                    way(files)

    def test_no_search(self):
        """Whom the field is closed to has none of these ways, nor the exact one."""
        for role in (*READS, "auditor"):
            files = self._as(self.Beneficiary, self.users_by_role[role])
            ways = [
                *self._ways(files),
                lambda files: files.search([("identity_number", "=", NATIONAL_ID)]),
                lambda files: files.search([("identity_number", "!=", False)]),
                lambda files: files.search([("identity_number", "in", [False])]),
            ]
            for way in ways:
                with self.subTest(role), self.assertRaises(AccessError):
                    way(files)

    def _ways(self, files):
        domains = [
            [("identity_number", operator, value)]
            for operator, value in (
                ("ilike", "1000"),
                ("like", "1000"),
                ("=like", "1%"),
                ("=ilike", "1%"),
                ("not ilike", "1"),
                ("!=", NATIONAL_ID),
                ("not in", [NATIONAL_ID]),
                ("<", "2"),
                (">=", "1"),
            )
        ]
        documents = files.env["npo.document"]
        return [
            *(lambda files, d=domain: files.search(d) for domain in domains),
            *(lambda files, d=domain: files.search_count(d) for domain in domains),
            lambda files: files.search([], order="identity_number"),
            lambda files: files.search([], order="name, identity_number desc"),
            lambda files: files._read_group([], ["identity_number"]),
            lambda files: files._read_group([], [], ["identity_number:max"]),
            lambda files: files._read_group([], [], ["identity_number:array_agg"]),
            lambda files: files.formatted_read_group([], ["identity_number"], []),
            lambda files: documents.search(
                [("beneficiary_id.identity_number", "=like", "1%")]
            ),
        ]

    # ------------------------------------------------------------
    # KINDS, VERIFICATION, HISTORY
    # ------------------------------------------------------------

    def test_kinds(self):
        """Glossary 5: each kind with its form; none has no number."""
        for kind, number in (
            ("gcc_id", "784199012345678"),
            ("family_register", "123456"),
            ("birth_certificate", "1445/77"),
            ("border_no", "3123456789"),
            ("displaced_card", "612345"),
        ):
            file = self._new_file(identity_type=kind, identity_number=number)
            self.assertEqual(file.identity_number, number)
        for kind, number in (("none", "654321"), ("border_no", "123")):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._new_file(identity_type=kind, identity_number=number)
        self._new_file(identity_type="none")

    def test_verification(self):
        """Source and date are recorded with who; a changed number is not verified."""
        file = self._as(self.file, self.officer)
        file.write({"identity_source": "absher"})
        self.assertEqual(file.identity_verified_on, self.company._npo_today())
        self.assertEqual(file.identity_verified_by_id, self.officer)
        file.write({"identity_expiry": "1448/01/15"})
        self.assertEqual(file.identity_expiry.year, 2026)
        tomorrow = local_today() + timedelta(days=2)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            file.identity_verified_on = tomorrow
        with self.assertRaises(UserError), self.cr.savepoint():
            file.identity_verified_by_id = self.users_by_role["admin"]
        file.write(
            {"identity_entry": OTHER_NATIONAL_ID, "identity_reason": "Typed wrong"}
        )
        self.assertFalse(file.identity_source)
        self.assertFalse(file.identity_verified_on or file.identity_verified_by_id)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._as(self._new_file(), self.officer).identity_source = "letter"

    def test_history(self):
        """A changed number leaves masks, the person and the reason."""
        file = self._as(self.file, self.officer)
        with self.assertRaises(UserError), self.cr.savepoint():
            file.identity_number = OTHER_NATIONAL_ID
        file.write(
            {"identity_number": OTHER_NATIONAL_ID, "identity_reason": "Typed wrong"}
        )
        self.assertRecordValues(
            file.identity_change_ids,
            [
                {
                    "kind": "number",
                    "old_mask": "••••••0008",
                    "new_mask": "••••••1010",
                    "user_id": self.officer.id,
                    "reason": "Typed wrong",
                }
            ],
        )
        with self.assertRaises(AccessError):
            file.identity_change_ids.write({"reason": "x"})
        file.write({"identity_entry": "", "identity_reason": ""})
        self.assertEqual(file.identity_number, OTHER_NATIONAL_ID)

    def test_dispute(self):
        """A dispute is recorded by an officer and settled by the manager."""
        file = self._as(self.file, self.officer)
        with self.assertRaises(UserError):
            file.action_dispute_identity()
        file.action_dispute_identity(note="Two persons show one card")
        self.assertTrue(file.has_identity_dispute)
        with self.assertRaises(AccessError):
            file.action_settle_identity(note="x")
        manager = self._as(self.file, self.users_by_role["general_manager"])
        manager.action_settle_identity(note="The card was read again")
        self.assertFalse(file.has_identity_dispute)
        self.assertEqual(
            file.identity_change_ids.mapped("kind"), ["settled", "disputed"]
        )
