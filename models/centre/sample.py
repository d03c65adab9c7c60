import random

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils

from ..core.register_mixin import NpoRegisterMixin

# ⚖ So many of a hundred closed requests are looked through each month.
SAMPLE_PERCENT = 5
# What makes a service smooth; each is asked of each request of the sample.
ITEMS = (
    "was_told",
    "was_asked_once",
    "was_in_time",
    "was_without_detour",
    "was_delivered",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_sample_percent = fields.Float(
        "Closed requests looked through a month (%)", default=SAMPLE_PERCENT
    )

    _npo_sample_share = models.Constraint(
        "CHECK (npo_sample_percent > 0 AND npo_sample_percent <= 100)",
        "The sample is a part of the closed requests, and not nothing.",
    )


class NpoSample(models.Model):
    """The closed requests of a month of which some are looked through (R174).

    They are drawn at random by a number that is kept: drawn again by the same number,
    the same ones come, so that nobody chooses them.
    """

    _name = "npo.sample"
    _description = "Sample of Closed Requests"
    _inherit = [NpoRegisterMixin._name]
    _order = "date_from desc, id desc"

    _reference_prefix = "SMP"
    _step_fields = NpoRegisterMixin._step_fields | {
        "date_from",
        "date_to",
        "seed",
        "population",
        "percent",
        "date_done",
    }

    name = fields.Char("Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    seed = fields.Integer("Drawn by the number", readonly=True, aggregator=None)
    percent = fields.Float(readonly=True, aggregator=None)
    population = fields.Integer("Closed in the month", readonly=True)
    check_ids = fields.One2many("npo.sample.check", "sample_id", "Looked through")
    check_count = fields.Integer("In the sample", compute="_compute_results")
    open_count = fields.Integer("Still to look through", compute="_compute_results")
    smooth_percent = fields.Float("Smooth (%)", compute="_compute_results")
    date_done = fields.Date("Finished on", readonly=True, copy=False)
    note = fields.Text("What is to be made better")

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another sample."
    )
    _month_uniq = models.UniqueIndex(
        "(company_id, date_from)", "The sample of this month has been drawn."
    )

    @api.depends("check_ids.state")
    def _compute_results(self):
        for sample in self:
            states = sample.check_ids.mapped("state")
            judged = [state for state in states if state != "open"]
            smooth = judged.count("smooth")
            sample.check_count = len(states)
            sample.open_count = len(states) - len(judged)
            sample.smooth_percent = 100 * smooth / len(judged) if judged else 0

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A sample is drawn by its button.")

    def action_draw(self):
        """Draw the sample of last month, once."""
        self.check_access("write")
        company = self.env.company
        last_month = fields.Date.subtract(company._npo_today(), months=1)
        return self._draw(company, last_month)._own_action()

    @api.model
    def _draw(self, company, day, seed=None):
        """Return the sample of the month of a day; as superuser, the user has asked."""
        first = date_utils.start_of(day, "month")
        last = date_utils.end_of(day, "month")
        known = self.sudo().search(
            [("company_id", "=", company.id), ("date_from", "=", first)]
        )
        if known:
            return known.with_env(self.env)
        seed = seed or random.SystemRandom().randrange(1, 10**9)
        requests = self._closed(company, first, last)
        chosen = self._choose(requests, company.npo_sample_percent, seed)
        sample = self.sudo().create(
            {
                "company_id": company.id,
                "date_from": first,
                "date_to": last,
                "seed": seed,
                "percent": company.npo_sample_percent,
                "population": len(requests),
            }
        )
        self.env["npo.sample.check"].sudo().create(
            [{"sample_id": sample.id, "request_id": request.id} for request in chosen]
        )
        return sample.with_env(self.env)

    @api.model
    def _closed(self, company, first, last):
        """Return the requests that were closed in a month, after the service."""
        kpi = self.env.ref("npo_relations.kpi_requests_completed")
        domain = kpi._records_domain(company, first, last)
        return self.env["npo.request"].sudo().search(domain, order="id")

    @api.model
    def _choose(self, requests, percent, seed):
        """Return the requests that a number draws; one at least, where there is one."""
        size = min(len(requests), max(1, round(len(requests) * percent / 100)))
        chosen = random.Random(seed).sample(requests.ids, size)  # noqa: S311
        return requests.browse(sorted(chosen))

    def _own_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_finish(self):
        """Finish it, once each request was looked through."""
        self.check_access("write")
        for sample in self:
            if sample.date_done:
                raise UserError(self.env._("It is finished already."))
            if sample.open_count:
                raise UserError(
                    self.env._("Still to look through: %s", sample.open_count)
                )
            sample.sudo().date_done = sample.company_id._npo_today()


class NpoSampleCheck(models.Model):
    """A request of the sample: was the service smooth for who received it?"""

    _name = "npo.sample.check"
    _description = "Check of a Closed Request"
    _inherit = ["npo.improvable.mixin"]
    _order = "sample_id desc, id"
    _rec_name = "request_name"

    sample_id = fields.Many2one(
        "npo.sample", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="sample_id.company_id", string="Association", store=True, index=True
    )
    date = fields.Date(related="sample_id.date_to", store=True)
    request_id = fields.Many2one(
        "npo.request", required=True, readonly=True, index=True, ondelete="restrict"
    )
    request_name = fields.Char("Request", compute="_compute_facts", compute_sudo=True)
    service_id = fields.Many2one(
        "npo.service", compute="_compute_facts", compute_sudo=True
    )
    cycle_days = fields.Float("Days", compute="_compute_facts", compute_sudo=True)
    return_count = fields.Integer(
        "Times sent back", compute="_compute_facts", compute_sudo=True
    )
    was_told = fields.Selection(
        selection="_answers", string="Told what happens and until when"
    )
    was_asked_once = fields.Selection(
        selection="_answers", string="Nothing asked for twice"
    )
    was_in_time = fields.Selection(selection="_answers", string="In time at each stage")
    was_without_detour = fields.Selection(
        selection="_answers", string="No needless way or visit"
    )
    was_delivered = fields.Selection(
        selection="_answers", string="Received as decided, and confirmed"
    )
    note = fields.Text()
    user_id = fields.Many2one("res.users", "Looked through by", readonly=True)
    state = fields.Selection(
        [("open", "To look through"), ("smooth", "Smooth"), ("rough", "Not smooth")],
        compute="_compute_state",
        store=True,
    )

    @api.model
    def _answers(self):
        labels = {
            "yes": self.env._("Yes"),
            "no": self.env._("No"),
            "na": self.env._("Does not apply"),
        }
        return list(labels.items())

    @api.depends("request_id")
    def _compute_facts(self):
        """The facts of the request that need nobody's name."""
        for check in self:
            request = check.request_id
            check.request_name = request.name
            check.service_id = request.service_id
            check.cycle_days = request.cycle_days
            check.return_count = request.return_count

    @api.depends(*ITEMS)
    def _compute_state(self):
        for check in self:
            answers = [check[name] for name in ITEMS]
            if not all(answers):
                check.state = "open"
            else:
                check.state = "rough" if "no" in answers else "smooth"

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin
        return {
            **super()._improvement_vals(),
            "title": self.env._("Not smooth: %s", self.service_id.name),
            "description": self.note,
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The requests of a sample are drawn."))
        return super().create(vals_list)

    def write(self, vals):
        """Who looks through it is on record; what is finished stays."""
        if not self.env.su:
            if {"sample_id", "request_id", "user_id", "state"} & set(vals):
                raise AccessError(self.env._("The requests of a sample are drawn."))
            if any(check.sample_id.date_done for check in self):
                raise UserError(self.env._("This sample is finished."))
            self.sudo().user_id = self.env.uid
        return super().write(vals)
