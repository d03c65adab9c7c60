from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import AssociationCommon
from ..core.test_print_engine import read_pdf

PARTIES = ("beneficiary", "supporter", "volunteer", "supplier", "employee")


@tagged("post_install", "-at_install")
class TestRight(AssociationCommon):
    """Rights and duties of each party: their source, their charter (R024, R037)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.company.partner_id.lang = "en_US"
        kinds = cls.env["npo.stakeholder.type"].search([])
        cls.kinds = {kind.code: kind for kind in kinds}
        cls.rights = cls.env["npo.right"]
        cls.topic = cls.env["npo.policy.topic"].create(
            {"name": "Test topic", "code": "test_topic", "how": "By a test."}
        )
        cls.right = cls.rights.create(
            {
                "stakeholder_type_id": cls.kinds["beneficiary"].id,
                "text": "To be tested.",
                "topic_id": cls.topic.id,
                "company_id": cls.company.id,
                "sequence": 999,
            }
        )

    def _put_clause(self):
        version = self.company.npo_policy_version_id
        return self.env["npo.policy.clause"]._create_on_frozen(
            [{"version_id": version.id, "text": "A test.", "topic_id": self.topic.id}]
        )

    def test_seed(self):
        """R024: each of the five parties has rights and duties, each on a topic."""
        for code in PARTIES:
            charter = self.rights._charter(self.company, self.kinds[code])
            self.assertGreaterEqual(len(charter["right"]), 3)
            self.assertGreaterEqual(len(charter["duty"]), 2)
        self.assertFalse(self.rights.search([("topic_id", "=", False)]))

    def test_source(self):
        """R024, R025: a right is linked to its clause; one without a clause shows."""
        no_source = [("is_sourced", "=", False), ("id", "=", self.right.id)]
        rights = self.rights.with_user(self.users["governor"])
        self.assertEqual(rights.search(no_source), self.right)
        clause = self._put_clause()
        self.assertFalse(rights.search(no_source))
        right = self.right.with_user(self.users["governor"])
        self.assertEqual(right.clause_ids, clause)
        self.assertEqual(right.how, "By a test.")
        self.right.topic_id = False
        self.assertEqual(rights.search(no_source), self.right)
        self.assertFalse(right.is_sourced)

    def test_other_association(self):
        """An association's own right is in no other's charter, nor seen there."""
        other = self._new_association("Other Association", "harfa")
        charter = self.rights._charter(other, self.kinds["beneficiary"])
        self.assertNotIn(self.right, charter["right"])
        governor = self._new_staff("gov", "governance_officer", other)
        seen = self.rights.with_user(governor).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(seen.search([("id", "=", self.right.id)]))

    def test_who_changes(self):
        """What holds in all associations is changed by the administrator alone."""
        shared = self.env.ref("npo_relations.npo_right_beneficiary_right_1")
        governor = self.users["governor"]
        with self.assertRaises(AccessError):
            shared.with_user(governor).text = "Other"
        self.right.with_user(governor).text = "Other"
        with self.assertRaises(AccessError):
            self.right.with_user(self.officer).text = "More"
        with self.assertRaises(AccessError):
            self.right.with_user(governor).company_id = False

    def _print(self, kind):
        reports = self.env["ir.actions.report"].with_user(self.officer)
        content = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            "npo_relations.report_rights_charter", kind.ids
        )[0]
        return [" ".join(page.split()) for page in read_pdf(content)]

    def test_charter(self):
        """R024: the printed charter of a party, and of no other."""
        pages = self._print(self.kinds["beneficiary"])
        self.assertEqual(len(pages), 1)
        self.assertIn("To be tested.", pages[0])
        self.assertIn("Duties", pages[0])
        self.assertIn("Masaken Association", pages[0])
        self.assertIn("/rights", pages[0])
        supplier = " ".join(self._print(self.kinds["supplier"]))
        self.assertNotIn("To be tested.", supplier)
        self.assertIn("paid on the dates", supplier)

    def test_charter_types(self):
        """R023: the charters are those of the kinds that the association has."""
        types = self.rights._charter_types(self.company)
        self.assertEqual(
            types.mapped("code"), ["beneficiary", "supporter", "volunteer"]
        )

    def test_message_footer(self):
        """R037: each message that is sent ends with the way to the rights."""
        request = self._new_request()
        message = request.sudo().message_log_ids[:1]
        self.assertNotIn("/rights", message.body)
        body = message._mail_body()
        self.assertIn(self.company._npo_page_url("/rights"), body)
        self.assertTrue(body.startswith(message.body))
        sent = self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0
        request.sudo().message_log_ids._deliver()
        mails = self.env["mail.mail"].sudo().search([("id", ">", sent)])
        self.assertTrue(mails)
        for mail in mails:
            self.assertIn("/rights", mail.body_html)

    def test_form(self):
        with Form(self.rights.with_user(self.users["governor"])) as form:
            form.stakeholder_type_id = self.kinds["volunteer"]
            form.text = "Another right"

    def test_statements(self):
        """The clauses of a list of rights are read in one statement."""
        self._put_clause()
        rights = self.rights.search([])
        counts = []
        for records in (rights[:3], rights):
            self.env.invalidate_all()
            records = records.with_user(self.users["governor"])
            before = self.env.cr.sql_log_count
            records.mapped("is_sourced")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
