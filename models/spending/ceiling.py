from calendar import monthrange
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, formatLang

from ...tools import hijri
from ..core.guards import check_values

HIJRI_MONTHS = 12


def period_bounds(period, day):
    """Return the (first, last) day of the period that a day lies in, or None."""
    if period == "month":
        last = monthrange(day.year, day.month)[1]
        return day.replace(day=1), day.replace(day=last)
    if period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if period == "hijri_year":
        year = hijri.to_hijri(day).year
        last = hijri.month_length(year, HIJRI_MONTHS)
        return (
            hijri.to_gregorian(year, 1, 1),
            hijri.to_gregorian(year, HIJRI_MONTHS, last),
        )
    return None


class NpoCeiling(models.Model):
    """The most that is given: each time, in a month, a year, a lifetime (D19, P069).

    A line of a rule of the association, as data ⚖. It is no wall: a decision above it
    waits for a higher approval.
    """

    _name = "npo.ceiling"
    _description = "Ceiling"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    scope = fields.Selection(
        [
            ("beneficiary", "Each beneficiary"),
            ("household", "Each household"),
            ("service", "All beneficiaries together"),
        ],
        string="Counted for",
        required=True,
        default="beneficiary",
    )
    service_ids = fields.Many2many(
        "npo.service",
        string="Services",
        check_company=True,
        help="What is given of these services together is counted. Empty: of all.",
    )
    fund_id = fields.Many2one(
        "npo.fund",
        string="Programme or fund",
        index="btree_not_null",
        check_company=True,
        help="Only what this fund pays is counted. Empty: whatever pays.",
    )
    period = fields.Selection(
        [
            ("request", "Each request"),
            ("month", "Month"),
            ("year", "Year"),
            ("hijri_year", "Hijri year"),
            ("lifetime", "Always"),
        ],
        required=True,
        default="year",
    )
    measure = fields.Selection(
        [("amount", "Amount"), ("quantity", "Quantity"), ("count", "Times")],
        required=True,
        default="amount",
    )
    limit = fields.Float("At most", required=True, digits="Product Unit")
    date_from = fields.Date("Valid from")
    date_to = fields.Date("Valid until")

    _limit_not_negative = models.Constraint(
        'CHECK ("limit" >= 0)', "A ceiling cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "A ceiling cannot end before it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        return super().write(vals)

    # ------------------------------------------------------------
    # COUNTING
    # ------------------------------------------------------------

    @api.model
    def _lines(self, requests, days, funds):
        """Return what is left under each ceiling for each of the requests.

        Statements grow with the ceilings, not with the requests.

        :param dict days: {request: the day of its decision}
        :param dict funds: {request: the fund that pays}
        :return: list of dicts, as `npo.request._ceilings_left` says
        """
        ceilings = self.sudo().search([("company_id", "in", requests.company_id.ids)])
        if not ceilings:
            return []
        granted = self._granted_to_persons(requests, ceilings)
        totals, lines = {}, []
        for request in requests:
            day, fund = days[request], funds[request]
            for ceiling in ceilings:
                if not ceiling._is_for(request, fund, day):
                    continue
                bounds = period_bounds(ceiling.period, day)
                if ceiling.period == "request":
                    used = 0
                elif ceiling.scope == "service":
                    used = ceiling._total_used(request, bounds, totals)
                else:
                    persons = granted[ceiling.scope].get(request.partner_id, ())
                    used = ceiling._person_used(request, bounds, persons)
                lines.append(ceiling._line(request, bounds, used))
        return lines

    def _is_for(self, request, fund, day):
        return (
            self.company_id == request.company_id
            and (not self.service_ids or request.service_id in self.service_ids)
            and (not self.fund_id or self.fund_id == fund)
            and (not self.date_from or self.date_from <= day)
            and (not self.date_to or day <= self.date_to)
        )

    def _line(self, request, bounds, used):
        return {
            "request": request,
            "name": self.name,
            "scope": self.scope,
            "period": self._period_text(bounds, request),
            "measure": self.measure,
            "limit": self.limit,
            "used": used,
            "left": max(self.limit - used, 0),
            "need": request._granted(self.measure),
        }

    def _period_text(self, bounds, request):
        labels = dict(self._fields["period"]._description_selection(self.env))
        text = labels[self.period]
        if not bounds:
            return text
        return f"{text}: {' – '.join(request._format_date(day) for day in bounds)}"

    @api.model
    def _granted_to_persons(self, requests, ceilings):
        """Return {scope: {applicant: what was granted to the person or the family}}."""
        scopes = set(ceilings.mapped("scope"))
        partners = requests.partner_id
        families = {partner: partner for partner in partners}
        if "household" in scopes:
            families = self.env["npo.household.member"]._families(partners)
        everybody = partners.browse().union(*families.values())
        found = {}
        if scopes & {"beneficiary", "household"}:
            model = self.env["npo.request"].sudo().with_context(active_test=False)
            records = model.search_fetch(
                Domain("partner_id", "in", everybody.ids)
                & Domain("company_id", "in", requests.company_id.ids)
                & model._granted_domain(),
                [
                    "partner_id",
                    "service_id",
                    "fund_id",
                    "company_id",
                    "date_decided",
                    "amount_granted",
                    "quantity_granted",
                ],
            )
            found = records.grouped("partner_id")
        none = self.env["npo.request"]
        return {
            "beneficiary": {partner: found.get(partner, none) for partner in partners},
            "household": {
                partner: none.union(*(found.get(one, none) for one in family))
                for partner, family in families.items()
            },
        }

    def _person_used(self, request, bounds, granted):
        """Sum what was granted beside this request, in the period."""
        return sum(
            other._granted(self.measure)
            for other in granted
            if other.id != request.id
            and self._is_for(other, other.fund_id, other._decision_day())
            and (not bounds or bounds[0] <= other._decision_day() <= bounds[1])
        )

    def _total_used(self, request, bounds, totals):
        """Sum what was granted to all others in the period; read once for each."""
        key = (self, bounds)
        model = self.env["npo.request"].sudo().with_context(active_test=False)
        domain = model._granted_domain(self.company_id, *(bounds or ()))
        domain &= Domain("company_id", "=", self.company_id.id)
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids.ids)
        if self.fund_id:
            domain &= Domain("fund_id", "=", self.fund_id.id)
        if key not in totals:
            names = ["amount_granted:sum", "quantity_granted:sum", "__count"]
            measures = ("amount", "quantity", "count")
            totals[key] = dict(
                zip(measures, model._read_group(domain, [], names)[0], strict=True)
            )
        own = request.sudo().filtered_domain(domain)
        return (totals[key][self.measure] or 0) - (
            own._granted(self.measure) if own else 0
        )

    @api.model
    def _number_text(self, measure, value, company):
        """Return a number of a line as a person reads it."""
        if measure == "amount":
            return format_amount(self.env, value, company.currency_id)
        return formatLang(self.env, value, digits=0 if value == int(value) else 2)
