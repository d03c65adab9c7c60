from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_path

from .demo_loader import ARABIC, MODULE, QUIET
from .demo_loader import NpoDemo as Base

# How far a case may be taken; what is granted in money goes on with its payment.
STEPS = {
    "received": 0,
    "study": 1,
    "refused": 1,
    "suspended": 1,
    "offer": 2,
    "proposed": 3,
    "asked": 4,
}
ADMITTED = "ثبت من سجل الاستلام ومن إفادة المشرفة على المعرض."


class NpoDemo(models.AbstractModel):
    """Compensation cases of the one association whose policy has them (R131)."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS npo.demo
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        data = self._read("compensations")
        code = data["association"]
        company = demo._find(f"demo_company_{code}")
        demo = demo.with_company(company)
        staff = demo._compensation_staff(data, company)
        accounts = demo._load_accounting(code, company)["accounts"][code]
        people = demo._portal_people(code)
        for partner, number in zip(people, accounts, strict=True):
            demo._add_account(partner, number)
        for entry in data["cases"]:
            agreement = demo._compensation_agreement(data, people, entry["person"])
            demo._load_compensation(code, entry, agreement, staff)

    def _compensation_staff(self, data, company):
        code = data["association"]
        people = {
            role: (self.env.ref(f"{MODULE}.group_npo_{group}"), *who)
            for role, (group, *who) in data["staff"].items()
        }
        staff = self._load_users(code, company, people)
        staff["manager"] = self._find(f"demo_user_manager_{code}")
        return staff

    def _compensation_agreement(self, data, people, number):
        """Return the agreement with an artisan, whose duty was not met."""
        name = f"demo_agreement_artisan{number}_{data['association']}"
        agreement = self._find(name)
        if agreement:
            return agreement
        code = data["association"]
        agreement = self._load_agreement(
            code,
            self.env.company,
            {**data["agreement"], "party": "artisan"},
            {"artisan": people[number]},
            self._find(f"demo_user_lawyer_{code}"),
        ).sudo()
        self._name_records({name: agreement})
        return agreement

    def _load_compensation(self, code, entry, agreement, staff):
        """Let somebody claim some days ago, and become of it what is told."""
        name = f"demo_compensation_{entry['key']}_{code}"
        if self._find(name):
            return
        case = self._claim(entry, agreement)
        self._name_records({name: case})
        own = case.with_user(staff["claims"])
        step = STEPS.get(entry["until"], 5)
        if step > STEPS["received"]:
            self._study(own, entry, agreement)
        if step > STEPS["study"]:
            self._offer(own, entry, staff)
        if step > STEPS["offer"]:
            self._agree(own, staff)
        if step > STEPS["proposed"]:
            own.with_user(staff["lawyer"])._review_legally("fit", "لا مانع نظاماً.")
            own.with_user(staff["manager"])._sign_for_association()
            own.action_ask_approval()
        if step > STEPS["asked"]:
            approval = own.sudo().approval_id.with_user(staff["grantor"])
            approval._answer(True, "مناسب للضرر.")
        if payout := case.payout_ids:
            self._settle_payout(code, payout, entry["until"], entry.get("part", 0))

    def _claim(self, entry, agreement):
        company = agreement.company_id
        received = fields.Datetime.now() - timedelta(days=entry["days"])
        return self.env["npo.compensation"]._receive(
            {
                "company_id": company.id,
                "currency_id": company.currency_id.id,
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

    def _study(self, own, entry, agreement):
        """Take the claim up, and find on the first of its conditions."""
        own.action_examine()
        own.action_admit()
        duty = agreement.line_ids.filtered("party_id.is_association")[:1]
        own._find(
            "ground", "met", ADMITTED, breach_ground="contract", duty_line_id=duty.id
        )
        if entry["until"] == "refused":
            other = entry["third_party"]
            words = "وقع الضرر في النقل، ولم يكن في عهدة الجمعية."
            own._find("cause", "not_met", words, direct_cause="no", third_party=other)
        if entry["until"] == "suspended":
            own.action_dispute()
            own._suspend("رُفعت الدعوى، ويُنتظر الحكم النهائي.")

    def _offer(self, own, entry, staff):
        """Find on the other conditions, and make the offer."""
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
            signer_id=staff["manager"].partner_id.id,
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

    def _agree(self, own, staff):
        """Let the person accept on paper, and propose what was agreed."""
        own._accept_on_paper(
            "", own.sudo().evidence_ids[:1].file, "specimen.pdf", own.partner_id
        )
        own._propose(ADMITTED, self._find("demo_fund_general_harfa"))
