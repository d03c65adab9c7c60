from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon


class ComplaintCommon(AssociationCommon):
    """An association with people who complain, a unit and its manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.person = cls.file.partner_id
        cls.handler = cls.users["handler"]
        cls.manager = cls.users["manager"]
        cls.in_person = cls.env.ref("npo_relations.channel_in_person")
        cls.worker = cls._new_staff("worker", "delivery_officer", cls.company)
        cls.unit_head = cls._new_staff("head", "delivery_officer", cls.company)
        cls.head = cls._employee(cls.unit_head)
        cls.unit = cls.env["hr.department"].create(
            {
                "name": "Support",
                "company_id": cls.company.id,
                "manager_id": cls.head.id,
            }
        )
        cls.employee = cls._employee(
            cls.worker, department_id=cls.unit.id, parent_id=cls.head.id
        )

    @classmethod
    def _employee(cls, user, **vals):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _category(cls, code):
        return cls.env.ref(f"npo_relations.complaint_category_{code}")

    @classmethod
    def _vals(cls, **vals):
        return {
            "title": "No answer to my calls",
            "description": "I called three times.",
            "channel_id": cls.in_person.id,
            "company_id": cls.company.id,
            "partner_id": cls.person.id,
            "category_id": cls._category("no_answer").id,
            **vals,
        }

    @classmethod
    def _receive(cls, **vals):
        """Return a complaint as it is taken in, for the complaint officer."""
        case = cls.env["npo.complaint"]._receive(cls._vals(**vals))
        return case.with_user(cls.handler)

    @classmethod
    def _assessed(cls, severity="medium", **vals):
        case = cls._receive(**vals)
        case._assess(severity, "1")
        return case

    @classmethod
    def _investigated(cls, severity="medium", **vals):
        case = cls._assessed(severity, **vals)
        case.action_investigate()
        return case

    @classmethod
    def _decided(cls, outcome="not_upheld", **vals):
        case = cls._investigated(**vals)
        case._decide(outcome, "process", "Nobody was at the telephone that day.")
        return case

    @classmethod
    def _portal(cls, partner):
        return new_test_user(
            cls.env,
            f"portal_{partner.id}",
            "base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _told(self, case, code):
        """Return the messages of an event that were written."""
        template = self.env.ref(f"npo_relations.mail_template_{code}")
        return case.sudo().message_log_ids.filtered(
            lambda message: message.template_id == template
        )
