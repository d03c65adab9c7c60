import base64
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from ..models.request.request_window import OPEN_DATES

HERE = Path(__file__).parent
# From which source the officer verified an item of the checklist.
SOURCES = {"identity": "platform", "iban": "platform", "income": "call"}
# A person is not born later because days pass; the others follow by computation.
TIMELESS = {"birth_date", *OPEN_DATES}
# From the reception of a complete file to the committee.
PREPARATION = ["hand_in", 1, "complete", "match", "verify", 1, "sign", "study", "raise"]


class Story:
    """Takes one request through its real steps, as the real people of the demo.

    A story is a list of steps and of numbers. A step happens now, with all its checks;
    a number lets so many days pass: what happened so far moves that far into the past.
    So every date is true to the others, and some requests are late, some early.
    """

    def __init__(self, env, company, code, data, xmlid, request):
        self.env = env
        self.company = company
        self.code = code
        self.data = data
        self.xmlid = xmlid
        self.request = request
        self.officer = "delegate" if data.get("branch") else "officer"

    def play(self, steps=None):
        """Take the steps one after the other: those of the story, or others."""
        for step in self.data["steps"] if steps is None else steps:
            if isinstance(step, int):
                self._let_days_pass(step)
            elif isinstance(step, str):
                getattr(self, f"step_{step}")()
            else:
                name, *arguments = step
                getattr(self, f"step_{name}")(*arguments)

    def _as(self, role, records=None):
        """Return the request, or other records, as a person of the association."""
        records = self.request if records is None else records
        user = self.env.ref(f"npo_relations.demo_user_{role}_{self.code}")
        return records.with_user(user).with_company(self.company)

    def _as_applicant(self):
        return self._as(self.data["key"])

    def _wizard(self, role, model, **vals):
        wizard = self._as(role, self.env[model]).create(vals)
        return wizard.action_confirm()

    def _reason(self, kind, code):
        return self.env.ref(f"npo_relations.reason_{kind}_{code}").id

    @property
    def today(self):
        return self.company._npo_today()

    # ------------------------------------------------------------
    # THE APPLICANT
    # ------------------------------------------------------------

    def step_draft(self):
        """The applicant begins in the portal."""
        self.request = self._as_applicant()._portal_draft(self._service())
        names = ("name", "identity_number", "birth_date", "phone", "city", "iban")
        given = {name: self.data[name] for name in names if self.data.get(name)}
        errors = self.request._portal_save(
            {
                **given,
                "identity_type": self.data.get("identity_type", "national_id"),
                "npo_gender": self.data["gender"],
                "description": self.data["description"],
                "amount_requested": str(self.data.get("amount", 0)),
                "quantity": self.data.get("quantity", 1),
            }
        )
        if errors:
            raise ValueError(f"{self.xmlid}: {errors}")
        self._classify()

    def step_upload(self):
        """The applicant photographs what is asked for."""
        for line in self._open_lines():
            vals = self._document_vals(line)
            self._as_applicant()._portal_upload(
                line.id,
                vals.get("file_name"),
                self._specimen() if "file" in vals else b"",
                number=vals.get("number"),
                expiry=vals.get("expiry_date"),
                issued=vals.get("issue_date"),
            )

    def step_submit(self):
        request = self._as_applicant()
        purposes = self.env["npo.consent.purpose"]._of(self.company)
        request._portal_submit(purposes.filtered("is_essential"))

    def step_reply(self, note):
        self._as_applicant()._portal_answer(note)

    def step_withdraw(self):
        self._as_applicant()._portal_withdraw()

    def step_sign(self):
        """Sign in the portal, or before the officer: on paper, or by thumb."""
        if self.data.get("portal"):
            self._as_applicant()._portal_sign(self._signature(), "192.0.2.1")
            return
        witness = self.data.get("witness")
        self._wizard(
            self.officer,
            "npo.request.sign",
            request_id=self.request.id,
            method="thumb" if witness else "paper",
            witness_name=witness,
            is_seen=True,
        )

    # ------------------------------------------------------------
    # THE OFFICER
    # ------------------------------------------------------------

    def step_visit(self):
        """The applicant comes to the desk; the officer registers and receives."""
        data = self.data
        action = self._wizard(
            self.officer,
            "npo.request.intake",
            query=data["identity_number"],
            is_notice_told=True,
            name=data["name"],
            identity_type=data.get("identity_type", "national_id"),
            identity_number=data["identity_number"],
            phone=data["phone"],
            npo_gender=data["gender"],
            birth_date=data["birth_date"],
            service_id=self._service().id,
            description=data["description"],
            **self._channel(),
        )
        self.request = self.env["npo.request"].browse(action["res_id"])
        person = {name: data[name] for name in ("city", "iban") if data.get(name)}
        self._as(self.officer).beneficiary_id.write(person)
        self.request.partner_id.lang = self.env.lang
        self._classify()

    def _channel(self):
        code = self.data.get("channel")
        channel = self.env["npo.channel"].search([("code", "=", code)])
        return {"channel_id": channel.id} if code else {}

    def _service(self):
        return self.env["npo.service"].search(
            [
                ("company_id", "=", self.company.id),
                ("code", "=", self.data["service"]),
            ]
        )

    def _classify(self):
        """Note what the officer says of the person and of the request."""
        data = self.data
        request = self._as(self.officer)
        category = self.env["npo.beneficiary.category"].search(
            [("code", "=", data["category"])]
        )
        request.beneficiary_id.primary_category_id = category
        vals = {name: data[name] for name in ("priority", "origin") if name in data}
        vals["request_type"] = data.get("type", "aid")
        if not data.get("portal"):
            vals["amount_requested"] = data.get("amount", 0)
            vals["quantity"] = data.get("quantity", 1)
        if guardian := data.get("guardian"):
            vals["representative_id"] = self._guardian(guardian).id
        request.write(vals)

    def _guardian(self, guardian):
        partner = self.env["res.partner"].create(
            {**guardian, "company_id": self.company.id, "lang": self.env.lang}
        )
        self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.request.sudo().partner_id.id,
                "representative_id": partner.id,
                "kind": "guardian",
                "date_from": self.request.sudo().create_date.date(),
            }
        )
        return partner

    def step_receive(self):
        self._as(self.officer).action_receive()

    def _open_lines(self):
        """Return the lines of the checklist that are still to be handed in."""
        kept_back = {
            code
            for code, story in self.data.get("documents", {}).items()
            if story == "missing"
        }
        wanted = set(self.data.get("extra", ()))
        return self.request.sudo().document_ids.filtered(
            lambda line: (
                (line.is_mandatory or line.document_type_id.code in wanted)
                and line.document_type_id.code not in kept_back
                and line.state not in ("received", "waived")
                and not (line.state == "matched" and line._is_valid_for_case())
            )
        )

    def step_hand_in(self):
        """The officer enters the documents brought, and waives what is not needed."""
        for line in self._as(self.officer, self._open_lines()):
            reason = self._told_of(line).get("waive")
            if reason:
                line.action_waive(reason)
            else:
                line.write(self._document_vals(line))

    def _told_of(self, line):
        """Return what the story tells of a document: {what: words}."""
        return self.data.get("documents", {}).get(line.document_type_id.code, {})

    def _document_vals(self, line):
        """Return what a document of the demo says."""
        kind = line.document_type_id.sudo()
        number = self.data["identity_number"]
        age = self._told_of(line).get("days_old", 900 if kind.is_identity else 10)
        vals = {"issue_date": self.today - timedelta(days=age)}
        if kind.is_identity:
            own = kind.code == self.data.get("identity_type", "national_id")
            vals["number"] = number if own else f"9{number[1:]}"
        if kind.has_expiry:
            vals["expiry_date"] = self.today + timedelta(days=300)
        if kind.store_image and not kind.is_identity:
            content = base64.b64encode(self._specimen())
            vals.update(file=content, file_name="specimen.pdf")
        return vals

    def _specimen(self):
        return (HERE / "specimen.pdf").read_bytes()

    def step_complete(self):
        self._as(self.officer).action_complete()

    def step_match(self):
        """The officer compares with the originals, and verifies each item."""
        request = self._as(self.officer)
        for line in request.document_ids.filtered(
            lambda line: line.state == "received"
        ):
            if note := self._told_of(line).get("mismatch"):
                line.action_mismatch(note)
            else:
                line.action_match()
        for item in request.verification_ids:
            told = self.data.get("verification", {}).get(item.item_id.code)
            source = SOURCES.get(item.item_id.code, "original")
            item.write(told or {"source": source, "result": "verified"})

    def step_verify(self):
        self._as(self.officer).action_verify()

    def step_refer(self, vals):
        """The officer refers a question to the researcher (step 3)."""
        self._wizard(
            self.officer, "npo.request.refer", request_id=self.request.id, **vals
        )

    def step_prepare(self):
        self.play(PREPARATION)

    def step_raise(self):
        self._as(self.officer).action_explained()
        self._as(self.officer).action_raise()

    def step_return(self, reason, note):
        self._go_back("return", reason, note)

    def step_remind(self):
        self._as(self.officer).action_remind_applicant()

    def step_close_silent(self):
        """Nobody answered: the association closes it, as its rule says."""
        self.request.sudo()._close_silent()

    def step_hold(self, reason, note):
        self._go_back("hold", reason, note)

    def step_cancel(self, reason, note):
        self._go_back("cancel", reason, note)

    def _go_back(self, step, reason, note):
        self._wizard(
            self.officer,
            "npo.request.reason",
            request_ids=self.request.ids,
            step=step,
            reason_id=self._reason(step, reason),
            note=note,
        )

    def step_resume(self):
        self._as(self.officer).action_resume()

    def step_register(self):
        self._as(self.officer).action_register()

    # ------------------------------------------------------------
    # RESEARCHER, COMMITTEE, DELIVERY
    # ------------------------------------------------------------

    def step_answer(self, answer):
        referral = self.request.sudo().referral_ids[:1]
        referral = self._as("researcher", referral)
        referral.write({"answer": answer, "is_understood": True})
        referral.action_answer()

    def step_research(self):
        if self.request.sudo().stage_code == "declaration":
            self._as(self.officer).action_research()

    def step_study(self):
        """The researcher studies the case, where the service asks for it."""
        if not self.request.sudo().requires_research:
            return
        self.step_research()
        recommendation, note = self.data["study"]
        request = self._as("researcher")
        if family := self.data.get("family"):
            self._study_family(family, recommendation, note)
        else:
            request.write({"recommendation": recommendation, "research_note": note})
        request.action_research_done()

    def _study_family(self, family, recommendation, note):
        """Visit the home: the household as it is found, and the study of it."""
        file = self.request.sudo().beneficiary_id
        researcher = self._as("researcher", self.env["npo.household"])
        head = {"relation": "head", "partner_id": file.partner_id.id}
        household = researcher.create(
            {
                "site_id": file.site_id.id,
                "member_ids": [
                    Command.create(member)
                    for member in [{**head, **family["head"]}, *family["members"]]
                ],
            }
        )
        study = self._as("researcher", self.env["npo.assessment"]).create(
            {
                "request_id": self.request.id,
                "is_consent_confirmed": True,
                "recommendation": {"accept": "full", "reject": "not_eligible"}.get(
                    recommendation, recommendation
                ),
                "recommendation_note": note,
                **family["study"],
                "line_ids": [
                    Command.create(self._study_line(household, *line))
                    for line in family["lines"]
                ],
            }
        )
        study.action_done()
        if family.get("is_reviewed"):
            self._as("manager", study).action_approve()

    def _study_line(self, household, kind, code, vals):
        """Return the values of a line; a head's income is the head's."""
        item = self.env.ref(f"npo_relations.assessment_item_{kind}_{code}")
        whose = {"member_id": household.head_id.id} if vals.pop("is_head", 0) else {}
        return {"kind": kind, "item_id": item.id, **whose, **vals}

    def step_decide(self):
        """The committee decides in a session, else on paper.

        What is on the agenda of a session to come is decided on paper before it.
        """
        if self.request.sudo().committee_item_ids:
            self._decide_on_paper()
        else:
            self._hold_session()

    def _hold_session(self):
        """Convene, vote, close and sign: a session with its minutes."""
        now = fields.Datetime.now()
        session = self._as("secretary", self.env["npo.committee.session"]).create(
            {
                "committee_id": self.request.sudo().committee_id.id,
                "start": now - timedelta(hours=2),
                "stop": now,
                "place": self.data.get("place", "قاعة الاجتماعات"),
            }
        )
        session._draw(self.request.sudo())
        session.action_convene()
        session.action_all_present()
        self._as("chair", session).action_open()
        item = session.item_ids
        item.write(self._motion())
        for role in ("chair", "member1", "member2"):
            self._as(role, item).action_vote_for()
        item.action_decide()
        self._as("chair", session).action_close_session()
        for role in ("chair", "member1", "member2", "secretary"):
            self._as(role, session)._sign(self._signature())

    def _motion(self):
        decision = self.data["decision"]
        request = self.request.sudo()
        reason = decision.get("reason")
        return {
            "motion": decision["decision"],
            "reason_id": reason and self._reason("rejection", reason),
            "note": decision["note"],
            "conditions": decision.get("conditions"),
            "amount": decision.get("amount", request.amount_requested),
            "quantity": decision.get("quantity", request.quantity),
        }

    def _signature(self):
        return base64.b64encode((HERE / "signature.png").read_bytes())

    def _decide_on_paper(self):
        decision = self.data["decision"]
        request = self.request.sudo()
        members = [
            self.env.ref(f"npo_relations.demo_user_{role}_{self.code}").id
            for role in ("chair", "member1", "member2")
        ]
        reason = decision.get("reason")
        gives = decision["decision"] in ("accepted", "partial")
        self._wizard(
            "chair",
            "npo.request.decide",
            request_id=request.id,
            decision=decision["decision"],
            reason_id=reason and self._reason("rejection", reason),
            note=decision["note"],
            conditions=decision.get("conditions"),
            amount=gives and decision.get("amount", request.amount_requested),
            quantity=gives and decision.get("quantity", request.quantity),
            member_ids=members,
        )

    def step_early(self, reason):
        """The chair approves that the reply goes out before its time."""
        self._wizard(
            "chair",
            "npo.request.reason",
            request_ids=self.request.ids,
            step="early_reply",
            reason_id=self._reason("early_reply", reason),
        )

    def step_announce(self):
        self._as("chair").action_announce()

    def step_plan(self, count, unit):
        """Plan what is left in instalments."""
        self._wizard(
            "delivery",
            "npo.delivery.plan",
            request_id=self.request.id,
            count=count,
            unit=unit,
            date_from=self.today,
        )

    def step_deliver(self, vals=None):
        """Deliver what is told, or all that is left."""
        amount, quantity = self.request.sudo()._remaining()
        self._wizard(
            "delivery",
            "npo.request.deliver",
            **{
                "request_id": self.request.id,
                "amount": amount,
                "quantity": quantity,
                **(vals or {}),
            },
        )
        waiting = self.request.sudo().delivery_ids.filtered(
            lambda delivery: delivery.state == "waiting_payment"
        )
        if orders := waiting._live_payouts():
            orders.payee_id.bank_ids.allow_out_payment = True
            for payout in orders:
                self.env["npo.demo"]._settle_payout(self.code, payout, "paid")
        elif waiting:
            waiting._payment_confirmed(f"TRF-{waiting[0].id}")

    # ------------------------------------------------------------
    # OTHER WAYS
    # ------------------------------------------------------------

    def step_known(self):
        """The person is a beneficiary since long."""
        self.request.sudo().beneficiary_id._register_file()

    def step_urgent(self, reason, note):
        self._go_back("urgent", reason, note)

    def step_object(self, ground, statement):
        """The person objects at the desk."""
        self._wizard(
            self.officer,
            "npo.appeal.record",
            request_id=self.request.id,
            ground=ground,
            statement=statement,
        )

    def step_review(self, role):
        """Somebody who had no part in the decision takes the objection on."""
        self._as(role, self.request.sudo().appeal_ids).action_review()

    # ------------------------------------------------------------
    # TIME
    # ------------------------------------------------------------

    def _let_days_pass(self, days):
        """Move all that happened so far into the past, and compute what follows."""
        self.env.flush_all()
        for records in self._dated_records():
            self._move_dates(records, days)
            records.invalidate_recordset(flush=False)
        request = self.request.sudo()
        for name in OPEN_DATES:
            self.env.add_to_compute(request._fields[name], request)

    def _dated_records(self):
        request = self.request.sudo().with_context(active_test=False)
        own = [("res_model", "=", request._name), ("res_id", "=", request.id)]
        items = request.committee_item_ids
        sessions = items.session_id.filtered("date_closed")
        return [
            request,
            items.vote_ids,
            sessions,
            sessions.attendance_ids,
            sessions.event_id,
            sessions.message_ids,
            request.beneficiary_id,
            request.document_ids,
            request.verification_ids,
            request.referral_ids,
            request.declaration_ids,
            *self._family_records(),
            request.delivery_ids,
            request.appeal_ids,
            request.attestation_ids,
            request.stage_log_ids | request.appeal_ids.stage_log_ids,
            request.message_log_ids | request.appeal_ids.message_log_ids,
            request.activity_ids,
            request.message_ids | request.beneficiary_id.message_ids,
            request.env["npo.duty"].search(own),
        ]

    def _family_records(self):
        """Return the household and the studies, with what was said of them."""
        file = self.request.sudo().beneficiary_id
        studies = self.env["npo.assessment"].sudo()
        studies = studies.search([("beneficiary_id", "=", file.id)])
        members = file.partner_id.npo_household_line_ids.household_id.member_ids
        household = members.household_id
        duties = self.env["npo.duty"].sudo()
        return (
            studies,
            members,
            household,
            studies.message_ids | household.message_ids,
            duties.search(
                [("res_model", "=", studies._name), ("res_id", "in", studies.ids)]
            ),
        )

    def _move_dates(self, records, days):
        """Write the dates past the ORM, which would stamp them with today."""
        moves = [
            SQL("%s = %s - %s", SQL.identifier(name), SQL.identifier(name), span)
            for name, field in records._fields.items()
            if (span := self._span(field, days)) and name not in TIMELESS
        ]
        if records and moves:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE id IN %s",
                    SQL.identifier(records._table),
                    SQL(", ").join(moves),
                    records._ids,
                )
            )

    def _span(self, field, days):
        """Return what to take from a column of dates, None for other fields."""
        if not (field.store and field.column_type):
            return None
        spans = {"date": SQL("%s", days), "datetime": SQL("%s", timedelta(days=days))}
        return spans.get(field.type)
