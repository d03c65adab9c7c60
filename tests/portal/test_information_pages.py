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

    # ------------------------------------------------------------
    # WRONG, ASKED FOR, FOLLOWED
    # ------------------------------------------------------------

    def _send(self, address, **data):
        """Send a form as its page offers it; return the page that follows."""
        self.company.npo_form_seconds = 0
        _response, page = self._get(address)
        hidden = page.xpath("//main//form//input[@type='hidden']")
        data |= {field.get("name"): field.get("value") for field in hidden}
        return self._post(page.xpath("//main//form/@action")[0], data)

    def _newest(self, model):
        return self.env[model].search([], order="id desc", limit=1)

    def test_something_is_wrong(self):
        """R166: who says that an item is wrong asks an inquiry that points at it."""
        _response, page = self._get("/information")
        address = f"/ask?item={self.item.id}"
        self.assertTrue(page.xpath(f"//a[contains(@href, '{address}')]"))
        _response, page = self._get(address)
        self.assertIn(self.item.name, page.text_content())
        response, _page = self._send(address, description="It is the tenth now.")
        self.assertTrue(self._path(response).startswith("/sent/"))
        inquiry = self._newest("npo.inquiry")
        self.assertEqual(inquiry.info_item_id, self.item)
        self.assertEqual(inquiry.partner_id, self.partner)
        self.assertEqual(inquiry.description, "It is the tenth now.")
        self.assertEqual(self.item.activity_ids.user_id, self.item.owner_id)
        self.authenticate(None, None)
        self._send(address, description="The tenth.")
        again = self._newest("npo.inquiry")
        self.assertEqual(again.info_item_id, self.item)
        self.assertNotEqual(again, inquiry)

    def test_nothing_of_what_is_not_shown(self):
        """R165: the number of an item for others, of a draft or of nothing is none."""
        for wrong in (self.other.id, self.hidden.id, 10**9, "x", "1' OR 1=1"):
            with self.subTest(wrong):
                response, _page = self._get(f"/ask?item={wrong}")
                self.assertNotIn(self.other.name, response.text)
                self.assertNotIn(self.hidden.name, response.text)
                self._send("/ask", description="What is it?", item=wrong)
                inquiry = self._newest("npo.inquiry")
                self.assertFalse(inquiry.info_item_id)
                self.assertEqual(inquiry.title, "What is it?")
        self.assertFalse((self.other | self.hidden).activity_ids)

    def test_asked_for_and_followed(self):
        """R165, R053: sent without an account, followed by its number and its code."""
        self.authenticate(None, None)
        address = "/request-information"
        self._send(address, description="How many families were helped?")
        case = self._newest("npo.info.request")
        for code, is_shown in ((case._tracking_code(), True), ("AAAA2222", False)):
            answer = self._post("/track", {"reference": case.name, "digits": code})
            lang = answer[1].xpath("/html/@lang")[0].replace("-", "_")
            sentence = case.with_context(lang=lang)._public_sentence()
            text = " ".join(answer[1].text_content().split())
            self.assertEqual(sentence in text, is_shown)
