from datetime import timedelta

from odoo import fields, models

from .demo_loader import ARABIC
from .inquiries import NpoDemo as Base


class NpoDemo(models.AbstractModel):
    """What the associations of the demo publish, and who asked for more."""

    _inherit = Base._name

    def _load_liaisons(self, code, company):
        # EXTENDS: each piece of information belongs to the officer of its field
        super()._load_liaisons(code, company)
        data = self._read("information")
        for line in data["items"]:
            self._load_item(code, line, company)
        for line in data["guides"]:
            vals = {
                "name": line["name"],
                "body": line["body"],
                "lang": ARABIC,
                "is_published": True,
                "company_id": company.id,
            }
            self._ensure("npo.guide", {f"demo_guide_{line['key']}_{code}": vals})
        for line in data["asked"]:
            self._load_asked(code, line, company)

    def _load_item(self, code, line, company):
        """Let the officer of a field write something, verify it and publish it."""
        name = f"demo_info_{line['key']}_{code}"
        if self._find(name):
            return
        work_field = self._find(f"work_field_{line['work_field']}")
        owner = self.env["npo.liaison"]._liaison_for(work_field, company)
        vals = {
            "name": line["name"],
            "body": line["body"],
            "source": line["source"],
            "work_field_id": work_field.id,
            "owner_id": owner.id,
            "company_id": company.id,
        }
        item = self._ensure("npo.info.item", {name: vals})[name]
        item = item.with_user(owner).sudo()
        item.action_verify()
        item.action_publish()

    def _load_asked(self, code, line, company):
        """Let somebody ask for information some days ago."""
        name = f"demo_info_request_{line['key']}_{code}"
        if self._find(name):
            return
        vals = {
            "title": line["title"],
            "description": line["words"],
            "work_field_id": self._find(f"work_field_{line['work_field']}").id,
            "channel_id": self._find("channel_website").id,
            "date_received": fields.Datetime.now() - timedelta(days=line["days"]),
            "partner_id": self._portal_people(code)[0].id,
            "company_id": company.id,
        }
        requests = self.env["npo.info.request"].with_company(company)
        self._name_records({name: requests._receive(vals)})
