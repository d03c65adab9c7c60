import base64
import json
from datetime import timedelta
from pathlib import Path

from passlib.hash import pbkdf2_sha512

from odoo import api, models
from odoo.fields import Command
from odoo.tools import file_path

from ..models.policy.profile import ARABIC, PROFILES
from ..models.request.request_reminder import STAGE, WINDOW
from .story import Story

MODULE = "npo_relations"
ROLES = {
    "officer": "relations_officer",
    "reception": "service_representative",
    "researcher": "social_researcher",
    "chair": "committee_member",
    "member1": "committee_member",
    "member2": "committee_member",
    "secretary": "committee_member",
    "delivery": "delivery_officer",
    "delegate": "branch_delegate",
    "governance": "governance_officer",
    "manager": "general_manager",
    "auditor": "auditor",
    "handler": "complaint_officer",
    "centre": "centre_officer",
}
SEATS = {
    "chair": "chair",
    "member1": "deputy",
    "member2": "member",
    "secretary": "secretary",
}
# The first that may pay for a request is proposed: zakat only where a file allows it.
FUNDS = [
    ("zakat", "مال الزكاة", "zakat", 300000),
    ("general", "المال العام", "unrestricted", 250000),
]
CEILINGS = {
    "household": {
        "name": "ما يصرف للأسرة في السنة",
        "scope": "household",
        "period": "hijri_year",
        "limit": 60000,
    },
    "times": {
        "name": "عدد مرات الدعم للمستفيد في السنة",
        "scope": "beneficiary",
        "measure": "count",
        "limit": 4,
    },
}
# What happened in the past is told by the hand-over log: no tracking of today, no
# mails to colleagues.
QUIET = {
    "tracking_disable": True,
    "no_reset_password": True,
    "mail_create_nosubscribe": True,
    "mail_activity_quick_update": True,
    "mail_notify_force_send": False,
    "no_mail_to_attendees": True,
}


