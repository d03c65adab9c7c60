from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon

from ..common import new_users

ROLES = (
    "service_representative",
    "branch_delegate",
    "relations_officer",
    "social_researcher",
    "committee_member",
    "delivery_officer",
    "governance_officer",
    "health_reader",
    "general_manager",
    "auditor",
    "admin",
)


class PolicyCommon(BaseCommon):
    """An association with a policy, and one user for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Association A"})
        cls.other_company = cls.env["res.company"].create({"name": "Association B"})
        new_users(
            cls.env,
            cls.company,
            {
                role: (f"npo_{role}", f"npo_relations.group_npo_{role}")
                for role in ROLES
            },
        )
        cls.channels = {
            channel.code: channel for channel in cls.env["npo.channel"].search([])
        }
        cls.policy = cls.env["npo.policy"].create(
            {"name": "Relations policy", "company_id": cls.company.id}
        )
        cls.version = cls._new_version()

    @classmethod
    def _new_version(cls, policy=None, **vals):
        """Return a draft with one channel, one step and one tool."""
        policy = policy or cls.policy
        tool = cls.env["npo.tool"].search(
            [("company_id", "=", policy.company_id.id), ("code", "=", "bylaws")]
        ) or cls.env["npo.tool"].create(
            {
                "name": "Bylaws",
                "code": "bylaws",
                "origin": "policy",
                "company_id": policy.company_id.id,
            }
        )
        return cls.env["npo.policy.version"].create(
            {
                "policy_id": policy.id,
                "prepared_by_title": "Governance officer",
                "channel_line_ids": [
                    Command.create(
                        {"name": "Interview", "channel_ids": cls._ids("interview")}
                    )
                ],
                "step_ids": [Command.create({"name": "Receive", "stage_code": "new"})],
                "tool_ids": tool.ids,
                **vals,
            }
        )

    @classmethod
    def _ids(cls, *codes):
        return [cls.channels[code].id for code in codes]

    @classmethod
    def _put_in_force(cls, version=None):
        """Approve a version, with evidence, and return it."""
        version = version or cls.version
        version.meeting_text = version.meeting_text or "Session 1"
        version.action_submit()
        version.action_approve()
        return version
