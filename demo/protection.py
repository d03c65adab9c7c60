from datetime import timedelta

from odoo import api, fields, models

from ..models.policy.profile import PROFILES
from .demo_loader import ARABIC, MODULE, QUIET
from .reports import NpoDemo as Base


class NpoDemo(models.AbstractModel):
    """What a data-protection officer has at hand: incidents, requests, undertakings."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS: once there are people whose data is kept
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        data = demo._read("protection")
        for code in PROFILES:
            company = demo._find(f"demo_company_{code}")
            if not demo._find(f"demo_user_protection_{code}"):
                demo.with_company(company)._load_protection(code, company, data)

    def _load_protection(self, code, company, data):
        officer = self._load_protector(code, company, data["officer"][code])
        files = self.env["npo.beneficiary"].search(
            [("company_id", "=", company.id)], order="id"
        )
        # a guardian asks for who is under age
        people = files.filtered(lambda file: not file._is_minor())
        self._load_incidents(code, company, officer, data["incidents"])
        self._load_privacy_requests(code, company, officer, people, data["requests"])
        self._as(officer, company, "npo.legal.hold").create(
            {**data["hold"], "partner_id": people[-1:].partner_id.id}
        )
        self._load_access(code, company, people)
        self._load_undertakings(company)

    def _as(self, user, company, model):
        own = self.env[model].with_user(user)
        return own.with_context(allowed_company_ids=company.ids)

    def _load_protector(self, code, company, person):
        """Return the data-protection officer of the association."""
        group = self.env.ref(f"{MODULE}.group_npo_data_protection_officer")
        users = self._load_users(code, company, {"protection": (group, *person)})
        return users["protection"]

    def _load_incidents(self, code, company, officer, lines):
        """One incident that is closed, and one that waits for a decision."""
        now = fields.Datetime.now()
        for line in lines:
            vals = {key: value for key, value in line.items() if "days" not in key}
            key = vals.pop("key")
            vals["aware_at"] = now - timedelta(days=line["aware_days"])
            vals["date_occurred"] = now - timedelta(days=line["occurred_days"])
            incident = self._as(officer, company, "npo.data.breach").create(vals)
            if incident.harm:
                incident.action_decide()
                incident.action_close()
            self._name_records({f"demo_incident_{key}_{code}": incident.sudo()})

    def _load_privacy_requests(self, code, company, officer, people, lines):
        """Who asked for a copy was recognised; the other one has still to be."""
        today = company._npo_today()
        for file, line in zip(people, lines, strict=False):
            case = self._as(officer, company, "npo.data.request").create(
                {
                    "partner_id": file.partner_id.id,
                    "kind": line["kind"],
                    "method": line["method"],
                    "detail": line["detail"],
                    "date_received": today - timedelta(days=line["days"]),
                }
            )
            if line.get("verify"):
                # at the counter: who takes the copy is somebody else
                counter = self._find(f"demo_user_reception_{code}")
                case.with_user(counter)._verify_identity("card", "طوبقت بطاقة الهوية")
            name = f"demo_privacy_{line['kind']}_{code}"
            self._name_records({name: case.sudo()})

    def _load_access(self, code, company, people):
        """The officer saw the identity of two, and gave who has no login a slip."""
        officer = self._find(f"demo_user_officer_{code}")
        files = people.with_user(officer).with_context(allowed_company_ids=company.ids)
        without = files.filtered(lambda file: not file.sudo().partner_id.user_ids)
        for file in without[:2]:
            file.identity_source = "original"
            file._reveal("identity_number", "مطابقة بطاقة الهوية")
        without[:1].action_portal_access()

    def _load_undertakings(self, company):
        """Everybody is asked; all but every fourth has signed."""
        asked = self.env["npo.undertaking"]._ask(company).filtered("user_id")
        for line in asked.filtered(lambda line: line.user_id.id % 4):
            line.with_user(line.user_id).with_context(
                allowed_company_ids=company.ids
            ).action_sign()
