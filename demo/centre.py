from datetime import timedelta

from odoo import fields, models

from .demo_loader import NpoDemo as Base

# What a line of the demo says of how it is loaded, beside the values of its record.
HOW = {"key", "channel", "days", "body", "reply_to", "steps", "thanked", "due"}


class NpoDemo(models.AbstractModel):
    """Contacts, letters, suggestions and improvements of each association."""

    _inherit = Base._name

    def _load_centre(self, code, company):
        """Load what is missing of what people said, with whom they said it."""
        self = self.with_company(company)
        data = self._read("contacts")
        if self._find(f"demo_contact_visit_{code}"):
            return
        files = self.env["npo.beneficiary"].search([("company_id", "=", company.id)])
        people = files.partner_id
        self._load_contacts(code, company, data["contacts"], people)
        self._load_suggestions(code, company, data["suggestions"], people)
        self._load_improvements(code, company, data)

    def _said(self, company, line):
        """Return the values of a line's record, without how it is loaded."""
        vals = {name: value for name, value in line.items() if name not in HOW}
        return {**vals, "company_id": company.id}

    def _load_contacts(self, code, company, lines, people):
        officer = self._find(f"demo_user_officer_{code}")
        contacts = self.env["npo.interaction"].with_user(officer)
        for number, line in enumerate(lines):
            person = people[number % len(people)]
            if "body" in line:
                vals = {"name": line["body"], "is_company": True}
                name = f"demo_body_{code}"
                vals["company_id"] = company.id
                person = self._ensure("res.partner", {name: vals})[name]
            reply = line.get("reply_to")
            day = fields.Datetime.now() - timedelta(days=line["days"])
            contact = contacts.with_company(company).create(
                {
                    **self._said(company, line),
                    "channel_id": self._find(f"channel_{line['channel']}").id,
                    "partner_id": person.id,
                    "date": day,
                    "date_letter": "body" in line and day.date(),
                    "reply_to_id": reply
                    and self._find(f"demo_contact_{reply}_{code}").id,
                }
            )
            self._name_records({f"demo_contact_{line['key']}_{code}": contact})

    def _load_suggestions(self, code, company, lines, people):
        officer = self._find(f"demo_user_officer_{code}")
        suggestions = self.env["npo.suggestion"].with_user(officer)
        for number, line in enumerate(lines):
            thanked = self._find(f"demo_user_{line.get('thanked')}_{code}")
            suggestion = suggestions.with_company(company).create(
                {
                    **self._said(company, line),
                    "channel_id": self._find("channel_website").id,
                    "partner_id": people[-1 - number % len(people)].id,
                    "thanked_id": thanked and thanked.id,
                }
            )
            received = fields.Datetime.now() - timedelta(days=line["days"])
            suggestion.sudo().date_received = received
            for step in line["steps"]:
                getattr(suggestion, step)()
            self._name_records({f"demo_suggestion_{line['key']}_{code}": suggestion})

    def _load_improvements(self, code, company, data):
        officer = self._find(f"demo_user_officer_{code}")
        today = company._npo_today()
        improvements = {}
        for line in data["improvements"]:
            vals = self._said(company, line)
            if "due" in line:
                vals["user_id"] = officer.id
                vals["date_due"] = today + timedelta(days=line["due"])
                vals["date_before"] = "value_before" in line and today
            improvements[f"demo_improvement_{line['key']}_{code}"] = vals
        made = self._ensure("npo.improvement", improvements)
        for improvement in made.values():
            if improvement.date_due:
                improvement.with_user(officer).action_next()
        vals = {**data["consultation"], "company_id": company.id}
        self._ensure("npo.consultation", {f"demo_consultation_{code}": vals})
