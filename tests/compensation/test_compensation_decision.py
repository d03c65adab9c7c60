from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import FILE, CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationDecision(CompensationCommon):
    """R142, R143, R158: negotiated, reviewed, signed, approved: by different people."""

    def setUp(self):
        super().setUp()
        self._without_accounting()

    # ------------------------------------------------------------
    # NEGOTIATION
    # ------------------------------------------------------------

    def test_r142_before(self):
        """R142: nothing is negotiated before three conditions are found."""
        case = self._studied()
        with self.assertRaisesRegex(UserError, "find on these conditions"):
            case.action_negotiate()

    def test_r142_offers_kept(self):
        """R142: each offer stays, with what was said to it; one waits at a time."""
        case = self._negotiated(amount=2000)
        with self.assertRaisesRegex(UserError, "waits for its answer"):
            case._offer("money", "Again.")
        case._answered_in_words("countered", "Too little.", 2500)
        head = case.head_ids
        head.amount_proposed = 2500
        case._offer("money", "What you asked for.", attendees="Both", minutes="Met.")
        self.assertRecordValues(
            case.round_ids,
            [
                {
                    "number": 1,
                    "amount": 2000,
                    "result": "countered",
                    "counter_amount": 2500,
                },
                {"number": 2, "amount": 2500, "result": "open", "counter_amount": 0},
            ],
        )
        self.assertEqual(len(self._told(case, "cpn_offer")), 2)
        for call in (
            lambda: case.round_ids[0].write({"amount": 1}),
            lambda: case.round_ids[0].unlink(),
            lambda: case.round_ids.create(
                {
                    "compensation_id": case.id,
                    "date": "2026-01-01",
                    "user_id": self.claims.id,
                    "remedy": "money",
                    "offer_text": "x",
                }
            ),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_r142_amounts_stand(self):
        """R142: the amounts of an offer change with a new offer alone."""
        case = self._negotiated()
        head = case.head_ids
        for call in (
            lambda: head.write({"amount_proposed": 9}),
            head.unlink,
            lambda: head.create({"compensation_id": case.id, "head": "moral"}),
        ):
            with self.assertRaisesRegex(UserError, "new offer"):
                call()
        with self.assertRaises(AccessError):
            head.write({"amount_agreed": 9})

    def test_r142_money_has_amount(self):
        """R142: an offer of money says how much."""
        case = self._studied()
        self._find_all(case)
        case.action_negotiate()
        with self.assertRaisesRegex(ValidationError, "has an amount"):
            case._offer("money", "Something.")
            self.env.flush_all()

    def test_r142_signed_on_paper(self):
        """R142: an acceptance on paper has the paper, signed by the person."""
        case = self._negotiated()
        with self.assertRaisesRegex(UserError, "Attach"):
            case._accept_on_paper("", False, False, self.person)
        with self.assertRaisesRegex(UserError, "harmed party"):
            case._accept_on_paper("", FILE, "x.pdf", self.manager.partner_id)
        with self.assertRaisesRegex(UserError, "not a document"):
            case._accept_on_paper("", b"TVo=", "x.pdf", self.person)
        case._accept_on_paper("", FILE, "x.pdf", self.person)
        self.assertEqual(case.stage_code, "decision")
        self.assertTrue(case.all_conditions_met)
        self.assertEqual(case.amount_agreed, 3000)
        self.assertIn("nothing more to claim", case.round_ids.release_text)

    # ------------------------------------------------------------
    # COMPLETE
    # ------------------------------------------------------------

    def test_r143_complete(self):
        """R143: proposal, money, legal review and both signatures, or no approval."""
        case = self._agreed()
        self.assertEqual(len(case.missing_text.splitlines()), 4)
        with self.assertRaisesRegex(UserError, "not complete"):
            case.action_ask_approval()
        with self.assertRaisesRegex(UserError, "Nothing is proposed"):
            case.with_user(self.lawyer)._review_legally("fit", "x")
        case._propose("Fair.")
        self.assertIn("unrestricted money", case.missing_text)
        case._propose("Fair.", self.fund)
        case.with_user(self.lawyer)._review_legally("unfit", "Too much.")
        self.assertIn("legal adviser", case.missing_text)
        case._propose("Fairer.", self.fund)
        case.with_user(self.lawyer)._review_legally("fit", "Good.")
        self.assertIn("sign for the association", case.missing_text)
        with self.assertRaisesRegex(AccessError, "who may sign"):
            case.action_sign()
        case.with_user(self.manager).action_sign()
        self.assertFalse(case.missing_text)
        case.action_ask_approval()
        self.assertEqual(case.stage_code, "approval")

    def test_r143_signed_by_paper(self):
        """R143: who signed the paper for the association may sign for it."""
        case = self._agreed()
        for signer in (self.claims.partner_id, self.person):
            with self.assertRaisesRegex(AccessError, "who may sign"):
                case._sign_for_association(signer)
        case._sign_for_association(self.manager.partner_id)
        self.assertEqual(case.association_signer_id, self.manager.partner_id)

    def test_r143_funds(self):
        """R143, D01: from unrestricted money alone, as far as its budget goes."""
        for kind in ("waqf", "zakat"):
            fund = self.env["npo.fund"].create(
                {"name": kind, "kind": kind, "company_id": self.company.id}
            )
            case = self._agreed()
            with self.subTest(kind), self.assertRaisesRegex(UserError, "restricted"):
                case._propose("Fair.", fund)
                self.env.flush_all()
        today = self.company._npo_today()
        self.env["npo.fund.budget"].create(
            {
                "fund_id": self.fund.id,
                "date_from": today.replace(day=1, month=1),
                "date_to": today.replace(day=31, month=12),
                "amount": 5000,
            }
        )
        first, second = self._asked(), self._complete()
        self._approve(first)
        self.fund.budget_ids.invalidate_recordset()
        self.assertEqual(self.fund.budget_ids.amount_used, 3000)
        with self.assertRaisesRegex(UserError, "left of its budget"):
            second.action_ask_approval()
        self.fund.budget_ids.amount = 6000
        self.fund.invalidate_recordset()
        second.action_ask_approval()
        self.assertEqual(second.stage_code, "approval")

    def test_r028_limit(self):
        """R028: above the limit of liability, only the approver, with a reason."""
        self.assertFalse(self._complete().limit_text)
        self.agreement.sudo().write(
            {"liability_limit_type": "event", "liability_limit_amount": 2000}
        )
        case = self._asked()
        self.assertTrue(case.limit_text)
        with self.assertRaisesRegex(UserError, "passes the limit"), self.cr.savepoint():
            self._approve(case)
        for user in (self.claims, self.lawyer):
            with self.assertRaises(AccessError):
                case.with_user(user)._pass_limit("Please.")
        approver = case.with_user(self.grantor)
        with self.assertRaises(UserError):
            approver._pass_limit(" ")
        approver._pass_limit("The shelf was known to be loose.")
        self._approve(case)
        self.assertEqual(case.sudo().limit_by_id, self.grantor)
        self.assertEqual(case.stage_code, "payment")

    # ------------------------------------------------------------
    # APPROVED
    # ------------------------------------------------------------

    def test_p066_bands(self):
        """P066: the amount says who approves; the bands are the association's."""
        for amount, approver in (
            (5000, "compensation_approver"),
            (5000.01, "general_manager"),
            (20000, "general_manager"),
            (20001, "board"),
        ):
            case = self._asked(amount=amount)
            with self.subTest(amount):
                self.assertEqual(case.sudo().approval_id.approver, approver)
        self.assertEqual(case.sudo().approval_id.kind, "compensation")
        with self.assertRaises(AccessError):
            self._approve(case)
        meeting = self.env["npo.board.meeting"].create(
            {"company_id": self.company.id, "ordinal": 1, "year": 2026}
        )
        self._approve(case, self.users["governor"], meeting=meeting)
        self.assertEqual(case.stage_code, "payment")

    def test_approved(self):
        """R143: the approved amount is that of the heads, and stays so."""
        case = self._asked()
        self._approve(case)
        self.assertRecordValues(
            case.sudo(),
            [
                {
                    "stage_code": "payment",
                    "amount_approved": 3000,
                    "approved_by_id": self.grantor.id,
                    "outcome": "compensated",
                }
            ],
        )
        self.assertTrue(case.date_answered)
        self.assertEqual(len(self._told(case, "cpn_approved")), 1)
        with self.assertRaisesRegex(ValidationError, "add up"), self.cr.savepoint():
            case.sudo().head_ids.amount_agreed = 1
        with self.assertRaisesRegex(ValidationError, "add up"), self.cr.savepoint():
            case.sudo().amount_approved = 1

    def test_refused(self):
        """R143: a refusal leads back to the decision, and is proposed anew."""
        case = self._asked()
        approval = case.sudo().approval_id.with_user(self.grantor)
        approval._answer(False, "Too much.")
        self.assertEqual(case.stage_code, "decision")
        self.assertTrue(case.missing_text)

    def test_r158_approver(self):
        """R158: who proposed, found or reviewed does not approve, admin or not."""
        admin = self._new_staff("both", "admin", self.company)
        for duty in ("propose", "find_breach", "legal"):
            case = self._asked()
            self.env["npo.duty"].with_user(admin)._claim(duty, case)
            with self.subTest(duty), self.assertRaisesRegex(UserError, "cannot do"):
                self._approve(case, admin)
            self.assertEqual(case.stage_code, "approval")
        with self.assertRaises(AccessError):
            self._approve(case, self.claims)

    def test_r158_pairs(self):
        """P066: propose, approve, post and pay are four people: twelve pairs."""
        case = self._new_case()
        duties = self.env["npo.duty"]
        four = ("propose", "approve", "post", "pay")
        pairs = [(one, other) for one in four for other in four if one != other]
        self.assertEqual(len(pairs), 12)
        for number, (one, other) in enumerate(pairs):
            person = self._new_staff(f"pair{number}", "admin", self.company)
            duties.with_user(person)._claim(one, case)
            with self.subTest(f"{one} {other}"), self.assertRaises(UserError):
                duties.with_user(person)._claim(other, case)

    def test_r158_proposer_reviews_not(self):
        """R143: who proposes does not review it."""
        case = self._agreed()
        case._propose("Fair.", self.fund)
        admin = self._new_staff("both", "admin", self.company)
        self.env["npo.duty"].with_user(admin)._claim("propose", case)
        with self.assertRaisesRegex(UserError, "cannot do"):
            case.with_user(admin)._review_legally("fit", "x")

    def test_not_one_s_own(self):
        """R158: nobody works on their own claim."""
        case = self._new_case(partner_id=self.claims.partner_id.id, agreement_id=False)
        with self.assertRaisesRegex(UserError, "person who would do"):
            case.action_examine()

    # ------------------------------------------------------------
    # OTHER ENDS
    # ------------------------------------------------------------

    def test_r142_without_money(self):
        """R142: what is made good without money ends with a record of it."""
        case = self._asked(amount=0, remedy="apology")
        self.assertEqual(case.sudo().approval_id.approver, "compensation_approver")
        pay_out = self._without_accounting()
        self._approve(case)
        self.assertEqual(case.outcome, "remedied")
        self.assertFalse(case.fund_id)
        self.assertIn("being done", case.portal_sentence)
        with self.assertRaises(UserError):
            case._perform("")
        case._perform("The chair apologised in writing.")
        self.assertEqual(case.stage_code, "closed")
        self.assertEqual(case.date_performed, self.company._npo_today())
        del pay_out

    def test_money_is_not_performed(self):
        """D01: what is paid closes after the payment alone."""
        case = self._asked()
        self._approve(case)
        with self.assertRaisesRegex(UserError, "paid by finance"):
            case._perform("Done.")
        with self.assertRaises(UserError):
            case.action_close()

    def test_withdrawn(self):
        """R132: the person takes the claim back until it is approved."""
        case = self._asked()
        approval = case.sudo().approval_id
        case._withdraw_at_desk("By telephone.")
        self.assertEqual(case.stage_code, "withdrawn")
        self.assertEqual(approval.state, "void")
        with self.assertRaises(UserError):
            self._approve(case)
        other = self._asked()
        self._approve(other)
        with self.assertRaises(UserError):
            other._withdraw_at_desk("Too late.")

    def test_rejected(self):
        """R132: a claim is refused with its reason, told in a letter."""
        case = self._negotiated()
        with self.assertRaises(UserError):
            case._reject("  ")
        case._reject("No agreement could be reached.")
        self.assertEqual(case.stage_code, "rejected")
        self.assertEqual(case.round_ids.result, "void")
        self.assertEqual(len(self._told(case, "cpn_rejected")), 1)

    def test_suspended(self):
        """R141: a case waits for the judgment; the clock stands still meanwhile."""
        case = self._studied()
        with self.assertRaisesRegex(UserError, "name the dispute"):
            case._suspend("Court.")
        case.action_dispute()
        self.assertEqual(case.dispute_id.agreement_id, self.agreement)
        case._suspend("The court decides.")
        self.assertEqual(case.stage_code, "suspended")
        self.assertTrue(case.date_paused)
        case.action_resume()
        self.assertEqual(case.stage_code, "study")
        self.assertFalse(case.date_paused)
        case._suspend("Again.")
        case.dispute_id.sudo().write({"judgment_is_final": True})
        self.assertEqual(case.stage_code, "study")

    # ------------------------------------------------------------
    # OBJECTION
    # ------------------------------------------------------------

    def test_d12_objection(self):
        """D12: a refusal is objected to; who took part does not review it."""
        case = self._studied()
        case._find("proof", "not_met", "Nobody admits it.")
        appeals = self.env["npo.appeal"]
        appeal = appeals._lodge(
            case.sudo(), self.person, ground="error", statement="It was admitted."
        )
        self.assertEqual(appeal.subject, "compensation")
        admin = self._new_staff("both", "admin", self.company)
        self.env["npo.duty"].with_user(admin)._claim("find_breach", case)
        with self.assertRaisesRegex(UserError, "cannot do"):
            appeal.with_user(admin).action_review()
        review = appeal.with_user(self.manager)
        review.action_review()
        review._answer("reversed", "There is an admission.")
        self.assertRecordValues(
            case.sudo(),
            [{"stage_code": "study", "outcome": False, "date_answered": False}],
        )
        self.assertEqual(case._finding("proof").state, "open")

    def test_d12_agreed_anew(self):
        """D12, R142: studied anew, it is offered, proposed and signed anew."""
        case = self._complete()
        case._reject("Not ours.")
        appeal = self.env["npo.appeal"]._lodge(
            case.sudo(), self.person, ground="error", statement="It was admitted."
        )
        review = appeal.with_user(self.manager)
        review.action_review()
        review._answer("reversed", "There is an admission.")
        self.assertEqual(case.stage_code, "study")
        case.action_negotiate()
        case._offer("money", "Once more.")
        case._accept_on_paper("", FILE, "signed.pdf", self.person)
        with self.assertRaisesRegex(UserError, "not complete"):
            case.action_ask_approval()
        missing = case.sudo()._missing()
        self.assertEqual(len(missing), 3, missing)

    def test_d12_confirmed(self):
        """D12: a confirmed refusal stands; what was granted is not objected to."""
        case = self._new_case(agreement_id=False)
        case.action_examine()
        case._refuse_scope("No agreement.")
        appeal = self.env["npo.appeal"]._lodge(
            case.sudo(), self.person, ground="error", statement="There is one."
        )
        review = appeal.with_user(self.manager)
        review.action_review()
        review._answer("confirmed", "There is none.")
        self.assertEqual(case.stage_code, "rejected")
        self.assertFalse(case._may_appeal())
        granted = self._asked()
        self._approve(granted)
        self.assertFalse(granted._may_appeal())

    # ------------------------------------------------------------
    # COMPLAINT
    # ------------------------------------------------------------

    def _complaint(self, **vals):
        complaint = self.env["npo.complaint"]._receive(
            {
                "title": "Secret vases",
                "description": "Secret words.",
                "channel_id": self.env.ref("npo_relations.channel_in_person").id,
                "company_id": self.company.id,
                "partner_id": self.person.id,
                **vals,
            }
        )
        return complaint.with_user(self.users["handler"])

    def test_from_complaint(self):
        """R131: a complaint leads to a case, once; and keeps the way there."""
        complaint = self._complaint()
        complaint.action_compensate()
        case = complaint.sudo().action_ids.compensation_id
        self.assertEqual(case.complaint_id, complaint.sudo())
        self.assertEqual(case.description, "Secret words.")
        with self.assertRaisesRegex(UserError, "open for this complaint"):
            complaint.action_compensate()

    def test_p092_sealed_leaves_nothing(self):
        """P092: of a sealed complaint a case has neither number nor words."""
        complaint = self._complaint(confidentiality="sealed")
        focal = complaint.sudo().focal_user_ids[:1]
        complaint.with_user(focal).action_compensate()
        case = complaint.sudo().action_ids.compensation_id
        self.assertFalse(case.complaint_id)
        self.assertNotIn("Secret", f"{case.title} {case.description}")
        later = self._complaint()
        later.action_compensate()
        case = later.sudo().action_ids.compensation_id
        later.sudo().confidentiality = "sealed"
        self.assertFalse(case.complaint_id)
        self.assertNotIn("Secret", f"{case.title} {case.description}")

    # ------------------------------------------------------------
    # WHO READS WHAT
    # ------------------------------------------------------------

    def test_finance_reads_little(self):
        """R158: finance reads what was approved, and nothing of what was found."""
        case = self._asked()
        payer = self.users["payer"]
        own = case.with_user(payer)
        with self.assertRaises(AccessError):
            own.read(["name"])
        self._approve(case)
        own.invalidate_recordset()
        [values] = own.read(["name", "amount_approved", "remedy", "settlement_file"])
        self.assertEqual(values["amount_approved"], 3000)
        self.assertTrue(values["settlement_file"])
        for name in ("title", "description", "complaint_id", "finding_ids", "answer"):
            with self.subTest(name), self.assertRaises(AccessError):
                own.read([name])
        for part in ("finding", "evidence", "head", "round", "mitigation"):
            model = self.env[f"npo.compensation.{part}"].with_user(payer)
            self.assertFalse(model.has_access("read"), part)
        case.sudo().message_post(body="A word of what was found.")
        messages = self.env["mail.message"].with_user(payer)
        self.assertFalse(
            messages.search([("model", "=", case._name), ("res_id", "=", case.id)])
        )
        with self.assertRaises(AccessError):
            case.sudo().evidence_ids[:1].with_user(payer).read(["file"])

    def test_files_are_evidence(self):
        """R136: a file does not stand beside the case, where finance would read it."""
        case = self._new_case()
        file = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        with self.assertRaisesRegex(UserError, "evidence"):
            case.message_post(body="x", attachment_ids=file.ids)
        line = (
            self.env["npo.compensation.evidence"]
            .with_user(self.claims)
            .create({"compensation_id": case.id, "name": "Photo", "file": FILE})
        )
        self.assertEqual(line.user_id, self.claims)
        self.assertEqual(line.date, fields.Date.context_today(line))
        for call in (lambda: line.write({"name": "y"}), line.unlink):
            with self.assertRaises(AccessError):
                call()
