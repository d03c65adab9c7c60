import base64
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ...tools.sentence import render_sentence
from .common import PolicyCommon

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestBoard(PolicyCommon):
    """The evidence of approval: meetings, members, signatures: R006, R010–R013."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meetings = cls.env["npo.board.meeting"]
        cls.members = cls.env["npo.board.member"]

    @classmethod
    def _meeting(cls, **vals):
        return cls.meetings.create({"company_id": cls.company.id, **vals})

    @classmethod
    def _member(cls, position="member", name="عضو المجلس", **vals):
        partner = cls.env["res.partner"].create({"name": name})
        return cls.members.create(
            {
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "position": position,
                "date_from": date(2023, 1, 1),
                **vals,
            }
        )

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    def test_one_fact_at_least(self):
        """R006: all parts are optional but one."""
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._meeting()
        for vals in (
            {"ordinal": 1, "year": 2021},
            {"session_no": "19"},
            {"minutes_no": "3"},
            {"date": date(2025, 5, 8)},
            {"year": 2020},
        ):
            self.assertTrue(self._meeting(**vals).text)

    def test_text(self):
        """R006: a meeting is named by what is known, and nothing is made up."""
        texts = {
            "الاجتماع الأول لعام 2021م": {"ordinal": 1, "year": 2021},
            "الاجتماع الثاني": {"ordinal": 2},
            "اجتماع مجلس الإدارة بجلسته (19)": {"session_no": "19"},
            "محضر اجتماع مجلس الإدارة رقم (3)": {"minutes_no": "3"},
            "اجتماع مجلس الإدارة": {"date": date(2025, 5, 8)},
        }
        for text, vals in texts.items():
            with self.subTest(text):
                self.assertEqual(self._meeting(**vals).text, text)
        self.company.npo_digits = "arabic"
        self.assertIn("١٩", self._meeting(session_no="19").text)

    def test_weekend(self):
        """P007: 23/12/2023 is a Saturday, and is accepted."""
        meeting = self._meeting(session_no="19", date=date(2023, 12, 23))
        self.assertEqual(meeting.year, 2023)
        self.assertIn("2023", meeting.display_name)

    def test_wrong_facts(self):
        for vals in ({"year": 1442}, {"ordinal": -1, "session_no": "1"}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._meeting(**vals)

    @mute_logger("odoo.sql_db")
    def test_place_in_the_year(self):
        """P007: a place in the year is taken once in an association."""
        self._meeting(ordinal=1, year=2021)
        self._meeting(ordinal=1, year=2022)
        self._meeting(ordinal=1, year=2021, company_id=self.other_company.id)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._meeting(ordinal=1, year=2021)

    def test_fills_the_version(self):
        """R006: the version takes over what the meeting tells, and nothing else."""
        meeting = self._meeting(ordinal=1, year=2021)
        self.version.meeting_id = meeting
        self.assertRecordValues(
            self.version,
            [
                {
                    "meeting_text": "الاجتماع الأول لعام 2021م",
                    "approval_year": 2021,
                    "approval_date": False,
                    "session_no": False,
                    "minutes_no": False,
                    "approved_by_body": "board",
                    "is_evidence_missing": False,
                }
            ],
        )
        dated = self._meeting(session_no="19", date=date(2023, 12, 23))
        second = self._new_version(meeting_id=dated.id, minutes_no="7")
        self.assertRecordValues(
            second,
            [
                {
                    "approval_date": date(2023, 12, 23),
                    "approval_year": 0,
                    "session_no": "19",
                    "minutes_no": "7",
                }
            ],
        )
        with Form(self._new_version()) as form:
            form.meeting_id = dated
            self.assertEqual(form.session_no, "19")

    def test_meeting_is_evidence(self):
        """R020: the facts of a meeting that approved a version do not change."""
        meeting = self._meeting(session_no="19")
        self.version.meeting_id = meeting
        meeting.session_no = "20"  # nothing is decided yet
        self._put_in_force()
        for attempt in (
            lambda: meeting.sudo().write({"session_no": "21"}),
            lambda: meeting.unlink(),
            lambda: self.version.sudo().write({"meeting_id": False}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        meeting.minutes = base64.b64encode(b"minutes")  # signed afterwards
        self.assertTrue(meeting.minutes)

    def test_other_association(self):
        other = self._meeting(session_no="1", company_id=self.other_company.id)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.version.meeting_id = other

    @users("npo_governance_officer")
    def test_governance_keeps_it(self):
        self.meetings.with_env(self.env).create({"session_no": "3"})
        members = self.members.with_env(self.env)
        member = members.create(
            {
                "partner_id": self.env.user.partner_id.id,
                "date_from": "2024-01-01",
            }
        )
        self.assertTrue(member.is_in_office)
        with self.assertRaises(AccessError):
            members.with_user(
                self.env["res.users"].search([("login", "=", "npo_auditor")])
            ).create({"partner_id": member.partner_id.id, "date_from": "2024-01-01"})

    # ------------------------------------------------------------
    # MEMBERS
    # ------------------------------------------------------------

    def test_one_chair(self):
        """R012: two chairs at the same time are refused; one after another are not."""
        first = self._member("chair")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self._member("chair")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._member("chair", date_from=date(2022, 1, 1), date_to=date(2023, 1, 1))
        first.date_to = date(2023, 12, 31)
        self._member("chair", date_from=date(2024, 1, 1))
        self._member("chair", company_id=self.other_company.id)

    def test_in_office(self):
        today = self.company._npo_today()
        now = self._member()
        ended = self._member(date_to=today - timedelta(days=1))
        later = self._member(date_from=today + timedelta(days=1))
        for value in (True, False):
            found = self.members.search(
                [
                    ("company_id", "=", self.company.id),
                    ("is_in_office", "=", value),
                ]
            )
            self.assertEqual(found, now if value else ended | later)
            self.assertEqual(set(found.mapped("is_in_office")), {value})

    @mute_logger("odoo.sql_db")
    def test_term(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._member(date_to=date(2022, 1, 1))

    # ------------------------------------------------------------
    # SIGNATORIES
    # ------------------------------------------------------------

    def test_fill_signatories(self):
        """R011: who was in office on the day of the approval signs, by position."""
        self._member("member", "الثالث")
        self._member("chair", "الأول")
        self._member("vice_chair", "من قبل", date_to=date(2023, 6, 1))
        self.version.approval_date = date(2023, 12, 23)
        self.version.signatory_ids = [Command.create({"position": "chair"})]
        self.version.action_fill_signatories()
        self.version.action_fill_signatories()  # nobody twice
        self.assertRecordValues(
            self.version.signatory_ids.sorted("position"),
            [
                {"position": "chair", "name_on_document": "الأول"},
                {"position": "member", "name_on_document": "الثالث"},
            ],
        )

    def test_fill_needs_a_date(self):
        """R006: where only a year is known, nobody is guessed."""
        self._member("chair")
        self.version.approval_year = 2023
        with self.assertRaises(UserError):
            self.version.action_fill_signatories()
        self.version.write({"approval_year": 2020, "approval_date": date(2020, 1, 1)})
        with self.assertRaises(UserError):
            self.version.action_fill_signatories()

    def test_fill_frozen(self):
        self._member("chair")
        self.version.approval_date = date(2023, 12, 23)
        self._put_in_force()
        with self.assertRaises(UserError):
            self.version.action_fill_signatories()

    def test_signed_after_the_approval(self):
        """R013: the paper is signed after the meeting: once, and no name changes."""
        self.version.signatory_ids = [Command.create({"position": "chair"})]
        self._put_in_force()
        line = self.version.signatory_ids
        today = self.company._npo_today()
        line.write({"signature": PIXEL, "signed_on": today})
        self.assertTrue(line.signature)
        for vals in (
            {"signed_on": today - timedelta(days=1)},
            {"signature": False},
            {"name_on_document": "x"},
            {"position": "member"},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                line.sudo().write(vals)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._new_version(
                signatory_ids=[
                    (
                        0,
                        0,
                        {"position": "chair", "signed_on": today + timedelta(days=2)},
                    )
                ]
            )

    # ------------------------------------------------------------
    # THE SENTENCE
    # ------------------------------------------------------------

    def test_sentence_of_the_product(self):
        """R006, R010: without a form of its own the sentence says what is known."""
        self.policy.name = "سياسة الاختبار"
        self.company.name = "جمعية الاختبار الأهلية"
        self.assertFalse(self.version.approval_sentence)
        self.version.approval_year = 2021
        self.assertEqual(
            self.version.approval_sentence,
            "تم اعتماد سياسة الاختبار جمعية الاختبار الأهلية عام 2021 م.",
        )
        self.version.meeting_text = "الاجتماع الأول لعام ٢٠٢١م"
        self.assertTrue(
            self.version.approval_sentence.endswith("في الاجتماع الأول لعام ٢٠٢١م.")
        )
        self.version.write({"approval_year": 0, "approval_date": date(2023, 12, 23)})
        for part in ("10 / 6 / 1445 هـ", "الموافق 23 / 12 / 2023 م"):
            self.assertIn(part, self.version.approval_sentence)

    def test_own_form(self):
        """R010: a form that asks for what is not known is not used."""
        self.version.write(
            {
                "approval_template": "في الجلسة ({session})[ بتاريخ {gregorian}]",
                "approval_year": 2021,
            }
        )
        self.assertNotIn("(", self.version.approval_sentence)
        self.version.session_no = "19"
        self.assertEqual(self.version.approval_sentence, "في الجلسة (19)")
        self.company.npo_digits = "arabic"
        self.assertEqual(self.version.approval_sentence, "في الجلسة (١٩)")

    def test_render(self):
        self.assertEqual(render_sentence("a[ {b}] {c}", {"c": "x"}), "a x")
        self.assertIsNone(render_sentence("a {b}", {}))
        self.assertIsNone(render_sentence("", {}))
        self.assertEqual(render_sentence("{b}", {"b": "{c}", "c": "x"}), "{c}")
