from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestAbsence(AssociationCommon):
    """R103: who is away, and who stands in."""

    def _away(self, name, cover, first="2026-03-01", last="2026-03-10", by="manager"):
        return (
            self.env["npo.absence"]
            .with_user(self.users[by])
            .create(
                {
                    "user_id": self.users[name].id,
                    "cover_id": self.users[cover].id,
                    "company_id": self.company.id,
                    "date_from": first,
                    "date_to": last,
                }
            )
        )

    def _cover(self, name, day):
        user = self.users[name]
        covers = self.env["npo.absence"]._cover_of(user, self.company, day)
        return covers.get(user, user)

    def test_cover_on_the_days(self):
        """R103: the first and the last day are inside, the days around are not."""
        self._away("officer", "officer2")
        for day, cover in (
            (date(2026, 2, 28), "officer"),
            (date(2026, 3, 1), "officer2"),
            (date(2026, 3, 10), "officer2"),
            (date(2026, 3, 11), "officer"),
        ):
            self.assertEqual(self._cover("officer", day), self.users[cover], day)
        with freeze_time("2026-03-05 09:00:00"):
            self.assertEqual(self._cover("officer", None), self.users["officer2"])

    def test_who_stands_in_is_stood_in_for(self):
        """R103: an absence of the one who stands in leads on to the third."""
        self._away("officer", "officer2")
        self._away("officer2", "manager", "2026-03-05", "2026-03-06")
        self.assertEqual(
            self._cover("officer", date(2026, 3, 5)), self.users["manager"]
        )
        self.assertEqual(
            self._cover("officer", date(2026, 3, 7)), self.users["officer2"]
        )

    def test_no_circle(self):
        """R103: two who stand in for each other on one day would hand it on forever."""
        self._away("officer", "officer2")
        self._away("officer2", "manager", "2026-03-05", "2026-03-06")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._away("manager", "officer", "2026-03-06", "2026-03-20")
        self._away("manager", "officer", "2026-03-07", "2026-03-20")

    def test_one_a_day(self):
        """R103: a second absence of the same days, or one of oneself, is refused."""
        self._away("officer", "officer2")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._away("officer", "manager", "2026-03-10", "2026-03-12")
        self._away("officer", "manager", "2026-03-11", "2026-03-12")

    def test_own_or_by_the_manager(self):
        """R103, D02: one's own absence; that of a colleague by the manager alone."""
        own = self._away("officer", "officer2", by="officer")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._away("officer2", "manager", by="officer")
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.with_user(self.users["officer2"]).date_to = "2026-03-04"
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.with_user(self.officer).user_id = self.users["member"]
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.with_user(self.users["officer2"]).unlink()
        own.with_user(self.officer).unlink()

    def test_people_of_the_association(self):
        """R103, D06: nobody from outside stands in."""
        other = self._new_association("Other", "masaken")
        stranger = self._new_staff("stranger", "relations_officer", other)
        self.users["stranger"] = stranger
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._away("officer", "stranger")
        self.env["npo.absence"].create(
            {
                "user_id": stranger.id,
                "cover_id": self._new_staff("second", "relations_officer", other).id,
                "company_id": other.id,
            }
        )
        found = self.env["npo.absence"].with_user(self.users["manager"]).search([])
        self.assertFalse(found)
