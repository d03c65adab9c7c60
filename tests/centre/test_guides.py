import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common_browser import WebCommon
from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestGuides(CentreCommon):
    """User guides in versions, and notions put right: R074, R176, R182."""

    def _guide(self, **vals):
        guides = self.env["npo.guide"].with_user(self.users["centre"])
        return guides.create(
            {
                "name": "How to register",
                "body": "<p>One</p>",
                "service_id": self.service.id,
                "lang": "ar_001",
                **vals,
            }
        )

    def test_versions(self):
        """R176: a new version is written beside the old one, and then replaces it."""
        guide = self._guide()
        guide.action_publish()
        self.assertEqual(guide.date_published, self.company._npo_today())
        following = guide.browse(guide.action_new_version()["res_id"])
        self.assertEqual((following.version, following.name), ("2", guide.name))
        self.assertFalse(following.is_published or following.date_published)
        self.assertTrue(guide.is_published)
        with self.assertRaises(UserError):
            guide.action_new_version()
        following.action_publish()
        self.assertFalse(guide.is_published or guide.active)
        self.assertTrue(following.is_published)
        following.date_published = "2020-01-01"  # only the button says
        self.assertEqual(following.date_published, self.company._npo_today())
        with self.assertRaises(AccessError):
            guide.with_user(self.users["auditor"]).action_new_version()

    def test_coverage(self):
        """R176: services without a guide are listed and counted, as it stands."""
        kpi = self.env.ref("npo_relations.kpi_guides_coverage")
        services = self.env["npo.service"].search([])
        figure = (len(services), 0)
        today = self.company._npo_today()
        self.assertEqual(kpi._figures(self.company, today, today)[kpi], figure)
        self._guide().action_publish()
        self.env.flush_all()
        figure = (len(services), 1)
        self.assertEqual(kpi._figures(self.company, today, today)[kpi], figure)
        missing = self.env.ref("npo_relations.npo_guide_action_missing")
        listed = self.env["npo.service"].search(
            json.loads(
                missing.domain.replace("'", '"')
                .replace("True", "true")
                .replace("(", "[")
                .replace(")", "]")
            )
        )
        self.assertEqual(listed, services - self.service)

    def test_notions(self):
        """R074: a new association finds five notions, as drafts of its own."""
        notions = self.env["npo.answer"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "misconception")]
        )
        self.assertEqual(len(notions), 5)
        self.assertEqual(set(notions.mapped("state")), {"draft"})
        self.assertEqual(
            notions.topic_id, self.env.ref("npo_relations.inquiry_topic_misconception")
        )
        self.company._npo_load_notions()
        self.assertEqual(notions.search_count([("kind", "=", "misconception")]), 5)
        notion = notions[0].with_user(self.users["centre"])
        with self.assertRaises(ValidationError):
            notion.reach = 10
        notion.action_ready()
        notion.action_publish()
        self.assertTrue(notion.date_published)
        notion.write({"reach": 300, "channel_ids": self.channel.ids})
        notion.action_draft()
        self.assertFalse(notion.reach or notion.date_published)


@tagged("post_install", "-at_install")
class TestGuidePages(CentreCommon, WebCommon):
    """Where people find them: the service, the question, a page of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["website"].search([]).company_id = cls.company
        cls.notion = cls.env["npo.answer"].search(
            [("company_id", "=", cls.company.id), ("kind", "=", "misconception")],
            limit=1,
        )
        cls.service.is_published = True

    def _page(self, path, status=200):
        response = self.url_open(path)
        self.assertEqual(response.status_code, status, path)
        return response.text

    def test_notion(self):
        """R074: published, it is on the page, beside the question, and by itself."""
        article = f"/service-centre/answers/{self.notion.id}"
        self._page(article, 404)
        self.assertNotIn(self.notion.name, self._page("/ask"))
        self.notion._set_state("published")
        for path in (article, "/ask", "/service-centre"):
            with self.subTest(path):
                page = self._page(path)
                self.assertIn(self.notion.name, page)
                self.assertIn(self.notion.body, page)
        self.assertIn(article, self._page("/ask"))
        self.notion._set_state("draft")
        self._page(article, 404)

    def test_service(self):
        """R182: a service has a page with its steps, documents, time and guide."""
        path = f"/service-centre/services/{self.service.id}"
        guide = self.env["npo.guide"].create(
            {
                "name": "The rent, step by step",
                "body": "<p>First the contract</p>",
                "service_id": self.service.id,
                "lang": "ar_001",
                "company_id": self.company.id,
            }
        )
        self.assertNotIn(guide.name, self._page(path))
        guide.action_publish()
        page = self._page(path)
        for words in (self.service.name, guide.name, f"/my/services/{self.service.id}"):
            with self.subTest(words):
                self.assertIn(words, page)
        self.assertIn(path, self._page("/service-centre"))
        self.service.is_published = False
        self._page(path, 404)

    def test_story(self):
        """R075: a story is on the page while the person agrees, and no longer."""
        story = self.env["npo.story"].create(
            {
                "name": "From a course to a workshop",
                "body": "I sew at home now.",
                "partner_id": self.person.id,
                "company_id": self.company.id,
            }
        )
        self.assertNotIn(story.body, self._page("/service-centre"))
        consents = self.env["npo.consent"].sudo()
        purpose = self.env["npo.consent.purpose"]._of(self.company, codes=["media"])
        consent = consents.create(
            {
                "partner_id": self.person.id,
                "purpose_id": purpose.id,
                "text_id": purpose._current_texts(self.company)[purpose].id,
                "sentence": "x",
                "company_id": self.company.id,
                "date_given": "2026-01-01",
                "method": "paper",
                "recorded_by_id": self.env.uid,
            }
        )
        story.action_publish()
        self.assertIn(story.body, self._page("/service-centre"))
        consent.write({"date_withdrawn": "2026-02-01"})
        self.assertFalse(story.is_published)
        self.assertNotIn(story.body, self._page("/service-centre"))
