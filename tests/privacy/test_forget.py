import os

from odoo.tests import tagged

from .common_forget import ForgetCommon


@tagged("post_install", "-at_install")
class TestForget(ForgetCommon):
    """P016: nothing is left of a person, and the statistics are what they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_person()
        cls.partner = cls.file.partner_id
        cls._end_all(cls.partner)
        cls._long_ago()

    def test_nothing_is_left(self):
        """D17, P016: every value is somewhere before, and nowhere afterwards.

        Texts, structures and bytes of every table; the files on the disk as well.
        """
        words = list(self.words.values())
        before = self._found(words)
        self.assertEqual(set(before), set(words), "each value stands somewhere")
        files = self._files()
        self.assertGreater(len(files), 2)
        session = self._approved()
        self.assertIn(self.partner.id, session.line_ids.mapped("res_id"))
        self._carry_out(session)
        self.assertEqual(set(session.line_ids.mapped("state")), {"done"})
        self.assertEqual(self._found(words), {})
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertEqual([path for path in files if os.path.exists(path)], [])

    def _files(self):
        """Return where the files of the person lie on the disk."""
        attachments = self.env["ir.attachment"].sudo()
        own = attachments.search(
            [
                ("id", "!=", False),
                ("res_field", "in", (False, "file", "image_1920", "image_128")),
                ("res_model", "in", ("npo.request", "npo.document", "res.partner")),
                ("create_date", ">=", self.file.create_date),
                ("company_id", "in", (False, self.company.id)),
            ]
        ).filtered("store_fname")
        own = own.filtered(
            lambda one: one.res_model != "res.partner" or one.res_id == self.partner.id
        )
        return {own._full_path(one.store_fname) for one in own}

    def test_portal_account(self):
        """P016: the account in the portal lets nobody in any more."""
        user = self.portal_user
        user.password = "a-long-enough-password"
        self._carry_out(self._approved())
        self.assertFalse(user.active)
        self.assertNotIn("@", user.login)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_what_stays(self):
        """D17: the rows, their stage, gender, category, days and year of birth stay."""
        request = self.env["npo.request"].search([("partner_id", "=", self.partner.id)])
        kept = ("stage_id", "service_id", "amount_requested", "create_date", "name")
        before = request.read(kept)
        gender, born = self.partner.npo_gender, self.file.birth_date
        self._carry_out(self._approved())
        self.assertEqual(request.read(kept), before)
        self.assertEqual(self.partner.npo_gender, gender)
        self.assertEqual(self.file.birth_date, born.replace(month=1, day=1))
        self.assertTrue(request.stage_log_ids)
        self.assertFalse(request.message_ids)

    def test_others_are_untouched(self):
        """Nothing of anybody else is changed: the same search finds them all."""
        other = self._new_beneficiary(1, name="Hessah Wadifah Stays")
        request = self._new_request(other, description="Wadifah words")
        request.message_post(body="Wadifah talk")
        words = ["Wadifah words", "Wadifah talk", "Hessah Wadifah Stays"]
        before = self._found(words)
        self._carry_out(self._approved())
        self.assertEqual(self._found(words), before)
