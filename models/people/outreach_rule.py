from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..core.guards import check_values

BATCH = 500
HOUSEHOLD_MEMBER = "npo.household.member"
OFFICER_GROUP = "npo_relations.group_npo_relations_officer"
# A candidate in one of these states is still being talked to.
OPEN_STATES = ("to_call", "called", "agreed")


class NpoOutreachRule(models.Model):
    """Who is called about a service without having asked for it (R058).

    A rule is data: what it looks for in the registry, for which service, and how long
    a person is left alone afterwards. It proposes each person once in a period.
    """

    _name = "npo.outreach.rule"
    _description = "Rule for Reaching Out"
    _order = "sequence, id"
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
    service_id = fields.Many2one(
        "npo.service", required=True, index=True, check_company=True
    )
    period = fields.Selection(
        [
            ("month", "Each month"),
            ("quarter", "Each quarter"),
            ("year", "Each year"),
            ("once", "Only once"),
        ],
        string="Proposes a person",
        required=True,
        default="year",
    )
    is_scheduled = fields.Boolean(
        "Runs by itself", help="Every night. Else by its button alone."
    )
    date_run = fields.Datetime("Last run on", readonly=True, copy=False)

    # conditions: all that are given hold together
    category_ids = fields.Many2many(
        "npo.beneficiary.category", string="In one of these categories"
    )
    age_from = fields.Integer("Age from")
    age_to = fields.Integer("Age up to")
    gender = fields.Selection([("male", "Male"), ("female", "Female")])
    site_ids = fields.Many2many("npo.site", string="Of these sites", check_company=True)
    region_ids = fields.Many2many("npo.region", string="In these regions")
    currency_id = fields.Many2one(related="company_id.currency_id")
    per_capita_max = fields.Monetary(
        "Income per person up to", help="Of the household. Empty: any."
    )
    months_without = fields.Integer(
        "Months without this service",
        default=12,
        help="Who received it within so many months is not proposed. 0: anybody.",
    )

    outreach_ids = fields.One2many("npo.outreach", "rule_id", string="Candidates")
    candidate_count = fields.Integer("To call", compute="_compute_candidate_count")

    _ages = models.Constraint(
        "CHECK (age_from >= 0 AND age_to >= 0 AND months_without >= 0"
        " AND (age_to = 0 OR age_from <= age_to))",
        "The ages and the months cannot be negative, nor the ages upside down.",
    )

    def _compute_candidate_count(self):
        counts = dict(
            self.env["npo.outreach"]._read_group(
                [("rule_id", "in", self.ids), ("state", "in", OPEN_STATES)],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.candidate_count = counts.get(rule._origin, 0)

    @api.constrains("age_to", "months_without")
    def _check_limits(self):
        for rule in self:
            if rule.age_from > 150 or rule.age_to > 150 or rule.months_without > 600:
                raise ValidationError(self.env._("This number is too large."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        return super().write(vals)

    # ------------------------------------------------------------
    # PROPOSING
    # ------------------------------------------------------------

    def action_propose(self):
        """Look through the registry now."""
        if not self.env.user.has_group(OFFICER_GROUP):
            raise AccessError(self.env._("Only a relations officer can run a rule."))
        self.check_access("read")
        for rule in self.sudo():
            while rule._propose():
                pass
        return self.action_view_candidates()

    def action_view_candidates(self):
        """Open the list of the persons to call."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "npo_relations.npo_outreach_action"
        )
        return {**action, "domain": [("rule_id", "in", self.ids)]}

    def _period_code(self):
        """Return the name of the period in which a person is proposed once."""
        self.ensure_one()
        today = self.company_id._npo_today()
        return {
            "month": f"{today:%Y-%m}",
            "quarter": f"{today.year}-Q{(today.month + 2) // 3}",
            "year": str(today.year),
            "once": "-",
        }[self.period]

    def _candidate_domain(self):
        """Return the domain of the files that the rule proposes in this period."""
        self.ensure_one()
        today = self.company_id._npo_today()
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "active"),
                ("active", "=", True),
            ]
        )
        if self.category_ids:
            domain &= Domain("category_ids", "in", self.category_ids.ids)
        if self.age_from:
            born = today - relativedelta(years=self.age_from)
            domain &= Domain("birth_date", "<=", born)
        if self.age_to:
            born = today - relativedelta(years=self.age_to + 1)
            domain &= Domain("birth_date", ">", born)
        if self.gender:
            domain &= Domain("partner_id.npo_gender", "=", self.gender)
        if self.site_ids:
            domain &= Domain("site_id", "in", self.site_ids.ids)
        if self.region_ids:
            domain &= Domain("region_id", "in", self.region_ids.ids)
        if self.per_capita_max:
            domain &= self._means_domain()
        return domain & self._not_served_domain(today) & self._not_proposed_domain()

    def _means_domain(self):
        """Return the domain of who lives in a household of small means (glossary 7).

        What is not known of a household is no reason to propose it.
        """
        if HOUSEHOLD_MEMBER not in self.env:
            return Domain.FALSE
        members = self.env[HOUSEHOLD_MEMBER].sudo()
        query = members._search(
            [
                ("is_current", "=", True),
                ("household_id.company_id", "=", self.company_id.id),
                ("household_id.total_income", ">", 0),
                ("household_id.per_capita", "<=", self.per_capita_max),
            ]
        )
        return Domain("partner_id", "in", query.subselect("partner_id"))

    def _not_served_domain(self, today):
        """Leave out who has the service, or an open request for it."""
        same = Domain("service_id", "=", self.service_id.id)
        running = same & Domain("is_closed", "=", False)
        domain = Domain("request_ids", "not any", running)
        if self.months_without:
            since = today - relativedelta(months=self.months_without)
            served = same & Domain("outcome", "in", ("served", "served_partially"))
            served &= Domain("date_closed", ">=", since)
            domain &= Domain("request_ids", "not any", served)
        return domain

    def _not_proposed_domain(self):
        """Leave out whom the rule proposed in this period, and who is being called."""
        proposed = Domain("rule_id", "=", self.id)
        proposed &= Domain("period", "=", self._period_code())
        talking = Domain("service_id", "=", self.service_id.id)
        talking &= Domain("state", "in", OPEN_STATES)
        return Domain("outreach_ids", "not any", proposed | talking)

    def _propose(self, limit=BATCH):
        """Propose the next files that meet the conditions; told twice, none twice.

        :return: how many
        """
        self.ensure_one()
        files = self.env["npo.beneficiary"].sudo()
        found = files.search_fetch(
            self._candidate_domain(), ["partner_id", "site_id"], limit=limit, order="id"
        )
        self.env["npo.outreach"].sudo().create(
            [
                {
                    "rule_id": self.id,
                    "service_id": self.service_id.id,
                    "company_id": self.company_id.id,
                    "beneficiary_id": file.id,
                    "period": self._period_code(),
                }
                for file in found
            ]
        )
        self.sudo().date_run = fields.Datetime.now()
        return len(found)

    @api.model
    def _cron_propose(self):
        """Run the rules that run by themselves, some hundred persons at a time."""
        for rule in self.search([("is_scheduled", "=", True)]):
            while count := rule.with_company(rule.company_id)._propose():
                if not self.env["ir.cron"]._commit_progress(count):
                    return
