import time
from contextlib import ExitStack
from unittest.mock import patch

import psycopg2

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import local_today
from ..common_concurrency import AtOnceCommon, _delete
from ..compensation.test_compensation_concurrency import CompensationAtOnceCommon
from .common import AccountingCommon, without_own_plan

FIFTY = 50


class MoneyAtOnce(AtOnceCommon):
    """Accounting on committed data, and servers that die in the middle of a step."""

    chart = AccountingCommon.chart
    _load_chart = vars(AccountingCommon)["_load_chart"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.npo_cash_by_hand = False
        cls._load_chart(cls.company)
        with without_own_plan():
            cls.company._npo_set_up_paying()
        cls.cr.commit()

    @classmethod
    def _delete_companies(cls):
        # what the chart made, and no column ties to its company
        accounts = cls._ids(
            "SELECT account_account_id FROM account_account_res_company_rel"
            " WHERE res_company_id = ANY(%s)"
        )
        aliases = cls._ids(
            "SELECT alias_id FROM account_journal"
            " WHERE company_id = ANY(%s) AND alias_id IS NOT NULL"
        )
        super()._delete_companies()
        _delete(cls.cr, "account_account", accounts)
        _delete(cls.cr, "mail_alias", aliases)
        for company_id in cls.companies:
            cls.cr.execute(
                "DELETE FROM ir_model_data WHERE module = 'account' AND name LIKE %s",
                [rf"{company_id}\_%"],
            )
        cls.cr.commit()

    @classmethod
    def _ids(cls, query):
        cls.cr.execute(query, [cls.companies])
        return [row_id for (row_id,) in cls.cr.fetchall()]

    def _fifty(self, users, call):
        """Let fifty press at one moment; assert that one did it, the rest were told."""
        calls = [(users[number % len(users)], call) for number in range(FIFTY)]
        results = self._at_once(*calls)
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual((results.count("done"), len(told)), (1, FIFTY - 1), results)
        self.assertTrue(all(str(error).strip() for error in told))

    def _assert_ordered(self, record, amount):
        """Assert that one order and one bill of the amount are there."""
        payout = self._payouts(record)
        bills = self._bills(record)
        self.assertEqual(len(payout), 1)
        self.assertEqual(payout.move_id, bills)
        self.assertEqual((payout.amount, bills.amount_total), (amount, amount))
        self.assertEqual((bills.state, bills.npo_payout_id), ("draft", payout))

    def _payouts(self, record):
        return self.env["npo.payout"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def _bills(self, record):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("ref", "=", record.name)]
        )

    # ------------------------------------------------------------
    # KILLED
    # ------------------------------------------------------------

    def _kill(self, cr):
        """End the connection of a transaction, as when its server dies."""
        pid = cr._cnx.get_backend_pid()
        self.cr.execute("SELECT pg_terminate_backend(%s)", [pid])
        for _try in range(100):
            self.cr.rollback()  # to see the others as they are now
            self.cr.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
            if not self.cr.fetchone():
                return
            time.sleep(0.05)
        self.fail("The connection did not end.")

    def _die(self, user, call, model="", name="", before=False):
        """Make a call that dies before or after a method, or else at the commit."""
        died = []

        def die(cr):
            if not died:
                died.append(name)
                self._kill(cr)

        def dying(records, *args, **kwargs):
            if before:
                records.env.flush_all()
                die(records.env.cr)
            result = method(records, *args, **kwargs)
            if not died:
                records.env.flush_all()
                die(records.env.cr)
            return result

        with ExitStack() as stack:
            if model:
                methods = type(self.env[model])
                method = getattr(methods, name)
                stack.enter_context(patch.object(methods, name, dying))
            try:
                with self.registry.cursor() as cr:
                    self._as(cr, user, call)
                    die(cr)
                    cr.commit()
            except psycopg2.Error:
                self.assertEqual(died, [name])
                return
        self.fail("It did not die.")

    def _as(self, cr, user, call):
        context = {"allowed_company_ids": self.companies[:1]}
        env = api.Environment(cr, user.id, context)
        call(env)
        env.flush_all()

    def _assert_survives(self, points, user, call, record, amount):
        """Whenever the server dies, nothing is half done; done again, it is once."""
        for point in points:
            with self.subTest(point=point), mute_logger("odoo.sql_db"):
                self._die(user, call, *point)
                self.cr.rollback()
                self.env.invalidate_all()
                self._assert_nothing(record)
        with self.registry.cursor() as cr:
            self._as(cr, user, call)
            cr.commit()
            self._kill(cr)  # after the commit it is done, whoever dies
        self.cr.rollback()
        self.env.invalidate_all()
        self._assert_ordered(record, amount)
        [again] = self._at_once((user, call))
        self.assertIsInstance(again, UserError)
        self._assert_ordered(record, amount)


