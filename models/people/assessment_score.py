from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import means, need_score
from .assessment import LEVELS, OWN_TENURES
from .assessment_line import HEALTH_GROUPS

LINE_FIELDS = (
    "income_line_ids",
    "expense_line_ids",
    "debt_line_ids",
    "asset_line_ids",
    "need_line_ids",
    "aid_line_ids",
)


class NpoAssessment(models.Model):
    """Totals and score of a study, worked out while it is a draft (P131, P132, P136).

    Handing a study in keeps the figures and the rules that made its score; from then
    on nothing is worked out again, whatever becomes of the rules.
    """

    _inherit = "npo.assessment"

    scheme_id = fields.Many2one(
        "npo.score.scheme",
        string="Rules of the score",
        compute="_compute_scheme_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )

    # totals
    amount_income = fields.Monetary(
        "Monthly income", compute="_compute_totals", store=True
    )
    amount_expense = fields.Monetary(
        "Monthly expenses", compute="_compute_totals", store=True
    )
    amount_rent = fields.Monetary(
        "Rent taken off",
        compute="_compute_totals",
        store=True,
        help="The rent of the home or of the expenses, the higher of the two.",
    )
    amount_instalments = fields.Monetary(
        "Instalments taken off",
        compute="_compute_totals",
        store=True,
        help="The instalments of the debts or of the expenses, the higher of the two.",
    )
    amount_debt = fields.Monetary("Still owed", compute="_compute_totals", store=True)
    amount_asset = fields.Monetary(
        "Worth of the property", compute="_compute_totals", store=True
    )
    amount_need = fields.Monetary(
        "Cost of the needs", compute="_compute_totals", store=True
    )
    amount_recommended = fields.Monetary(
        "Amount recommended", compute="_compute_totals", store=True
    )
    per_capita = fields.Monetary(
        "Income per head", compute="_compute_totals", store=True, aggregator="avg"
    )
    per_capita_formula = fields.Char(compute="_compute_per_capita_formula")
    amount_benchmark = fields.Monetary(
        "Minimum income of the household",
        compute="_compute_totals",
        store=True,
        help="What the rules name as the minimum for the head and each other member;"
        " to compare with, without points.",
    )
    persons_per_room = fields.Float(
        compute="_compute_totals", store=True, digits=(6, 2), aggregator="avg"
    )

    # score
    per_capita_band = fields.Char(
        "Band per head", compute="_compute_score", store=True, index=True
    )
    income_band = fields.Char("Income band", compute="_compute_score", store=True)
    crowding = fields.Char(compute="_compute_score", store=True)
    points_income = fields.Integer(
        "Points: income", compute="_compute_score", store=True
    )
    points_housing = fields.Integer(
        "Points: housing", compute="_compute_score", store=True
    )
    points_family = fields.Integer(
        "Points: family", compute="_compute_score", store=True, groups=HEALTH_GROUPS
    )
    points_health = fields.Integer(
        "Points: health", compute="_compute_score", store=True, groups=HEALTH_GROUPS
    )
    points_people = fields.Integer(
        "Family and health", compute="_compute_score", store=True
    )
    points_debts = fields.Integer("Points: debts", compute="_compute_score", store=True)
    points_urgency = fields.Integer(
        "Points: urgency", compute="_compute_score", store=True
    )
    score_computed = fields.Integer(
        "Computed total", compute="_compute_score", store=True, aggregator="avg"
    )
    adjustment = fields.Integer("Researcher's adjustment", copy=False, tracking=True)
    adjustment_reason = fields.Text("Reason of the adjustment", copy=False)
    score = fields.Integer(
        "Score of need",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Informs who decides, and decides nothing.",
    )
    level = fields.Selection(
        LEVELS, "Level of need", compute="_compute_score", store=True, index=True
    )
    score_explanation = fields.Text(compute="_compute_score_explanation")
    snapshot = fields.Json(
        "What made the score", readonly=True, copy=False, groups=HEALTH_GROUPS
    )

    _adjustment_bounds = models.Constraint(
        "CHECK (adjustment BETWEEN -10 AND 10)",
        "An adjustment is 10 points at most, up or down.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _keep(self, names):
        """Give computed fields of studies handed in what they hold already."""
        for assessment in self:
            for name in names:
                assessment[name] = assessment[name]

    @api.depends("company_id", "date")
    def _compute_scheme_id(self):
        """Take the rules once; a later version is for new studies."""
        found = {}
        for assessment in self:
            if not assessment.scheme_id and assessment.date:
                key = (assessment.company_id, assessment.date)
                if key not in found:
                    found[key] = self.env["npo.score.scheme"]._in_force(*key)
                assessment.scheme_id = found[key]
            else:
                assessment.scheme_id = assessment.scheme_id

    @api.depends(
        "scheme_id",
        "member_count",
        "residents",
        "rooms",
        "monthly_rent",
        "income_line_ids.monthly_amount",
        "expense_line_ids.monthly_amount",
        "expense_line_ids.item_id",
        "debt_line_ids.remaining",
        "debt_line_ids.instalment",
        "asset_line_ids.amount",
        "need_line_ids.amount",
        "need_line_ids.amount_recommended",
        "need_line_ids.is_recommended",
    )
    def _compute_totals(self):
        names = [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_totals"
        ]
        drafts = self.filtered(lambda one: one.state == "draft")
        (self - drafts)._keep(names)
        for assessment in drafts:
            assessment.update(assessment._totals())

    def _totals(self):
        """Return the values of the totals."""
        expenses = self.expense_line_ids
        costs = {
            cost: sum(
                line.monthly_amount
                for line in expenses
                if line.item_id.fixed_cost == cost
            )
            for cost in ("rent", "instalment")
        }
        debts = self.debt_line_ids
        needs = self.need_line_ids
        rent = max(self.monthly_rent, costs["rent"])
        instalments = max(sum(debts.mapped("instalment")), costs["instalment"])
        income = sum(self.income_line_ids.mapped("monthly_amount"))
        members = max(1, self.member_count)
        residents = self.residents or members
        scheme = self.scheme_id.sudo()
        return {
            "amount_income": income,
            "amount_expense": sum(expenses.mapped("monthly_amount")),
            "amount_rent": rent,
            "amount_instalments": instalments,
            "amount_debt": sum(debts.mapped("remaining")),
            "amount_asset": sum(self.asset_line_ids.mapped("amount")),
            "amount_need": sum(needs.mapped("amount")),
            "amount_recommended": sum(
                needs.filtered("is_recommended").mapped("amount_recommended")
            ),
            "per_capita": means.per_capita(income, rent, instalments, members),
            "amount_benchmark": scheme.benchmark_head
            + scheme.benchmark_dependant * (members - 1),
            "persons_per_room": residents / self.rooms if self.rooms else 0,
        }

    @api.depends("amount_income", "amount_rent", "amount_instalments", "member_count")
    def _compute_per_capita_formula(self):
        """Write the arithmetic out: (4,500 − 1,250 − 250) ÷ 5 = 600."""
        for one in self:
            one.per_capita_formula = (
                f"\u2066({one.amount_income:,.0f} − {one.amount_rent:,.0f} −"
                f" {one.amount_instalments:,.0f}) ÷ {one.member_count} ="
                f" {one.per_capita:,.2f}\u2069"
            )

    @api.depends(
        "scheme_id",
        "amount_income",
        "amount_debt",
        "per_capita",
        "persons_per_room",
        "dependants",
        "head_situation",
        "urgency",
        "tenure",
        "condition",
        "arrears_months",
        "adjustment",
        "health_line_ids.member",
        "health_line_ids.status",
        "health_line_ids.is_severe",
        "health_line_ids.cost",
        "health_line_ids.disability_degree",
    )
    def _compute_score(self):
        names = [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_score"
        ]
        drafts = self.filtered(lambda one: one.state == "draft")
        (self - drafts)._keep(names)
        rules = {
            scheme: scheme.sudo()._rules() for scheme in drafts.mapped("scheme_id")
        }
        for assessment in drafts:
            scheme = assessment.scheme_id
            assessment.update(assessment._scored(rules.get(scheme, []), scheme.sudo()))

    def _scored(self, rules, scheme):
        """Return the values of the score under the rules of a scheme."""
        figures = self._figures()
        points = {
            axis: value
            for axis, (value, _rules) in need_score.score(
                rules, figures, scheme._maxima()
            ).items()
        }
        result = need_score.total(points.values(), self.adjustment)
        return {
            **{f"points_{axis}": value for axis, value in points.items()},
            "points_people": points["family"] + points["health"],
            "score_computed": need_score.total(points.values()),
            "score": result,
            "level": need_score.level(result, scheme._levels_from()),
            "per_capita_band": need_score.band(rules, figures, "income"),
            "income_band": need_score.band(rules, figures, "income_band"),
            "crowding": self.rooms
            and need_score.band(rules, figures, "crowding")
            or False,
        }

    def _figures(self):
        """Return the named figures that the rules may look at."""
        health = self.sudo().health_line_ids
        housing = {self.tenure, self.condition, self.house_type} - {False}
        if self.tenure in OWN_TENURES:
            housing.add("owns")
        if self.arrears_months > 0:
            housing.add("arrears")
        return {
            "per_capita": self.per_capita,
            "monthly_income": self.amount_income,
            "debt_months": need_score.debt_months(self.amount_debt, self.amount_income),
            "dependants": self.dependants,
            "needy_members": health._needy_count(),
            "persons_per_room": self.persons_per_room,
            "housing": housing,
            "head": {self.head_situation} - {False},
            "health": health._health_codes(),
            "urgency": {self.urgency} - {False, "none"},
        }

    @api.depends("score", "points_people", "snapshot")
    @api.depends_context("uid", "lang")
    def _compute_score_explanation(self):
        """Say which rules made the score; health only to who may read it (P013)."""
        reads_health = self.env.user.has_groups(HEALTH_GROUPS)
        for assessment in self:
            assessment.score_explanation = assessment._explanation(reads_health)

    def _explanation(self, reads_health):
        labels = dict(self.env["npo.score.rule"]._fields["axis"].selection)
        labels |= dict(
            self.env["npo.score.rule"]._fields["axis"]._description_selection(self.env)
        )
        private = ("family", "health")
        lines = []
        for axis, points, names in self._counted():
            if axis in private and not reads_health:
                continue
            text = f"{labels[axis]}: {points}"
            lines.append(f"{text} — {', '.join(names)}" if names else text)
        if not reads_health:
            both = self.env._("Family and health: %s", self.points_people)
            lines.insert(2, both)
        if self.adjustment:
            lines.append(self.env._("Adjustment: %s", f"{self.adjustment:+d}"))
        return "\n".join(lines)

    def _counted(self):
        """Return [(axis, points, [names of rules])]: as kept, or as it is now."""
        kept = self.sudo().snapshot
        if self.state != "draft" and kept:
            return [
                (axis, kept["points"][axis], [rule["name"] for rule in rules])
                for axis, rules in kept["counted"].items()
            ]
        scheme = self.scheme_id.sudo()
        names = {(rule.axis, rule.code): rule.name for rule in scheme.rule_ids}
        scored = need_score.score(scheme._rules(), self._figures(), scheme._maxima())
        return [
            (axis, points, [names[axis, rule.code] for rule in rules])
            for axis, (points, rules) in scored.items()
        ]

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("adjustment", "adjustment_reason", "scheme_id")
    def _check_adjustment(self):
        """P132: bounded, and never without a reason."""
        for assessment in self:
            most = assessment.scheme_id.sudo().adjustment_max
            if abs(assessment.adjustment) > most:
                raise ValidationError(
                    self.env._(
                        "The score is adjusted by %s points at most, up or down.", most
                    )
                )
            if (
                assessment.adjustment
                and not (assessment.adjustment_reason or "").strip()
            ):
                raise ValidationError(
                    self.env._("Write the reason of the adjustment first.")
                )

    # ------------------------------------------------------------
    # WHAT MADE THE SCORE
    # ------------------------------------------------------------

    def _make_snapshot(self):
        """Return the inputs and the rules that made the score, as they are now.

        Kept with the study: a list or a rule renamed later changes nothing of it.
        """
        self.ensure_one()
        one = self.sudo()
        scheme = one.scheme_id
        figures = one._figures()
        scored = need_score.score(scheme._rules(), figures, scheme._maxima())
        names = {(rule.axis, rule.code): rule.name for rule in scheme.rule_ids}
        return {
            "made_on": fields.Datetime.to_string(fields.Datetime.now()),
            "researcher": one.researcher_id.name,
            "members": one.member_count,
            "member_health": one._member_health(),
            "figures": {
                name: sorted(value) if isinstance(value, set) else value
                for name, value in figures.items()
            },
            "amounts": {
                name: one[name] for name in self._fields if name.startswith("amount_")
            },
            "lines": [
                {
                    "kind": line.kind,
                    "code": line.item_id.code,
                    "amount": line.amount,
                    "period": line.period,
                    "remaining": line.remaining,
                    "instalment": line.instalment,
                }
                for line in one.line_ids
            ],
            "points": {axis: points for axis, (points, _rules) in scored.items()},
            "counted": {
                axis: [
                    {"code": rule.code, "name": names[axis, rule.code]}
                    for rule in rules
                ]
                for axis, (_points, rules) in scored.items()
            },
            "adjustment": one.adjustment,
            "adjustment_reason": one.adjustment_reason or "",
            "score": one.score,
            "level": one.level,
            "scheme": scheme._snapshot(),
        }
