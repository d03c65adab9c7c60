import base64

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon

PDF = base64.b64encode(b"%PDF-1.4 signed")


class AgreementCommon(AssociationCommon):
    """An association with suppliers, and the people who bind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lawyer = cls.users["lawyer"]
        cls.manager = cls.users["manager"]
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "Food Basket Supply",
                "is_company": True,
                "company_id": cls.company.id,
                "email": "supply@example.com",
            }
        )
        cls.today = cls.company._npo_today()

    @classmethod
    def _vals(cls, **vals):
        return {
            "title": "Supply of food baskets",
            "kind": "supplier",
            "company_id": cls.company.id,
            "partner_id": cls.supplier.id,
            "amount": 50000,
            "date_from": cls.today,
            "date_to": fields.Date.add(cls.today, years=1),
            "summary": "They bring the baskets, we pay within 30 days.",
            "settlement_ids": [
                Command.create({"sequence": 1, "method": "amicable", "days": 15}),
                Command.create({"sequence": 2, "method": "mediation", "days": 30}),
                Command.create({"sequence": 3, "method": "court", "body": "Riyadh"}),
            ],
            **vals,
        }

    @classmethod
    def _draft(cls, user=None, **vals):
        """Return a draft with one duty of each party, as an officer draws it up."""
        agreements = cls.env["npo.agreement"].with_user(user or cls.officer)
        agreement = agreements.create(cls._vals(**vals))
        cls._add_duties(agreement)
        return agreement

    @classmethod
    def _add_duties(cls, agreement):
        for party, text in zip(
            agreement.party_ids, ("Pays", "Brings the baskets"), strict=False
        ):
            agreement.line_ids = [
                Command.create(
                    {
                        "kind": "duty",
                        "party_id": party.id,
                        "text": text,
                        "method": "By bank transfer, or to the store",
                        "consequence": "warning",
                        "consequence_text": "A written warning of ten days",
                    }
                )
            ]

    @classmethod
    def _tick(cls, agreement, but=()):
        for check in agreement.with_user(cls.lawyer).check_ids:
            if check.item_id.code not in but:
                check.action_tick()

    @classmethod
    def _approved(cls, agreement=None, **vals):
        agreement = agreement or cls._draft(**vals)
        agreement.action_submit()
        cls._tick(agreement)
        agreement.with_user(cls.manager).action_approve()
        return agreement

    @classmethod
    def _active(cls, agreement=None, **vals):
        agreement = cls._approved(agreement, **vals)
        agreement.write({"signed_file": PDF, "signed_file_name": "signed.pdf"})
        agreement.action_activate()
        return agreement

    @classmethod
    def _portal_user(cls, partner, name="other"):
        user = new_test_user(
            cls.env,
            f"{name}_{cls.company.id}",
            "base.group_portal",
            name=f"{name.capitalize()} Person",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.partner_id.parent_id = partner
        return user

    @classmethod
    def _dispute(cls, agreement=None, user=None, **vals):
        agreement = agreement or cls._active()
        return agreement.with_user(user or cls.lawyer)._open_dispute(
            {"title": "Late baskets", "facts": "They came ten days late.", **vals}
        )
