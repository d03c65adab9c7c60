from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

# What a measure can be broken down by, and the model its records then name; empty: a
# choice of theirs, or any model.
BREAKDOWNS = {
    "site": "npo.site",
    "service": "npo.service",
    "category": "",
    "gender": "",
    "channel": "npo.channel",
    "department": "hr.department",
}
# The average of a value of the records is shown by these units.
MEANS = ("days", "hours", "minutes", "score", "points")

DIRECTIONS = [
    ("at_least", "At least"),
    ("at_most", "At most"),
    ("up", "The more the better"),
    ("down", "The fewer the better"),
]


class NpoKpi(models.Model):
    """One number, one definition: what is counted, and when it was kept.

    A measure counts the records of a model within a period (``domain``) and those of
    them that kept what was promised (``kept_domain``); the others are its exceptions.
    Whoever shows the number takes it from `_figures` and opens the records behind it
    by `_open_records`, so that two pages never disagree.

    Here: the definition. What is asked of it stands in `kpi_figures`, the one
    statement that answers in `kpi_sql`, periods in `kpi_trend`, words in `kpi_text`,
    targets in `kpi_aim`, what is kept of closed months in `kpi_keep`.
    """

    _name = "npo.kpi"
    _description = "Measure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What is counted, in words that anybody understands."
    )
    unit = fields.Selection(
        [
            ("count", "Count"),
            ("percent", "Per cent"),
            ("days", "Days on average"),
            ("hours", "Hours on average"),
            ("minutes", "Minutes on average"),
            ("score", "Per cent on average"),
            ("points", "Points on average"),
            ("ratio", "For each"),
            ("amount", "Amount in all"),
        ],
        required=True,
        default="count",
    )
    cadence = fields.Selection(
        [
            ("day", "Daily"),
            ("week", "Weekly"),
            ("month", "Monthly"),
            ("quarter", "Quarterly"),
            ("year", "Yearly"),
        ],
        "Looked at",
        required=True,
        default="month",
    )
    value_field = fields.Char(
        "Value",
        help="The number of each record of which the average or the sum is shown.",
    )
    percentile = fields.Integer(
        help="With 90: what nine of ten records stay below, instead of the average."
    )
    denominator_id = fields.Many2one(
        "npo.kpi",
        "For each of",
        ondelete="restrict",
        help="“For each”: the number is divided by that of this measure.",
    )
    per_field = fields.Char(
        "For each different",
        help="“For each”: the number is divided by how many different values the"
        " records have here; several fields with commas between them.",
    )
    factor = fields.Float("Times", default=1, help="1,000: so many for each thousand.")
    res_model = fields.Char("Records of", required=True)
    date_field = fields.Char(
        default="create_date",
        help="Falls into the period; it may be a field of a linked record. Empty: as"
        " it stands now, whatever the period.",
    )
    company_field = fields.Char(required=True, default="company_id")
    site_field = fields.Char("Site", help="Where the records name their site.")
    service_field = fields.Char("Service", help="Where the records name the service.")
    category_field = fields.Char(
        "Category", help="Where the records name their kind, topic or reason."
    )
    gender_field = fields.Char("Gender", help="Where the records name the gender.")
    channel_field = fields.Char(
        help="Where a clause names channels, the records that came through these are"
        " counted for it."
    )
    department_field = fields.Char(
        "Unit", help="With it, the measure stands on the scorecard of the units."
    )
    domain = fields.Char("What is counted", required=True, default="[]")
    kept_domain = fields.Char(
        "What kept the promise",
        help="Empty: nothing can fail; the records are counted.",
    )
    is_promise = fields.Boolean(
        "The others are exceptions",
        default=True,
        help="Off: a share that nobody promised; what is outside is no exception.",
    )
    is_opinion = fields.Boolean(
        "What people think",
        help="Of few answers nothing is told: who gave them could be worked out.",
    )
    is_private = fields.Boolean(
        "Tells of persons",
        help="Groups of few records are not told: whom they are about could be worked"
        " out.",
    )
    direction = fields.Selection(
        DIRECTIONS, help="Which way is better; the association can set another target."
    )
    default_target = fields.Float(
        digits="Product Unit", help="⚖ Where the association has set no target."
    )
    topic_ids = fields.Many2many(
        "npo.policy.topic",
        "npo_policy_topic_kpi_rel",
        "kpi_id",
        "topic_id",
        string="Shows that this is kept",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another measure has this code.")
    _percentile_valid = models.Constraint(
        "CHECK (percentile BETWEEN 0 AND 99)",
        "A percentile lies between 0 and 99.",
    )
    _factor_positive = models.Constraint(
        "CHECK (factor > 0)", "What a ratio is multiplied by is above zero."
    )

    # ------------------------------------------------------------
    # DEFINITION
    # ------------------------------------------------------------

    @api.constrains(
        "res_model",
        "unit",
        "date_field",
        "company_field",
        "value_field",
        "percentile",
        "denominator_id",
        "per_field",
        "domain",
        "kept_domain",
        *(f"{by}_field" for by in BREAKDOWNS),
    )
    def _check_definition(self):
        """A measure that cannot be computed is refused where it is written."""
        for kpi in self:
            try:
                kpi._validate_definition()
            except Exception as error:
                raise ValidationError(
                    self.env._("The measure “%s” cannot be computed.", kpi.name)
                ) from error

    def _validate_definition(self):
        """Raise what computing the measure would raise, or what it would overlook."""
        model = self.env[self.res_model]
        if not (model._auto and not model._transient):
            raise ValueError(self.res_model)
        if self.date_field and self._date_type() not in ("date", "datetime"):
            raise ValueError(self.date_field)
        if self._field_at(self.company_field).comodel_name != "res.company":
            raise ValueError(self.company_field)
        for by, comodel in BREAKDOWNS.items():
            if path := self._by_field(by):
                self._validate_breakdown(path, comodel)
        if self.value_field and not self._field_at(self.value_field).aggregator:
            raise ValueError(self.value_field)
        self._validate_ratio()
        for name in ("domain", "kept_domain"):
            self._parse(name, self.env.company).validate(model)

    def _validate_breakdown(self, path, comodel):
        field = self._field_at(path)
        if field.type not in (("many2one",) if comodel else ("many2one", "selection")):
            raise ValueError(path)
        if comodel and field.comodel_name != comodel:
            raise ValueError(path)

    def _validate_ratio(self):
        """Raise unless a ratio names what it is divided by, once, and nothing else."""
        per = bool(self.denominator_id) + bool(self.per_field)
        if per != (self.unit == "ratio"):
            raise ValueError(self.unit)
        if (self.denominator_id | self.denominator_id.denominator_id) & self:
            raise ValueError(self.denominator_id)
        for path in self._per_paths():
            self._field_at(path)

    def _per_paths(self):
        return [path.strip() for path in (self.per_field or "").split(",") if path]

    def _by_field(self, by):
        """Return where the records say what the measure is broken down by."""
        self.ensure_one()
        if by not in BREAKDOWNS:
            raise ValueError(by)
        return self[f"{by}_field"]

    def _field_at(self, path):
        """Return the field at the end of a path, such as ``request_id.date``."""
        model = self.env[self.res_model]
        *links, name = path.split(".")
        for link in links:
            model = self.env[model._fields[link].comodel_name]
        return model._fields[name]

    def _date_type(self):
        """Return whether a day or a moment falls into the period."""
        return self._field_at(self.date_field).type

    def _parse(self, name, company):
        """Return the domain in a field of the measure."""
        return self._evaluate(self[name], company)

    @api.model
    def _evaluate(self, source, company):
        """Return the domain that a text says.

        `today`, `now` and `policy_channel_ids` can be used in it: the day of the
        association, the moment, and the channels that its version in force allows.
        """
        source = source or "[]"
        values = {"today": company._npo_today(), "now": fields.Datetime.now()}
        if "policy_channel_ids" in source:
            version = company.sudo().npo_policy_version_id
            values["policy_channel_ids"] = (
                list(version._allowed_channel_ids("communication")) if version else []
            )
        return Domain(safe_eval(source, values))

    # ------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------

    def _records_domain(
        self, company, date_from, date_to, kept=None, channels=None, site=None
    ):
        """Return the domain of the records of an association in a period.

        :param date date_from: the first day
        :param date date_to: the last day, included
        :param kept: True for those that kept the promise, False for the exceptions
        :param channels: only what came through these, where the measure knows it
        :param site: only those of this site; none where the measure knows no sites
        """
        self.ensure_one()
        domain = (
            Domain(self.company_field, "=", company.id)
            & self._period_domain(company, date_from, date_to)
            & self._parse("domain", company)
        )
        if channels and self.channel_field:
            domain &= Domain(self.channel_field, "in", channels.ids)
        if site:
            domain &= self._group_domain("site", site)
        if kept is None or not self.kept_domain:
            return domain if kept is not False else Domain.FALSE
        kept_domain = self._parse("kept_domain", company)
        if kept:
            return domain & kept_domain
        return domain & ~kept_domain if self.is_promise else Domain.FALSE

    def _period_domain(self, company, date_from, date_to):
        if not self.date_field:
            return Domain.TRUE
        start, end = self._bounds(company, date_from, date_to)
        return Domain(self.date_field, ">=", start) & Domain(self.date_field, "<", end)

    def _bounds(self, company, date_from, date_to):
        """Return where a period begins and the next one does, as the field has it."""
        if self._date_type() == "datetime":
            return company._npo_day_bounds(date_from, date_to)
        return date_from, fields.Date.add(date_to, days=1)

    def _group_domain(self, by, key):
        """Return the domain of one group of a breakdown."""
        path = self._by_field(by)
        if not path:
            return Domain.FALSE
        if key:
            is_record = isinstance(key, models.BaseModel)
            return Domain(path, "in", key.ids if is_record else [key])
        # whoever has none of it, and whoever has nothing that could have it
        links = path.split(".")
        paths = [".".join(links[:end]) for end in range(1, len(links) + 1)]
        return Domain.OR(Domain(one, "=", False) for one in paths)

    def _check_records_readable(self):
        """Raise unless the user may read such records at all."""
        if not self.env[self.res_model].has_access("read"):
            raise AccessError(
                self.env._(
                    "Your role reads the figures, not the records behind them: ask who"
                    " works with them."
                )
            )

    def _open_records(
        self,
        company,
        date_from,
        date_to,
        kept=None,
        channels=None,
        site=None,
        group=None,
    ):
        """Return the action that shows the records behind the number.

        They open with the rights of who looks, who may see fewer than were counted.

        :param group: (by, record or code) of one group of a breakdown
        """
        self.ensure_one()
        domain = self._records_domain(company, date_from, date_to, kept, channels, site)
        if group:
            domain &= self._group_domain(*group)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": list(domain),
            "context": {"create": False},
        }
