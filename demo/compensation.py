import json
from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_path

from .demo_loader import ARABIC, MODULE, QUIET
from .demo_loader import NpoDemo as Base

ADMITTED = "ثبت من سجل الاستلام ومن إفادة المشرفة على المعرض."


class NpoDemo(models.AbstractModel):
    """Compensation cases of the one association whose policy has them (R131)."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS npo.demo
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        path = file_path(f"{MODULE}/demo/compensations.json")
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        company = demo._find(f"demo_company_{data['association']}")
        staff = demo._compensation_staff(data, company)
        agreement = demo._compensation_agreement(data, company)
        for entry in data["cases"]:
            demo._load_compensation(data["association"], entry, agreement, staff)

    def _compensation_staff(self, data, company):
        code = data["association"]
        vals = {}
        for role, (group, name, gender) in data["staff"].items():
            groups = self.env.ref(f"{MODULE}.group_npo_{group}")
            vals[f"demo_user_{role}_{code}"] = {
                **self._user_vals(f"{role}.{code}", company, groups),
                "name": name,
                "npo_gender": gender,
            }
        users = self._ensure("res.users", vals)
        self._set_passwords(users.values())
        return {role: users[f"demo_user_{role}_{code}"] for role in data["staff"]}

    def _compensation_agreement(self, data, company):
        """Return the agreement with an artisan, whose duty was not met."""
        code = data["association"]
        name = f"demo_agreement_compensation_{code}"
        agreement = self._find(name)
        if agreement:
            return agreement
        artisan = self._portal_people(code)[0]
        agreement = self.env["npo.agreement"].create(
            {
                "title": data["agreement"]["title"],
                "kind": "artisan",
                "company_id": company.id,
                "partner_id": artisan.id,
                "date_from": company._npo_today() - timedelta(days=300),
            }
        )
        agreement.line_ids = [
            Command.create(
                {
                    "kind": "duty",
                    "text": data["agreement"]["duty"],
                    "method": data["agreement"]["method"],
                    "party_id": agreement.party_ids.filtered("is_association").id,
                }
            )
        ]
        agreement.state = "active"
        self._name_records({name: agreement})
        return agreement

    def _load_compensation(self, code, entry, agreement, staff):
        """Let somebody claim some days ago, and become of it what is told."""
        name = f"demo_compensation_{entry['key']}_{code}"
        if self._find(name):
            return
        cases = self.env["npo.compensation"].with_company(agreement.company_id)
        received = fields.Datetime.now() - timedelta(days=entry["days"])
        case = cases._receive(
            {
                "company_id": agreement.company_id.id,
                "currency_id": agreement.company_id.currency_id.id,
                "partner_id": agreement.partner_id.id,
                "agreement_id": agreement.id,
                "title": entry["title"],
                "description": entry["words"],
                "remedy_asked": entry["asked"],
                "amount_claimed": entry["claimed"],
                "date_received": received,
                "date_harm": received.date() - timedelta(days=5),
                "head_ids": [
                    Command.create(
                        {
                            "head": head,
                            "amount_claimed": claimed,
                            "amount_proposed": proposed,
                            "basis": basis,
                        }
                    )
                    for head, claimed, proposed, basis in entry["heads"]
                ],
            }
        )
        self._name_records({name: case})
        own = case.with_user(staff["claims"])
        own.action_examine()
        own.action_admit()
        duty = agreement.line_ids[:1]
        own._find(
            "ground", "met", ADMITTED, breach_ground="contract", duty_line_id=duty.id
        )
        if entry["until"] == "study":
            return
        self._grant_compensation(own, entry, staff, code)

    def _grant_compensation(self, own, entry, staff, code):
        """Go on to the offer, or to the approval of what is given without money."""
        manager = self._find(f"demo_user_manager_{code}")
        paper = Path(file_path(f"{MODULE}/demo/specimen.pdf")).read_bytes()
        own._find("cause", "met", ADMITTED, direct_cause="yes")
        own._attach(
            [("إقرار الجمعية.pdf", paper)], condition="proof", source="admission"
        )
        own._find(
            "proof",
            "met",
            ADMITTED,
            proof_kind="admission",
            signer_id=manager.partner_id.id,
        )
        self.env["npo.compensation.mitigation"].create(
            {
                "compensation_id": own.id,
                "kind": "stop_harm",
                "user_id": staff["claims"].id,
                "date_done": own.company_id._npo_today(),
                "effect": "نُقلت المشغولات إلى خزائن مغلقة.",
            }
        )
        own.action_negotiate()
        own._offer(*entry["offer"])
        if entry["until"] == "offer":
            return
        sign = own.with_user(manager)
        own._accept_on_paper(
            "", own.sudo().evidence_ids[:1].file, "x.pdf", own.partner_id
        )
        own._propose(ADMITTED)
        own.with_user(staff["lawyer"])._review_legally("fit", "لا مانع نظاماً.")
        sign._sign_for_association()
        own.action_ask_approval()
        approval = own.sudo().approval_id.with_user(staff["grantor"])
        approval._answer(True, "مناسب للضرر.")
