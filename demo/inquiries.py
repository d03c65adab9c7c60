from datetime import timedelta

from odoo import api, fields, models

from .demo_loader import ARABIC, PROFILES, QUIET
from .demo_loader import NpoDemo as BaseDemo

# Field of work -> who of the staff answers for it, and who is the deputy.
LIAISONS = {
    "social_research": ("researcher", "officer"),
    "support": ("officer", "reception"),
    "programs": ("delivery", "officer"),
    "governance": ("governance", "officer"),
}


class NpoDemo(models.AbstractModel):
    """The liaison officers of the demo, their library, and what people ask them."""

    _inherit = BaseDemo._name

    @api.model
    def _load(self):
        # EXTENDS npo.demo
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        for code in PROFILES:
            company = demo._find(f"demo_company_{code}")
            data = demo._read(code)
            demo._load_liaisons(code, company)
            demo._load_answers(code, data, company)
            for entry in data["inquiries"]:
                demo._load_inquiry(code, entry, company)

    def _load_liaisons(self, code, company):
        for name, (officer, deputy) in LIAISONS.items():
            work_field = self._find(f"work_field_{name}")
            company.npo_work_field_ids |= work_field
            vals = {
                "work_field_id": work_field.id,
                "user_id": self._find(f"demo_user_{officer}_{code}").id,
                "deputy_id": self._find(f"demo_user_{deputy}_{code}").id,
                "contact": company.phone,
                "date_from": company._npo_today() - timedelta(days=200),
                "company_id": company.id,
            }
            self._ensure("npo.liaison", {f"demo_liaison_{name}_{code}": vals})

    def _load_answers(self, code, data, company):
        self._ensure(
            "npo.answer",
            {
                f"demo_answer_{number}_{code}": {
                    "name": entry["question"],
                    "body": entry["answer"],
                    "topic_id": self._find(f"inquiry_topic_{entry['topic']}").id,
                    "state": entry.get("state", "published"),
                    "company_id": company.id,
                }
                for number, entry in enumerate(data["answers"], start=1)
            },
        )
        notions = self.env["npo.answer"].search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "misconception"),
                ("state", "=", "draft"),
            ]
        )
        notions.action_publish()

    def _load_inquiry(self, code, entry, company):
        """Let a question be asked some days ago, and become of it what is told."""
        name = f"demo_inquiry_{entry['key']}_{code}"
        if self._find(name):
            return
        asked = fields.Datetime.now() - timedelta(days=entry["days"])
        channels = company.npo_policy_version_id._allowed_channels()
        vals = {
            "title": entry["title"],
            "description": entry.get("words"),
            "topic_id": self._find(f"inquiry_topic_{entry['topic']}").id,
            "channel_id": channels.filtered(lambda c: c.code == "phone").id
            or channels[:1].id,
            "date_received": asked,
            "company_id": company.id,
        }
        if entry.get("person"):
            request = self._find(f"demo_request_{entry['person']}_{code}")
            vals["partner_id"] = request.partner_id.id
        else:
            vals |= {"contact_name": entry["name"], "contact_phone": entry["phone"]}
        inquiry = self.env["npo.inquiry"].with_company(company)._receive(vals)
        owner = inquiry.with_user(inquiry.user_id)
        if entry.get("unit"):
            asked_user = self._find(f"demo_user_{entry['unit']}_{code}")
            no_unit = self.env["hr.department"]
            owner._consult(no_unit, entry["question"], asked_user)
        if entry.get("answer"):
            owner._answer(entry["answer"], unclear=entry.get("unclear", False))
        self._name_records({name: inquiry})
