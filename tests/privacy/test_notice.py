from odoo.exceptions import UserError
from odoo.tests import tagged

from ..portal.test_voice_pages import VoicePagesCommon


@tagged("post_install", "-at_install")
class TestNotice(VoicePagesCommon):
    """P015, P019, P024: the notice at collection, the page of it, who processes."""

    def test_shown_and_kept(self):
        """P015: each public form shows the notice; what was shown is kept with it."""
        notice = self.env["npo.consent"]._notice(self.company)
        for kind in ("complain", "ask", "suggest", "help", "request-information"):
            with self.subTest(kind):
                _response, page = self._get(f"/{kind}")
                shown = page.xpath("//input[@name='notice']/@value")
                self.assertEqual(shown, [str(notice.id)])
                self.assertIn(
                    self.company.name, page.get_element_by_id("notice").text_content()
                )
        self._send()
        self.assertEqual(self._newest().notice_text_id, notice)
        before = self._count()
        for wrong in ("", "0", "x"):
            self._send(notice=wrong)
        self.assertEqual(self._count(), before)
        newer = self.env["npo.consent.text"].create(
            {
                "purpose_id": notice.purpose_id.id,
                "company_id": self.company.id,
                "date_from": self.company._npo_today(),
                "text": "{association} uses your data to help you.",
            }
        )
        self._send(notice=notice.id)  # an old form: it is shown anew
        self.assertEqual(self._count(), before)
        self._send(notice=newer.id)
        self.assertEqual(self._newest().notice_text_id, newer)
        for shown in (notice, newer):
            with self.subTest(shown.version), self.assertRaises(UserError):
                shown.text = "Something else"

    def test_page(self):
        """P015, P018, P019: purposes, data, method, storage, rights, whom to ask."""
        self.company.write(
            {"npo_privacy_email": "dpo@example.com", "npo_privacy_phone": "0112223334"}
        )
        response, page = self._get("/privacy")
        self.assertEqual(response.status_code, 200)
        text = page.text_content()
        activities = self.env["npo.processing.activity"].search(
            [("company_id", "=", self.company.id)]
        )
        lang = page.xpath("/html/@lang")[0].replace("-", "_")
        for activity in activities.with_context(lang=lang):
            for value in (activity.name, activity.purpose, activity.retention):
                self.assertIn(value, text)
        self.assertIn("dpo@example.com", text)
        self.assertIn("0112223334", text)
        self.assertIn("30", text)
        self.assertTrue(page.xpath("//a[contains(@href, '/my/privacy')]"))
        activities.write({"date_from": "2019-01-01", "date_to": "2020-01-01"})
        _response, page = self._get("/privacy")
        self.assertFalse(page.xpath("//section[@aria-labelledby='npo_data_use']"))

    def test_processors(self):
        """P024: a gateway that is set up asks for an agreement in force."""

        def states():
            checks = self.env["npo.setup.check"]._evaluate(self.company)
            return {check["code"]: check["state"] for check in checks}

        self.env["ir.mail_server"].search([]).active = False
        self.company.email = "info@example.org"
        self.assertNotIn("processor_sms", states())
        self.assertNotIn("processor_mail", states())
        server = self.env["ir.mail_server"].create(
            {"name": "Own", "smtp_host": "mail.example.org"}
        )
        self.assertNotIn("processor_mail", states())
        server.smtp_host = "smtp.elsewhere.com"
        self.company.npo_sms_enabled = True
        self.assertEqual(states()["processor_sms"], "missing")
        self.assertEqual(states()["processor_mail"], "missing")
        agreement = self.env["npo.agreement"].create(
            {
                "title": "Text messages",
                "kind": "data_processing",
                "company_id": self.company.id,
                "partner_id": self.env["res.partner"].create({"name": "Gateway"}).id,
            }
        )
        self.company.npo_sms_agreement_id = agreement
        self.assertEqual(states()["processor_sms"], "missing")
        agreement.sudo().state = "active"
        self.assertEqual(states()["processor_sms"], "done")
