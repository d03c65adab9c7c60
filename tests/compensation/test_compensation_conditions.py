from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..portal.common import PDF
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationConditions(CompensationCommon):
    """R131–R143: who may claim, and the four conditions without which nothing is."""

    # ------------------------------------------------------------
    # SWITCH, ADMISSIBILITY
    # ------------------------------------------------------------

    def test_r131_switch(self):
        """R131: a policy without compensation has no case, and no menu."""
        menus = self.env["ir.ui.menu"].with_user(self.claims)
        menu = self.env.ref("npo_relations.npo_menu_compensation")
        self.assertIn(menu.id, menus.load_menus(False))
        version = self.company.npo_policy_version_id
        self.env.cr.execute(
            "UPDATE npo_policy_version SET use_compensation = FALSE WHERE id = %s",
            [version.id],
        )
        version.invalidate_recordset()
        self.registry.clear_cache()
        self.assertNotIn(menu.id, menus.load_menus(False))
        with self.assertRaisesRegex(UserError, "no compensation"):
            self._new_case()
        with self.assertRaisesRegex(UserError, "no compensation"):
            self.env["npo.compensation"].with_user(self.claims).create(self._vals())

    def test_r132_received(self):
        """R132: numbered, told, with a day to answer; under the policy in force."""
        case = self._new_case()
        self.assertTrue(case.name.startswith("CPN/"))
        self.assertEqual(case.stage_code, "received")
        self.assertTrue(case.date_due)
        self.assertEqual(case.policy_version_id, self.company.npo_policy_version_id)
        self.assertEqual(len(self._told(case, "cpn_ack")), 1)

    def test_r133_outside_scope(self):
        """R133: without a contractual relation it is outside the scope, by a letter."""
        case = self._new_case(agreement_id=False)
        case.action_examine()
        self.assertEqual(case.relation, "none")
        with self.assertRaisesRegex(UserError, "outside the scope"):
            case.action_admit()
        with self.assertRaises(UserError):
            case._refuse_scope(" ")
        case._refuse_scope("There was no agreement between us.")
        self.assertRecordValues(
            case.sudo(), [{"stage_code": "rejected", "outcome": "outside"}]
        )
        self.assertEqual(case._letter_kind(), "outside")
        self.assertEqual(len(self._told(case, "cpn_outside")), 1)

    def test_r133_agreement_on_the_day(self):
        """R133: the agreement was in force on the day of the harm, with this person."""
        case = self._new_case()
        self.assertEqual(case.relation, "agreement")
        case.action_examine()
        with self.assertRaisesRegex(UserError, "contractual relation"):
            case._refuse_scope("No.")
        self.agreement.sudo().date_to = case.date_harm - timedelta(days=1)
        case.invalidate_recordset()
        self.assertEqual(case.relation, "none")
        self.agreement.sudo().date_to = False
        other = self.env["res.partner"].create({"name": "Other"})
        foreign = self._new_agreement(partner_id=other.id)
        case.agreement_id = foreign
        self.assertEqual(case.relation, "none")
        draft = self._new_agreement()
        draft.state = "draft"
        case.agreement_id = draft
        self.assertEqual(case.relation, "none")

    def test_r133_service(self):
        """R133: a service that was granted binds by its terms as well."""
        file = self._new_beneficiary(name="Service User")
        service = self.env["npo.service"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        request = self._new_request(file, service_id=service.id).sudo()
        case = self._new_case(
            agreement_id=False, partner_id=file.partner_id.id, request_id=request.id
        )
        self.assertEqual(case.relation, "none")
        request.write({"decision": "accepted", "date_announced": fields.Datetime.now()})
        case.invalidate_recordset()
        self.assertEqual(case.relation, "service")

    def test_r133_claim_stays(self):
        """R133: what was admitted is not exchanged behind the findings."""
        case = self._studied()
        for vals in (
            {"agreement_id": False},
            {"partner_id": self.manager.partner_id.id},
            {"date_harm": "2020-02-02"},
            {"description": "Something else."},
        ):
            with self.subTest(str(vals)), self.assertRaisesRegex(UserError, "admitted"):
                case.write(vals)

    # ------------------------------------------------------------
    # CONDITIONS
    # ------------------------------------------------------------

    def test_r136_one_line_each(self):
        """R136: the study begins with four open findings."""
        case = self._studied()
        findings = case.finding_ids
        self.assertEqual(
            findings.mapped("condition"), ["ground", "cause", "proof", "negotiation"]
        )
        self.assertEqual(set(findings.mapped("state")), {"open"})
        self.assertFalse(case.all_conditions_met)

    def test_r136_no_skipping(self):
        """R132, R136: no stage is skipped: by a step, a write or RPC, or in sudo."""
        case = self._studied()
        stages = self.env["npo.stage"]
        for step in (
            case.action_negotiate,
            case.action_ask_approval,
            case.action_close,
            case.action_judgment,
        ):
            with self.subTest(step.__name__), self.assertRaises(UserError):
                step()
        for code in ("decision", "approval", "payment", "paid"):
            stage = stages._get("compensation", code)
            with self.subTest(code):
                with self.assertRaises(UserError):
                    case.write({"stage_id": stage.id})
                with self.assertRaisesRegex(ValidationError, "four conditions"):
                    case.sudo().write({"stage_id": stage.id})
                    self.env.flush_all()
        for name, value in (
            ("all_conditions_met", True),
            ("amount_approved", 5),
            ("date_approved", "2026-01-01"),
            ("legal_opinion", "fit"),
            ("settlement_date", "2026-01-01"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                case.write({name: value})
        finding = case.finding_ids[0]
        for call in (
            lambda: finding.write({"state": "met"}),
            lambda: case.write(
                {"finding_ids": [Command.update(finding.id, {"state": "met"})]}
            ),
            finding.unlink,
        ):
            with self.assertRaises(AccessError):
                call()

    def _refused_finding(self, case, message, condition, state="met", **vals):
        with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
            case._find(condition, state, "Because.", **vals)
            self.env.flush_all()

    def test_r137_duty(self):
        """R137: the ground of contract names a duty of this agreement."""
        case = self._studied()
        self._refused_finding(case, "Name the duty", "ground", breach_ground="contract")
        other = self._new_agreement()
        foreign = self.env["npo.agreement.line"].search(
            [("agreement_id", "=", other.id)]
        )
        self._refused_finding(
            case,
            "Name the duty",
            "ground",
            breach_ground="contract",
            duty_line_id=foreign[:1].id,
        )
        case._find(
            "ground",
            "met",
            "Broken.",
            breach_ground="contract",
            duty_line_id=self.duty.id,
        )
        finding = case._finding("ground")
        self.assertRecordValues(
            finding,
            [{"state": "met", "found_by_id": self.claims.id, "date_found": self.today}],
        )

    @property
    def today(self):
        return self.company._npo_today()

    def test_r138_due_care(self):
        """R138: the ground of due care needs evidence."""
        case = self._studied()
        self._refused_finding(case, "Attach", "ground", breach_ground="due_care")
        case._attach([("photo.pdf", PDF)], condition="ground")
        case._find("ground", "met", "Seen.", breach_ground="due_care")
        self.assertEqual(case._finding("ground").state, "met")

    def test_r139_standard(self):
        """R139: the ground of a standard names it and the body that adopted it."""
        case = self._studied()
        ground = {"breach_ground": "professional_standard"}
        self._refused_finding(case, "Name the standard", "ground", **ground)
        self._refused_finding(
            case, "Name the standard", "ground", standard="SASO 1", **ground
        )
        case._find(
            "ground", "met", "x", standard="SASO 1", standard_body="SASO", **ground
        )
        self.assertEqual(case._finding("ground").state, "met")

    def test_r140_partly(self):
        """R140: a cause in part keeps its share."""
        case = self._studied()
        part = {"direct_cause": "partly", "state": "partly"}
        for percent in (0, 100, 130):
            self._refused_finding(
                case, "part of the harm", "cause", cause_percent=percent, **part
            )
        case._find("cause", note="Half.", cause_percent=50, **part)
        self.assertEqual(case._finding("cause").cause_percent, 50)
        self._refused_finding(
            case,
            "Only the cause",
            "ground",
            state="partly",
            breach_ground="contract",
            duty_line_id=self.duty.id,
        )

    def test_r140_not_the_cause(self):
        """R140: who is not the cause does not compensate, and says who is."""
        case = self._studied()
        with self.assertRaises(UserError):
            case._find("cause", "not_met", "", direct_cause="no")
        case._find(
            "cause",
            "not_met",
            "The carrier dropped them.",
            direct_cause="no",
            third_party="The carrier",
        )
        self.assertRecordValues(
            case.sudo(),
            [
                {
                    "stage_code": "rejected",
                    "outcome": "not_cause",
                    "answer": "The carrier dropped them.",
                    "referred_to": "The carrier",
                }
            ],
        )
        self.assertEqual(len(self._told(case, "cpn_rejected")), 1)

    def test_r141_admission(self):
        """R141: an admission is signed by who may, and is there."""
        case = self._studied()
        proof = {"proof_kind": "admission"}
        self._refused_finding(case, "who may sign", "proof", **proof)
        for user in (self.claims, self.users["payer"]):
            self._refused_finding(
                case, "who may sign", "proof", signer_id=user.partner_id.id, **proof
            )
        signer = {"signer_id": self.manager.partner_id.id}
        self._refused_finding(case, "signed admission", "proof", **proof, **signer)
        case._attach([("admission.pdf", PDF)], condition="proof", source="admission")
        self.company.npo_admission_user_ids = self.grantor
        self._refused_finding(case, "who may sign", "proof", **proof, **signer)
        self.company.npo_admission_user_ids = False
        case._find("proof", "met", "Admitted.", **proof, **signer)
        self.assertEqual(case._finding("proof").state, "met")

    def test_r141_judgment(self):
        """R141: only a judgment that is final proves the breach."""
        dispute = self.env["npo.dispute"].create(
            {
                "title": "Vases",
                "partner_id": self.person.id,
                "company_id": self.company.id,
            }
        )
        case = self._studied(dispute_id=dispute.id)
        proof = {"proof_kind": "final_judgment"}
        self._refused_finding(case, "no final judgment", "proof", **proof)
        self._judge(dispute, is_final=False)
        self._refused_finding(case, "no final judgment", "proof", **proof)
        self._judge(dispute, is_final=True)
        case._find("proof", "met", "Judged.", **proof)
        self.assertEqual(case._finding("proof").state, "met")

    @classmethod
    def _judge(cls, dispute, is_final, amount=3000):
        dispute.sudo().write(
            {
                "judgment_number": "451",
                "judgment_court": "Commercial Court",
                "judgment_date": cls.company._npo_today(),
                "judgment_amount": amount,
                "judgment_is_final": is_final,
            }
        )

    def test_r142_by_judgment(self):
        """R142: the amount of a final judgment stands in for an accepted offer."""
        dispute = self.env["npo.dispute"].create(
            {
                "title": "Vases",
                "partner_id": self.person.id,
                "company_id": self.company.id,
            }
        )
        case = self._negotiated(dispute_id=dispute.id)
        with self.assertRaisesRegex(UserError, "no final judgment"):
            case.action_judgment()
        self._judge(dispute, is_final=True, amount=2000)
        with self.assertRaisesRegex(UserError, "add up"):
            case.action_judgment()
        self._judge(dispute, is_final=True, amount=3000)
        case.action_judgment()
        self.assertEqual(case.stage_code, "decision")
        self.assertEqual(case.amount_agreed, 3000)
        self.assertEqual(case.round_ids.result, "void")
        self.assertTrue(case.all_conditions_met)

    def test_r136_not_met(self):
        """R136: one condition that is not met ends the case, with the reason."""
        case = self._studied()
        case._find("proof", "not_met", "Nobody admits it.")
        self.assertRecordValues(
            case.sudo(), [{"stage_code": "rejected", "outcome": "condition"}]
        )

    def test_r142_fourth_by_itself(self):
        """R142: the fourth condition is not found by hand."""
        case = self._studied()
        with self.assertRaisesRegex(UserError, "by the negotiation"):
            case._find("negotiation", "met", "x")

    # ------------------------------------------------------------
    # LIMITING THE DAMAGE
    # ------------------------------------------------------------

    def test_r135_limited(self):
        """R135: an action with its day and effect; none in time is told, once."""
        case = self._new_case()
        cases = self.env["npo.compensation"]
        self.assertFalse(case.is_unmitigated)
        case.sudo().date_received -= timedelta(days=20)
        self.assertTrue(case.is_unmitigated)
        self.assertIn(case.sudo(), cases.search([("is_unmitigated", "=", True)]))
        self.assertNotIn(case.sudo(), cases.search([("is_unmitigated", "=", False)]))
        cron = self.env.ref("npo_relations.ir_cron_npo_compensation_mitigation")
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.assertEqual(len(case.sudo().activity_ids), 1)
        action = (
            self.env["npo.compensation.mitigation"]
            .with_user(self.claims)
            .create({"compensation_id": case.id, "kind": "stop_harm"})
        )
        self.assertTrue(case.is_unmitigated)
        with self.assertRaisesRegex(UserError, "what came of it"):
            action.date_done = self.today
        action.write({"date_done": self.today, "effect": "The shelf was taken down."})
        self.assertFalse(case.is_unmitigated)
        self.assertEqual(case.date_mitigated, self.today)

    def test_r135_days(self):
        """R135: the days are the association's."""
        self.company.npo_mitigation_days = 10
        case = self._new_case()
        later = case.date_mitigation_due
        self.company.npo_mitigation_days = 1
        self.assertLess(self._new_case().date_mitigation_due, later)
