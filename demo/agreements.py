import base64
from datetime import timedelta
from pathlib import Path

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import file_path

from .demo_loader import MODULE
from .demo_loader import NpoDemo as Base

LADDER = (("amicable", 15), ("mediation", 30), ("arbitration", 0))
# What a line of the demo says of how it is loaded, beside the values of its record.
HOW = {"key", "party", "from", "until", "review", "until_step", "lines"}
HOW |= {"clarification"}


class NpoDemo(models.AbstractModel):
    """Agreements, a dispute and a work of others for each association."""

    _inherit = Base._name

    def _load_agreements(self, code, company):
        """Load what is missing of the agreements, through their real steps."""
        self = self.with_company(company)
        data = self._read("agreements")
        if self._find(f"demo_agreement_supply_{code}"):
            return
        lawyer = self._load_lawyer(code, company, data["lawyer"][code])
        parties = self._load_parties(code, company, data["parties"][code])
        made = {
            line["key"]: self._load_agreement(code, company, line, parties, lawyer)
            for line in data["agreements"]
        }
        self._name_records(
            {f"demo_agreement_{key}_{code}": one.sudo() for key, one in made.items()}
        )
        self._load_dispute(code, made["supply"], data["dispute"], lawyer)
        self._load_work(code, made["person"], data["work"])

    def _load_lawyer(self, code, company, person):
        group = self.env.ref(f"{MODULE}.group_npo_legal_adviser")
        users = self._load_users(code, company, {"lawyer": (group, *person)})
        return users["lawyer"]

    def _load_parties(self, code, company, data):
        """Return the other parties; the supplier's employee has a login."""
        bodies = {
            f"demo_party_{key}_{code}": {
                "name": data[key] if isinstance(data[key], str) else data[key][0],
                "npo_gender": False if isinstance(data[key], str) else data[key][1],
                "is_company": isinstance(data[key], str),
                "company_id": company.id,
                "lang": "ar_001",
            }
            for key in ("supply", "partner", "person")
        }
        parties = self._ensure("res.partner", bodies)
        portal = self.env.ref("base.group_portal")
        users = self._load_users(code, company, {"party": (portal, *data["contact"])})
        contact = users["party"].partner_id
        contact.parent_id = parties[f"demo_party_supply_{code}"]
        contact.company_id = company
        return {
            key: parties[f"demo_party_{key}_{code}"]
            for key in ("supply", "partner", "person")
        }

    def _load_agreement(self, code, company, line, parties, lawyer):
        """Return an agreement, taken through its steps by who takes them."""
        today = company._npo_today()
        officer = self._find(f"demo_user_officer_{code}")
        manager = self._find(f"demo_user_manager_{code}")
        agreements = self.env["npo.agreement"].with_user(officer)
        vals = {name: value for name, value in line.items() if name not in HOW}
        agreement = agreements.with_company(company).create(
            {
                **vals,
                "company_id": company.id,
                "partner_id": parties[line["party"]].id,
                "governing_law": "أنظمة المملكة العربية السعودية",
                "date_from": today + timedelta(days=line["from"]),
                "date_to": today + timedelta(days=line["until"]),
                "review_date": today + timedelta(days=line["review"]),
                "settlement_ids": [
                    Command.create({"sequence": number, "method": method, "days": days})
                    for number, (method, days) in enumerate(LADDER)
                ],
            }
        )
        self._add_lines(agreement, line["lines"])
        agreement.action_submit()
        if line["until_step"] == "legal_review":
            return agreement
        for check in agreement.with_user(lawyer).check_ids:
            check.action_tick()
        agreement.with_user(manager).action_approve()
        specimen = Path(file_path(f"{MODULE}/demo/specimen.pdf")).read_bytes()
        agreement.write(
            {
                "signed_file": base64.b64encode(specimen),
                "signed_file_name": "specimen.pdf",
            }
        )
        agreement.action_activate()
        if "clarification" in line:
            question, answer = line["clarification"]
            agreement.clarification_ids = [
                Command.create({"question": question, "answer": answer})
            ]
        return agreement

    def _add_lines(self, agreement, lines):
        """Write the rights and duties down, each that of its party."""
        ours = agreement.party_ids.filtered("is_association")
        whose = {"association": ours, "other": agreement.party_ids - ours}
        agreement.line_ids = [
            Command.create(
                {
                    "sequence": number,
                    "party_id": whose[party].id,
                    "kind": kind,
                    "text": text,
                    "method": method,
                    "due_rule": due,
                    "consequence": consequence,
                }
            )
            for number, (party, kind, text, method, due, consequence) in enumerate(
                lines
            )
        ]

    def _load_dispute(self, code, agreement, data, lawyer):
        """Open a dispute and try to settle it amicably."""
        meeting = {"place", "attendees", "minutes", "agreed_points"}
        vals = {name: data[name] for name in data if name not in meeting}
        duty = agreement.line_ids.filtered(lambda line: line.kind == "duty")[-1:]
        dispute = agreement.with_user(lawyer)._open_dispute(
            {**vals, "line_id": duty.id}
        )
        dispute.action_begin()
        dispute.meeting_ids = [
            Command.create(
                {
                    **{name: data[name] for name in meeting},
                    "date": fields.Datetime.now() - timedelta(days=1),
                }
            )
        ]
        self._name_records({f"demo_dispute_{code}": dispute.sudo()})

    def _load_work(self, code, agreement, data):
        """Record a photograph with its licence, and where it was published."""
        officer = self._find(f"demo_user_officer_{code}")
        specimen = Path(file_path(f"{MODULE}/demo/specimen.pdf")).read_bytes()
        vals = {name: data[name] for name in data if name != "place"}
        work = (
            self.env["npo.work"]
            .with_user(officer)
            .create(
                {
                    **vals,
                    "company_id": agreement.company_id.id,
                    "partner_id": agreement.partner_id.id,
                    "agreement_id": agreement.id,
                    "licence": base64.b64encode(specimen),
                    "licence_name": "specimen.pdf",
                    "on_website": True,
                    "on_exhibition": True,
                    "date_from": agreement.date_from,
                    "date_until": agreement.date_to,
                    "publication_ids": [
                        Command.create({"use": "website", "place": data["place"]})
                    ],
                }
            )
        )
        self._name_records({f"demo_work_{code}": work.sudo()})
