import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..people.common import PDF
from .common import SecurityCommon

IDENTITY = "1000000008"
# Who reads the full number and the IBAN; all others see masks.
SEES_IDENTITY = ("officer", "delegate", "researcher", "admin")
SENSITIVE = {
    "npo.beneficiary": ("identity_number", "identity_expiry", "iban"),
    "npo.document": ("number", "restricted_number", "restricted_file"),
    "npo.declaration": ("ip_address",),
}
# What leads from one record to the number on another.
PATHS = {
    "npo.request": (
        "beneficiary_id.identity_number",
        "document_ids.number",
        "partner_id.npo_beneficiary_ids.identity_number",
    ),
    "npo.document": ("beneficiary_id.identity_number", "reused_from_id.number"),
    "npo.delivery": ("request_id.beneficiary_id.identity_number",),
    "res.partner": ("npo_beneficiary_ids.identity_number",),
    "npo.service": ("company_id.partner_id.npo_beneficiary_ids.identity_number",),
}
READERS = ("front", "member", "deliverer", "manager", "auditor", "portal")


@tagged("post_install", "-at_install")
class TestSensitiveFields(SecurityCommon):
    """Numbers, accounts, addresses, restricted papers: by no way but one's role's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        for user in cls.users.values():
            if not user.share:
                user.group_ids |= export
        file = cls._new_portal_file(index=0)
        cls.request = cls._advance(cls._new_request(file), "delivery").sudo()
        cls.request.with_user(cls.users["deliverer"])._deliver(
            {
                "amount": 1,
                "date": cls.company._npo_today(),
                "receipt_method": "bank",
                "bank_reference": "77",
            }
        )
        cls.request.researcher_id = cls.users["researcher"]
        cls.request.declaration_id.ip_address = "192.0.2.7"

    def _sees(self, role, name):
        if name.startswith("restricted"):
            return role in ("health", "admin")
        if name == "ip_address":
            return False  # the administrator of the system alone
        return role in SEES_IDENTITY

    def test_hidden_fields(self):
        """Read, export, search, sort, group, write: refused to all but the role."""
        records = {
            "npo.beneficiary": self.request.beneficiary_id,
            "npo.document": self.request.document_ids[:1],
            "npo.declaration": self.request.declaration_id,
        }
        tried = 0
        for role in (*READERS, "officer", "researcher", "admin"):
            for model_name, names in SENSITIVE.items():
                own = self._as(role, records[model_name])
                if not own.has_access("read"):
                    continue
                for name in names:
                    if self._sees(role, name):
                        continue
                    self.assertNotIn(name, own.fields_get())
                    for index, way in enumerate(self._ways(own.browse(), own, name)):
                        tried += 1
                        with self.subTest(f"{role} {model_name}.{name} #{index}"):
                            self._assert_refused(way)
        self.assertGreater(tried, 200)

    def test_the_role_reads(self):
        """The other side: who verifies reads, so that the refusals above mean it."""
        for role in ("officer", "researcher"):
            own = self._as(role, self.request.beneficiary_id)
            self.assertEqual(own.identity_number, IDENTITY)
            self.assertTrue(own.search([("identity_number", "=", IDENTITY)]))

    def test_no_oracle_by_path(self):
        """Nobody guesses a number by a search that leads through other records."""
        for role in READERS:
            for model_name, paths in PATHS.items():
                model = self._as(role, self.env[model_name])
                if not model.has_access("read"):
                    continue
                for path in paths:
                    calls = (
                        lambda m=model, p=path: m.search([(p, "=", IDENTITY)]),
                        lambda m=model, p=path: m.search([(p, "=like", "1%")]),
                        lambda m=model, p=path: m.search_count([(p, "!=", False)]),
                    )
                    for call in calls:
                        with self.subTest(f"{role} {model_name}: {path}"):
                            self._assert_refused(call, AccessError)

    def test_groups_by_path(self):
        model = self._as("auditor", self.env["npo.request"])
        self._assert_refused(
            lambda: model._read_group(
                [], ["beneficiary_id.identity_number"], ["__count"]
            ),
            AccessError,
        )
        own = self._as("auditor", self.request)
        for path in ("beneficiary_id/identity_number", "beneficiary_id/iban"):
            self._assert_refused(lambda p=path: own.export_data([p]), AccessError)

    def test_bank_accounts(self):
        """The account behind the IBAN is hidden as the IBAN is."""
        person = self.request.partner_id
        bank = person.bank_ids
        self.assertTrue(bank)
        for role in READERS:
            with self.subTest(role):
                own = self._as(role, bank)
                self.assertFalse(
                    own.has_access("read")
                    and own.search([("partner_id", "=", person.id)])
                )
                partners = self._as(role, self.env["res.partner"])
                if role != "portal" and partners.has_access("read"):
                    found = partners.search(
                        [
                            ("bank_ids.acc_number", "=like", "SA%"),
                            ("id", "=", person.id),
                        ]
                    )
                    self.assertFalse(found)

    def test_restricted_papers(self):
        """What tells of health is read by its readers alone, the file included."""
        kind = self.env["npo.document.type"].search(
            [("is_restricted", "=", True)], limit=1
        )
        self.assertTrue(kind)
        line = self.env["npo.document"].create(
            {
                "document_type_id": kind.id,
                "beneficiary_id": self.request.beneficiary_id.id,
                "number": "H12345",
                "file_name": "cancer.pdf",
                "file": base64.b64encode(PDF),
            }
        )
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "npo.document"),
                ("res_id", "=", line.id),
                ("res_field", "=", "restricted_file"),
            ]
        )
        self.assertTrue(attachment)
        for role in ("officer", "researcher", "manager", "auditor", "portal"):
            own = self._as(role, line)
            with self.subTest(role):
                if own.has_access("read"):
                    self.assertFalse(own.file)
                    self.assertNotIn("cancer", str(own.file_name))
                self._assert_refused(
                    lambda own=own: own.read(["restricted_number"]), AccessError
                )
                self._assert_refused(
                    lambda role=role: self._as(role, attachment).read(["datas"]),
                    AccessError,
                )

    def test_nothing_personal_in_names(self):
        """The name of a record, its messages' subject and its log show no number."""
        request = self.request
        texts = [
            request.display_name,
            request.beneficiary_id.display_name,
            *request.message_log_ids.mapped("subject"),
            *request.message_log_ids.mapped("body"),
            *request.message_ids.mapped("body"),
        ]
        for text in texts:
            self.assertNotIn(IDENTITY, text or "")
            self.assertNotIn("SA0380000000608010167519", text or "")
