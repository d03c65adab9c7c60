from odoo.fields import Command
from odoo.tests import new_test_user

from .common import SecurityCommon

# In everything that somebody wrote of the complaint, and in nothing else.
MARKER = "zarqaqword"


class SealedCommon(SecurityCommon):
    """A complaint that many touched before it was sealed, and its focal person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as the people work: with tracked values, notifications and followers
        kept = {"allowed_company_ids": cls.company.ids, "lang": "en_US"}
        cls.env = cls.env(context=kept)
        cls.company = cls.company.with_env(cls.env)
        cls.focal = cls.users["sealer"]
        cls.handler = cls.users["handler"]
        cls.users["sealer2"] = cls._new_person(
            "sealer2", "npo_relations.group_npo_sealed_officer"
        )
        cls.users["root"] = cls._new_root()
        cls.env["npo.focal.person"].create(
            {"user_id": cls.focal.id, "company_id": cls.company.id}
        )
        cls.person = cls._new_beneficiary().partner_id
        cls.channel = cls.env["npo.channel"].search([("code", "=", "portal")])
        cls.complaint = cls._complain()

    @classmethod
    def _new_root(cls):
        """Return who administers the system and has every role, but is not named."""
        groups = "base.group_system,base.group_erp_manager,base.group_allow_export"
        user = new_test_user(
            cls.env,
            f"root_{cls.company.id}",
            f"{groups},npo_relations.group_npo_admin,base.group_no_one,"
            "npo_relations.group_npo_sealed_officer",
            name="Root",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        return user

    @classmethod
    def _category(cls, code):
        return cls.env.ref(f"npo_relations.complaint_category_{code}")

    @classmethod
    def _complain(cls, **vals):
        return cls.env["npo.complaint"]._receive(
            {
                "title": f"About {MARKER}",
                "description": f"What happened: {MARKER}",
                "partner_id": cls.person.id,
                "channel_id": cls.channel.id,
                "company_id": cls.company.id,
                "category_id": cls._category("staff_conduct").id,
                **vals,
            }
        )

    @classmethod
    def _touch(cls, case):
        """Have many people leave their traces on a complaint that is open to them."""
        case.user_id = cls.handler
        worked_on = case.with_user(cls.handler)
        worked_on.message_subscribe((cls.handler | cls.users["manager"]).partner_id.ids)
        worked_on.message_post(
            body=f"Said: {MARKER}",
            subtype_xmlid="mail.mt_comment",
            partner_ids=cls.users["manager"].partner_id.ids,
            attachments=[(f"{MARKER}.txt", MARKER.encode())],
        )
        worked_on.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"Call {MARKER}",
            user_id=cls.users["manager"].id,
        )
        worked_on._assess("high", "1")
        department = cls.env["hr.department"].create(
            {"name": "Unit", "company_id": cls.company.id}
        )
        worked_on._send_to_unit(department, f"Is it {MARKER}?", cls.officer)
        cls.env["npo.complaint.action"].with_user(cls.handler).create(
            {"complaint_id": case.id, "kind": "contacted", "result": MARKER}
        )
        case.answer = MARKER
        cls.env["calendar.event"].with_user(cls.handler).create(
            {
                "name": f"Meeting {MARKER}",
                "start": "2026-11-01 08:00:00",
                "stop": "2026-11-01 09:00:00",
                "res_model_id": cls.env["ir.model"]._get_id("npo.complaint"),
                "res_id": case.id,
            }
        )
        cls.env["npo.access.log"].with_user(cls.handler)._log_whole(case, "read")
        cls.env["npo.reminder"].create(
            {
                "res_model": "npo.complaint",
                "res_id": case.id,
                "company_id": cls.company.id,
                "kind": "stage_1",
                "user_id": cls.users["manager"].id,
                "date": case.date_received,
            }
        )
        cls.env.flush_all()
        cls.env.cr.precommit.run()  # tracked values are written

    @classmethod
    def _everybody(cls):
        """Return the names of all users of the association who are not focal."""
        return [name for name, user in cls.users.items() if user != cls.focal]
