from odoo import SUPERUSER_ID, api
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NATIONAL_ID, OTHER_NATIONAL_ID, PeopleCommon


@tagged("post_install", "-at_install")
class TestDuplicate(PeopleCommon):
    """R108: one live file for a person in an association."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._new_file(name="First", identity_number=NATIONAL_ID)

    def _create(self, **vals):
        vals = {"name": "Again", "identity_number": NATIONAL_ID, **vals}
        return self._as(self.Beneficiary, self.officer).create(vals)

    def test_create_redirects(self):
        """The officer is led to the first file; the number is not in the message."""
        self.first._register_file()
        with self.assertRaises(RedirectWarning) as error:
            self._create(identity_number="١٠٠٠-٠٠٠٠٠٨")
        message, action, button = error.exception.args[:3]
        self.assertIn(self.first.file_no, message)
        self.assertNotIn(NATIONAL_ID, message)
        self.assertEqual(action["res_id"], self.first.id)
        self.assertEqual(action["res_model"], "npo.beneficiary")
        self.assertEqual(action["views"], [(False, "form")])
        self.assertTrue(button)

    def test_no_contact_left_behind(self):
        """A refused file leaves no contact of it behind."""
        before = self.env["res.partner"].search_count([("name", "=", "Again")])
        with self.assertRaises(RedirectWarning):
            self._create()
        after = self.env["res.partner"].search_count([("name", "=", "Again")])
        self.assertEqual(before, after)

    def test_write_redirects(self):
        """Writing the number, reviving and reopening are the same as creating."""
        second = self._create(identity_number=OTHER_NATIONAL_ID)
        with self.assertRaises(RedirectWarning):
            second.write({"identity_number": NATIONAL_ID})
        self.assertEqual(second.identity_number, OTHER_NATIONAL_ID)
        self.first.active = False
        second.write({"identity_number": NATIONAL_ID})
        with self.assertRaises(RedirectWarning):
            self._as(self.first, self.officer).action_unarchive()

    def test_ended_file_is_no_obstacle(self):
        """Live means active and neither closed nor rejected."""
        self.first._change_state("closed", "moved")
        second = self._create()
        self.assertEqual(second.state, "prospect")
        with self.assertRaises(RedirectWarning):
            self._as(self.first, self.officer).action_reopen(note="back")

    def test_other_company(self):
        """D06: another association may know the same person."""
        file = self._as(self.Beneficiary, self.other_officer).create(
            {"name": "There", "identity_number": NATIONAL_ID}
        )
        self.assertEqual(file.company_id, self.other_company)

    def test_other_site(self):
        """A delegate who may not open the file is told whom to ask, without a link."""
        delegate = self.users_by_role["branch_delegate"]
        with self.assertRaises(UserError) as error:
            self._as(self.Beneficiary, delegate).create(
                {"name": "Again", "identity_number": NATIONAL_ID}
            )
        self.assertNotIn("First", str(error.exception))
        self.assertNotIsInstance(error.exception, RedirectWarning)

    def test_portal_learns_nothing(self):
        """In the portal another person's file is not even named."""
        own = self.Beneficiary._for_partner(self.portal_user.partner_id, self.company)
        own = own.with_user(self.portal_user).sudo()
        with self.assertRaises(ValidationError) as error:
            own._portal_write({"identity_number": NATIONAL_ID})
        self.assertNotIn("First", str(error.exception))

    def test_same_contact_twice(self):
        """R212: one live file for a contact."""
        with self.assertRaises(RedirectWarning):
            self._create(partner_id=self.first.partner_id.id, identity_number=False)

    @mute_logger("odoo.sql_db")
    def test_twice_in_one_batch(self):
        """An import that brings a person twice is refused as a whole."""
        with self.assertRaises(ValidationError):
            self.Beneficiary.create(
                [
                    {
                        "name": name,
                        "identity_number": OTHER_NATIONAL_ID,
                        "company_id": self.company.id,
                    }
                    for name in "AB"
                ]
            )

    def test_files_without_number(self):
        """Visitors without an identity number are no duplicates of each other."""
        self._create(identity_number=False)
        self._create(identity_number=False)


@tagged("post_install", "-at_install")
class TestDuplicateRace(PeopleCommon):
    """R108: two officers press at one instant; one file comes to be.

    With two real transactions: what they commit is deleted again at the end.
    """

    def setUp(self):
        super().setUp()
        self.number = "1999999996"
        self.addCleanup(self._clean_up)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            files = self._env(cr)["npo.beneficiary"].with_context(active_test=False)
            files = files.search([("identity_number", "=", self.number)])
            partners = files.partner_id
            files.unlink()
            partners.unlink()

    def _create(self, env, name):
        return env["npo.beneficiary"].create(
            {"name": name, "identity_number": self.number}
        )

    def _take_snapshot(self, cr):
        """The first statement fixes what a transaction sees (REPEATABLE READ)."""
        cr.execute("SELECT count(*) FROM npo_beneficiary")

    @mute_logger("odoo.sql_db")
    def test_create_race(self):
        """The second sees nothing, is refused by the index, and gets the same link."""
        with self.registry.cursor() as winner_cr, self.registry.cursor() as loser_cr:
            self._take_snapshot(loser_cr)
            winner = self._create(self._env(winner_cr), "Winner")
            winner_cr.commit()
            loser_env = self._env(loser_cr)
            self.assertFalse(
                loser_env["npo.beneficiary"].search(
                    [("identity_number", "=", self.number)]
                )
            )
            with self.assertRaises(RedirectWarning) as error:
                self._create(loser_env, "Loser")
            message, action = error.exception.args[:2]
            self.assertIn("Winner", message)
            self.assertNotIn(self.number, message)
            self.assertEqual(action["res_id"], winner.id)
            # the transaction of the loser goes on: nothing of it is broken or left
            self.assertFalse(loser_env["res.partner"].search([("name", "=", "Loser")]))
            loser_cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_write_race(self):
        """The same for a number written to an existing file."""
        with self.registry.cursor() as cr:
            other = self._env(cr)["npo.beneficiary"].create({"name": "Other"})
            other_id, other_partner_id = other.id, other.partner_id.id
            cr.commit()
        with self.registry.cursor() as winner_cr, self.registry.cursor() as loser_cr:
            self._take_snapshot(loser_cr)
            winner = self._create(self._env(winner_cr), "Winner")
            winner_cr.commit()
            loser = self._env(loser_cr)["npo.beneficiary"].browse(other_id)
            with self.assertRaises(RedirectWarning) as error:
                loser.write({"identity_number": self.number})
            self.assertEqual(error.exception.args[1]["res_id"], winner.id)
            loser_cr.rollback()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["npo.beneficiary"].browse(other_id).unlink()
            env["res.partner"].browse(other_partner_id).unlink()
