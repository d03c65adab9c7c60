from odoo.tests import tagged

from ..common_browser import BrowserCommon
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestVoiceAnswerTour(PortalCommon, BrowserCommon):
    """R053, R063, R168: a question and its answer, by both sides, in Arabic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        arabic = cls.env.ref("base.lang_ar")
        website = cls.env["website"].search([], limit=1)
        website.write({"language_ids": arabic.ids, "default_lang_id": arabic.id})
        cls.liaison = cls.users["officer"]
        (cls.liaison | cls.portal_user).lang = "ar_001"
        cls.company.npo_form_seconds = 0
        field = cls.env.ref("npo_relations.work_field_housing")
        cls.company.npo_work_field_ids = field
        cls.env["npo.liaison"].create(
            {
                "work_field_id": field.id,
                "user_id": cls.liaison.id,
                "date_from": "2026-01-01",
                "company_id": cls.company.id,
            }
        )
        topic = {"name": "الإيجار", "code": "rent", "work_field_id": field.id}
        cls.topic = cls.env["npo.inquiry.topic"].create(topic)

    def test_question(self):
        """The person asks, the liaison officer answers, the person reads."""
        self._tour("/my/voice", "npo_person_asks", self.portal_user)
        inquiry = self.env["npo.inquiry"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual(inquiry.company_id, self.company)
        # the centre says what it is about; whose field that is has it then
        inquiry.topic_id = self.topic
        inquiry._assign()
        self.assertEqual(inquiry.user_id, self.liaison)
        self._build_assets(self.liaison)
        self._tour("/odoo/my-work", "npo_liaison_answers", self.liaison)
        self.assertEqual(inquiry.stage_code, "answered")
        self.assertFalse(inquiry.first_contact)
        self._tour("/my/voice", "npo_person_reads", self.portal_user)
        self.assertEqual(inquiry.stage_code, "closed")
        self.assertEqual(inquiry.satisfaction, "yes")
