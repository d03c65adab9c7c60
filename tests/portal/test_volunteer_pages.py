from odoo.tests import tagged

from .common import PortalCommon

TOLD = {
    "contact_name": "أم علي",
    "contact_phone": "0507654321",
    "subject": "إيجار ثلاثة أشهر لم يُدفع",
    "summary": "لديها <b>أربعة</b> أطفال.",
}


@tagged("post_install", "-at_install")
class TestVolunteerPages(PortalCommon):
    """R091: a volunteer tells of somebody, and sees that it arrived, no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kind = cls.env.ref("npo_relations.npo_stakeholder_type_volunteer")
        cls.company.npo_stakeholder_type_ids |= kind
        cls.other = cls._new_portal_user("npo_other_volunteer")
        for user in cls.portal_user | cls.other:
            user.partner_id.npo_kind_ids |= kind

    def _newest(self):
        return self.env["npo.interaction"].search([], order="id desc", limit=1)

    def _tell(self, **vals):
        notice = self.env["npo.consent"]._notice(self.company)
        return self._post("/my/referrals", {**TOLD, "notice": notice.id, **vals})

    def _rows(self, page):
        return [row.text_content() for row in page.find_class("o_npo_row")]

    def test_refer(self):
        """R091: from the home of the portal to the form, and back with its number."""
        _response, page = self._get("/my")
        self.assertTrue(page.xpath("//a[contains(@href, '/my/referrals')]"))
        _response, page = self._get("/my/referrals")
        self.assertFalse(self._rows(page))
        notice = self.env["npo.consent"]._notice(self.company)
        shown = page.xpath("//input[@name='notice']/@value")
        self.assertEqual(shown, [str(notice.id)])
        self.assertIn(
            self.company.name, page.get_element_by_id("notice").text_content()
        )
        hostile = {"partner_id": self.partner.id, "channel_id": 1, "company_id": 1}
        response, page = self._tell(**hostile)
        self.assertEqual(self._path(response), "/my/referrals")
        referral = self._newest()
        self.assertEqual(referral.referrer_id, self.partner)
        self.assertEqual(referral.channel_code, "volunteer")
        self.assertEqual(referral.notice_text_id, notice)
        self.assertEqual(referral.contact_name, TOLD["contact_name"])
        self.assertEqual(referral.summary, TOLD["summary"])
        self.assertFalse(referral.partner_id)
        self.assertEqual(referral.company_id, self.company)
        [row] = self._rows(page)
        self.assertIn(referral.name, row)
        for word in (TOLD["contact_name"], TOLD["contact_phone"], TOLD["subject"]):
            self.assertNotIn(word, row)

    def test_taken_up(self):
        """R091: what became of it in one sentence; nothing of the person."""
        self._tell()
        referral = self._newest()
        _response, page = self._get("/my/referrals")
        [before] = self._rows(page)
        self.env["npo.inquiry"].create(
            {
                "title": "Umm Ali asks for the rent",
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "contact_name": "Umm Ali",
                "interaction_id": referral.id,
            }
        )
        _response, page = self._get("/my/referrals")
        [after] = self._rows(page)
        self.assertNotEqual(before, after)
        self.assertNotIn("Umm Ali", page.text_content())

    def test_own_only(self):
        """R091: neither another volunteer nor who is none sees it."""
        self._tell()
        number = self._newest().name
        self._log_in(self.other)
        _response, page = self._get("/my/referrals")
        self.assertFalse(self._rows(page))
        self.assertNotIn(number, page.text_content())
        self._log_in(self.stranger)
        count = self.env["npo.interaction"].search_count([])
        response, page = self._get("/my/referrals")
        self.assertEqual(self._path(response), "/my")
        self.assertFalse(page.xpath("//a[contains(@href, '/my/referrals')]"))
        response, _page = self._tell()
        self.assertEqual(self._path(response), "/my")
        self.authenticate(None, None)
        response = self.url_open("/my/referrals", allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertEqual(self.env["npo.interaction"].search_count([]), count)

    def test_what_is_missing(self):
        """What was typed comes back with what is missing or wrong in it (P015 too)."""
        for wrong in (
            {"contact_name": ""},
            {"subject": " "},
            {"contact_phone": "12"},
            {"summary": "x" * 20000},
            {"notice": ""},
        ):
            with self.subTest(str(wrong)[:30]):
                count = self.env["npo.interaction"].search_count([])
                _response, page = self._tell(**wrong)
                self.assertTrue(page.get_element_by_id("npo_errors").text_content())
                if "contact_name" not in wrong:
                    shown = self._value(page, "contact_name")
                    self.assertEqual(shown, TOLD["contact_name"])
                self.assertEqual(self.env["npo.interaction"].search_count([]), count)
