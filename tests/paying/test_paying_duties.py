from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..compensation.common import FILE, CompensationCommon
from .common import AccountingCommon, without_own_plan

SENTENCE = "cannot do this step"
ROLES = (
    "compensation_officer",
    "compensation_approver",
    "legal_adviser",
    "finance_officer",
    "general_manager",
    "centre_manager",
)


@tagged("post_install", "-at_install")
class TestPayingDuties(CompensationCommon, AccountingCommon):
    """R143, R158, P066: whatever groups one has, nobody does two duties that exclude.

    One person has every role. For each pair the person does the first duty as the
    screen does, then tries the second by every way there is.
    """

    @classmethod
    def setUpClass(cls):
        with without_own_plan():  # an import that fails reads the registry again
            super().setUpClass()
        cls.one = cls._new_staff("one", "compensation_officer", cls.company)
        for role in ROLES:
            cls.one.group_ids += cls.env.ref(f"npo_relations.group_npo_{role}")
        cls.one.group_ids += cls.env.ref("account.group_account_manager")
        cls.second = cls._new_staff("second", "compensation_approver", cls.company)
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.person.id,
                "acc_number": "SA0380000000608010167519",
                "allow_out_payment": True,
            }
        )

    # ------------------------------------------------------------
    # UP TO THE SECOND DUTY
    # ------------------------------------------------------------

    def _before(self, duty, done=""):
        """Return a case just before a duty; the person did the other one.

        :param done: the duty that the person did; all others are done by colleagues
        """
        by = {
            "find_breach": self.claims,
            "propose": self.claims,
            "legal": self.lawyer,
            "approve": self.grantor,
            "post": self.poster,
            "pay": self.payer,
            done: self.one,
        }
        case = self._studied()
        self._find_all(case.with_user(by["find_breach"]))
        self.env["npo.compensation.head"].with_user(self.claims).create(
            {"compensation_id": case.id, "head": "delay", "amount_proposed": 700.07}
        )
        case.action_negotiate()
        case.with_user(by["propose"])._offer("money", "We make it good.")
        case._accept_on_paper("", FILE, "signed.pdf", self.person)
        case.with_user(by["propose"])._propose("It is fair.", self.fund)
        steps = ("legal", "approve", "post", "pay")
        last = len(steps) if duty == "review" else steps.index(duty)
        for step in steps[:last]:
            getattr(self, f"_step_{step}")(case, by[step])
            if step == "legal":
                case.with_user(self.manager)._sign_for_association()
                case.with_user(self.claims).action_ask_approval()
        if duty == "review":
            self._refuse_after_all(case)
        return case

    def _step_legal(self, case, user):
        case.with_user(user)._review_legally("fit", "Nothing against it.")

    def _step_approve(self, case, user):
        case.sudo().approval_id.with_user(user)._answer(True, "Fair.")

    def _step_post(self, case, user):
        self._post(case.sudo().payout_ids, user)

    def _step_pay(self, case, user):
        self._pay(case.sudo().payout_ids, user)

    def _refuse_after_all(self, case):
        """Let a case that was paid come back, be refused, and be objected to."""
        payout = case.sudo().payout_ids
        self._unreconcile(payout)
        payout.with_user(self.poster)._cancel("The wrong account")
        case.sudo().approval_id.with_user(self.second)._answer(False, "Too much.")
        case.with_user(self.claims)._reject("Not ours.")
        self.env["npo.appeal"]._lodge(
            case.sudo(), self.person, ground="error", statement="It was admitted."
        )

    # ------------------------------------------------------------
    # EVERY WAY TO A DUTY
    # ------------------------------------------------------------

    def _ways_approve(self, case):
        approval = case.sudo().approval_id.with_user(self.one)
        wizard = approval.env["npo.approval.answer"]
        vals = {"answer": "approve", "note": "Fair.", "approval_id": approval.id}
        return {
            "button": lambda: wizard.create(vals).action_confirm(),
            "refusal": lambda: approval._answer(False, "Too much."),
        }, {
            "write": lambda: approval.write({"state": "approved"}),
            "write_case": lambda: case.write({"approved_by_id": self.one.id}),
            "drag": lambda: case.write({"stage_id": self._stage("payment").id}),
            "load": lambda: self._load(approval, "state", "approved"),
            "load_case": lambda: self._load(case, "amount_approved", "1"),
            "create": lambda: self._create_order(case),
        }

    def _ways_legal(self, case):
        wizard = self.env["npo.compensation.step"].with_user(self.one)
        vals = {"step": "legal", "legal_opinion": "fit", "note": "Nothing."}
        vals["compensation_id"] = case.id
        return {
            "button": lambda: wizard.create(vals).action_confirm(),
        }, {
            "write": lambda: case.write({"legal_opinion": "fit"}),
            "load": lambda: self._load(case, "legal_opinion", "fit"),
        }

    def _ways_post(self, case):
        bill = case.sudo().payout_ids.move_id.with_user(self.one)
        many = self.env["validate.account.move"].with_user(self.one)
        return {
            "button": bill.action_post,
            "many": lambda: (
                many.with_context(active_model="account.move", active_ids=bill.ids)
                .create({"force_post": True})
                .validate_move()
            ),
            "write": lambda: bill.write({"state": "posted"}),
        }, {
            "clock": lambda: bill.write({"auto_post": "at_date"}),
            "load": lambda: self._load(bill, "state", "posted"),
            "create": lambda: self._create_bill(case),
            "write_order": lambda: self._write_order(case, "to_pay"),
        }

    def _ways_pay(self, case):
        payout = case.sudo().payout_ids
        bill = payout.move_id.with_user(self.one)
        return {
            "button": lambda: self._pay(payout, self.one),
            "part": lambda: self._pay(payout, self.one, amount=0.01),
            "many": lambda: self._pay_many(case),
            "create": lambda: self._payment(bill, named=True).action_post(),
            "match": lambda: self._match(bill),
            "outstanding": lambda: self._assign(bill),
        }, {
            "write": lambda: bill.write({"payment_state": "paid"}),
            "load": lambda: self._load(bill, "payment_state", "paid"),
            "write_order": lambda: self._write_order(case, "paid"),
            "drag": lambda: case.write({"stage_id": self._stage("paid").id}),
        }

    def _ways_review(self, case):
        appeal = case.sudo()._appeals().with_user(self.one)
        return {"button": appeal.action_review}, {
            "write": lambda: appeal.write({"reviewer_id": self.one.id}),
            "load": lambda: self._load(appeal, "outcome", "reversed"),
        }

    def _stage(self, code):
        return self.env["npo.stage"]._get("compensation", code)

    def _load(self, record, name, value):
        """Import a value; Odoo tells of a refusal in messages."""
        result = record.with_user(self.one).load(
            [".id", name], [[str(record.id), value]]
        )
        if result["messages"]:
            raise UserError(result["messages"][0]["message"])

    def _create_order(self, case):
        values = case.sudo().copy_data()[0]
        self.env["npo.payout"].with_user(self.one).create(
            {
                "res_model": case._name,
                "res_id": case.id,
                "res_name": case.name,
                "company_id": self.company.id,
                "kind": "compensation",
                "partner_id": values["partner_id"],
                "payee_id": values["partner_id"],
                "amount": 700.07,
                "currency_id": self.company.currency_id.id,
                "document": "in_invoice",
                "journal_id": self.company.npo_compensation_journal_id.id,
                "account_id": self.company.npo_compensation_account_id.id,
                "analytic_account_id": self.company.npo_analytic_unrestricted_id.id,
            }
        )

    def _create_bill(self, case):
        self.env["account.move"].with_user(self.one).create(
            {
                "move_type": "in_invoice",
                "partner_id": self.person.id,
                "npo_payout_id": case.sudo().payout_ids.id,
            }
        )

    def _write_order(self, case, state):
        case.sudo().payout_ids.with_user(self.one).write({"state": state})

    def _pay_many(self, case):
        other = self._before("pay")
        both = case.sudo().payout_ids | other.sudo().payout_ids
        self._pay(both, self.one, group_payment=True)

    def _payment(self, bill, named=False):
        links = [Command.link(bill.id)] if named else []
        return (
            self.env["account.payment"]
            .with_user(self.one)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "supplier",
                    "partner_id": bill.partner_id.id,
                    "amount": 700.07,
                    "journal_id": self.bank_journal.id,
                    "invoice_ids": links,
                }
            )
        )

    def _match(self, bill):
        payment = self._payment(bill)
        payment.action_post()
        (payment.move_id + bill)._npo_payable_lines().reconcile()

    def _assign(self, bill):
        """Take a payment that somebody else made without naming what it pays."""
        payment = self._payment(bill).with_user(self.payer)
        payment.action_post()
        bill.js_assign_outstanding_line(payment.move_id._npo_payable_lines().id)

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def _assert_excluded(self, done, duty):
        case = self._before(duty, done).with_user(self.one)
        told, shut = getattr(self, f"_ways_{duty}")(case)
        for ways, sentence in ((told, SENTENCE), (shut, ".")):
            for name, way in ways.items():
                with (
                    self.subTest(done=done, duty=duty, way=name),
                    self.assertRaisesRegex(UserError, sentence),
                    self.env.cr.savepoint(),
                ):
                    way()
        persons = self.env["npo.duty"]._persons(duty, case)
        self.assertNotIn(self.one.partner_id, persons)

    def test_pairs(self):
        """R158: the second duty is refused, by button, batch, write, create, import."""
        pairs = [
            ("propose", "legal"),
            ("propose", "approve"),
            ("find_breach", "approve"),
            ("legal", "approve"),
            ("propose", "post"),
            ("approve", "post"),
            ("propose", "pay"),
            ("approve", "pay"),
            ("post", "pay"),
            ("propose", "review"),
            ("find_breach", "review"),
            ("legal", "review"),
            ("approve", "review"),
            ("pay", "review"),
        ]
        known = self.env["npo.duty"]._incompatible
        for done, duty in pairs:
            self.assertIn((done, duty), [*known, *((b, a) for a, b in known)])
            self._assert_excluded(done, duty)
        self.assertFalse(self.env["npo.duty"].search([("has_conflict", "=", True)]))

    def test_the_other_way_round(self):
        """R158: nor the first duty by who did the second one before."""
        case = self._before("legal")
        case.with_user(self.one)._review_legally("unfit", "Not so.")
        self._assert_told(lambda: case.with_user(self.one)._propose("Yes.", self.fund))

        case = self._before("approve")
        case.sudo().approval_id.with_user(self.one)._answer(False, "Too much.")
        self._assert_told(lambda: case.with_user(self.one)._propose("Yes.", self.fund))
        case.with_user(self.claims)._propose("Less.", self.fund)
        self._assert_told(lambda: self._step_legal(case, self.one))

        case = self._before("pay")
        self._step_pay(case, self.one)
        payout = case.sudo().payout_ids
        self._unreconcile(payout)
        payout.move_id.with_user(self.poster).button_draft()
        self._assert_told(lambda: self._step_post(case, self.one))

    def _assert_told(self, way):
        with self.assertRaisesRegex(UserError, SENTENCE), self.env.cr.savepoint():
            way()
