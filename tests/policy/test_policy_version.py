from datetime import date

from psycopg2 import IntegrityError

from odoo import api, fields
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import ROLES, PolicyCommon

ALL_USERS = [f"npo_{role}" for role in ROLES]
GOVERNING = {"npo_governance_officer", "npo_admin"}


@tagged("post_install", "-at_install")
class TestPolicyVersion(PolicyCommon):
    """States, evidence and freezing of a policy version: R001–R009, R020, R211."""

    # ------------------------------------------------------------
    # DEFAULTS AND VALUES
    # ------------------------------------------------------------

    def test_numbers(self):
        """R007: versions count on within their policy, also in one batch."""
        versions = self.env["npo.policy.version"].create(
            [{"policy_id": self.policy.id}, {"policy_id": self.policy.id}]
        )
        self.assertEqual(
            [self.version.version_no, *versions.mapped("version_no")], [1, 2, 3]
        )

    @mute_logger("odoo.sql_db")
    def test_number_unique(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._new_version(version_no=1)

    def test_display_name(self):
        self.assertEqual(self.version.display_name, "Relations policy, version 1")

    def test_hijri_date(self):
        """R004: a Saturday is no obstacle, and the Hijri date is that of the table."""
        self.version.approval_date = date(2023, 12, 23)
        self.assertEqual(self.version.approval_hijri, "1445/06/10")
        self.version.approval_date = date(2023, 8, 10)
        self.assertEqual(self.version.approval_hijri, "1445/01/23")

    def test_approval_year(self):
        """R006: a year alone can be entered; one that contradicts the date cannot."""
        self.version.approval_year = 2021
        self.assertFalse(self.version.is_evidence_missing)
        self.version.write({"approval_date": date(2021, 5, 1)})
        with self.assertRaises(ValidationError):
            self.version.approval_date = date(2022, 5, 1)
        with self.assertRaises(ValidationError):
            self.version.write({"approval_year": 1442, "approval_date": False})

    def test_window_example(self):
        """Annex B: the form shows both dates in words; reading “floor” has one."""
        self.assertIn("Not before", self.version.window_example)
        self.assertIn("not after", self.version.window_example)
        self.version.window_reading = "floor"
        self.assertNotIn("not after", self.version.window_example)
        self.version.window_reading = "ceiling"
        self.assertIn("Not after", self.version.window_example)

    def test_declaration(self):
        """R120: the declaration names the association and takes the signer's form."""
        self.version.declaration_text = "{مسؤول|مسؤولة} أمام {association}"
        self.assertEqual(
            self.version._render_declaration("female"), "مسؤولة أمام Association A"
        )
        self.assertEqual(
            self.version._render_declaration(), "مسؤول/مسؤولة أمام Association A"
        )

    def test_name_search(self):
        """A version is found by its policy, its title as printed and its label."""
        self.version.title_as_approved = "سياسة تنظيم العلاقة"
        for words in ("Relations pol", "تنظيم العلاقة"):
            found = self.env["npo.policy.version"].name_search(words)
            self.assertIn(self.version.id, [found_id for found_id, _name in found])

    def test_forms(self):
        """Every form opens, and the form of a version shows what is missing."""
        with Form(self.policy) as form:
            form.name = "Renamed"
        Form(self.version)
        Form(self.version.tool_ids)
        action = self.version.action_withdraw()
        Form(self.env[action["res_model"]].with_context(**action["context"]))
        adjust = self.env["npo.policy.channel.adjust"]
        Form(adjust.with_context(default_version_id=self.version.id))
        Form(self.env["npo.profile.apply"])
        self.assertEqual(self.policy.name, "Renamed")
        self.assertEqual(
            self.env["npo.policy.version"].search_count(
                self.policy.action_open_versions()["domain"]
            ),
            self.policy.version_count,
        )

    def test_one_operating_policy(self):
        """The second policy of an association is kept in the register only."""
        second = (
            self.env["npo.policy"]
            .with_company(self.company)
            .create({"name": "Archive manual", "kind": "manual"})
        )
        self.assertFalse(second.is_operating)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            second.is_operating = True
            second.flush_recordset()

    # ------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------

    @users("npo_governance_officer", "npo_admin")
    def test_flow(self):
        """R003: draft, under review, in force."""
        version = self.version.copy().with_env(self.env)
        version.action_submit()
        self.assertEqual(version.state, "under_review")
        version.action_reset_to_draft()
        self.assertEqual(version.state, "draft")
        version.action_submit()
        version.meeting_text = "Session 19"  # known when the board has met
        version.action_approve()
        self.assertRecordValues(
            version,
            [
                {
                    "state": "approved",
                    "date_in_force": fields.Date.context_today(version),
                    "unevidenced_reason": False,
                }
            ],
        )
        self.assertEqual(version.policy_id.current_version_id, version)
        self.assertEqual(self.company.npo_policy_version_id, version)

    @users(*(login for login in ALL_USERS if login not in GOVERNING))
    def test_flow_refused(self):
        """D02: only the governance officer moves a version."""
        version = self.version.with_env(self.env)
        steps = [
            "action_submit",
            "action_approve",
            "action_reset_to_draft",
            "action_withdraw",
            "action_new_version",
            "action_put_in_force_unevidenced",
        ]
        for step in steps:
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(version, step)()

    def test_preparer_required(self):
        """R008: submitting asks who prepared the version."""
        self.version.prepared_by_title = False
        with self.assertRaises(UserError):
            self.version.action_submit()

    def test_order_of_states(self):
        """A draft is not approved without review; nothing comes back from the end."""
        with self.assertRaises(UserError):
            self.version.action_approve()
        self._put_in_force()
        for step in ("action_submit", "action_reset_to_draft", "action_approve"):
            with self.subTest(step=step), self.assertRaises(UserError):
                getattr(self.version, step)()

    def test_evidence_required(self):
        """Annex D 9: no approval without a date, a year or a meeting."""
        self.version.action_submit()
        with self.assertRaises(UserError):
            self.version.action_approve()

    def test_supersede(self):
        """R003: the next version supersedes the former in the same transaction."""
        first = self._put_in_force()
        second = self._put_in_force(first.copy())
        self.assertEqual((first.state, second.state), ("superseded", "approved"))
        self.assertEqual(self.policy.current_version_id, second)
        self.assertEqual(self.company.npo_policy_version_id, second)

    def test_earlier_version_refused(self):
        """An older draft does not push out a later version."""
        second = self._put_in_force(self.version.copy())
        with self.assertRaises(UserError):
            self._put_in_force(self.version)
        self.assertEqual(second.state, "approved")

    def test_withdraw(self):
        """Withdrawing tells its reason, and no version is in force any more."""
        self._put_in_force()
        with self.assertRaises(UserError):
            self.version._withdraw("  ")
        wizard = self.env["npo.policy.version.justify"].create(
            {
                "version_id": self.version.id,
                "operation": "withdraw",
                "reason": "The board took it back",
            }
        )
        wizard.action_apply()
        self.assertEqual(self.version.state, "withdrawn")
        self.assertFalse(self.company.npo_policy_version_id)
        self.assertIn("The board took it back", self.version.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "governance officer"):
            self.company._npo_require_policy_version()

    @mute_logger("odoo.sql_db")
    def test_index_one_in_force(self):
        """R003: the database itself keeps a second version from being in force."""
        second = self.version.copy()
        self._put_in_force()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(
                "UPDATE npo_policy_version SET state = 'approved' WHERE id = %s",
                [second.id],
            )

    def test_two_approve_at_once(self):
        """Of two persons who approve at the same time, the second is told so."""
        self.version.meeting_text = "Session 1"
        self.version.action_submit()

        def taken(policy, **_kwargs):
            raise LockError("taken")

        self.patch(self.registry["npo.policy"], "lock_for_update", taken)
        with self.assertRaisesRegex(UserError, "at this moment"):
            self.version.action_approve()
        self.assertEqual(self.version.state, "under_review")

    def test_two_transactions(self):
        """The lock is a real one: another transaction cannot take it meanwhile."""
        with (
            db_connect(self.cr.dbname).cursor() as first_cr,
            db_connect(self.cr.dbname).cursor() as second_cr,
        ):
            first = api.Environment(first_cr, api.SUPERUSER_ID, {})
            second = api.Environment(second_cr, api.SUPERUSER_ID, {})
            policy = first["npo.policy"].create(
                {"name": "Committed", "is_operating": False}
            )
            vals = {"policy_id": policy.id, "prepared_by_title": "Officer"}
            versions = first["npo.policy.version"].create([vals, vals])
            versions.write({"meeting_text": "Session 1"})
            versions.action_submit()
            first_cr.commit()
            try:
                versions[0].action_approve()
                rival = second["npo.policy.version"].browse(versions[1].id)
                with self.assertRaisesRegex(UserError, "at this moment"):
                    rival.action_approve()
            finally:
                second_cr.rollback()
                first_cr.rollback()
                first.clear()
                versions.unlink()
                policy.unlink()
                first_cr.commit()

    # ------------------------------------------------------------
    # EVIDENCE
    # ------------------------------------------------------------

    @users("npo_governance_officer")
    def test_unevidenced(self):
        """Annex D 9: in force without evidence is an explicit act with a reason."""
        version = self.version.with_env(self.env)
        self.assertTrue(version.is_evidence_missing)
        action = version.action_put_in_force_unevidenced()
        wizard = (
            self.env["npo.policy.version.justify"]
            .with_context(**action["context"])
            .create({"reason": "The copy has no approval block"})
        )
        wizard.action_apply()
        self.assertRecordValues(
            version,
            [
                {
                    "state": "approved",
                    "unevidenced_reason": "The copy has no approval block",
                    "is_evidence_missing": True,
                }
            ],
        )
        self.assertIn("no approval block", version.message_ids[0].body)
        # the evidence can be supplied once, nothing else
        with self.assertRaises(UserError):
            version.reply_max_value = 45
        version.write({"approval_date": date(2024, 1, 1), "session_no": "4"})
        self.assertFalse(version.is_evidence_missing)
        with self.assertRaises(UserError):
            version.approval_date = date(2024, 1, 2)

    def test_unevidenced_needs_missing_evidence(self):
        """Where the approval is evidenced, the board's approval is the way."""
        self.version.meeting_text = "Session 1"
        with self.assertRaises(UserError):
            self.version._put_in_force_unevidenced("No need")

    # ------------------------------------------------------------
    # FREEZING
    # ------------------------------------------------------------

    @users(*ALL_USERS)
    def test_frozen_for_every_role(self):
        """R020, R211: nobody changes an approved version, nor its lines."""
        version = self.version
        if version.state == "draft":
            self._put_in_force()
        version = version.with_env(self.env)
        attempts = [
            lambda: version.write({"study_min_value": 3}),
            lambda: version.write({"use_compensation": True}),
            lambda: version.write({"note": "x"}),
            lambda: version.write({"state": "draft"}),
            lambda: version.write({"date_in_force": "2020-01-01"}),
            lambda: version.write({"tool_ids": [Command.clear()]}),
            lambda: version.write({"channel_line_ids": [Command.clear()]}),
            lambda: version.channel_line_ids.write({"name": "x"}),
            lambda: version.channel_line_ids.write({"is_in_use": False, "reason": "x"}),
            lambda: version.channel_line_ids.unlink(),
            lambda: version.step_ids.write({"name": "x"}),
            lambda: version.step_ids.unlink(),
            lambda: version.tool_ids.write({"name": "x"}),
            lambda: version.tool_ids.unlink(),
            lambda: self.env["npo.policy.step"].create(
                {"version_id": version.id, "name": "x", "stage_code": "done"}
            ),
            lambda: self.env["npo.policy.signatory"].create({"version_id": version.id}),
            lambda: self.env["npo.policy.channel"].create(
                {
                    "version_id": version.id,
                    "name": "x",
                    "channel_ids": self._ids("phone"),
                }
            ),
            lambda: version.channel_line_ids.update_field_translations(
                "name", {"en_US": "x"}
            ),
            lambda: version.step_ids.update_field_translations("name", {"en_US": "x"}),
            lambda: version.tool_ids.update_field_translations("name", {"en_US": "x"}),
            lambda: version.policy_id.write({"kind": "manual"}),
            lambda: version.policy_id.write({"company_id": self.other_company.id}),
            lambda: version.policy_id.unlink(),
            lambda: version.unlink(),
        ]
        for number, attempt in enumerate(attempts):
            with (
                self.subTest(attempt=number),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                attempt()

    def test_frozen_in_sudo(self):
        """Freezing is no matter of rights: sudo cannot write either."""
        self._put_in_force()
        with self.assertRaises(UserError):
            self.version.sudo().reply_max_value = 45
        with self.assertRaises(UserError):
            self.version.sudo().step_ids.name = "x"

    def test_frozen_in_later_states(self):
        """What was in force stays as it was; only drafts and reviews are deleted."""
        first = self._put_in_force()
        second = self._put_in_force(first.copy())
        second._withdraw("Reason")
        for version in first | second:
            with self.subTest(state=version.state):
                with self.assertRaises(UserError):
                    version.reply_max_value = 45
                with self.assertRaises(UserError):
                    version.unlink()

    def test_under_review(self):
        """With the board: the approval can be entered, the content cannot change."""
        self.version.action_submit()
        with self.assertRaises(UserError):
            self.version.reply_max_value = 45
        with self.assertRaises(UserError):
            self.version.step_ids.unlink()
        self.version.write(
            {
                "session_no": "19",
                "signatory_ids": [Command.create({"position": "chair"})],
            }
        )
        self.assertEqual(self.version.signatory_ids.position, "chair")

    def test_state_only_by_methods(self):
        """No state by create, by write, or by a default from a client's context."""
        versions = self.env["npo.policy.version"]
        with self.assertRaises(UserError):
            versions.create({"policy_id": self.policy.id, "state": "approved"})
        version = versions.with_context(default_state="approved").create(
            {"policy_id": self.policy.id}
        )
        self.assertEqual(version.state, "draft")
        with self.assertRaises(UserError):
            version.state = "approved"

    def test_stays_with_policy(self):
        other = self.env["npo.policy"].create(
            {"name": "Other", "company_id": self.company.id, "is_operating": False}
        )
        with self.assertRaises(UserError):
            self.version.policy_id = other

    def test_chatter_stays_open(self):
        """Notes and activities are possible on what is frozen."""
        self._put_in_force()
        self.version.message_post(body="Note")
        self.version.activity_schedule("mail.mail_activity_data_todo", summary="Read")
        self.assertTrue(self.version.activity_ids)

    def test_new_version(self):
        """R211: a change is the next draft, with the lines and without the approval."""
        self.version.write({"version_label": "First", "issue_date": date(2024, 1, 1)})
        self._put_in_force()
        draft = self.env["npo.policy.version"].browse(
            self.version.action_new_version()["res_id"]
        )
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "draft",
                    "version_no": 2,
                    "version_label": False,
                    "meeting_text": False,
                    "issue_date": False,
                    "tool_ids": self.version.tool_ids.ids,
                }
            ],
        )
        self.assertEqual(
            draft.channel_line_ids.mapped("name"),
            self.version.channel_line_ids.mapped("name"),
        )
        self.assertEqual(draft.step_ids.mapped("stage_code"), ["new"])
        self.assertFalse(draft.channel_line_ids & self.version.channel_line_ids)

    def test_tracking(self):
        """R003, D13: who changed the state stands in the chatter."""
        self.cr.precommit.run()  # what is new in a transaction is not tracked
        version = self.version.with_context(tracking_disable=False, mail_notrack=False)
        self._put_in_force(version)
        self.env.flush_all()
        self.cr.precommit.run()
        values = version.message_ids.sudo().tracking_value_ids
        self.assertIn("state", values.field_id.mapped("name"))
