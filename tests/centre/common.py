import base64

from odoo.fields import Command

from ..common import AssociationCommon
from ..people.common import PDF

SCAN = base64.b64encode(PDF)


class CentreCommon(AssociationCommon):
    """Contacts as the people of reception and of the centre record them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.person = cls.file.partner_id

    @classmethod
    def _open_day_and_night(cls):
        """Let the association work at any hour, as a hotline does."""
        hours = [
            Command.create(
                {"name": "x", "dayofweek": str(day), "hour_from": 0, "hour_to": 24}
            )
            for day in range(7)
        ]
        calendar = cls.company.resource_calendar_id
        calendar.attendance_ids = [Command.clear(), *hours]

    @classmethod
    def _record(cls, channel="interview", user="officer", **vals):
        """Return a contact as somebody of the association records it."""
        contacts = cls.env["npo.interaction"].with_user(cls.users[user])
        return contacts.create(
            {
                "channel_id": cls.env.ref(f"npo_relations.channel_{channel}").id,
                "subject": "The rent",
                "summary": "When does the committee sit?",
                "company_id": cls.company.id,
                "site_id": cls.site.id,
                "partner_id": cls.person.id,
                **vals,
            }
        )
