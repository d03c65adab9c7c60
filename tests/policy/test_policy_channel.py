from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import ROLES, PolicyCommon

OTHERS = [
    f"npo_{role}" for role in ROLES if role not in ("governance_officer", "admin")
]


@tagged("post_install", "-at_install")
class TestPolicyChannel(PolicyCommon):
    """Channels of a version: R085, R211."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version.channel_line_ids = [
            Command.create(
                {
                    "name": "Letters and faxes",
                    "channel_ids": cls._ids("letter", "fax"),
                    "sequence": 20,
                }
            ),
            Command.create(
                {
                    "name": "Tawasul",
                    "kind": "complaint",
                    "channel_ids": cls._ids("tawasul"),
                    "sequence": 30,
                }
            ),
        ]
        cls._put_in_force()
        cls.letters = cls.version.channel_line_ids[1]

    def _adjust(self, **vals):
        wizard = self.env["npo.policy.channel.adjust"].create(
            {"version_id": self.version.id, "reason": "Because", **vals}
        )
        return wizard.action_apply()

    def test_allowed(self):
        """R085: one line can open two channels; complaints have their own."""
        self.assertEqual(
            self.version._allowed_channels().mapped("code"),
            ["interview", "letter", "fax"],
        )
        self.assertEqual(
            self.version._allowed_channels("complaint").mapped("code"), ["tawasul"]
        )

    @users("npo_governance_officer", "npo_admin")
    def test_stop_and_resume(self):
        """R211: stopping a channel asks for a reason, is logged, and can be undone."""
        self._adjust(
            operation="stop", line_ids=self.letters.ids, reason="Fax is broken"
        )
        self.assertRecordValues(
            self.letters, [{"is_in_use": False, "reason": "Fax is broken"}]
        )
        self.assertEqual(self.version._allowed_channels().mapped("code"), ["interview"])
        body = self.version.message_ids[0].body
        self.assertIn("Fax is broken", body)
        self.assertIn("Letters and faxes", body)
        self._adjust(operation="resume", line_ids=self.letters.ids)
        self.assertEqual(len(self.version._allowed_channels()), 3)

    @users("npo_governance_officer")
    def test_operational_addition(self):
        """R211: an added channel is marked operational, with its reason."""
        self._adjust(operation="add", channel_ids=self._ids("whatsapp"))
        line = self.version.channel_line_ids[-1]
        self.assertRecordValues(
            line, [{"origin": "operational", "reason": "Because", "is_in_use": True}]
        )
        self.assertIn("whatsapp", self.version._allowed_channels().mapped("code"))
        self.assertIn("Because", self.version.message_ids[0].body)

    def test_reason_required(self):
        """R211: no reason, no change; and the log escapes what was typed."""
        for operation, vals in (
            ("add", {"channel_ids": self._ids("sms")}),
            ("stop", {"line_ids": self.letters.ids}),
        ):
            with self.subTest(operation=operation), self.assertRaises(UserError):
                self._adjust(operation=operation, **{**vals, "reason": "   "})
        self._adjust(operation="stop", line_ids=self.letters.ids, reason="<script>")
        self.assertNotIn("<script>", self.version.message_ids[0].body)

    def test_nothing_chosen(self):
        with self.assertRaises(UserError):
            self._adjust(operation="add")

    def test_line_of_another_version(self):
        """The form of one version does not touch the lines of another."""
        draft = self.version.copy()
        self._adjust(operation="stop", line_ids=draft.channel_line_ids[0].ids)
        self.assertTrue(draft.channel_line_ids[0].is_in_use)

    @users(*OTHERS)
    def test_refused(self):
        """D02: who does not govern the policy changes no channel."""
        version = self.version.with_env(self.env)
        channels = self.env["npo.channel"].browse(self._ids("sms"))
        lines = self.env["npo.policy.channel"]
        with self.assertRaises(AccessError):
            lines._add_operational(version, channels, "Reason")
        with self.assertRaises(AccessError):
            self.letters.with_env(self.env)._set_in_use(False, "Reason")
        with self.assertRaises(AccessError):
            self.env["npo.policy.channel.adjust"].create(
                {"version_id": version.id, "reason": "x"}
            )

    def test_draft_is_edited_directly(self):
        """An operational addition belongs to a version in force only."""
        draft = self.version.copy()
        with self.assertRaises(UserError):
            self.env["npo.policy.channel"]._add_operational(
                draft, self.channels["sms"], "Reason"
            )

    def test_operational_line_needs_reason(self):
        draft = self.version.copy()
        with self.assertRaises(ValidationError):
            draft.channel_line_ids[0].origin = "operational"

    def test_archived_channel(self):
        """R085: an archived channel is not offered on new cases."""
        self.version._allowed_channels()
        self.channels["fax"].active = False
        self.assertEqual(
            self.version._allowed_channels().mapped("code"), ["interview", "letter"]
        )

    def test_asked_once(self):
        """Each new case asks for the channels: they are kept."""
        self.version._allowed_channels()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.assertEqual(len(self.version._allowed_channels()), 3)
