from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .demo_loader import ARABIC, PROFILES, QUIET
from .demo_loader import NpoDemo as Base


class NpoDemo(models.AbstractModel):
    """Complaints of each association, each as far as its people took it.

    None is sealed: what nobody may know of is not made up either.
    """

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS npo.demo
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        entries = self._read("complaints")
        for code in PROFILES:
            company = demo._find(f"demo_company_{code}")
            for entry in entries:
                demo._load_complaint(code, entry, company)

    def _load_complaint(self, code, entry, company):
        """Let somebody complain some days ago, and become of it what is told."""
        name = f"demo_complaint_{entry['key']}_{code}"
        if self._find(name):
            return
        complaints = self.env["npo.complaint"].with_company(company)
        case = complaints._receive(self._complaint_vals(code, entry, company))
        # the administrator of a demo has every role, and would get a share of them
        case.user_id = self._find(f"demo_user_handler_{code}")
        own = case.with_user(case.user_id)
        for step, *arguments in entry["steps"]:
            getattr(self, f"_complaint_{step}")(own, code, *arguments)
        self._name_records({name: case})

    def _complaint_vals(self, code, entry, company):
        """Return the values of a complaint, by a channel that is open for it."""
        open_ones = company.npo_policy_version_id._allowed_channels("complaint")
        channel = self._find(f"channel_{entry['channel']}") & open_ones or open_ones[:1]
        asked = fields.Datetime.now() - timedelta(days=entry["days"])
        vals = {
            "title": entry["title"],
            "description": entry["words"],
            "category_id": self._find(f"complaint_category_{entry['category']}").id,
            "channel_id": channel.id,
            "date_received": asked,
            "company_id": company.id,
            "social_link": entry.get("link"),
            "external_reference": channel.code == "tawasul" and f"T-{entry['key']}",
            "is_anonymous": "person" not in entry,
        }
        if about := entry.get("about"):
            user = self._find(f"demo_user_{about}_{code}")
            vals["subject_user_ids"] = [Command.set(user.ids)]
        if "person" in entry:
            people = self._portal_people(code)
            vals["partner_id"] = people[entry["person"] % len(people)].id
        return vals

    def _portal_people(self, code):
        """Return those who log in, so that they follow their complaints there."""
        stories = self._read(code)["stories"]
        requests = [
            self._find(f"demo_request_{story['key']}_{code}")
            for story in stories
            if story.get("portal")
        ]
        return [request.partner_id for request in requests]

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _complaint_assess(self, case, code, severity, urgency):
        case._assess(severity, urgency)

    def _complaint_investigate(self, case, code):
        case.action_investigate()

    def _complaint_ask_unit(self, case, code, role, question):
        name = f"demo_unit_{code}"
        vals = {"name": "وحدة الخدمات", "company_id": case.company_id.id}
        unit = self._ensure("hr.department", {name: vals})[name]
        case._send_to_unit(unit, question, self._find(f"demo_user_{role}_{code}"))

    def _complaint_decide(self, case, code, outcome, cause, answer):
        case._decide(outcome, cause, answer)

    def _complaint_accept(self, case, code, note):
        case._hear(True, note)
