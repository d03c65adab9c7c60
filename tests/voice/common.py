from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon


class VoiceCommon(AssociationCommon):
    """Requests that were answered, so that there is something to object to."""

    @classmethod
    def _decided(cls, decision="rejected", beneficiary=None, **vals):
        """Return a request whose decision the chair took and announced."""
        request = cls._advance(cls._new_request(beneficiary), "committee")
        chair = cls.users["chair"]
        request = request.with_user(chair)
        if decision == "rejected":
            reason = cls.env.ref("npo_relations.reason_rejection_no_need")
            vals.setdefault("decision_reason_id", reason.id)
        request._decide(decision, chair, **vals)
        request._approve_early_reply(
            cls.env.ref("npo_relations.reason_early_reply_simple")
        )
        request.action_announce()
        return request.sudo()

    @classmethod
    def _lodge(cls, decision, **vals):
        appeals = cls.env["npo.appeal"].with_user(cls.officer)
        given = {"ground": "error", "statement": "The income ended in Rajab.", **vals}
        lodger = given.pop("lodger", decision.partner_id)
        return appeals._lodge(decision, lodger, **given)


class InquiryCommon(AssociationCommon):
    """An association that works in housing, with its liaison officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._new_beneficiary(1).partner_id
        cls.field = cls.env.ref("npo_relations.work_field_housing")
        cls.company.npo_work_field_ids = cls.field
        cls.topic = cls.env["npo.inquiry.topic"].create(
            {"name": "Rent", "code": "rent", "work_field_id": cls.field.id}
        )
        cls.liaison = cls.env["npo.liaison"].create(
            {
                "work_field_id": cls.field.id,
                "user_id": cls.users["researcher"].id,
                "deputy_id": cls.users["officer2"].id,
                "contact": "0112345678",
                "date_from": "2026-01-01",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _vals(cls, **vals):
        return {
            "title": "When is the rent paid?",
            "description": "I asked twice.",
            "channel_id": cls.channel.id,
            "company_id": cls.company.id,
            "partner_id": cls.person.id,
            **vals,
        }

    @classmethod
    def _inquiry(cls, **vals):
        """Return an inquiry as a page or a mail takes it in."""
        return cls.env["npo.inquiry"]._receive(
            cls._vals(**{"topic_id": cls.topic.id, **vals})
        )

    @classmethod
    def _at_desk(cls, **vals):
        """Return an inquiry that an officer registers while the person waits."""
        vals = cls._vals(**{"topic_id": cls.topic.id, **vals})
        return cls.env["npo.inquiry"].with_user(cls.officer).create(vals)

    def _portal(self, name="asker"):
        return new_test_user(
            self.env,
            f"{name}_{self.company.id}",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _step(self, inquiry, step, **vals):
        """Take a step by its form, as its user does."""
        for name in ("user_id", "department_id"):
            if name in vals:
                vals[name] = vals[name].id
        form = inquiry.env[f"{inquiry._name}.step"].create(
            {"case_id": inquiry.id, "step": step, **vals}
        )
        form.action_confirm()
