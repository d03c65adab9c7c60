from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import need_score
from ..core.guards import MAX_AMOUNT, check_values

AXES = [
    ("income", "Income"),
    ("housing", "Housing"),
    ("family", "Family composition"),
    ("health", "Health"),
    ("debts", "Debts"),
    ("urgency", "Urgency"),
    ("income_band", "Monthly income band (no points)"),
    ("crowding", "Crowding (no points)"),
]


class NpoScoreScheme(models.Model):
    """A version of the rules of the score of need (glossary 8.2, P132, P136).

    The one without an association is the default of all. A version that a study was
    made under is not changed any more: a new one, from a day on, serves new studies.
    """

    _name = "npo.score.scheme"
    _description = "Rules of the Score of Need"
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: the default of every association without rules of its own.",
    )
    date_from = fields.Date(
        "For studies from", required=True, default=fields.Date.context_today
    )
    active = fields.Boolean(default=True)
    rule_ids = fields.One2many("npo.score.rule", "scheme_id", string="Rules", copy=True)
    is_used = fields.Boolean("A study uses it", compute="_compute_is_used")

    # the most points of each axis
    max_income = fields.Integer("Income: at most", default=40)
    max_housing = fields.Integer("Housing: at most", default=20)
    max_family = fields.Integer("Family: at most", default=15)
    max_health = fields.Integer("Health: at most", default=10)
    max_debts = fields.Integer("Debts: at most", default=10)
    max_urgency = fields.Integer("Urgency: at most", default=5)

    # levels
    severe_from = fields.Integer("Severe need from", default=75)
    high_from = fields.Integer("High need from", default=55)
    medium_from = fields.Integer("Medium need from", default=35)
    adjustment_max = fields.Integer(
        "Adjustment, up or down",
        default=10,
        help="By so many points the researcher may adjust a total, with a reason.",
    )

    # the benchmark of P136
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self._default_currency_id()
    )
    benchmark_head = fields.Monetary("Minimum income: head", default=1320)
    benchmark_dependant = fields.Monetary("Minimum income: each dependant", default=660)

    _day_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), date_from) WHERE active IS TRUE",
        "There are rules from this day already.",
    )
    _bounds = models.Constraint(
        "CHECK (max_income >= 0 AND max_housing >= 0 AND max_family >= 0"
        " AND max_health >= 0 AND max_debts >= 0 AND max_urgency >= 0"
        " AND adjustment_max >= 0 AND adjustment_max <= 10"
        " AND benchmark_head >= 0 AND benchmark_dependant >= 0)",
        "Points and amounts cannot be negative, and an adjustment is 10 at most.",
    )
    _levels = models.Constraint(
        "CHECK (medium_from > 0 AND high_from > medium_from"
        " AND severe_from > high_from AND severe_from <= 100)",
        "The levels must rise: medium, high, severe, 100 at most.",
    )

    @api.model
    def _default_currency_id(self):
        sar = self.env.ref("base.SAR", raise_if_not_found=False)
        return sar or self.env.company.currency_id

    def _compute_is_used(self):
        used = self._used()
        for scheme in self:
            scheme.is_used = scheme._origin in used

    def _used(self):
        """Return the schemes that a study was made under."""
        studies = self.env["npo.assessment"].sudo().with_context(active_test=False)
        groups = studies._read_group([("scheme_id", "in", self.ids)], ["scheme_id"])
        return self.browse(scheme.id for (scheme,) in groups)

    @api.constrains(*(f"max_{axis}" for axis in need_score.SCORED_AXES))
    def _check_maxima(self):
        for scheme in self:
            if sum(scheme._maxima().values()) != need_score.TOTAL_MAX:
                raise ValidationError(
                    self.env._("The most points of the axes must make 100 together.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        if set(vals) - {"name", "active"}:
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def copy_data(self, default=None):
        today = fields.Date.context_today(self)
        return [
            {
                **vals,
                "company_id": self.env.company.id,
                "date_from": today,
                "name": self.env._("%s (new version)", scheme.name),
            }
            for scheme, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _check_unused(self):
        if used := self._used():
            raise UserError(
                self.env._(
                    "Studies were made under “%s”: it stays as it is. Duplicate it,"
                    " and change the copy; it serves new studies from its day on.",
                    used[0].name,
                )
            )

    # ------------------------------------------------------------
    # SCORING
    # ------------------------------------------------------------

    @api.model
    def _in_force(self, company, day):
        """Return the rules of a day: the association's own, else the default.

        Read as superuser: whoever makes a study is scored, whatever they may read.
        """
        schemes = self.sudo().search(
            [("company_id", "in", (company.id, False)), ("date_from", "<=", day)]
        )
        own = schemes.filtered("company_id")
        return (own or schemes)[:1]

    def _maxima(self):
        return {axis: self[f"max_{axis}"] for axis in need_score.SCORED_AXES}

    def _levels_from(self):
        return [
            ("severe", self.severe_from),
            ("high", self.high_from),
            ("medium", self.medium_from),
            ("low", 0),
        ]

    def _rules(self):
        """Return the rules as the arithmetic reads them, in their order."""
        return [rule._as_rule() for rule in self.rule_ids]

    def _snapshot(self):
        """Return all that the rules say, to be kept with a score made under them."""
        return {
            "id": self.id,
            "name": self.name,
            "date_from": fields.Date.to_string(self.date_from),
            "maxima": self._maxima(),
            "levels": dict(self._levels_from()),
            "benchmark_head": self.benchmark_head,
            "benchmark_dependant": self.benchmark_dependant,
            "rules": [
                {
                    "axis": rule.axis,
                    "part": rule.part,
                    "code": rule.code,
                    "name": rule.name,
                    "figure": rule.figure or "",
                    "operator": rule.operator,
                    "value": rule.value,
                    "codes": rule.codes or "",
                    "points": rule.points,
                    "is_each": rule.is_each,
                    "cap": rule.cap,
                }
                for rule in self.rule_ids
            ],
        }


class NpoScoreRule(models.Model):
    """One rule: a named figure, an operator, and the points. No code in it."""

    _name = "npo.score.rule"
    _description = "Rule of the Score of Need"
    _order = "scheme_id, sequence, id"

    scheme_id = fields.Many2one(
        "npo.score.scheme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    axis = fields.Selection(AXES, required=True)
    part = fields.Char(
        required=True,
        help="Of the rules of one part the first that holds counts; the parts of an"
        " axis add up.",
    )
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    figure = fields.Selection(
        [
            ("per_capita", "Income per head"),
            ("monthly_income", "Monthly income"),
            ("debt_months", "Debts in months of income"),
            ("dependants", "Dependants"),
            ("needy_members", "Disabled or chronically ill members"),
            ("persons_per_room", "Persons per room"),
            ("housing", "Housing (codes)"),
            ("head", "Head of the family (codes)"),
            ("health", "Health (codes)"),
            ("urgency", "Urgency (codes)"),
        ],
        help="What the rule looks at; empty for one that always holds.",
    )
    operator = fields.Selection(
        [
            ("at_most", "is at most"),
            ("below", "is below"),
            ("at_least", "is at least"),
            ("above", "is above"),
            ("any", "has one of the codes"),
            ("all", "has all of the codes"),
            ("always", "always holds"),
        ],
        required=True,
        default="at_most",
    )
    value = fields.Float(digits=(12, 2))
    codes = fields.Char(help="Codes of the lists, with commas between them.")
    points = fields.Integer()
    is_each = fields.Boolean("For each one")
    cap = fields.Integer("At most", help="0: no limit but the axis.")

    _code_uniq = models.UniqueIndex(
        "(scheme_id, axis, code)", "This rule is in the list already."
    )
    _bounds = models.Constraint(
        f"CHECK (points >= 0 AND points <= 100 AND cap >= 0"
        f" AND value >= 0 AND value < {MAX_AMOUNT})",
        "Points and values cannot be negative.",
    )

    @api.constrains("figure", "operator", "codes", "is_each")
    def _check_condition(self):
        for rule in self:
            if rule.operator == "always":
                is_sound = not rule.is_each
            elif rule.operator in ("any", "all"):
                is_sound = rule.figure in need_score.CODES and rule._code_list()
                is_sound = is_sound and not rule.is_each
            else:
                is_sound = rule.figure in need_score.NUMBERS
            if not is_sound:
                raise ValidationError(
                    self.env._(
                        "“%s”: an amount is compared with a value, codes with a list"
                        " of codes.",
                        rule.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        scheme_ids = {vals.get("scheme_id") for vals in vals_list}
        schemes = self.env["npo.score.scheme"].browse(filter(None, scheme_ids))
        schemes._check_unused()
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        schemes = self.scheme_id
        if vals.get("scheme_id"):
            schemes |= schemes.browse(vals["scheme_id"])
        if set(vals) - {"name"}:
            schemes._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.scheme_id._check_unused()

    def _code_list(self):
        codes = (code.strip() for code in (self.codes or "").split(","))
        return tuple(filter(None, codes))

    def _as_rule(self):
        return need_score.Rule(
            axis=self.axis,
            part=self.part,
            code=self.code,
            operator=self.operator,
            points=self.points,
            figure=self.figure or "",
            value=self.value,
            codes=self._code_list(),
            is_each=self.is_each,
            cap=self.cap,
        )
