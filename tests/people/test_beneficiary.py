from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged, users

from ..common import local_today
from .common import IBAN, IQAMA, NATIONAL_ID, OTHER_IBAN, PeopleCommon


@tagged("post_install", "-at_install")
class TestBeneficiary(PeopleCommon):
    """The file and its values: R042, R050, R128, R212, D03, glossary 4 and 27."""

    def test_one_contact_in_the_company(self):
        """R212, D06: one contact underneath, in the company of its file."""
        files = self.Beneficiary.create(
            [
                {"name": "A", "company_id": self.company.id},
                {"name": "B", "company_id": self.other_company.id},
            ]
        )
        self.assertEqual(
            files.partner_id.mapped("company_id"), self.company | self.other_company
        )
        self.assertRecordValues(
            files,
            [
                {"state": "prospect", "file_no": False},
                {"state": "prospect", "file_no": False},
            ],
        )

    def test_given_contact(self):
        """R212: a known contact is taken over, and comes into the association."""
        partner = self.env["res.partner"].create({"name": "Known"})
        file = self._new_file(partner_id=partner.id, name="Known by us")
        self.assertEqual(file.partner_id, partner)
        self.assertEqual(partner.company_id, self.company)
        self.assertEqual(partner.name, "Known by us")
        stranger = self.env["res.partner"].create(
            {"name": "C", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self.Beneficiary.create(
                {"partner_id": stranger.id, "company_id": self.company.id}
            )

    def test_national_id_values(self):
        """Glossary 27: valid and invalid national IDs, Arabic digits normalised."""
        for typed in (NATIONAL_ID, "١٠٠٠٠٠٠٠٠٨", " 1000-000 008 ", "۱۰۰۰۰۰۰۰۰۸"):
            file = self._new_file(identity_number=typed)
            self.assertEqual(file.identity_number, NATIONAL_ID)
            file.write({"active": False})
        self.assertEqual(
            self._new_file(identity_number="1010101010").identity_number, "1010101010"
        )
        for typed in ("1000000000", "100000000", IQAMA, "10000000081", "abc"):
            with self.subTest(typed), self.assertRaises(ValidationError) as error:
                self._new_file(identity_number=typed)
            self.assertNotIn(typed, str(error.exception))

    def test_other_identity_values(self):
        """Glossary 27 and 5: iqama, Gulf ID, passport, other."""
        for kind, typed, stored in (
            ("iqama", IQAMA, IQAMA),
            ("iqama", "٢١٢١٢١٢١٢٦", "2121212126"),
            ("gcc_id", "784-1990-1234567", "78419901234567"),
            ("passport", "a 1234567", "A1234567"),
            ("other", "T/9900", "T/9900"),
        ):
            file = self._new_file(identity_type=kind, identity_number=typed)
            self.assertEqual(file.identity_number, stored)
        for kind, typed in (
            ("iqama", "2000000000"),
            ("iqama", NATIONAL_ID),
            ("gcc_id", "ABC"),
            ("passport", "12"),
            ("passport", "A123/456"),
            ("other", "<b>1</b>"),
        ):
            with self.subTest(typed), self.assertRaises(ValidationError):
                self._new_file(identity_type=kind, identity_number=typed)

    def test_identity_type_changed_later(self):
        """A number that fits one kind does not stay when the kind changes."""
        file = self._new_file(identity_number=NATIONAL_ID)
        with self.assertRaises(ValidationError):
            file.identity_type = "iqama"

    def test_mask(self):
        """R154: lists show «••••••0008»."""
        file = self._new_file(identity_number=NATIONAL_ID)
        self.assertEqual(file.identity_masked, "••••••0008")
        file.identity_number = False
        self.assertFalse(file.identity_masked)

    def test_phone_values(self):
        """Glossary 27: a mobile in any spelling is kept as E.164."""
        for typed in (
            "0501234567",
            "501234567",
            "00966501234567",
            "٠٥٠١٢٣٤٥٦٧",
            "+966 50 123 4567",
            "966-50-123-4567",
        ):
            with self.subTest(typed):
                file = self._new_file(phone=typed)
                self.assertEqual(file.phone, "+966501234567")
                self.assertEqual(file.partner_id.phone, "+966501234567")
        file = self._new_file(phone="0112345678")
        self.assertEqual(file.phone, "+966112345678")
        file.phone = "0020 100 123 4567"
        self.assertEqual(file.phone, "+201001234567")
        for typed in ("0521234567", "05012345", "123", "+20 1", "hello"):
            with self.subTest(typed), self.assertRaises(ValidationError):
                self._new_file(phone=typed)

    def test_iban_values(self):
        """R108, glossary 27: mod 97; the core record of finance holds it."""
        file = self._new_file(iban="SA03 8000 0000 6080 1016 7519")
        self.assertEqual(file.iban, IBAN)
        bank = file.partner_id.bank_ids
        self.assertEqual(bank.sanitized_acc_number, IBAN)
        self.assertEqual(bank.acc_type, "iban")
        for typed in (
            "SA0380000000608010167518",
            "SA03",
            "GB82WEST12345698765432",
            "hello",
        ):
            with self.subTest(typed), self.assertRaises(ValidationError):
                self._new_file(iban=typed)

    def test_iban_changed(self):
        """A former account is archived, never overwritten; a known one comes back."""
        file = self._new_file(iban=IBAN)
        first = file.partner_id.bank_ids
        file.iban = OTHER_IBAN
        self.assertEqual(file.iban, OTHER_IBAN)
        self.assertFalse(first.active)
        self.assertEqual(first.sanitized_acc_number, IBAN)
        file.iban = IBAN
        self.assertTrue(first.active)
        self.assertEqual(file.partner_id.bank_ids, first)
        file.iban = False
        self.assertFalse(file.iban)
        self.assertFalse(file.partner_id.bank_ids)

    def test_iban_of_finance(self):
        """What finance records is what the file shows."""
        file = self._new_file()
        self.env["res.partner.bank"].create(
            {"partner_id": file.partner_id.id, "acc_number": OTHER_IBAN}
        )
        self.assertEqual(file.iban, OTHER_IBAN)

    def test_short_address(self):
        """Glossary 27: four letters and four digits."""
        self.assertEqual(
            self._new_file(short_address="rrrd٢٩٢٩").short_address, "RRRD2929"
        )
        for typed in ("RR2929", "RRRD292", "2929RRRD"):
            with self.subTest(typed), self.assertRaises(ValidationError):
                self._new_file(short_address=typed)

    @freeze_time("2026-03-01")
    def test_birth_date(self):
        """D08: not in the future, and no year that only a slip can give."""
        self.assertTrue(self._new_file(birth_date="2026-03-01").birth_date)
        for day in ("2026-03-03", "1899-12-31"):
            with self.subTest(day), self.assertRaises(ValidationError):
                self._new_file(birth_date=day)

    def test_name_refused(self):
        """HTML and endless text are refused on every path, the contact's too."""
        for name in ("<b>Ali</b>", "Ali <script>", "x" * 201):
            with self.subTest(name[:10]), self.assertRaises(ValidationError):
                self._new_file(name=name)
        file = self._new_file(name="x" * 200)
        with self.assertRaises(ValidationError):
            file.name = "<i>"
        with self.assertRaises(ValidationError):
            file.partner_id.name = "<img src=x onerror=alert(1)>"
        self.env["res.partner"].create({"name": "A company <of others>"})

    def test_name_cleaned(self):
        """Invisible marks and double blanks go, vowels stay."""
        file = self._new_file(name="\u200f مُحمد   علي\u200e ")
        self.assertEqual(file.name, "مُحمد علي")

    def test_display_name(self):
        """Personal data in a display name: name and file number, never the ID."""
        file = self._new_file(name="Ali", identity_number=NATIONAL_ID)
        self.assertEqual(file.display_name, "Ali")
        file._register_file()
        self.assertEqual(file.display_name, f"Ali ({file.file_no})")

    def test_primary_category(self):
        """R050: the main category is one of the categories."""
        widow = self.env.ref("npo_relations.category_widow")
        elderly = self.env.ref("npo_relations.category_elderly")
        file = self._new_file(primary_category_id=widow.id, category_ids=elderly.ids)
        self.assertEqual(file.category_ids, widow | elderly)
        file.category_ids = elderly
        self.assertEqual(file.category_ids, widow | elderly)

    def test_site(self):
        """The file belongs to the first site; a delegate's to the own one."""
        self.assertEqual(self._new_file().site_id, self.site)
        delegate = self.users_by_role["branch_delegate"]
        file = self._as(self.Beneficiary, delegate).create({"name": "Of the branch"})
        self.assertEqual(file.site_id, self.branch)
        self.assertEqual(file.company_id, self.company)

    @users("npo_relations_officer")
    def test_form(self):
        """The officer's form opens a file with its checks."""
        form = Form(self.env["npo.beneficiary"])
        form.name = "سارة محمد"
        form.identity_entry = "١٠٠٠٠٠٠٠٠٨"
        form.phone = "٠٥٠١٢٣٤٥٦٧"
        form.npo_gender = "female"
        form.iban_entry = IBAN
        file = form.save()
        self.assertEqual(file.identity_number, NATIONAL_ID)
        self.assertEqual(file.phone, "+966501234567")
        self.assertEqual(file.partner_id.npo_gender, "female")
        self.assertEqual(file.iban, IBAN)
        self.assertEqual(file.state, "prospect")

    def test_chatter_keeps_no_identity(self):
        """R154: neither the ID nor the IBAN shows in the history of the file."""
        file = self.Beneficiary.with_user(self.officer).create({"name": "Ali"})
        file.write({"identity_number": NATIONAL_ID, "iban": IBAN, "city": "Arar"})
        file.write({"identity_number": "1010101010", "iban": OTHER_IBAN})
        self.env.flush_all()
        self.cr.precommit.run()
        messages = file.sudo().message_ids | file.sudo().partner_id.message_ids
        values = self.env["mail.tracking.value"].search(
            [("mail_message_id", "in", messages.ids)]
        )
        text = " ".join(
            [
                *messages.mapped("body"),
                *(str(value.old_value_char) for value in values),
                *(str(value.new_value_char) for value in values),
            ]
        )
        for secret in (NATIONAL_ID, "1010101010", "6080", "1234567891234"):
            self.assertNotIn(secret, text)

    @freeze_time("2026-03-01 09:00:00")
    def test_register(self):
        """R128, D03: number, active state, dates of the association; idempotent."""
        self.company.npo_file_validity_months = 6
        first, second = self._new_file(name="A"), self._new_file(name="B")
        (first | second)._register_file()
        self.assertRecordValues(
            first,
            [
                {
                    "state": "active",
                    "date_registered": date(2026, 3, 1),
                    "date_renewal": date(2026, 9, 1),
                }
            ],
        )
        self.assertRegex(first.file_no, r"^BNF/2026/\d{5}$")
        self.assertNotEqual(first.file_no, second.file_no)
        number = first.file_no
        with freeze_time("2026-05-01 09:00:00"):
            first._register_file()
        self.assertEqual(first.file_no, number)
        self.assertEqual(first.date_renewal, date(2026, 9, 1))

    def test_register_per_company(self):
        """D03: each association counts for itself."""
        files = self.Beneficiary.create(
            [
                {"name": "A", "company_id": self.company.id},
                {"name": "B", "company_id": self.other_company.id},
            ]
        )
        files._register_file()
        self.assertEqual(files[0].file_no, files[1].file_no)

    def test_register_statements(self):
        """One draw and one write for a batch: a hundred cost as ten do."""
        self._new_file()._register_file()  # opens the register of the year
        counts = []
        for size in (5, 25):
            files = self.Beneficiary.create(
                [
                    {"name": f"P{number}", "company_id": self.company.id}
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            files.invalidate_recordset()
            before = self.cr.sql_log_count
            files._register_file()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 2, counts)

    def test_unlink(self):
        """A registered file is closed, never deleted; a visitor's may go."""
        file = self._new_file()
        visitor = self._new_file(name="B")
        file._register_file()
        with self.assertRaises(UserError):
            file.unlink()
        visitor.unlink()
        self.assertFalse(visitor.exists())

    def test_states_are_data_of_the_day(self):
        """The sentence of the state names its dates."""
        file = self._new_file()
        self.assertIn("Visitor", file.state_sentence)
        file._register_file()
        self.assertTrue(file.date_renewal > local_today() + timedelta(days=300))
        self.assertIn("renewed", file.state_sentence)
        self.assertIn(" AH (", file.state_sentence, "in both calendars")
