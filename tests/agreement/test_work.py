from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import PDF, AgreementCommon


@tagged("post_install", "-at_install")
class TestWork(AgreementCommon):
    """R161: nothing of others is published without a licence for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.artisan = cls.env["res.partner"].create(
            {"name": "Artisan", "company_id": cls.company.id}
        )
        cls.work = (
            cls.env["npo.work"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Embroidered shawl",
                    "partner_id": cls.artisan.id,
                    "date_from": cls.today,
                    "date_until": fields.Date.add(cls.today, days=30),
                    "on_website": True,
                }
            )
        )

    def _publish(self, use="website", day=None):
        return (
            self.env["npo.work.publication"]
            .with_user(self.officer)
            .create(
                {
                    "work_id": self.work.id,
                    "use": use,
                    "date": day or self.today,
                    "place": "Home page",
                }
            )
        )

    def _refused(self, word, **how):
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self._publish(**how)
        self.assertIn(word, str(caught.exception))

    def test_publish(self):
        """Without a licence, for another use, before it and after it: refused."""
        self._refused("no licence")
        self.work.write({"licence": PDF, "licence_name": "licence.pdf"})
        self._refused("did not permit", use="print")
        self._refused("not begun", day=fields.Date.subtract(self.today, days=1))
        self._refused("has ended", day=fields.Date.add(self.today, days=31))
        publication = self._publish()
        self.assertEqual(publication.user_id, self.officer)
        with self.assertRaises(UserError), self.cr.savepoint():
            publication.use = "print"
        with self.assertRaises(UserError), self.cr.savepoint():
            self.work.with_user(self.lawyer).unlink()

    def test_expired(self):
        """What has ended is found by search as computed."""
        self.assertFalse(self.work.is_expired)
        self.work.write(
            {"date_from": "2020-01-01", "date_until": "2020-12-31", "licence": PDF}
        )
        self.assertTrue(self.work.is_expired)
        self.assertIn(self.work, self.work.search([("is_expired", "=", True)]))
        self._refused("has ended")

    def test_agreement_with_the_owner(self):
        """The agreement that permits it is one with the owner."""
        agreement = self._active()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.work.agreement_id = agreement
        own = self._active(kind="artisan", partner_id=self.artisan.id)
        self.work.agreement_id = own
        self.assertEqual(own.work_ids, self.work)
