from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import IBAN, NATIONAL_ID, OTHER_NATIONAL_ID, PeopleCommon

NAME = "سارة بنت خالد بن فهد العمري"


@tagged("post_install", "-at_install")
class TestDuplicateHint(PeopleCommon):
    """P037, R108: who may be the same person is told while a file is typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._new_file(
            name=NAME,
            phone="0501234567",
            birth_date="1980-05-05",
            identity_number=NATIONAL_ID,
            iban=IBAN,
        )
        cls.first._register_file()

    def _form(self, user=None, file=None):
        files = self._as(self.Beneficiary, user or self.officer)
        return Form(files.browse(file.id) if file else files)

    def test_each_reason(self):
        """A mobile in any spelling, a birth date with a name, a number, an IBAN."""
        for typed, reason in (
            ({"phone": "٠٥٠ ١٢٣ ٤٥٦٧"}, "same mobile"),
            (
                {"name": "ساره خالد العمرى", "birth_date": "1980-05-05"},
                "same birth date and a similar name",
            ),
            ({"name": NAME}, "same name"),
            ({"identity_entry": "١٠٠٠٠٠٠٠٠٨"}, "same identity number"),
            ({"iban_entry": IBAN}, "same IBAN"),
        ):
            with self.subTest(reason), self._form() as form:
                form.name = "س"
                self.assertFalse(form.duplicate_text)
                for name, value in typed.items():
                    form[name] = value
                self.assertIn(f": {reason}</li>", form.duplicate_text)
                self.assertIn(self.first.file_no, form.duplicate_text)
                self.assertIn(
                    f'href="/odoo/npo.beneficiary/{self.first.id}"', form.duplicate_text
                )
                for name in typed:
                    form[name] = False if name != "name" else "س"
                self.assertFalse(form.duplicate_text)

    def test_while_it_is_changed(self):
        """A file on record is compared as it is typed, and never with itself."""
        other = self._new_file(name="هدى مثال")
        form = self._form(file=other)
        self.assertFalse(form.duplicate_text)
        form.phone = "0501234567"
        self.assertIn("same mobile", form.duplicate_text)
        own = self._form(file=self.first)
        own.city = "مدينة مثال"
        own.phone = "0501234567"
        self.assertFalse(own.duplicate_text)

    def test_remembered(self):
        """Who was found to be somebody else is not brought up again."""
        other = self._new_file(name="هدى مثال", phone="0501234567")
        pair = self.env["npo.duplicate"].search([("second_id", "=", other.id)])
        self._as(pair, self.officer).action_different()
        form = self._form(file=other)
        form.phone = False
        form.phone = "0501234567"
        self.assertFalse(form.duplicate_text)

    def test_markup(self):
        """What stands in a name is text on the other's form."""
        self.first.file_no = "<b>1"
        form = self._form()
        form.phone = "0501234567"
        self.assertIn("&lt;b&gt;1", form.duplicate_text)

    def test_nobody_of_elsewhere(self):
        """D06, glossary 2: nobody learns of a file that they may not open."""
        delegate = self.users_by_role["branch_delegate"]
        form = self._form(delegate)
        form.phone = "0501234567"
        self.assertFalse(form.duplicate_text)
        self.first.site_id = self.branch
        form = self._form(delegate)
        form.phone = "0501234567"
        self.assertIn("same mobile", form.duplicate_text)
        form = self._form(self.other_officer)
        form.phone = "0501234567"
        self.assertFalse(form.duplicate_text)

    def test_intake(self):
        """The desk chooses the person, or says that it is another one: remembered."""
        intake = self._as(self.env["npo.request.intake"], self.officer).create(
            {"query": "هدى مثال", "name": "هدى مثال", "phone": "0501234567"}
        )
        self.assertEqual(intake.hint_ids, self.first)
        self.assertIn("same mobile", intake.hint_text)
        with self.assertRaises(UserError):
            intake._new_beneficiary()
        intake.is_other_person = True
        intake._new_beneficiary()
        pair = self.env["npo.duplicate"].search([("first_id", "=", self.first.id)])
        self.assertEqual((pair.state, pair.user_id), ("different", self.officer))

    def test_another_number_tells_them_apart(self):
        """The same mobile with another identity number is another person's."""
        form = self._form()
        form.phone = "0501234567"
        self.assertTrue(form.duplicate_text)
        form.identity_entry = OTHER_NATIONAL_ID
        self.assertFalse(form.duplicate_text)

    def test_intake_without_likeness(self):
        """Who is like nobody is registered without a question."""
        intake = self._as(self.env["npo.request.intake"], self.officer).create(
            {"query": OTHER_NATIONAL_ID, "name": "هدى مثال", "phone": "0550000000"}
        )
        self.assertFalse(intake.hint_ids)
        self.assertTrue(intake._new_beneficiary())
