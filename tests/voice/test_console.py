from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import AssociationCommon


class VoiceCommon(AssociationCommon):
    """An association with inquiries, complaints and suggestions to be made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._new_beneficiary().partner_id

    @classmethod
    def _new_case(cls, kind, **vals):
        return cls.env[f"npo.{kind}"]._receive(
            {
                "title": "When is the answer?",
                "description": "I wait for an answer.",
                "channel_id": cls.env.ref("npo_relations.channel_phone").id,
                "company_id": cls.company.id,
                "partner_id": cls.person.id,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestConsole(VoiceCommon):
    """R201, R206: everything open in one list, and what the centre does with it."""

    def _console(self, user):
        self.env.flush_all()
        return self.env["npo.console"].with_user(self.users[user])

    def _bulk(self, user, rows, **vals):
        bulks = self.env["npo.console.bulk"].with_user(self.users[user])
        bulk = bulks.with_context(active_ids=rows.ids).create(vals)
        bulk.action_run()
        return bulk

    def test_every_kind_late_first(self):
        """R201: every kind that is open is in the list, the most pressing first."""
        with freeze_time("2026-10-04 07:00:00"):
            suggestion = self._new_case("suggestion")
            inquiry = self._new_case("inquiry")
            complaint = self._new_case("complaint", severity="medium")
            closed = self._new_case("suggestion")
            closed._move("declined")
        with freeze_time("2026-10-08 08:00:00"):
            rows = self._console("centre").search([])
            self.assertEqual(
                rows.mapped("name"), [inquiry.name, complaint.name, suggestion.name]
            )
            self.assertEqual(rows.mapped("is_overdue"), [True, False, False])
            late = rows.search([("is_overdue", "=", True)])
            self.assertEqual(late.mapped("name"), [inquiry.name])
            action = late.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("npo.inquiry", inquiry.id)
        )

    def test_restricted_and_sealed(self):
        """R201: a restricted case shows to who may read it, a sealed one never."""
        self._new_case("complaint", confidentiality="restricted")
        self._new_case("complaint", confidentiality="sealed")
        for user, count in (
            ("centre", 0),
            ("officer", 0),
            ("chief", 1),
            ("handler", 1),
        ):
            with self.subTest(user):
                self.assertEqual(self._console(user).search_count([]), count)

    def test_statements(self):
        """R201: the list costs the same for ten cases and for sixty."""
        counts = []
        for size in (1, 10, 50):  # the first one fills the caches
            for number in range(size):
                self._new_case(("inquiry", "complaint", "suggestion")[number % 3])
            self.env.flush_all()
            self.env.invalidate_all()
            console = self._console("centre")
            console.env["res.users"].browse(console.env.uid).has_group(
                "base.group_user"
            )
            before = self.env.cr.sql_log_count
            console.web_search_read(
                [], {"name": {}, "title": {}, "date_due": {}}, limit=80
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], 8)
        self.assertEqual(counts[1], counts[2])

    def test_hand_over_in_bulk(self):
        """R201: reassigning is logged with its note; the new owner has one task."""
        cases = [
            self._new_case(kind) for kind in ("inquiry", "complaint", "suggestion")
        ]
        rows = self._console("centre").search([])
        given = {"action": "assign", "user_id": self.officer.id}
        bulk = self._bulk("centre", rows, **given, note="Please answer.")
        self.assertEqual(bulk.done_count, 3)
        for case in cases:
            self.assertEqual(case.user_id, self.officer)
            self.assertEqual(case.stage_log_ids[-1:].note, "Please answer.")
        again = self._bulk("centre", rows, **given, note="Again.")
        self.assertEqual(again.refused_count, 3)

    def test_return_and_remind(self):
        """R206: a reminder is logged; a case given back is with nobody."""
        case = self._new_case("inquiry")
        case.user_id = self.officer
        rows = self._console("chief").search([])
        self._bulk("chief", rows, action="remind", note="Due tomorrow.")
        reminder = self.env["npo.reminder"].search([("kind", "=", "centre")])
        self.assertEqual((reminder.res_id, reminder.user_id), (case.id, self.officer))
        task = self.env["mail.activity"].search([("user_id", "=", self.officer.id)])
        self.assertIn("Due tomorrow.", "".join(task.mapped("note")))
        self._bulk("chief", rows, action="return", note="Not mine.")
        self.assertFalse(case.user_id)
        refused = self._bulk("chief", rows, action="remind", note="Again.")
        self.assertIn(case.name, refused.line_ids.message)

    def test_hostile(self):
        """D02: rows of another kind or without a note are refused; so are outsiders."""
        case = self._new_case("inquiry")
        lines = self.env["npo.console.bulk.line"].with_user(self.users["centre"])
        bulk = (
            self.env["npo.console.bulk"]
            .with_user(self.users["centre"])
            .create({"action": "return", "note": "x"})
        )
        lines.create(
            {"bulk_id": bulk.id, "res_model": "res.users", "res_id": self.officer.id}
        )
        with self.assertRaises(UserError):
            bulk.action_run()
        with self.assertRaises(UserError):
            self._bulk("centre", self._console("centre").search([]), action="return")
        with self.assertRaises(AccessError):
            case.with_user(self.users["researcher"])._give_back("x")


@tagged("post_install", "-at_install")
class TestEscalation(VoiceCommon):
    """R151, R206: who hears of a late answer, each once, in working time."""

    def _late(self):
        domain = [("kind", "in", ("late_1", "late_2"))]
        return self.env["npo.reminder"].search(domain, order="id")

    def _escalate(self, moment):
        crons = type(self.env["ir.cron"])
        with freeze_time(moment), patch.object(crons, "_commit_progress"):
            self.env["npo.inquiry"]._cron_escalate()

    def test_once_each(self):
        """R151: the centre first, the general manager days later, nobody twice."""
        with freeze_time("2026-10-04 07:00:00"):
            case = self._new_case("inquiry")
        self._escalate("2026-10-07 06:30:00")
        self.assertFalse(self._late())
        self._escalate("2026-10-07 17:30:00")  # late, and nobody is at work
        self.assertFalse(self._late())
        for moment in ("2026-10-08 07:00:00", "2026-10-08 08:00:00"):
            self._escalate(moment)
            self.assertEqual(self._late().user_id, self.users["chief"])
            self.assertEqual(len(self._late()), 1)
        self._escalate("2026-10-12 08:00:00")
        self.assertEqual(self._late()[-1:].user_id, self.users["manager"])
        self._escalate("2026-11-12 09:00:00")
        self.assertEqual(len(self._late()), 2)
        self.assertEqual(case.escalation, 2)
        tasks = self.env["mail.activity"].search(
            [("user_id", "=", self.users["chief"].id)]
        )
        told = tasks.filtered(lambda task: case.name in (task.note or ""))
        self.assertEqual(len(told), 1)

    def test_by_severity(self):
        """R151: the graver a complaint, the higher up it is told (glossary 17.3)."""
        heads = {
            "low": ("chief", "chief"),
            "medium": ("chief", "chief"),
            "high": ("chief", "manager"),
            "critical": ("manager", "manager"),
        }
        for severity, names in heads.items():
            with self.subTest(severity):
                case = self._new_case("complaint", severity=severity)
                told = [case._escalation_users(step) for step in (1, 2)]
                self.assertEqual(told, [self.users[name] for name in names])
        boss = self.users["researcher"]
        employee = self.env["hr.employee"].create(
            {"name": "Head", "user_id": boss.id, "company_id": self.company.id}
        )
        unit = self.env["hr.department"].create(
            {
                "name": "Unit",
                "manager_id": employee.id,
                "company_id": self.company.id,
            }
        )
        case = self._new_case("complaint", severity="low", department_id=unit.id)
        self.assertEqual(case._escalation_users(1), boss)

    def test_answered_is_not_late(self):
        """R151: what was answered, closed or waits for the person is told to nobody."""
        with freeze_time("2026-10-04 07:00:00"):
            self._new_case("inquiry").date_answered = "2026-10-04 08:00:00"
            self._new_case("inquiry")._move("waiting")
            self._new_case("suggestion")._move("declined")
        self._escalate("2026-12-01 09:00:00")
        self.assertFalse(self._late())

    def test_cost(self):
        """R151: the work is that of what is newly late, however many are told."""
        with freeze_time("2026-10-04 07:00:00"):
            for _number in range(30):
                self._new_case("inquiry")
        self.env.flush_all()
        with freeze_time("2026-10-08 07:00:00"):
            cases = self.env["npo.inquiry"].sudo()
            before = self.env.cr.sql_log_count
            done = cases._escalate_batch(self.company)
            self.env.flush_all()
            statements = self.env.cr.sql_log_count - before
            self.assertEqual(done, 30)
            self.assertLessEqual(statements, 30)
            before = self.env.cr.sql_log_count
            self.assertFalse(cases._companies_late())
            self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
