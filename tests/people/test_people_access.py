from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import IBAN, NATIONAL_ID, PeopleCommon

# role: operations on a file and on a document of another site's
TABLE = {
    "service_representative": "rwc",
    "branch_delegate": "rwc",  # own sites only: tested apart
    "relations_officer": "rwc",
    "social_researcher": "rw",
    "committee_member": "r",
    "delivery_officer": "r",
    "governance_officer": "",
    "health_reader": "",
    "general_manager": "r",
    "auditor": "r",
    "admin": "rwcd",
}
SEES_IDENTITY = {
    "branch_delegate",
    "relations_officer",
    "social_researcher",
    "admin",
}
SENSITIVE = ("identity_number", "identity_expiry", "iban")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install")
class TestPeopleAccess(PeopleCommon):
    """Who may do what: D02, D06, R154, glossary 2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(
            identity_number=NATIONAL_ID,
            iban=IBAN,
            site_id=cls.branch.id,
            primary_category_id=cls.env.ref("npo_relations.category_heart_child").id,
        )
        cls.line = cls.Document.create(
            {
                "document_type_id": cls._type("national_id").id,
                "beneficiary_id": cls.file.id,
                "number": NATIONAL_ID,
            }
        )
        cls.own = cls._new_file(
            partner_id=cls.portal_user.partner_id.id, name="Own", iban=IBAN
        )
        cls.own_line = cls.Document.create(
            {
                "document_type_id": cls._type("salary_letter").id,
                "beneficiary_id": cls.own.id,
                "number": "1",
            }
        )

    def test_table(self):
        """D02: each role against read, write, create, delete."""
        for role, allowed in TABLE.items():
            for record in (self.file, self.line):
                record = self._as(record, self.users_by_role[role])
                for letter, operation in OPERATIONS.items():
                    with self.subTest(f"{role} {operation} {record._name}"):
                        self.assertEqual(
                            record.has_access(operation), letter in allowed
                        )

    def test_reference_data(self):
        """D06: reference data is read by staff and changed by the administrator."""
        kind = self._type("attorney")
        category = self.env.ref("npo_relations.category_widow")
        for role, user in self.users_by_role.items():
            for record in (kind, category):
                with self.subTest(role):
                    record = self._as(record, user)
                    self.assertTrue(record.has_access("read"))
                    self.assertEqual(record.has_access("write"), role == "admin")
        self.assertTrue(self._as(kind, self.portal_user).has_access("read"))
        self.assertFalse(self._as(category, self.portal_user).has_access("read"))
        self.assertFalse(self._as(kind, self.stranger).has_access("read"))

    def test_sensitive_fields(self):
        """R154: the number, its expiry and the IBAN by group; all others the mask."""
        for role, allowed in TABLE.items():
            if not allowed:
                continue
            file = self._as(self.file, self.users_by_role[role])
            self.assertEqual(file.identity_masked, "••••••0008")
            for name in SENSITIVE:
                with self.subTest(f"{role} {name}"):
                    self._assert_field(file, name, role in SEES_IDENTITY)
            line = self._as(self.line, self.users_by_role[role])
            self.assertEqual(line.number_masked, "••••••0008")
            self._assert_field(line, "number", role in SEES_IDENTITY)

    def _assert_field(self, record, name, visible):
        if visible:
            self.assertIn(name, record.read([name])[0])
            self.assertIn(name, record.fields_get([name]))
            return
        self.assertNotIn(name, record.fields_get())
        with self.assertRaises(AccessError):
            record.read([name])
        with self.assertRaises(AccessError):
            record.export_data([name])
        with self.assertRaises(AccessError):
            record.write({name: False})
        if record._fields[name].store:
            with self.assertRaises(AccessError):
                record.search([(name, "!=", False)])

    def test_category_hidden(self):
        """Glossary 2: the front desk and delivery see no health category."""
        for role in ("service_representative", "delivery_officer"):
            file = self._as(self.file, self.users_by_role[role])
            for name in ("primary_category_id", "category_ids"):
                with self.subTest(role), self.assertRaises(AccessError):
                    file.read([name])
        for role in ("committee_member", "auditor", "relations_officer"):
            self._as(self.file, self.users_by_role[role]).read(["category_ids"])

    def test_bank_account(self):
        """R154: the account behind the IBAN is no open book to every employee."""
        bank = self.file.partner_id.bank_ids
        for user in (
            self.stranger,
            self.users_by_role["service_representative"],
            self.users_by_role["auditor"],
            self.users_by_role["committee_member"],
        ):
            with self.subTest(user.login):
                self.assertFalse(self._as(bank, user).has_access("read"))
                self.assertFalse(
                    self._as(bank, user).search([("acc_number", "=", IBAN)])
                )
        self.assertTrue(self._as(bank, self.officer).has_access("read"))
        finance = self._new_user("npo_finance", "account.group_account_invoice")
        self.assertTrue(self._as(bank, finance).has_access("read"))
        supplier = self.env["res.partner.bank"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Supplier"}).id,
                "acc_number": "12345",
            }
        )
        self.assertTrue(self._as(supplier, self.stranger).has_access("read"))

    def test_delegate(self):
        """Glossary 2: a delegate's own sites, to read, to write and to search."""
        delegate = self.users_by_role["branch_delegate"]
        elsewhere = self._new_file(name="B", site_id=self.site.id)
        line = self.Document.create(
            {
                "document_type_id": self._type("national_id").id,
                "beneficiary_id": elsewhere.id,
            }
        )
        for record in (elsewhere, line):
            record = self._as(record, delegate)
            for operation in ("read", "write", "create"):
                self.assertFalse(record.has_access(operation))
            self.assertFalse(record.search([("id", "=", record.id)]))
        with self.assertRaises(AccessError):
            self._as(self.Beneficiary, delegate).create(
                {"name": "C", "site_id": self.site.id}
            )
        with self.assertRaises(AccessError):
            self._as(self.file, delegate).write({"site_id": self.site.id})

    def test_other_association(self):
        """D06: nothing by list, search, relation, name or count."""
        for record in (self.file, self.line):
            record = self._as(record, self.other_officer)
            for operation in ("read", "write", "unlink"):
                self.assertFalse(record.has_access(operation))
            self.assertFalse(record.search([]) & record)
            self.assertFalse(record.search_count([("id", "=", record.id)]))
            with self.assertRaises(AccessError):
                record.read(["display_name"])
            self.assertFalse(
                [row for row in record.name_search("محمد") if row[0] == record.id]
            )
        partner = self._as(self.file.partner_id, self.other_officer)
        self.assertFalse(partner.has_access("read"))
        with self.assertRaises(AccessError):
            self._as(self.Beneficiary, self.other_officer).create(
                {"name": "A", "company_id": self.company.id}
            )
        with self.assertRaises(AccessError):
            self._as(self.Document, self.other_officer).create(
                {
                    "document_type_id": self._type("national_id").id,
                    "beneficiary_id": self.file.id,
                }
            )

    @users("npo_portal")
    def test_portal_own(self):
        """The portal: one's own file, read only; its papers by the pages alone."""
        files = self.env["npo.beneficiary"].search([])
        self.assertEqual(files, self.own.with_env(self.env))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(files.has_access(operation))
        for name in (*SENSITIVE, "category_ids", "state_note", "suspension_reason_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                files.read([name])
        for vals in ({"phone": "0501234567"}, {"name": "X"}, {"state": "active"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                files.write(vals)
        with self.assertRaises(AccessError):
            files.action_close(note="x")
        own_line = self.own_line.with_env(self.env)
        for operation in ("read", "write", "create", "unlink"):
            self.assertFalse(own_line.has_access(operation))
        with self.assertRaises(AccessError):
            own_line.action_match()

    @users("npo_portal_stranger")
    def test_portal_stranger(self):
        """A portal user without a file sees nobody's, by id either."""
        self.assertFalse(self.env["npo.beneficiary"].search([]))
        for record in (self.own, self.file, self.line, self.own_line):
            record = record.with_env(self.env)
            self.assertFalse(record.has_access("read"))
            with self.assertRaises(AccessError):
                record.read(["display_name"])

    @users("npo_stranger")
    def test_employee_without_role(self):
        """An employee without a role of the association's sees no file."""
        for record in (self.file, self.line):
            self.assertFalse(record.with_env(self.env).has_access("read"))

    def test_wizards_are_for_officers(self):
        """The dialogues open for those who may take the step."""
        for role in ("auditor", "delivery_officer", "service_representative"):
            user = self.users_by_role[role]
            for model in ("npo.beneficiary.reason", "npo.document.reason"):
                self.assertFalse(self._as(self.env[model], user).has_access("create"))

    def test_forged_wizard(self):
        """A dialogue filled by hand does not lend the step to who may not take it."""
        manager = self.users_by_role["general_manager"]
        self.file._register_file()
        wizard = self._as(self.env["npo.beneficiary.reason"], manager).create(
            {
                "step": "suspend",
                "note": "x",
                "beneficiary_ids": [Command.set(self.file.ids)],
            }
        )
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    @users("npo_relations_officer")
    def test_nobody_deletes(self):
        """Least rights: officers do not delete."""
        with self.assertRaises(AccessError):
            self.file.with_env(self.env).unlink()
        with self.assertRaises(AccessError):
            self.line.with_env(self.env).unlink()
