from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_table import (
    COLUMNS,
    FIELD_COLUMNS,
    FIELDS,
    TABLE,
    attachments_of,
    letters_of,
    protected_fields,
    read,
    records_of,
)
from .common import ROLE_CODES, SecurityCommon

LOGS = ("npo.duty", "npo.stage.log", "npo.message")


@tagged("post_install", "-at_install")
class TestAccessMatrix(SecurityCommon):
    """D02: each role against each model, from a table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = read(TABLE)

    def test_every_model_is_in_the_table(self):
        """A new model comes with a decision on who may do what; the table is sorted."""
        self.assertEqual(tuple(self.table[0]), COLUMNS)
        self.assertEqual([line["model"] for line in self.table], self._npo_models())

    def test_matrix(self):
        """D02: read, write, create and delete of each role on each model."""
        for role, code in ROLE_CODES.items():
            for line in self.table:
                with self.subTest(f"{role} on {line['model']}"):
                    model = self.env[line["model"]].with_user(self.users[role])
                    self.assertEqual(letters_of(model), line[code])

    def test_records_and_files(self):
        """D02: which records and whose files, as the record rules have it."""
        for line in self.table:
            name = line["model"]
            records, unknown = records_of(self.env, name)
            with self.subTest(name):
                self.assertFalse(unknown.mapped("domain_force"))
                self.assertEqual(line["records"], records)
                self.assertEqual(line["attachments"], attachments_of(self.env, name))

    def test_sensitive_fields(self):
        """R154: every field with groups is in its table, with who reads it."""
        found = [
            {
                "model": name,
                "field": field.name,
                "readers": " ".join(
                    code
                    for role, code in ROLE_CODES.items()
                    if self._reads_field(role, name, field)
                ),
            }
            for name, field in protected_fields(self.env)
        ]
        lines = read(FIELDS)
        self.assertEqual(tuple(lines[0]), FIELD_COLUMNS)
        known = {(line["model"], line["field"]): line["readers"] for line in lines}
        self.assertEqual(
            [(line["model"], line["field"]) for line in lines],
            [(line["model"], line["field"]) for line in found],
        )
        for line in found:
            key = (line["model"], line["field"])
            with self.subTest(".".join(key)):
                self.assertEqual(known[key], line["readers"])

    def _reads_field(self, role, name, field):
        model = self.env[name].with_user(self.users[role])
        return model.has_access("read") and model._has_field_access(field, "read")

    def test_auditor_writes_nothing(self):
        """The internal auditor reads and never writes, in any model of ours."""
        # by whoever is asked, refused to others; a form in which the log is checked
        answered = {
            "npo.complaint.reply",
            "npo.access.check",
            "npo.data.breach.report",
            "npo.compliance.fulfilment",  # of an obligation that the auditor owns
            "npo.duty.exception.answer",  # the chair of the board, whatever the role
        }
        for name in set(self._npo_models()) - answered:
            model = self._as("auditor", self.env[name])
            for operation in ("write", "create", "unlink"):
                with self.subTest(f"{operation} {name}"):
                    self.assertFalse(model.has_access(operation))

    def test_outsiders(self):
        """An employee without a role sees nothing; a portal user writes nothing."""
        for name in self._npo_models():
            internal = self._as("internal", self.env[name])
            portal = self._as("portal", self.env[name])
            with self.subTest(name):
                self.assertFalse(internal.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(portal.has_access(operation))

    def test_no_line_for_everybody(self):
        """A line of access without a group would open a model to all."""
        lines = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "npo.%"), ("group_id", "=", False)]
        )
        self.assertFalse(lines)

    def test_logs_are_kept(self):
        """D02, D13: what was logged is changed and deleted by nobody, not by admin."""
        self._new_request()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        people = [admin, *self.users.values()]
        for name in LOGS:
            log = self.env[name].search([], limit=1)
            self.assertTrue(log)
            for user in people:
                own = log.with_user(user)
                for call in (
                    lambda own=own: own.write({"company_id": self.company.id}),
                    lambda own=own: own.unlink(),
                    lambda own=own: own.copy(),
                    lambda own=own: own.create(
                        {"res_model": "npo.request", "res_id": 1}
                    ),
                ):
                    with self.subTest(f"{user.login} {name}"):
                        self._assert_refused(call, AccessError)
