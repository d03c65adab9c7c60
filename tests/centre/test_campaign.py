from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestCampaign(CentreCommon):
    """R075, R181, R183: what is made known, whom it reached, what came of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.portal = cls.env.ref("npo_relations.channel_portal")

    def _campaign(self, user="centre", **vals):
        campaigns = self.env["npo.campaign"].with_user(self.users[user])
        return campaigns.create(
            {
                "title": "Apply from your phone",
                "date_from": self.today - timedelta(days=10),
                "date_to": self.today,
                "objective": "More requests by the portal",
                **vals,
            }
        )

    def _post(self, campaign, **vals):
        channel = self.env.ref("npo_relations.channel_website")
        return campaign.post_ids.create(
            {
                "campaign_id": campaign.id,
                "channel_id": channel.id,
                "url": "https://example.com/1",
                "reach": 1200,
                **vals,
            }
        )

    def _sent(self, index, days, channel=None):
        request = self._new_request(self._new_beneficiary(index)).sudo()
        request.date_submitted = self.today - timedelta(days=days)
        if channel:
            request.channel_id = channel
        return request

    def test_from_end_to_end(self):
        """R181: reach and electronic requests before and after, by their measure."""
        self._sent(1, 20)
        self._sent(2, 3)
        self._sent(3, 2, self.portal)
        self.env.flush_all()
        campaign = self._campaign()
        self.assertRegex(campaign.name, r"^CAM/\d{4}/\d{5}$")
        campaign.action_start()
        with self.assertRaisesRegex(UserError, "link of one post"):
            campaign.action_finish()
        self._post(campaign)
        self._post(campaign, reach=300, url=False)
        self.assertEqual(campaign.reach, 1500)
        with self.assertRaisesRegex(UserError, "what came of it"):
            campaign.action_finish()
        campaign.result = "Twice as many"
        campaign.action_finish()
        self.assertRecordValues(
            campaign, [{"state": "closed", "share_before": 0, "share_after": 50}]
        )
        with self.assertRaises(UserError):
            campaign.action_start()
        with self.assertRaises(AccessError):
            campaign.write({"share_after": 99})
        with self.assertRaises(AccessError):
            campaign.with_user(self.users["auditor"]).action_measure()
        kpi = self.env.ref("npo_relations.kpi_campaign_reach")
        counted, reach = kpi._figures(self.company, self.today, self.today)[kpi]
        self.assertEqual((counted, reach), (2, 1500))

    def test_bad_input(self):
        campaign = self._campaign()
        for url in ("example.com", "javascript:alert(1)", "https://"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self._post(campaign, url=url)
        for vals in ({"reach": -1}, {"clicks": -5}):
            with self.subTest(str(vals)), mute_logger("odoo.sql_db"):
                with self.assertRaises(IntegrityError), self.cr.savepoint():
                    self._post(campaign, **vals)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._campaign(date_to=self.today - timedelta(days=99))
        later = self._campaign(
            date_from=self.today + timedelta(days=5),
            date_to=self.today + timedelta(days=9),
            result="x",
        )
        later.action_start()
        self._post(later)
        with self.assertRaisesRegex(UserError, "not begun"):
            later.action_finish()

    def test_story_needs_consent(self):
        """R075: a story without a consent on record is refused, by every way."""
        stories = self.env["npo.story"].with_user(self.users["centre"])
        story = stories.create(
            {"name": "A workshop", "body": "I sew.", "partner_id": self.person.id}
        )
        self.assertFalse(story.has_consent)
        with self.assertRaisesRegex(ValidationError, "has not agreed"):
            story.action_publish()
        with self.assertRaisesRegex(ValidationError, "has not agreed"):
            story.sudo().is_published = True
        story.invalidate_recordset()
        made = stories.create(
            {
                "name": "x",
                "body": "x",
                "partner_id": self.person.id,
                "is_published": True,
            }
        )
        self.assertFalse(made.is_published)
        with self.assertRaises(AccessError):
            stories.with_user(self.users["researcher"]).search([])
