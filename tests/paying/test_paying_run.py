from odoo import fields
from odoo.tests import tagged

from ..common import local_today
from .common import PayingCommon, without_own_plan

PAYEES = 1000


@tagged("post_install", "-at_install")
class TestPayingRun(PayingCommon):
    """D01, P061: a programme pays 1,000 persons, each once, each with a result."""

    @classmethod
    def setUpClass(cls):
        with without_own_plan():
            super().setUpClass()
        cls.deliverer = cls.users["deliverer"]
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Payee {number}", "company_id": cls.company.id}
                for number in range(PAYEES)
            ]
        )
        cls.env["res.partner.bank"].create(
            [
                {
                    "partner_id": partner.id,
                    "acc_number": f"ACC{partner.id}",
                    "allow_out_payment": True,
                }
                for partner in cls.partners
            ]
        )
        files = cls.env["npo.beneficiary"].create(
            [
                {"partner_id": partner.id, "company_id": cls.company.id}
                for partner in cls.partners
            ]
        )
        files.state = "active"
        requests = cls.env["npo.request"].create(
            [
                {
                    "company_id": cls.company.id,
                    "beneficiary_id": file.id,
                    "partner_id": file.partner_id.id,
                    "service_id": cls.service.id,
                    "channel_id": cls.channel.id,
                    "description": "Rent",
                    "amount_requested": 1000.01,
                }
                for file in files
            ]
        )
        requests.write(
            {
                "stage_id": cls.env["npo.stage"]._get("request", "delivery").id,
                "decision": "accepted",
                "amount_approved": 1000.01,
                "fund_id": cls.fund.id,
                "date_to_delivery": fields.Datetime.now(),
            }
        )
        cls.planned = cls.env["npo.delivery"].create(
            [
                {
                    "request_id": request.id,
                    "state": "planned",
                    "amount_planned": 1000.01,
                    "date_planned": local_today(),
                }
                for request in requests
            ]
        )

    def _run_cron(self, run):
        """Let the cron come until the run is over: each time it does what it can."""
        cron = self.env.ref("npo_relations.ir_cron_npo_payout_run")
        for _time in range(PAYEES):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            if run.state != "running":
                return
            self._plan_by_size()

    def test_thousand(self):
        """D01: 1,000 bills by a few statements each; one that fails, fails alone."""
        bad = self.planned[PAYEES // 2]
        bad.amount_planned = 1000.02
        run = self.env["npo.payout.run"].with_user(self.deliverer)._start(self.planned)
        before = self.env.cr.sql_log_count
        self._run_cron(run)
        each = (self.env.cr.sql_log_count - before) / PAYEES
        self.assertLess(each, 12)
        self.assertEqual((run.state, run.total_count), ("failed", PAYEES))
        self.assertEqual(
            (run.done_count, run.failed_count),
            (PAYEES - 1, 1),
            set(run.sudo().line_ids.mapped("error")),
        )
        self.assertEqual(run.progress, 100)
        failed = run.sudo().line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.delivery_id, bad)
        self.assertIn("approved", failed.error)
        self._assert_each_once(self.planned - bad)

        run.action_run_again()
        self._run_cron(run)
        self._assert_each_once(self.planned - bad)
        bad.amount_planned = 1000.01
        run.action_run_again()
        self._run_cron(run)
        self.assertEqual((run.state, run.done_count), ("done", PAYEES))
        self._assert_each_once(self.planned)

    def _assert_each_once(self, deliveries):
        """Assert that these have one order and one bill of their amount, no others."""
        orders = self.env["npo.payout"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(orders), len(deliveries))
        self.assertEqual(set(orders.mapped("res_id")), set(deliveries.ids))
        bills = self.env["account.move"].search([("npo_payout_id", "in", orders.ids)])
        self.assertEqual(len(bills), len(deliveries))
        self.assertEqual(set(bills.mapped("amount_total")), {1000.01})
        self.assertEqual(set(bills.mapped("state")), {"draft"})