@tagged("post_install", "-at_install")
class TestCompensationMoneyAtOnce(MoneyAtOnce, CompensationAtOnceCommon):
    """D01: approvals at one moment, and a server killed before the bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approvers = [cls.grantor, cls.second] + [
            cls._new_staff(f"grantor{number}", "compensation_approver", cls.company)
            for number in range(8)
        ]
        cls.cr.commit()

    def _approving(self):
        case = self._asked(amount=1234.56).sudo()
        approval = case.approval_id
        self.cr.commit()

        def approve(env):
            env["npo.approval"].browse(approval.id)._answer(True, "Fair.")
            return "done"

        return case, approve

    def test_fifty_approve(self):
        """D01: fifty approvals of one case at once leave one bill of the amount."""
        case, approve = self._approving()
        self._fifty(self.approvers, approve)
        case.invalidate_recordset()
        self.assertEqual((case.stage_code, case.amount_approved), ("payment", 1234.56))
        self._assert_ordered(case, 1234.56)
        duties = [("res_id", "=", case.id), ("duty", "=", "approve")]
        duties.append(("res_model", "=", case._name))
        self.assertEqual(self.env["npo.duty"].search_count(duties), 1)

    def test_killed(self):
        """D01: killed between approval and bill, there is none or the right one."""
        case, approve = self._approving()
        points = [
            ("npo.compensation", "_pay_out", True),
            ("npo.payout", "_make"),
            ("npo.payout", "_make_bills"),
            ("npo.payout", "_follow"),
            ("npo.compensation", "_notify"),
            (),
        ]
        self._assert_survives(points, self.grantor, approve, case, 1234.56)
        self.assertEqual(case.stage_code, "payment")

    def _assert_nothing(self, case):
        self.assertEqual((case.stage_code, case.amount_approved), ("approval", 0))
        self.assertEqual(case.approval_id.state, "waiting")
        self.assertFalse(self._payouts(case))
        self.assertFalse(self._bills(case))
        self.assertFalse(self.env["npo.duty"]._persons("approve", case))


@tagged("post_install", "-at_install")
class TestDeliveryMoneyAtOnce(MoneyAtOnce):
    """D01, R129: cash aid ordered at one moment, and a server killed before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fund = cls.env["npo.fund"].create(
            {"name": "General", "company_id": cls.company.id}
        )
        cls.cr.commit()

    def _planned(self, amount):
        request = self._at("delivery")
        request.fund_id = self.fund
        delivery = self.env["npo.delivery"].create(
            {
                "request_id": request.id,
                "state": "planned",
                "amount_planned": amount,
                "date_planned": local_today(),
            }
        )
        self.cr.commit()
        return delivery

    def test_fifty_pay_out(self):
        """D01: fifty orders of one delivery at once are one."""
        delivery = self._planned(321.09)
        delivery.write({"state": "waiting_payment", "amount": 321.09})
        self.cr.commit()

        def pay_out(env):
            env["npo.delivery"].sudo().browse(delivery.id)._pay_out()
            return "done"

        self._fifty([self.users["deliverer"], self.officer], pay_out)
        delivery.invalidate_recordset()
        self._assert_ordered(delivery, 321.09)

    def test_killed(self):
        """D01: killed between hand-over and bill, there is none or the right one."""
        delivery = self._planned(77.77)

        def hand_over(env):
            planned = env["npo.delivery"].browse(delivery.id)
            planned._deliver_planned(local_today(), "bank")

        points = [
            ("npo.delivery", "_pay_out", True),
            ("npo.payout", "_make"),
            ("npo.payout", "_make_bills"),
            ("npo.payout", "_follow"),
            (),
        ]
        deliverer = self.users["deliverer"]
        self._assert_survives(points, deliverer, hand_over, delivery, 77.77)
        self.assertEqual(delivery.state, "waiting_payment")

    def _assert_nothing(self, delivery):
        self.assertEqual((delivery.state, delivery.amount), ("planned", 0))
        self.assertFalse(self._payouts(delivery))
        self.assertFalse(self._bills(delivery))
