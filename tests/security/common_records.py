from odoo.fields import Command

from .common import SecurityCommon


class EveryRecordCommon(SecurityCommon):
    """An association with a record of every kind, to try each door of each model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        file = cls._new_portal_file(index=0)
        cls.request = cls._new_request(file).sudo()
        cls.request._refer(cls.users["researcher"], question="What?")
        cls.request = cls.request.with_user(cls.officer)
        referral = cls.request.referral_ids.with_user(cls.users["researcher"])
        referral.write({"answer": "So.", "is_understood": True})
        cls.request = cls.request.sudo()
        rule = cls.env["npo.outreach.rule"].create(
            {
                "name": "x",
                "company_id": cls.company.id,
                "service_id": cls.service.id,
            }
        )
        cls.env["npo.outreach"].sudo().create(
            {
                "rule_id": rule.id,
                "service_id": cls.service.id,
                "company_id": cls.company.id,
                "beneficiary_id": cls.request.beneficiary_id.id,
                "period": "2026",
            }
        )
        cls.request._ask_approval("aid", 12000, "A large amount")
        cls.env["npo.delivery"].create(
            {"request_id": cls.request.id, "state": "planned", "amount_planned": 5}
        )
        cls.env["npo.outside.referral"].create(
            {
                "company_id": cls.company.id,
                "beneficiary_id": file.id,
                "body_id": cls.env["res.partner"].create({"name": "Body"}).id,
                "need": "A loan",
            }
        )
        cls.env["npo.assessment"].create(
            {
                "beneficiary_id": file.id,
                "company_id": cls.company.id,
                "researcher_id": cls.users["researcher"].id,
            }
        )
        cls._new_policy_records(cls.company.npo_policy_version_id)
        session = cls.env["npo.committee.session"].create(
            {"committee_id": cls.committee.id, "state": "convened"}
        )
        session._draw(cls.request)
        session._sync_seats()
        cls.env["npo.representative"].create(
            {
                "company_id": cls.company.id,
                "partner_id": file.partner_id.id,
                "representative_id": cls.users["stranger"].partner_id.id,
            }
        )
        cls.env["npo.household"].create(
            {
                "company_id": cls.company.id,
                "site_id": cls.branch.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": file.partner_id.id}
                    )
                ],
            }
        )

        cls.env["npo.data.request"].create(
            {"partner_id": file.partner_id.id, "company_id": cls.company.id}
        )
        correct = {"partner_id": file.partner_id.id, "kind": "correct"}
        cls.env["npo.data.correction"].create(
            {
                "case_id": cls.env["npo.data.request"]
                .create({**correct, "company_id": cls.company.id})
                .id,
                "field_name": "city",
                "new_value": "x",
            }
        )
        cls.env["npo.access.alert"].create(
            {
                "company_id": cls.company.id,
                "reader_id": cls.env.ref("base.user_root").id,
                "kind": "bulk",
                "day": "2026-01-01",
                "explanation": "x",
            }
        )
        cls._new_destruction(file.partner_id)
        cls.env["npo.data.breach"].create(
            {
                "company_id": cls.company.id,
                "title": "x",
                "what_happened": "x",
                "person_ids": [Command.create({"partner_id": file.partner_id.id})],
            }
        )
        cls.env["npo.undertaking"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.env.ref("base.user_root").partner_id.id,
            }
        )
        cls._new_obligation()
        cls._new_voices(file.partner_id)
        cls._new_payment()
        cls._new_compensation(file.partner_id)
        cls._new_agreement()
        cls._new_contacts()
        cls._new_rounds()
        cls._new_report()
        cls._new_appointment(file.partner_id)
        cls._new_centre(file.partner_id)
        cls.env["npo.duty.exception"].create(
            {
                "company_id": cls.company.id,
                "user_id": cls.officer.id,
                "duty": "register",
                "other_duty": "decide",
                "scope": "kind",
                "kind": "npo.request",
                "reason": "x",
                "section": "1",
            }
        )
        other = cls._new_beneficiary(index=1)
        cls.env["npo.duplicate"].create(
            {
                "first_id": cls.request.beneficiary_id.id,
                "second_id": other.id,
                "company_id": cls.company.id,
                "reasons": "mobile",
            }
        )

    @classmethod
    def _new_obligation(cls):
        """Note an overdue obligation as met once; change the years of a class."""
        obligation = cls.env["npo.compliance.obligation"].create(
            {
                "company_id": cls.company.id,
                "title": "x",
                "source": "x",
                "cadence": "month",
                "date_due": "2020-01-31",
            }
        )
        cls.env["npo.compliance.fulfilment"].create(
            {"obligation_id": obligation.id, "date_met": "2020-01-31", "note": "x"}
        )
        cls.env["npo.retention.change"].create(
            {
                "company_id": cls.company.id,
                "class_id": cls.env.ref("npo_relations.retention_class_contact").id,
                "years": 6,
                "reason": "x",
            }
        )

    @classmethod
    def _new_voices(cls, person):
        """Record what somebody said, with nobody of the roles as its owner."""
        vals = {
            "title": "x",
            "channel_id": cls.env.ref("npo_relations.channel_website").id,
            "company_id": cls.company.id,
            "partner_id": person.id,
        }
        voices = ("npo.inquiry", "npo.complaint", "npo.suggestion", "npo.info.request")
        for name in voices:
            cls.env[name].create(vals)
        for name in ("npo.info.item", "npo.guide"):
            cls.env[name].create({"name": "x", "company_id": cls.company.id})
        cls.env["npo.answer"].create(
            {"name": "x", "body": "x", "company_id": cls.company.id}
        )
        inquiry = cls.env["npo.inquiry"].search([("partner_id", "=", person.id)])
        cls.env["npo.inquiry.consultation"].create(
            {
                "inquiry_id": inquiry.id,
                "user_id": cls.env.ref("base.user_root").id,
                "question": "x",
                "date_due": cls.company._npo_today(),
            }
        )

    @classmethod
    def _new_payment(cls):
        """Order the payment of an aid, with its bill, and a batch."""
        charts = cls.env["account.chart.template"].with_company(cls.company)
        charts.try_loading("generic_coa", company=cls.company, install_demo=False)
        cls.company._npo_set_up_paying()
        cls.request.sudo().fund_id = cls.env["npo.fund"].create(
            {"name": "General", "company_id": cls.company.id}
        )
        cls.env["npo.delivery"].create(
            {"request_id": cls.request.id, "state": "waiting_payment", "amount": 1}
        )._pay_out()
        cls.env["npo.payout.run"].create({"company_id": cls.company.id})

    @classmethod
    def _new_compensation(cls, person):
        """Record a claim, under a policy that has compensations."""
        version = cls.company.npo_policy_version_id
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE npo_policy_version SET use_compensation = TRUE WHERE id = %s",
            [version.id],
        )
        version.invalidate_recordset()
        case = cls.env["npo.compensation"].create(
            {"title": "x", "partner_id": person.id, "company_id": cls.company.id}
        )
        case._begin_findings()

    @classmethod
    def _new_agreement(cls):
        """Draw up an agreement with somebody else, and differ about it."""
        party = cls.env["res.partner"].create({"name": "Supplier"})
        about = {"company_id": cls.company.id, "partner_id": party.id, "title": "x"}
        agreement = cls.env["npo.agreement"].create(about)
        item = cls.env["npo.agreement.check.item"].search([], limit=1)
        cls.env["npo.agreement.check"].create(
            {"agreement_id": agreement.id, "item_id": item.id}
        )
        cls.env["npo.agreement.line"].create(
            {"agreement_id": agreement.id, "text": "x"}
        )
        cls.env["npo.dispute"].create(about)

    @classmethod
    def _new_rounds(cls):
        """Plan a round with one item, and record an emergency with its report."""
        cls.env["npo.kpi.value"]._keep_months(cls.company)
        about = {"company_id": cls.company.id, "site_id": cls.site.id}
        one = cls.env["npo.inspection"].create(about)
        cls.env["npo.inspection.line"].create(
            {"inspection_id": one.id, "section": "general_order", "name": "x"}
        )
        urgent = {"is_emergency": True, "emergency_kind": "other", "problem": "x"}
        cls.env["npo.corrective.action"].create({**about, **urgent})
        cls.env["npo.checklist"].create(
            {"name": "x", "kind": "readiness", "company_id": cls.company.id}
        )

    @classmethod
    def _new_destruction(cls, partner):
        """Hold a person, ask for what is due and begin to look for what is left."""
        company = {"company_id": cls.company.id}
        cls.env["npo.legal.hold"].create(
            {**company, "partner_id": partner.id, "reason": "x"}
        )
        cls.env["npo.retention.due"]._count(cls.company)
        cls.env["npo.destruction.session"].create(company)
        cls.env["npo.trace.search"].create({"words": "xxxx"})

    @classmethod
    def _new_report(cls):
        """Begin a report of the service centre, with a measure in it."""
        kind = cls.env.ref("npo_relations.report_type_complaints_stats")
        run = cls.env["npo.report.run"].create(
            {"type_id": kind.id, "company_id": cls.company.id}
        )
        cls.env["npo.report.line"].create(
            {"run_id": run.id, "kpi_id": kind.section_ids.kpi_ids[0].id}
        )

    @classmethod
    def _new_contacts(cls):
        about = {"company_id": cls.company.id, "channel_id": cls.channel.id}
        cls.env["npo.interaction"].create({**about, "subject": "x"})
        purpose = cls.env.ref("npo_relations.visit_purpose_other")
        cls.env["npo.visit"].create({"purpose_id": purpose.id})
        for name in ("npo.improvement", "npo.consultation"):
            cls.env[name].create({"company_id": cls.company.id, "title": "x"})

    @classmethod
    def _new_appointment(cls, person):
        """Record that a person asks to meet somebody at the branch."""
        official = cls.env["npo.official"].create(
            {
                "title": "x",
                "user_id": cls.users["chief"].id,
                "site_id": cls.branch.id,
                "company_id": cls.company.id,
            }
        )
        cls.env["npo.appointment"]._ask(
            official, {"partner_id": person.id, "subject": "x"}
        )

    @classmethod
    def _new_centre(cls, person):
        """Record what the centre keeps, with nobody of the roles in it."""
        about = {"company_id": cls.company.id}
        employee = cls.env["hr.employee"].create({**about, "name": "Employee"})
        days = {"date_from": "2026-01-01", "date_to": "2026-01-02"}
        topic = cls.env.ref("npo_relations.training_topic_reception")
        cls.env["npo.training"].create(
            {**about, **days, "title": "x", "topic_id": topic.id, "hours": 1}
        )
        cls.env["npo.service.representative"].create(
            {
                **about,
                "employee_id": employee.id,
                "site_id": cls.branch.id,
                "gender": "male",
            }
        )
        cls.env["npo.opinion.plan"].create({**about, "planned": 5})
        cls.env["npo.opinion.recovery"].create({**about, "event": "after_visit"})
        cls.env["npo.campaign"].create(
            {**about, **days, "title": "x", "objective": "x"}
        )
        cls.env["npo.story"].create(
            {**about, "name": "x", "body": "x", "partner_id": person.id}
        )
        sample = cls.env["npo.sample"].create(about)
        cls.env["npo.sample.check"].create(
            {"sample_id": sample.id, "request_id": cls.request.id}
        )
        unit = cls.env["hr.department"].create({**about, "name": "Archive"})
        cls.env["npo.internal.request"].create(
            {**about, "title": "x", "department_id": unit.id}
        )

    @classmethod
    def _new_policy_records(cls, version):
        clause = version.clause_ids[:1]
        today = cls.company._npo_today()
        cls.env["npo.policy.acknowledgement"].create(
            {
                "version_id": version.id,
                "user_id": cls.env.ref("base.user_root").id,
                "date_asked": today,
                "date_due": today,
            }
        )
        cls.env["npo.import"].create({"company_id": cls.company.id})
        cls._new_objection_and_finding(today)
        cls._new_complaint()
        cls.env["npo.policy.erratum"].create(
            {
                "clause_id": clause.id,
                "printed": clause.text,
                "proposed": "x",
                "reason": "x",
            }
        )

    @classmethod
    def _new_complaint(cls):
        about = {"partner_id": cls.request.partner_id.id, "company_id": cls.company.id}
        channel = cls.env.ref("npo_relations.channel_in_person")
        complaint = cls.env["npo.complaint"].create(
            {**about, "title": "x", "channel_id": channel.id}
        )
        unit = cls.env["hr.department"].create(
            {"name": "Unit", "company_id": cls.company.id}
        )
        cls.env["npo.complaint.assignment"].create(
            {
                "complaint_id": complaint.id,
                "department_id": unit.id,
                "user_id": cls.users["chief"].id,
                "question": "x",
                "date_asked": "2026-01-01",
                "date_due": "2026-01-01",
            }
        )

    @classmethod
    def _new_objection_and_finding(cls, today):
        about = {"partner_id": cls.request.partner_id.id, "company_id": cls.company.id}
        cls.env["npo.appeal"].create(
            {
                **about,
                "res_model": "npo.request",
                "res_id": cls.request.id,
                "subject": "committee_decision",
                "lodged_by_id": cls.request.partner_id.id,
                "ground": "error",
                "statement": "x",
                "date_decision": today,
                "date_received": today,
                "date_last": today,
            }
        )
        cls.env["npo.attestation"].create(
            {
                "name": "ATT/1",
                "request_id": cls.request.id,
                "date": today,
                "date_expiry": today,
                "token": "x",
            }
        )
        cls.env["npo.portal.access"].create(
            {
                "name": "12345678",
                "company_id": cls.company.id,
                "partner_id": cls.request.partner_id.id,
                "user_id": cls.users["portal"].id,
                "given_by_id": cls.officer.id,
                "date_given": today,
            }
        )
        cls.env["npo.false.declaration"].create(
            {
                **about,
                "request_id": cls.request.id,
                "finding": "x",
                "found_by_id": cls.officer.id,
                "date_opened": today,
                "date_answer_due": today,
            }
        )

    def _record(self, name):
        """Return a record of a model, of the request where there is one."""
        request = self.request
        records = {
            "npo.request": request,
            "npo.beneficiary": request.beneficiary_id,
            "res.partner": request.partner_id,
            "npo.document": request.document_ids[:1],
            "npo.referral": request.referral_ids[:1],
            "npo.message": request.message_log_ids[:1],
        }
        if name in records:
            return records[name]
        model = self.env[name].sudo()
        if model._transient:
            self.env.cr.execute(
                f'INSERT INTO "{model._table}" (create_uid) VALUES (1) RETURNING id'
                if not self._required(model)
                else self._insert(model)
            )
            return model.browse(self.env.cr.fetchone()[0])
        if model._abstract:
            return model
        if "company_id" not in model._fields:
            return model.search([], limit=1)
        return self._one(name)

    def _one(self, name):
        model = self.env[name].sudo()
        return model.search([("company_id", "=", self.company.id)], limit=1)

    def _required(self, model):
        return [
            name
            for name, field in model._fields.items()
            if field.store and field.required and field.column_type
        ]

    def _insert(self, model):
        values = {
            "request_id": self.request.id,
            "sheet_id": self._one("npo.visit.sheet").id,
            "visit_id": self._one("npo.visit").id,
            "beneficiary_id": self.request.beneficiary_id.id,
            "field_name": "identity_number",
            "partner_id": self.request.partner_id.id,
            "session_id": self._one("npo.committee.session").id,
            "item_id": self._one("npo.committee.item").id,
            "kind": "interest",
            "kept_id": self.request.beneficiary_id.id,
            "other_id": self.request.beneficiary_id.id,
            "company_id": self.company.id,
            "researcher_id": self.users["researcher"].id,
            "appeal_id": self.env["npo.appeal"]
            .search([("company_id", "=", self.company.id)], limit=1)
            .id,
            "lodged_by_id": self.request.partner_id.id,
            "complaint_id": self._one("npo.complaint").id,
            "compensation_id": self._one("npo.compensation").id,
            "dispute_id": self._one("npo.dispute").id,
            "payout_id": self._one("npo.payout").id,
            "assignment_id": self._one("npo.complaint.assignment").id,
            "date_received": "2026-01-01",
            "version_id": self.company.npo_policy_version_id.id,
            "old_version_id": self.company.npo_policy_version_id.id,
            "new_version_id": self.company.npo_policy_version_id.id,
            "policy_id": self.company.npo_policy_version_id.policy_id.id,
            "reason_id": self.env.ref("npo_relations.reason_hold_waiting_call").id,
            "date": "2026-01-01",
            "is_seen": True,
            "aware_at": "2026-01-01",
            "case_id": self._one(model._fields["case_id"].comodel_name).id
            if "case_id" in model._fields
            else False,
            "exception_id": self._one("npo.duty.exception").id,
            "res_model": "npo.inquiry",
            "res_id": self._one("npo.inquiry").id,
            "approval_id": self.env["npo.approval"]
            .search([("company_id", "=", self.company.id)], limit=1)
            .id,
            "count": 1,
            "every": 1,
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "member_id": self.env["npo.household.member"]
            .search([("company_id", "=", self.company.id)], limit=1)
            .id,
        }
        names = self._required(model)
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join(["%s"] * len(names))
        return self.env.cr.mogrify(
            f'INSERT INTO "{model._table}" (create_uid, {columns})'
            f" VALUES (1, {marks}) RETURNING id",
            [values.get(name, "x") for name in names],
        )
