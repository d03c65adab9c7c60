import base64
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..common import local_today
from .common import IQAMA, NATIONAL_ID, PDF, PeopleCommon


@tagged("post_install", "-at_install")
class TestDocument(PeopleCommon):
    """Documents required and given: R060, R107, R108, R109, glossary 9."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(identity_number=NATIONAL_ID)

    def _line(self, code="salary_letter", **vals):
        return self.Document.create(
            {
                "document_type_id": self._type(code).id,
                "beneficiary_id": self.file.id,
                **vals,
            }
        )

    def _officer(self, line):
        return self._as(line, self.officer)

    def test_defaults(self):
        """Person, association and site come from the file, the age from the type."""
        line = self._line()
        self.assertRecordValues(
            line,
            [
                {
                    "partner_id": self.file.partner_id.id,
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "state": "missing",
                    "max_age_days": 90,
                }
            ],
        )
        self.assertEqual(self._line(max_age_days=30).max_age_days, 30)

    def test_received_by_itself(self):
        """What is recorded of a document makes it received."""
        line = self._line()
        self._officer(line).write({"issue_date": "2026-01-01"})
        self.assertEqual(line.state, "received")
        self.assertEqual(self._line(number="12").state, "received")
        self.assertEqual(self._line(is_mandatory=True).state, "missing")

    def test_state_guarded(self):
        """R108: states and stamps are written by nobody, from anywhere."""
        line = self._officer(self._line(number="1"))
        for vals in (
            {"state": "matched"},
            {"matched_by_id": self.officer.id},
            {"matched_on": "2026-01-01 00:00:00"},
            {"waiver_reason": "x"},
            {"has_file": True},
            {"state": "missing"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                line.write(vals)
        with self.assertRaises(UserError):
            self._as(self.Document, self.officer).create(
                {
                    "document_type_id": line.document_type_id.id,
                    "beneficiary_id": self.file.id,
                    "state": "matched",
                }
            )

    @freeze_time("2026-03-01 09:00:00")
    def test_match(self):
        """R108: the officer ticks, the stamps fill by themselves."""
        line = self._line(number="S-1", issue_date="2026-02-20")
        self._officer(line).action_match()
        self.assertRecordValues(
            line,
            [
                {
                    "state": "matched",
                    "matched_by_id": self.officer.id,
                    "matched_on": fields.Datetime.now(),
                }
            ],
        )

    def test_match_roles(self):
        """R108: only officers; a delegate on the own site."""
        line = self._line(number="1")
        for role in (
            "service_representative",
            "social_researcher",
            "committee_member",
            "delivery_officer",
            "general_manager",
            "auditor",
            "health_reader",
        ):
            user = self.users_by_role[role]
            for step in ("action_match", "action_reset"):
                with self.subTest(role), self.assertRaises(AccessError):
                    getattr(self._as(line, user), step)()
            with self.subTest(role), self.assertRaises(AccessError):
                self._as(line, user).action_waive("x")
            with self.subTest(role), self.assertRaises(AccessError):
                self._as(line, user).action_mismatch("x")
        delegate = self.users_by_role["branch_delegate"]
        with self.assertRaises(AccessError):
            self._as(line, delegate).action_match()
        self.file.site_id = self.branch
        self._as(line, delegate).action_match()
        self.assertEqual(line.matched_by_id, delegate)

    def test_match_number(self):
        """The number read from the original is recorded or must agree."""
        line = self._line(issue_date=local_today())
        self._officer(line).action_match(number="أ 12-٣")
        self.assertEqual(line.number, "أ123")
        other = self._line(number="55")
        with self.assertRaises(UserError):
            self._officer(other).action_match(number="56")
        self.assertEqual(other.state, "received")

    def test_match_identity(self):
        """An identity document agrees with the file and is valid."""
        line = self._line("national_id")
        officer_line = self._officer(line)
        with self.assertRaises(UserError):  # no number
            officer_line.action_match()
        with self.assertRaises(UserError):  # no expiry date
            officer_line.action_match(number=NATIONAL_ID)
        officer_line.expiry_date = local_today() + timedelta(days=400)
        with self.assertRaises(UserError) as error:
            officer_line.action_match(number="1010101010")
        self.assertNotIn("1010101010", str(error.exception))
        officer_line.action_match(number="١٠٠٠٠٠٠٠٠٨")
        self.assertEqual(line.number, NATIONAL_ID)
        self.assertEqual(line.number_masked, "••••••0008")
        self.assertEqual(line.state, "matched")
        self.assertFalse(line.file)

    def test_match_nothing(self):
        """What was never handed in cannot be matched."""
        with self.assertRaises(UserError):
            self._officer(self._line()).action_match()

    def test_match_expired(self):
        """R109: an expired document is not matched."""
        yesterday = local_today() - timedelta(days=1)
        line = self._line("attorney", number="1", expiry_date=yesterday)
        with self.assertRaises(UserError):
            self._officer(line).action_match()

    def test_change_after_match(self):
        """A line that says something new has to be matched again."""
        line = self._line(number="1")
        self._officer(line).action_match()
        self._officer(line).write({"number": "2"})
        self.assertRecordValues(
            line, [{"state": "received", "matched_by_id": False, "matched_on": False}]
        )
        self._officer(line).action_match()
        self._officer(line).write({"is_mandatory": True})
        self.assertEqual(line.state, "matched")

    def test_mismatch_and_waive(self):
        """Both need a reason in words; a mistake can be taken back."""
        line = self._line(number="1")
        officer_line = self._officer(line)
        for step in (officer_line.action_mismatch, officer_line.action_waive):
            with self.assertRaises(UserError):
                step("   ")
        officer_line.action_mismatch("The name differs")
        self.assertRecordValues(
            line, [{"state": "mismatch", "mismatch_note": "The name differs"}]
        )
        officer_line.action_waive("Orphan: the father's letter cannot exist")
        self.assertEqual(line.state, "waived")
        officer_line.action_reset()
        self.assertRecordValues(
            line,
            [{"state": "received", "waiver_reason": False, "mismatch_note": False}],
        )

    def test_wizard(self):
        """The dialogue asks what does not match."""
        line = self._line(number="1")
        for step, state in (("mismatch", "mismatch"), ("waive", "waived")):
            form = Form(
                self.env["npo.document.reason"]
                .with_user(self.officer)
                .with_context(default_step=step, default_document_ids=line.ids)
            )
            form.note = "Why"
            form.save().action_confirm()
            self.assertEqual(line.state, state)

    def test_validity(self):
        """R109: expired the day before blocks, the day after passes with a flag."""
        day = date(2026, 3, 1)
        for vals, code in (
            ({"expiry_date": "2026-02-28"}, "expired"),
            ({"expiry_date": "2026-03-01"}, "expires_soon"),
            ({"expiry_date": "2026-03-02"}, "expires_soon"),
            ({"expiry_date": "2026-03-31"}, "expires_soon"),
            ({"expiry_date": "2026-04-01"}, "valid"),
            ({}, "valid"),
        ):
            line = self._line("title_deed", **vals)
            with self.subTest(vals):
                self.assertEqual(line._validity(day), {line.id: code})
                self.assertEqual(line.is_valid_on("2026-03-01"), code != "expired")
        for vals, code in (
            ({"issue_date": "2025-12-01"}, "valid"),  # 90 days
            ({"issue_date": "2025-11-30"}, "too_old"),  # 91 days
            ({}, "undated"),
        ):
            line = self._line("salary_letter", **vals)
            with self.subTest(vals):
                self.assertEqual(line._validity(day), {line.id: code})
        line = self._line("attorney", number="1")
        self.assertEqual(line._validity(day), {line.id: "undated"})
        self.assertFalse(line.is_valid_on(day))

    def test_validity_is_pure_and_batched(self):
        """No statement more for fifty lines than for five."""
        counts = []
        for size in (5, 50):
            lines = self.Document.create(
                [
                    {
                        "document_type_id": self._type("salary_letter").id,
                        "beneficiary_id": self.file.id,
                        "issue_date": "2026-01-01",
                    }
                    for _number in range(size)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines._validity(date(2026, 3, 1))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1], counts)

    def test_dates_checked(self):
        """Dates that cannot be; Hijri dates are read (D08)."""
        with self.assertRaises(ValidationError):
            self._line(issue_date="2026-02-01", expiry_date="2026-01-01")
        with self.assertRaises(ValidationError):
            self._line(issue_date=local_today() + timedelta(days=2))
        with self.assertRaises(ValidationError):
            self._line(expiry_date="soon")
        line = self._line("attorney", expiry_date="١٤٤٧/٠٩/١٢")
        self.assertEqual(line.expiry_date, date(2026, 3, 1))

    def test_mark_expired(self):
        """Received and matched lines that are no longer valid."""
        old = self._line("attorney", number="1", expiry_date="2026-02-01")
        waived = self._line("attorney", number="1", expiry_date="2026-02-01")
        self._officer(waived).action_waive("x")
        good = self._line("title_deed", number="1")
        stale = (old | waived | good)._mark_expired(date(2026, 3, 1))
        self.assertEqual(stale, old)
        self.assertEqual(old.state, "expired")

    def test_reusable(self):
        """R060: what is on file and still valid is offered, in one statement."""
        day = local_today()
        types = self._type("title_deed") | self._type("salary_letter")
        deed, newer = (
            self._line("title_deed", number="1"),
            self._line("title_deed", number="2"),
        )
        letter = self._line(issue_date=day - timedelta(days=89))
        unmatched = self._line("salary_letter", issue_date=day)
        for line in (deed, newer, letter):
            self._officer(line).action_match()
        newer.matched_on = fields.Datetime.now() + timedelta(minutes=1)
        self.env.flush_all()
        types.mapped("requires_expiry")
        self.Document.invalidate_model()
        with self.assertQueryCount(1):
            found = self.Document._reusable(self.file.partner_id, types, day)
        self.assertEqual(found, newer | letter)
        self.assertNotIn(unmatched, found)
        later = day + timedelta(days=2)
        self.assertEqual(
            self.Document._reusable(self.file.partner_id, types, later), newer
        )
        self.assertFalse(
            self.Document._reusable(self.portal_user.partner_id, types, day)
        )

    def test_reuse_values(self):
        """R060: the comparison with the original is taken over, the file is not."""
        line = self._line("title_deed", number="7")
        line.write({"file": base64.b64encode(PDF), "file_name": "deed.pdf"})
        self._officer(line).action_match()
        again = self.Document.create(line._reuse_vals())
        self.assertRecordValues(
            again,
            [
                {
                    "state": "matched",
                    "number": "7",
                    "matched_by_id": self.officer.id,
                    "reused_from_id": line.id,
                    "has_file": False,
                }
            ],
        )

    def test_same_person(self):
        """A line is of the person of its file."""
        with self.assertRaises(ValidationError):
            self._line(partner_id=self.portal_user.partner_id.id)

    def test_restricted(self):
        """R154: what tells of health is read by its readers only, handed in by all."""
        line = self._line("medical_report")
        officer_line = self._officer(line)
        officer_line.write(
            {
                "number": "MR-55",
                "file": base64.b64encode(PDF),
                "file_name": "heart failure.pdf",
            }
        )
        self.env.invalidate_all()
        self.assertFalse(officer_line.number)
        self.assertFalse(officer_line.file)
        self.assertTrue(officer_line.has_file)
        self.assertEqual(officer_line.state, "received")
        self.assertEqual(officer_line.file_name, "medical_report.pdf")
        self.assertEqual(officer_line.number_masked, "••••")
        for name in ("restricted_number", "restricted_file"):
            with self.assertRaises(AccessError):
                officer_line.read([name])
            with self.assertRaises(AccessError):
                officer_line.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                officer_line.export_data([name])
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "npo.document"),
                    ("res_field", "=", "restricted_file"),
                    ("res_id", "=", line.id),
                ]
            )
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.officer).read(["datas"])
        reader = self.users_by_role["health_reader"]
        reader.group_ids |= self.env.ref("npo_relations.group_npo_committee_member")
        reader_line = self._as(line, reader)
        self.assertEqual(reader_line.restricted_number, "MR55")
        self.assertEqual(base64.b64decode(reader_line.restricted_file), PDF)
        officer_line.action_match()
        self.assertEqual(line.state, "matched")

    def test_restricted_at_creation(self):
        """The same when the line is created with its file."""
        line = self._as(self.Document, self.officer).create(
            {
                "document_type_id": self._type("medical_report").id,
                "beneficiary_id": self.file.id,
                "number": "77",
                "file": base64.b64encode(PDF),
                "file_name": "x.pdf",
            }
        )
        self.assertEqual(line.state, "received")
        self.assertFalse(line.sudo().file)
        self.assertEqual(line.sudo().restricted_number, "77")
        self.assertTrue(line.sudo().restricted_file)

    def test_hidden_columns_are_handed_in(self):
        """Who may not read the hidden columns may still hand something in."""
        line = self._line("medical_report")
        self._officer(line).write({"restricted_number": "1"})
        self.assertEqual(line.restricted_number, "1")

    def test_identity_of_another_kind(self):
        """An iqama in hand is no contradiction of a national ID in the file."""
        line = self._line(
            "iqama", number=IQAMA, expiry_date=local_today() + timedelta(days=9)
        )
        self._officer(line).action_match()
        self.assertEqual(line.state, "matched")

    def test_number_is_shown_for_a_reason(self):
        """R154, R157: the form shows a mask; a number shown or exported is logged."""
        line = self._line("title_deed")
        officer_line = self._officer(line)
        with Form(officer_line) as form:
            form.number_entry = "٧-٧٧٧٧"
        self.assertEqual(line.number, "77777")
        with Form(officer_line) as form:
            form.issuer = "Court"
        self.assertEqual(line.number, "77777")
        logs = self.env["npo.access.log"].search([("res_model", "=", "npo.document")])
        self.assertFalse(logs.filtered(lambda log: log.res_id == line.id))
        wizard = self._as(self.env["npo.beneficiary.reveal"], self.officer).create(
            {"document_id": line.id, "field_name": "number", "reason": "Deed compared"}
        )
        self.assertIn("77777", wizard.action_confirm()["params"]["message"])
        officer_line.read(["number"])
        officer_line.export_data(["number"])
        logs = self.env["npo.access.log"].search(
            [("res_model", "=", "npo.document"), ("res_id", "=", line.id)], order="id"
        )
        self.assertEqual(logs.mapped("way"), ["form", "read", "export"])
        self.assertEqual(logs.user_id, self.officer)
        self.assertNotIn("77777", str(logs.read()))

    def test_restricted_number_is_its_readers(self):
        """R154: nobody but a reader of health data is shown a restricted number."""
        line = self._line("medical_report")
        with Form(self._officer(line)) as form:
            form.number_entry = "MR-55"
        self.assertEqual(line.restricted_number, "MR55")
        self.assertFalse(line.number)
        reveal = self.env["npo.beneficiary.reveal"]
        vals = {"document_id": line.id, "field_name": "restricted_number"}
        vals["reason"] = "Asked"
        with self.assertRaises(AccessError):
            self._as(reveal, self.officer).create(vals).action_confirm()
        reader = self.users_by_role["health_reader"]
        reader.group_ids |= self.env.ref("npo_relations.group_npo_committee_member")
        action = self._as(reveal, reader).create(vals).action_confirm()
        self.assertIn("MR55", action["params"]["message"])
