from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import AssociationCommon, local_today


@tagged("post_install", "-at_install")
class TestAcknowledgement(AssociationCommon):
    """A version in force is circulated, and who has read it is known (R036, R156)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.lines = cls.env["npo.policy.acknowledgement"]
        cls.ethics = cls.env["npo.policy"].create(
            {
                "name": "Code of ethics",
                "kind": "manual",
                "company_id": cls.company.id,
                "is_operating": False,
            }
        )
        cls.version = cls._new_version(cls.ethics)
        cls.staff = cls.env["res.users"].concat(*cls.users.values())

    @classmethod
    def _new_version(cls, policy):
        return cls.env["npo.policy.version"].create(
            {
                "policy_id": policy.id,
                "prepared_by_title": "Governance officer",
                "meeting_text": "Session 1",
            }
        )

    def _in_force(self, version=None):
        version = (version or self.version).with_user(self.users["governor"])
        version.meeting_text = version.meeting_text or "Session 2"
        version.action_submit()
        version.action_approve()
        return self._of(version.sudo())

    def _of(self, version):
        return self.lines.search([("version_id", "=", version.id)])

    def _mine(self, name, lines):
        user = self.users[name]
        return lines.filtered(lambda line: line.user_id == user).with_user(user)

    # ------------------------------------------------------------
    # CIRCULATION
    # ------------------------------------------------------------

    def test_all_staff(self):
        """R036: when a version gets in force, each member of staff is asked once."""
        lines = self._in_force()
        self.assertLessEqual(self.staff, lines.user_id)
        self.assertEqual(len(lines), len(lines.user_id))
        self.assertEqual(set(lines.mapped("state")), {"pending"})
        days = {line.date_due - line.date_asked for line in lines}
        self.assertEqual(days, {timedelta(days=self.company.npo_acknowledgement_days)})
        self.version.with_user(self.users["governor"]).action_circulate()
        self.assertEqual(self._of(self.version), lines)

    def test_outsiders(self):
        """Neither the portal, nor an employee without a role, nor another company."""
        outsiders = [
            new_test_user(
                self.env,
                f"out_{group}",
                f"base.group_{group}",
                company_id=self.company.id,
                company_ids=self.company.ids,
            )
            for group in ("portal", "user")
        ]
        other = self._new_association("Other Association", "harfa")
        outsiders.append(self._new_staff("out", "relations_officer", other))
        lines = self._in_force()
        self.assertFalse(lines.user_id & self.env["res.users"].concat(*outsiders))

    def test_groups(self):
        """R036: a policy is circulated to the groups that it concerns."""
        group = self.env.ref("npo_relations.group_npo_committee_member")
        self.ethics.circulation_group_ids = group
        lines = self._in_force()
        for name in ("chair", "member", "secretary"):
            self.assertIn(self.users[name], lines.user_id)
        self.assertNotIn(self.officer, lines.user_id)

    def test_draft(self):
        """Nobody is asked to read what is not in force."""
        self.version.with_user(self.users["governor"]).action_submit()
        self.assertFalse(self._of(self.version))
        with self.assertRaises(UserError):
            self.version.with_user(self.users["governor"]).action_circulate()
        with self.assertRaises(AccessError):
            self.version.with_user(self.officer).action_circulate()

    def test_next_version(self):
        """The former version is no longer asked for; what was read stays recorded."""
        former = self._in_force()
        self._mine("officer", former).action_read()
        second = self.version.copy()
        second.prepared_by_title = "Governance officer"
        lines = self._in_force(second)
        self.assertIn(self.officer, lines.user_id)
        self.assertEqual(set(former.mapped("state")), {"read", "lapsed"})
        found = self.lines.search(
            [("id", "in", former.ids), ("state", "in", ("pending", "late"))]
        )
        self.assertFalse(found)

    def test_in_one_batch(self):
        """The statements do not grow with the readers."""
        counts = []
        for extra in (0, 15):
            for number in range(extra):
                self._new_staff(f"more{number}", "delivery_officer", self.company)
            version = self._new_version(self.ethics)
            version._set_state("approved") if not extra else None
            self.env.flush_all()
            lines = self.lines.sudo()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines.create(
                [
                    {
                        "version_id": version.id,
                        "user_id": user.id,
                        "date_asked": "2026-01-01",
                        "date_due": "2026-01-15",
                    }
                    for user in version._circulated_users()
                ]
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            version._set_state("superseded")
        self.assertLessEqual(counts[1], counts[0] + 1)

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def test_read(self):
        """R036: the reader's own button, with the declaration of glossary 26."""
        line = self._mine("officer", self._in_force())
        self.assertIn("Code of ethics", line.declaration)
        self.assertIn("issue 1", line.declaration)
        line.action_read()
        self.assertEqual(line.state, "read")
        when = line.date_read
        line.action_read()
        self.assertEqual(line.date_read, when)

    def test_read_by_another(self):
        """Nobody declares for another person, whatever their role."""
        lines = self._in_force()
        for name in ("governor", "manager", "auditor"):
            line = self._mine("officer", lines).with_user(self.users[name])
            with self.subTest(name), self.assertRaises(AccessError):
                line.action_read()
        with self.assertRaises(AccessError):
            self._mine("member", lines).with_user(self.officer).action_read()
        line = self._mine("officer", lines)
        for attempt in (
            lambda: line.write({"date_read": fields.Datetime.now()}),
            lambda: line.unlink(),
            lambda: line.create({"version_id": 1, "user_id": 1}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_who_sees(self):
        """One's own; governance, management and audit see everybody's."""
        lines = self._in_force()
        domain = [("id", "in", lines.ids)]
        self.assertEqual(
            self.lines.with_user(self.officer).search(domain).user_id, self.officer
        )
        for name in ("governor", "manager", "auditor"):
            seen = self.lines.with_user(self.users[name]).search(domain)
            self.assertEqual(seen, lines)

    def test_late(self):
        """What is computed and what is found are the same, for each state."""
        lines = self._in_force()
        late = lines[:2]
        late.date_due = local_today() - timedelta(days=3)
        self._mine("officer", lines).action_read()
        self.lines.invalidate_model()
        for state in ("pending", "late", "read", "lapsed"):
            found = self.lines.search([("state", "=", state), ("id", "in", lines.ids)])
            same = lines.filtered(lambda line, own=state: line.state == own)
            self.assertEqual(found, same, state)
        self.assertTrue(lines.filtered(lambda line: line.state == "late"))

    def test_share(self):
        """R036: the share of those who have read, and the way to who has not."""
        lines = self._in_force()
        half = lines[: len(lines) // 2]
        half.date_read = fields.Datetime.now()
        self.ethics.invalidate_recordset()
        self.assertEqual(self.ethics.reader_count, len(lines))
        self.assertEqual(self.ethics.unread_count, len(lines) - len(half))
        self.assertEqual(self.ethics.read_share, round(100 * len(half) / len(lines)))
        action = self.ethics.action_open_readers()
        self.assertEqual(self.lines.search(action["domain"]), lines)

    def test_home(self):
        """The home page of a reader counts what waits, until it is read."""
        lines = self._in_force()
        home = self.env["npo.home"].with_user(self.officer)

        def tile():
            tiles = home.get_home()["tiles"]
            return [tile for tile in tiles if tile["model"] == self.lines._name]

        before = tile()[0]["count"]
        self._mine("officer", lines).action_read()
        after = tile()
        self.assertEqual((after[0]["count"] if after else 0), before - 1)

    def test_text(self):
        """The reader's screen shows the text of the version."""
        self.env["npo.policy.clause"].create(
            {"version_id": self.version.id, "text": "Be <b>honest</b>."}
        )
        line = self._mine("officer", self._in_force())
        self.assertIn("Be &lt;b&gt;honest&lt;/b&gt;.", line.text_html)
        Form(line)
        self.assertEqual(line.action_open_document()["type"], "ir.actions.report")

    # ------------------------------------------------------------
    # REMINDER
    # ------------------------------------------------------------

    def _notified(self, lines):
        """Run the cron; return who was told of the version, and the message."""
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.lines._cron_remind()
        messages = self.env["mail.message"].search(
            [
                ("id", ">", last),
                ("model", "=", "npo.policy.version"),
                ("res_id", "in", lines.version_id.ids),
            ]
        )
        return messages.notified_partner_ids, messages

    def test_reminder(self):
        """R036: only who has not read, and once in the days of the setting."""
        lines = self._in_force()
        self._mine("officer", lines).action_read()
        self.assertFalse(self._notified(lines)[0])
        lines.date_asked = local_today() - timedelta(days=8)
        told, messages = self._notified(lines)
        unread = lines.filtered(lambda line: not line.date_read)
        self.assertEqual(told, unread.user_id.partner_id)
        for user in self.staff:
            self.assertNotIn(user.name, "".join(messages.mapped("body")))
        self.assertFalse(self._notified(lines)[0])

    def test_newcomer(self):
        """Who joins later is asked on the next day."""
        lines = self._in_force()
        joined = self._new_staff("joined", "auditor", self.company)
        self.lines._cron_remind()
        self.assertEqual((self._of(self.version) - lines).user_id, joined)

    # ------------------------------------------------------------
    # PUBLICATION
    # ------------------------------------------------------------

    def test_publication(self):
        """Only what is in force is published, by the governance officer."""
        governor = self.users["governor"]
        self.assertFalse(self.ethics.is_published)
        with self.assertRaises(UserError):
            self.ethics.with_user(governor).is_published = True
        self._in_force()
        with self.assertRaises(AccessError):
            self.ethics.with_user(self.officer).is_published = True
        self.ethics.with_user(governor).is_published = True
        self.assertIn(
            self.ethics, self.env["npo.policy"]._published_policies(self.company)
        )
        with self.assertRaises(UserError):
            self.env["npo.policy"].with_user(governor).create(
                {
                    "name": "None",
                    "company_id": self.company.id,
                    "is_operating": False,
                    "is_published": True,
                }
            )

    def test_forms(self):
        """The switch and the groups stand on the form of the policy."""
        with Form(self.ethics.with_user(self.users["governor"])) as form:
            form.circulation_group_ids.add(
                self.env.ref("npo_relations.group_npo_auditor")
            )
        self.assertEqual(len(self.ethics.circulation_group_ids), 1)
        self.ethics.circulation_group_ids = [Command.clear()]
