from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users

from .common import ROLES, PolicyCommon

MODELS = (
    "npo.policy",
    "npo.policy.version",
    "npo.policy.channel",
    "npo.policy.step",
    "npo.policy.signatory",
    "npo.tool",
)
GOVERNING = ("governance_officer", "admin")
READERS = [f"npo_{role}" for role in ROLES if role not in GOVERNING]


@tagged("post_install", "-at_install")
class TestPolicyAccess(PolicyCommon):
    """Who reads and writes policies: D02, D06."""

    @users(*READERS)
    def test_readers(self):
        """D02: staff and the auditor read, and write nothing."""
        for model in MODELS:
            access = [
                self.env[model].has_access(operation)
                for operation in ("read", "create", "write", "unlink")
            ]
            with self.subTest(model=model):
                self.assertEqual(access, [True, False, False, False])

    @users("npo_governance_officer", "npo_admin")
    def test_governance(self):
        """D02: the governance officer prepares policies."""
        for model in MODELS:
            for operation in ("read", "create", "write", "unlink"):
                with self.subTest(model=model, operation=operation):
                    self.assertTrue(self.env[model].has_access(operation))
        version = self.version.with_env(self.env)
        version.write({"reply_max_value": 45, "use_disputes": True})
        version.step_ids.name = "Receive well"
        version.copy()

    @users(*READERS)
    def test_drafts(self):
        """Staff see what was approved; who manages or audits sees drafts too."""
        sees_all = self.env.user.login in ("npo_general_manager", "npo_auditor")
        for records in (
            self.version,
            self.version.channel_line_ids,
            self.version.step_ids,
        ):
            found = self.env[records._name].search([("id", "in", records.ids)])
            with self.subTest(model=records._name):
                self.assertEqual(bool(found), sees_all)

    @users(*READERS)
    def test_in_force(self):
        """Staff read the version in force, and the superseded one of an old case."""
        version = self.version
        if version.state == "draft":
            self._put_in_force(version)
            self._put_in_force(version.copy())
        version = version.with_env(self.env)
        self.assertEqual(version.state, "superseded")
        self.assertTrue(version.channel_line_ids.mapped("name"))
        self.assertTrue(version.policy_id.current_version_id.response_text is not None)

    def test_portal(self):
        """D02: the portal reads no policy record; cases tell what they need in sudo."""
        user = new_test_user(self.env, "npo_portal_person", "base.group_portal")
        for model in MODELS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])

    @users("npo_governance_officer", "npo_admin", "npo_auditor")
    def test_other_company(self):
        """D06: nothing of another association by list, relation or name."""
        policy = (
            self.env["npo.policy"]
            .sudo()
            .create({"name": "Theirs", "company_id": self.other_company.id})
        )
        version = self._new_version(policy).sudo()
        version.signatory_ids.create({"version_id": version.id, "position": "chair"})
        for records in (
            policy,
            version,
            version.channel_line_ids,
            version.step_ids,
            version.signatory_ids,
            version.tool_ids,
        ):
            records = records.with_env(self.env)
            with self.subTest(model=records._name):
                self.assertTrue(records)
                self.assertFalse(records.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    records.read(["display_name"])

    @users("npo_governance_officer")
    def test_create_for_other_company(self):
        """D06: no record is made for another association."""
        with self.assertRaises(AccessError):
            self.env["npo.policy"].create(
                {"name": "Theirs", "company_id": self.other_company.id}
            )

    def test_tool_of_other_company(self):
        """D06: a version names tools of its own association only."""
        tool = self.env["npo.tool"].create(
            {
                "name": "Theirs",
                "code": "theirs",
                "origin": "policy",
                "company_id": self.other_company.id,
            }
        )
        with self.assertRaises(Exception) as caught:
            self.version.tool_ids = tool
        self.assertEqual(type(caught.exception).__name__, "UserError")
