from odoo import api, fields, models
from odoo.fields import Domain

GIVING = ("accepted", "partial")
# What somebody really received counts, where less than approved came to an end.
ENDED_SHORT = ("served_partially", "withdrawn", "unreachable", "deceased", "rejected")


class NpoRequest(models.Model):
    """What a request takes from ceilings and funds (D19, P065, P068, P069)."""

    _inherit = "npo.request"

    fund_id = fields.Many2one(
        "npo.fund",
        string="Programme or fund",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        groups="npo_relations.group_npo_staff",
    )
    amount_granted = fields.Monetary(
        "Counted against ceilings",
        compute="_compute_granted",
        store=True,
        precompute=True,
        groups="npo_relations.group_npo_staff",
    )
    quantity_granted = fields.Float(
        digits="Product Unit",
        compute="_compute_granted",
        store=True,
        precompute=True,
        groups="npo_relations.group_npo_staff",
    )
    ceiling_text = fields.Text(
        "Ceilings left",
        compute="_compute_ceiling_text",
        compute_sudo=True,
        groups="npo_relations.group_npo_committee_member,"
        "npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )

    _granted_idx = models.Index(
        "(company_id, date_decided) WHERE decision IN ('accepted', 'partial')"
    )

    @api.depends("decision", "amount_approved", "quantity_approved", "outcome")
    def _compute_granted(self):
        for request in self:
            amount, quantity = 0, 0
            if request.decision in GIVING:
                amount, quantity = request._counted()
                amount += quantity * request.service_id.sudo().unit_cost
            request.amount_granted = amount
            request.quantity_granted = quantity

    def _counted(self):
        """Return the (amount, quantity) that counts: approved, else received."""
        if self.outcome not in ENDED_SHORT:
            return self.amount_approved, self.quantity_approved
        amount, quantity = self._remaining()
        return self.amount_approved - amount, self.quantity_approved - quantity

    @api.model
    def _granted_domain(self, company=None, date_from=None, date_to=None):
        """Return the domain of what was granted, in days of an association."""
        domain = Domain("decision", "in", GIVING)
        if date_from:
            start, end = company._npo_day_bounds(date_from, date_to)
            domain &= Domain("date_decided", ">=", start)
            domain &= Domain("date_decided", "<", end)
        return domain

    def _granted(self, measure):
        """Return what the request counts, by a measure of a ceiling."""
        self.ensure_one()
        if measure == "count":
            return 1
        return self.amount_granted if measure == "amount" else self.quantity_granted

    def _decision_day(self):
        """Return the day of the decision, today where there is none yet."""
        self.ensure_one()
        if not self.date_decided:
            return self.company_id._npo_today()
        local = self.with_context(tz=self.company_id._npo_tz())
        return fields.Datetime.context_timestamp(local, self.date_decided).date()

    # ------------------------------------------------------------
    # WHAT IS LEFT
    # ------------------------------------------------------------

    def _ceilings_left(self):
        """Return what is left under each ceiling and budget, beside these requests.

        For any number of requests the statements grow with the rules alone.

        :return: list of dicts: request, name, scope, period, measure, limit, used,
            left, need (what this request takes)
        """
        requests = self.sudo()
        days = {request: request._decision_day() for request in requests}
        proposed = self.env["npo.fund"]._proposed_for(
            requests.filtered(lambda request: not request.fund_id)
        )
        funds = {
            request: request.fund_id or proposed.get(request, request.fund_id)
            for request in requests
        }
        ceilings = self.env["npo.ceiling"]._lines(requests, days, funds)
        return ceilings + self._budgets_left(requests, days, funds)

    @api.model
    def _budgets_left(self, requests, days, funds):
        budgets = {
            request: funds[request].budget_ids._on(days[request])
            for request in requests
        }
        all_used = self.env["npo.fund.budget"].union(*budgets.values())._used()
        lines = []
        for request, budget in budgets.items():
            if not budget:
                continue
            is_counted = request.fund_id == budget.fund_id
            used = all_used[budget] - (request.amount_granted if is_counted else 0)
            span = (budget.date_from, budget.date_to)
            lines.append(
                {
                    "request": request,
                    "name": budget.fund_id.name,
                    "scope": "fund",
                    "period": " – ".join(map(request._format_date, span)),
                    "measure": "amount",
                    "limit": budget.amount,
                    "used": used,
                    "left": max(budget.amount - used, 0),
                    "need": request.amount_granted,
                }
            )
        return lines

    @api.model
    def _ceiling_sentence(self, line):
        """Return a line of `_ceilings_left` as a person reads it."""
        ceilings = self.env["npo.ceiling"]
        company = line["request"].company_id
        left, limit, used = (
            ceilings._number_text(line["measure"], line[name], company)
            for name in ("left", "limit", "used")
        )
        return self.env._(
            "%(name)s (%(period)s): %(left)s left of %(limit)s; used %(used)s",
            name=line["name"],
            period=line["period"],
            left=left,
            limit=limit,
            used=used,
        )

    @api.depends("partner_id", "service_id", "decision", "fund_id")
    @api.depends_context("lang")
    def _compute_ceiling_text(self):
        texts = self._ceiling_texts()
        for request in self:
            request.ceiling_text = texts.get(request._origin.id, "")

    def _ceiling_texts(self):
        """Return {id: what is left, a line for each ceiling}, for those with one."""
        texts = {}
        for line in self._ceilings_left():
            texts.setdefault(line["request"].id, []).append(
                self._ceiling_sentence(line)
            )
        return {request_id: "\n".join(lines) for request_id, lines in texts.items()}
