from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon

ROLES = {
    "front": "service_representative",
    "officer": "relations_officer",
    "officer2": "relations_officer",
    "researcher": "social_researcher",
    "chair": "committee_member",
    "member": "committee_member",
    "secretary": "committee_member",
    "deliverer": "delivery_officer",
    "delegate": "branch_delegate",
    "manager": "general_manager",
    "auditor": "auditor",
    "governor": "governance_officer",
    "protector": "data_protection_officer",
    "handler": "complaint_officer",
    "sealer": "sealed_officer",
    "centre": "centre_officer",
    "chief": "centre_manager",
    "lawyer": "legal_adviser",
    "claims": "compensation_officer",
    "grantor": "compensation_approver",
    "poster": "finance_officer",
    "payer": "finance_officer",
}
IDENTITIES = ("1000000008", "1010101010", "2000000006", "2121212126")


def local_today():
    """Return today where the associations of the tests work, whatever the hour."""
    return datetime.now(ZoneInfo("Asia/Riyadh")).date()


def work_in_riyadh(env):
    """Give everybody the time zone that their browser would give them."""
    env["ir.default"].set("res.partner", "tz", "Asia/Riyadh")
    users = env.user | env.ref("base.public_user")
    users.tz = "Asia/Riyadh"


def new_users(env, company, users, logs_in=True):
    """Create users of an association at once: one by one they take seconds.

    :param users: {name: (login, external ids of groups)}
    :param logs_in: off: without a password, whose hashing takes half a second outside
        of a `TransactionCase`
    :return: {name: user}, as `new_test_user` would make them
    """
    vals_list = [
        {
            "login": login,
            **({"password": login.ljust(8, "x")} if logs_in else {}),
            "email": f"{login[0]}.{login[0]}@example.com",
            "name": name.capitalize(),
            "group_ids": [
                Command.set([env.ref(group).id for group in groups.split(",")])
            ],
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "tz": "Asia/Riyadh",
        }
        for name, (login, groups) in users.items()
    ]
    return dict(zip(users, env["res.users"].create(vals_list), strict=True))


