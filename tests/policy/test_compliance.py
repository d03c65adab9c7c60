import json
from datetime import date
from pathlib import Path

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_path, mute_logger

from ...models.policy.compliance_obligation import PROPOSED
from ..common import AssociationCommon, local_today
from ..common_performance import PerformanceCommon
from ..core.test_print_engine import read_pdf


@tagged("post_install", "-at_install")
class TestCompliance(PerformanceCommon, AssociationCommon):
    """R155: what laws and policies ask: whose, by when, met how, what is overdue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.governor = cls.users["governor"]
        cls.owner = cls.users["officer"]
        cls.obligations = cls.env["npo.compliance.obligation"]
        cls.proposed = cls.obligations.search([("company_id", "=", cls.company.id)])

    @classmethod
    def _obligation(cls, due="2026-03-31", **vals):
        """Return an obligation of the officer, to be met each month."""
        return cls.obligations.with_user(cls.governor).create(
            {
                "company_id": cls.company.id,
                "title": "Fire drill",
                "source": "Civil defence, article 4",
                "cadence": "month",
                "date_due": due,
                "user_id": cls.owner.id,
                **vals,
            }
        )

    @classmethod
    def _meet(cls, obligation, user=None, **vals):
        lines = cls.env["npo.compliance.fulfilment"].with_user(user or cls.owner)
        vals = {"note": "Minutes of the drill", **vals}
        return lines.create({"obligation_id": obligation.id, **vals})

    def _remind(self):
        cron = self.env.ref("npo_relations.ir_cron_npo_compliance_remind")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # PROPOSED
    # ------------------------------------------------------------

    def test_proposed(self):
        """R155: an association begins with what the product enforces, in Arabic."""
        entries = json.loads(Path(file_path(PROPOSED)).read_text(encoding="utf-8"))
        codes = {entry["code"] for entry in entries}
        self.assertLessEqual(
            {"breach_drill", "undertakings", "processing_records", "policy_review"},
            codes,
        )
        self.assertEqual(set(self.proposed.mapped("code")), codes)
        self.assertGreater(min(self.proposed.mapped("date_due")), local_today())
        first = self.proposed.filtered(lambda one: one.code == entries[0]["code"])
        arabic = first.with_context(lang="ar_001")
        for name in ("title", "source", "expected"):
            self.assertEqual(arabic[name], entries[0][name]["ar"])
        first.title = "Our own words"
        gone = self.proposed - first
        gone[0].unlink()
        gone[1].action_archive()
        self.obligations.with_user(self.governor).action_propose()
        again = self.obligations.with_context(active_test=False).search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sorted(again.mapped("code")), sorted(codes))
        self.assertFalse(gone[1].active)
        self.assertEqual(first.title, "Our own words")

    # ------------------------------------------------------------
    # MET
    # ------------------------------------------------------------

    def test_met_moves_the_day(self):
        """R155: noted by its owner with what shows it, the day moves on; it is kept."""
        one = self._obligation()
        with freeze_time("2026-03-10 08:00"):
            self._remind()
            self.assertEqual(one.activity_ids.user_id, self.owner)
            own = one.with_user(self.owner)
            action = own.action_met()
            form = Form(
                self.env[action["res_model"]]
                .with_user(self.owner)
                .with_context(**action["context"])
            )
            form.note = "Minutes of the drill"
            line = form.save()
            self.assertRecordValues(
                line,
                [
                    {
                        "date_due": date(2026, 3, 31),
                        "date_met": date(2026, 3, 10),
                        "user_id": self.owner.id,
                        "is_late": False,
                        "company_id": self.company.id,
                    }
                ],
            )
            self.assertEqual(one.date_due, date(2026, 4, 30))
            self.assertEqual(one.date_met, date(2026, 3, 10))
            self.assertFalse(one.activity_ids, "nothing is left to do for it")
            self.assertEqual(one.state, "met")
        with freeze_time("2026-05-02 08:00"):
            self.env.invalidate_all()
            late = self._meet(one)
            self.assertTrue(late.is_late)
            self.assertEqual(one.date_due, date(2026, 5, 31))
            self.assertEqual(one.fulfilment_ids, late + line)

    def test_missed_times_stay(self):
        """R155: what was missed is overdue until it is noted, one time by the other."""
        one = self._obligation("2026-01-31")
        with freeze_time("2026-03-10 08:00"):
            for day in ("2026-02-28", "2026-03-31"):
                self.assertEqual(one.state, "overdue")
                self._meet(one)
                self.assertEqual(str(one.date_due), day)
            self.assertEqual(one.state, "open")

    def test_cadence(self):
        """R155: the same day of a later month; its end stays its end."""
        one = self._obligation()
        for cadence, due, following in (
            ("month", "2026-01-31", "2026-02-28"),
            ("month", "2026-02-28", "2026-03-31"),
            ("month", "2026-03-15", "2026-04-15"),
            ("quarter", "2026-03-31", "2026-06-30"),
            ("half", "2026-06-30", "2026-12-31"),
            ("year", "2027-02-28", "2028-02-29"),
            ("year", "2026-10-05", "2027-10-05"),
            ("once", "2026-10-05", "2026-10-05"),
        ):
            with self.subTest(f"{cadence} {due}"):
                one.write({"cadence": cadence, "date_due": due})
                self.assertEqual(str(one._next_due()), following)

    def test_day_does_not_slide(self):
        """R155: after a short month it is due on its own day again."""
        for first, days in (
            ("2026-01-30", ("2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30")),
            ("2026-01-31", ("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31")),
        ):
            one = self._obligation(first)
            with freeze_time("2026-07-10 08:00"):
                for day in days:
                    self._meet(one)
                    self.assertEqual(str(one.date_due), day)

    def test_owners(self):
        """R155: many at once, each of its own owner, whatever else is at hand."""
        other = self.env["res.company"].create({"name": "Another"})
        self.governor.company_ids |= other
        both = {"allowed_company_ids": (self.company + other).ids}
        own = self.obligations.with_user(self.governor).with_context(**both)
        vals = {"source": "Article 4", "cadence": "month", "date_due": "2026-03-31"}
        owners = self.owner, self.users["researcher"], self.env["res.users"]
        lines = own.create(
            [
                {
                    **vals,
                    "title": f"Drill {user.id}",
                    "user_id": user.id,
                    "company_id": self.company.id,
                }
                for user in owners
            ]
        )
        self.assertEqual(lines.user_id, self.owner + self.users["researcher"])

    def test_owner_changes(self):
        """R155: who owns it by now is reminded, and who did no longer."""
        one = self._obligation()
        with freeze_time("2026-03-10 08:00"):
            self._remind()
            self.assertEqual(one.activity_ids.user_id, self.owner)
            one.with_user(self.governor).user_id = self.users["researcher"]
            self.assertFalse(one.activity_ids)
            self._remind()
            self.assertEqual(one.activity_ids.user_id, self.users["researcher"])

    def test_once(self):
        """R155: what is to be met once is done, and cannot be met again."""
        one = self._obligation(cadence="once")
        with freeze_time("2026-04-10 08:00"):
            self.assertEqual(one.state, "overdue")
            self._meet(one)
            self.assertTrue(one.is_done)
            self.assertEqual((one.state, str(one.date_due)), ("met", "2026-03-31"))
            with self.assertRaises(UserError):
                self._meet(one)
            with self.assertRaises(UserError):
                one.unlink()

    def test_state(self):
        """R155: to be met, overdue or met, by the day of the association; searched."""
        self.company.npo_compliance_notice_days = 10
        one = self._obligation()
        mine = [("id", "=", one.id)]

        def states():
            self.env.invalidate_all()
            found = {
                state
                for state in ("open", "overdue", "met")
                if self.obligations.search([*mine, ("state", "=", state)])
            }
            self.assertEqual(found, {one.state})
            others = [("state", "not in", [one.state])]
            self.assertFalse(self.obligations.search([*mine, *others]))
            return one.state

        with freeze_time("2026-03-31 20:30"):
            self.assertEqual(states(), "open")
        with freeze_time("2026-03-31 21:30"):  # already the 1st in Riyadh
            self.assertEqual(states(), "overdue")
            self._meet(one)
            self.assertEqual(states(), "met")
        with freeze_time("2026-04-19 08:00"):
            self.assertEqual(states(), "met")
        with freeze_time("2026-04-20 08:00"):
            self.assertEqual(states(), "open")
        with freeze_time("2026-05-01 08:00"):
            self.assertEqual(states(), "overdue")

    @freeze_time("2026-03-10 08:00")
    def test_pressed_twice(self):
        """R155: two forms opened for the same day note it once."""
        one = self._obligation()
        self._meet(one, date_due="2026-03-31")
        with self.assertRaisesRegex(UserError, "already"):
            self._meet(one, date_due="2026-03-31")
        with self.assertRaises(UserError):
            self._meet(one, date_due="2026-05-31")
        self.assertEqual(len(one.fulfilment_ids), 1)
        lines = self.env["npo.compliance.fulfilment"].with_user(self.owner)
        vals = {"obligation_id": one.id, "note": "x"}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            lines.create([vals, dict(vals)])

    @freeze_time("2026-03-10 08:00")
    def test_evidence(self):
        """R155: without what shows it, or in the future, nothing is met."""
        one = self._obligation()
        for vals in ({"note": " "}, {"note": False}, {"date_met": "2026-03-11"}):
            with self.subTest(str(vals)), self.assertRaises(ValidationError):
                self._meet(one, **vals)
        self.assertEqual(str(one.date_due), "2026-03-31")
        self._meet(one, note=False, file="eA==", file_name="minutes.txt")
        self.assertEqual(str(one.date_due), "2026-04-30")

    @freeze_time("2026-03-10 08:00")
    def test_taken_back(self):
        """R155: noted by mistake: taken back by who keeps the register; both stay."""
        one = self._obligation()
        first, second = self._meet(one), self._meet(one)
        for role in ("officer", "manager", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                second.with_user(self.users[role]).action_take_back()
        with self.assertRaises(UserError):
            first.with_user(self.governor).action_take_back()
        (second + first).with_user(self.governor).action_take_back()
        self.assertEqual(str(one.date_due), "2026-03-31")
        self.assertFalse(one.date_met)
        self.assertEqual(len(one.fulfilment_ids), 2)
        self._remind()
        self.assertEqual(one.activity_ids.user_id, self.owner)
        self._meet(one)
        self.assertEqual(str(one.date_due), "2026-04-30")

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    @freeze_time("2026-03-10 08:00")
    def test_who_sees(self):
        """R155: an owner sees the own ones, who keeps and who watches all."""
        one = self._obligation()
        all_ = self.proposed | one
        for role in ("governor", "protector", "manager", "auditor"):
            with self.subTest(role):
                seen = self.obligations.with_user(self.users[role]).search([])
                self.assertEqual(set(seen.ids), set(all_.ids))
        self.assertEqual(self.obligations.with_user(self.owner).search([]), one)
        self.assertFalse(self.obligations.with_user(self.users["front"]).search([]))
        other = self._new_association("Other Association", "harfa")
        foreign = self.obligations.search([("company_id", "=", other.id)])
        self.assertTrue(foreign)
        with self.assertRaises(AccessError):
            foreign.with_user(self.governor).read(["title"])

    @freeze_time("2026-03-10 08:00")
    def test_who_does(self):
        """R155: the owner notes it as met; the register is for who keeps it."""
        one = self._obligation()
        for role in ("front", "manager", "auditor"):
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    self._meet(one, self.users[role])
                with self.assertRaises(AccessError):
                    one.with_user(self.users[role]).title = "x"
        with self.assertRaises(AccessError):
            one.with_user(self.owner).date_due = "2027-01-01"
        with self.assertRaises(AccessError):
            one.with_user(self.owner).unlink()
        audit = self._obligation(user_id=self.users["auditor"].id)
        self._meet(audit, self.users["auditor"])
        line = self._meet(one, self.governor)
        for user in (self.owner, self.governor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    line.with_user(user).note = "Other words"
                with self.assertRaises(AccessError):
                    line.with_user(user).unlink()
        stranger = self._new_association("Third Association", "harfa")
        foreign = self._new_staff("foreign", "relations_officer", stranger)
        with self.assertRaises(ValidationError):
            one.user_id = foreign

    def test_nothing_brought_in(self):
        """R155: what the register works out is written by nobody."""
        one = self._obligation()
        own = one.with_user(self.governor)
        for vals in (
            {"date_met": "2026-03-01"},
            {"is_done": True},
            {"date_notice": "2026-03-01"},
            {"name": "OBL/1"},
            {"company_id": self.env.company.id},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                own.write(vals)
        for vals in ({"user_id": self.governor.id}, {"is_void": True}):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                self._meet(one, **vals)

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    def test_reminded_once(self):
        """R155 ⚖: its owner has a task before the day, once for each time."""
        self.company.npo_compliance_notice_days = 10
        self.proposed.unlink()
        one = self._obligation()
        alone = self._obligation(user_id=False)
        for day, count in (
            ("2026-03-20", 0),
            ("2026-03-21", 1),
            ("2026-03-22", 1),
            ("2026-04-02", 1),
        ):
            with freeze_time(f"{day} 08:00"):
                self._remind()
                self.assertEqual(len(one.activity_ids), count, day)
        self.assertEqual(str(one.activity_ids.date_deadline), "2026-03-31")
        self.assertEqual(alone.activity_ids.user_id, self.governor)
        with freeze_time("2026-04-02 08:00"):
            self._meet(one)
            self._remind()
            self.assertFalse(one.activity_ids)
        with freeze_time("2026-04-20 08:00"):
            self._remind()
            self.assertEqual(str(one.activity_ids.date_deadline), "2026-04-30")

    def test_home(self):
        """R155: the general manager finds what is overdue, its owner what is due."""

        def tiles(role):
            home = self.env["npo.home"].with_user(self.users[role]).get_home()
            return [
                (tile["tone"], tile["count"])
                for tile in home["tiles"]
                if tile["model"] == self.obligations._name
            ]

        self.assertFalse(tiles("manager"))
        yesterday = fields.Date.subtract(local_today(), days=1)
        self._obligation(yesterday)
        self.assertEqual(tiles("manager"), [("danger", 1)])
        self.assertEqual(tiles("officer"), [("warning", 1)])
        self.assertFalse(tiles("front"))

    @freeze_time("2026-04-10 08:00")
    @mute_logger("odoo.addons.npo_relations.tools.printing")
    def test_overdue_prints(self):
        """R155: the list of what is overdue prints for management, and nothing else."""
        self.proposed.unlink()
        manager = self.obligations.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.action_print_overdue()
        late = self._obligation()
        kept = self._obligation("2026-05-31", title="Library inventory")
        action = manager.action_print_overdue()
        self.assertEqual(action["context"]["active_ids"], late.ids)
        reports = self.env["ir.actions.report"].with_user(self.users["manager"])
        reports = reports.with_context(force_report_rendering=True)

        def text(lines):
            name = "npo_relations.report_npo_compliance"
            content, _kind = reports._render_qweb_pdf(name, lines.ids)
            return " ".join(" ".join(read_pdf(content)).split())

        paper = text(late)
        for word in ("Fire drill", late.name, "article 4", "Officer"):
            self.assertIn(word, paper)
        self.assertIn("10", paper, "days late")
        self.assertNotIn("Library inventory", paper)
        both = text(late + kept)
        self.assertLess(both.index("Fire drill"), both.index("Library inventory"))
        with self.assertRaises(AccessError):
            late.with_user(self.users["front"]).action_print()

    @freeze_time("2026-04-10 08:00")
    def test_in_the_evidence(self):
        """R155, P002: the pack of a visit holds what was due in the period, and met."""
        self.proposed.unlink()
        one = self._obligation()
        self._obligation("2027-01-31", title="Later")
        self._meet(one)
        pages = self.env["npo.policy.keeping"].with_user(self.governor)
        version = self.company.npo_policy_version_id.with_user(self.governor)
        page = pages._new_page(version, date(2026, 1, 1), date(2026, 12, 31))
        sheet = page._obligation_sheet()
        self.assertEqual([row[1] for row in sheet.rows], ["Fire drill"] * 2)
        first, second = sheet.rows
        self.assertTrue(first[6] and first[7], "met, and late")
        self.assertFalse(second[6] or second[7], "due still")
        self.assertNotIn("Minutes of the drill", str(sheet.rows))

    # ------------------------------------------------------------
    # SIZE
    # ------------------------------------------------------------

    @freeze_time("2026-04-10 08:00")
    def test_statements(self):
        """R155: the list, the states and the reminders do not grow with the lines."""
        specs = self._view_spec(self.obligations, "list")

        def look():
            own = self.obligations.with_user(self.governor)
            own.web_search_read([("state", "=", "overdue")], specs, limit=80)

        counts, reminded = [], []
        for size in (5, 40):
            vals = {
                "company_id": self.company.id,
                "title": "x",
                "source": "x",
                "date_due": "2026-03-31",
                "user_id": self.owner.id,
            }
            self.obligations.create([dict(vals) for _number in range(size)])
            look()
            counts.append(self._statements(look))
            reminded.append(self._statements(self.obligations._cron_remind))
        self.assertLessEqual(counts[1], counts[0], counts)
        self.assertLessEqual(reminded[1], reminded[0] + 5, reminded)
