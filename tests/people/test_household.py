from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import (
    AccessError,
    RedirectWarning,
    UserError,
    ValidationError,
)
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import local_today
from .common import IQAMA, NATIONAL_ID, OTHER_NATIONAL_ID, PeopleCommon


class HouseholdCommon(PeopleCommon):
    @classmethod
    def _new_household(cls, *members, **vals):
        """Return a household; the first member is its head."""
        members = members or ({"name": "Head"},)
        return cls.env["npo.household"].create(
            {
                "company_id": cls.company.id,
                "member_ids": [
                    Command.create({"relation": "other" if index else "head", **member})
                    for index, member in enumerate(members)
                ],
                **vals,
            }
        )

    def _household(self, *members, user=None, **vals):
        household = self._new_household(*members, **vals)
        return self._as(household, user or self.officer)


@tagged("post_install", "-at_install")
class TestHousehold(HouseholdCommon):
    """D10: the family as one unit."""

    def test_name_and_reference(self):
        household = self._household({"name": "نورة العتيبي"})
        self.assertIn("نورة العتيبي", household.name)
        self.assertRegex(household.reference, r"^HH/\d{4}/\d{5}$")
        second = self._household({"name": "B"})
        self.assertNotEqual(household.reference, second.reference)

    def test_form(self):
        """An officer types a family line by line; the first line is the head."""
        with Form(self._as(self.env["npo.household"], self.officer)) as form:
            with form.member_ids.new() as line:
                line.name = "Head"
                self.assertEqual(line.relation, "head")
                line.income = 3000
            with form.member_ids.new() as line:
                line.name = "Son"
                line.relation = "son"
                line.birth_date = "2015-01-01"
        household = form.record
        self.assertEqual(household.member_count, 2)
        self.assertEqual(household.dependant_count, 1)
        self.assertEqual(household.head_id.name, "Head")
        self.assertEqual(household.per_capita, 1500)

    def test_per_capita(self):
        """Glossary 7: the worked example, the floor at 0 and the batch."""
        five = self._household(
            {"name": "A", "income": 4000},
            *({"name": f"M{index}"} for index in range(4)),
            other_income=500,
            rent=1250,
            debt_instalments=250,
        )
        self.assertEqual(five.total_income, 4500)
        self.assertEqual(five.per_capita, 600)
        five.rent = 9000
        self.assertEqual(five.per_capita, 0)
        five.rent = 1250
        self.assertEqual(five.per_capita, 600)
        five.member_ids[-1].date_to = local_today()
        self.assertEqual(five.per_capita, 750)
        five.member_ids[0].income = 3000
        self.assertEqual(five.per_capita, 500)

    def test_name_parts(self):
        household = self._household(
            {"first_name": "نورة", "father_name": "محمد", "family_name": "العتيبي"}
        )
        member = household.member_ids
        self.assertEqual(member.name, "نورة محمد العتيبي")
        member.name = "نورة بنت محمد"
        self.assertEqual(member.name, "نورة بنت محمد")
        self.assertRecordValues(
            member,
            [{"first_name": "نورة", "father_name": "محمد", "family_name": False}],
        )
        found = household.search([("display_name", "ilike", "نوره محمد")])
        self.assertEqual(found, household)
        found = household.search([("display_name", "ilike", household.reference)])
        self.assertEqual(found, household)

    def test_name_parts_form(self):
        """P036: typed whole or in parts, the name and its parts say the same."""
        form = Form(self.env["npo.household"].with_user(self.officer))
        with form.member_ids.new() as line:
            line.name = "سعد بن محمد العتيبي"
            self.assertEqual(line.first_name, "سعد")
            self.assertEqual(line.family_name, "العتيبي")
            line.grandfather_name = "علي"
            self.assertEqual(line.name, "سعد محمد علي العتيبي")
            line.relation = "head"
        member = form.save().member_ids
        self.assertEqual(member.name, "سعد محمد علي العتيبي")
        other = self._household(
            {
                "name": "Somebody Else",
                "first_name": "نورة",
                "father_name": "محمد",
                "grandfather_name": "سعد",
                "family_name": "العتيبي",
            }
        ).member_ids
        self.assertEqual(other.name, "نورة محمد سعد العتيبي")

    # bad input

    def test_bad_input(self):
        """Glossary 27 and days that cannot be: refused with a sentence."""
        tomorrow = fields.Date.add(local_today(), days=1)
        for vals in (
            {"birth_date": tomorrow},
            {"birth_date": "1890-01-01"},
            {"date_deceased": tomorrow},
            {"date_from": tomorrow},
            {"identity_number": "1000000000"},
            {"identity_number": "100000000"},
            {"identity_type": "iqama", "identity_number": "2000000000"},
            {"name": "<b>x</b>"},
            {"name": "  "},
            {"name": "x" * 10000},
            {"income": float("nan")},
            {"income": 10**12},
            {"birth_date": "1447/13/01"},
            {"birth_date": "2000-01-01", "date_deceased": "1999-01-01"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._household({"name": "Head"}, {"name": "Son", **vals})
                self.env.flush_all()
        member = self._household().member_ids
        with self.assertRaises(ValidationError):
            member.birth_date = tomorrow
        for digits in ("١٠٠٠-٠٠٠٠٠٨", " 1000000008 "):
            member.identity_number = digits
            self.assertEqual(member.identity_number, NATIONAL_ID)
            self.assertEqual(member.identity_masked, "••••••0008")

    def test_guarded(self):
        """Sums, references and history are worked out, not written."""
        household = self._household()
        for vals in (
            {"reference": "x"},
            {"per_capita": 1},
            {"member_count": 9},
            {"head_id": False},
            {"company_id": self.other_company.id},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                household.write(vals)
        other = self._household({"name": "B"})
        for vals in (
            {"household_id": other.id},
            {"is_current": False},
            {"previous_id": other.member_ids.id},
            {"is_adult_told": True},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                household.member_ids.write(vals)

    # one active household

    def test_in_another_household(self):
        """A person by the number or the contact: refused, with a link to it."""
        file = self._new_file(identity_number=NATIONAL_ID)
        first = self._household({"partner_id": file.partner_id.id})
        self.assertEqual(first.member_ids.identity_number, NATIONAL_ID)
        self.assertEqual(first.member_ids.name, file.name)
        for vals in (
            {"name": "Again", "identity_number": NATIONAL_ID},
            {"partner_id": file.partner_id.id},
        ):
            with self.subTest(vals), self.assertRaises(RedirectWarning) as error:
                self._as(self.env["npo.household"], self.officer).create(
                    {"member_ids": [Command.create({**vals, "relation": "head"})]}
                )
            message, action = error.exception.args[:2]
            self.assertIn(first.reference, message)
            self.assertNotIn(NATIONAL_ID, message)
            self.assertEqual(action["res_id"], first.id)
        second = self._household({"name": "B"})
        with self.assertRaises(RedirectWarning):
            second.member_ids.identity_number = NATIONAL_ID
        with self.assertRaises(RedirectWarning):
            second.member_ids.partner_id = file.partner_id

    def test_same_person_twice_in_one(self):
        with self.assertRaises(ValidationError):
            self._household(
                {"name": "A", "identity_number": NATIONAL_ID},
                {"name": "B", "identity_number": NATIONAL_ID},
            )

    def test_other_association(self):
        """Another association may know the same family."""
        self._household({"name": "A", "identity_number": NATIONAL_ID})
        there = self._as(self.env["npo.household"], self.other_officer).create(
            {
                "member_ids": [
                    Command.create(
                        {
                            "name": "A",
                            "relation": "head",
                            "identity_number": NATIONAL_ID,
                        }
                    )
                ]
            }
        )
        self.assertEqual(there.company_id, self.other_company)

    def test_other_site(self):
        """A delegate is told whom to ask, and sees no name."""
        self._household({"name": "Secret", "identity_number": NATIONAL_ID})
        delegate = self.users_by_role["branch_delegate"]
        with self.assertRaises(UserError) as error:
            self._as(self.env["npo.household"], delegate).create(
                {
                    "member_ids": [
                        Command.create(
                            {
                                "name": "A",
                                "relation": "head",
                                "identity_number": NATIONAL_ID,
                            }
                        )
                    ]
                }
            )
        self.assertNotIsInstance(error.exception, RedirectWarning)
        self.assertNotIn("Secret", str(error.exception))

    def test_loop(self):
        """The head of a family is no member of another, nor the other way round."""
        first = self._household({"name": "A", "identity_number": NATIONAL_ID})
        second = self._household({"name": "B", "identity_number": OTHER_NATIONAL_ID})
        for household, number in (
            (first, OTHER_NATIONAL_ID),
            (second, NATIONAL_ID),
        ):
            with self.assertRaises(RedirectWarning):
                household.member_ids = [
                    Command.create(
                        {"name": "X", "relation": "son", "identity_number": number}
                    )
                ]

    def test_move(self):
        """A moved member closes there, opens here and keeps the history."""
        first = self._household(
            {"name": "A"},
            {
                "name": "Son",
                "relation": "son",
                "identity_number": NATIONAL_ID,
                "income": 900,
                "birth_date": "2001-01-01",
            },
        )
        second = self._household({"name": "B"})
        son = first.member_ids.filtered(lambda member: member.relation == "son")
        action = son.action_move()
        with Form(
            self._as(self.env["npo.household.move"], self.officer).with_context(
                **action["context"]
            )
        ) as form:
            form.household_id = second
            form.relation = "brother"
        wizard = form.record
        opened = wizard.action_confirm()
        self.assertEqual(opened["res_id"], second.id)
        self.assertFalse(son.is_current)
        self.assertEqual(son.date_to, local_today())
        moved = second.member_ids - second.head_id
        self.assertRecordValues(
            moved,
            [
                {
                    "name": "Son",
                    "relation": "brother",
                    "identity_number": NATIONAL_ID,
                    "income": 900,
                    "previous_id": son.id,
                    "is_current": True,
                }
            ],
        )
        self.assertEqual(first.member_count, 1)
        self.assertEqual(second.member_count, 2)
        self.assertIn(son, first.member_ids)
        with self.assertRaises(UserError):
            son._move(second, "son", local_today())
        back = moved._move(first, "son", local_today())
        self.assertEqual(back.previous_id, moved)

    def test_move_head(self):
        """A head leaves only when another one is chosen; the last one ends it."""
        first = self._household({"name": "A"}, {"name": "Wife", "relation": "wife"})
        second = self._household({"name": "B"})
        head, wife = first.head_id, first.member_ids - first.head_id
        today = local_today()
        with self.assertRaises(ValidationError):
            head._move(second, "father", today)
        head._move(second, "father", today, new_head=wife)
        self.assertEqual(first.head_id, wife)
        wife._move(second, "mother", today)
        self.assertFalse(first.active)
        self.assertEqual(second.member_count, 3)

    def test_move_to_own(self):
        """A grown child begins a household of their own."""
        first = self._household({"name": "A"}, {"name": "Son", "relation": "son"})
        son = first.member_ids - first.head_id
        own = son._move(self.env["npo.household"], False, local_today())
        self.assertEqual(own.relation, "head")
        self.assertNotEqual(own.household_id, first)

    def test_unarchive(self):
        """A household comes back only if its members live nowhere else by now."""
        first = self._household({"name": "A", "identity_number": NATIONAL_ID})
        first.active = False
        self.assertFalse(first.member_ids.is_current)
        second = self._household({"name": "A", "identity_number": NATIONAL_ID})
        with self.assertRaises(RedirectWarning):
            first.action_unarchive()
        second.active = False
        first.action_unarchive()
        self.assertTrue(first.member_ids.is_current)

    # head

    def test_one_head(self):
        for members in (
            ({"name": "A", "relation": "son"},),
            ({"name": "A"}, {"name": "B", "relation": "head"}),
        ):
            with self.assertRaises(ValidationError):
                self._household(*members)
        household = self._household({"name": "A"}, {"name": "B"})
        other = household.member_ids - household.head_id
        with self.assertRaises(ValidationError):
            other.relation = "head"
        with self.assertRaises(ValidationError):
            household.head_id.relation = "son"
        with self.assertRaises(UserError):
            household.with_user(self.users_by_role["admin"]).head_id.unlink()
        other.action_make_head()
        self.assertEqual(household.head_id, other)

    def test_deceased_head(self):
        """A head who died asks for another, in the same save."""
        household = self._household(
            {"name": "A", "income": 5000}, {"name": "Wife", "relation": "wife"}
        )
        head, wife = household.head_id, household.member_ids - household.head_id
        today = local_today()
        with self.assertRaises(ValidationError) as error:
            head.date_deceased = today
        self.assertIn("head", str(error.exception))
        household.write(
            {
                "member_ids": [
                    Command.update(head.id, {"date_deceased": today}),
                    Command.update(wife.id, {"relation": "head"}),
                ]
            }
        )
        self.assertEqual(household.head_id, wife)
        self.assertFalse(head.is_current)
        self.assertEqual(household.member_count, 1)
        self.assertEqual(household.per_capita, 0)
        with self.assertRaises(UserError):
            head.action_make_head()

    # coming of age

    def _run_cron(self):
        cron = self.env.ref("npo_relations.ir_cron_npo_coming_of_age")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_coming_of_age(self):
        """One task for the officer on the day, not before and never twice."""
        with freeze_time("2026-03-01 09:00:00"):
            household = self._household(
                {"name": "A", "birth_date": "1980-01-01"},
                {"name": "Son", "relation": "son", "birth_date": "2008-03-02"},
                user_id=self.officer.id,
            )
            self._run_cron()
            self.assertFalse(household.activity_ids)
        with freeze_time("2026-03-02 09:00:00"):
            for _time in range(2):
                self._run_cron()
            self.assertEqual(len(household.activity_ids), 1)
            self.assertEqual(household.activity_ids.user_id, self.officer)
            self.assertIn("18", household.activity_ids.summary)

    def test_coming_of_age_as_set(self):
        """D11 ⚖: the association's own age of majority holds, and within reason."""
        self.company.npo_adult_age = 21
        with freeze_time("2026-03-01 09:00:00"):
            household = self._household(
                {"name": "A", "birth_date": "1980-01-01"},
                {"name": "Son", "relation": "son", "birth_date": "2008-03-02"},
            )
        with freeze_time("2026-03-02 09:00:00"):
            self._run_cron()
            self.assertFalse(household.activity_ids)
        with freeze_time("2029-03-02 09:00:00"):
            self._run_cron()
            self.assertIn("21", household.activity_ids.summary)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.company.npo_adult_age = 0
            self.company.flush_recordset()

    def test_coming_of_age_statements(self):
        """Each task takes the few statements that core takes for an activity."""

        def many(count):
            with freeze_time("2026-03-01 09:00:00"):
                for _index in range(count):
                    self._new_household(
                        {"name": "A"},
                        {"name": "S", "birth_date": "2008-03-02"},
                        user_id=self.officer.id,
                    )
            with freeze_time("2026-03-02 09:00:00"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                members = self.env["npo.household.member"]._find_of_age(500)
                self.assertEqual(len(members), count)
                members._tell_coming_of_age()
                self.env.flush_all()
                return self.cr.sql_log_count - before

        many(1)
        few, lots = many(3), many(40)
        self.assertLessEqual((lots - few) / 37, 6)

    # access

    def test_access(self):
        """D02: no front desk, no delivery, no portal; income and health by group."""
        household = self._new_household(
            {"name": "A", "income": 5, "health_status": "chronic"}
        )
        for role in (
            "service_representative",
            "delivery_officer",
            "governance_officer",
        ):
            user = self.users_by_role[role]
            with self.subTest(role):
                self.assertFalse(self._as(household, user).has_access("read"))
        self.assertFalse(self._as(household, self.portal_user).has_access("read"))
        self.assertFalse(self._as(household, self.other_officer).has_access("read"))
        delegate = self.users_by_role["branch_delegate"]
        self.assertFalse(self._as(household, delegate).has_access("read"))
        household.site_id = self.branch
        self.assertTrue(self._as(household.member_ids, delegate).has_access("write"))
        with self.assertRaises(AccessError):
            self._as(household, delegate).site_id = self.site
        for role in ("relations_officer", "auditor", "committee_member"):
            member = self._as(household.member_ids, self.users_by_role[role])
            member.read(["income"])
            with self.subTest(role), self.assertRaises(AccessError):
                member.read(["health_status"])
            with self.assertRaises(AccessError):
                member.search([("health_status", "=", "chronic")])
        auditor = self._as(household.member_ids, self.users_by_role["auditor"])
        with self.assertRaises(AccessError):
            auditor.read(["identity_number"])
        with self.assertRaises(AccessError):
            auditor.search([("identity_number", "=", IQAMA)])
        with self.assertRaises(AccessError):
            auditor.action_move()

    # size

    def test_statements(self):
        """List and form take as many statements with 100 families as with 2,000."""
        list_spec = {"reference": {}, "head_id": {"fields": {"display_name": {}}}}
        list_spec |= {"member_count": {}, "per_capita": {}, "site_id": {"fields": {}}}
        form_spec = {
            "name": {},
            "member_ids": {
                "fields": {"name": {}, "relation": {}, "income": {}, "age": {}}
            },
        }
        Household = self._as(self.env["npo.household"], self.officer)

        def measure(count):
            self.env["npo.household"].create(
                [
                    {
                        "company_id": self.company.id,
                        "member_ids": [
                            Command.create(
                                {
                                    "name": f"محمد {index} {line}",
                                    "relation": "son" if line else "head",
                                    "income": line,
                                }
                            )
                            for line in range(4)
                        ],
                    }
                    for index in range(count)
                ]
            )
            self.env.flush_all()
            result = []
            newest = Household.search([], limit=1)
            for call in (
                lambda: Household.web_search_read([], list_spec, limit=80),
                lambda: newest.web_read(form_spec),
                lambda: Household.name_search("محمد 1", limit=8),
            ):
                call()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                call()
                result.append(self.cr.sql_log_count - before)
            return result

        few = measure(100)
        many = measure(1900)
        for lots, small in zip(many, few, strict=True):
            self.assertLessEqual(lots, small)
        self.assertLessEqual(few[0], 8)
        self.assertLessEqual(few[1], 14)
        self.assertLessEqual(few[2], 8)

    def test_create_statements(self):
        """Many families at once: statements do not grow with their number."""

        def vals(count, start):
            return [
                {
                    "company_id": self.company.id,
                    "member_ids": [
                        Command.create({"name": f"M{line}", "relation": relation})
                        for line, relation in enumerate(("head", "wife", "son"))
                    ],
                }
                for index in range(start, start + count)
            ]

        def measure(count):
            before = self.cr.sql_log_count
            self.env["npo.household"].create(vals(count, 0))
            self.env.flush_all()
            return self.cr.sql_log_count - before

        measure(1)
        self.assertLessEqual(measure(50), measure(5) + 5)
