from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import local_today
from .common import PayingCommon


@tagged("post_install", "-at_install")
class TestPayingBatch(PayingCommon):
    """Many deliveries at once, vendor bills on time, what finance sees (D01, R160)."""

    def _waiting(self, count):
        """Return deliveries that wait for finance, without their orders yet."""
        deliveries = self.env["npo.delivery"].create(
            [
                {"request_id": self.request.id, "state": "waiting_payment", "amount": 1}
                for _index in range(count)
            ]
        )
        self.env.flush_all()
        return deliveries

    def test_statements(self):
        """D01: 100 orders with their bills take as many statements as one: 55."""
        counts = {}
        self._waiting(1)._pay_out()
        for size in (1, 10, 100):
            deliveries = self._waiting(size)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            payouts = deliveries.with_user(self.users["grantor"]).sudo()._pay_out()
            self.env.flush_all()
            counts[size] = self.env.cr.sql_log_count - before
            self.assertEqual(len(payouts.move_id), size)
        self.assertLessEqual(max(counts.values()), 55, counts)

    def test_run(self):
        """D01: a batch has a result for each payee, and is safe to run again."""
        first = self._hand(amount=100)
        planned = self.env["npo.delivery"].create(
            [
                {
                    "request_id": self.request.id,
                    "state": "planned",
                    "amount_planned": amount,
                    "date_planned": local_today(),
                }
                for amount in (200, 300, 50000)
            ]
        )
        deliverer = self.users["deliverer"]
        with self.assertRaises(AccessError):
            self.env["npo.payout.run"].with_user(self.payer)._start(planned)
        action = planned.with_user(deliverer).action_pay_in_batch()
        run = self.env["npo.payout.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.total_count), ("running", 3))
        self._run_cron()
        self.assertEqual(run.state, "failed")
        self.assertEqual((run.done_count, run.failed_count), (2, 1))
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.delivery_id, planned[2])
        self.assertIn("approved", failed.error)
        self.assertEqual(planned[2].state, "planned")
        self.assertEqual(sum(run.line_ids.payout_id.mapped("amount")), 500)
        self.assertEqual(run.line_ids.payout_id.move_id.mapped("state"), ["draft"] * 2)

        planned[2].amount_planned = 400
        run.with_user(deliverer).action_run_again()
        self._run_cron()
        self.assertEqual((run.state, run.done_count), ("done", 3))
        orders = self.env["npo.payout"].search([("run_id", "=", run.id)])
        self.assertEqual(len(orders), 3)
        self.assertNotIn(first.payout_ids, orders)
        sheet = run.with_user(self.payer).action_export()
        self.assertIn("download", sheet["url"])
        self.assertTrue(run.file)

    def _run_cron(self):
        cron = self.env.ref("npo_relations.ir_cron_npo_payout_run")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_delivery_taken_back(self):
        """R129, D01: an unpaid bill goes with its delivery, a paid one is refused."""
        delivery = self._hand()
        payout = self._post(delivery.payout_ids)
        manager = self.users["manager"]
        with self.assertRaises(UserError):
            delivery.with_user(manager)._confirm_payment("TRF-1")
        delivery.with_user(manager)._reverse("A mistake")
        self.assertEqual((delivery.state, payout.state), ("returned", "void"))
        self.assertEqual(payout.void_reason, "A mistake")
        self.assertEqual(payout.move_id.state, "cancel")
        again = self._hand()
        self._pay(self._post(again.payout_ids))
        with self.assertRaisesRegex(UserError, "undo the payment"):
            again.with_user(manager)._reverse("A mistake")

    def test_without_accounting(self):
        """R129: where nothing is set up, the general manager confirms as before."""
        self.company.npo_aid_journal_id = self.company.npo_aid_account_id = False
        delivery = self._hand()
        self.assertEqual(delivery.state, "waiting_payment")
        self.assertFalse(delivery.payout_ids)
        delivery.with_user(self.users["manager"])._confirm_payment("TRF-1")
        self.assertEqual(delivery.state, "delivered")

    def test_cancelled_with_a_reason(self):
        """D01: finance cancels by a form, and nobody else."""
        delivery = self._hand()
        payout = delivery.payout_ids
        steps = self.env["npo.payout.step"]
        for name in ("deliverer", "manager"):
            with self.assertRaises(AccessError):
                payout.with_user(self.users[name])._cancel("No")
        steps.with_user(self.poster).create(
            {"payout_id": payout.id, "step": "void", "reason": "Wrong person"}
        ).action_confirm()
        self.assertEqual((payout.state, payout.void_reason), ("void", "Wrong person"))
        self.assertEqual(delivery.state, "planned")

    def test_agent(self):
        """P067: an agent is paid by a valid right to receive, with its instrument."""
        agent = self.users["officer2"].partner_id
        self.file.birth_date = fields.Date.subtract(local_today(), years=10)
        right = self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.file.partner_id.id,
                "representative_id": agent.id,
                "kind": "guardian",
                "may_receive": True,
            }
        )
        self.assertEqual(right.state, "valid")
        with self.assertRaisesRegex(UserError, "instrument"):
            self._order(representation_id=right.id)
        self.company.npo_agent_instrument = False
        payout = self._order(representation_id=right.id)
        self.assertEqual(payout.payee_id, agent)
        self.assertEqual(payout.move_id.partner_id, agent)
        self.assertEqual(payout.partner_id, self.file.partner_id)

    # ------------------------------------------------------------
    # ON TIME
    # ------------------------------------------------------------

    def _bill(self, amount=1000, due=-1):
        today = local_today()
        day = fields.Date.add(today, days=due)
        return (
            self.env["account.move"]
            .with_user(self.poster)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.users["officer2"].partner_id.id,
                    "invoice_date": fields.Date.subtract(today, days=30),
                    "invoice_date_due": day,
                    "invoice_line_ids": [
                        Command.create({"name": "Rice", "price_unit": amount})
                    ],
                }
            )
        )

    def test_paid_on_time(self):
        """R160: a bill due yesterday is late; the figure is paid on time ÷ due."""
        late, early = self._bill(), self._bill(due=5)
        (late | early).action_post()
        moves = self.env["account.move"]
        self.assertEqual(moves.search([("npo_is_late", "=", True)]), late)
        self.assertNotIn(late, moves.search([("npo_is_late", "=", False)]))
        self.assertEqual((late.npo_days_late, early.npo_days_late), (1, 0))
        for bill in late | early:
            self.env["account.payment.register"].with_user(self.payer).with_context(
                active_model="account.move", active_ids=bill.ids
            ).create({"journal_id": self.bank_journal.id})._create_payments()
        self.assertFalse(moves.search([("npo_is_late", "=", True)]))
        self.assertEqual((late.npo_paid_on_time, early.npo_paid_on_time), (False, True))
        self.assertEqual(early.npo_days_to_pay, 30)
        kpi = self.env.ref("npo_relations.kpi_paid_on_time")
        today = self.company._npo_today()
        span = (fields.Date.subtract(today, days=9), fields.Date.add(today, days=9))
        self.assertEqual(kpi._figures(self.company, *span)[kpi], (2, 1))

    def test_receipt_is_confirmed(self):
        """R160: above the association's amount a bill waits for the receipt."""
        self.company.npo_receipt_above = 500
        bill = self._bill()
        with self.assertRaisesRegex(UserError, "received"):
            bill.action_post()
        bill.write({"npo_received_by_id": self.payer.id})
        self.assertFalse(bill.npo_received_by_id)
        bill.action_npo_confirm_receipt()
        self.assertEqual(bill.npo_received_by_id, self.poster)
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        self._bill(amount=400).action_post()

    def test_list_on_paper_and_sheet(self):
        """R160: due and late as PDF and sheet, the account masked."""
        payout = self._post(self._order())
        bills = payout.move_id.with_user(self.poster)
        self.assertIn("download", bills.action_npo_export_payments()["url"])
        [one] = bills._npo_payment_lists()
        self.assertEqual(bills._npo_account_masked(), "•••• 7519")
        report = self.env.ref("npo_relations.action_report_npo_payments")
        html = str(report._render_qweb_html(report.report_name, bills.ids)[0], "utf-8")
        self.assertIn("7519", html)
        self.assertNotIn(self.bank.sanitized_acc_number, html)
        self.assertEqual(one["late"], 0)
        with self.assertRaises(AccessError):
            payout.move_id.with_user(self.users["officer"]).action_npo_export_payments()

    # ------------------------------------------------------------
    # HOME, CHECKLIST, SET-UP
    # ------------------------------------------------------------

    def test_home_of_finance(self):
        """D01: to check, to post, to pay, returned, paid; each opens its orders."""
        payout = self._order()

        def tiles():
            home = self.env["npo.home"].with_user(self.poster).get_home()
            return {
                str(tile["domain"]): tile["count"]
                for tile in home["tiles"]
                if tile["model"] == "npo.payout"
            }

        self.assertEqual(len(tiles()), 5)
        self.assertEqual(sum(tiles().values()), 1)
        self._pay(self._post(payout))
        self.assertEqual(sum(tiles().values()), 1)

    def test_what_finance_sees(self):
        """D01: the bill and the order tell who granted it; the request stays shut."""
        payout = self._order().with_user(self.poster)
        self.assertIn("Chair", payout.approved_by)
        self.assertEqual(payout.account_masked, "•••• 7519")
        action = payout.action_open_bill()
        self.assertEqual(action["res_id"], payout.move_id.id)
        self.assertEqual(payout.move_id.action_npo_open_payout()["res_id"], payout.id)
        self.assertFalse(payout.can_open_case)
        self.assertFalse(payout.move_id.npo_can_open_case)
        with self.assertRaises(AccessError):
            payout.move_id.action_npo_open_case()
        officer = payout.with_user(self.users["manager"])
        self.assertTrue(officer.can_open_case)

    def test_list_statements(self):
        """D01: the list of payment orders costs the same for many as for few."""
        counts = {}
        for size in (2, 20):
            orders = self._waiting(size)._pay_out().with_user(self.poster)
            self.env.flush_all()
            self.env.invalidate_all()
            names = ["name", "state", "amount", "can_open_case", "is_late"]
            orders.browse().search([], limit=1).read(names)  # what is cached
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.search([("id", "in", orders.ids)]).read([*names, "payee_id"])
            counts[size] = self.env.cr.sql_log_count - before
        self.assertEqual(counts[2], counts[20])
        self.assertLessEqual(counts[20], 8)

    def test_set_up_again(self):
        """P064, P065: set up twice, nothing is there twice; codes were free."""
        company = self.company

        def count():
            return [
                self.env[model].search_count([(field, "in", company.ids)])
                for model, field in (
                    ("account.account", "company_ids"),
                    ("account.journal", "company_id"),
                    ("account.analytic.account", "company_id"),
                )
            ]

        before = count()
        company._npo_set_up_paying()
        self.assertEqual(count(), before)
        account = company.npo_compensation_account_id
        self.assertEqual(account.account_type, "expense")
        self.assertFalse(account.tax_ids)
        checks = {
            check["code"]: check["state"]
            for check in self.env["npo.setup.check"]._checks(company)
            if check["area"] == "money"
        }
        self.assertEqual(set(checks.values()), {"done"}, checks)
        company.npo_compensation_account_id = False
        company.npo_post_pay_apart = True
        checks = self.env["npo.setup.check"]._checks(company)
        missing = {check["code"] for check in checks if check["state"] == "missing"}
        self.assertIn("pay_compensation", missing)