class AssociationCommon(BaseCommon):
    """A housing association with its policy in force, a committee and its staff.

    The users are in `cls.users`, by a short name of their role; one role each.
    """

    profile = "masaken"
    logs_in = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        work_in_riyadh(cls.env)
        cls.company = cls._new_association("Test Association", cls.profile)
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.users = cls._new_staff_of(cls.company)
        cls.officer = cls.users["officer"]
        cls.site = cls.env["npo.site"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.branch = cls.env["npo.site"].create(
            {
                "name": "Branch",
                "kind": "branch",
                "sequence": 90,
                "company_id": cls.company.id,
                "delegate_ids": [Command.link(cls.users["delegate"].id)],
            }
        )
        cls.committee = cls._new_committee(cls.company, cls.users)
        cls.service = cls._service("rent_aid")
        cls.channel = cls.env["npo.channel"].search([("code", "=", "interview")])

    @classmethod
    def _new_association(cls, name, profile):
        company = cls.env["res.company"].create(
            {"name": name, "currency_id": cls.env.ref("base.SAR").id}
        )
        cls.env.ref("base.SAR").active = True
        company._npo_apply_profile(profile)
        version = company.npo_policy_ids.version_ids
        if version.state in ("draft", "under_review"):
            version._put_in_force(
                unevidenced_reason=version.state == "draft" and "Test" or None
            )
        company.name = name
        company.npo_cash_by_hand = True
        return company

    @classmethod
    def _new_staff_of(cls, company):
        """Return {short name: user}, one user of each role."""
        return new_users(
            cls.env,
            company,
            {
                name: (f"{name}_{company.id}", f"npo_relations.group_npo_{role}")
                for name, role in ROLES.items()
            },
            cls.logs_in,
        )

    @classmethod
    def _new_staff(cls, name, role, company):
        login = f"{name}_{company.id}"
        groups = f"npo_relations.group_npo_{role}"
        users = {name: (login, groups)}
        return new_users(cls.env, company, users, cls.logs_in)[name]

    @classmethod
    def _new_committee(cls, company, users):
        committee = cls.env["npo.committee"].search(
            [("company_id", "=", company.id)], limit=1
        ) or cls.env["npo.committee"].create(
            {"name": "Research Committee", "company_id": company.id}
        )
        committee.member_ids = [
            Command.create({"user_id": users[name].id, "role": name})
            for name in ("chair", "member", "secretary")
        ]
        # what is not about the quorum is decided by one member
        committee.write({"quorum_kind": "number", "quorum_number": 1})
        return committee

    @classmethod
    def _service(cls, code):
        return cls.env["npo.service"].search(
            [("company_id", "=", cls.company.id), ("code", "=", code)]
        )

    @classmethod
    def _new_beneficiary(cls, index=0, **vals):
        return cls.env["npo.beneficiary"].create(
            {
                "name": f"Noura Test {index}",
                "company_id": cls.company.id,
                "identity_type": "national_id" if index < 2 else "iqama",
                "identity_number": IDENTITIES[index],
                "phone": f"050123456{index}",
                "npo_gender": "female",
                "birth_date": "1980-01-01",
                "iban": "SA0380000000608010167519",
                "email": f"noura{index}@example.com",
                "lang": cls.env.lang or "en_US",
                **vals,
            }
        )

    @classmethod
    def _new_request(cls, beneficiary=None, **vals):
        """Return a request as an officer opens it: received, at data entry."""
        beneficiary = beneficiary or cls._new_beneficiary()
        request = (
            cls.env["npo.request"]
            .with_user(vals.pop("officer", cls.officer))
            .create(
                {
                    "company_id": cls.company.id,
                    "beneficiary_id": beneficiary.id,
                    "partner_id": beneficiary.partner_id.id,
                    "service_id": cls.service.id,
                    "channel_id": cls.channel.id,
                    "description": "The rent of four months is not paid.",
                    "amount_requested": 12000,
                    **vals,
                }
            )
        )
        request.action_receive()
        return request

    # ------------------------------------------------------------
    # STEPS, AS THE PEOPLE TAKE THEM
    # ------------------------------------------------------------

    @classmethod
    def _hand_in(cls, request):
        """Hand in and match every document, verify every item."""
        today = local_today()
        for document in request.document_ids:
            document.write(
                {
                    "number": request.beneficiary_id.sudo().identity_number
                    if document.is_identity
                    else "77",
                    "issue_date": today,
                    "expiry_date": fields.Date.add(today, years=1),
                }
            )
        request.document_ids.action_match()
        request.verification_ids.write({"source": "original", "result": "verified"})

    @classmethod
    def _advance(cls, request, stage):
        """Take a request from data entry to a stage, by the officer's own steps."""
        officer = cls.officer
        request = request.with_user(officer)
        if request.stage_code == "data_entry":
            cls._hand_in(request)
            request.action_complete()
        if stage == "verification":
            return request
        if request.stage_code == "verification":
            request.action_verify()
        if stage == "declaration":
            return request
        if request.stage_code == "declaration":
            cls._sign_and_study(request)
            request.action_raise()
        if stage == "committee":
            return request
        request.with_user(cls.users["chair"])._decide(
            "accepted", cls.users["chair"], amount_approved=request.amount_requested
        )
        if stage == "decided":
            return request
        chair_request = request.with_user(cls.users["chair"])
        reason = cls.env.ref("npo_relations.reason_early_reply_simple")
        chair_request._approve_early_reply(reason)
        chair_request.action_announce()
        if stage == "registration":
            return request
        request.action_register()
        return request

    @classmethod
    def _sign_and_study(cls, request):
        request._record_paper_signature("paper", False)
        if request.requires_research:
            request.action_research()
            request.sudo().researcher_id = cls.users["researcher"]
            study = request.with_user(cls.users["researcher"])
            study.write({"recommendation": "accept", "research_note": "In need."})
            study.action_research_done()
