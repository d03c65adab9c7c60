from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from ...models.spending.ceiling import period_bounds
from ..common import AssociationCommon


class SpendingCommon(AssociationCommon):
    """An association with requests to decide, ceilings, funds and a board."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.users["manager"]
        cls.today = cls.company._npo_today()

    def _ceiling(self, **vals):
        return self.env["npo.ceiling"].create(
            {
                "name": "Rent of a person",
                "company_id": self.company.id,
                "period": "year",
                "limit": 15000,
                **vals,
            }
        )

    def _fund(self, amount=0, **vals):
        budgets = [
            Command.create(
                {
                    "date_from": Date.start_of(self.today, "year"),
                    "date_to": Date.end_of(self.today, "year"),
                    "amount": amount,
                }
            )
        ]
        return self.env["npo.fund"].create(
            {
                "name": "Rent",
                "company_id": self.company.id,
                "budget_ids": budgets if amount else [],
                **vals,
            }
        )

    def _at_committee(self, index=0, beneficiary=None, **vals):
        beneficiary = beneficiary or self._new_beneficiary(index)
        return self._advance(self._new_request(beneficiary, **vals), "committee")

    def _decide(self, request, amount, name="chair", **vals):
        user = self.users[name]
        request.with_user(user)._decide(
            "accepted", user, amount_approved=amount, **vals
        )
        return request.sudo()

    def _announce(self, request):
        chair = request.with_user(self.users["chair"])
        reason = self.env.ref("npo_relations.reason_early_reply_simple")
        if not chair.early_reply_reason_id:
            chair._approve_early_reply(reason)
        chair.action_announce()

    def _answer(self, request, user, accept=True, **vals):
        approval = request.sudo().approval_id.with_user(user)
        approval._answer(accept, "As the family is about to be evicted.", **vals)
        return approval.sudo()


@tagged("post_install", "-at_install")
class TestCeiling(SpendingCommon):
    """D19, P069: ceilings by rule lines; above them a higher approval."""

    def test_periods(self):
        """The year, the Hijri year and the month of a day."""
        day = Date.to_date("2026-02-17")
        self.assertEqual(
            period_bounds("month", day),
            (Date.to_date("2026-02-01"), Date.to_date("2026-02-28")),
        )
        self.assertEqual(period_bounds("year", day)[1], Date.to_date("2026-12-31"))
        self.assertEqual(
            period_bounds("hijri_year", day),
            (Date.to_date("2025-06-26"), Date.to_date("2026-06-15")),
        )
        self.assertIsNone(period_bounds("lifetime", day))

    def test_within(self):
        """D19: below the ceiling a decision stands, and what is left is told."""
        self._ceiling()
        request = self._at_committee()
        line = request._ceilings_left()[0]
        self.assertEqual((line["limit"], line["used"], line["left"]), (15000, 0, 15000))
        request = self._decide(request, 12000)
        self.assertFalse(request.approval_id)
        self._announce(request)
        self.assertEqual(request.stage_code, "registration")
        second = self._new_request(request.beneficiary_id, amount_requested=4000)
        line = second._ceilings_left()[0]
        self.assertEqual((line["used"], line["left"]), (12000, 3000))
        self.assertIn("3,000", second.with_user(self.manager).ceiling_text)

    def test_above(self):
        """D19: above it waits, recorded, not announceable, until who may approves."""
        self._ceiling(limit=10000)
        request = self._decide(self._at_committee(), 12000)
        self.assertEqual(request.stage_code, "decided")
        self.assertEqual(request.approval_state, "waiting")
        with self.assertRaisesRegex(UserError, "higher approval"):
            self._announce(request)
        self.assertIn("higher approval", request.next_step_note)
        with self.assertRaises(AccessError):
            self._answer(request, self.users["member"])
        with self.assertRaisesRegex(UserError, "reason first"):
            request.approval_id.with_user(self.manager)._answer(True, " ")
        approval = self._answer(request, self.manager)
        self.assertRecordValues(
            approval, [{"state": "approved", "user_id": self.manager.id}]
        )
        self._announce(request)
        self.assertEqual(request.stage_code, "registration")
        with self.assertRaisesRegex(UserError, "answered already"):
            self._answer(request, self.manager)

    def test_refused(self):
        """D19: a refusal gives the request back to the committee, undecided."""
        self._ceiling(limit=10000)
        request = self._decide(self._at_committee(), 12000)
        approval = self._answer(request, self.manager, accept=False)
        self.assertEqual(approval.state, "refused")
        self.assertRecordValues(
            request,
            [
                {
                    "stage_code": "committee",
                    "decision": False,
                    "approval_id": False,
                    "amount_granted": 0,
                }
            ],
        )
        self._decide(request, 9000, name="member")
        self.assertFalse(request.approval_id)

    def test_sent_back(self):
        """What was asked for a decision that is taken back is void."""
        self._ceiling(limit=10000)
        request = self._decide(self._at_committee(), 12000)
        approval = request.approval_id
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        request.with_user(self.officer)._return(reason, "A paper is missing.")
        self.assertEqual(approval.state, "void")
        self.assertFalse(request.approval_id)

    def test_scopes(self):
        """P069: counted for the person, for the family, for all together."""
        file, sister = self._new_beneficiary(0), self._new_beneficiary(1)
        self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {"relation": relation, "partner_id": one.partner_id.id}
                    )
                    for one, relation in ((file, "head"), (sister, "sister"))
                ],
            }
        )
        for scope in ("beneficiary", "household", "service"):
            self._ceiling(name=scope, scope=scope, limit=20000)
        self._decide(self._at_committee(beneficiary=file), 5000)
        stranger = self._new_request(self._new_beneficiary(2))
        used = {
            one: {line["scope"]: line["used"] for line in request._ceilings_left()}
            for one, request in (
                ("self", self._new_request(file)),
                ("sister", self._new_request(sister)),
                ("stranger", stranger),
            )
        }
        expected = {
            "self": (5000, 5000, 5000),
            "sister": (0, 5000, 5000),
            "stranger": (0, 0, 5000),
        }
        scopes = ("beneficiary", "household", "service")
        for one, values in expected.items():
            self.assertEqual(used[one], dict(zip(scopes, values, strict=True)), one)

    def test_measures_and_period(self):
        """Times and quantities count too; last year does not."""
        self._ceiling(measure="count", limit=1)
        furnishing = self._service("furnishing")
        furnishing.unit_cost = 400
        file = self._new_beneficiary()
        with freeze_time("2025-03-01"):
            old = self._decide(self._at_committee(beneficiary=file), 5000)
        self.assertEqual(old.date_decided.year, 2025)
        request = self._at_committee(beneficiary=file, amount_requested=100)
        self.assertEqual(request._ceilings_left()[0]["used"], 0)
        self._decide(request, 100)
        self.assertFalse(request.sudo().approval_id)
        third = self._new_request(file, service_id=furnishing.id, quantity=3)
        self.assertEqual(third._ceilings_left()[0]["left"], 0)
        third.sudo().write({"decision": "accepted", "quantity_approved": 3})
        self.assertEqual(third.sudo().amount_granted, 1200)

    def test_only_its_service_and_time(self):
        """A ceiling of another service, or whose time is over, says nothing."""
        furnishing = self._service("furnishing")
        self._ceiling(service_ids=[Command.set(furnishing.ids)], limit=1)
        self._ceiling(date_to=Date.subtract(self.today, days=1), limit=1)
        request = self._new_request()
        self.assertEqual(request._ceilings_left(), [])

    def test_statements(self):
        """What is left for 4 or 40 requests takes the same statements."""
        for scope in ("beneficiary", "household", "service"):
            self._ceiling(name=scope, scope=scope)
        self._fund(amount=100000)
        partners = self.env["res.partner"].create(
            [
                {"name": f"Person {number}", "company_id": self.company.id}
                for number in range(40)
            ]
        )
        files = self.env["npo.beneficiary"].create(
            [
                {"partner_id": partner.id, "company_id": self.company.id}
                for partner in partners
            ]
        )
        requests = self.env["npo.request"].create(
            [
                {
                    "company_id": self.company.id,
                    "beneficiary_id": file.id,
                    "service_id": self.service.id,
                    "amount_requested": 5,
                }
                for file in files
            ]
        )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines = some._ceilings_left()
            self.assertEqual(len(lines), 4 * len(some))
            return self.cr.sql_log_count - before

        count(requests[:1])
        few, many = count(requests[:4]), count(requests)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 18)


@tagged("post_install", "-at_install")
class TestFund(SpendingCommon):
    """P065, P068: restricted money and zakat only where they may go."""

    def test_budget(self):
        """D19: a decision counts on the budget; above it a higher approval."""
        fund = self._fund(amount=15000)
        first = self._decide(self._at_committee(0), 12000)
        self.assertEqual(first.fund_id, fund)
        self.assertFalse(first.approval_id)
        fund.invalidate_recordset()
        self.assertRecordValues(
            fund.with_user(self.manager),
            [{"amount_used": 12000, "amount_left": 3000, "used_percent": 80}],
        )
        second = self._decide(self._at_committee(1), 4000)
        self.assertEqual(second.approval_state, "waiting")
        self.assertIn("Rent", second.approval_id.reason)

    def test_restricted(self):
        """P065: restricted money has a purpose, and goes to it alone."""
        with self.assertRaises(ValidationError):
            self._fund(kind="restricted")
        furnishing = self._service("furnishing")
        fund = self._fund(kind="restricted", service_ids=[Command.set(furnishing.ids)])
        request = self._at_committee()
        with self.assertRaisesRegex(UserError, "other services"):
            self._decide(request, 100, fund_id=fund.id)
        self.assertFalse(self._decide(request, 100).fund_id)

    def test_zakat(self):
        """P068: zakat is refused to a file without a head, or with another."""
        poor = self.env.ref("npo_relations.zakat_head_poor")
        debtors = self.env.ref("npo_relations.zakat_head_debtors")
        fund = self._fund(kind="zakat", zakat_head_ids=[Command.set(poor.ids)])
        request = self._at_committee()
        file = request.sudo().beneficiary_id
        with self.assertRaisesRegex(UserError, "does not name the head"):
            self._decide(request, 100, fund_id=fund.id)
        file.zakat_head_id = debtors
        with self.assertRaisesRegex(UserError, "other heads"):
            self._decide(request, 100, fund_id=fund.id)
        file.zakat_head_id = poor
        self.assertEqual(self._decide(request, 100).fund_id, fund)

    def test_one_budget_a_day(self):
        fund = self._fund(amount=1000)
        with self.assertRaisesRegex(ValidationError, "two budgets"):
            fund.budget_ids = [
                Command.create(
                    {"date_from": self.today, "date_to": self.today, "amount": 5}
                )
            ]


@tagged("post_install", "-at_install")
class TestAuthority(SpendingCommon):
    """P066: who approves how much; approver, registrar and decider are three."""

    def _line(self, **vals):
        return self.env["npo.authority.line"].create(
            {"company_id": self.company.id, **vals}
        )

    def test_by_amount(self):
        """A large amount waits although no ceiling says anything."""
        self._line(amount_from=5000, amount_to=20000, approver="general_manager")
        self.assertFalse(self._decide(self._at_committee(0), 5000).approval_id)
        request = self._decide(self._at_committee(1), 5001)
        self.assertEqual(request.approval_state, "waiting")
        self._answer(request, self.manager)
        self._announce(request)

    def test_lines_do_not_overlap(self):
        self._line(amount_from=0, amount_to=5000)
        self._line(amount_from=5000, kind="over_ceiling")
        with self.assertRaisesRegex(ValidationError, "same amounts"):
            self._line(amount_from=4000)

    def test_two_approvers(self):
        """The board after the manager: two persons, and the board's meeting."""
        self._line(
            amount_from=1000, approver="general_manager", second_approver="board"
        )
        request = self._decide(self._at_committee(), 12000)
        self._answer(request, self.manager)
        self.assertEqual(request.approval_state, "waiting_second")
        with self.assertRaises(AccessError):
            self._answer(request, self.manager)
        governor = self.users["governor"]
        with self.assertRaisesRegex(UserError, "meeting"):
            self._answer(request, governor)
        meeting = self.env["npo.board.meeting"].create(
            {"company_id": self.company.id, "session_no": "7"}
        )
        self._answer(request, governor, meeting=meeting)
        self.assertEqual(request.approval_state, "approved")
        self._announce(request)

    def test_chair_who_decided(self):
        """The chair approves what others decided, and nothing of another committee."""
        self._line(amount_from=1000, approver="committee_chair")
        chair = self.users["chair"]
        decided = self._decide(self._at_committee(0), 12000)
        with self.assertRaisesRegex(UserError, "cannot do this step"):
            self._answer(decided, chair)
        by_member = self._decide(self._at_committee(1), 12000, name="member")
        with self.assertRaises(AccessError):
            self._answer(by_member, self.users["secretary"])
        self._answer(by_member, chair)
        self.assertEqual(by_member.approval_state, "approved")

    def test_registrar(self):
        """Who registered it does not approve it, whatever the groups."""
        self._line(amount_from=1000)
        self.officer.group_ids |= self.env.ref(
            "npo_relations.group_npo_general_manager"
        )
        request = self._decide(self._at_committee(), 12000)
        with self.assertRaises(UserError):
            self._answer(request, self.officer)

    def test_by_its_step_alone(self):
        """Nobody writes, makes or deletes an approval by hand."""
        self._line(amount_from=1000)
        request = self._decide(self._at_committee(), 12000)
        approval = request.approval_id.with_user(self.manager)
        for call in (
            lambda: approval.write({"state": "approved"}),
            lambda: approval.create(
                {"res_model": "npo.request", "res_id": request.id, "res_name": "x"}
            ),
            approval.unlink,
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            request.with_user(self.officer).write({"approval_id": False})
