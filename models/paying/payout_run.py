import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.spreadsheet import Sheet, neutralised, write_workbook
from ..core.guards import without_defaults
from ..core.print_document import PrintDocument
from ..core.reference_mixin import NpoReferenceMixin

BATCH = 50


class NpoPayoutRun(models.Model):
    """Many deliveries of money ordered at once, with a result for each (D01, P061).

    A cron takes them in batches, in the name of who started it. Started again, it
    takes what failed and what was not reached; what is ordered stays as it is.
    """

    _name = "npo.payout.run"
    _description = "Batch of Payment Orders"
    _inherit = [NpoReferenceMixin._name]
    _order = "id desc"

    _reference_prefix = "RUN"

    name = fields.Char("Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Done, with failures")],
        required=True,
        readonly=True,
        default="running",
    )
    line_ids = fields.One2many("npo.payout.run.line", "run_id", readonly=True)
    total_count = fields.Integer("Payees", compute="_compute_counts")
    done_count = fields.Integer("Ordered", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    progress = fields.Float("Progress (%)", compute="_compute_counts")
    file = fields.Binary(attachment=True, readonly=True)
    file_name = fields.Char(readonly=True)

    _running_idx = models.Index("(id) WHERE state = 'running'")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        groups = self.env["npo.payout.run.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            states = {
                state: counts.get((run.id, state), 0)
                for state in ("waiting", "done", "failed")
            }
            run.total_count = sum(states.values())
            run.done_count, run.failed_count = states["done"], states["failed"]
            handled = run.done_count + run.failed_count
            run.progress = 100 * handled / run.total_count if run.total_count else 0

    # ------------------------------------------------------------
    # STARTED
    # ------------------------------------------------------------

    @api.model
    def _start(self, deliveries):
        """Return a run of planned deliveries of money; the cron begins at once."""
        if not self.env.user.has_group("npo_relations.group_npo_delivery_officer"):
            raise AccessError(self.env._("Your role does not allow this step."))
        deliveries.check_access("read")
        chosen = deliveries.filtered(
            lambda delivery: (
                delivery.service_kind == "cash" and delivery.state == "planned"
            )
        )
        if not chosen:
            raise UserError(self.env._("Choose planned deliveries of money first."))
        company = chosen.company_id
        if len(company) > 1:
            raise UserError(self.env._("Choose deliveries of one association."))
        if gap := company._npo_paying_gap("aid"):
            raise UserError(gap)
        runs = without_defaults(self.sudo())
        run = runs.create(
            {
                "name": runs._draw_references([company])[0],
                "company_id": company.id,
                "line_ids": [
                    fields.Command.create({"delivery_id": delivery.id})
                    for delivery in chosen
                ],
            }
        )
        run._trigger()
        return run.sudo(False)

    def _trigger(self):
        self.env.ref("npo_relations.ir_cron_npo_payout_run").sudo()._trigger()

    def action_run_again(self):
        """Take once more what failed, after it was put right."""
        self.ensure_one()
        self.check_access("read")
        if self.env.user != self.user_id:
            raise AccessError(self.env._("Who started it starts it again."))
        run = self.sudo()
        run.line_ids.filtered(lambda line: line.state == "failed").write(
            {"state": "waiting", "error": False}
        )
        run.state = "running"
        run._trigger()

    # ------------------------------------------------------------
    # RUN
    # ------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Order the next batches, until the time of the cron is over."""
        cron = self.env["ir.cron"]
        lines = self.env["npo.payout.run.line"].sudo()
        waiting = [("state", "=", "waiting"), ("run_id.state", "=", "running")]
        cron._commit_progress(remaining=lines.search_count(waiting))
        for run in self.sudo().search([("state", "=", "running")], order="id"):
            while batch := run._next_lines():
                batch._order_batch()
                if not run._next_lines():
                    run._close()
                if not cron._commit_progress(len(batch)):
                    return

    def _next_lines(self):
        return self.env["npo.payout.run.line"].search(
            [("run_id", "=", self.id), ("state", "=", "waiting")],
            order="id",
            limit=BATCH,
        )

    def _close(self):
        self.invalidate_recordset(["failed_count"])
        self.state = "failed" if self.failed_count else "done"

    # ------------------------------------------------------------
    # RESULT
    # ------------------------------------------------------------

    def action_open_orders(self):
        """Show the payment orders that the run made."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "npo.payout",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("run_id", "=", self.id)],
        }

    def action_export(self):
        """Offer the result of each payee as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        document = PrintDocument(self, lang=self.env.lang or self.env.user.lang)
        content = write_workbook([self._sheet(document)], document.direction == "rtl")
        self.sudo().write(
            {"file": base64.b64encode(content), "file_name": "payments.xlsx"}
        )
        address = f"/web/content/{self._name}/{self.id}/file"
        return {
            "type": "ir.actions.act_url",
            "url": f"{address}?download=true&filename_field=file_name",
            "target": "download",
        }

    def _sheet(self, document):
        _ = self.env._
        states = dict(
            self.env["npo.payout.run.line"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        return Sheet(
            _("Payment orders"),
            [
                _("Batch of payment orders %s", self.name),
                str(document.both(self.create_date)),
            ],
            [
                (_("Delivery"), 18),
                (_("Paid to"), 30),
                (_("Amount"), 14),
                (_("Payment order"), 18),
                (_("Result"), 14),
                (_("Why"), 60),
            ],
            [
                [
                    line.delivery_id.name,
                    neutralised(line.partner_id.name),
                    line.amount,
                    line.payout_id.name or "",
                    states[line.state],
                    line.error or "",
                ]
                for line in self.sudo().line_ids
            ],
        )


class NpoPayoutRunLine(models.Model):
    """One payee of a batch: ordered, or why not."""

    _name = "npo.payout.run.line"
    _description = "Payee of a Batch"
    _order = "run_id, id"

    run_id = fields.Many2one(
        "npo.payout.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True, index=True
    )
    delivery_id = fields.Many2one(
        "npo.delivery", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="delivery_id.partner_id")
    currency_id = fields.Many2one(related="delivery_id.currency_id")
    amount = fields.Monetary(related="delivery_id.amount_planned")
    payout_id = fields.Many2one("npo.payout", string="Payment order", index=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Ordered"), ("failed", "Failed")],
        required=True,
        default="waiting",
    )
    error = fields.Char("Why not")

    _waiting_idx = models.Index("(run_id, id) WHERE state = 'waiting'")

    def _order_batch(self):
        """Order all of a batch in one step; where that fails, one by one."""
        try:
            with self.env.cr.savepoint():
                self._order_all()
        except UserError:
            for line in self:
                line._order_one()

    def _order_one(self):
        try:
            with self.env.cr.savepoint():
                self._order_all()
        except UserError as error:
            self.write({"state": "failed", "error": str(error)})

    def _order_all(self):
        """Hand over as planned, as who started the run; note the orders."""
        run = self.run_id
        deliveries = self.delivery_id.with_user(run.user_id).with_company(
            run.company_id
        )
        planned = deliveries.filtered(lambda delivery: delivery.state == "planned")
        if planned:
            planned._deliver_planned(run.company_id._npo_today(), "bank")
        for line in self:
            line.payout_id = line.delivery_id._live_payouts()[:1]
        missing = self.filtered(lambda line: not line.payout_id)
        if missing:
            raise UserError(
                self.env._(
                    "%s is not planned any more and has no payment order.",
                    missing[0].delivery_id.name,
                )
            )
        self.payout_id.run_id = run
        self.write({"state": "done", "error": False})


class NpoPayout(models.Model):
    _inherit = "npo.payout"

    run_id = fields.Many2one("npo.payout.run", string="Batch", index="btree_not_null")


class NpoDelivery(models.Model):
    _inherit = "npo.delivery"

    def action_pay_in_batch(self):
        """Order the payment of many planned deliveries; a cron makes the bills."""
        run = self.env["npo.payout.run"]._start(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.payout.run",
            "res_id": run.id,
            "views": [[False, "form"]],
        }
