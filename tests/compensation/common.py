import base64
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon
from ..portal.common import PDF

FILE = base64.b64encode(PDF)


class CompensationCommon(AssociationCommon):
    """An association whose policy has compensations, an artisan and an agreement."""

    profile = "harfa"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls.users["claims"]
        cls.lawyer = cls.users["lawyer"]
        cls.grantor = cls.users["grantor"]
        cls.manager = cls.users["manager"]
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Salma Artisan",
                "company_id": cls.company.id,
                "email": "salma@example.com",
                "lang": "en_US",
            }
        )
        cls.fund = cls.env["npo.fund"].create(
            {"name": "General", "company_id": cls.company.id}
        )
        cls.agreement = cls._new_agreement()
        cls.duty = cls.env["npo.agreement.line"].search(
            [("agreement_id", "=", cls.agreement.id), ("kind", "=", "duty")], limit=1
        )

    @classmethod
    def _new_agreement(cls, **vals):
        agreement = cls.env["npo.agreement"].create(
            {
                "title": "Showing of pottery",
                "company_id": cls.company.id,
                "partner_id": cls.person.id,
                "kind": "artisan",
                "date_from": "2020-01-01",
                **vals,
            }
        )
        cls.env["npo.agreement.line"].create(
            {
                "agreement_id": agreement.id,
                "kind": "duty",
                "text": "Keep what is handed over safe.",
                "method": "In a locked show-case",
                "party_id": agreement.party_ids.filtered("is_association").id,
            }
        )
        agreement.state = "active"
        return agreement

    @classmethod
    def _vals(cls, **vals):
        return {
            "company_id": cls.company.id,
            "partner_id": cls.person.id,
            "title": "Broken vases",
            "description": "Three vases were broken in your shop.",
            "remedy_asked": "What they cost.",
            "date_harm": fields.Date.subtract(cls.company._npo_today(), days=10),
            "amount_claimed": 3000,
            "agreement_id": cls.agreement.id,
            **vals,
        }

    @classmethod
    def _new_case(cls, **vals):
        """Return a claim as the officer has it."""
        case = cls.env["npo.compensation"]._receive(cls._vals(**vals))
        return case.with_user(cls.claims)

    @classmethod
    def _studied(cls, **vals):
        case = cls._new_case(**vals)
        case.action_examine()
        case.action_admit()
        return case

    @classmethod
    def _find_all(cls, case):
        """Find that the first three conditions are met."""
        case._find(
            "ground",
            "met",
            "They fell from the shelf.",
            breach_ground="contract",
            duty_line_id=case.agreement_id and cls.duty.id,
        )
        case._find("cause", "met", "It was our shelf.", direct_cause="yes")
        case._attach([("admission.pdf", PDF)], condition="proof", source="admission")
        case._find(
            "proof",
            "met",
            "The manager admits it.",
            proof_kind="admission",
            signer_id=cls.manager.partner_id.id,
        )

    @classmethod
    def _negotiated(cls, amount=3000, remedy="money", **vals):
        """Return a case with an offer that waits for its answer."""
        case = cls._studied(**vals)
        cls._find_all(case)
        if amount:
            cls.env["npo.compensation.head"].with_user(cls.claims).create(
                {
                    "compensation_id": case.id,
                    "head": "lost_goods",
                    "amount_claimed": amount,
                    "amount_proposed": amount,
                }
            )
        case.action_negotiate()
        case._offer(remedy, "We make good what was broken.")
        return case

    @classmethod
    def _agreed(cls, **vals):
        """Return a case in which the offer was accepted on paper."""
        case = cls._negotiated(**vals)
        case._accept_on_paper("", FILE, "signed.pdf", cls.person)
        return case

    @classmethod
    def _complete(cls, **vals):
        """Return a case in which nothing is missing for the approval."""
        case = cls._agreed(**vals)
        case._propose("It is fair.", cls.fund)
        case.with_user(cls.lawyer)._review_legally("fit", "Nothing against it.")
        case.with_user(cls.manager)._sign_for_association()
        return case

    @classmethod
    def _asked(cls, **vals):
        """Return a case that waits for its approval."""
        case = cls._complete(**vals)
        case.action_ask_approval()
        return case

    @classmethod
    def _approve(cls, case, user=None, **kwargs):
        approval = case.sudo().approval_id.with_user(user or cls.grantor)
        approval._answer(True, "Fair.", **kwargs)

    @classmethod
    def _portal_user(cls, partner):
        return new_test_user(
            cls.env,
            f"portal_{partner.id}",
            "base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _without_accounting(self):
        """Let the case be approved where no accounting is set up."""
        patched = patch.object(
            type(self.env["npo.compensation"]), "_pay_out", lambda self: None
        )
        self.addCleanup(patched.stop)
        return patched.start()

    def _told(self, case, code):
        """Return the messages of an event that were written."""
        template = self.env.ref(f"npo_relations.mail_template_{code}")
        return case.sudo().message_log_ids.filtered(
            lambda message: message.template_id == template
        )
