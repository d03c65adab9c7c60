from odoo.tests import tagged

from .common import CentreCommon


@tagged("post_install", "-at_install")
class TestCentreTimeline(CentreCommon):
    """The page of a person tells of contacts, questions and suggestions (R085)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        about = {
            "partner_id": cls.person.id,
            "company_id": cls.company.id,
            "channel_id": cls.env.ref("npo_relations.channel_website").id,
            "site_id": cls.site.id,
        }
        cls._record()
        for name in ("inquiry", "complaint", "suggestion"):
            cls.env[f"npo.{name}"].create({**about, "title": f"My {name}"})

    def _told(self, who):
        """Return {kind: titles} that somebody finds on the page."""
        pages = self.env["npo.timeline"].with_user(self.users[who])
        pages = pages.with_context(allowed_company_ids=self.company.ids)
        page = pages._new_page(self.person.with_user(self.users[who]))
        told = {}
        for entry in page._entries(50):
            told.setdefault(entry["kind"], []).append(entry["title"])
        return told

    def test_officer(self):
        told = self._told("officer")
        self.assertIn("The rent", told["interaction"][0])
        for kind in ("inquiry", "suggestion"):
            self.assertIn(f"My {kind}", told[kind][0])

    def test_others(self):
        """Who may not read the contacts and the suggestions finds none."""
        for who in ("researcher", "deliverer", "delegate"):
            told = self._told(who)
            with self.subTest(who):
                self.assertFalse({"interaction", "suggestion"} & set(told))
