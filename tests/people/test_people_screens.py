from odoo.tests import tagged

from ..common_browser import WebCommon
from .common import NATIONAL_ID


@tagged("post_install", "-at_install")
class TestPeopleScreens(WebCommon):
    """Each screen opens in the browser: some mistakes install and break only there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.env["npo.beneficiary"].create(
            {"name": "خالد حسن", "identity_number": NATIONAL_ID, "phone": "0501234567"}
        )
        cls.line = cls.env["npo.document"].create(
            {
                "document_type_id": cls.env.ref(
                    "npo_relations.document_type_national_id"
                ).id,
                "beneficiary_id": cls.file.id,
                "number": NATIONAL_ID,
            }
        )

    def _open(self, path, selector):
        self.browser_js(
            path,
            "console.log('test successful')",
            ready=f"Boolean(document.querySelector(`{selector}`))",
            login="admin",
        )

    def test_beneficiaries(self):
        """List, cards (the phone's view) and form, with what they must show."""
        self._open("/odoo/beneficiaries", ".o_list_view td[name=identity_masked]")
        self._open("/odoo/beneficiaries?view_type=kanban", ".o_kanban_record")
        self._open(
            f"/odoo/beneficiaries/{self.file.id}",
            ".o_form_view [name=identity_masked]",
        )

    def test_documents(self):
        """The list by itself and the form."""
        self._open("/odoo/beneficiary-documents", ".o_list_view td[name=partner_id]")
        self._open(
            f"/odoo/beneficiary-documents/{self.line.id}",
            ".o_form_view button[name=action_match]",
        )

    def test_lists_of_the_office(self):
        """The reference data."""
        self._open("/odoo/document-types", ".o_list_view td[name=max_age_days]")
        self._open("/odoo/beneficiary-categories", ".o_list_view td[name=proof]")
