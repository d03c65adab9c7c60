from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import AssociationCommon
from ..core.test_print_engine import read_pdf

SUB_POLICIES = {"P03", "P04", "P05", "P06", "P07"}


@tagged("post_install", "-at_install")
class TestProcedure(AssociationCommon):
    """Procedures beside the policy, and their cards (R021, R134)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        cls.company.partner_id.lang = "en_US"
        cls.procedures = cls._procedures(cls.company)

    @classmethod
    def _procedures(cls, company):
        found = cls.env["npo.procedure"].search([("company_id", "=", company.id)])
        return {procedure.code: procedure for procedure in found}

    def test_seed(self):
        """R021: a profile brings the procedures that its switches ask for."""
        self.assertEqual(set(self.procedures), {"P01", "P02"})
        request = self.procedures["P01"]
        version = self.company.npo_policy_version_id
        self.assertEqual(
            request.step_ids.mapped("name"), version.step_ids.mapped("name")
        )
        self.assertEqual(request.tool_ids, version.tool_ids)
        self.assertTrue(request.topic_id)
        harfa = self._new_association("Harfa Test", "harfa")
        self.assertEqual(set(self._procedures(harfa)), {"P01"} | SUB_POLICIES)

    def test_seed_is_idempotent(self):
        """Applying the profile again leaves the procedures as they are."""
        request = self.procedures["P01"]
        request.name = "Our own"
        self.company._npo_apply_profile(self.profile)
        self.assertEqual(set(self._procedures(self.company)), {"P01", "P02"})
        self.assertEqual(request.name, "Our own")

    def test_every_process_has_a_procedure(self):
        """R021: the topics of the procedures are topics of the policies."""
        harfa = self._new_association("Harfa Test", "harfa")
        for procedure in self._procedures(harfa).values():
            with self.subTest(procedure.code):
                self.assertTrue(procedure.topic_id)
                self.assertGreaterEqual(len(procedure.step_ids), 3)

    def test_clauses(self):
        """A procedure shows what the policy in force says on its topic."""
        procedure = self.procedures["P01"]
        clause = self.env["npo.policy.clause"]._create_on_frozen(
            [
                {
                    "version_id": self.company.npo_policy_version_id.id,
                    "text": "Requests are handled.",
                    "topic_id": procedure.topic_id.id,
                }
            ]
        )
        procedure.invalidate_recordset()
        self.assertIn(clause, procedure.clause_ids)

    def test_card(self):
        """R021: a procedure prints as a card of one page."""
        procedure = self.procedures["P01"]
        procedure.duration_days = 30
        reports = self.env["ir.actions.report"].with_user(self.officer)
        content = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            "npo_relations.report_procedure_card", procedure.ids
        )[0]
        pages = read_pdf(content)
        self.assertEqual(len(pages), 1)
        text = " ".join(pages[0].split())
        self.assertIn(procedure.name, text)
        self.assertIn("P01", text)
        self.assertRegex(text, "Working days: ?30")

    def test_rights(self):
        """The governance officer writes procedures; the others read them."""
        procedure = self.procedures["P01"]
        self.assertTrue(procedure.with_user(self.officer).name)
        with self.assertRaises(AccessError):
            procedure.with_user(self.officer).name = "Other"
        with Form(procedure.with_user(self.users["governor"])) as form:
            form.duration_days = 20
            with form.step_ids.new() as step:
                step.name = "One more"
        self.assertIn("One more", procedure.step_ids.mapped("name"))

    def test_copy(self):
        copy = self.procedures["P01"].copy()
        self.assertNotEqual(copy.code, "P01")
        self.assertEqual(len(copy.step_ids), len(self.procedures["P01"].step_ids))

    @mute_logger("odoo.sql_db")
    def test_constraints(self):
        values = {"code": "P01", "name": "Twice", "company_id": self.company.id}
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["npo.procedure"].create(values)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.procedures["P01"].duration_days = -1
            self.env.flush_all()
