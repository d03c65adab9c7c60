import base64

from odoo.fields import Command
from odoo.tests import tagged

from .common import PDF, PortalCommon


@tagged("post_install", "-at_install")
class TestInformationPages(PortalCommon):
    """R164–R167, R176, P004: what is published, for whom, and asking for more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        supplier = cls.env["npo.stakeholder.type"].search([("code", "=", "supplier")])
        cls.item = cls._item("Days of payment")
        cls.other = cls._item("How suppliers are paid", type_ids=supplier.ids)
        cls.hidden = cls._item("Not looked at yet", published=False)
        cls.guide = cls.env["npo.guide"].create(
            {
                "name": "The first steps",
                "company_id": cls.company.id,
                "file": base64.b64encode(PDF),
                "file_name": "steps.pdf",
            }
        )
        cls.guide.action_publish()

    @classmethod
    def _item(cls, name, type_ids=(), published=True):
        item = cls.env["npo.info.item"].create(
            {
                "name": name,
                "body": f"{name}: on the fifth.",
                "source": "Decision 3",
                "company_id": cls.company.id,
                "type_ids": [Command.set(type_ids)],
            }
        )
        if published:
            item.action_verify()
            item.action_publish()
        return item

    def setUp(self):
        super().setUp()
        self.authenticate("npo_applicant", "npo_applicant")

    def test_audience(self):
        """R165: what is for suppliers is not shown to a beneficiary, nor a draft."""
        response, _page = self._get("/information")
        self.assertIn(self.item.body, response.text)
        self.assertNotIn(self.other.name, response.text)
        self.assertNotIn(self.hidden.name, response.text)

    def test_supplier(self):
        """R164: a supplier finds what is for suppliers."""
        self.partner.npo_stakeholder_type_ids = self.other.type_ids
        response, _page = self._get("/information")
        self.assertIn(self.other.body, response.text)

    def test_guide(self):
        """R176: a published guide is downloaded; one taken back is not there."""
        address = f"/information/guides/{self.guide.id}"
        response, _page = self._get("/information")
        self.assertIn(address, response.text)
        self.assertEqual(self.url_open(address).content, PDF)
        self.guide.action_unpublish()
        self.assertNotEqual(self.url_open(address).content, PDF)