class NpoDemo(models.AbstractModel):
    """Loads five fictional associations with their people and stories (D15).

    What they are lies in the JSON files beside this one; here is only how it is
    loaded. Every record is known by an XML id, so loading twice adds nothing.
    """

    _name = "npo.demo"
    _description = "Demo Data"

    @api.model
    def _load(self):
        """Load what is missing of the demo; called by the demo file alone."""
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        demo.env["res.lang"]._activate_lang(ARABIC)
        # Odoo loads translations after demo data: too late for the letters and
        # messages that the stories write.
        demo.env["ir.module.module"]._load_module_terms([MODULE], [ARABIC])
        demo.env.ref("base.SAR").active = True
        companies = {}
        for code in PROFILES:
            data = demo._read(code)
            companies[code] = company = demo._load_association(code, data)
            demo._play(demo._stories(code, data, company))
            demo._convene_next(code, company)
            demo._load_absence(code, company)
            demo._load_centre(code, company)
            demo._load_agreements(code, company)
            demo._load_appointments(code, company)
            demo._remind(company)
        demo._brand_website(companies["masaken"])

    def _brand_website(self, company):
        """One website serves the five: the product's mark, each page names its own.

        What the platform says of a sample company goes.

        :param company: whose pages somebody without a login reads
        """
        website = self.env.ref("website.default_website", raise_if_not_found=False)
        if website:
            icon = Path(file_path(f"{MODULE}/static/description/icon.png"))
            website.logo = base64.b64encode(icon.read_bytes())
            website.name = "علاقات المستفيدين"
            website.company_id = company
            own = website.with_context(website_id=website.id)
            for sample in ("header_text_element", "footer_custom"):
                own.viewref(f"website.{sample}").active = False

    def _play(self, stories):
        """Let the stories happen that did not yet."""
        requests = self.env["npo.request"]
        for story in stories:
            if not story.request:
                story.play()
                requests |= story.request.sudo()
                self._name_records({story.xmlid: story.request})
        self._write_messages_again(requests)

    def _convene_next(self, code, company):
        """Convene the next session of the committee, with all that waits for it."""
        name = f"demo_session_next_{code}"
        if self._find(name):
            return
        secretary = self._find(f"demo_user_secretary_{code}")
        sessions = self.env["npo.committee.session"].with_user(secretary)
        session = sessions.with_company(company).create({"place": "قاعة الاجتماعات"})
        session.action_draw_agenda()
        if session.item_ids:
            session.action_convene()
        self._name_records({name: session})

    def _write_messages_again(self, requests):
        """Write the messages of the stories with the dates that are true by now."""
        by_template = requests.message_log_ids.grouped("template_id")
        for template, messages in by_template.items():
            cases = requests.browse(messages.mapped("res_id"))
            texts = messages._render_texts(template, cases)
            for message in messages:
                message.body = texts[message.res_id]["body"]

    @api.model
    def _read(self, code):
        path = file_path(f"{MODULE}/demo/{code}.json")
        return json.loads(Path(path).read_text(encoding="utf-8"))

    def _stories(self, code, data, company):
        """Yield the stories of an association, each with its request if it has one."""
        env = self.with_company(company).env
        for story in data["stories"]:
            xmlid = f"demo_request_{story['key']}_{code}"
            request = self._find(xmlid) or self.env["npo.request"]
            yield Story(env, company, code, story, xmlid, request.with_env(env))

    def _load_centre(self, code, company):
        """Load what people said to the association; see the file of the centre."""

    # ------------------------------------------------------------
    # RECORDS KNOWN BY THEIR XML IDS
    # ------------------------------------------------------------

    def _find(self, name):
        return self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)

    def _name_records(self, records):
        """Give XML ids to records: {id without module: record}."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.{name}", "record": record, "noupdate": True}
                for name, record in records.items()
            ]
        )

    def _ensure(self, model, vals_by_name):
        """Return the records of XML ids, creating those that are missing in one go."""
        names = [name for name in vals_by_name if not self._find(name)]
        records = self.env[model].create([vals_by_name[name] for name in names])
        self._name_records(dict(zip(names, records, strict=True)))
        return {name: self._find(name) for name in vals_by_name}

    # ------------------------------------------------------------
    # AN ASSOCIATION AND ITS PEOPLE
    # ------------------------------------------------------------

    def _load_association(self, code, data):
        """Return the association: profile in force, staff, committee, branch."""
        name = f"demo_company_{code}"
        vals = {
            "name": data["name"],
            "currency_id": self.env.ref("base.SAR").id,
            "city": data["city"],
            "phone": data["phone"],
            "email": f"info@{code.replace('_', '-')}.example",
        }
        company = self._ensure("res.company", {name: vals})[name]
        if company.npo_policy_version_id:
            return company
        company._npo_apply_profile(code)
        # on the contact: the country of a company would install its chart of accounts
        company.partner_id.write(
            {"lang": ARABIC, "country_id": self.env.ref("base.sa").id}
        )
        company.with_context(lang="en_US").npo_contact_hours = data["hours"]["en"]
        company.npo_contact_hours = data["hours"]["ar"]
        self.env.ref("base.user_admin").company_ids = [Command.link(company.id)]
        users = self._load_staff(code, data, company)
        self._load_places(data, company, users)
        self._load_spending(code, company)
        self._load_portal_users(code, data, company)
        self._put_in_force(data, company, users["governance"])
        company.npo_policy_ids.is_published = True
        return company

    def _load_staff(self, code, data, company):
        """Create a user for each role, with this role alone."""
        groups = {
            role: self.env.ref(f"{MODULE}.group_npo_{group}")
            for role, group in ROLES.items()
        }
        for role in data.get("health_readers", ()):
            groups[role] |= self.env.ref(f"{MODULE}.group_npo_health_reader")
        people = {
            role: (groups[role], *data["staff"][role], data["phone"]) for role in ROLES
        }
        return self._load_users(code, company, people)

    def _load_portal_users(self, code, data, company):
        """Create a login for the people who ask by themselves in the portal."""
        portal = self.env.ref("base.group_portal")
        people = {
            story["key"]: (portal, story["name"], story["gender"], story["phone"])
            for story in data["stories"]
            if story.get("portal")
        }
        for user in self._load_users(code, company, people).values():
            user.partner_id.company_id = company

    def _load_users(self, code, company, people):
        """Return users of an association by their key: a role, or a part in a story.

        :param dict people: {key: (groups, name, gender)}, and a phone number or none
        """
        vals = {
            f"demo_user_{key}_{code}": self._user_vals(f"{key}.{code}", company, *who)
            for key, who in people.items()
        }
        new = [name for name in vals if not self._find(name)]
        users = self._ensure("res.users", vals)
        self._set_passwords(users[name] for name in new)
        return {key: users[f"demo_user_{key}_{code}"] for key in people}

    def _user_vals(self, login, company, groups, name, gender, phone=False):
        return {
            "name": name,
            "npo_gender": gender,
            "phone": phone,
            "login": login,
            "email": f"{login}@example.com",
            "lang": ARABIC,
            "tz": "Asia/Riyadh",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(groups.ids)],
        }

    def _set_passwords(self, users):
        """Let the login be the password: hashed lightly, for there are many of them.

        The platform hashes it again, in earnest, at the first login.
        """
        light = pbkdf2_sha512.using(rounds=1000)
        for user in users:
            user._set_encrypted_password(user.id, light.hash(user.login))

    def _load_absence(self, code, company):
        """The researcher is away next week, and the officer stands in."""
        today = company._npo_today()
        user = self._find(f"demo_user_researcher_{code}")
        cover = self._find(f"demo_user_officer_{code}")
        vals = {
            "user_id": user.id,
            "cover_id": cover.id,
            "company_id": company.id,
            "date_from": today + timedelta(days=7),
            "date_to": today + timedelta(days=11),
            "note": "إجازة",
        }
        self._ensure("npo.absence", {f"demo_absence_{code}": vals})

    def _remind(self, company):
        """Tell whom the stories made late, as the cron would in working hours."""
        requests = self.env["npo.request"]
        self.env.flush_all()
        for ladder in (WINDOW, STAGE):
            requests._remind_batch(ladder, company)

    def _load_places(self, data, company, users):
        """Seat the research committee, and open the branch of the delegate."""
        committee = self.env["npo.committee"]._default_for(company)
        committee.member_ids = [
            Command.create({"user_id": users[role].id, "role": seat})
            for role, seat in SEATS.items()
        ]
        branch = company._npo_create_named(
            "npo.site",
            [{"name": data["branch"], "code": "BR1", "kind": "branch", "sequence": 20}],
        )
        branch.delegate_ids = users["delegate"]

    def _load_spending(self, code, company):
        """Give the association funds for this year, ceilings and a matrix."""
        day = company._npo_today()
        year = {"date_from": day.replace(month=1, day=1)}
        year["date_to"] = day.replace(month=12, day=31)
        self._ensure(
            "npo.fund",
            {
                f"demo_fund_{name}_{code}": {
                    "name": label,
                    "kind": kind,
                    "sequence": sequence,
                    "company_id": company.id,
                    "budget_ids": [Command.create({**year, "amount": amount})],
                }
                for sequence, (name, label, kind, amount) in enumerate(FUNDS)
            },
        )
        self._ensure(
            "npo.ceiling",
            {
                f"demo_ceiling_{name}_{code}": {**vals, "company_id": company.id}
                for name, vals in CEILINGS.items()
            },
        )
        self._ensure(
            "npo.authority.line",
            {
                f"demo_authority_{code}": {
                    "company_id": company.id,
                    "amount_from": 50000,
                    "approver": "general_manager",
                }
            },
        )

    def _put_in_force(self, data, company, governor):
        """Put a version in force whose approval has no evidence, telling why."""
        if not company.npo_policy_version_id:
            version = company.npo_policy_ids.version_ids.with_user(governor)
            version._put_in_force_unevidenced(data["unevidenced_reason"])
