import random
from collections import defaultdict

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import local_today
from ..compensation.common import CompensationCommon
from .common import AccountingCommon
from .walk_bill import BillActions
from .walk_case import CaseActions
from .walk_payment import PaymentActions

# What a person does by an action, for the walk's own ledger.
PAYING = ("register", "part", "reconcile", "statement", "together", "pay_again")
DUTY = {
    "offer": "propose",
    "propose": "propose",
    "review": "legal",
    "find": "find_breach",
    "approve": "approve",
    "refuse": "approve",
    "post": "post",
    "look_again": "review",
    **dict.fromkeys(PAYING, "pay"),
}
# Where a case is, and what is done there next by whom.
NEXT = {
    "study": (("find", "claims"), ("negotiate", "claims")),
    "negotiation": (("offer", "claims"), ("accept", "claims"), ("head", "claims")),
    "approval": (("approve", "grantor"), ("approve", "manager"), ("refuse", "grantor")),
    "rejected": (("object", "claims"), ("look_again", "manager")),
    "paid": (("close", "claims"), ("unreconcile", "payer"), ("payment_back", "payer")),
    "to_check": (("trust", "payer"),),
    "returned": (("register", "payer"), ("pay_again", "payer"), ("trust", "payer")),
    "to_post": (("post", "poster"),),
    "to_pay": (("register", "payer"), ("part", "payer"), ("reconcile", "payer")),
    "partial": (("register", "payer"), ("part", "payer"), ("unreconcile", "payer")),
}


class Walker(
    CaseActions, BillActions, PaymentActions, CompensationCommon, AccountingCommon
):
    """Everything that anybody does to a compensation, in any order (D01, R158).

    An action is a method `_do_…(case, user)`: it takes the way that the screen, the
    portal or a call takes. It is refused with a sentence, or it is done.
    """

    _together = 5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        finance = cls.env.ref("npo_relations.group_npo_finance_officer")
        # by their groups these could do more than they may
        for name in ("claims", "grantor", "lawyer"):
            cls.users[name].group_ids += finance
        for name in ("claims2", "grantor2", "payer2", "all"):
            role = {"claims2": "compensation_officer", "payer2": "finance_officer"}
            user = cls._new_staff(
                name, role.get(name, "compensation_approver"), cls.company
            )
            cls.users[name] = user
        cls.users["all"].group_ids += finance
        for role in ("compensation_officer", "legal_adviser", "general_manager"):
            cls.users["all"].group_ids += cls.env.ref(f"npo_relations.group_npo_{role}")
        for group in ("group_account_user", "group_validate_bank_account"):
            for name in ("all", "payer", "payer2", "poster"):
                cls.users[name].group_ids += cls.env.ref(f"account.{group}")
        cls.users["portal"] = cls._portal_user(cls.person)
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.person.id,
                "acc_number": "SA0380000000608010167519",
                "allow_out_payment": True,
            }
        )
        cls._new_rates()
        cls.tax = cls.env["account.tax"].search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount_type", "=", "percent"),
                ("amount", "=", 15),
            ],
            limit=1,
        )

    @classmethod
    def _new_rates(cls):
        """A second currency whose rate is no round number, and changed meanwhile."""
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        today = local_today()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.euro.id,
                    "company_id": cls.company.id,
                    "name": fields.Date.subtract(today, days=days),
                    "rate": rate,
                }
                for days, rate in ((40, 0.2371), (5, 0.2449))
            ]
        )

    # ------------------------------------------------------------
    # THE WALK
    # ------------------------------------------------------------

    def _begin(self, seed):
        self.random = random.Random(seed)
        self.ledger = defaultdict(lambda: defaultdict(set))
        self.tally = defaultdict(lambda: [0, 0])
        self.history = []
        self.deeds = defaultdict(list)
        self.cases = [self._case() for _number in range(self._together)]

    def _case(self):
        """Return a case that was studied, with amounts down to the halala."""
        case = self._studied(
            currency_id=self.random.choice((self.company.currency_id, self.euro)).id
        )
        self._find_all(case)
        self.env["npo.compensation.head"].with_user(self.claims).create(
            [
                {
                    "compensation_id": case.id,
                    "head": head,
                    "amount_proposed": self._amount(),
                }
                for head in ("lost_goods", "delay", "moral")
            ]
        )
        case.action_negotiate()
        self.ledger[case.id]["find_breach"].add("claims")
        return case.sudo()

    def _amount(self):
        """Return an amount with halalas; three of them are not for the board."""
        return self.random.choice((0.01, 0.37, 0.99, 9.5)) + self.random.randint(1, 900)

    @mute_logger("odoo.models.unlink", "odoo.sql_db")
    def _step(self):
        """Let somebody do something; return whether it was done."""
        number = self.random.randrange(len(self.cases))
        case = self.cases[number]
        if case.stage_code in ("withdrawn", "closed", "rejected"):
            if self.random.random() < 0.15:
                self.cases[number] = case = self._case()
        action, name = self._choose(case)
        done, told = self._attempt(action, case, self.users[name])
        self.tally[action][0 if done else 1] += 1
        self.history.append((case.name, action, name, told))
        for case_id in done if action in DUTY else ():
            self.ledger[case_id][DUTY[action]].add(name)
            self.deeds[case_id].append((len(self.history), action, name))
        return bool(done)

    def _choose(self, case):
        """Return an action and a person: mostly the next step, else anything."""
        if self.random.random() < 0.5:
            where = case.stage_code
            if where == "payment":
                where = self._live(case).state
            steps = self._missing(case) if where == "decision" else NEXT.get(where)
            if steps:
                action, name = self.random.choice(steps)
                if self.random.random() < 0.1:
                    name = self._somebody()
                return action, name
        return self.random.choice(self._actions()), self._somebody()

    def _missing(self, case):
        """Return what comes next in a decision."""
        if self.random.random() < 0.1:
            return (("reject", "claims"),)
        if not case.date_proposed or case.legal_opinion == "unfit":
            return (("propose", "claims"),)
        if not case.legal_opinion:
            return (("review", "lawyer"),)
        if not case.association_signed_on:
            return (("sign", "manager"),)
        return (("ask", "claims"),)

    def _somebody(self):
        return self.random.choice(
            (
                "claims", "claims2", "grantor", "grantor2", "lawyer", "manager",
                "poster", "payer", "payer2", "all", "chief",
            )
        )  # fmt: skip

    @classmethod
    def _actions(cls):
        return sorted(name[4:] for name in dir(cls) if name.startswith("_do_"))

    def _attempt(self, action, case, user):
        """Return the ids of the cases on which it was done, or why it was not."""
        try:
            with self.env.cr.savepoint():
                done = getattr(self, f"_do_{action}")(case.with_user(user), user)
        except UserError as refusal:
            self.assertTrue(str(refusal).strip())
            return [], str(refusal)
        finally:
            self.env.invalidate_all()
        return (case.ids if done is None else done), "done"
