import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PDF, PortalCommon

ACTIVITY = "npo_relations.mail_activity_page_review"


@tagged("post_install", "-at_install")
class TestServicePage(PortalCommon):
    """R207, R208, R176: the service centre on the website, and who looks after it."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_anybody_rates(self):
        """R076, R078: the page leads to a questionnaire that needs no invitation."""
        _response, page = self._get("/service-centre")
        [path] = page.xpath("//a[starts-with(@href, '/opinion/open/')]/@href")
        _response, page = self._get(path)
        self.assertTrue(page.xpath("//form//input[@type='radio']"))

    def test_page(self):
        """R207, R208, P070: services, channels, hours, officers, rights, the forms."""
        self.service.is_published = True
        self.company.npo_contact_hours = "8-16"
        work_field = self.env["npo.work.field"].search([], limit=1)
        self.company.npo_work_field_ids |= work_field
        self.env["npo.liaison"].search([("company_id", "=", self.company.id)]).unlink()
        self.env["npo.liaison"].create(
            {
                "work_field_id": work_field.id,
                "user_id": self.officer.id,
                "contact": "0110000000",
                "company_id": self.company.id,
            }
        )
        answers = self.env["npo.answer"].create(
            [
                {"name": "متى تفتحون؟", "body": "{name} من الثامنة."},
                {"name": "تُدفع رسوم", "body": "لا.", "kind": "misconception"},
                {"name": "سؤال لم ينشر", "body": "..."},
            ]
        )
        answers[:2].sudo().state = "published"
        policy = self.company.npo_policy_version_id.policy_id
        policy.is_published = True
        response, page = self._get("/service-centre")
        text = page.text_content()
        lang = page.xpath("/html/@lang")[0].replace("-", "_")
        channel = self.company._npo_page_channels()[:1].with_context(lang=lang)
        for shown in (
            self.service.with_context(lang=lang).name,
            channel.name,
            "8-16",
            self.site.with_context(lang=lang).name,
            work_field.with_context(lang=lang).name,
            "0110000000",
            "متى تفتحون؟",
            "من الثامنة.",
        ):
            self.assertIn(shown, text)
        for hidden in ("سؤال لم ينشر", "{name}"):
            self.assertNotIn(hidden, text)
        # what is not true is not listed as if it were
        asked = {
            node.find("summary").text_content().strip()
            for node in page.xpath("//section[@aria-labelledby='npo_answers']/details")
        }
        self.assertIn("متى تفتحون؟", asked)
        self.assertNotIn("تُدفع رسوم", asked)
        self.assertTrue(any(said.endswith("تُدفع رسوم") for said in asked))
        links = {
            href.partition("?")[0].rpartition("/")[2]
            for href in page.xpath("//a/@href")
        }
        ways = {"ask", "complain", "suggest", "help", "track", "rights"}
        self.assertLessEqual(ways | {"policy"}, links)
        self.assertLess(len(response.content), 100 * 1024)

    def test_guides(self):
        """R176, R207: a published guide is read and downloaded; no other is."""
        lang = self.env["website"].search([], limit=1).default_lang_id.code
        vals = {"lang": lang, "company_id": self.company.id}
        pdf = {"file": base64.b64encode(PDF), "file_name": "guide.pdf"}
        guides = self.env["npo.guide"].create(
            [
                {"name": "كيف أسجل؟", "body": "<p>خطوة</p>", **pdf, **vals},
                {"name": "لم ينشر بعد", **pdf, **vals},
            ]
        )
        guides[0].action_publish()
        _response, page = self._get("/service-centre")
        text = page.text_content()
        self.assertIn("كيف أسجل؟", text)
        self.assertIn("خطوة", text)
        self.assertNotIn("لم ينشر بعد", text)
        files = [f"/service-centre/guides/{guide.id}" for guide in guides]
        self.assertEqual(self.url_open(files[0]).content, PDF)
        self.assertNotEqual(self.url_open(files[1]).content, PDF)

    def test_links_lead_somewhere(self):
        """R207: no link of the page is broken."""
        policy = self.company.npo_policy_version_id.policy_id
        policy.is_published = True
        _response, page = self._get("/service-centre")
        inside = {href for href in page.xpath("//main//a/@href") if href[:1] == "/"}
        self.assertGreater(len(inside), 5)
        for href in inside:
            with self.subTest(href):
                self.assertEqual(self.url_open(href).status_code, 200)

    def test_empty_association(self):
        """R207: an association that has entered nothing has a page all the same."""
        website = self.env["website"].search([], limit=1)
        website.company_id = self.env["res.company"].create({"name": "Bare"})
        _response, page = self._get("/service-centre")
        self.assertTrue(page.find_class("o_npo_ways"))

    def test_review(self):
        """R207: overdue is flagged and told once; marked as done, it was reviewed."""
        company = self.company
        checks = self.env["npo.setup.check"]
        today = company._npo_today()
        company.write(
            {"npo_page_user_id": self.officer.id, "npo_page_review_date": today}
        )
        self.assertEqual(checks._page_check(company)["state"], "done")
        company._cron_npo_page_review()
        kind = self.env.ref(ACTIVITY)
        domain = [
            ("activity_type_id", "=", kind.id),
            ("res_id", "=", company.partner_id.id),
        ]
        activities = self.env["mail.activity"]
        self.assertFalse(activities.search(domain))
        company.npo_page_review_date = today - timedelta(days=400)
        self.assertIn("overdue", checks._page_check(company)["why"])
        for _time in range(2):
            company._cron_npo_page_review()
        activity = activities.search(domain)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.officer)
        activity.action_done()
        self.assertEqual(company.npo_page_review_date, today)
        company._cron_npo_page_review()
        self.assertFalse(activities.search(domain))

    def test_owner_missing(self):
        """R207: a page without an owner is not done."""
        line = self.env["npo.setup.check"]._page_check(self.company)
        self.assertEqual(line["state"], "missing")

    def test_share(self):
        """R208: the share of requests that came by website or portal is a measure."""
        kpi = self.env.ref("npo_relations.kpi_e_service_share")
        day = self.company._npo_today()
        period = (self.company, day - timedelta(days=1), day)
        counted, kept = kpi._figures(*period)[kpi]
        website = self.env.ref("npo_relations.channel_website")
        beneficiary = self._new_beneficiary()
        for channel in (website, self.channel):
            request = self._new_request(beneficiary, channel_id=channel.id)
            request.sudo().date_submitted = fields.Datetime.now()
        self.env.flush_all()
        self.assertEqual(kpi._figures(*period)[kpi], (counted + 2, kept + 1))

    def test_slip(self):
        """R076, P070: what a person takes along leads to the page."""
        message = self.env["npo.message"].create(
            {
                "res_model": "npo.request",
                "res_id": self._new_request().id,
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "subject": "Slip",
                "body": "<p>Text</p>",
            }
        )
        report = "npo_relations.action_report_npo_message_slip"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, message.ids
        )
        self.assertIn("/service-centre", html.decode())
        self.assertIn("data:image/svg+xml;base64", html.decode())
